"""What one row of a list shows, as plain data without Qt, so that presenters can make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Tint(StrEnum):
    """The backgrounds of tags. A tint groups words of one kind; it never grades a person."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    VIOLET = "violet"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Mark:
    """A quiet remark on a row: a few words beside an icon, and the ``words`` in full where there is room and in speech."""

    text: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an optional lead (initials or a day), title, detail, tag, words at the end, a mark, and up to two buttons.

    ``key`` comes back with the list's signals. ``action`` is a verb; the screen reader hears it with the title.
    ``opens`` makes the title a link; ``opener`` is a button beside the action that does the same.
    """

    key: Any
    title: str
    detail: str = ""
    initials: str = ""
    lead: str = ""
    tag: str = ""
    tint: Tint = Tint.GREY
    trailing: str = ""
    action: str = ""
    opens: bool = False
    opener: str = ""
    words: str = field(default="")
    mark: Mark | None = None

    def spoken(self) -> str:
        """Return the row as one sentence for a screen reader."""
        told = self.mark.words if self.mark is not None else ""
        if self.words:
            return ". ".join(part for part in (self.words, told) if part)
        parts = (self.lead, self.title, self.detail, self.tag, self.trailing, told)
        return ". ".join(part.removesuffix(".") for part in parts if part)
