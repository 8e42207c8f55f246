"""Questions that every request asks: SQLAlchemy writes their text once for each database, asking fills in the values alone.

Writing the text, and looking the written one up, cost more than the database took to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Row, SelectBase, bindparam, func


def given(name: str) -> BindParameter[Any]:
    """Return a place in a query for the value of this ``name``, which is handed in when it is asked."""
    return bindparam(name, required=False)


def length_of(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how long the text in a column is: in bytes, and in the embedded file in signs."""
    if connection.dialect.name == "sqlite":
        return func.length(column)
    # PostgreSQL would have to read signs to count them, and fails where the disk altered one
    return func.octet_length(column)


class Question:
    """A query whose values are handed in by name, each at a place that :func:`given` made. Any thread may ask it."""

    def __init__(self, query: SelectBase) -> None:
        self._query = query
        self._written: dict[str, _Written] = {}

    def ask(self, connection: Connection, values: Mapping[str, str | int]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return every row; ``values`` has one for each name that the query leaves open."""
        written = self._written.get(connection.dialect.name)
        if written is None:
            written = self._written[connection.dialect.name] = _Written(self._query, connection.dialect)
        return connection.exec_driver_sql(written.text, written.placed(values)).all()


class _Written:
    """The text of a query for one database, and the values that never change."""

    def __init__(self, query: SelectBase, dialect: Dialect) -> None:
        # lists are written out: they are part of the question
        compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._places = tuple(compiled.positiontup or ()) if compiled.positional else None

    def placed(self, values: Mapping[str, str | int]) -> Any:
        """Return all values as the driver takes them."""
        told = {**self._fixed, **values}
        return told if self._places is None else tuple(told[name] for name in self._places)
