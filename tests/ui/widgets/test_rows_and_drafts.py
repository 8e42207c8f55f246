"""Rows of one title are told apart by their tags, short lists are models, and a date takes what a draft kept."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.row_model import RowModel
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE


def test_two_rows_about_one_person_have_buttons_of_two_names(qtbot: QtBot) -> None:
    rows = RowList([Row(1, "Joe", tag="Signpost", action="Open"), Row(2, "Joe", tag="Handover", action="Open")])
    qtbot.addWidget(rows)
    assert [each.accessibleName() for each in rows.findChildren(Button)] == ["Open: Joe, Signpost", "Open: Joe, Handover"]


def test_a_model_of_rows_gives_the_row_and_its_words() -> None:
    model = RowModel()
    row = Row(1, "Joe", detail="born 2 May 1971")
    model.show([row])
    assert model.rowCount() == 1
    assert model.data(model.index(0), ROW_ROLE) is row
    assert model.data(model.index(0)) == "Joe. born 2 May 1971"


def test_a_date_shows_what_a_draft_kept(qtbot: QtBot) -> None:
    field = DateField("Day")
    qtbot.addWidget(field)
    field.show_draft(["2", "5", "1971"])
    assert field.value == date(1971, 5, 2)


@pytest.mark.parametrize("kept", [None, "", [], ["1", "2"], {"day": 1}, 7])
def test_a_date_is_empty_when_a_draft_kept_no_date(qtbot: QtBot, kept: object) -> None:
    field = DateField("Day")
    qtbot.addWidget(field)
    field.show_draft(kept)
    assert field.typed == ("", "", "")


def test_a_choice_of_no_is_told_apart_from_no_choice(qtbot: QtBot) -> None:
    field = ChoiceField("What did they decide?", [Choice(True, "Yes"), Choice(False, "No")], name="agreed")
    qtbot.addWidget(field)
    assert field.value == ""
    for value in (False, True, None):
        field.value = value
        assert field.value == ("" if value is None else value)


def test_the_keyboard_stays_on_the_same_button_of_a_row_that_is_shown_anew(qtbot: QtBot, qapp: QApplication) -> None:
    rows = RowList([Row(1, "Joe", "a contact", opener="Go on writing", action="Let it go")], name="words")
    qtbot.addWidget(rows)
    rows.show()
    rows.activateWindow()
    qtbot.waitUntil(rows.isActiveWindow)
    for name in ("words.opener.0", "words.act.0"):
        button = rows.findChild(Button, name)
        assert button is not None
        button.setFocus()
        detail = f"a handover, with the keyboard on {name}"
        rows.set_rows([Row(1, "Joe", detail, opener="Go on writing", action="Let it go")])
        focused = qapp.focusWidget()
        assert focused is not None
        assert focused is not button
        assert focused.objectName() == name


def test_the_same_rows_again_are_not_made_anew(qtbot: QtBot) -> None:
    rows = RowList([Row(1, "Joe", action="Open")])
    qtbot.addWidget(rows)
    before = rows.findChildren(Button)
    rows.set_rows([Row(1, "Joe", action="Open")])
    assert rows.findChildren(Button) == before
