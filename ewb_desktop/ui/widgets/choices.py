"""Choices as large painted rows: one of several, or several of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ewb_desktop.ui.widgets.button import draw_key
from ewb_desktop.ui.widgets.icon import draw_icon
from ewb_desktop.ui.widgets.look import RADIUS, tokens_of
from ewb_desktop.ui.widgets.painting import WRAP, draw_box, draw_words, widest_word, wrapped_height
from ewb_desktop.ui.widgets.text import sized


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen: what comes back, the words, and a hint under them."""

    value: Any
    text: str
    hint: str = ""


class _Painted:
    """Measures and paints a row with a mark, words, a hint and a key; ``key`` may be empty."""

    PAD = 16
    MARK = 22

    def __init__(self, button: QAbstractButton, choice: Choice, key: str, round_mark: bool) -> None:
        self.button = button
        self.choice = choice
        self.key = key
        self.round_mark = round_mark

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(sized(17, bold=True)), QFontMetrics(sized(15))

    def mark_px(self) -> int:
        return round(self.MARK * (1 + (self.button.fontMetrics().height() / 20 - 1) / 2))

    def _beside(self) -> int:
        key = QFontMetrics(sized(13)).horizontalAdvance(self.key) + 14 + 12 if self.key else 0
        return 2 * self.PAD + self.mark_px() + 12 + key

    def hint_size(self) -> QSize:
        large, small = self._metrics()
        width = max(large.horizontalAdvance(self.choice.text), small.horizontalAdvance(self.choice.hint))
        return QSize(min(width, 560) + self._beside(), self.height_for(min(width, 560) + self._beside()))

    def least(self) -> QSize:
        large, small = self._metrics()
        width = max(widest_word(large, self.choice.text), widest_word(small, self.choice.hint)) + self._beside()
        return QSize(width, self.height_for(width))

    def height_for(self, width: int) -> int:
        large, small = self._metrics()
        room = width - self._beside()
        tall = wrapped_height(large, self.choice.text, room)
        if self.choice.hint:
            tall += 2 + wrapped_height(small, self.choice.hint, room)
        return max(44, tall + 2 * 12)

    def paint(self) -> None:
        button, tokens = self.button, tokens_of(self.button)
        on = button.isChecked()
        painter = QPainter(button)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = tokens.soft if on or button.underMouse() else tokens.card
        draw_box(painter, button.rect(), fill, tokens.accent if on else tokens.edge, 2, RADIUS)
        mark = QRect(self.PAD, (button.height() - self.mark_px()) // 2, self.mark_px(), self.mark_px())
        text = QRect(mark.right() + 13, 0, button.width() - self._beside(), button.height())
        if button.isRightToLeft():
            mark.moveLeft(button.width() - self.PAD - mark.width())
            text.moveRight(mark.left() - 12)
        self._paint_mark(painter, mark)
        self._paint_words(painter, text)
        if self.key:
            metrics = QFontMetrics(sized(13))
            cap = QSize(metrics.horizontalAdvance(self.key) + 14, metrics.height() + 4)
            left = self.PAD if button.isRightToLeft() else button.width() - self.PAD - cap.width()
            box = QRect(QPoint(left, (button.height() - cap.height()) // 2), cap)
            draw_key(painter, box, self.key, tokens.muted, tokens.edge)
        painter.end()

    def _paint_mark(self, painter: QPainter, mark: QRect) -> None:
        tokens, on = tokens_of(self.button), self.button.isChecked()
        radius = mark.width() / 2 if self.round_mark else 4
        draw_box(painter, mark, tokens.accent if on else tokens.card, tokens.accent if on else tokens.text, 2, radius)
        if on and self.round_mark:
            third = mark.width() // 3
            draw_box(painter, mark.adjusted(third, third, -third, -third), tokens.on_accent, "", 0, third)
        elif on:
            draw_icon(painter, "check", mark.adjusted(2, 2, -2, -2), tokens.on_accent)

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        tokens = tokens_of(self.button)
        large, small = self._metrics()
        tall = wrapped_height(large, self.choice.text, room.width())
        under = wrapped_height(small, self.choice.hint, room.width()) + 2 if self.choice.hint else 0
        top = (self.button.height() - tall - under) // 2
        side = Qt.AlignmentFlag.AlignRight if self.button.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        flags = int((side | Qt.AlignmentFlag.AlignAbsolute).value) | WRAP
        on = self.button.isChecked()
        painter.setFont(sized(17, bold=on))
        painter.setPen(QPen(QColor(tokens.on_soft if on else tokens.text)))
        draw_words(painter, QRect(room.x(), top, room.width(), tall), flags, self.choice.text)
        if self.choice.hint:
            painter.setFont(sized(15))
            painter.setPen(QColor(tokens.muted))
            draw_words(painter, QRect(room.x(), top + tall + 2, room.width(), under), flags, self.choice.hint)


def _wrapping() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy


# Qt takes one class of its own as a parent: the other one is a button to the type checker only
if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object


class _PaintedRow(_Button):
    """What a painted row has whatever its mark: the whole row is the target, and its words wrap."""

    def _take(self, choice: Choice, key: str, *, round_mark: bool) -> None:
        self.choice = choice
        self._painted = _Painted(self, choice, key, round_mark)
        self.setText(choice.text.replace("&", "&&"))
        self.setAccessibleName(choice.text)
        self.setAccessibleDescription(choice.hint)
        self.setSizePolicy(_wrapping())

    def hitButton(self, pos: QPoint) -> bool:
        """Take a press anywhere on the row."""
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        """Words on one line where they are not too long."""
        return self._painted.hint_size()

    def minimumSizeHint(self) -> QSize:
        """Wrap down to the longest word."""
        return self._painted.least()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of the wrapped words."""
        return self._painted.height_for(width)

    def paintEvent(self, _event: object) -> None:
        """Draw the row."""
        self._painted.paint()


_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


def choose_by_arrow(left: QRadioButton, event: QKeyEvent) -> None:
    """Choose what an arrow key went to. Qt does so only where one was chosen before: a first answer would only look chosen."""
    here = QApplication.focusWidget()
    if event.key() in _ARROWS and isinstance(here, QRadioButton) and here is not left and here.group() is left.group():
        here.setChecked(True)


class ChoiceRow(_PaintedRow, QRadioButton):
    """One of several choices; the whole row is the target."""

    def __init__(self, choice: Choice, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take(choice, key, round_mark=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrow keys."""
        super().keyPressEvent(event)
        choose_by_arrow(self, event)


class CheckRow(_PaintedRow, QCheckBox):
    """One choice that can be on or off by itself."""

    def __init__(self, choice: Choice, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take(choice, key, round_mark=False)


def _caps(choices: Sequence[Choice]) -> list[str]:
    """Return the digit that presses each choice: its value where all are numbers of one digit, else its place from 1.

    Answers that score 0 to 3 on paper are copied by their scores: a cap that said 1 to 4 would be misread as one.
    """
    values = [choice.value for choice in choices]
    if all(isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9 for value in values):
        return [str(value) for value in values]
    return [str(place) if place <= 9 else "" for place in range(1, len(choices) + 1)]


class _Choices(QWidget):
    """Rows under one another and the digit keys that press them, if ``keys``."""

    def __init__(self, says: str, name: str, parent: QWidget | None, *, keys: bool) -> None:
        super().__init__(parent)
        self._keys = keys
        self._quiet = False
        self.setAccessibleName(says)
        self.setObjectName(name)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(12)
        self.rows: list[QAbstractButton] = []
        self._caps: list[str] = []

    def clear(self) -> None:
        for row in self.rows:
            self.box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()

    def _show(self, choices: Sequence[Choice], says: str, kind: type[ChoiceRow | CheckRow]) -> Sequence[QAbstractButton]:
        """Put one row of this kind for each choice in the place of those that are there; return them."""
        self.clear()
        if says:
            self.setAccessibleName(says)
        self._caps = _caps(choices) if self._keys else [""] * len(choices)
        for choice, cap in zip(choices, self._caps, strict=True):
            row = kind(choice, cap)
            row.toggled.connect(self._toggled)
            self.box.addWidget(row)
            self.rows.append(row)
        return self.rows

    def _toggled(self, on: bool) -> None:
        raise NotImplementedError

    @property
    def digits(self) -> tuple[str, ...]:
        """The digits that press a row."""
        return tuple(cap for cap in self._caps if cap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the row whose digit was typed."""
        cap = chr(event.key()) if Qt.Key.Key_0.value <= event.key() <= Qt.Key.Key_9.value else ""
        if cap and cap in self._caps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            row = self.rows[self._caps.index(cap)]
            row.setFocus(Qt.FocusReason.ShortcutFocusReason)
            row.click()
            return
        super().keyPressEvent(event)


class ChoiceList(_Choices):
    """One of several choices. ``chosen(value)`` tells what the person pressed; setting :attr:`value` says nothing."""

    chosen = Signal(object)

    def __init__(
        self, choices: Sequence[Choice] = (), *, says: str, keys: bool = True, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(says, name, parent, keys=keys)
        self._group = QButtonGroup(self)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[Choice], says: str = "") -> None:
        """Show other choices, none of them chosen."""
        for row in self._show(choices, says, ChoiceRow):
            self._group.addButton(row)
        if self.rows:
            self.setFocusProxy(self.rows[0])

    def describe_beside(self, words: str) -> None:
        """Have a screen reader say with each choice what stands beside them; no words take it away."""
        self.setAccessibleDescription(words)
        for row in self.rows:
            hint = row.choice.hint if isinstance(row, ChoiceRow) else ""
            row.setAccessibleDescription(". ".join(each for each in (hint, words) if each))

    def _toggled(self, on: bool) -> None:
        if on and not self._quiet:
            self.chosen.emit(self.value)

    @property
    def value(self) -> Any:
        """What is chosen, or None."""
        return next((row.choice.value for row in self.rows if isinstance(row, ChoiceRow) and row.isChecked()), None)

    @value.setter
    def value(self, value: Any) -> None:
        self._quiet = True
        self._group.setExclusive(False)
        for row in self.rows:
            row.setChecked(isinstance(row, ChoiceRow) and value is not None and row.choice.value == value)
        self._group.setExclusive(True)
        self._quiet = False


class CheckChoices(_Choices):
    """Several of several choices. ``changed(list)`` tells all that are ticked, in the order shown."""

    changed = Signal(list)

    def __init__(
        self, choices: Sequence[Choice] = (), *, says: str, keys: bool = False, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(says, name, parent, keys=keys)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[Choice], says: str = "") -> None:
        """Show other choices, none of them ticked."""
        self._show(choices, says, CheckRow)

    def _toggled(self, on: bool) -> None:  # noqa: ARG002 - the signal's own argument
        if not self._quiet:
            self.changed.emit(self.values)

    @property
    def values(self) -> list[Any]:
        """What is ticked, in the order shown."""
        return [row.choice.value for row in self.rows if isinstance(row, CheckRow) and row.isChecked()]

    @values.setter
    def values(self, values: Sequence[Any]) -> None:
        self._quiet = True
        for row in self.rows:
            row.setChecked(isinstance(row, CheckRow) and row.choice.value in values)
        self._quiet = False
