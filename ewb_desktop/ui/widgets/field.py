"""A field of a form: label above, hint under it, error above the input, and the input itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from ewb_desktop.ui.widgets.leading import begin_where_the_words_do, lead
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.painting import draw_words
from ewb_desktop.ui.widgets.text import Kind, Label, Text


class Field(QWidget):
    """What all fields share. A subclass makes the input and hands it to :meth:`_take`.

    ``edited`` is emitted when the person changes the value, never when the program sets it.
    """

    edited = Signal()

    def __init__(
        self, label: str, hint: str = "", *, optional: bool = False, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.label_text = label
        shown = self.tr("{0} (optional)").format(label) if optional else label
        self.label = Text(shown.replace("&", "&&"), Kind.BOLD)
        self.hint = Text(hint, Kind.HINT)
        self.error = Label("", 17, bold=True)
        self.error.setForegroundRole(QPalette.ColorRole.BrightText)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 8)
        self.box.setSpacing(4)
        for part in (self.label, self.hint, self.error):
            self.box.addWidget(part)
        self.hint.setVisible(bool(hint))
        self.error.hide()
        self.input: QWidget | None = None
        self._beside = ""

    def _take(self, part: QWidget, focus: QWidget | None = None) -> None:
        """Put the input in its place; ``focus`` is the part of it that the keyboard goes to."""
        self.input = focus or part
        if not self.input.objectName() and self.objectName():
            self.input.setObjectName(f"{self.objectName()}.input")
        self.box.addWidget(part)
        self.label.setBuddy(self.input)
        self.input.setAccessibleName(self.label_text)
        self.setFocusProxy(self.input)
        self._describe()

    def _describe(self) -> None:
        if self.input is not None:
            words = (self.error.text(), self.hint.text(), self._beside)
            self.input.setAccessibleDescription(". ".join(word for word in words if word))

    def set_hint(self, hint: str) -> None:
        """Change the hint; none hides it."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._describe()

    def describe_beside(self, words: str) -> None:
        """Have a screen reader say with the field what stands beside it; no words take it away."""
        self._beside = words
        self._describe()

    def show_error(self, text: str = "") -> None:
        """Show what is wrong and how to put it right; no text takes the error away."""
        self.error.setText(self.tr("Error: {0}").format(text) if text else "")
        self.error.setVisible(bool(text))
        self._describe()


LINE_LETTERS = 300
"""Most letters of one line: the longest names and addresses are half as long."""
AREA_LETTERS = 5_000
"""Most letters of a text area, about three pages. All fields of the longest form together stay far below what a server takes."""


class _Limited(Field):
    """A field with room for a number of letters; says so when somebody goes beyond it, until they write on."""

    _told_of_limit = False

    def _tell_limit(self, most: int) -> None:
        self._told_of_limit = True
        self.show_error(self.tr("There is room for {0} letters here. What was beyond that was not added.").format(f"{most:,}"))

    def _forget_limit(self) -> None:
        if self._told_of_limit:
            self.show_error()

    def show_error(self, text: str = "") -> None:
        """Show what is wrong and how to put it right; no text takes the error away."""
        super().show_error(text)
        self._told_of_limit = self._told_of_limit and bool(text)


class TextField(_Limited):
    """One line of text of up to ``most`` letters. ``chars`` makes it about that many wide; None lets it fill its place."""

    def __init__(
        self, label: str, hint: str = "", *, optional: bool = False, chars: int | None = None, name: str = "",
        most: int = LINE_LETTERS, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, hint, optional=optional, name=name, parent=parent)
        self._most = most
        self.line = LineEdit(chars)
        self.line.setMaxLength(most)
        self.line.inputRejected.connect(lambda: self._tell_limit(self.line.maxLength()))
        self._take(self.line)
        if chars is not None:
            self.box.setAlignment(self.line, Qt.AlignmentFlag.AlignLeading)
        self.line.textEdited.connect(self._edited)

    def _edited(self, text: str) -> None:
        if len(text) < self.line.maxLength():
            self._forget_limit()
        self.edited.emit()

    @property
    def value(self) -> str:
        """The text without blanks at its ends."""
        return self.line.text().strip()

    @value.setter
    def value(self, text: str) -> None:
        # what is there already is never cut
        self.line.setMaxLength(max(self._most, _units(text)))
        self.line.setText(text)


def _units(text: str) -> int:
    """Return the length of ``text`` as Qt counts it."""
    return len(text.encode("utf-16-le")) // 2


