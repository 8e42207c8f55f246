"""The ledger: gives every change the next number, folds it into its record, and answers for each id.

One counter row, locked until the transaction ends, numbers the changes of an organisation: a bare sequence would let a reader
pass a number whose transaction had not ended yet, and never see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Policy, person_of
from sync.protocol.errors import Refusal
from sync.protocol.merge import GONE, Fields, Merged, may_be_unheard, merge, policy_of
from sync.protocol.messages import Verdict, VerdictKind
from sync.server.database import tables
from sync.server.database.bulk import Savepoint, ask_counter, ask_rows, insert_rows, lock_counter, run, together, undoable
from sync.server.pushing.allowing import Allowing
from sync.server.pushing.brought_back import asked_about, bring_back
from sync.server.pushing.checking import LARGEST
from sync.server.pushing.clashes import CONFLICT, keep_clash, show_what_stands
from sync.server.pushing.erasing import answer_after_erasure, erase, forget_history
from sync.server.pushing.folding import Folding, Place
from sync.server.pushing.former import LATE
from sync.server.pushing.later_words import LaterWords
from sync.server.pushing.mending import mend
from sync.server.pushing.moving import follow, match_own, move, place_of, tell_who_stays
from sync.server.pushing.numbers import expect_number, put_right
from sync.server.pushing.openings_again import as_brought, is_brought
from sync.server.pushing.removals import Watched, ask_of_removal
from sync.server.records import audit
from sync.server.records.epochs import as_of_now, ends_since
from sync.server.records.following import MEMBER, matches_of, with_matched
from sync.server.records.rows import PLACE, Held, RecordUnreadable, ask_held, load_readable, read_held, save
from sync.server.records.scope import SERVER, Grant
from sync.server.records.standing import otherwise_told

_POISON: Final = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, TypeError, ValueError, RecursionError)
_BEHIND: Final = (Refusal.WAITING_FOR, Refusal.MISSING_RECORD)
"""Refusals that a later change of the same push may end."""

_GIVEN_BEFORE: Final = (VerdictKind.KNOWN, VerdictKind.REFUSED)

ACTIONS: Final = {
    ChangeKind.CREATE: "create",
    ChangeKind.EDIT: "change",
    ChangeKind.TOMBSTONE: "remove",
    ChangeKind.ERASE: "erase",
}
"""The audit's words for what was taken as it came."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a push. ``own`` numbers the rows that the laptop holds exactly so already."""

    verdicts: Mapping[str, Verdict]
    own: frozenset[int]
    first: int = 0
    """The number after which it began, where nothing of it has to be sent back; 0 where something has."""
    last: int = 0
    """The number with which it ended."""

    @property
    def began(self) -> int:
        """The first number that it was given; one that nothing reaches where it was given none."""
        given = [verdict.number for verdict in self.verdicts.values() if verdict.kind not in _GIVEN_BEFORE]
        return min(given, default=LARGEST)

    def brings_nothing(self, cursor: int) -> bool:
        """Tell whether a laptop that had everything up to ``cursor`` has everything now: it wrote all that came after."""
        return 0 < self.first <= cursor < self.last


def take(connection: Connection, grant: Grant, changes: Sequence[Change], now: str, *, first_from: int | None = None) -> Taken:
    """Number, fold and keep ``changes``; return a verdict for every id.

    From the count ``first_from`` on their laptop itself offers them for the first time, as it says.

    Taking a change again gives the same answer and does nothing. A change that the database cannot hold is refused alone.
    """
    mended: set[str] = set()
    while True:
        try:
            return _take_at_once(connection, grant, changes, now, first_from)
        except _POISON as poison:
            # what the disk altered of the numbers and the records is made again first: then nothing has to be refused for it
            was_behind = put_right(connection, grant.organisation, now)
            suspected = {change.record for change in changes} | ({poison.id} if isinstance(poison, RecordUnreadable) else set())
            again = mend(connection, grant.organisation, sorted(suspected - mended), now)
            if not (again or was_behind):
                break
            mended.update(again)
    return _take_one_by_one(connection, grant, changes, now, first_from)


