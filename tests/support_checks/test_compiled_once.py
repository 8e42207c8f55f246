"""What one engine wrote of a statement is there for the next, while the tests run."""

from __future__ import annotations

from unittest.mock import patch

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.sql.compiler import SQLCompiler

NUMBERS = Table("numbers", MetaData(), Column("number", Integer))


def test_a_second_engine_writes_no_statement_anew() -> None:
    with patch.object(SQLCompiler, "visit_select", autospec=True, side_effect=SQLCompiler.visit_select) as write:
        for _ in range(2):
            engine = create_engine("sqlite://")
            with engine.connect() as connection:
                NUMBERS.create(connection)
                connection.execute(select(NUMBERS)).all()
            engine.dispose()
    assert write.call_count == 1
