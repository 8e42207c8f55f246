"""The fixed words of a leaflet in one language, read from data: headings, dates, labels and the crisis strip."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT

_DATE = "{day} {month} {year}"
"""How a day is written where a language does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language. ``checked`` says whether a fluent reader has read them.

    ``opening`` has the words for opening times; a language may lack some, and then the directory's own words are printed.
    """

    lang: str
    checked: bool
    words: Mapping[str, str]
    months: tuple[str, ...]
    date_form: str
    crisis: Mapping[str, Mapping[str, str]]
    opening: Mapping[str, Any]

    def say(self, key: str, **parts: str) -> str:
        """Return the words for ``key`` with ``parts`` put in."""
        return self.words[key].format(**parts)

    def day(self, day: date) -> str:
        """Return ``day`` written out, as people of this language write it."""
        return self.date_form.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    @property
    def right_to_left(self) -> bool:
        """Say whether the language is read from the right."""
        return self.lang in RIGHT_TO_LEFT


class Wordings:
    """The fixed words of every language there is."""

    def __init__(self, by_lang: Mapping[str, Wording]) -> None:
        self._by_lang = by_lang

    @classmethod
    def load(cls, folder: Path) -> Wordings:
        """Read every ``.toml`` file of ``folder``."""
        found: dict[str, Wording] = {}
        for path in sorted(folder.glob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            found[data["lang"]] = Wording(
                data["lang"],
                data["checked"],
                data["words"],
                tuple(data["months"]),
                data.get("date", _DATE),
                data.get("crisis", {}),
                data.get("opening", {}),
            )
        return cls(found)

    def languages(self) -> tuple[str, ...]:
        """Return the languages there are words for."""
        return tuple(self._by_lang)

    def wording(self, lang: str) -> Wording:
        """Return the words of ``lang``. Raises ``OrderError`` when there are none."""
        found = self._by_lang.get(lang)
        if found is None:
            raise OrderError(f"The fixed words of a leaflet are not there in the language “{lang}”. Choose another.")
        return found
