"""Words that may be long: the beginning is shown, and a button shows all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.text import Kind, Text

LETTERS, LINES = 240, 5
"""What is shown of words that are longer: about six lines in a narrow card."""


def beginning(words: str, letters: int = LETTERS, lines: int = LINES) -> str:
    """Return the beginning of long words, ended at a blank where there is one, with an ellipsis; short words as they are."""
    first = "\n".join(words.split("\n")[:lines])
    if len(first) > letters:
        first = first[:letters]
        at_blank = first.rfind(" ")
        first = first[:at_blank] if at_blank > letters // 2 else first
    return words if len(first) == len(words) else f"{first.rstrip()}…"


class LongText(QWidget):
    """Running text that is folded when it is long. ``quoted`` puts it in quotation marks, folded or not."""

    def __init__(
        self, words: str = "", kind: Kind = Kind.BODY, *, quoted: bool = False, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._words = ""
        self._quoted = quoted
        self._whole = False
        self.shown = Text("", kind)
        self.button = Button("", Look.LINK, name=f"{name}.all" if name else "")
        self.button.clicked.connect(self._turn)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.shown)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Show other words, folded when they are long; the same words stay as they were opened."""
        if words != self._words:
            self._words, self._whole = words, False
        self._show()

    def _turn(self) -> None:
        self._whole = not self._whole
        self._show()

    def _show(self) -> None:
        short = beginning(self._words)
        words = self._words if self._whole else short
        self.shown.setText(f"“{words}”" if self._quoted and words else words)
        self.button.setVisible(short != self._words)
        text = self.tr("Show less") if self._whole else self.tr("Show all")
        self.button.set_text(text, f"{text}: {beginning(self._words, 40, 1)}")
