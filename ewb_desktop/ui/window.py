"""The window: top line, rail, one page at a time, foot. It is handed everything and builds no store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.ui.destinations import (
    Destination,
    ToConversation,
    ToCrisis,
    ToDirectory,
    ToDirectoryImport,
    ToEditPerson,
    ToHandover,
    ToHelp,
    ToLeaflets,
    ToMembers,
    ToNewPerson,
    ToOwnLeaflets,
    ToPerson,
    ToQuestionnaire,
    ToSafety,
    ToService,
    ToSettings,
    ToSignpost,
    ToSync,
    ToToday,
)  # fmt: skip
from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.shell.find_box import Find
from ewb_desktop.ui.shell.foot import Foot
from ewb_desktop.ui.shell.rail import Rail, RailEntry
from ewb_desktop.ui.shell.top_line import TopLine
from ewb_desktop.ui.shell.trouble_bar import TroubleBar
from ewb_desktop.ui.widgets.notice import Notice, UndoBar
from ewb_desktop.ui.widgets.reading_order import step

log = logging.getLogger(__name__)

Factory = Callable[[], Page]
"""Makes one page; called when the page is first asked for."""

HISTORY = 50


def usual_rail() -> tuple[RailEntry, ...]:
    """Return the pages in the rail, where nobody says otherwise, in the language of the screen."""
    # lupdate reads the words and their context from these calls
    translate = QCoreApplication.translate

    return (
        RailEntry(ToToday(), translate("Rail", "Today"), "house", name="today"),
        RailEntry(
            ToMembers(), translate("Rail", "Members"), "users", name="members",
            covers=(ToPerson, ToNewPerson, ToEditPerson, ToConversation, ToQuestionnaire, ToSafety, ToSignpost, ToHandover),
        ),
        RailEntry(
            ToDirectory(), translate("Rail", "Directory"), "book-open", name="directory", covers=(ToService, ToDirectoryImport)
        ),
        RailEntry(ToLeaflets(), translate("Rail", "Leaflets"), "file-text", name="leaflets", covers=(ToOwnLeaflets,)),
        RailEntry(ToSync(), translate("Rail", "Send and receive"), "refresh-cw", 1, name="sync"),
        RailEntry(ToSettings(), translate("Rail", "Settings"), "settings", 2, name="settings"),
        RailEntry(ToHelp(), translate("Rail", "Help"), "circle-question-mark", 2, name="help"),
    )  # fmt: skip


class MainWindow(QMainWindow):
    """One worker's window.

    ``pages`` maps each destination type to what makes its page; ``find`` answers the find box; ``rail`` lists only
    pages that this worker's role has. Signals: ``lock_asked`` (after drafts were saved), ``crisis_asked`` when there is
    no crisis page among ``pages``, ``closing`` before the end, ``went(Destination)`` after a page was opened.
    """

    went = Signal(object)
    lock_asked = Signal()
    crisis_asked = Signal()
    closing = Signal()

    def __init__(
        self, *, place: str, worker: str, pages: Mapping[type, Factory], find: Find, rail: Sequence[RailEntry] | None = None,
        banner: str = "", resting: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.setWindowTitle("EWB Desktop")
        self.setObjectName("window")
        self._factories = dict(pages)
        self._made: dict[type, Page] = {}
        self._history: list[Destination] = []
        self._here: Destination | None = None
        self._under_help: tuple[Page, QWidget | None] | None = None
        self._everywhere: list[QAction] = []
        self.may_go: Callable[[], bool] = lambda: True
        """Says whether the window may lock or close as it is asked to; asked once drafts were saved."""
        self.banner = Notice(banner, across=True)
        self.banner.setObjectName("banner")
        finds_people = ToPerson in self._factories
        self._find_words = self.tr("Find a person or a service") if finds_people else self.tr("Find a service")
        self.top = TopLine(place, worker, find, self._find_words)
        self.rail = Rail([entry for entry in rail or usual_rail() if type(entry.destination) in self._factories])
        self.stack = QStackedWidget()
        self.trouble = TroubleBar()
        self.undo = UndoBar()
        """What was done from any page by a key, and the way to undo it."""
        self.foot = Foot(resting or self.tr("Everything is saved on this laptop"))
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        over = QVBoxLayout()
        over.setSpacing(0)
        over.addWidget(self.trouble)
        over.addWidget(self.undo)
        over.addWidget(self.stack, 1)
        middle.addLayout(over, 1)
        column.addWidget(self.banner)
        # not before it is in the window: it would be a window of its own for a moment, and keep that one's height
        self.banner.setVisible(bool(banner))
        column.addWidget(self.top)
        column.addLayout(middle, 1)
        column.addWidget(self.foot)
        self.setCentralWidget(central)
        self.ring = FocusRing(self)
        self.rail.chosen.connect(self.show_page)
        self.trouble.keyboard_freed.connect(self._to_page)
        self.top.find_box.chosen.connect(self.show_page)
        self.top.crisis.connect(self._crisis)
        self.top.lock.connect(self.lock)
        self._make_actions()
        self.resize(1366, 768)

    def _make_actions(self) -> None:
        for text, keys, slot, name in (
            (self._find_words, ("Ctrl+K", "Ctrl+F"), self._to_find, "find_action"),
            (self.tr("Crisis help"), ("F2",), self._crisis, "crisis_action"),
            (self.tr("Lock now"), ("Ctrl+L",), self.lock, "lock_action"),
            (self.tr("Go back"), ("Alt+Left",), self.back, "back_action"),
            (self.tr("Help and keys"), ("F1",), self._help, "help_action"),
        ):
            action = QAction(text, self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setObjectName(name)
            action.triggered.connect(slot)
            self.addAction(action)
            if name in ("lock_action", "help_action"):
                self.top.add_to_menu(action)
        for number, button in enumerate(self.rail.buttons[:9], 1):
            action = QAction(button.entry.text, self)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(button.click)
            self.addAction(action)

    def act_everywhere(self, text: str, key: str, slot: Callable[[], object], name: str) -> None:
        """Let a key work on every page but those that have a use of their own for it."""
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setObjectName(name)
        action.triggered.connect(slot)
        self.addAction(action)
        self._everywhere.append(action)
        self._yield_keys(self.page)

    def _yield_keys(self, page: Page | None) -> None:
        own = {key for action in (page.actions() if page is not None else ()) for key in action.shortcuts()}
        for action in self._everywhere:
            action.setEnabled(action.shortcut() not in own)

    def shortcuts(self) -> list[tuple[str, str]]:
        """Return the keys that work now and what each does, from the real actions of the window and its page.

        Help lies over a page: the keys are those of the page under it, to which it goes back.
        """
        page = self._under_help[0] if self._under_help is not None else self.page
        actions = [*(page.actions() if page is not None else ()), *self.actions()]
        return [
            (", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()), action.text())
            for action in actions
            if action.shortcuts()
        ]

    @property
    def page(self) -> Page | None:
        """The page shown, if any."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    @property
    def here(self) -> Destination | None:
        """Where the window is."""
        return self._here

    @property
    def history(self) -> Sequence[Destination]:
        """The way back from here, the last page at the end."""
        return tuple(self._history)

    @history.setter
    def history(self, history: Sequence[Destination]) -> None:
        self._history = [each for each in history if self.has(each)][-HISTORY:]

    def forget(self, is_gone: Callable[[Destination], bool], *, instead: Destination) -> None:
        """Leave a page that is gone for ``instead``, also one under help, and take such pages out of the way back.

        Whoever asks for it has seen to it that what was typed there was kept.
        """
        if self._history and self._under_help is not None and is_gone(self._history[-1]):
            self._under_help = None
        self._history = [each for each in self._history if not is_gone(each)]
        if self._here is not None and is_gone(self._here):
            # not left as other pages are: what was typed has been kept, and there is nothing here to write it into
            self._open(instead)

    def has(self, destination: Destination | None) -> bool:
        """Say whether the window has a page for ``destination``."""
        return type(destination) in self._factories

    def show_page(self, destination: Destination) -> None:
        """Leave the page shown (drafts are saved) and open another; unknown places are told in the foot."""
        kind = type(destination)
        if kind not in self._factories:
            self.foot.say(self.tr("That page is not part of this laptop's work."))
            return
        if kind is ToHelp and self.page is not None and not isinstance(self._here, ToHelp):
            # not left: whoever looks something up finds everything as it was
            self._under_help = (self.page, QApplication.focusWidget())
        elif kind is not ToHelp:
            self.leave()
            self._under_help = None
        if self._here is not None and self._here != destination and type(self._here) is not ToHelp:
            self._history = [*self._history, self._here][-HISTORY:]
        self._open(destination)

    def _open(self, destination: Destination, *, going_back: bool = False) -> None:
        kind = type(destination)
        page = self._made.get(kind)
        if page is None:
            page = self._factories[kind]()
            page.go.connect(self.show_page)
            page.said.connect(self.foot.say)
            page.back.connect(self.back)
            page.turned.connect(self.foot.turn_page)
            self._made[kind] = page
            self.stack.addWidget(page)
        self._here = destination
        self.rail.show_current(kind)
        self._yield_keys(page)
        self.foot.turn_page()
        page.forget_missed()
        as_it_was = going_back and page.returned(destination)
        if not going_back:
            page.opened(destination)
        self.stack.setCurrentWidget(page)
        if hasattr(page, "sheet") and not as_it_was:
            page.sheet.show_top()
        focus = page.default_focus
        # a page makes some of its widgets anew
        if focus is not None and isValid(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.went.emit(destination)

    def back(self) -> None:
        """Go where the window was before; from help to the page under it, which is as it was."""
        if self._history and self._under_help is not None:
            (page, focus), self._under_help = self._under_help, None
            self._here = self._history.pop()
            self.rail.show_current(type(self._here))
            self._yield_keys(page)
            self.foot.turn_page()
            self.stack.setCurrentWidget(page)
            page.catch_up()
            (focus if focus is not None and isValid(focus) else page).setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._history:
            self.leave()
            self._open(self._history.pop(), going_back=True)

    def leave(self) -> None:
        """Let the page shown save its drafts, and the one under help."""
        try:
            if self._under_help is not None:
                self._under_help[0].leaving()
        finally:
            if self.page is not None:
                self.page.leaving()

    def lock(self) -> None:
        """Save drafts, then ask for the lock, unless what was typed would be lost by it."""
        self._leave_for_good()
        if self.may_go():
            self.lock_asked.emit()

    def lock_at_once(self) -> None:
        """Save drafts, then ask for the lock, whatever can be kept: nobody is here."""
        self._leave_for_good()
        self.lock_asked.emit()

    def _leave_for_good(self) -> None:
        try:
            self.leave()
        except StorageTrouble as trouble:
            # a full disk must not keep the screen open to whoever passes by
            log.warning("a draft could not be kept: %s", type(trouble).__name__)

    def undo_last(self) -> None:
        """Undo what was offered last and can still be seen; where nothing is offered, say so and do nothing."""
        offered = [bar for bar in self.findChildren(UndoBar) if bar.isVisible()]
        if offered:
            max(offered, key=lambda bar: bar.turn).button.click()
        else:
            self.foot.say(self.tr("There is nothing to undo here."))

    def set_status(self, text: str) -> None:
        """Show what is sent and not, in words, at the foot."""
        self.foot.set_status(text)

    def set_count(self, kind: type, count: int) -> None:
        """Show how much waits at a page of the rail."""
        self.rail.set_count(kind, count)

    def set_banner(self, text: str) -> None:
        """Show a lasting line over everything (practice mode); no text takes it away."""
        self.banner.set_words(text)
        self.banner.setVisible(bool(text))

    def _to_page(self) -> None:
        """Put the keyboard on the page itself, which acts on no key."""
        if self.page is not None:
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _crisis(self) -> None:
        if ToCrisis in self._factories:
            self.show_page(ToCrisis())
        else:
            self.crisis_asked.emit()

    def _help(self) -> None:
        self.show_page(ToHelp())

    def _to_find(self) -> None:
        self.top.find_box.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.find_box.line.selectAll()

    def _fit(self) -> None:
        narrow = self.width() < 1000 * self.fontMetrics().height() / 21
        self.rail.set_small(narrow)
        self.top.align_with(self.rail.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page the room: the rail becomes narrow in a narrow window."""
        super().resizeEvent(event)
        self._fit()
        self.trouble.fit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on in reading order: the page, the foot, the top line, the rail, and the page again."""
        return step(self, self.page, forward=forward)

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when the text size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "rail"):
            self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save drafts before the end."""
        self._leave_for_good()
        if not self.may_go():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)
