"""How a value of each kind stands in the encrypted file, and the words with which tables.py names the kinds."""

# ruff: noqa: ARG002 - SQLAlchemy hands every column type the dialect

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any

import orjson
from sqlalchemy import REAL, Dialect, Integer
from sqlalchemy import Text as PlainText
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field

from ewb_desktop.domain.time import instant_text, parse_instant
from sync.protocol.entities import Kind


class PureText(TypeDecorator[str]):
    """Text as people write it: without the zero characters and halves of characters that a clipboard may bring along.

    SQLite's JSON stops at the former and nothing can send the latter; both would cost the words around them.
    """

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is kept."""
        return pure(value) if isinstance(value, str) else value


class InstantText(TypeDecorator[datetime]):
    """An aware instant, kept in UTC to the millisecond; raises ``ValueError`` for one without a zone."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return what is kept."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return what was kept."""
        return None if value is None else parse_instant(value)


class DayText(TypeDecorator[date]):
    """A day as people count them, ``2026-11-21``."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Return what is kept."""
        if isinstance(value, datetime):
            raise ValueError("a day is a date without a time")  # noqa: TRY004
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Return what was kept."""
        return None if value is None else date.fromisoformat(value)


class FlagNumber(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """Return what is kept."""
        return None if value is None else int(bool(value))

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Return what was kept."""
        return None if value is None else bool(value)


class JsonText(TypeDecorator[Any]):
    """A list or another JSON value, kept as JSON text; ``None`` is kept as no value at all."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return what is kept."""
        return None if value is None else orjson.dumps(pure(value)).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return what was kept."""
        return None if value is None else orjson.loads(value)


Text = Annotated[str | None, Field(default=None, sa_type=PureText)]
Whole = Annotated[int | None, Field(default=None, sa_type=Integer)]
Real = Annotated[float | None, Field(default=None, sa_type=REAL)]
Flag = Annotated[bool | None, Field(default=None, sa_type=FlagNumber)]
Day = Annotated[date | None, Field(default=None, sa_type=DayText)]
Instant = Annotated[datetime | None, Field(default=None, sa_type=InstantText)]
Texts = Annotated[list[str] | None, Field(default=None, sa_type=JsonText)]
Json = Annotated[Any, Field(default=None, sa_type=JsonText, nullable=True)]

COLUMN_TYPES: Mapping[Kind, type[TypeEngine[Any]]] = MappingProxyType(
    {
        Kind.TEXT: PureText,
        Kind.INTEGER: Integer,
        Kind.REAL: REAL,
        Kind.FLAG: FlagNumber,
        Kind.DAY: DayText,
        Kind.INSTANT: InstantText,
        Kind.LIST: JsonText,
        Kind.JSON: JsonText,
    }
)
"""The column type for each kind of the protocol."""


def pure(value: Any) -> Any:
    """Return ``value``, and every text within it, without zero characters and halves of characters."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [pure(part) for part in value]
    if isinstance(value, dict):
        return {pure(name): pure(part) for name, part in value.items()}
    return value
