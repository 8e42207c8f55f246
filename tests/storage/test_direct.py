"""Reads past SQLAlchemy belong to the transaction all the same."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.direct import fetch_all, fetch_each, fetch_first
from ewb_desktop.storage.notes import read_note
from tests.support.laptops import Laptop

COUNT = "SELECT count(*) FROM note WHERE key = ?"


def test_a_read_belongs_to_the_moment_at_which_the_reader_began(lent: Laptop) -> None:
    with lent.store.read() as connection:
        assert fetch_first(connection, COUNT, ("venue",)) == (0,)
        with lent.store.write() as writing:
            writing.note("venue", "library")
        assert fetch_all(connection, COUNT, ("venue",)) == [(0,)]
        assert list(fetch_each(connection, COUNT, ("venue",))) == [(0,)]
        assert read_note(connection, "venue") is None
    with lent.store.read() as connection:
        assert read_note(connection, "venue") == "library"


def test_a_read_sees_what_its_own_transaction_has_written(lent: Laptop) -> None:
    with lent.store.write() as writing:
        writing.note("venue", "library")
        assert fetch_first(writing.connection, COUNT, ("venue",)) == (1,)


def test_a_read_outside_a_transaction_is_a_mistake(lent: Laptop) -> None:
    with lent.store.engine.connect() as connection, pytest.raises(RuntimeError, match="transaction"):
        fetch_first(connection, COUNT, ("venue",))
