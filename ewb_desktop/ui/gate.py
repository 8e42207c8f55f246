"""The window before anybody is unlocked: one page at a time, and crisis help at any of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.reading_order import step
from ewb_desktop.ui.widgets.text import Kind, Text


class GateWindow(QWidget):
    """Shows the lock screen, the first start, crisis help, and leaflets without a login.

    Its title never names anybody. ``build_crisis`` makes the page of crisis help when it is first wanted, which keeps it out of
    the way of the lock screen. ``practice`` puts the banner on it. ``closing`` follows when it was closed from outside: there is
    no other window then, so the program has to end.
    """

    closing = Signal()
    save_asked = Signal()
    """The sealed file that the words over the page are about is to be saved elsewhere, too."""

    def __init__(self, build_crisis: Callable[[], Page], *, practice: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gate")
        self.setWindowTitle(self.tr("EWB Desktop"))
        self.setMinimumSize(360, 420)
        self.banner = Notice(self.tr("Practice mode: everyone here is made up"), across=True, name="practice-banner")
        self.notice = Notice("", across=True, name="gate-notice")
        self.save_button = Button(self.tr("Save the sealed file elsewhere"), Look.SECONDARY, icon="download", name="gate-save")
        self.save_button.clicked.connect(self.save_asked)
        self.saved = Text("", Kind.BOLD)
        self.saved.setObjectName("gate-saved")
        self._saving = Flow([self.save_button])
        for part in (self._saving, self.saved):
            self.notice.box.addWidget(part)
            part.hide()
        self.notice.hide()
        self._stack = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.banner)
        # not before it is in the window: it would be a window of its own for a moment, and keep that one's height
        self.banner.setVisible(practice)
        box.addWidget(self.notice)
        box.addWidget(self._stack, 1)
        self._build_crisis = build_crisis
        self.crisis: Page | None = None
        """The page of crisis help, once it was wanted."""
        self._under_crisis: Page | None = None
        self._from_crisis: Page | None = None
        self.crisis_action = QAction(self)
        self.crisis_action.setText(self.tr("Crisis help"))
        self.crisis_action.setObjectName("open-crisis")
        self.crisis_action.setShortcut(QKeySequence("F2"))
        self.crisis_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.crisis_action.triggered.connect(self.show_crisis)
        self.addAction(self.crisis_action)
        self.ring = FocusRing(self)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on in reading order."""
        return step(self, self.page, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that the last window goes."""
        super().closeEvent(event)
        self.closing.emit()

    def tell(self, title: str, words: str, *, can_save: bool = False) -> None:
        """Say over every page what happened to this laptop; ``can_save`` offers to save the sealed file elsewhere."""
        self.notice.set_words(title, words)
        self._saving.setVisible(can_save)
        self.saved.hide()
        self.notice.show()

    def answer_saving(self, words: str) -> None:
        """Say what came of saving the file, none when nowhere was chosen; the keyboard is back at the button."""
        self.saved.setText(words)
        self.saved.setVisible(bool(words))
        if words:
            announce(self, words)
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self._stack.currentWidget()

    def show_page(self, page: Page) -> None:
        """Show ``page`` and put the keyboard where it belongs."""
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        if page.default_focus is not None:
            page.default_focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_crisis(self) -> None:
        """Show crisis help over whatever is open; leaving it goes back there."""
        current = self._stack.currentWidget()
        if self.crisis is None:
            self.crisis = self._build_crisis()
            self.crisis.back.connect(self._leave_crisis)
        if current is self.crisis:
            return
        if current is not self._from_crisis:
            self._under_crisis = current if isinstance(current, Page) else None
        self.show_page(self.crisis)

    def show_from_crisis(self, page: Page) -> None:
        """Show a page that crisis help leads to; leaving crisis help afterwards still goes where it was opened."""
        self._from_crisis = page
        self.show_page(page)

    def _leave_crisis(self) -> None:
        if self._under_crisis is not None:
            self.show_page(self._under_crisis)
