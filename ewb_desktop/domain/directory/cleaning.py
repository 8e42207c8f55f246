"""Reading one published value at a time: text without HTML, numbers, days, times, postcodes, and what was put right."""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass, field
from datetime import date

from ewb_desktop.domain.unseen import without_unseen

_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:<(?!/\1)[^<]*)*(?:</\1\s*>|$)", re.IGNORECASE)
_BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b\u2060\u202a-\u202e\u2066-\u2069]")
"""Also what turns words round: on a screen, or a leaflet, it would turn the rest of the line too."""
_POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_CLOCK = re.compile(r"^(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+-]*):(?!\d+(?:/|$))")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_LONGEST_WHOLE_NUMBER = 15
"""Digits of the longest number worth reading: no age, cost or coordinate is longer."""


@dataclass(slots=True)
class Mends:
    """What was put right in one row, and what was left as published but should be checked; each said once."""

    mended: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def mend(self, sentence: str) -> None:
        """Note that something was put right."""
        if sentence not in self.mended:
            self.mended.append(sentence)

    def doubt(self, sentence: str) -> None:
        """Note that something was kept as published although it looks wrong."""
        if sentence not in self.doubts:
            self.doubts.append(sentence)


def clean_text(value: object, name: str, mends: Mends) -> str:
    """Return ``value`` as text a person can read; HTML becomes its words and line breaks. ``name`` is the field's name."""
    if value is None or isinstance(value, bool | dict | list):
        if value not in (None, [], {}):
            mends.mend(f"The {name} was not text and was left out.")
        return ""
    text = value if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    if _TAG.search(text) or _ENTITY.search(text):
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text))))
        mends.mend(f"The {name} held web page code; only its words were kept.")
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_line(value: object, name: str, mends: Mends) -> str:
    """Return ``value`` as :func:`clean_text` does, on one line."""
    return " ".join(without_unseen(clean_text(value, name, mends)).split())


def clean_number(value: object, name: str, mends: Mends) -> float | None:
    """Return a finite number; a number written as text is read and told; anything else is left out and told."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value.strip()) <= _LONGEST_WHOLE_NUMBER * 2:
        try:
            number = float(value.strip().replace(",", ".").lstrip("£"))
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            mends.mend(f"The {name} was written as text; it was read as a number.")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if abs(value) < 10**_LONGEST_WHOLE_NUMBER else math.inf
    else:
        number = math.nan
    if math.isfinite(number):
        return number
    mends.mend(f"The {name} {shown(value)} is not a number and was left out.")
    return None


def clean_whole(value: object, name: str, most: int, mends: Mends) -> int | None:
    """Return a whole number from 0 to ``most``, else ``None`` and a sentence."""
    number = clean_number(value, name, mends)
    if number is None:
        return None
    if 0 <= number <= most:
        return int(number)
    mends.mend(f"The {name} {number:g} cannot be right and was left out.")
    return None


def clean_degrees(value: object, name: str, most: int, mends: Mends) -> float | None:
    """Return a coordinate in degrees, from ``-most`` to ``most``, else ``None`` and a sentence."""
    number = clean_number(value, name, mends)
    if number is None or -most <= number <= most:
        return number
    mends.mend(f"The {name} {number:g} is not on the map and was left out.")
    return None


def clean_day(value: object, name: str, mends: Mends) -> date | None:
    """Return a day. ``2026-11-03``, the same with a time, and ``03/11/2026`` are read; 31 February is left out and told."""
    text = clean_line(value, name, mends)
    if not text:
        return None
    day_first = _DAY_FIRST.match(text)
    try:
        if day_first:
            found = date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
            mends.mend(f"The {name} {text} was read as day, month, year.")
            return found
        return date.fromisoformat(text[:10])
    except ValueError:
        mends.mend(f"The {name} {shown(text)} is no day of the calendar and was left out.")
        return None


def clean_clock(value: object, name: str, mends: Mends) -> str | None:
    """Return a time of day as ``HH:MM``; a zone behind it is passed over, as opening times are local."""
    text = clean_line(value, name, mends)
    if not text:
        return None
    match = _CLOCK.match(text)
    if match and (int(match[1]) < 24 or text.startswith("24:00")) and int(match[2]) < 60:
        return f"{int(match[1]):02d}:{match[2]}"
    mends.mend(f"The {name} {shown(text)} is no time of day and was left out.")
    return None


def clean_postcode(value: object, mends: Mends) -> str:
    """Return a postcode in capitals with one space. A wrong shape is kept as published, with a doubt."""
    text = clean_line(value, "postcode", mends)
    match = _POSTCODE.match(text.upper())
    if text and not match:
        mends.doubt(f"The postcode {shown(text)} has a wrong shape. It was kept as published; please check it with them.")
        return text
    if match is None:
        return ""
    tidy = f"{match[1]} {match[2]}"
    if tidy != text:
        mends.mend(f"The postcode {shown(text)} was written as {tidy}.")
    return tidy


def clean_web(value: object, mends: Mends) -> str:
    """Return a web address. One that would do something else than open a page is left out and told."""
    text = clean_line(value, "web address", mends)
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        mends.mend(f"The web address {shown(text)} does not open a web page and was left out.")
        return ""
    return text


def clean_email(value: object, mends: Mends) -> str:
    """Return an e-mail address. A wrong shape is kept as published, with a doubt."""
    text = clean_line(value, "e-mail address", mends).removeprefix("mailto:")
    if text and not _EMAIL.match(text):
        mends.doubt(f"The e-mail address {shown(text)} has a wrong shape. It was kept as published.")
    return text


def shown(value: object) -> str:
    """Return a published value in quotation marks, short enough for a sentence."""
    text = " ".join(str(value)[:60].encode("utf-8", "replace").decode("utf-8").split())
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
