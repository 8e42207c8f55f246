"""The bar over a page that says what could not be done and what to do about it; it stays until it was read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget
from shiboken6 import isValid

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.scroll_page import ScrollPage

_LEAST_LINES = 2
"""So many lines of the words can always be read without scrolling."""
_SHARE = 7
"""The words may have this part of the window's height, however tall the page under them wants to be."""


class _Words(ScrollPage):
    """The words of the bar: all of them where the window has room, else they scroll, also by the arrow keys."""

    def __init__(self, text: QWidget) -> None:
        super().__init__(margins=False)
        self._text = text
        self.add(text)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        # the bar's own ground shines through
        self.content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._let_scroll)

    def _let_scroll(self, _least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """As tall as the words at the width that they have."""
        return QSize(200, self._text.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Some lines of them."""
        line = self._text.fontMetrics().lineSpacing()
        lines = max(_LEAST_LINES, self.window().height() // _SHARE // line)
        return QSize(120, min(self.sizeHint().height(), lines * line + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class TroubleBar(Notice):
    """Hidden while all is well. The page under it keeps what was typed, and the keyboard stays where it is.

    ``was_read(title)`` follows the button. What has to be read is not lost to another trouble that comes over it. Once nothing
    stands here the keyboard goes back to where it was before it came to the button.
    """

    was_read = Signal(str)
    keyboard_freed = Signal()
    """The keyboard was here, and where it came from is not there any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", name="trouble", parent=parent)
        self._words = _Words(self.text)
        # under the title
        self.box.addWidget(self._words)
        self.read_button = Button(self.tr("I have read this"), Look.SECONDARY, name="trouble-read")
        # the mouse leaves the keyboard where it is, also in a window that is only just coming to the front
        self.read_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.read_button.clicked.connect(self._read)
        self._beneath: list[tuple[str, str]] = []
        self._has_to_be_read = False
        self._came_from: QWidget | None = None
        self.add(Flow([self.read_button]))
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keyboard_moved)

    def set_words(self, title: str, text: str = "") -> None:
        """Change title and words."""
        super().set_words(title, text)
        if hasattr(self, "_words"):
            self._words.show_top()
            self._words.setAccessibleName(title)
            self._words.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Its height follows its width by :meth:`sizeHint`: so it can be lower where the window has no room for all of it."""
        return False

    def sizeHint(self) -> QSize:
        """All of it at the width that it has."""
        return QSize(super().sizeHint().width(), self.box.totalHeightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Title, button and some lines of the words."""
        spare = self._words.sizeHint().height() - self._words.minimumSizeHint().height()
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height() - spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def fit(self) -> None:
        """Follow the height of the window."""
        self._words.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_words"):
            self._words.updateGeometry()

    def tell(self, title: str, sentence: str, *, has_to_be_read: bool = False) -> None:
        """Show a trouble in the place of the one before. The same one again is spoken only once while it is shown.

        One that ``has_to_be_read`` comes back when the one over it was read.
        """
        now = (self.title.text(), self.text.text())
        if not self.isHidden() and (title, sentence) == now:
            return
        if not self.isHidden() and self._has_to_be_read and title != now[0]:
            self._beneath.append(now)
        self._beneath = [each for each in self._beneath if each[0] != title]
        self._has_to_be_read = has_to_be_read
        self.set_words(title, sentence)
        self.show()
        announce(self, f"{title}. {sentence}")

    def withdraw(self, *titles: str) -> None:
        """Take away what is not true any more, read or not."""
        self._beneath = [each for each in self._beneath if each[0] not in titles]
        if not self.isHidden() and self.title.text() in titles:
            self._uncover()

    def _read(self) -> None:
        title = self.title.text()
        self._uncover()
        self.was_read.emit(title)

    def _uncover(self) -> None:
        if self._beneath:
            title, sentence = self._beneath.pop()
            self._has_to_be_read = False
            self.tell(title, sentence, has_to_be_read=True)
            return
        # before the bar goes: the keyboard would go to whatever comes next, and the next blank would press it
        if self.read_button.hasFocus():
            self._hand_keyboard_back()
        self.hide()

    def _keyboard_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self.read_button and old is not None:
            self._came_from = old

    def _hand_keyboard_back(self) -> None:
        back, self._came_from = self._came_from, None
        if back is not None and isValid(back) and back.window() is self.window() and back.isVisible() and back.isEnabled():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.keyboard_freed.emit()
