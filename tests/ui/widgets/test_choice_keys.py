"""The digit that presses a choice, and that its cap shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.choices import Choice, ChoiceList


def test_the_digits_are_the_scores_where_answers_score(qtbot: QtBot) -> None:
    scores = ChoiceList([Choice(value, f"Answer {value}") for value in range(4)], says="Sleep")
    qtbot.addWidget(scores)
    QTest.keyClick(scores.rows[0], Qt.Key.Key_0)
    assert scores.value == 0
    QTest.keyClick(scores.rows[0], Qt.Key.Key_4)
    assert scores.value == 0
    QTest.keyClick(scores.rows[0], Qt.Key.Key_3)
    assert scores.value == 3


def test_the_digits_are_places_where_answers_do_not_score(qtbot: QtBot) -> None:
    words = ChoiceList([Choice("a", "One"), Choice("b", "Two")], says="Which?")
    qtbot.addWidget(words)
    QTest.keyClick(words.rows[0], Qt.Key.Key_2)
    assert words.value == "b"
