"""What people type is drawn as letters, and not as boxes, whatever else is installed on the computer."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.text import Kind, Text


def drawn(qtbot: QtBot, words: str, kind: Kind) -> QImage:
    label = Text(words, kind)
    qtbot.addWidget(label)
    label.resize(80, 60)
    return label.grab().toImage()


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("kind", [Kind.BODY, Kind.BOLD])
@pytest.mark.parametrize("letters", ["আম", "ਅਮ", "你好", "أم", "ٹگ", "Жя"], ids=ascii)
def test_two_letters_of_a_script_do_not_look_alike_as_two_boxes_would(qtbot: QtBot, letters: str, kind: Kind) -> None:
    assert drawn(qtbot, letters[0], kind) != drawn(qtbot, letters[1], kind)
