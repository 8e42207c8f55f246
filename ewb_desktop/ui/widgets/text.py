"""Headings and running text that wrap and follow the text size while the program runs."""

from __future__ import annotations

from enum import Enum
from weakref import WeakSet

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget
from shiboken6 import isValid

from ewb_desktop.ui.widgets.look import BODY_PX
from ewb_desktop.ui.widgets.painting import BREAK, WRAP, breakable, draw_against_right


class Level(Enum):
    """How large a heading is, in pixels at 100 %."""

    PAGE = 28
    QUESTION = 26
    CARD = 19
    SECTION = 17


class Kind(Enum):
    """How running text looks: size in pixels at 100 %, muted or not, bold or not."""

    BODY = (17, False, False)
    BOLD = (17, False, True)
    MUTED = (17, True, False)
    HINT = (15, True, False)
    SMALL = (13, True, False)


def sized(px_at_100: float, *, bold: bool = False) -> QFont:
    """Return the program's font now, as high as ``px_at_100`` asks for at the chosen text size."""
    font = QFont(QApplication.font())
    now = font.pixelSize() if font.pixelSize() > 0 else round(font.pointSizeF() * 4 / 3)
    font.setPixelSize(max(8, round(now * px_at_100 / BODY_PX)))
    font.setBold(bold)
    return font


_labels: WeakSet[Label] = WeakSet()
"""Every label there is. Qt's own list of widgets also has those that Python has begun to take apart."""


class Label(QLabel):
    """Plain text (markup in what people typed stays text) of a stated height that follows the text size."""

    _is_whole = False
    """False before it was made and after Python has begun to take it apart; Qt goes on telling it things then."""

    def __init__(self, text: str, px_at_100: float, *, bold: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(breakable(text), parent)
        self._heights: dict[int, int] = {}
        self._px = px_at_100
        self._bold = bold
        self._end = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.refit()
        self._align()
        self._is_whole = True
        _labels.add(self)

    def setText(self, text: str) -> None:
        """Show other words; a very long one without a blank may be broken anywhere, so that no page grows as wide as it."""
        self._heights.clear()
        super().setText(breakable(text))

    def text(self) -> str:
        """Return the words as they were given."""
        return super().text().replace(BREAK, "")

    def heightForWidth(self, width: int) -> int:
        """Return the height at this width; nested layouts ask again and again, so each width is measured once."""
        if not self._is_whole:
            return super().heightForWidth(width)
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def setWordWrap(self, on: bool) -> None:
        """Wrap, or not."""
        self._heights.clear()
        super().setWordWrap(on)

    def set_end(self, end: bool = True) -> None:
        """Write the text against the far edge, or the near one again."""
        self._end = end
        self._align()

    def _align(self) -> None:
        """Follow the window's direction: a plain QLabel follows the script of its words."""
        right = (self.layoutDirection() == Qt.LayoutDirection.RightToLeft) != self._end
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        """Turn round with the window."""
        super().changeEvent(event)
        if not self._is_whole:
            return
        self._heights.clear()
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words; Arabic ones in a window from right to left not as Qt would, which cuts them."""
        painted = False
        is_selectable = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if self._is_whole and self.wordWrap() and self.buddy() is None and not is_selectable:
            painter = QPainter(self)
            painter.setPen(self.palette().color(self.foregroundRole()))
            painted = draw_against_right(painter, self.contentsRect(), self.alignment().value | WRAP, super().text())
            painter.end()
        if not painted:
            super().paintEvent(event)

    def refit(self) -> None:
        """Take the program's text size again; a label with a font of its own is told by nobody else."""
        font = sized(self._px, bold=self._bold)
        if font != self.font():
            self.setFont(font)

    def set_bold(self, bold: bool) -> None:
        """Write the text bold, or not."""
        self._bold = bold
        self.refit()

    def event(self, event: QEvent) -> bool:
        """Take the size again when the label is shown: it may have changed while it had no window."""
        if event.type() == QEvent.Type.Polish and self._is_whole:
            self.refit()
        return super().event(event)


class Heading(Label):
    """A heading of a page, a card or a section."""

    def __init__(self, text: str, level: Level = Level.PAGE, parent: QWidget | None = None) -> None:
        super().__init__(text, level.value, bold=True, parent=parent)
        self.level = level


class Text(Label):
    """Running text: body, bold, muted, a hint under something, or small."""

    def __init__(
        self, text: str = "", kind: Kind = Kind.BODY, *, selectable: bool = False, parent: QWidget | None = None
    ) -> None:
        px, muted, bold = kind.value
        super().__init__(text, px, bold=bold, parent=parent)
        if muted:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def refit_all() -> None:
    """Tell every label the program's text size once it has changed."""
    for label in list(_labels):
        if isValid(label):
            label.refit()
