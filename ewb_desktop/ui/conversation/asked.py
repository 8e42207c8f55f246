"""The question that is asked now: what stood in its answer when it was shown, and what a colleague answers meanwhile."""

from __future__ import annotations

from typing import Any

from ewb_desktop.actions.assessments import Recorded, record_answer, skip_question
from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.storage.cards.conflicts import wire_value
from ewb_desktop.storage.cards.seen import Seen, Spot, stands_in
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.ui.conversation.shown import ConversationView
from ewb_desktop.ui.conversation.sofar import SoFar
from ewb_desktop.ui.conversation.wording import as_typed
from ewb_desktop.ui.meanwhile import Meanwhile

ANSWER = "answer"
"""The place on the page beside which something is said of the answer."""
STANDS = "This answer stands. If you give another one here, both wait until somebody chooses."
NOTHING_SEEN = Seen(None, 0)


class Asked:
    """One question at a time. It stays the one that is answered until another is shown, whatever arrives.

    What arrives never changes what is on the page: a choice that moved under a finger would be an answer that nobody gave.
    """

    def __init__(self, desk: Desk, view: ConversationView, sofar: SoFar) -> None:
        self._desk = desk
        self._sofar = sofar
        self._item: Item | None = None
        self._step = ""
        self._seen = NOTHING_SEEN
        """What stood in the answer when the question was shown, and the server's number of it then."""
        self._given: Any = None
        """What stands on the page, as far as it is saved."""
        self._watched = ""
        self._is_told = True
        self._meanwhile = Meanwhile(desk, view.beside)

    def take(self, step: str, item: Item) -> str | None:
        """Take the next question; return the words that were typed for it and not saved, if any."""
        self.end()
        self._step, self._item = step, item
        self._sofar.hold(step)
        card = self._sofar.answers(step).get(item.link_id)
        self._seen = Seen(wire_value(card.value), card.number) if card is not None else NOTHING_SEEN
        self._given = self._seen.value
        draft = load_draft(self._desk.store, self._draft_key)
        if draft is None:
            return None
        if isinstance(draft, dict):
            self._seen = Seen(*_pair(draft["seen_at"]))
            return str(draft["words"])
        self._seen = NOTHING_SEEN
        return str(draft)

    def watch(self, typed: str | None, *, is_told: bool) -> None:
        """The question is on the page: tell from now on what a colleague answers, where it ``is_told`` at all."""
        self._is_told = is_told
        self._begin(typed)

    def end(self) -> None:
        """The question is shown no more."""
        self._item, self._watched = None, ""
        self._meanwhile.end()

    def renew(self, typed: str | None) -> None:
        """Tell what a colleague answered."""
        if self._item is None or not self._is_told:
            return
        if self._record() != self._watched:
            self._begin(typed, is_open=True)
        else:
            self._meanwhile.hear(self._on_page(typed))

    def is_asked(self, step: str, question: str) -> Item | None:
        """Return the question, if it is this one that is shown."""
        return self._item if self._item is not None and (self._step, self._item.link_id) == (step, question) else None

    def is_new(self, typed: str) -> bool:
        """Say whether the words in the box are not saved yet."""
        return typed != ("" if self._given is None else str(self._given))

    def record(self, assessment: str, value: object, told_by: str) -> tuple[Recorded, str]:
        """Save the answer; return what followed, and what becomes of a colleague's. Raises ``BadAnswer`` with a sentence."""
        item = self._asked
        with self._meanwhile.saving():
            recorded = record_answer(
                self._desk, assessment, item.link_id, self._as_kept(value), told_by, seen_at=self._seen.number
            )
        return recorded, self._wrote(value)

    def skip(self, assessment: str) -> str:
        """Note that it is left out; return what becomes of a colleague's answer."""
        with self._meanwhile.saving():
            skip_question(self._desk, assessment, self._asked.link_id, seen_at=self._seen.number)
        return self._wrote(None)

    def keep_draft(self, words: str) -> None:
        """Keep words as they are typed, with what their writer had seen."""
        seen = self._seen
        save_draft(self._desk.store, self._draft_key, {"words": words, "seen_at": list(seen)} if any(seen) else words)

    def drop_draft(self) -> None:
        """The words became an answer, or were cleared."""
        if load_draft(self._desk.store, self._draft_key) is not None:
            drop_draft(self._desk.store, self._draft_key)

    @property
    def _asked(self) -> Item:
        if self._item is None:
            raise LookupError("no question is shown")
        return self._item

    @property
    def _draft_key(self) -> str:
        return f"answer/{self._sofar.person.id}/{self._step}/{self._asked.link_id}"

    def _wrote(self, value: object) -> str:
        if self._is_told and self._record() != self._watched:
            self._begin(value)
        self._given = self._as_kept(value)
        met = self._meanwhile.met([ANSWER])
        self._meanwhile.wrote(self._on_page(None), [ANSWER])
        return met

    def _begin(self, typed: object, *, is_open: bool = False) -> None:
        self._watched = self._record() if self._is_told else ""
        self._meanwhile.begin(
            {ANSWER: Spot("answer", self._watched, "value")} if self._watched else {}, renews=False, typed=self._on_page(typed),
            kept={ANSWER: list(self._seen)}, then={ANSWER: STANDS}, is_open=is_open, item=self._item,
        )  # fmt: skip

    def _record(self) -> str:
        """Return the id of the answer's record; empty while nobody has answered."""
        self._sofar.hold(self._step)
        begun = self._sofar.begun().get(self._step)
        if begun is None:
            return ""
        spot = Spot("answer", answer_id(begun.id, self._asked.link_id), "value")
        with self._desk.store.read() as connection:
            return spot.record if spot in stands_in(connection, [spot]) else ""

    def _on_page(self, typed: object) -> dict[str, Any]:
        """Return what stands on the page: what was typed or pressed, else what is saved."""
        return {ANSWER: self._given if typed is None else self._as_kept(typed)}

    def _as_kept(self, value: object) -> Any:
        return as_typed(self._asked, value) if isinstance(value, str) else value


def _pair(kept: Any) -> tuple[Any, int]:
    value, number = kept
    return value, number
