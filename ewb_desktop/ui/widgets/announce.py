"""Sentences that a screen reader says at the next pause, without moving the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have ``text`` said politely; nothing happens when no screen reader listens."""
    if not text:
        return
    # here, because it takes 5 ms that the lock screen need not wait for
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
