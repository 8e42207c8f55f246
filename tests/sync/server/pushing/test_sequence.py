"""Why numbers come from a locked row: with a plain sequence a reader steps over a change that commits late and never sees it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from sync.server.database import tables
from sync.server.pushing.ledger import lock
from tests.support.callers import enrolled
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, RunningServer, running, settings_for


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    with postgres.new_database() as address:
        yield address


def numbers_after(reader: psycopg.Connection, cursor: int) -> list[int]:
    return [row[0] for row in reader.execute("SELECT number FROM line WHERE number > %s ORDER BY number", (cursor,))]


def test_a_plain_sequence_lets_a_reader_miss_what_commits_late(url: str) -> None:
    plain = url.replace("+psycopg", "")
    with (
        psycopg.connect(plain) as early,
        psycopg.connect(plain) as late,
        psycopg.connect(plain, autocommit=True) as reader,
    ):
        reader.execute("CREATE TABLE line (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, said text)")
        early.execute("INSERT INTO line (said) VALUES ('numbered first, committed last')")
        late.execute("INSERT INTO line (said) VALUES ('numbered last, committed first')")
        late.commit()
        seen = numbers_after(reader, 0)
        early.commit()
        seen += numbers_after(reader, max(seen))
        # the reader's cursor went past 1 while 1 was not there yet: it is on the server, and she will never receive it
        assert seen == [2]
        assert numbers_after(reader, 0) == [1, 2]


def test_with_the_locked_row_the_second_waits_so_that_no_reader_can_step_over_the_first(url: str) -> None:
    with running(settings_for(url)) as server:
        ada = enrolled(server, "Ada Okafor", "volunteer")
        first = server.do(lambda connection: lock(connection, ORGANISATION))
        with server.database.writing() as early:
            lock(early, ORGANISATION)
            with pytest.raises(OperationalError, match="lock timeout"):
                push_without_patience(server)
            # whoever reads meanwhile sees nothing with a higher number
            assert ada.round().page.next == first
        assert server.do(lambda connection: lock(connection, ORGANISATION)) == first


def push_without_patience(server: RunningServer) -> None:
    with server.database.writing() as late:
        late.execute(text("SET LOCAL lock_timeout = '50ms'"))
        lock(late, ORGANISATION)
        late.execute(select(tables.counter))
