"""What is on a leaflet for one person, part by part; the ways to hand it on without paper; what to do where it cannot be met."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.exchange.looks import looks_to_tell
from ewb_desktop.ui.destinations import ToDirectory, ToLeaflets
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.field import LineEdit, SelectField, TextArea
from sync.protocol.messages import LookKind
from tests.support.desks import GRACE
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, warning, words
from tests.support.leaflet_scene import scene


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def test_a_service_says_when_it_is_open_where_it_is_and_when_it_was_checked(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk, written_language="en")
    text = words(leaflets_page(qtbot, desk, tray, ToLeaflets(person, services)))
    for wanted in ("13:00 to 16:00", "St Mary's Hall, 2 Mill Lane, Stretford, M32 0TH", "30 October 2026", "Free, private help"):
        assert wanted in text, wanted


def test_each_part_of_a_service_is_taken_off_and_how_to_get_there_is_ones_own_words(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services))
    press(page, "leaflets.services.opener.0")
    for row in found(page, CheckChoices, "leaflets.service_parts").rows:
        row.click()
    where = found(page, TextArea, "leaflets.service_where")
    where.area.selectAll()
    QTest.keyClicks(where.area, "Side door, bus 255 to Mill Lane")
    press(page, "leaflets.service_done")
    text = words(page)
    for gone in ("13:00 to 16:00", "St Mary's Hall", "Free, private help"):
        assert gone not in text, gone
    assert "Side door, bus 255 to Mill Lane" in text
    assert "30 October 2026" in text
    page.leaving()
    again = words(leaflets_page(qtbot, desk, tray, ToLeaflets(person)))
    assert "Side door, bus 255 to Mill Lane" in again


def test_a_service_is_printed_before_another(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services))
    text = words(page)
    assert text.index("Stretford debt advice") < text.index("Park walking group")
    press(page, "leaflets.services.opener.1")
    press(page, "leaflets.service_up")
    text = words(page)
    assert text.index("Park walking group") < text.index("Stretford debt advice")
    assert not found(page, Button, "leaflets.service_up").isVisibleTo(page)


def test_somebody_to_ask_for_stands_on_it_without_any_other_words(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.add_step")
    assert "Rowan Oak" not in words(page)
    choose(page, "leaflets.contact", GRACE)
    page.leaving()
    assert "Grace Lamb" in words(page)
    assert "0161 496 0011" in words(page)


def test_the_coordinator_is_the_first_to_ask_for(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, coordinator=GRACE)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    assert found(page, SelectField, "leaflets.contact").combo.itemText(0) == "Grace Lamb, their coordinator"


def test_for_an_email_it_is_one_file_that_fetches_nothing(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    person, services = scene(desk)
    tray.save_as = str(tmp_path / "leaflet")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "sleep"))
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.save_email")
    assert str((told.args or [""])[0]).endswith("Attach it to an e-mail. It is not encrypted there.")
    html = (tmp_path / "leaflet.html").read_text("utf-8")
    assert 'lang="pl"' in html
    assert "tel:116123" in html.replace(" ", "")
    assert "<script" not in html
    assert "Kowalska" not in html
    assert tray.offered[-1].endswith(".html")


def test_the_words_alone_are_saved_and_copied(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    tray.save_as = str(tmp_path / "words.txt")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep"))
    press(page, "leaflets.save_words")
    press(page, "leaflets.copy_words")
    kept = (tmp_path / "words.txt").read_text("utf-8")
    assert "Sleeping better" in kept
    assert tray.copied == [kept]
    assert "nhs.uk/every-mind-matters/mental-health-issues/sleep/" in kept
    assert "camera" not in kept


@pytest.mark.parametrize("way", ["save", "save_email", "save_words", "copy_words", "view"])
def test_what_leaves_the_file_for_a_member_is_a_look_that_the_audit_hears_of(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path, way: str
) -> None:
    person, services = scene(desk, written_language="en")
    tray.save_as = str(tmp_path / "leaflet")
    press(leaflets_page(qtbot, desk, tray, ToLeaflets(person, services)), f"leaflets.{way}")
    assert looks(desk) == [(LookKind.EXPORT, "person", person)]


def test_a_print_for_a_member_is_a_look_too_and_what_is_made_for_nobody_or_not_saved_is_none(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path
) -> None:
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services))
    press(page, "leaflets.save")
    tray.save_as = str(tmp_path / "gone" / "leaflet")
    press(page, "leaflets.save")
    assert looks(desk) == []
    press(page, "leaflets.print")
    assert looks(desk) == [(LookKind.PRINT, "person", person)]
    press(leaflets_page(qtbot, desk, tray), "leaflets.copy_words")
    assert len(looks(desk)) == 1


def looks(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.store.read() as connection:
        return [(look.kind, look.entity, look.record) for look in looks_to_tell(connection)]


@pytest.mark.parametrize(
    ("facts", "remedy"),
    [
        ({"communication": ["braille_grade_2"]}, "send the file to the place that makes braille"),
        ({"communication": ["bsl_video"]}, "Book a BSL interpreter"),
        ({"communication": ["audio"]}, "Read it aloud"),
        ({"written_language": "gu"}, "go through it with an interpreter"),
    ],
)
def test_what_cannot_be_met_says_what_to_do_next(
    qtbot: QtBot, desk: Desk, tray: PaperTray, facts: dict[str, object], remedy: str
) -> None:
    person, _ = scene(desk, **{"written_language": "en", **facts})
    assert remedy in warning(leaflets_page(qtbot, desk, tray, ToLeaflets(person)))


def test_where_a_topic_is_not_there_in_a_language_those_that_are_are_named(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    said = warning(leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="panic")))
    assert said.startswith("They read Polish. This leaflet will be in English. There in Polish: “Low mood”, “Sleeping better”")


def test_what_went_wrong_at_the_printer_is_told_and_the_leaflet_stays(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, written_language="en")
    tray.jams = frozenset({"Low mood"})
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="low-mood"))
    shown = words(page)
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.print")
    assert told.args == ["Nothing was counted. The printer ran out of ink."]
    assert words(page) == shown
    tray.jams = frozenset()
    press(page, "leaflets.print")
    assert len(tray.printed) == 1


def test_an_urdu_leaflet_runs_from_the_right_in_a_window_that_does_not(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, written_language="ur", leaflet_format="clear_print")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="sleep"))
    block = page.preview.text.document().firstBlock()
    while block.isValid() and not "\u0600" <= block.text()[:1] <= "\u06ff":
        block = block.next()
    assert block.isValid()
    assert block.textDirection() is Qt.LayoutDirection.RightToLeft
    assert not page.isRightToLeft()


def test_the_line_to_type_the_next_step_in_is_gone_with_it(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.add_step")
    choose(page, "leaflets.contact", GRACE)
    press(page, "leaflets.step_off")
    assert not found(page, LineEdit, "leaflets.step.input").isVisibleTo(page)
    assert "Grace Lamb" not in words(page)


def test_one_more_service_from_the_directory_comes_to_those_that_are_on_it(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, (debt, walk) = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, (debt,)))
    with qtbot.waitSignal(page.go) as gone:
        press(page, "leaflets.to_directory")
    assert gone.args == [ToDirectory(person=person)]
    page.leaving()
    text = words(leaflets_page(qtbot, desk, tray, ToLeaflets(person, (walk,))))
    assert text.index("Stretford debt advice") < text.index("Park walking group")