class LineEdit(QLineEdit):
    """A line edit as wide as a number of characters, at any text size."""

    def __init__(self, chars: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chars = chars

    def sizeHint(self) -> QSize:
        """Room for the characters."""
        hint = super().sizeHint()
        if self._chars is None:
            return hint
        return QSize(self.fontMetrics().horizontalAdvance("0") * (self._chars + 1) + 32, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Never lose a short input's characters; a long one may narrow."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 12 * self.fontMetrics().averageCharWidth() + 32), hint.height())


class _Area(QPlainTextEdit):
    """A text box that is as tall as what is in it, between two and twelve lines."""

    def __init__(self, lines: int, most: int) -> None:
        super().__init__()
        self._lines, self._most = lines, most
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(8)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        begin_where_the_words_do(self)

    def _grow(self, _size: object = None) -> None:
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            lead(self)

    def sizeHint(self) -> QSize:
        lines = min(self._most, max(self._lines, round(self.document().size().height())))
        return QSize(200, lines * self.fontMetrics().lineSpacing() + 16 + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())


class TextArea(_Limited):
    """Several lines of text, up to ``most_letters``; the box grows with what is written in it."""

    def __init__(
        self, label: str, hint: str = "", *, optional: bool = False, lines: int = 3, most: int = 12, name: str = "",
        most_letters: int = AREA_LETTERS, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, hint, optional=optional, name=name, parent=parent)
        self.area = _Area(lines, most)
        self._quiet = False
        self._most_letters = self._room = most_letters
        self._added_to = 0
        self.area.document().contentsChange.connect(self._note_place)
        self._take(self.area)
        self.area.textChanged.connect(self._changed)

    def _note_place(self, position: int, _removed: int, added: int) -> None:
        self._added_to = position + added

    def _changed(self) -> None:
        if self._quiet:
            return
        beyond = self._letters() - self._room
        if beyond > 0:
            self._quiet = True
            self._cut(beyond)
            self._quiet = False
            self._tell_limit(self._room)
        elif self._letters() < self._room:
            self._forget_limit()
        self.edited.emit()

    def _letters(self) -> int:
        # the document ends with a mark of its own
        return self.area.document().characterCount() - 1

    def _cut(self, beyond: int) -> None:
        """Take back the end of what was just added: the words that stood there before stay."""
        from PySide6.QtGui import QTextCursor

        cursor = QTextCursor(self.area.document())
        cursor.joinPreviousEditBlock()
        cursor.setPosition(min(self._added_to, self._letters()))
        while beyond > 0:
            before = self._letters()
            # letters of several units go whole, so the last ones go one by one
            letters = max(1, beyond // 16)
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor, letters)
            cursor.removeSelectedText()
            beyond -= before - self._letters()
        cursor.endEditBlock()

    @property
    def value(self) -> str:
        """The text without blanks at its ends."""
        return self.area.toPlainText().strip()

    @value.setter
    def value(self, text: str) -> None:
        if text != self.area.toPlainText():
            self._quiet = True
            # what is there already is never cut
            self._room = max(self._most_letters, _units(text))
            self.area.setPlainText(text)
            self._quiet = False


class SelectField(Field):
    """One of a list that opens. ``chosen(value)`` follows the person's choice; the wheel never changes it."""

    chosen = Signal(object)

    def __init__(
        self, label: str, options: Sequence[tuple[Any, str]] = (), hint: str = "", *, optional: bool = False,
        name: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, hint, optional=optional, name=name, parent=parent)
        self.combo = _Combo()
        self._take(self.combo)
        self._values: list[Any] = []
        self.set_options(options)
        self.combo.activated.connect(self._activated)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer other values, each with its words."""
        self._values = [value for value, _ in options]
        self.combo.clear()
        self.combo.addItems([text for _, text in options])

    def _activated(self, _index: int) -> None:
        self.edited.emit()
        self.chosen.emit(self.value)

    @property
    def value(self) -> Any:
        """The value chosen, or None."""
        index = self.combo.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    @value.setter
    def value(self, value: Any) -> None:
        self.combo.setCurrentIndex(self._values.index(value) if value in self._values else -1)


class _TallRows(QStyledItemDelegate):
    """Rows of a list that opens: tall enough for a finger, with air beside the words."""

    LEAST = 36
    PAD = 14

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + 2 * self.PAD, max(self.LEAST, option.fontMetrics.height() + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw the row as the rows of a list are drawn: a tint, and a bar at its beginning."""
        tokens, rect, on = tokens_of(option.palette), QRect(option.rect), bool(option.state & QStyle.StateFlag.State_Selected)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.fillRect(rect, QColor(tokens.soft if on else tokens.card))
        if on:
            painter.fillRect(rect.right() - 3 if mirrored else rect.left(), rect.top(), 4, rect.height(), QColor(tokens.accent))
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.on_soft if on else tokens.text))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        room = rect.adjusted(self.PAD, 0, -self.PAD, 0)
        words = option.fontMetrics.elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width())
        draw_words(painter, room, side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class _Combo(QComboBox):
    """A combo box that a turn of the wheel over a page does not change, and that may be narrower than its words."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showPopup(self) -> None:
        # the list is made when it is first opened: a form has many that nobody opens
        if not isinstance(self.itemDelegate(), _TallRows):
            self.setItemDelegate(_TallRows(self))
        super().showPopup()

    def initStyleOption(self, option: Any) -> None:
        """Cut words that are too long before they run into the arrow; a screen reader has them whole."""
        super().initStyleOption(option)
        style, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        # a pixel on each side stays free when they are painted
        room = self.style().subControlRect(style, option, part, self).width() - 2
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(option.currentText) > room:
            # words that are cut keep some air before the arrow
            option.currentText = metrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, room - 8)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list with Enter, as with Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if not event.isAutoRepeat():
                self.showPopup()
            return
        super().keyPressEvent(event)
