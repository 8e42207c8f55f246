"""The small forms that say what became of a need or of a goal, and how near a goal feels today."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.ui.person.forms import SmallForm
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns, Stack
from ewb_desktop.ui.widgets.scale import ScaleRow
from ewb_desktop.ui.widgets.text import Kind, Label, Text

ASK_WHY = ("not_met", "partly")
"""Outcomes of a need after which it is asked what stood in the way: this tells where services are missing."""


class NeedForm(SmallForm):
    """What became of a need, and what stood in the way."""

    kept = Signal(str, str, str)

    def __init__(self, outcomes: WordList, reasons: WordList) -> None:
        super().__init__(self.tr("What became of this need?"), "person.need", self.tr("Save what became of it"))
        self.need = ""
        self.words: Label = Text("", Kind.BOLD)
        self.outcome = ChoiceField(
            self.tr("It is now"), [Choice(each.key, each.words) for each in outcomes.entries], name="person.need.outcome"
        )
        self.reason = SelectField(
            self.tr("What stood in the way?"), [("", self.tr("Not said")), *((each.key, each.words) for each in reasons.entries)],
            self.tr("It is never the person's fault. It shows where services are missing."), optional=True,
            name="person.need.reason",
        )  # fmt: skip
        self.outcome.edited.connect(self._show_why)
        self.put("outcome", self.outcome)
        self.put("reason", self.reason)
        self.add(self.words)
        self.add(Columns([Stack([self.outcome]), Stack([self.reason])], (1, 1), stack_under=640))
        self.saved.connect(self._keep)
        self.first = self.outcome
        self.finish()

    def ask(self, need: str, words: str, outcome: str, reason: str) -> None:
        """Ask about one need, with what is known of it."""
        self.clear()
        self.need = need
        self.words.setText(words)
        self.outcome.value = outcome or None
        self.reason.value = reason
        self.fit()
        self.stand()

    def fit(self) -> None:
        """Ask what stood in the way where that is asked."""
        self._show_why()

    def _show_why(self) -> None:
        self.reason.setVisible(self.outcome.value in ASK_WHY)

    def _keep(self) -> None:
        reason = self.reason.value if self.outcome.value in ASK_WHY else ""
        self.kept.emit(self.need, self.outcome.value or "", reason or "")


class RatingForm(SmallForm):
    """How near a goal feels today: choosing a number saves it. And what became of it, once it is no longer worked on."""

    rated = Signal(str, int)
    kept = Signal(str, str)

    def __init__(self, outcomes: WordList) -> None:
        super().__init__(self.tr("How near does it feel today?"), "person.rating", self.tr("Save what became of it"))
        self.goal = ""
        self.words: Label = Text("", Kind.BOLD)
        self.scale = ScaleRow(
            self.tr("How near does it feel today?"), self.tr("no nearer yet"), self.tr("reached"), name="person.rating.scale"
        )
        self.scale.chosen.connect(lambda number: self.rated.emit(self.goal, number))
        self.outcome = ChoiceField(
            self.tr("What became of it?"),
            [Choice("", self.tr("We go on with it")), *(Choice(each.key, each.words) for each in outcomes.entries)],
            name="person.goal.outcome",
        )
        self.outcome.set_hint(self.tr("A goal may change, or be put aside. Nobody has failed then."))
        self.put("outcome", self.outcome)
        self.add(self.words)
        near = QWidget()
        across = QHBoxLayout(near)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.scale)
        across.addStretch(1)
        self.add(Columns([Stack([near]), Stack([self.outcome])], (1, 1), stack_under=760))
        self.finish()
        self.saved.connect(lambda: self.kept.emit(self.goal, self.outcome.value or ""))
        self.first = self.scale

    def ask(self, goal: str, words: str, outcome: str) -> None:
        """Ask about one goal, with what is known of it."""
        self.clear()
        self.goal = goal
        self.words.setText(words)
        self.scale.value = None
        self.outcome.value = outcome
        self.stand()
