"""The bar over a page that says what could not be done and what to do about it; it stays until it was read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice


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
