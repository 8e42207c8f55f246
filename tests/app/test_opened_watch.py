"""The watch over members from outside the area: it lets them go when their time is over, also at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.app.opened_watch import OpenedWatch
from ewb_desktop.storage.holding.opened import opened_until
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.opening import Asked, open_person
from ewb_desktop.ui.background import Background
from tests.support.connected import Connected, house

BORN = date(1986, 3, 14)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Connected, str]]:
    with house(tmp_path) as centre:
        grace, rowan = centre.join("Grace Lamb", areas=("sale",)), centre.join("Rowan Oak")
        with grace.store.write() as writing:
            person = writing.add(Person(area="sale", given_name="Maryam", family_name="Hasim", birth_date=BORN))
        grace.sync()
        rowan.sync()
        open_person(rowan.store, Asked("here_now", "At my table", name="Maryam Hasim", born=BORN), rowan.open_wire)
        yield rowan, person


def is_here(laptop: Connected, person: str) -> bool:
    with laptop.store.read() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM person WHERE id = ?", (person,)).scalar())


def test_it_tells_who_has_left_once_the_time_is_over(qtbot: QtBot, opened: tuple[Connected, str]) -> None:
    rowan, person = opened
    background = Background()
    watch = OpenedWatch(rowan.store, background)
    rowan.clock.move(hours=3)
    with qtbot.waitSignal(watch.left, timeout=5000) as left:
        watch.look()
    assert left.args == [(person,)]
    assert not is_here(rowan, person)
    assert background.shutdown(3000)


@pytest.mark.parametrize(("hours", "stays"), [(2.9, True), (3, False), (-1, False)], ids=["before", "after", "clock put back"])
def test_at_the_next_start_nobody_is_shown_whose_time_is_over(
    qtbot: QtBot, opened: tuple[Connected, str], hours: float, stays: bool
) -> None:
    rowan, person = opened
    background = Background()
    rowan.clock.move(hours=hours)
    watch = OpenedWatch(rowan.store, background)
    watch.start()
    watch.stop()
    assert is_here(rowan, person) is stays
    with rowan.store.read() as connection:
        assert (opened_until(connection, person) is not None) is stays
    assert background.shutdown(3000)


def test_a_worker_lets_a_member_go_before_the_time_is_over(qtbot: QtBot, opened: tuple[Connected, str]) -> None:
    rowan, person = opened
    background = Background()
    watch = OpenedWatch(rowan.store, background)
    with qtbot.waitSignal(watch.let_go_early, timeout=5000) as left:
        watch.let_go(person)
    assert left.args == [(person,)]
    assert not is_here(rowan, person)
    # the server does not give again what the laptop let go of
    rowan.sync()
    assert not is_here(rowan, person)
    assert background.shutdown(3000)


def test_nobody_of_ones_own_area_is_let_go(qtbot: QtBot, opened: tuple[Connected, str]) -> None:
    rowan, _person = opened
    with rowan.store.write() as writing:
        own = writing.add(Person(area="stretford", given_name="Amina"))
    background = Background()
    OpenedWatch(rowan.store, background).let_go(own)
    assert background.shutdown(3000)
    assert is_here(rowan, own)
