"""Practice in the real window: made-up people under a banner, and a day that looks like one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.storage.cards.handovers import open_handovers
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.ui.destinations import ToMembers
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Text
from tests.support.programs import Seat


def test_practice_shows_a_handover_that_waits_and_one_that_is_answered(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(qtbot, tmp_path, practice=True)
    office = seat.office
    with office.desk.store.read() as connection:
        waiting, answered = sorted(open_handovers(connection), key=lambda card: card.answer is not None)
    assert (waiting.person_name, waiting.answer) == ("Hodan Samatarsdotter", None)
    assert (seat.clock.today() - waiting.agreed_on).days == 3
    assert answered.person_name == "Piotr Zawilinski"
    assert answered.answer_words == "We start on 20 November 2026"
    page = office.window.page
    assert page is not None
    people = page.findChild(RowList, "today.people")
    assert isinstance(people, RowList)
    read = " ".join(text.text() for text in people.findChildren(Text))
    assert "has not said when they start" in read
    assert "said: we start on 20 November 2026. Have they been?" in read
    seat.leave()


def test_practice_opens_with_made_up_people_under_a_banner(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(qtbot, tmp_path, practice=True)
    office = seat.office
    with office.desk.store.read() as connection:
        assert count_people(connection) == 25
    assert "made up" in office.window.banner.accessibleName()
    assert not office.window.banner.isHidden()
    assert office.choices().settings().service_name == "Northside neighbours"
    office.window.show_page(ToMembers())
    seat.leave()
