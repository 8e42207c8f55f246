"""What the page of a record's history says: each edit in words, the newest first, what the server adds to it, and about which
other records about the same member there is something to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.domain.words import count_words, list_words
from ewb_desktop.storage.cards.assessments import question_of
from ewb_desktop.storage.cards.changed_records import ABOUT_MEMBERS, changed_records, says_now
from ewb_desktop.storage.cards.history import FieldStep, Step, history_of
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.looks import note_look
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.history import fetch_history
from ewb_desktop.syncing.report import when_words
from ewb_desktop.syncing.troubles import RoundFailed
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.destinations import ToHistory
from ewb_desktop.ui.history.abouts import Question, abouts, asked_words
from ewb_desktop.ui.record_words import RecordWords, ids_in, says_nothing
from ewb_desktop.ui.running import RunAside
from ewb_desktop.ui.widgets.row import Row, Tint
from sync.protocol.change import ChangeKind
from sync.protocol.messages import LookKind

SHOWN = 30
"""Edits shown at first, and with each "Show earlier"."""

HERE = "This is what this laptop has seen. The server may know more."
ALONE = "This is what was written on this laptop."
WHOLE = "This is everything that the server knew, {0}."
NOT_HERE = "What it said first is not on this laptop. The server knows it."
SAYS_NOW = "This is what the record says now."
SOME_SAID_NOW = "Of this the record still says: {0}."
NOTHING_MORE = "The server told nothing more of it."


class HistoryView(Protocol):
    """What the presenter needs of the page."""

    def show_whose(self, name: str, record: str) -> None:
        """Say whom the record is about and what it is."""

    def show_abouts(self, abouts: Sequence[tuple[ToHistory, str]], chosen: ToHistory) -> None:
        """Offer the records about the same member that can be told of, each with its words; none where there is no other."""

    def show_steps(self, rows: Sequence[Row], earlier: int) -> None:
        """Show the edits; ``earlier`` are not shown yet."""

    def show_source(self, words: str, *, can_ask: bool, asking: bool) -> None:
        """Say how much this is, and whether the server can be asked."""

    def show_trouble(self, sentence: str) -> None:
        """Say why the server could not be asked; nothing takes it away."""

    def say(self, sentence: str) -> None:
        """Say what was done."""


class HistoryPresenter:
    """Reads the history of one record, and asks the server for all of it."""

    def __init__(self, desk: Desk, view: HistoryView, run_aside: RunAside, open_wire: OpenWire = Wire) -> None:
        self._desk = desk
        self._view = view
        self._run_aside = run_aside
        self._open_wire = open_wire
        self._about = ToHistory("", "")
        self._shown = SHOWN
        self._known = 0
        """Edits of the record that this laptop knows."""
        self._source = HERE

    def open(self, about: ToHistory) -> None:
        """Show the history of a record."""
        self._about = about
        self._shown = SHOWN
        self._source = HERE
        self._view.show_trouble("")
        self.refresh()

    def choose(self, about: ToHistory) -> None:
        """Show the history of another record about the same member. That it was looked at is noted as of every page."""
        if about == self._about:
            return
        self.open(about)
        known = self._known
        self._view.say(f"{count_words(known, 'change')} of it {'is' if known == 1 else 'are'} known here.")
        store = self._desk.store
        self._run_aside(lambda: note_look(store, LookKind.HISTORY, about.entity, about.record), lambda _: None, _not_in_the_way)

    def hear(self, changes: Changes) -> None:
        """Read again when the record, a name in it, or another record about the member may have changed."""
        of_member = bool(self._about.person) and changes.concerns(*ABOUT_MEMBERS, "conflict")
        if changes.touches(self._about.record) or of_member or changes.concerns("worker", "place"):
            self.refresh()

    def show_earlier(self) -> None:
        """Show more."""
        self._shown += SHOWN
        self.refresh()

    def refresh(self, *, asking: bool = False) -> None:
        """Read everything again."""
        about, library = self._about, self._desk.library
        with self._desk.store.read() as connection:
            steps = history_of(connection, about.entity, about.record)
            now = says_now(connection, about.entity, about.record)
            changed = changed_records(connection, about.person) if about.person else []
            values = [(each.field, value) for step in steps for each in step.fields for value in (each.before, each.said)]
            ids = {about.person, *ids_in(library, about.entity, values)}
            ids |= {id_ for each in changed for id_ in ids_in(library, each.entity, each.says.items())}
            words = RecordWords(library, names_of(connection, ids - {""}))
            answers = {each.record for each in changed if each.entity == "answer"}
            answers |= {about.record} if about.entity == "answer" else set()
            asked = {answer: self._question(question_of(connection, answer)) for answer in answers}
            is_enrolled = read_enrolment(connection) is not None
        self._known = len(steps)
        question = asked.get(about.record)
        title = asked_words(question) or words.record(about.entity)
        self._view.show_whose(words.names.get(about.person, ""), title)
        self._view.show_abouts(abouts(about, changed, words, self._desk.clock.today(), asked), about)
        newest = steps[::-1]
        standing, first = _standing(steps, now), next((step for step in steps if step.kind is ChangeKind.CREATE), None)
        item = question[1] if question else None
        rows = [
            self._row(step, words, item, standing.get(id(step), set()) if len(steps) > 1 else None, is_first=step is first)
            for step in newest[: self._shown]
        ]
        self._view.show_steps(rows, max(0, self._known - self._shown))
        self._view.show_source(self._source if is_enrolled else ALONE, can_ask=is_enrolled, asking=asking)

    def ask_server(self) -> None:
        """Ask the server for everything that was done to the record."""
        about, desk = self._about, self._desk
        self._view.show_trouble("")
        self.refresh(asking=True)
        self._run_aside(
            lambda: fetch_history(desk.store, about.record, self._open_wire),
            lambda came: self._has_come(about, came),
            self._failed,
        )

    def _has_come(self, about: ToHistory, came: int) -> None:
        if about == self._about:
            now = when_words(self._desk.clock.now(), self._desk.clock.today())
            self._source = WHOLE.format(now) if came else NOTHING_MORE
            self.refresh()
            self._view.say(self._source)

    def _failed(self, error: Exception) -> None:
        self.refresh()
        self._view.show_trouble(
            str(error) if isinstance(error, RoundFailed) else "The server could not be asked. Please try again."
        )

    def _question(self, found: tuple[str, str] | None) -> Question | None:
        """Return the question that was answered, when this laptop has its questionnaire."""
        form = self._desk.library.questionnaires.get(found[0]) if found is not None else None
        item = next((item for item in form.questions if found and item.link_id == found[1]), None) if form is not None else None
        return (form, item) if form is not None and item is not None else None

    def _row(self, step: Step, words: RecordWords, item: Item | None, standing: set[str] | None, *, is_first: bool) -> Row:
        """Return a step in words; ``standing``: the fields whose word is the present one, None where that goes without saying."""
        entity = self._about.entity
        shown = [each for each in step.fields if words.is_shown(entity, each.field) and not _is_nothing(each)]
        if step.kind is ChangeKind.CREATE and not is_first:
            # two entries with the same words cannot be told apart: this one says what it altered
            shown = [each for each in shown if not _says_the_same(each)]
        said = [_field(words, entity, each, item, is_new=is_first) for each in shown]
        if standing is not None and shown:
            said += _standing_words(words, entity, shown, standing)
        tag, tint = "", Tint.GREY
        if step.is_let_go:
            tag = "let go on this laptop"
        elif step.is_held:
            tag, tint = "needs a look", Tint.AMBER
        elif not step.is_sent:
            tag, tint = "not sent yet", Tint.AMBER
        return Row(
            key=str(step.number),
            title=f"{self._who(step, words)} {_did(words, entity, step, shown, is_first=is_first)}",
            detail="\n".join(said) if said or not is_first else NOT_HERE,
            lead=_sentence(when_words(step.at, self._desk.clock.today())),
            tag=tag,
            tint=tint,
        )

    def _who(self, step: Step, words: RecordWords) -> str:
        return "You" if step.author == self._desk.worker.id else words.names.get(step.author) or "A colleague"


def _not_in_the_way(_error: Exception) -> None:
    """Let nobody be kept from what she reads by a look that could not be noted; the log says that one is missing."""


def _standing(steps: Sequence[Step], now: Mapping[str, Any]) -> dict[int, set[str]]:
    """Return for each step, by its identity, the fields that are as it left them: by what the record says ``now``, too.

    What came with a snapshot replaced a word here without a step that tells of it.
    """
    standing: dict[int, set[str]] = {}
    told: set[str] = set()
    for step in reversed(steps):
        if step.is_let_go:
            continue
        found = {each.field: each.after for each in step.fields if each.stood and each.field not in told}
        standing[id(step)] = {field for field, after in found.items() if field in now and now[field] == after}
        told |= found.keys()
    return standing


def _standing_words(words: RecordWords, entity: str, shown: Sequence[FieldStep], standing: set[str]) -> list[str]:
    names = [words.field(entity, each.field) for each in shown if each.field in standing]
    if len(names) == len(shown):
        return [SAYS_NOW]
    return [SOME_SAID_NOW.format(list_words(names))] if names else []


def _did(words: RecordWords, entity: str, step: Step, shown: Sequence[FieldStep], *, is_first: bool) -> str:
    match step.kind:
        case ChangeKind.CREATE if is_first:
            return "wrote this down first"
        case ChangeKind.CREATE if not shown:
            return "wrote the same down again"
        case ChangeKind.TOMBSTONE:
            return "took it off the screens"
        case ChangeKind.ERASE:
            return "destroyed it, as the law asks. What it said is gone"
    if not shown:
        return "brought it back, or moved it to another area" if not step.fields else "saved it, and changed nothing"
    names = [words.field(entity, each.field) for each in shown]
    things = list_words([name[:1].lower() + name[1:] if name[1:2].islower() else name for name in names])
    if not any(each.stood for each in shown):
        return f"answered {things} too"
    if all(_says_the_same(each) for each in shown):
        return f"kept {things} as it was"
    return f"changed {count_words(len(names), 'thing')}" if len(names) > 3 else f"changed {things}"


def _is_nothing(step: FieldStep) -> bool:
    """Tell whether nothing was said where nothing stood: an empty list in place of none."""
    return step.is_before_known and says_nothing(step.before) and says_nothing(step.said)


def _says_the_same(step: FieldStep) -> bool:
    """Tell whether somebody said what stood already, as whoever chooses it of two answers does."""
    return step.is_before_known and step.before == step.said


def _field(words: RecordWords, entity: str, step: FieldStep, item: Item | None, *, is_new: bool) -> str:
    name, said = words.field(entity, step.field), words.value(entity, step.field, step.said, item)
    if is_new:
        return f"{name}: {said}"
    before = words.value(entity, step.field, step.before, item)
    if not step.stood:
        after = words.value(entity, step.field, step.after, item)
        return f"{name}: “{said}” was told too. “{after}” stayed"
    if not step.is_before_known:
        return f"{name}: now “{said}”. What was there before is not on this laptop"
    if _says_the_same(step):
        return f"{name}: “{said}”, as before"
    if says_nothing(step.before):
        return f"{name}: “{said}”. Nothing stood there before"
    if step.is_before_unheard:
        # nobody is said to have changed what they never saw
        now = "taken out" if says_nothing(step.said) else f"“{said}”"
        return f"{name}: {now}, without having heard of “{before}”, which stood there by then"
    return f"{name}: “{before}” was taken out" if says_nothing(step.said) else f"{name}: from “{before}” to “{said}”"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
