"""Where the keyboard stands in a window: carried over when the window is built again under somebody's hands."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ewb_desktop.ui.widgets.field import TextArea, TextField


@dataclass(frozen=True, slots=True)
class KeyboardPlace:
    """The name of what has the keyboard, and in a field of words what stands there and how many signs before the cursor."""

    name: str
    before: int | None = None
    words: str = ""


def keyboard_place(window: QWidget) -> KeyboardPlace | None:
    """Return where the keyboard stands in ``window``; None where nothing with a name has it."""
    # Qt's own description leaves out that nothing may have it
    focus: QWidget | None = window.focusWidget()
    if focus is None or not focus.objectName():
        return None
    return KeyboardPlace(focus.objectName(), _cursor(focus), _words(focus))


def put_keyboard(page: QWidget, place: KeyboardPlace | None) -> bool:
    """Put the keyboard on the same in ``page``; return False where it is not there: then the page itself has it.

    The page acts on no key: a sentence that somebody goes on typing there does nothing that she did not ask for.
    The words there are as they were to the last blank: drafts keep none at the ends, and the next word would hang on.
    """
    found = page.findChild(QWidget, place.name) if place is not None else None
    (found or page).setFocus(Qt.FocusReason.OtherFocusReason)
    if found is None or place is None:
        return False
    if place.before is not None:
        _put_blanks(found, place.words)
        _put_cursor(found, place.before)
    return True


def _cursor(field: QWidget) -> int | None:
    if isinstance(field, QLineEdit):
        return field.cursorPosition()
    return field.textCursor().position() if isinstance(field, QPlainTextEdit | QTextEdit) else None


def _words(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    return field.toPlainText() if isinstance(field, QPlainTextEdit | QTextEdit) else ""


def _put_blanks(part: QWidget, words: str) -> None:
    field = part.parentWidget()
    if isinstance(field, TextField | TextArea) and words != _words(part) and words.strip() == field.value:
        field.value = words


def _put_cursor(field: QWidget, before: int) -> None:
    if isinstance(field, QLineEdit):
        field.setCursorPosition(before)
    elif isinstance(field, QPlainTextEdit | QTextEdit):
        cursor = field.textCursor()
        cursor.setPosition(min(before, len(field.toPlainText())))
        field.setTextCursor(cursor)
