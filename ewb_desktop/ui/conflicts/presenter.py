"""What the page of different answers shows: each with who gave it, when, and what was there before; and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ewb_desktop.actions.both_answers import both_of
from ewb_desktop.actions.conflicts import Keep, Kept, keep, keep_together, take_back
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.grouping import grouped
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer, answer_sentence
from ewb_desktop.domain.person import identifiers_line
from ewb_desktop.domain.questionnaire import Item, Questionnaire
from ewb_desktop.domain.words import list_words
from ewb_desktop.storage.cards.assessments import question_of
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said, open_conflicts, record_of
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.destinations import ToHistory
from ewb_desktop.ui.differing_words import gone_by, said_by
from ewb_desktop.ui.record_words import RecordWords, ids_in, says_nothing, short

MINE, THEIRS, THIS = "Keep mine", "Keep theirs", "Keep this answer"
THE_OTHER = "The other answer stays in the history."
TOGETHER = "The answers stand together now, each with who gave it."
ALL = "All that was answered stands there now."
REMOVAL = "Does this record stay on the screens?"
WAS_ON, STAYS, OFF = "On the screens", "Stays on the screens", "Taken off the screens"
KEEP_ON, TAKE_OFF = "Keep on the screens", "Take off the screens"
STAYS_ON, IS_OFF = "The record stays on the screens.", "The record is off the screens."
UNSAVED = {
    Kept.SETTLED: "Nothing was changed: somebody has chosen already.",
    Kept.CHANGED: "Nothing was chosen: an answer has changed meanwhile. Please look again.",
}
ASKED_ONCE_MORE = "Your choice met another answer on the way: both wait for a choice again."
ASKED_AGAIN = "Both answers wait for a choice again."
TOO_LATE = "Your choice stands: somebody has changed the answer since. The history shows both."


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers: the words, who gave it and when, and what its button says."""

    words: str
    by: str
    button: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Two answers, or more, to one question about somebody; ``others`` are those that are not on the screens.

    ``both`` is how they read together, empty where only one can be true.
    """

    key: str
    name: str
    identifiers: str
    question: str
    before: str
    shown: Answer
    others: tuple[Answer, ...]
    both: str
    history: ToHistory
    careful: str = ""
    """What every page goes by until somebody has chosen, where that is not what is written in the record; mostly empty."""


class ConflictsView(Protocol):
    """What the presenter needs of the page."""

    def show_choices(self, choices: Sequence[Choice], *, about_one: bool) -> None:
        """Show what waits for a choice; ``about_one`` says that others may wait elsewhere."""

    def withdraw_undo(self) -> None:
        """Offer no more to take a choice back."""

    def offer_undo(self, sentence: str, history: ToHistory) -> None:
        """Say what was chosen, offer to take it back, and show the way to the ``history`` that has what was not kept."""

    def say(self, sentence: str) -> None:
        """Say what was done, or why nothing was."""


class ConflictsPresenter:
    """Reads what two people answered differently, and keeps what is chosen."""

    def __init__(self, desk: Desk, view: ConflictsView) -> None:
        self._desk = desk
        self._view = view
        self._person = ""
        self._groups: dict[str, tuple[ConflictCard, ...]] = {}
        self._shown: dict[str, Choice] = {}
        self._chosen: tuple[ConflictCard, ...] = ()

    def open(self, person: str) -> None:
        """Show what waits: about one person, or everything."""
        self._person = person
        self.refresh()

    def hear(self, changes: Changes) -> None:
        """Read again when something here may have changed."""
        if changes.concerns("conflict", "person", "worker", "place", "service") or any(
            changes.touches(card.record) or card.entity in changes.wholesale for group in self._groups.values() for card in group
        ):
            self.refresh()

    def refresh(self) -> None:
        """Read everything again."""
        with self._desk.store.read() as connection:
            cards = open_conflicts(connection, self._person)
            ids = {
                id_
                for card in cards
                for id_ in ids_in(
                    self._desk.library,
                    card.entity,
                    [(card.field, value) for value in (*card.answers, card.before)],
                )
            }
            records = {card.id: record_of(connection, card) for card in cards}
            words = RecordWords(self._desk.library, names_of(connection, ids))
            asked = {card.id: question_of(connection, card.record) for card in cards if card.entity == "answer"}
        self._groups = {group[0].id: group for group in grouped(cards, self._desk.library)}
        self._shown = {
            key: self._to_choose(group, words, records, self._question(asked.get(key))) for key, group in self._groups.items()
        }
        self._view.show_choices(list(self._shown.values()), about_one=bool(self._person))
        chosen = {(card.record, card.field) for card in self._chosen}
        if any((card.record, card.field) in chosen for card in cards):
            # what the last choice settled is open again: nothing is left to take back
            self._chosen = ()
            self._view.withdraw_undo()
            self._view.say(ASKED_ONCE_MORE)

    def choose(self, key: str, which: str) -> None:
        """Keep one answer (``other.1`` is the second of the others), or all, if they are still the ones that are shown."""
        group, shown = self._groups.get(key, ()), self._shown.get(key)
        name, _, place = which.partition(".")
        if len(group) > 1:
            kept = keep_together(self._desk, group, Keep(name))
        else:
            kept = keep(self._desk, key, Keep(name), place=int(place or 0), seen=group[0] if group else None)
        self._chosen = group if kept is Kept.DONE else ()
        self.refresh()
        if kept is not Kept.DONE:
            self._view.say(UNSAVED[kept])
        elif group and shown is not None:
            self._view.offer_undo(_saved(group[0], shown, Keep(name), int(place or 0)), _history(group[0]))

    def undo(self) -> None:
        """Take the last choice back: both answers wait again, and what stood before stands again."""
        group, self._chosen = self._chosen, ()
        if not group:
            return
        is_open = take_back(self._desk, *group)
        self.refresh()
        self._view.say(ASKED_AGAIN if is_open else TOO_LATE)

    def _to_choose(
        self,
        group: Sequence[ConflictCard],
        words: RecordWords,
        records: Mapping[str, Mapping[str, Any]],
        asked: tuple[Questionnaire, Item] | None,
    ) -> Choice:
        card = group[0]
        if len(group) > 1 and both_of(card, self._desk.library) is None:
            return self._several(group, words, records)
        if card.is_about_removal:
            return self._removal(card, words, records[card.id])
        choice = self._choice(card, words, records[card.id], asked)
        named = (words.question(each.entity, each.field, "", records[each.id]) for each in group)
        return choice if len(group) == 1 else replace(choice, question=_listed(named))

    def _choice(
        self, card: ConflictCard, words: RecordWords, record: Mapping[str, Any], asked: tuple[Questionnaire, Item] | None
    ) -> Choice:
        item = asked[1] if asked is not None else None
        question = f"{asked[0].title}: {asked[1].text}" if asked is not None and card.field == "value" else ""
        me = self._desk.worker.id
        both = both_of(card, self._desk.library, item if card.field == "value" else None)
        workers = [card.shown_said.worker, *(said.worker for other in card.others for said in other.said)]
        is_mine = me in workers and len(set(workers)) > 1

        def answer(value: object, *said: Said) -> Answer:
            theirs = THEIRS if len(card.others) == 1 else THIS
            button = (MINE if me in [each.worker for each in said] else theirs) if is_mine else THIS
            return Answer(_said(words, card, value, record, item), self._by(said), button)

        return Choice(
            key=card.id,
            name=card.person_name or words.record(card.entity),
            identifiers=_sentence(identifiers_line(card.born)) if card.person_name else "",
            question=words.question(card.entity, card.field, question, record),
            before=_said(words, card, card.before, record, item),
            shown=answer(card.shown, card.shown_said),
            others=tuple(answer(other.value, *other.said) for other in card.others),
            both=words.value(card.entity, card.field, both, item) if both is not None else "",
            history=_history(card),
            careful=self._careful(card, words),
        )

    def _several(self, group: Sequence[ConflictCard], words: RecordWords, records: Mapping[str, Mapping[str, Any]]) -> Choice:
        """Return the one question that is asked where two workers answered several each in one step."""
        first, me = group[0], self._desk.worker.id
        told = dict.fromkeys(words.called(card.entity, records[card.id]) for card in group)
        of_one = len({card.record for card in group}) == 1

        def label(card: ConflictCard) -> str:
            return words.field(card.entity, card.field) if of_one else words.question(card.entity, card.field)

        def line(card: ConflictCard, value: object) -> str:
            return f"{label(card)}: {_said(words, card, value, records[card.id])}"

        # what reads the same in both, such as the minute, is no choice
        differ = [card for card in group if line(card, card.shown) != line(card, card.others[0].value)] or group
        is_mine = me in (first.shown_said.worker, first.others[0].said[0].worker)

        def answer(lines: Iterable[str], said: Said) -> Answer:
            button = (MINE if said.worker == me else THEIRS) if is_mine else THIS
            return Answer("\n".join(lines), self._by([said]), button)

        before = dict.fromkeys(line(card, card.before) for card in group if not says_nothing(card.before))
        return Choice(
            key=first.id,
            name=first.person_name or words.record(first.entity),
            identifiers=_sentence(identifiers_line(first.born)) if first.person_name else "",
            question=_listed(told),
            before="; ".join(before) or words.value(first.entity, first.field, None),
            shown=answer((line(card, card.shown) for card in differ), first.shown_said),
            others=(answer((line(card, card.others[0].value) for card in differ), first.others[0].said[0]),),
            both="",
            history=_history(first),
        )

    def _careful(self, card: ConflictCard, words: RecordWords) -> str:
        careful = gone_by(card)
        return words.value(card.entity, card.field, careful, None) if careful != card.shown else ""

    def _removal(self, card: ConflictCard, words: RecordWords, record: Mapping[str, Any]) -> Choice:
        """Return the question that is asked where one took a record off the screens and another wrote in it unknowing."""
        what = words.called(card.entity, record)
        return Choice(
            key=card.id,
            name=card.person_name or words.record(card.entity),
            identifiers=_sentence(identifiers_line(card.born)) if card.person_name else "",
            question=REMOVAL if card.entity == "person" else f"{what}. {REMOVAL}",
            before=OFF if card.before else WAS_ON,
            shown=Answer(STAYS, f"Written by: {self._by([card.shown_said])}", KEEP_ON),
            others=tuple(Answer(OFF, f"Taken off by: {self._by(other.said)}", TAKE_OFF) for other in card.others),
            both="",
            history=_history(card),
        )

    def _by(self, said: Sequence[Said]) -> str:
        return "\n".join(said_by(said, self._desk.worker.id, self._desk.clock.today()))

    def _question(self, found: tuple[str, str] | None) -> tuple[Questionnaire, Item] | None:
        """Return the question that was answered twice, when this laptop has its questionnaire."""
        form = self._desk.library.questionnaires.get(found[0]) if found is not None else None
        item = next((item for item in form.questions if found and item.link_id == found[1]), None) if form is not None else None
        return (form, item) if form is not None and item is not None else None


def _said(words: RecordWords, card: ConflictCard, value: object, record: Mapping[str, Any], item: Item | None = None) -> str:
    """Return an answer in words: a receiver's with the day, the need or the name that its handover has."""
    if (card.entity, card.field) == ("handover", "answer") and value in set(AnswerKind):
        need, better = (str(record.get(name) or "") for name in ("answer_needs", "better_by"))
        return answer_sentence(HandoverAnswer(AnswerKind(str(value)), record.get("start_on"), need, better))
    return words.value(card.entity, card.field, value, item)


def _listed(names: Iterable[str]) -> str:
    """Return what a question is about that concerns several records, as one sentence would begin."""
    return list_words([f"{each[:1].lower()}{each[1:]}" if place else each for place, each in enumerate(names)])


def _saved(card: ConflictCard, shown: Choice, which: Keep, place: int) -> str:
    """Return what was chosen about whom, so that whoever settles several in a row sees what Undo would take back."""
    choice = f"Your choice for {shown.name} is saved"
    if card.is_about_removal:
        return f"{choice}. {IS_OFF if which is Keep.OTHER else STAYS_ON}"
    if which is Keep.BOTH:
        # of sets nobody is named
        return f"{choice}. {ALL if isinstance(card.shown, list) else TOGETHER}"
    answer = shown.shown if which is Keep.SHOWN else shown.others[place]
    return f"{choice}: “{short(answer.words)}”. {THE_OTHER}"


def _history(card: ConflictCard) -> ToHistory:
    return ToHistory(card.entity, card.record, card.person)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