def _take_one_by_one(connection: Connection, grant: Grant, changes: Sequence[Change], now: str, first_from: int | None) -> Taken:
    verdicts: dict[str, Verdict] = {}
    own: set[int] = set()
    turn = list(changes)
    while turn:
        for change in turn:
            try:
                taken = _take_at_once(connection, grant, [change], now, first_from)
            except _POISON:
                verdicts[change.id] = _refused(change, Refusal.MALFORMED)
            else:
                verdicts.update(taken.verdicts)
                own |= taken.own
        # one may wait for what came behind it in the same push
        waiting = [change for change in turn if verdicts[change.id].reason in _BEHIND]
        turn = waiting if len(waiting) < len(turn) else []
        # what came behind them is here already: their own count says that they are older
        first_from = None
    return Taken(verdicts, frozenset(own))


def lock(connection: Connection, organisation: str) -> int:
    """Hold the organisation's counter until the transaction ends; return the last number given."""
    return int(lock_counter(connection, organisation).number)


def _take_at_once(connection: Connection, grant: Grant, changes: Sequence[Change], now: str, first_from: int | None) -> Taken:
    """Take all of ``changes`` or, where the database cannot hold one of them, none."""
    grant = with_matched(connection, grant)
    with ExitStack() as asked:
        asked.enter_context(together(connection))
        # held before the savepoint: taken back to it, a transaction holds nothing that it took later
        counter = ask_counter(connection, grant.organisation)
        with undoable(connection, "push") as savepoint:
            found = _Found(connection, grant.organisation, changes)
            asked.close()
            held = counter()
            expect_number(held.number)
            tip = audit.Tip(held.audit_number, held.audit_hash)
            # the server's own word has heard of everything
            heard = changes if grant.device == SERVER else _only_heard(connection, grant.organisation, changes, int(held.number))
            later = LaterWords(first_from)
            return _Taking(Folding(connection, grant, now, held.number), tip, savepoint, later).take(heard, found)


def _only_heard(connection: Connection, organisation: str, changes: Sequence[Change], last: int) -> Sequence[Change]:
    """Return the changes, none of them with more heard of than was given: nobody could be asked about what meets it.

    A number that was never given in this epoch can honestly be of another one only, and nobody can say of which.
    """
    if all(change.base <= last for change in changes):
        return changes
    heard = min((end.number for end in ends_since(connection, organisation, None)), default=0)
    return [change if change.base <= last else as_of_now(change, heard) for change in changes]


class _Found:
    """What the database has of what some changes are about: asked for at once, read when all has been answered."""

    def __init__(self, connection: Connection, organisation: str, changes: Sequence[Change]) -> None:
        self._connection, self._organisation = connection, organisation
        asked = {change.id for change in changes} | {change.after for change in changes if change.after}
        self._known = ask_rows(connection, tables.ledger, ("change_id", "number", "device"), organisation, "change_id", asked)
        ids = {change.record for change in changes}
        self._held = ask_held(connection, organisation, ids, to_change=True)
        # whom a new record is about says where it stands
        about = {person_of(ENTITIES[change.entity], change.record, change.fields) for change in changes}
        people = {person for person in about if person is not None} - ids
        self._places = ask_rows(connection, tables.record, PLACE, organisation, "id", people)

    def known(self) -> dict[str, tuple[int, str]]:
        """Return the numbers of the changes that were taken before, and by which laptop they were sent."""
        return {id_: (number, device) for id_, number, device in self._known()}

    def held(self) -> dict[str, Held]:
        """Return the records that are changed."""
        held = read_held(self._held)
        # hardly anything says nothing: the history is asked about that alone whether it was destroyed by law
        odd = {id_: each for id_, each in held.items() if each.is_erased or not (each.record.fields and each.row_agrees)}
        if odd:
            _expect_as_told(self._connection, self._organisation, odd)
        return held

    def places(self) -> dict[str, Place]:
        """Return where those members stand whom new records are about."""
        found = self._places()
        odd = {id_ for id_, _, _, _, row_agrees in found if not row_agrees}
        if odd:
            # what is new about somebody does not wait for all of her record to be readable
            _expect_as_told(self._connection, self._organisation, load_readable(self._connection, self._organisation, odd))
        return {id_: Place(area, bool(gone), bool(erased)) for id_, area, gone, erased, _ in found}


