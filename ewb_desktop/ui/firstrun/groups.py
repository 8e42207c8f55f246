"""The groups of a recovery key, each under its number, so that nobody has to count to find the sixth."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.flow import Flow, Stack
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class _Group(QWidget):
    """One group under its number, as wide as the widest of its ``row``: the groups of two lines stand under each other."""

    def __init__(self, number: str, group: str, row: list[_Group]) -> None:
        super().__init__()
        self._row = row
        row.append(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        label = Text(number, Kind.HINT)
        words = Heading(group, Level.QUESTION)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(" ".join(group))
        for line in (label, words):
            line.setWordWrap(False)
            column.addWidget(line)

    def sizeHint(self) -> QSize:
        """As wide as the widest."""
        return QSize(max(QWidget.sizeHint(part).width() for part in self._row), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()


class NumberedGroups(QWidget):
    """Shows groups of letters under "Group 1", "Group 2" and so on, in columns."""

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._groups: tuple[str, ...] = ()
        self._shown: QWidget | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def text(self) -> str:
        """Return the groups, with a blank between them."""
        return " ".join(self._groups)

    def show_groups(self, groups: Sequence[str]) -> None:
        """Show these groups."""
        self._groups = tuple(groups)
        if self._shown is not None:
            self._box.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        parts: list[_Group] = []
        for number, group in enumerate(groups, 1):
            _Group(self.tr("Group {0}").format(number), group, parts)
        self._shown = Stack([Flow(parts[start : start + 4], spacing=22) for start in range(0, len(parts), 4)], spacing=10)
        self._box.addWidget(self._shown)
        # letter by letter: no screen reader must make a word of them
        spoken = (self.tr("group {0}: {1}").format(number, " ".join(group)) for number, group in enumerate(groups, 1))
        self.setAccessibleName(self.tr("Recovery key, {0}").format(", ".join(spoken)))
