"""The head of a page: title, a line under it, tags, and its buttons at the far end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.tag import Initials, initials_of
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class PageHead(QWidget):
    """Title and line at the start, buttons at the end; the buttons go under the title when there is no room."""

    def __init__(
        self, title: str, line: str = "", actions: Sequence[QWidget] = (), *, trail: str = "", initials_for: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.trail = Text(trail, Kind.MUTED)
        self.title = Heading(title, Level.PAGE)
        self.line = Text(line, Kind.MUTED)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.trail, self.title, self.line):
            column.addWidget(part)
        column.addStretch(1)
        self.initials: Initials | None = None
        start = words
        if initials_for:
            self.initials = Initials(initials_of(initials_for), 60)
            start = QWidget()
            across = QHBoxLayout(start)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(16)
            across.addWidget(self.initials)
            across.addWidget(words, 1)
        self.buttons = Flow(actions, spacing=16)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._columns = Columns([start, self.buttons], (1, 0), stack_under=640, spacing=16)
        box.addWidget(self._columns)
        self.buttons.setVisible(bool(actions))
        self.set_line(line)
        self.set_trail(trail)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self.title.setText(title)
        if self.initials is not None:
            self.initials.set_letters(initials_of(title))

    def set_line(self, line: str) -> None:
        """Change the line under the title; none hides it."""
        self.line.setText(line)
        self.line.setVisible(bool(line))

    def set_trail(self, trail: str) -> None:
        """Change the line above the title (whose record, which conversation); none hides it."""
        self.trail.setText(trail)
        self.trail.setVisible(bool(trail))