def _expect_as_told(connection: Connection, organisation: str, held: Mapping[str, Held]) -> None:
    """Raise :class:`RecordUnreadable` where one of the records is not as its history tells: then it is mended first."""
    other = otherwise_told(connection, organisation, held)
    if other is not None:
        raise RecordUnreadable(other)


def _refused(change: Change, reason: Refusal) -> Verdict:
    return Verdict(id=change.id, kind=VerdictKind.REFUSED, reason=reason)


@dataclass(slots=True)
class _Taking:
    """Takes the changes of one push one by one: everything is read once before, and written once after."""

    push: Folding
    tip: audit.Tip
    savepoint: Savepoint
    later: LaterWords
    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    watched: Watched = field(default_factory=Watched)
    allowing: Allowing = field(init=False)

    def __post_init__(self) -> None:
        self.allowing = Allowing(self.push, self.known)

    def take(self, changes: Sequence[Change], found: _Found) -> Taken:
        first = self.push.number
        self.known |= found.known()
        self.push.held, self.push.places = found.held(), found.places()
        self.later.look(self.push, changes)
        verdicts: dict[str, Verdict] = {}
        turn = list(changes)
        while turn:
            for change in turn:
                if change.id not in verdicts or verdicts[change.id].reason in _BEHIND:
                    verdicts[change.id] = self._take_one(change)
            # what was made anew, or brought back, after its turn comes behind those that wait for it
            waiting = [change for change in turn if verdicts[change.id].reason in _BEHIND]
            has_more = len(waiting) < len(turn) and any(self._is_there_now(change) for change in waiting)
            turn = waiting if has_more else []
        self._write()
        written = {held.record.number for held in self.push.touched.values()}
        own = frozenset(self.push.own & written)
        return Taken(verdicts, own, first if own == written else 0, self.push.number)

    def _is_there_now(self, change: Change) -> bool:
        """Tell whether what a change waited for has come with this push."""
        if change.after is not None and change.after not in self.known:
            return False
        needed = change.record if change.kind is not ChangeKind.CREATE else asked_about(change)
        return needed is None or needed in self.push.held

    def _write(self) -> None:
        if not self.push.lines:
            return
        self.watched.keep_on_the_screens(self.push)
        follow(self.push)
        with together(self.push.connection):
            self._write_together()

    def _write_together(self) -> None:
        push, organisation = self.push, self.push.grant.organisation
        insert_rows(push.connection, tables.ledger, push.lines)
        save(push.connection, organisation, push.touched)
        # destroyed by law: what was said goes from the history too
        forget_history(push)
        run(push.connection, "UPDATE counter SET number = ? WHERE organisation = ?", (push.number, organisation))
        audit.write(push.connection, organisation, push.now, push.entries, self.tip)
        self.savepoint.release()

    def _take_one(self, change: Change) -> Verdict:
        known = self.known.get(change.id)
        if known is not None:
            number, device = known
            if device != self.push.grant.device:
                return _refused(change, Refusal.MALFORMED)
            return Verdict(id=change.id, kind=VerdictKind.KNOWN, number=number)
        push = self.push
        change = self.later.counted_on(change)
        held = push.held.get(change.record)
        person = person_of(ENTITIES[change.entity], change.record, held.record.fields if held else change.fields)
        since = self.later.since(push, change, held)
        # where her laptop's later word was that it is on the screens or off them, that word said where it stands, too
        area = held.area if held is not None and GONE in since else place_of(push, change, held, person)
        judged = self.allowing.judge(change, held, person, area)
        if judged.reason is not None:
            return _refused(change, judged.reason)
        if judged.is_late:
            push.note(LATE, change.entity, change.record, f"{change.kind} as {judged.by.role}")
        number = push.next_number()
        self.known[change.id] = (number, push.grant.device)
        if change.entity == CONFLICT and held is None:
            return bring_back(push, change, number)
        if held.is_erased if held is not None else push.is_erased(person):
            return answer_after_erasure(push, change, number, area)
        if change.entity == CONFLICT and change.kind is ChangeKind.CREATE:
            # another laptop brought it back before: what the server says of it stands, whatever this one was told
            change = change.model_copy(update={"fields": {}})
        elif is_brought(change):
            change = as_brought(push, change, is_here=held is not None)
        record, seen, is_unheard = held.record if held else None, self._sets_seen(change, held), self._is_unheard(change, held)
        merged = merge(record, change, number, seen, is_unheard=is_unheard, said_since=since)
        stood, was_gone = (held.record.fields, held.record.gone) if held is not None else ({}, False)
        stood_clean = held is not None and held.record.number in push.own
        # what was brought back stands as this server tells it
        is_same = not is_brought(change) and (merged.same or (stood_clean and not (merged.clashes or since)))
        kind = self._fold(change, held, merged, area, judged.by, is_same=is_same)
        for clash in merged.clashes:
            if clash.field == GONE:
                ask_of_removal(push, change)
            else:
                keep_clash(push, change, clash)
        show_what_stands(push, change, stood)
        self.watched.note(change, person, was_gone=was_gone)
        if change.kind is ChangeKind.ERASE:
            erase(push, change)
        return Verdict(id=change.id, kind=kind, number=number)

    def _fold(self, change: Change, held: Held | None, merged: Merged, area: str, by: Grant, *, is_same: bool) -> VerdictKind:
        push, id_, record = self.push, change.record, merged.record
        if held is None:
            held = Held(change.entity, ENTITIES[change.entity].sensitivity, area, change.author, change.at, record)
            push.held[id_] = held
        elif change.entity == MEMBER:
            push.matches.setdefault(id_, matches_of(held.record.fields))
            if held.area != area:
                record = move(push, id_, record, held.area, area)
            elif change.area != area:
                tell_who_stays(push, id_, held, record.number)
        held.area, held.record = area, record
        taken = VerdictKind.ACCEPTED if is_same else VerdictKind.MERGED
        kind = VerdictKind.CONFLICT if merged.clashes else taken
        # a member who was not moved, and what is about one who was, stands elsewhere than on this laptop: it is given where
        if is_same and change.area == area:
            push.own.add(record.number)
        push.touched[id_] = held
        if change.entity == MEMBER and by.is_matched_only:
            match_own(push, id_, held)
        push.write_line(change, record.number, kind, merged.overtaken, area)
        action = ACTIONS[change.kind] if kind is VerdictKind.ACCEPTED else kind.value
        push.note(action, change.entity, id_, ",".join(sorted(change.fields)))
        return kind

    def _is_unheard(self, change: Change, held: Held | None) -> bool:
        """Tell whether its author had not heard what others said against this; the history is read only where it may be so."""
        if held is None or not may_be_unheard(held.record, change):
            return False
        return self.push.past_of(change.record).retold().is_unheard(change)

    def _sets_seen(self, change: Change, held: Held | None) -> Fields:
        """Return what the author saw in sets that were changed since; the history is read only when there is such a one."""
        if held is None:
            return {}
        changed, base = held.record.changed, change.base
        later = [name for name in change.fields if changed.get(name, 0) > base]
        if not any(policy_of(change.entity, name) is Policy.UNION for name in later):
            return {}
        return self.push.past_of(change.record).retold().seen_by(change)
