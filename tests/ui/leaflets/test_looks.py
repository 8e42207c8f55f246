"""How a leaflet is to look: what is chosen already, what is offered, what cannot be met, and that all of it prints."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QComboBox, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, styles_offered, warning, words
from tests.support.leaflet_scene import scene


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def test_the_recorded_format_and_language_are_chosen_already(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, discreet_print=True)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="worry-and-anxiety"))
    assert found(page, SelectField, "leaflets.style").value == "large-18"
    assert found(page, SelectField, "leaflets.language").value == "pl"
    assert found(page, CheckChoices, "leaflets.cover").values == [True]
    assert "Zamartwianie się i lęk" in words(page)


def test_a_translation_that_nobody_checked_is_said(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="worry-and-anxiety"))
    assert "has not been checked yet" in warning(page)
    choose(page, "leaflets.language", "en")
    assert warning(page) == ""


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"leaflet_format": "braille"}, "cannot be made in braille here"),
        ({"leaflet_format": "easy_read"}, "easy read"),
        ({"communication": ["audio", "phone"]}, "cannot be made in audio"),
        ({"written_language": "gu"}, "No leaflet is there in Gujarati yet: go through it with an interpreter"),
        ({"safe_to_post": "no"}, "It is not safe to post letters to Amina Kowalska. Give it by hand."),
    ],
)
def test_what_cannot_be_met_is_said_before_printing_and_blocks_nothing(
    qtbot: QtBot, desk: Desk, tray: PaperTray, facts: dict[str, object], said: str
) -> None:
    person, _ = scene(desk, **facts)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    assert said in warning(page)
    press(page, "leaflets.print")
    assert len(tray.printed) == 1


@pytest.mark.parametrize("field", ["style", "palette", "sheet"])
def test_every_name_fits_its_box_on_a_small_screen(
    qtbot: QtBot, qapp: QApplication, desk: Desk, tray: PaperTray, field: str
) -> None:
    theme.apply(qapp, Scheme.LIGHT, 100)
    page = leaflets_page(qtbot, desk, tray)
    page.resize(1072, 600)
    page.show()
    QApplication.processEvents()
    box = page.looks.findChild(QComboBox, f"leaflets.{field}.input")
    assert isinstance(box, QComboBox)
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(control, option, part, box).width()
    widest = max(box.fontMetrics().horizontalAdvance(box.itemText(index)) for index in range(box.count()))
    assert widest <= room


@pytest.mark.parametrize("printed", ["large-18", "large_print_18"])
def test_a_leaflet_is_printed_again_in_the_format_and_language_it_had(
    qtbot: QtBot, desk: Desk, tray: PaperTray, printed: str
) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="worry-and-anxiety", style=printed, language="pl"))
    assert found(page, SelectField, "leaflets.style").value == "large-18"
    assert found(page, SelectField, "leaflets.language").value == "pl"
    assert "Zamartwianie się i lęk" in words(page)


def test_a_format_that_is_no_longer_there_becomes_clear_print(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep", style="clear-13"))
    assert found(page, SelectField, "leaflets.style").value == "clear-14"


def test_colours_and_paper_are_chosen_and_a_booklet_says_how_it_is_printed(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    choose(page, "leaflets.palette", "dark")
    choose(page, "leaflets.sheet", "booklet")
    assert "both sides, turned on the short edge" in warning(page)
    press(page, "leaflets.print")
    document = pypdfium2.PdfDocument(tray.printed[0][0])
    picture = document[0].render(scale=0.1).to_pil().convert("RGB")
    assert (document[0].get_width() > document[0].get_height(), picture.getpixel((0, 0))) == (True, (0, 0, 0))
    document.close()


def test_paper_on_which_a_format_does_not_fit_is_not_offered(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    choose(page, "leaflets.sheet", "a5")
    choose(page, "leaflets.style", "large-24")
    sheet = found(page, SelectField, "leaflets.sheet")
    assert [sheet.combo.itemText(index) for index in range(sheet.combo.count())] == ["A4"]
    assert "How this service works" in words(page)


def test_every_format_that_is_offered_can_be_printed(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    offered = styles_offered(page)
    for style, _ in offered:
        choose(page, "leaflets.style", style)
        press(page, "leaflets.print")
    assert len(tray.printed) == len(offered) >= 5


def test_a_wallet_card_is_offered_for_help_in_a_crisis_only(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    _, services = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(services=services, topic="crisis"))
    choose(page, "leaflets.style", "wallet-12")
    assert "Cut the cards out" in warning(page)
    assert "no room for services" in warning(page)
    for number in (1, 0):
        press(page, f"leaflets.services.act.{number}")
    assert "no room for services" not in warning(page)
    assert "larger print" not in warning(page)
    assert not found(page, CheckChoices, "leaflets.cover").isVisibleTo(page)
    press(page, "leaflets.print")
    assert len(tray.printed) == 1
    page.opened(ToLeaflets(topic="sleep"))
    assert found(page, SelectField, "leaflets.style").value == "clear-14"
    assert "wallet-12" not in {row for row, _ in styles_offered(page)}


def test_a_format_that_is_not_there_in_a_language_is_said_when_the_language_is_changed(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="worry-and-anxiety"))
    choose(page, "leaflets.style", "easy-16")
    assert "Picture: A worried face" in words(page)
    choose(page, "leaflets.language", "pl")
    assert found(page, SelectField, "leaflets.style").value == "clear-14"
    assert "not there as “Easy read, with pictures” in this language" in warning(page)


def test_who_reads_easy_read_gets_it(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk, leaflet_format="easy_read", written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="sleep"))
    assert found(page, SelectField, "leaflets.style").value == "easy-16"
    assert warning(page) == ""


def test_the_warning_is_come_by_before_the_leaflet_in_a_narrow_window_too(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    notice = found(page, Notice, "leaflets.warning")
    for _ in range(2):
        page.resize(640, 660)
        qtbot.waitUntil(lambda: _top(page, notice) < _top(page, page.preview) < _top(page, page.looks))
        page.resize(1160, 660)
        qtbot.waitUntil(lambda: notice.parentWidget() is page.looks.parentWidget())
        qtbot.waitUntil(lambda: _top(page, page.preview) < _top(page, notice) + notice.height() <= _top(page, page.looks))


def _top(page: LeafletsPage, part: QWidget) -> int:
    return part.mapTo(page, QPoint(0, 0)).y()
