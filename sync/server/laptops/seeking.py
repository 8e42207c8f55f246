"""Finds the member whom somebody names to open her: by a name and one thing more that stands on her record.

Both must fit whole, however they are written. Nobody is listed, and a part of a number or of a postcode finds nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.protocol.entities import NAMES
from sync.protocol.messages import OpenRequest
from sync.server.database import tables
from sync.server.database.cells import object_in

_EXTENSION: Final = re.compile(r"\s*(?:ext\.?|x)\s*[0-9]+\s*$", re.IGNORECASE)
_FEWEST_DIGITS: Final = 7
"""Of a telephone number; a laptop keeps none that is shorter."""
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


def digits_of(text: str) -> str:
    """Return the digits by which two numbers are compared, none where it is no whole number.

    ``+44 (0)161``, ``0044 161`` and ``44 161`` read as ``0161``; an extension behind the number is left out.
    """
    plain = re.sub(r"[^0-9+]", "", _EXTENSION.sub("", text).replace("(0)", ""))
    plain = re.sub(r"^(?:\+44|0044)0?", "0", plain).replace("+", "")
    plain = re.sub(r"^44(?=[1-9][0-9]{9}$)", "0", plain)
    return plain if len(plain) >= _FEWEST_DIGITS else ""


def postcode_of(text: str) -> str:
    """Return a postcode without blanks and in capitals, none where it is not a whole one: half of one is thousands of homes."""
    plain = "".join(text.split()).upper()
    return plain if _POSTCODE.fullmatch(plain) else ""


_KNOWN_BY: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = MappingProxyType(
    {"birth_date": ("born", str), "telephone": ("telephone", digits_of), "postcode": ("postcode", postcode_of)}
)
"""For each field of a member's record by which she is found: what the request calls it, and how two of it are compared."""


def is_whole(asked: OpenRequest) -> bool:
    """Say whether it names somebody: by id, or by a name and at least one thing more, each of them whole."""
    if asked.person:
        return True
    told = [name for name, _ in _KNOWN_BY.values() if getattr(asked, name).strip()]
    return bool(asked.name.strip()) and bool(told) and len(told) == len(_wanted(asked))


def find(connection: Connection, organisation: str, asked: OpenRequest) -> dict[str, str]:
    """Return the areas of the members who fit, by their ids: the one with the id, or all whom the name and the rest fit."""
    row = tables.record.c
    query = select(row.id, row.area, row.fields).where(row.organisation == organisation, row.entity == "person", row.gone == 0)
    if asked.person is not None:
        query = query.where(row.id == asked.person)
        return {found.id: found.area for found in connection.execute(query)}
    names, wanted = _words(asked.name), _wanted(asked)
    # the text narrows the rows, the fields decide
    query = query.where(*(row.fields.contains(asked.born if field == "birth_date" else f'"{field}"') for field in wanted))
    found: dict[str, str] = {}
    for each in connection.execute(query):
        # one whose record cannot be read is found by nobody until it is mended, and keeps nobody else from being found
        fields = object_in(each.fields) or {}
        if names and names <= _names(fields) and all(_compared(fields, field) == value for field, value in wanted.items()):
            found[each.id] = each.area
    return found


def _wanted(asked: OpenRequest) -> dict[str, str]:
    """Return by which fields of the record somebody is looked for, and what must stand there as it is compared."""
    told = {field: compared(getattr(asked, name)) for field, (name, compared) in _KNOWN_BY.items()}
    return {field: value for field, value in told.items() if value}


def _compared(fields: Mapping[str, Any], field: str) -> str:
    _, compared = _KNOWN_BY[field]
    return compared(str(fields.get(field) or ""))


def _names(fields: Mapping[str, Any]) -> set[str]:
    return {word for name in NAMES for word in _words(str(fields.get(name) or ""))}


def _words(text: str) -> set[str]:
    """Return the words of a name as they are compared: without capitals, accents and signs that nobody sees."""
    signs = unicodedata.normalize("NFKD", text.casefold())
    # nobody sees a joiner, and one types it where another does not
    plain = "".join(each for each in signs if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    return {word for word in plain.replace("-", " ").replace("'", " ").split() if word}
