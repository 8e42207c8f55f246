"""The conversation's page without a window: remembers what it was last shown."""

from __future__ import annotations

from collections.abc import Sequence

from ewb_desktop.ui.conversation.shown import Ask, CheckPart, Known, NeedsShown, QuestionShown, Staying, StepLine
from ewb_desktop.ui.destinations import Destination
from tests.support.meanwhile import Beside


class Recording:
    """A view that remembers what it was last shown."""

    def __init__(self) -> None:
        self.head = ("", "")
        self.who = ""
        self.steps: dict[str, StepLine] = {}
        self.question: QuestionShown | None = None
        self.known: list[Known] = []
        self.next: list[str] = []
        self.offered = ""
        self.needs: NeedsShown | None = None
        self.form: tuple[str, str, str, int | None] = ("", "", "", None)
        self.faults: dict[str, str] = {}
        self.undo = ""
        self.check: dict[str, CheckPart] = {}
        self.staying = Staying.NONE
        self.turns = 0
        self.thanked = False
        self.fault = ""
        self.saved = ""
        self.told: list[str] = []
        self.words: str | None = None
        self.gone: list[Destination] = []
        self.beside = Beside()

    def refresh_soon(self) -> None:
        self.told.append("refresh")

    def renew_need_form(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        self.form = (code, words, wanted, priority)

    def show_head(self, title: str, trail: str) -> None:
        self.head = (title, trail)

    def tell(self, sentence: str) -> None:
        self.told.append(sentence)

    def show_who(self, who: str) -> None:
        self.who = who

    def show_steps(self, steps: Sequence[StepLine]) -> None:
        self.steps = {step.key: step for step in steps}

    def show_question(self, question: QuestionShown) -> None:
        self.question = question
        written = question.ask in (Ask.WORDS, Ask.LINE)
        self.words = str(question.value or "") if written else None

    def show_known(self, known: Sequence[Known]) -> None:
        self.known = list(known)

    def show_next(self, choices: Sequence[tuple[str, str, str]], chosen: str) -> None:
        self.next, self.offered, self.words = [key for key, _, _ in choices], chosen, None

    def show_needs(self, shown: NeedsShown) -> None:
        self.needs, self.words = shown, shown.goal

    def show_need_form(self, code: str, words: str, wanted: str, priority: int | None, *, changing: bool) -> None:
        self.form = (code, words, wanted, priority)

    def show_need_faults(self, faults: dict[str, str]) -> None:
        self.faults = faults

    def offer_undo(self, text: str) -> None:
        self.undo = text

    def show_check(self, parts: Sequence[CheckPart]) -> None:
        self.check, self.words = {part.key: part for part in parts}, None

    def show_safety(self, staying: Staying) -> None:
        self.staying = staying

    def safety(self) -> Staying:
        return self.staying

    def turn_page(self) -> None:
        self.turns += 1

    def show_thanks(self) -> None:
        self.thanked = True

    def show_fault(self, text: str) -> None:
        self.fault = text

    def show_saved(self, text: str) -> None:
        self.saved = text

    def typed(self) -> str | None:
        return self.words

    def typed_need(self) -> tuple[str, str, str, int | None]:
        return self.form

    def clear_typed(self) -> None:
        self.words = "" if self.words is not None else None

    def leave_for(self, destination: Destination, said: str) -> None:
        self.gone.append(destination)

    @property
    def asked(self) -> str:
        assert self.question is not None
        return self.question.text
