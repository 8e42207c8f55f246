"""What a leaflet is made of. Paper, plain text and tags all come from these blocks, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ewb_desktop.leaflets.text.spans import Span, plain

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title) to 3."""

    level: int
    spans: Spans
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text.

    ``look`` is "text", "small", "line" (of a card), "notice" (of what follows), "write" (over a line to write on), "lead" (who
    it is from) or "cover".
    """

    spans: Spans
    lang: str = ""
    look: str = "text"


@dataclass(frozen=True, slots=True)
class Points:
    """A list, with numbers from ``start`` on when ``ordered``."""

    items: tuple[Spans, ...]
    ordered: bool = False
    lang: str = ""
    start: int = 1

    def labels(self) -> Iterator[str]:
        """Yield what stands before each point on paper."""
        for number, _ in enumerate(self.items, start=self.start):
            yield f"{number}." if self.ordered else "•"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a row of headings; the first cell of each row names the row."""

    headings: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    lang: str = ""

    @property
    def is_form(self) -> bool:
        """Whether people write in it by hand: it has rows, and nothing stands in them but their names."""
        return bool(self.rows) and not any(plain(cell).strip() for row in self.rows for cell in row[1:])


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the words that stand for it.

    ``content`` is there where it is no file of the program's own; ``path`` is then only its name. ``look`` is "text" or "logo".
    """

    path: Path
    description: str
    lang: str = ""
    content: bytes = field(default=b"", repr=False)
    look: str = "text"

    def read(self) -> bytes:
        """Return the bytes of the picture, PNG or JPEG."""
        return self.content or self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it labels."""

    label: Spans
    value: Spans
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels on one side and values on the other ("When", "Tuesday at 2pm")."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Blocks that belong together and stand out. ``look`` is "frame", "tint" or "plain"."""

    look: str
    blocks: tuple[Block, ...]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class WebCode:
    """A QR code that opens ``address``, and ``blocks`` beside it: what to do with it, the link; perhaps more.

    ``typed`` is what is said where there is no code to see.
    """

    address: str
    description: str
    blocks: tuple[Paragraph, ...]
    typed: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page."""


Block = Heading | Paragraph | Points | Grid | Picture | Facts | Panel | WebCode | NewPage
