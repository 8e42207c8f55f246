"""What every table of the encrypted file has."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Integer
from sqlalchemy import Text as PlainText
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ewb_desktop.storage.columns import InstantText


class Row(SQLModel, registry=registry()):
    """What every record has. ``area`` must be said; ``id``, ``author`` and ``made_at`` are filled in when it is written.

    ``number`` is the server's number, 0 until the server has it; ``gone`` is 1 once it was removed. ``carried`` holds the
    fields of a newer program, unread. Signposts and handovers have ``made_at`` as a field of their own: it is this one.
    """

    __table_args__: ClassVar[Any] = {"sqlite_strict": True}

    id: str = Field(default="", primary_key=True, sa_type=PlainText)
    area: str = Field(default="", sa_type=PlainText, nullable=False)
    number: int = Field(default=0, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": "0"})
    author: str = Field(default="", sa_type=PlainText, nullable=False, sa_column_kwargs={"server_default": ""})
    made_at: datetime | None = Field(default=None, sa_type=InstantText)
    gone: int = Field(default=0, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": "0"})
    carried: str = Field(default="{}", sa_type=PlainText, nullable=False, sa_column_kwargs={"server_default": "{}"})


ENVELOPE_COLUMNS = ("id", "area", "number", "author", "made_at", "gone", "carried")
"""The columns of every table that are not fields of the entity, except that ``made_at`` is both for some."""
