"""Boxes with words: notices, errors of a form, undo, an empty list, progress."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.icon import IconView
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class Tone(Enum):
    """INFO tells; ATTENTION asks to look before going on. There is no alarm."""

    INFO = "info"
    ATTENTION = "circle-check"


class Notice(QFrame):
    """A tinted box with a title, words and, if wanted, more widgets through :meth:`add`.

    ``across`` makes it a low strip along the top of a window, from edge to edge.
    """

    def __init__(
        self, title: str, text: str = "", tone: Tone = Tone.ATTENTION, *, across: bool = False, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(name)
        self._tone = tone
        self._across = across
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(20, 16, 20, 16)
        self.box.setSpacing(4)
        if across:
            self.box.setContentsMargins(16, 6, 16, 6)
        self.title = Text(title, Kind.BOLD)
        self.text = Text(text)
        self.box.addWidget(self.title)
        self.box.addWidget(self.text)
        self.set_words(title, text)

    def set_words(self, title: str, text: str = "") -> None:
        """Change title and words; no words hide their line."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.setAccessibleName(title or text)

    def add(self, part: QWidget) -> None:
        """Put a widget under the words."""
        self.box.addSpacing(4)
        self.box.addWidget(part)

    def paintEvent(self, _event: object) -> None:
        """Draw the tinted ground."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        ground, edge = (tokens.soft, tokens.accent) if self._tone is Tone.INFO else (tokens.notice.fill, tokens.notice_edge)
        if self._across:
            painter.fillRect(self.rect(), QColor(ground))
            painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(edge))
        else:
            draw_box(painter, self.rect(), ground, edge, 1, 12)
        painter.end()


class ErrorSummary(QFrame):
    """What has to be put right before saving: takes the focus and links to each field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(20, 16, 20, 16)
        self.box.setSpacing(4)
        self.box.addWidget(Heading(self.tr("There is something to put right"), Level.CARD))
        self._links: list[Button] = []
        self._fields: list[Field] = []
        self.hide()

    def show_errors(self, errors: Sequence[tuple[str, Field]]) -> None:
        """Show each error here and at its field in place of earlier ones, and take the focus; no errors hide it all."""
        for field in self._fields:
            field.show_error("")
        self.clear()
        self._fields = [field for _, field in errors]
        for text, field in errors:
            field.show_error(text)
            link = Button(text, Look.LINK)
            link.clicked.connect(field.setFocus)
            self.box.addWidget(link)
            self._links.append(link)
        self.setVisible(bool(errors))
        if errors:
            self.setAccessibleName(self.tr("There is something to put right"))
            self.setAccessibleDescription(". ".join(text for text, _ in errors))
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space go to the first thing to put right."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._links:
            if not event.isAutoRepeat():
                self._links[0].click()
            return
        super().keyPressEvent(event)

    def pardon(self, field: Field) -> None:
        """Take away what was said of one field, here and there, without moving the focus."""
        field.show_error("")
        if field not in self._fields:
            return
        at = self._fields.index(field)
        self._fields.pop(at)
        link = self._links.pop(at)
        self.box.removeWidget(link)
        link.hide()
        link.deleteLater()
        self.setAccessibleDescription(". ".join(link.text() for link in self._links))
        self.setVisible(bool(self._links))

    def clear(self) -> None:
        """Take the summary's own words away; each field keeps its error until it is told."""
        for link in self._links:
            self.box.removeWidget(link)
            link.hide()
            link.deleteLater()
        self._links.clear()
        self.hide()

    def paintEvent(self, _event: object) -> None:
        """Draw the ground and a strong edge."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        draw_box(painter, self.rect(), tokens.card, tokens.error, 3, 12)
        painter.end()


class UndoBar(QFrame):
    """Says what was done and offers to undo it, for 30 seconds or until the next thing is done.

    ``aside`` stands before the button: a way to where more is told.
    """

    undone = Signal()
    SECONDS = 30
    _turns = itertools.count(1)

    def __init__(self, aside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = 0
        """When this was last offered, counted over all bars: Ctrl+Z undoes what was offered last."""
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 8, 16, 8)
        self.text = Text("")
        self.button = Button(self.tr("Undo"), Look.SECONDARY, icon="undo-2", key="Ctrl+Z", name="undo")
        # in large letters the words have the whole width, and the buttons stand under them
        buttons = Flow([*([aside] if aside is not None else []), self.button], spacing=16)
        across.addWidget(Columns([self.text, buttons], (1, 0), stack_under=620, spacing=16))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.button.clicked.connect(self._undo)
        self.hide()

    def offer(self, text: str, says: str = "") -> None:
        """Show ``text`` with the button, and say it aloud to a screen reader."""
        self.turn = next(self._turns)
        self.text.setText(text)
        self.button.setAccessibleName(says or self.tr("Undo: {0}").format(text))
        self.show()
        self._timer.start(self.SECONDS * 1000)
        announce(self, text)

    def withdraw(self) -> None:
        """Offer it no longer: what was done has become part of something else."""
        self._timer.stop()
        self.hide()

    def _undo(self) -> None:
        self.withdraw()
        self.undone.emit()

    def paintEvent(self, _event: object) -> None:
        """Draw a green ground."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        draw_box(painter, self.rect(), tokens.card, tokens.good, 2, 12)
        painter.end()


class EmptyState(QWidget):
    """Stands where a list would be: what is not there, and what to do next."""

    def __init__(
        self, title: str, text: str = "", action: Button | None = None, *, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 16)
        box.setSpacing(6)
        self.icon = IconView(icon, 36)
        self.icon.setVisible(bool(icon))
        box.addWidget(self.icon)
        self.title = Text(title, Kind.BOLD)
        self.text = Text(text, Kind.MUTED)
        box.addWidget(self.title)
        box.addWidget(self.text)
        self.text.setVisible(bool(text))
        if action is not None:
            box.addSpacing(8)
            box.addWidget(action, 0, Qt.AlignmentFlag.AlignLeading)

    def set_words(self, title: str, text: str = "") -> None:
        """Change the words."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))


class ProgressPanel(QFrame):
    """What is being done, how far it is, and a way to stop it."""

    cancelled = Signal()

    def __init__(self, text: str = "", *, can_cancel: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = Text(text)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(text or self.tr("Progress"))
        self.button = Button(self.tr("Stop"), says=self.tr("Stop: {0}").format(text), name="stop")
        self.button.setVisible(can_cancel)
        self.button.clicked.connect(self.cancelled)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 12, 20, 12)
        box.addWidget(Columns([words, self.button], (1, 0), stack_under=320))

    def set_progress(self, done: int, total: int, text: str = "") -> None:
        """Show ``done`` of ``total`` (0 = not known how much there is)."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if text:
            self.text.setText(text)
            self.bar.setAccessibleName(text)

    def paintEvent(self, _event: object) -> None:
        """Draw the ground."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        draw_box(painter, self.rect(), tokens.card, tokens.line, 1, 12)
        painter.end()
