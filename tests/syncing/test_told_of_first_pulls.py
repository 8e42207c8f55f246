"""While a first pull goes on, the foot and the pages say truly how much of it is here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.sync_state import are_records_coming
from ewb_desktop.storage.tables import Contact, FollowUp, Person, Service, Worker, table
from ewb_desktop.syncing.report import foot_words, read_status, receive_words
from tests.support.connected import House
from tests.support.first_pulls import PEOPLE, fresh, small_blocks


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with small_blocks(tmp_path, monkeypatch) as open_house:
        yield open_house


def test_the_foot_tells_truly_how_much_is_here(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 4_000
    grace.engine.run()
    status = read_status(grace.store)
    with grace.store.read() as connection:
        there = sum(
            len(connection.execute(select(table(kind).c.id)).all()) for kind in (Person, Contact, FollowUp, Service, Worker)
        )
    # the laptop knows its own worker before the server tells of her
    assert 0 < status.arrived <= there <= status.arrived + 1
    assert status.to_arrive >= 3 * PEOPLE + 3
    assert f"{status.arrived} of the first {status.to_arrive} records are here" in foot_words(status, grace.clock.today())
    grace.sync()
    assert read_status(grace.store).to_arrive == 0


def test_after_the_snapshot_nobody_says_that_more_comes_before_the_server_was_asked(centre: House) -> None:
    grace, _ = fresh(centre)
    told: list[str] = []
    grace.store.listen(lambda _changes, _initiator: told.append(receive_words(read_status(grace.store, is_working=True))))
    grace.sync()
    after = [words for words in told if "of the first" not in words]
    assert list(dict.fromkeys(after))[-2:] == [
        "newer records are being asked for",
        "nothing more was waiting",
    ]


def test_whoever_shows_members_hears_that_all_are_here(centre: House) -> None:
    grace, _ = fresh(centre)
    heard: list[tuple[bool, bool]] = []

    def note(changes: Changes, _initiator: object) -> None:
        with grace.store.read() as connection:
            heard.append((are_records_coming(connection), changes.concerns("person")))

    grace.store.listen(note)
    grace.sync()
    assert (heard[0], heard[-1]) == ((True, True), (False, True))
    assert heard.count((False, True)) == 1
