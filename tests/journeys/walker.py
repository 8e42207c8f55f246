"""Hands on the real window: finds things by name, presses real keys and the real mouse, waits for conditions, takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QKeyCombination, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QComboBox, QScrollArea, QWidget

from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.virtual_list import VirtualList

PATIENCE_SECONDS = 20.0
"""How long a condition is waited for; only a walk that fails waits so long."""
_BETWEEN_LOOKS_MS = 8


class NotThere(AssertionError):
    """What the walk wanted is not on the screen, or did not come."""


class Walker:
    """One person's hands and eyes. ``window`` returns the window that is in front of them now, if there is one."""

    def __init__(self, window: Callable[[], QWidget | None]) -> None:
        self._window = window

    # -- eyes

    @property
    def window(self) -> QWidget:
        """The window in front."""
        window = self._window()
        if window is None:
            raise NotThere("no window is open")
        return window

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Let the program work until ``condition`` holds; raise ``NotThere`` with ``what`` when it never does."""
        if condition():
            return
        loop = QEventLoop()
        timer = QTimer()
        timer.setInterval(_BETWEEN_LOOKS_MS)
        until = time.monotonic() + seconds
        came = False

        def look() -> None:
            nonlocal came
            # it is not asked again: what else waits in this turn may have changed it by the time the loop ends
            came = came or bool(condition())
            if came or time.monotonic() > until:
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()
        if not came:
            raise NotThere(f"waited {seconds:.0f} s for this: {what}")

    def visible(self, name: str) -> QWidget | None:
        """Return the widget of this name that can be seen, or nothing."""
        window = self._window()
        if window is None:
            return None
        found = [each for each in window.findChildren(QWidget, name) if each.isVisibleTo(window) and each.isVisible()]
        return found[0] if found else None

    def see(self, name: str) -> QWidget:
        """Wait until something of this name can be seen, bring it into view and return it."""
        self.wait(lambda: self.visible(name) is not None, f"{name} on the screen")
        widget = self.visible(name)
        if widget is None:
            raise NotThere(f"{name} went away")
        self._bring_into_view(widget)
        return widget

    def says(self, words: str) -> bool:
        """Say whether these words can be read somewhere in the window."""
        window = self._window()
        return window is not None and any(words in text for text in _texts(window))

    def read(self, words: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until these words can be read somewhere in the window."""
        self.wait(lambda: self.says(words), f'the words "{words}"', seconds)

    def _bring_into_view(self, widget: QWidget) -> None:
        QApplication.processEvents()
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                with _by_hand(parent):
                    parent.ensureWidgetVisible(widget, 20, 60)
            parent = parent.parentWidget()
        QApplication.processEvents()

    def _bring_line_into_view(self, view: VirtualList, index: QModelIndex) -> None:
        """Scroll the pages around a list that is longer than they show, as far as one of its lines."""
        parent: QWidget | None = view
        while parent is not None:
            if isinstance(parent, QScrollArea) and (inside := parent.widget()) is not None and inside.isAncestorOf(view):
                line = view.viewport().mapTo(inside, view.visualRect(index).center())
                with _by_hand(parent):
                    parent.ensureVisible(line.x(), line.y(), 20, 60)
            parent = parent.parentWidget()
        QApplication.processEvents()

    # -- hands

    def click(self, name: str) -> None:
        """Press the middle of what has this name, with the mouse; fail when something else lies over it."""
        try:
            self._press_mouse(self.see(name), name)
        except RuntimeError:
            # the window was built again between seeing and pressing (a round brought another place): a person looks again
            self._press_mouse(self.see(name), name)

    def _press_mouse(self, widget: QWidget, name: str, at: QPoint | None = None) -> None:
        window = self.window
        point = widget.rect().center() if at is None else at
        in_window = widget.mapTo(window, point)
        under = window.childAt(in_window)
        if under is None or not (under is widget or widget.isAncestorOf(under) or under.isAncestorOf(widget)):
            covered = "nothing" if under is None else under.objectName() or type(under).__name__
            raise NotThere(f"{name} cannot be pressed: {covered} is at its place")
        target = under if widget.isAncestorOf(under) else widget
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(window, in_window))

    def click_words(self, words: str, within: str = "") -> None:
        """Press the button that says ``words``, inside what is called ``within``."""

        def found() -> QAbstractButton | None:
            place = self.visible(within) if within else self._window()
            buttons = [] if place is None else place.findChildren(QAbstractButton)
            return next(
                (b for b in buttons if b.isVisible() and words in (b.text().replace("&&", "&"), b.accessibleName())), None
            )

        self.wait(lambda: found() is not None, f'a button that says "{words}"')
        button = found()
        if button is None:
            raise NotThere(f'the button "{words}" went away')
        self._bring_into_view(button)
        self._press_mouse(button, words)

    def type(self, name: str, text: str) -> None:
        """Press into a field and type; ``name`` is the field's, without ``.input``."""
        widget = self.visible(f"{name}.input") or self.see(name)
        self._bring_into_view(widget)
        widget = self.visible(f"{name}.input") or widget
        self._press_mouse(widget, name)
        self.keys(text)

    def keys(self, text: str) -> None:
        """Type where the keyboard is."""
        QTest.keyClicks(self.focus(), text)

    def press(self, keys: str) -> None:
        """Press keys together, as ``Ctrl+Return`` or ``F7``, where the keyboard is."""
        # Qt's own reading of the words; its stubs do not know that a sequence can be counted through
        combination: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
        QTest.keyClick(self.focus(), combination.key(), combination.keyboardModifiers())

    def focus(self) -> QWidget:
        """Return what has the keyboard; the window itself when nothing in it has."""
        window = self.window
        if not window.isActiveWindow():
            window.activateWindow()
            self.wait(window.isActiveWindow, "the keyboard in this window")
        return QApplication.focusWidget() or window

    def choose(self, name: str, words: str) -> None:
        """Choose from a list that opens, with the keyboard."""
        box = self.visible(f"{name}.input") or self.see(name)
        if not isinstance(box, QComboBox):
            raise NotThere(f"{name} is no list to choose from")
        self._bring_into_view(box)
        self.focus()
        box.setFocus(Qt.FocusReason.MouseFocusReason)
        wanted = next((row for row in range(box.count()) if box.itemText(row) == words), None)
        if wanted is None:
            raise NotThere(f'{name} does not offer "{words}"')
        while box.currentIndex() != wanted:
            QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < wanted else Qt.Key.Key_Up)

    def open_row(self, name: str, words: str) -> Row:
        """Press the line of a list in which ``words`` can be read."""
        view = self.see(name)
        if not isinstance(view, VirtualList):
            raise NotThere(f"{name} is no list")

        def line() -> int | None:
            model = view.model()
            said = (model.index(row, 0).data(Qt.ItemDataRole.DisplayRole) for row in range(model.rowCount()))
            return next((row for row, text in enumerate(said) if words in str(text)), None)

        self.wait(lambda: line() is not None, f'"{words}" in {name}')
        index = view.model().index(line() or 0, 0)
        view.scrollTo(index)
        QApplication.processEvents()
        row = view.row_at(index)
        self._bring_line_into_view(view, index)
        self._press_mouse(view.viewport(), words, view.visualRect(index).center())
        if row is None:
            raise NotThere(f'"{words}" went away')
        return row

    # -- pictures

    def rest(self) -> None:
        """Let what was begun be painted: layouts, fonts and short timers of the window itself."""
        for _ in range(4):
            QApplication.processEvents()
        QApplication.sendPostedEvents()

    def to_top(self) -> None:
        """Show the beginning of the page."""
        for area in self.window.findChildren(QScrollArea):
            if area.isVisible():
                area.verticalScrollBar().setValue(0)

    def picture(self, path: Path) -> None:
        """Save what the window looks like now."""
        self.rest()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.window.grab().save(str(path)):
            raise NotThere(f"{path.name} could not be saved")


@contextmanager
def _by_hand(area: QScrollArea) -> Iterator[None]:
    """Let what scrolls the page meanwhile be done as by the wheel: the page is told that somebody did."""
    bar = area.verticalScrollBar()
    before = bar.value()
    yield
    until = bar.value()
    bar.setValue(before)
    bar.setSliderPosition(until)


def _texts(window: QWidget) -> list[str]:
    texts = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            for name in ("text", "plainText", "currentText"):
                value = widget.property(name)
                if isinstance(value, str) and value:
                    texts.append(value)
            if isinstance(widget, QAbstractScrollArea) and isinstance(widget, VirtualList):
                model = widget.model()
                texts += [str(model.index(row, 0).data()) for row in range(min(model.rowCount(), 300))]
            if widget.accessibleName():
                texts.append(widget.accessibleName())
    return texts
