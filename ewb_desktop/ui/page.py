"""What every page of the window is: a widget with a title that can be opened and left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.words import list_words
from ewb_desktop.ui.widgets.bar import Bar
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.reading_order import step
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.text import Kind, Text

if TYPE_CHECKING:
    from ewb_desktop.ui.destinations import Destination

_NAMED = 3
"""So many fields are named in a sentence."""


class Page(QWidget):
    """One page. Give it content with ``self.sheet.add(widget)``, or lay it out yourself with ``scrolled=False``.

    ``go`` asks the window for another page. ``said`` is a sentence for the foot of the window, spoken politely.
    ``title`` names the page to a screen reader. Both hooks do nothing here: a page overrides what it needs.
    """

    go = Signal(object)
    said = Signal(str)
    back = Signal()
    turned = Signal()
    """The page goes to another step of its own: what was said of the last one goes."""
    heard = Signal(object)
    """What the store announced while the page was shown: its presenter asks "does this concern me?" and reads again."""

    def __init__(self, title: str, name: str, *, scrolled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.default_focus: QWidget | None = None
        self._missed: list[object] = []
        self._whose: Text | None = None
        self.title = title
        if scrolled:
            box = QVBoxLayout(self)
            box.setContentsMargins(0, 0, 0, 0)
            self.sheet = ScrollPage()
            box.addWidget(self.sheet)

    def keep_in_sight(self, whose: str) -> None:
        """Say over the page whom it is about, by two identifiers: it stays while the page scrolls under it."""
        if self._whose is None:
            self._whose = Text("", Kind.BOLD)
            self._whose.setObjectName(f"{self.objectName()}.whose")
            layout = self.layout()
            if isinstance(layout, QVBoxLayout):
                layout.insertWidget(0, Bar(self._whose, at_top=True))
        self._whose.setText(whose)

    @property
    def whose(self) -> str:
        """Whom the page is about, as it says over the page; nothing on pages about nobody."""
        return self._whose.text() if self._whose is not None else ""

    @property
    def title(self) -> str:
        """What a screen reader calls the page; never with a person's name in it that the screen does not show."""
        return self.accessibleName()

    @title.setter
    def title(self, title: str) -> None:
        self.setAccessibleName(title)

    def lead_to(self, begun: Sequence[Field]) -> None:
        """Lead to what was typed before and not saved: the keyboard goes to the first of these fields, and they are named."""
        if begun and begun[0].input is not None:
            self.default_focus = begun[0].input
        named = list_words([f"“{field.label_text}”" for field in begun[:_NAMED]])
        more = self.tr(" and more") if len(begun) > _NAMED else ""
        where = f" {self.tr('Not saved yet:')} {named}{more}." if begun else ""
        self.said.emit(self.tr("What you typed before is still here.") + where)

    def opened(self, destination: Destination) -> None:
        """Show what ``destination`` asks for; called each time the page is shown, with fresh data to be read."""

    def returned(self, destination: Destination) -> bool:
        """Show again what was shown for ``destination``, when somebody goes back to it; say whether the page is as it was left.

        A page that is scrolls to nowhere. Here it is opened afresh.
        """
        self.opened(destination)
        return False

    def hear(self, changes: object) -> None:
        """Pass on what the store announced. A page that is not shown reads afresh when it is opened, or catches up.

        The feed is connected to this method, and not to a presenter: the connection goes when the page goes.
        """
        if self.isVisible():
            self.heard.emit(changes)
        else:
            self._missed.append(changes)

    def forget_missed(self) -> None:
        """The page is about to read everything afresh."""
        self._missed.clear()

    def catch_up(self) -> None:
        """The page is shown again as it was: pass on what the store announced meanwhile."""
        missed, self._missed = self._missed, []
        for changes in missed:
            self.heard.emit(changes)

    def leaving(self) -> None:
        """Save drafts; called before another page is shown, before a lock and before the program ends."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on in reading order; in a window of pages the window goes on, to what stands round the page."""
        return step(self, self, forward=forward) if self.isWindow() else super().focusNextPrevChild(forward)

    def act(self, text: str, key: str, slot: object, name: str = "") -> QAction:
        """Make an action with a key that works while the page is shown and stands in the keyboard list (F1)."""
        action = QAction(self)
        # apart: with words in the constructor the binding first makes ready all that icons can be (3 ms before the lock screen)
        action.setText(text)
        action.setShortcut(QKeySequence(key))
        action.setObjectName(name)
        action.triggered.connect(slot)
        self.addAction(action)
        return action
