"""What the conversation's page is given to show, as plain data without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.meanwhile import MeanwhileView
from ewb_desktop.ui.widgets.row import Row


class Ask(StrEnum):
    """The ways of asking one question on the page."""

    CHOICE = "choice"
    SCALE = "scale"
    WORDS = "words"
    LINE = "line"


class Staying(StrEnum):
    """How the conversation about staying safe stands: nothing is open, one stays open, or it is to be had now."""

    NONE = "none"
    OPEN = "open"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the conversation; ``here`` is where it stands now."""

    key: str
    title: str
    detail: str
    done: bool
    here: bool


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question. ``lead`` stands above it, ``choices`` are pairs of value and words, ``draft`` says that words were kept."""

    ask: Ask
    lead: str
    text: str
    hint: str
    choices: tuple[tuple[object, str], ...] = ()
    first: int = 0
    last: int = 10
    low: str = ""
    high: str = ""
    value: object = None
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known already: who it was said to and when, and the words themselves."""

    lead: str
    words: str
    quote: bool


@dataclass(frozen=True, slots=True)
class NeedsShown:
    """What was agreed so far. ``goal`` and ``rating`` belong to this conversation."""

    needs: tuple[Row, ...]
    goal: str
    rating: int | None


@dataclass(frozen=True, slots=True)
class CheckPart:
    """One part of the last page: its answers, what they come to in words, and what should still be asked."""

    key: str
    title: str
    total: str
    meaning: str
    rows: tuple[Row, ...]
    to_ask: str = ""
    to_ask_key: str = ""


class ConversationView(Protocol):
    """What the presenter needs of the page."""

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside the answer to a question, needs and the goal."""

    def refresh_soon(self) -> None:
        """Ask for ``ConversationPresenter.renew`` in a moment, once for many changes."""

    def renew_need_form(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        """Show the need in the form as it stands now; the keyboard stays where it is."""

    def show_head(self, title: str, trail: str) -> None:
        """Show the step's title, and whose conversation of which day it is, by two identifiers."""

    def show_who(self, who: str) -> None:
        """Show who answers: ``person``, ``self`` or ``carer``."""

    def show_steps(self, steps: Sequence[StepLine]) -> None:
        """Show the steps."""

    def show_question(self, question: QuestionShown) -> None:
        """Ask one question."""

    def show_known(self, known: Sequence[Known]) -> None:
        """Show what is known already."""

    def show_next(self, choices: Sequence[tuple[str, str, str]], chosen: str) -> None:
        """Ask what would help next: key, words and hint of each; ``chosen`` is offered first."""

    def show_needs(self, shown: NeedsShown) -> None:
        """Show the needs and the goal."""

    def show_need_form(self, code: str, words: str, wanted: str, priority: int | None, *, changing: bool) -> None:
        """Fill the form for one need."""

    def show_need_faults(self, faults: dict[str, str]) -> None:
        """Tell what needs another look, by field."""

    def offer_undo(self, text: str) -> None:
        """Say what was taken off, and offer to bring it back."""

    def show_check(self, parts: Sequence[CheckPart]) -> None:
        """Show everything that was said, to be checked."""

    def show_safety(self, staying: Staying) -> None:
        """Show what to do now that someone has spoken of hurting themselves, the way to an open talk, or neither."""

    def show_thanks(self) -> None:
        """Thank the person who filled it in, and ask them to speak to one of the team now."""

    def show_fault(self, text: str) -> None:
        """Say what is wrong with the answer; no text takes it away."""

    def tell(self, sentence: str) -> None:
        """Say something at the foot of the window, without moving the keyboard."""

    def show_saved(self, text: str) -> None:
        """Say that it is saved."""

    def turn_page(self) -> None:
        """Say that another step is shown, so that what was said of the last one goes."""

    def typed(self) -> str | None:
        """Return the words in the box of the question or the goal, or ``None`` when none is shown."""

    def typed_need(self) -> tuple[str, str, str, int | None]:
        """Return the form for one need as it stands: code, words, when wanted, and which comes first."""

    def clear_typed(self) -> None:
        """Empty the box of the question."""

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go to another page, and say what was done."""
