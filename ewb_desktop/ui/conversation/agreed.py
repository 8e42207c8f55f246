"""The step of needs and one goal: each is saved as it is agreed, and what was taken off can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.goals import change_goal, rate_goal, remove_goal, set_goal
from ewb_desktop.actions.needs import WANTED_NOW, add_need, change_need, remove_need, restore_need
from ewb_desktop.domain.lists import by_number
from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.cards.goals import GoalCard, goals_of
from ewb_desktop.storage.cards.needs import NeedCard, needs_of
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.ui.conversation.shown import ConversationView, NeedsShown
from ewb_desktop.ui.conversation.sofar import SoFar
from ewb_desktop.ui.meanwhile import Meanwhile
from ewb_desktop.ui.widgets.row import Row

FORM = ("code", "words", "wanted", "priority")
"""What can be changed of a need."""
SEEN = "seen_at"
"""Where a draft keeps how the need stood when the form was filled from it."""


class Agreed:
    """What a worker does on the page of needs and the goal."""

    def __init__(self, desk: Desk, view: ConversationView, sofar: SoFar) -> None:
        self._desk = desk
        self._view = view
        self._sofar = sofar
        self._changing: str | None = None
        self._shown: NeedCard | None = None
        """The need that is changed, as it stood when the form was filled from it."""
        self._goal_shown, self._goal_seen_at = "", 0
        """The goal's words as they were shown or typed here, and the server's number at which they were shown."""
        self._taken_off: str | None = None
        self._meanwhile = Meanwhile(desk, view.beside)
        self._spots: dict[str, Spot] = {}

    def show(self) -> None:
        """Show what was agreed, and a form for one more: empty, or as it was left unsaved."""
        self._changing = self._shown = None
        kept = load_draft(self._desk.store, self._draft_key)
        if isinstance(kept, dict):
            card = self._card(str(kept["changing"]))
            if card is not None:
                self._changing, self._shown = card.id, _as_seen(card, kept)
            said = {name: _newer(kept, card, name) for name in FORM}
            priority = said["priority"]
            self._view.show_need_form(
                str(said["code"]), str(said["words"]), str(said["wanted"]), priority if isinstance(priority, int) else None,
                changing=self._changing is not None,
            )  # fmt: skip
        else:
            self._view.show_need_form("", "", WANTED_NOW, None, changing=False)
        self._show()
        self._begin(kept.get(SEEN) if isinstance(kept, dict) else None)

    def end(self) -> None:
        """Another step is shown: nothing is told here any more."""
        self._spots = {}
        self._meanwhile.end()

    def renew(self) -> None:
        """Show what a colleague wrote where nothing was typed, and tell the rest."""
        card, typed = self._card(self._changing or ""), self._typed()
        if card is not None and self._shown is not None:
            newer = {name: getattr(card, name) for name in FORM if name not in typed}
            if any(value != getattr(self._shown, name) for name, value in newer.items()):
                self._shown = replace(self._shown, **newer)
                said = dict(zip(FORM, self._view.typed_need(), strict=True)) | newer
                self._view.renew_need_form(said["code"], said["words"], said["wanted"], said["priority"])
        self._show(stays="goal" in typed or "goal" in self._meanwhile.held())
        if self._spots != self._to_watch():
            self._begin()
        else:
            self._meanwhile.hear(typed)

    def keep_draft(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        """Keep the form as it is typed; it becomes a need when it is added or the step is left."""
        if code or words.strip():
            said: dict[str, Any] = {"code": code, "words": words, "wanted": wanted, "priority": priority}
            shown = self._shown
            seen = {SEEN: {name: getattr(shown, name) for name in ("number", *FORM)}} if shown is not None else {}
            save_draft(self._desk.store, self._draft_key, {**said, "changing": self._changing or "", **seen})
            self._view.show_saved("saved a moment ago")
        else:
            self._drop_draft()

    def is_new(self, code: str, words: str, wanted: str, priority: int | None) -> bool:
        """Say whether the form holds something that is not saved yet."""
        card = self._shown if self._card(self._changing or "") is not None else None
        said = bool(code or words.strip())
        return said and (card is None or (card.code, card.words, card.wanted, card.priority) != (code, words, wanted, priority))

    def save_need(self, conversation: str, code: str, words: str, wanted: str, priority: int | None) -> bool:
        """Add the need in the form, or change the one that it was filled from; say whether that was all right."""
        if self._card(self._changing or "") is None:
            # it was taken off meanwhile: what is typed is a need of its own
            self._changing = self._shown = None
        met = self._meanwhile.met(self._typed().keys() - {"goal"}) if self._changing is not None else ""
        try:
            if self._changing is None:
                add_need(
                    self._desk, self._sofar.person.id, code, words, wanted=wanted, priority=priority, conversation=conversation
                )
            else:
                change_need(
                    self._desk, self._changing, code, words, wanted=wanted, priority=priority, shown=self._shown,
                    seen_at=self._meanwhile.seen_at(self._changing),
                )  # fmt: skip
        except FaultyFields as faults:
            self.keep_draft(code, words, wanted, priority)
            self._view.show_need_faults(faults.sentences)
            return False
        self._drop_draft()
        self._view.show_need_faults({})
        self._view.show_saved("saved a moment ago")
        if met:
            self._view.tell(f"Saved.{met}")
        self.show()
        return True

    def change(self, need: str) -> None:
        """Fill the form from a need."""
        card = self._card(need)
        if card is not None:
            self._changing, self._shown = need, card
            self._view.show_need_form(card.code, card.words, card.wanted, card.priority, changing=True)
            self._begin()

    def remove(self, need: str) -> None:
        """Take a need off; it can be brought back."""
        card = self._card(need)
        if card is not None:
            remove_need(self._desk, need)
            self._taken_off = need
            self._view.offer_undo(f"Taken off: {self._title(card)}.")
            if need == self._changing:
                # the form was filled from it: left as it is, it would be added once more
                self._drop_draft()
                self.show()
            else:
                self._show()

    def bring_back(self) -> None:
        """Undo :meth:`remove`."""
        if self._taken_off is not None:
            restore_need(self._desk, self._taken_off)
            self._taken_off = None
            self._show()

    def keep_goal(self, conversation: str, words: str) -> None:
        """Save the goal as it is typed; no words take it away, where they are those that were shown."""
        goal, before = self.goal(), self._goal_shown
        if words.strip() == before:
            # nothing was typed: what stands may be a colleague's newer words
            return
        if goal is None and words.strip():
            set_goal(self._desk, self._sofar.person.id, words, conversation=conversation)
        elif goal is not None and words.strip():
            change_goal(self._desk, goal.id, words, seen_at=self._goal_seen_at)
        elif goal is not None and goal.words == before:
            remove_goal(self._desk, goal.id)
        self._goal_shown = words.strip()
        self._meanwhile.wrote(self._typed(), ["goal"])
        self._view.show_saved("saved a moment ago")

    def rate(self, rating: int) -> None:
        """Save how near the goal feels; without a goal there is nothing to rate yet."""
        goal = self.goal()
        if goal is not None:
            rate_goal(self._desk, self._sofar.person.id, goal.id, rating)
            self._view.show_saved("saved a moment ago")

    def count(self) -> str:
        """Return ``2 needs, 1 goal``; nothing when nothing was agreed in this conversation."""
        needs = [card for card in self.needs() if card.conversation == self._sofar.conversation]
        parts = [count_words(len(needs), "need")] if needs else []
        return ", ".join([*parts, *(["1 goal"] if self.goal() else [])])

    def rows(self) -> tuple[Row, ...]:
        """Return what was agreed, for the last page."""
        rows = [
            Row(f"needs/{card.id}", self._title(card), self._detail(card), action="Change")
            for card in self.needs()
            if card.conversation == self._sofar.conversation
        ]
        goal = self.goal()
        if goal is not None:
            near = f"Feels {goal.ratings[-1].rating} out of 10 today" if goal.ratings else ""
            rows.append(Row("needs/goal", f"Goal: “{goal.words}”", near, action="Change"))
        return tuple(rows)

    def needs(self) -> list[NeedCard]:
        """Return the member's needs, those of earlier conversations too."""
        with self._desk.store.read() as connection:
            return needs_of(connection, self._sofar.person.id)

    def goal(self) -> GoalCard | None:
        """Return the goal of this conversation."""
        if self._sofar.conversation is None:
            return None
        with self._desk.store.read() as connection:
            found = goals_of(connection, self._sofar.person.id)
        return next((card for card in found if card.conversation == self._sofar.conversation), None)

    def _show(self, *, stays: bool = False) -> None:
        """Show what was agreed; the goal's words stay as they are typed where she ``stays`` with them."""
        rows = tuple(Row(card.id, self._title(card), self._detail(card), action="Remove", opens=True) for card in self.needs())
        goal = self.goal()
        words = goal.words if goal is not None else ""
        if words != self._goal_shown and not stays:
            # what was typed here and has not been sent lies over what came: a colleague's words under it were not seen
            self._goal_shown, self._goal_seen_at = words, goal.number if goal is not None else 0
        rating = goal.ratings[-1].rating if goal is not None and goal.ratings else None
        self._view.show_needs(NeedsShown(rows, (self._view.typed() or "") if stays else words, rating))

    def _begin(self, seen: Any = None) -> None:
        kept = {name: [seen[name] or None, seen["number"]] for name in FORM} if seen else None
        self._spots = self._to_watch()
        self._meanwhile.begin(self._spots, typed=self._typed(), kept=kept)

    def _to_watch(self) -> dict[str, Spot]:
        """Return what the fields write into: the need that is changed, and the goal."""
        goal = self.goal()
        spots = {name: Spot("need", self._changing, name) for name in FORM} if self._changing is not None else {}
        return spots | ({"goal": Spot("goal", goal.id, "words")} if goal is not None else {})

    def _typed(self) -> dict[str, Any]:
        """Return what was typed and differs from what was shown."""
        form = dict(zip(FORM, self._view.typed_need(), strict=True))
        shown = self._shown
        typed = {name: said for name, said in form.items() if shown is not None and said != getattr(shown, name)}
        goal = (self._view.typed() or "").strip()
        return typed | ({"goal": goal} if goal != self._goal_shown else {})

    def _card(self, need: str) -> NeedCard | None:
        return next((card for card in self.needs() if card.id == need), None) if need else None

    @property
    def _draft_key(self) -> str:
        return f"need/{self._sofar.person.id}"

    def _drop_draft(self) -> None:
        if load_draft(self._desk.store, self._draft_key) is not None:
            drop_draft(self._desk.store, self._draft_key)

    def _title(self, card: NeedCard) -> str:
        return self._desk.library.list("needs").words(card.code)

    def _detail(self, card: NeedCard) -> str:
        quoted = f"“{card.words}”" if card.words else ""
        wanted = self._desk.library.list("need_wants").words(card.wanted)
        parts = [quoted, wanted, by_number(self._desk.library.list("need_priorities")).get(card.priority or 0, "")]
        return " · ".join(part for part in parts if part)


def _newer(kept: Mapping[str, Any], card: NeedCard | None, name: str) -> Any:
    """Return what the form says again: what was typed, and where nothing was, what stands now."""
    seen = kept.get(SEEN)
    return getattr(card, name) if card is not None and seen and kept[name] == seen[name] else kept[name]


def _as_seen(card: NeedCard, kept: Mapping[str, Any]) -> NeedCard:
    seen = kept.get(SEEN)
    return replace(card, number=min(card.number, seen["number"])) if seen else card
