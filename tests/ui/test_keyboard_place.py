"""The keyboard stands in a window that was built again where it stood, and the words in its field are the same."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.keyboard_place import keyboard_place, put_keyboard
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextArea, TextField

Words = TextField | TextArea


def page(qtbot: QtBot, *parts: QWidget) -> QWidget:
    found = QWidget()
    box = QVBoxLayout(found)
    for part in parts:
        box.addWidget(part)
    qtbot.addWidget(found)
    return found


def typed_on(window: QWidget, words: str) -> None:
    focus = window.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)


@pytest.mark.parametrize("kind", [TextField, TextArea])
def test_a_sentence_goes_on_after_the_blank_before_the_cursor(qtbot: QtBot, kind: type[Words]) -> None:
    old, new = kind("Note", name="note"), kind("Note", name="note")
    before, after = page(qtbot, old), page(qtbot, new)
    old.setFocus()
    typed_on(before, "rang at four ")
    # a draft is kept without blanks at its ends
    new.value = old.value
    edited: list[object] = []
    new.edited.connect(lambda: edited.append(new.value))
    assert put_keyboard(after, keyboard_place(before))
    # nobody typed yet
    assert edited == []
    typed_on(after, "and again")
    assert new.value == "rang at four and again"


@pytest.mark.parametrize("kind", [TextField, TextArea])
def test_other_words_that_stand_there_stay(qtbot: QtBot, kind: type[Words]) -> None:
    old, new = kind("Note", name="note"), kind("Note", name="note")
    before, after = page(qtbot, old), page(qtbot, new)
    old.setFocus()
    typed_on(before, "rang ")
    new.value = "came in"
    assert put_keyboard(after, keyboard_place(before))
    assert new.value == "came in"


def test_where_the_field_is_not_the_page_has_the_keyboard(qtbot: QtBot) -> None:
    old, print_it = TextField("Note", name="note"), Button("Print", name="print")
    before, after = page(qtbot, old), page(qtbot, print_it)
    old.setFocus()
    typed_on(before, "rang ")
    pressed: list[bool] = []
    print_it.clicked.connect(lambda: pressed.append(True))
    assert not put_keyboard(after, keyboard_place(before))
    typed_on(after, " and again ")
    assert pressed == []
