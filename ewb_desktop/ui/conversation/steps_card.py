"""The steps of a conversation in a card; on a narrow page they fold away, so that the question stays near."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.conversation.shown import StepLine
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.icon import IconView
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.text import Kind, Text


class StepsCard(Card):
    """``chosen(key)`` follows a step that was pressed; ``who_chosen(who)`` who answers from now on."""

    chosen = Signal(str)
    who_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.fold_button = Button("", icon="list", name="conversation-show-steps")
        super().__init__("", aside=self.fold_button, name="conversation-steps", parent=parent)
        self.set_title(self.tr("This conversation"))
        self.fold_button.set_text(self.tr("Show the steps"))
        self.fold_button.clicked.connect(self._unfold)
        self._rows: list[_StepRow] = []
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.add(self._list)
        self.who = SelectField(
            self.tr("Who answers"),
            [
                ("person", self.tr("They tell me")),
                ("self", self.tr("They fill it in")),
                ("carer", self.tr("A carer tells me")),
            ],
            name="conversation-who",
        )
        self.who.chosen.connect(self.who_chosen)
        self.add(self.who)
        self.fold_button.hide()
        self._narrow = False

    def show_steps(self, steps: Sequence[StepLine]) -> None:
        """Show the steps; rows that are there already only change their words, so that the keyboard stays where it is."""
        if [row.key for row in self._rows] != [step.key for step in steps]:
            for row in self._rows:
                self._column.removeWidget(row)
                row.deleteLater()
            self._rows = [_StepRow(step.key) for step in steps]
            for row in self._rows:
                row.button.clicked.connect(lambda _=False, key=row.key: self.chosen.emit(key))
                self._column.addWidget(row)
        for row, step in zip(self._rows, steps, strict=True):
            row.show_step(step)

    def set_narrow(self, narrow: bool) -> None:
        """Fold the steps away, or show them for good."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.fold_button.setVisible(narrow)
            self.fold_button.set_text(self.tr("Show the steps"))
            for part in (self._list, self.who):
                part.setVisible(not narrow)
            policy = QSizePolicy.Policy
            self.setSizePolicy(policy.Preferred, policy.Maximum if narrow else policy.Preferred)

    def _unfold(self) -> None:
        shown = not self._list.isVisible()
        for part in (self._list, self.who):
            part.setVisible(shown)
        self.fold_button.set_text(self.tr("Hide the steps") if shown else self.tr("Show the steps"))


class _StepRow(QWidget):
    """One step: a tick when it is done, a link to go there, or bold words where it stands now."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.tick = IconView("check")
        policy = self.tick.sizePolicy()
        policy.setRetainSizeWhenHidden(False)
        self.tick.setSizePolicy(policy)
        self.button = Button("", Look.LINK, name=f"conversation-step-{key}")
        self.here = Text("", Kind.BOLD)
        self.detail = Text("", Kind.HINT)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        words.addWidget(self.here)
        words.addWidget(self.detail)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 4, 0, 5)
        across.setSpacing(8)
        across.addLayout(words, 1)
        across.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_step(self, step: StepLine) -> None:
        """Show the step as it stands."""
        self.tick.setVisible(step.done)
        spoken = self.tr("{0}, done").format(step.title) if step.done else ""
        self.button.set_text(step.title, spoken)
        self.button.setVisible(not step.here)
        self.here.setText(step.title)
        self.here.setAccessibleName(self.tr("You are here: {0}").format(step.title))
        self.here.setVisible(step.here)
        self.detail.setText(step.detail)
        self.detail.setVisible(bool(step.detail))

    def paintEvent(self, _event: object) -> None:
        """Draw the line under the step."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens_of(self).line), 1))
        painter.drawLine(QPoint(0, self.height() - 1), QPoint(self.width(), self.height() - 1))
        painter.end()
