"""Checks one pushed change on its own, before the database hears of it: a bad one is refused by name, the rest goes on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import orjson
from pydantic import JsonValue, ValidationError

from sync.protocol.change import ID_PATTERN, Change, ChangeKind
from sync.protocol.entities import ENTITIES, ENVELOPE, Entity, Kind
from sync.protocol.errors import Refusal
from sync.protocol.ids import may_begin
from sync.protocol.version import UNKNOWN_FIELDS

LARGEST: Final = 1 << 53
"""Whole numbers beyond this are not the same number in every program that reads JSON."""

_UUID: Final = re.compile(ID_PATTERN)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def read_change(raw: object, change_bytes: int) -> Change | Refusal:
    """Return the change in ``raw``, its flags as 0 and 1, or why it cannot be taken."""
    try:
        change = Change.model_validate(raw)
        size = len(orjson.dumps(change.fields))
    except ValidationError:
        return Refusal.MALFORMED
    except TypeError:
        # nested deeper than JSON writers go
        return Refusal.MALFORMED
    if size > change_bytes:
        return Refusal.TOO_LARGE
    entity = ENTITIES.get(change.entity)
    if entity is None:
        return Refusal.UNKNOWN_ENTITY
    if not _is_well_formed(change):
        return Refusal.MALFORMED
    if _are_too_many(entity, change.fields):
        return Refusal.TOO_LARGE
    flags: dict[str, JsonValue] = {}
    for name, value in change.fields.items():
        declared = entity.fields.get(name)
        if declared is None:
            # a newer program's field: carried, unless its name could never be one
            if not _NAME.fullmatch(name) or name in ENVELOPE:
                return Refusal.MALFORMED
        elif not fits(declared.kind, value):
            return Refusal.MALFORMED
        elif declared.kind is Kind.FLAG and isinstance(value, bool):
            flags[name] = int(value)
    return change.model_copy(update={"fields": {**change.fields, **flags}}) if flags else change


def is_too_wide(entity: Entity, held: Collection[str], fields: Collection[str]) -> bool:
    """Tell whether a change with these ``fields`` brings a record more fields than this server carries without knowing them.

    One that has so many already, from before there was a bound, takes edits of what it has.
    """
    if len(held) + len(fields) <= UNKNOWN_FIELDS:
        return False
    return not {*held, *entity.fields} >= set(fields) and _are_too_many(entity, {*held, *fields})


def _are_too_many(entity: Entity, fields: Collection[str]) -> bool:
    return len(fields) > UNKNOWN_FIELDS and len(set(fields) - entity.fields.keys()) > UNKNOWN_FIELDS


def _is_well_formed(change: Change) -> bool:
    return (
        _UUID.fullmatch(change.id) is not None
        and _UUID.fullmatch(change.record) is not None
        and (change.after is None or _UUID.fullmatch(change.after) is not None)
        and _is_sender(change.author, change.device, change.area)
        and change.base <= LARGEST
        and change.counter <= LARGEST
        and _is_instant(change.at)
        and (change.kind is not ChangeKind.CREATE or may_begin(change.entity, change.record, change.fields))
    )


@lru_cache(maxsize=256)
def _is_sender(author: str, device: str, area: str) -> bool:
    """Tell whether somebody can be called so and work there: all that one laptop sends says the same."""
    return is_id(author) and is_id(device) and bool(area) and not _CONTROL.search(area)


def is_id(told: object) -> bool:
    """Tell whether what was told is an id: a UUID in small letters."""
    return isinstance(told, str) and _UUID.fullmatch(told) is not None


def fits(kind: Kind, value: JsonValue) -> bool:
    """Tell whether ``value`` stands as a field of ``kind`` should. Nothing (``None``) fits everywhere: the field is empty."""
    return value is None or _FITS[kind](value)


def _is_whole(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def _is_real(value: JsonValue) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_day(value: JsonValue) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_instant(value: JsonValue) -> bool:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


_FITS: Final[dict[Kind, Callable[[JsonValue], bool]]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.INTEGER: _is_whole,
    Kind.REAL: _is_real,
    Kind.FLAG: lambda value: isinstance(value, int) and value in (0, 1),
    Kind.DAY: _is_day,
    Kind.INSTANT: _is_instant,
    Kind.LIST: lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    Kind.JSON: lambda _value: True,
}
