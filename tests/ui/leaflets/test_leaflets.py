"""The page of leaflets: what is chosen already, what is said, what comes out of the printer, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import page as page_validation
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person, correct_person
from ewb_desktop.actions.print_notes import take_in_prints
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.edge import Giver, forget_viewed
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.field import LineEdit, SelectField
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from tests.support.desks import GRACE
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, topics, warning, words
from tests.support.leaflet_scene import scene
from tests.support.of_member import copies_printed, leaflets_given
from tests.support.tags import read_tags


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def counted(desk: Desk) -> int:
    with desk.store.read() as connection:
        return copies_printed(connection, desk.clock.today())


def test_topics_that_suit_the_persons_needs_come_first_and_say_so(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    shown = topics(page)
    suited = [line.split(".")[0] for line in shown if "suits" in line]
    also = ["Panic", "Staying well plan", "Stress"]
    assert suited == ["Low mood", "Sleeping better", "Worry and anxiety", "Money worries", *also]
    assert "suits: money, debt and benefits" in shown[3]
    assert [line.split(".")[0] for line in shown[: len(suited)]] == suited


def test_a_topic_in_many_languages_counts_them(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    scene(desk)
    (crisis,) = [line for line in topics(leaflets_page(qtbot, desk, tray)) if line.startswith("Help in a crisis")]
    assert "also in 11 other languages" in crisis


def test_without_a_person_no_topic_is_said_to_suit(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    scene(desk)
    assert not any("suits" in line for line in topics(leaflets_page(qtbot, desk, tray)))


def test_a_topic_is_found_by_a_need_and_by_its_polish_title(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    search = found(page, SearchBox, "leaflets.search")
    for typed, title in (("debt", "Money worries"), ("zamartw", "Worry and anxiety")):
        search.clear()
        QTest.keyClicks(search, typed)
        QTest.keyClick(search, Qt.Key.Key_Return)
        assert [line.split(".")[0] for line in topics(page)] == [title]


def test_smaller_print_than_was_asked_for_is_said(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    choose(page, "leaflets.style", "clear-14")
    assert warning(page) == "They asked for larger print than this."


def test_the_leaflet_has_the_services_the_next_step_and_the_crisis_numbers(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services))
    press(page, "leaflets.add_step")
    QTest.keyClicks(found(page, LineEdit, "leaflets.step.input"), "Grace rings you.")
    for part, typed in (("day", "24"), ("month", "11"), ("year", "2026")):
        QTest.keyClicks(found(page, LineEdit, f"leaflets.on.{part}"), typed)
    choose(page, "leaflets.contact", GRACE)
    press(page, "leaflets.print")
    text = words(page)
    for wanted in (
        "Stretford debt advice", "0161 496 0123", "Park walking group", "07700 900456", "Grace rings you.", "Grace Lamb",
        "24 November 2026", "0161 496 0011", "999", "116 123", "85258",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_what_is_printed_is_what_was_typed_last(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.add_step")
    QTest.keyClicks(found(page, LineEdit, "leaflets.step.input"), "Come on Thursday.")
    press(page, "leaflets.print")
    assert "Come on Thursday." in " ".join(part.text for part in read_tags(tray.printed[0][0]).parts)


def test_what_a_person_was_told_of_this_week_is_on_it_unless_something_else_is_asked_for(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    person, (debt, walking) = scene(desk, written_language="en")
    signpost(desk, person, walking, how="told")
    assert "Park walking group" in words(leaflets_page(qtbot, desk, tray, ToLeaflets(person)))
    asked = words(leaflets_page(qtbot, desk, tray, ToLeaflets(person, (debt,))))
    assert "Park walking group" not in asked
    assert "Stretford debt advice" in asked


def test_a_service_is_added_from_the_directory_and_taken_off_again(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    scene(desk)
    page = leaflets_page(qtbot, desk, tray)
    search = found(page, SearchBox, "leaflets.find_service")
    QTest.keyClicks(search, "debt")
    QTest.keyClick(search, Qt.Key.Key_Return)
    press(page, "leaflets.found.act.0")
    assert "Stretford debt advice" in words(page)
    press(page, "leaflets.services.act.0")
    assert "Stretford debt advice" not in words(page)


def test_a_service_that_closed_is_left_off_and_said(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    _, (debt, walk) = scene(desk)
    with desk.store.write() as writing:
        writing.edit(Service, debt, status="defunct")
    page = leaflets_page(qtbot, desk, tray)
    with qtbot.waitSignal(page.said) as told:
        page.opened(ToLeaflets(services=(debt, walk)))
    assert told.args == ["Stretford debt advice does not run now, so it was left off."]
    assert "Stretford debt advice" not in words(page)


def test_each_print_is_counted_once_with_its_copies(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    choose(page, "leaflets.copies", 3)
    assert found(page, Button, "leaflets.print").words() == "Print 3 copies"
    press(page, "leaflets.print")
    assert [copies for _, _, copies in tray.printed] == [3]
    assert counted(desk) == 3


def test_a_print_that_was_thought_better_of_is_not_counted(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    tray.takes, tray.trouble = 0, "No printer is set up."
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.print")
    assert told.args == ["No printer is set up."]
    with desk.store.read() as connection:
        assert leaflets_given(connection, person) == []
    assert counted(desk) == 0


def test_a_leaflet_for_a_person_is_on_their_record(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "worry-and-anxiety"))
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.print")
    assert told.args == ["1 copy is at the printer. It is written down that Amina Kowalska was given it."]
    with desk.store.read() as connection:
        (given,) = leaflets_given(connection, person)
    assert (given.topic, given.language, given.format, given.services) == ("worry-and-anxiety", "pl", "large-18", services)


def test_for_nobody_in_particular_leaves_no_trace_of_the_person(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "sleep"))
    page.leaving()
    press(page, "leaflets.nobody")
    press(page, "leaflets.print")
    page.leaving()
    with desk.store.read() as connection:
        kept = [
            str(tuple(row))
            for table in ("print_tally", "leaflet_given", "draft")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert len(kept) == 1
    assert person not in kept[0]
    assert b"Kowalska" not in tray.printed[0][0]
    assert not found(page, Button, "leaflets.nobody").isVisibleTo(page)
    assert "Kowalska" not in page.accessibleName()


def test_what_was_added_is_there_again_after_a_lock_and_gone_once_printed(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services))
    press(page, "leaflets.add_step")
    QTest.keyClicks(found(page, LineEdit, "leaflets.step.input"), "Rowan rings you.")
    page.leaving()
    again = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    assert "Rowan rings you." in words(again)
    assert "Park walking group" in words(again)
    press(again, "leaflets.print")
    again.leaving()
    assert "Rowan rings you." not in words(leaflets_page(qtbot, desk, tray, ToLeaflets(person)))


def test_nobody_elses_leaflet_has_what_was_added_for_one_person(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk)
    leaflets_page(qtbot, desk, tray, ToLeaflets(person, services)).leaving()
    assert "Park walking group" not in words(leaflets_page(qtbot, desk, tray))


def test_a_saved_leaflet_is_accessible_and_whole(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    person, services = scene(desk)
    tray.save_as = str(tmp_path / "out")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "worry-and-anxiety"))
    press(page, "leaflets.save")
    pdf = (tmp_path / "out.pdf").read_bytes()
    assert page_validation.validate_pdf_bytes(pdf, profile="ua1").failures == []
    text = " ".join(part.text for part in read_tags(pdf).parts).replace("\N{NO-BREAK SPACE}", " ")
    for wanted in ("Stretford debt advice", "0161 496 0123", "Park walking group", "07700 900456", "999", "116 123", "85258"):
        assert wanted in text, wanted
    assert counted(desk) == 0


def test_the_name_offered_for_the_file_says_nothing_about_the_person(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="sleep"))
    press(page, "leaflets.save")
    found(page, CheckChoices, "leaflets.cover").rows[0].click()
    press(page, "leaflets.save")
    assert tray.offered == ["sleeping-better-large-18.pdf", "leaflet.pdf"]


def test_the_copy_for_the_viewer_is_private_and_goes_at_the_lock(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.view")
    (path,) = tray.viewed
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    forget_viewed(path.parent)
    assert not path.parent.exists()


def test_without_a_viewer_no_copy_stays(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    tray.has_viewer = False
    press(leaflets_page(qtbot, desk, tray), "leaflets.view")
    assert not tray.viewed[0].exists()


def test_without_a_desk_a_leaflet_is_printed_and_counted_at_the_next_unlocking(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, None, tray, clock=desk.clock)
    page.opened(ToLeaflets(GRACE, ("a-service",), "sleep"))
    choose(page, "leaflets.copies", 2)
    press(page, "leaflets.print")
    assert GRACE not in tray.edge().tallies.read_text()
    take_in_prints(desk, tray.edge().tallies)
    assert counted(desk) == 2
    for name in ("leaflets.find_service", "leaflets.add_step", "leaflets.view"):
        assert not found(page, QWidget, name).isVisibleTo(page)
    with qtbot.waitSignal(page.back):
        press(page, "leaflets.back")


def test_a_character_that_cannot_be_printed_is_named_and_the_next_topic_works(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.add_step")
    line = found(page, LineEdit, "leaflets.step.input")
    line.setText("Meet at the \N{SNOWMAN}")
    line.textEdited.emit(line.text())
    press(page, "leaflets.print")
    assert "SNOWMAN" in found(page, Notice, "leaflets.trouble").text.text()
    assert tray.printed == []
    line.setText("Meet at the gate")
    line.textEdited.emit(line.text())
    press(page, "leaflets.print")
    assert len(tray.printed) == 1


def test_a_topic_that_is_not_there_opens_the_first_one_and_says_so(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    with qtbot.waitSignal(page.said) as told:
        page.opened(ToLeaflets(topic="moon"))
    assert told.args == ["Every leaflet has the crisis numbers on it."]
    assert "116 123" in words(page)


def test_two_keys_lead_from_opening_to_paper(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    page.activateWindow()
    QApplication.processEvents()
    chosen = found(page, TopicList, "leaflets.topics")
    chosen.setFocus()
    QTest.keyClick(chosen, Qt.Key.Key_Down)
    QTest.keyClick(chosen, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert [title for _, title, _ in tray.printed] == ["Loneliness and meeting people"]


def test_the_pages_are_leafed_through_and_read_as_text(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    assert page.preview.picture.accessibleName().startswith("Page 1 of 3")
    press(page, "leaflets.after")
    assert page.preview.picture.accessibleName().startswith("Page 2 of 3")
    found(page, FilterChip, "leaflets.as_text").click()
    assert found(page, QPlainTextEdit, "leaflets.text").isVisibleTo(page)


def test_a_record_corrected_elsewhere_counts_when_the_page_is_opened_again(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    correct_person(desk, person, {"leaflet_format": "clear_print", "birth_date": date(1987, 3, 14)})
    page.opened(ToLeaflets(person))
    assert found(page, SelectField, "leaflets.style").value == "clear-14"


def test_the_leaflet_is_made_beside_the_window(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    background = Background()

    def run(work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
        background.run(lambda _job: work(), done=done, failed=failed, in_lane=False)

    page = leaflets_page(qtbot, desk, tray, run=run)
    assert page.preview.waiting.isVisibleTo(page)
    found(page, Button, "leaflets.print").click()
    assert tray.printed == []
    qtbot.waitUntil(lambda: not page.preview.waiting.isVisibleTo(page))
    assert "How this service works" in words(page)
    chosen = found(page, TopicList, "leaflets.topics")
    for _ in range(3):
        QTest.keyClick(chosen, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "Money worries" in words(page))
    assert background.shutdown()


def test_the_crisis_sheet_carries_nothing_that_was_begun_for_somebody_else(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    _, services = scene(desk)
    begun = leaflets_page(qtbot, desk, tray, ToLeaflets(services=services))
    QTest.keyClicks(found(begun, LineEdit, "leaflets.step.input"), "Rowan rings you on Friday")
    begun.leaving()
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="crisis"))
    assert "Rowan rings" not in words(page)
    assert found(page, LineEdit, "leaflets.step.input").text() == ""


def test_the_service_named_in_the_settings_stands_on_the_leaflet(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    tray.giver = Giver("Northside neighbours", "0161 496 0700")
    page = leaflets_page(qtbot, desk, tray)
    assert words(page).startswith("Northside neighbours ")
    assert "ring us on 0161 496 0700" in words(page)
    tray.giver = Giver()
    page.opened(ToLeaflets(topic="sleep"))
    assert words(page).startswith("Emotional wellbeing service ")


def test_the_first_choice_is_a_topic_in_the_language_that_is_read_and_the_page_says_why(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    person = add_person(desk, {"preferred_name": "Kasia", "written_language": "pl"})
    add_need(desk, person, "drugs", "")
    said: list[str] = []
    page = leaflets_page(qtbot, desk, tray)
    page.said.connect(said.append)
    page.opened(ToLeaflets(person))
    qtbot.waitUntil(lambda: bool(said))
    assert any("is chosen" in each and "it is there in Polish" in each for each in said), said
