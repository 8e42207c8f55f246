"""Running text that takes two lines at most; what does not fit is in its tooltip, and read out in whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.text import Kind, Text

LINES = 2
_CUT = "\N{HORIZONTAL ELLIPSIS}"


class TwoLines(Text):
    """A :class:`Text` that never grows beyond two lines."""

    def __init__(self, text: str, kind: Kind, parent: QWidget | None = None) -> None:
        self._whole = text
        super().__init__(text, kind, parent=parent)
        self._show()

    def setText(self, text: str) -> None:
        """Show ``text``, or as much of it as two lines hold."""
        self._whole = text
        self._show()

    def text(self) -> str:
        """Return the whole text."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more or less of the text."""
        super().resizeEvent(event)
        self._show()

    def refit(self) -> None:
        """Take the program's text size again, which shows more or less of the text."""
        super().refit()
        self._show()

    def _show(self) -> None:
        shown = self._shortened(self.contentsRect().width())
        if shown != super().text():
            # the label measures itself again: its height follows from one line or two
            super().setText(shown)
        cut = shown != self._whole
        self.setToolTip(self._whole if cut else "")
        self.setAccessibleName(self._whole if cut else "")

    def _shortened(self, width: int) -> str:
        if width <= 0:
            return self._whole
        layout = QTextLayout(self._whole, self.font())
        layout.beginLayout()
        start = 0
        for number in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            if number == LINES - 1 and line.textStart() + line.textLength() < len(self._whole):
                start = line.textStart()
        layout.endLayout()
        if not start:
            return self._whole
        # a word at the end of the first line must not find room in it that it had not
        rest = self.fontMetrics().elidedText(self._whole[start:], Qt.TextElideMode.ElideRight, width - 2)
        return self._whole[:start].rstrip() + "\n" + _at_a_word(self._whole[start:], rest)


def _at_a_word(words: str, cut: str) -> str:
    """Return words that were cut to fit without the piece of a word at their end: half a word can be read as another one."""
    kept = cut.removesuffix(_CUT)
    if kept == cut or words[len(kept) : len(kept) + 1].isspace() or not any(letter.isspace() for letter in kept.strip()):
        return cut
    return kept.rsplit(maxsplit=1)[0] + _CUT
