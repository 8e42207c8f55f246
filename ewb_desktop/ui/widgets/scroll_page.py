"""A page's content that scrolls: what has the keyboard stays in sight, and who scrolls away from it is left there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from ewb_desktop.ui.widgets.reading_order import lies_in, top_in


class _Content(QWidget):
    """What scrolls: asks for the height its words need at the width they have, not at the narrowest they could have."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        layout = self.layout()
        return QSize(hint.width(), 0) if layout is not None and layout.hasHeightForWidth() else hint


NEAR = 8
"""Pixels kept free above and under a part that is scrolled to: the focus ring stands in them."""

_SCROLLING: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class ScrollPage(QScrollArea):
    """A page's content that scrolls up and down and never loses a part of it at large text.

    What gets the keyboard is brought wholly into sight, and stays there when the page is laid out again; what is pressed with
    the mouse stays where it is, under the pointer, until a key is typed in it. Who scrolled away from it, with the wheel, the
    bar or the page keys, is not taken back when the page is laid out again. Page Up, Page Down, Home and End scroll where no
    field takes them.
    """

    def __init__(self, content: QWidget | None = None, *, margins: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = content or _Content()
        if content is None:
            self.body = QVBoxLayout(self.content)
            self.body.setContentsMargins(*((28, 20, 28, 24) if margins else (0, 0, 0, 0)))
            self.body.setSpacing(16)
        self.setWidget(self.content)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self.show_focus)
        self._stays = False
        """Since the keyboard came to where it is somebody scrolled, or it came by the mouse, or the page showed its beginning."""
        self.verticalScrollBar().actionTriggered.connect(self._hand_scrolled)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a part at the end of the page."""
        if isinstance(part, QWidget):
            self.body.addWidget(part, stretch)
        else:
            self.body.addLayout(part, stretch)

    def fill(self) -> None:
        """Push what was added to the top."""
        self.body.addStretch(1)

    def show_top(self) -> None:
        """Scroll to the beginning, also where the keyboard is further down: there is something to be read first."""
        self._stays = True
        self.verticalScrollBar().setValue(0)

    def show_near(self, part: QWidget) -> None:
        """Scroll to the beginning, or as far beyond it as ``part`` needs to be in sight, its first line before all of it."""
        if not isValid(part) or not lies_in(part, self.content):
            return
        self._stays = False
        top = top_in(part, self.content)
        beyond = top + part.height() + NEAR - self.viewport().height()
        self.verticalScrollBar().setValue(max(0, min(top - NEAR, beyond)))
        self.show_focus()

    def show_focus(self) -> None:
        """Scroll no further than what has the keyboard needs to be wholly in sight; its beginning where it is too tall."""
        focus = QApplication.focusWidget()
        if focus is None or focus is self.content or not self.content.isAncestorOf(focus) or not focus.isVisible():
            return
        bar = self.verticalScrollBar()
        top = top_in(focus, self.content) - NEAR
        least = top + focus.height() + 2 * NEAR - self.viewport().height()
        if least > top:
            # taller than the page: it only has to be there
            seen = top < bar.value() + self.viewport().height() and top + focus.height() > bar.value()
            bar.setValue(bar.value() if seen else top)
        else:
            # its label stands above it: who scrolls up to a field must read what is asked for
            named = self._label_top(focus) - NEAR
            bar.setValue(min(max(bar.value(), least), named if least <= named else top))

    def _label_top(self, focus: QWidget) -> int:
        """Return where the field begins that hands its keyboard to ``focus``, label first; else where ``focus`` itself does."""
        top, holder = top_in(focus, self.content), focus.parent()
        while isinstance(holder, QWidget) and holder is not self.content:
            if holder.focusProxy() is not None:
                top = min(top, top_in(holder, self.content))
            holder = holder.parent()
        return top

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and isValid(old) and old is not self.content:
            old.removeEventFilter(self)
        if new is None or not self.content.isAncestorOf(new):
            return
        new.installEventFilter(self)
        # what is pressed stays under the pointer, also when something above it grows
        self._stays = bool(QApplication.mouseButtons())
        if not self._stays:
            self.show_focus()
            # what was made just now has its place only when the layout under way is done
            self._settled.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the keyboard in sight when there is less room, unless somebody scrolled away from it."""
        was_left = self._stays and not self._sees_focus(event.oldSize().height())
        super().resizeEvent(event)
        if not was_left:
            self._settled.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep what has the keyboard in sight when what stands above it grows or goes, unless somebody scrolled since a key."""
        done = super().eventFilter(watched, event)
        if watched is not self.content and event.type() == QEvent.Type.KeyPress:
            # who types looks at what is typed, also where the mouse was last
            self._stays = False
        if watched is self.content and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and not self._stays:
            self._settled.start()
        return done

    def _hand_scrolled(self, _action: int) -> None:
        self._stays = True

    def _sees_focus(self, tall: int) -> bool:
        """Say whether any of what has the keyboard is in sight in a page that is ``tall`` pixels tall."""
        focus = QApplication.focusWidget()
        if focus is None or not self.content.isAncestorOf(focus):
            return False
        top, seen = top_in(focus, self.content), self.verticalScrollBar().value()
        return top < seen + tall and top + focus.height() > seen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the keys that no field took."""
        action = _SCROLLING.get(event.key())
        if action is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.verticalScrollBar().triggerAction(action)
