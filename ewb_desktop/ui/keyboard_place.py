"""Where the keyboard stands in a window: carried over when the window is built again under somebody's hands."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget


@dataclass(frozen=True, slots=True)
class KeyboardPlace:
    """The name of what has the keyboard, and in a field of words how many signs stand before the cursor."""

    name: str
    before: int | None = None


def keyboard_place(window: QWidget) -> KeyboardPlace | None:
    """Return where the keyboard stands in ``window``; None where nothing with a name has it."""
    # Qt's own description leaves out that nothing may have it
    focus: QWidget | None = window.focusWidget()
    if focus is None or not focus.objectName():
        return None
    return KeyboardPlace(focus.objectName(), _cursor(focus))


def put_keyboard(page: QWidget, place: KeyboardPlace | None) -> bool:
    """Put the keyboard on the same in ``page``; return False where it is not there: then the page itself has it.

    The page acts on no key: a sentence that somebody goes on typing there does nothing that she did not ask for.
    """
    found = page.findChild(QWidget, place.name) if place is not None else None
    (found or page).setFocus(Qt.FocusReason.OtherFocusReason)
    if found is None or place is None:
        return False
    if place.before is not None:
        _put_cursor(found, place.before)
    return True


def _cursor(field: QWidget) -> int | None:
    if isinstance(field, QLineEdit):
        return field.cursorPosition()
    return field.textCursor().position() if isinstance(field, QPlainTextEdit | QTextEdit) else None


def _put_cursor(field: QWidget, before: int) -> None:
    if isinstance(field, QLineEdit):
        field.setCursorPosition(before)
    elif isinstance(field, QPlainTextEdit | QTextEdit):
        cursor = field.textCursor()
        cursor.setPosition(min(before, len(field.toPlainText())))
        field.setTextCursor(cursor)
