"""The ledger: gives every change the next number, folds it into its record, and answers for each id.

One counter row, locked until the transaction ends, numbers the changes of an organisation: a bare sequence would let a reader
pass a number whose transaction had not ended yet, and never see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
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
from sync.server.pushing.brought_back import asked_about, bring_back, refusal_of_question
from sync.server.pushing.checking import LARGEST, is_too_wide
from sync.server.pushing.clashes import CONFLICT, keep_clash, show_what_stands
from sync.server.pushing.erasing import answer_after_erasure, erase, forget_history
from sync.server.pushing.folding import Folding, Place
from sync.server.pushing.former import LATE, former_grants
from sync.server.pushing.later_words import LaterWords
from sync.server.pushing.mending import lost_among, lost_matches, mend
from sync.server.pushing.moving import area_to_ask, follow, match_own, move, place_of
from sync.server.pushing.numbers import expect_number, put_right
from sync.server.pushing.removals import Watched, ask_of_removal
from sync.server.pushing.servers_own import may_say
from sync.server.records import audit
from sync.server.records.epochs import as_of_now, ends_since
from sync.server.records.following import MEMBER, matches_of, with_departed, with_matched
from sync.server.records.openings import with_sendable
from sync.server.records.rows import PLACE, Held, RecordUnreadable, ask_held, load_readable, read_held, save
from sync.server.records.scope import SERVER, Grant
from sync.server.records.standing import otherwise_told

_POISON: Final = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, TypeError, ValueError, RecursionError)
_BEHIND: Final = (Refusal.WAITING_FOR, Refusal.MISSING_RECORD)
"""Refusals that a later change of the same push may end."""

_OF_WHAT_IS_HERE: Final = (Refusal.NOT_ALLOWED, Refusal.MISSING_RECORD)
"""Refusals that may rest on a row which is lost."""

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
        odd = {id_ for id_, _, _, row_agrees in found if not row_agrees}
        if odd:
            # what is new about somebody does not wait for all of her record to be readable
            _expect_as_told(self._connection, self._organisation, load_readable(self._connection, self._organisation, odd))
        return {id_: Place(area, bool(gone)) for id_, area, gone, _ in found}


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
    is_widened: bool = False
    widened: frozenset[str] = frozenset()
    """The members whom nothing but that allows."""
    former: Sequence[Grant] | None = None
    """What the worker's role and areas of late allowed; None until it is needed."""
    late: Grant | None = None
    """Which of these allowed the change at hand, where what she is allowed now did not."""

    def take(self, changes: Sequence[Change], found: _Found) -> Taken:
        first = self.push.number
        self.known, self.push.held, self.push.places = found.known(), found.held(), found.places()
        self.later.look(self.push, changes)
        verdicts: dict[str, Verdict] = {}
        turn = list(changes)
        while turn:
            for change in turn:
                if change.id not in verdicts or verdicts[change.id].reason in _BEHIND:
                    verdicts[change.id] = self._take_one(change)
            # what was made anew, or brought back, after its turn comes behind those that wait for it
            waiting = [change for change in turn if verdicts[change.id].reason in _BEHIND]
            turn = waiting if any(self._is_there_now(change) for change in waiting) else []
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
        reason = self._refusal(change, held, person, area)
        if reason is not None:
            if reason in _OF_WHAT_IS_HERE:
                self._expect_nothing_lost(change, person)
            return _refused(change, reason)
        if self.late is not None:
            push.note(LATE, change.entity, change.record, f"{change.kind} as {self.late.role}")
        number = push.next_number()
        self.known[change.id] = (number, push.grant.device)
        if held is not None and held.is_erased:
            return answer_after_erasure(push, change, number)
        if change.entity == CONFLICT and held is None:
            return bring_back(push, change, number)
        if change.entity == CONFLICT and change.kind is ChangeKind.CREATE:
            # another laptop brought it back before: what the server says of it stands, whatever this one was told
            change = change.model_copy(update={"fields": {}})
        record, seen, is_unheard = held.record if held else None, self._sets_seen(change, held), self._is_unheard(change, held)
        merged = merge(record, change, number, seen, is_unheard=is_unheard, said_since=since)
        stood, was_gone = (held.record.fields, held.record.gone) if held is not None else ({}, False)
        stood_clean = held is not None and held.record.number in push.own
        is_same = merged.same or (stood_clean and not (merged.clashes or since))
        kind = self._fold(change, held, merged, area, is_same=is_same)
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

    def _refusal(self, change: Change, held: Held | None, person: str | None, area: str) -> Refusal | None:
        self.late = None
        if change.kind is ChangeKind.ERASE:
            return self._refusal_to_destroy(change, held, person, area) or self._impossible(change, held)
        reason = self._not_allowed(change, held, person, area)
        if reason is Refusal.NOT_ALLOWED and not self.is_widened:
            self._widen()
            reason = self._not_allowed(change, held, person, area)
        if reason is Refusal.NOT_ALLOWED:
            reason = self._not_allowed_lately(change, held, person, area)
        return reason or self._impossible(change, held)

    def _refusal_to_destroy(self, change: Change, held: Held | None, person: str | None, area: str) -> Refusal | None:
        """Return why a record is not destroyed: only what her role and areas allow now counts, not what may still be sent."""
        push, widened = self.push, self.push.grant
        push.grant = replace(widened, opened={who: where for who, where in widened.opened.items() if who not in self.widened})
        reason = self._not_allowed(change, held, person, area)
        push.grant = widened
        return reason

    def _impossible(self, change: Change, held: Held | None) -> Refusal | None:
        """Return why a change that is allowed cannot be taken, or not yet."""
        if held is not None and held.entity != change.entity:
            return Refusal.MALFORMED
        if held is not None and is_too_wide(ENTITIES[change.entity], held.record.fields, change.fields):
            return Refusal.TOO_LARGE
        if change.after is not None and change.after not in self.known:
            return Refusal.WAITING_FOR
        if held is None and change.kind is not ChangeKind.CREATE:
            return Refusal.MISSING_RECORD
        return refusal_of_question(self.push, change) if held is None and change.entity == CONFLICT else None

    def _expect_nothing_lost(self, change: Change, person: str | None) -> None:
        """Raise :class:`RecordUnreadable` where a change would be refused for a row that is lost: then that is made again first.

        So is a record of which the history is left, and who is matched to a member as her own record says.
        """
        push, organisation = self.push, self.push.grant.organisation
        other = person_of(ENTITIES[change.entity], change.record, change.fields)
        needed = {person, other, asked_about(change)} | (set() if change.kind is ChangeKind.CREATE else {change.record})
        asked = {each for each in needed if each is not None} - push.held.keys() - push.places.keys()
        lost = lost_among(push.connection, organisation, asked) if asked else []
        people = {each for each in (person, other) if each is not None} - push.grant.matched
        if not lost and push.grant.is_matched_only and people:
            lost = lost_matches(push.connection, push.grant, people)
        if lost:
            raise RecordUnreadable(lost[0])

    def _widen(self) -> None:
        """Let the laptop send also what was written while she had the member opened, or before she left the laptop's scope."""
        push, before = self.push, self.push.grant.opened.keys()
        grant = with_departed(push.connection, with_sendable(push.connection, push.grant, push.now), push.now)
        push.grant, self.is_widened, self.widened = grant, True, frozenset(grant.opened.keys() - before)

    def _not_allowed_lately(self, change: Change, held: Held | None, person: str | None, area: str) -> Refusal | None:
        """Ask once more as what and where the worker worked until lately: what she wrote then is sent before it leaves."""
        push, present = self.push, self.push.grant
        if self.former is None:
            self.former = former_grants(push.connection, present, push.now)
        for former in self.former:
            # what this push has done so far holds for whatever allows the rest of it
            opened, matched = {**former.opened, **present.opened}, former.matched | present.matched
            push.grant = replace(former, opened=opened, matched=matched)
            reason = self._not_allowed(change, held, person, area)
            push.grant = present
            if reason is None:
                self.late = former
                return None
        return Refusal.NOT_ALLOWED

    def _not_allowed(self, change: Change, held: Held | None, person: str | None, area: str) -> Refusal | None:
        push = self.push
        asked = area_to_ask(push, change, held, area)
        if asked is None:
            return Refusal.NOT_ALLOWED
        place = None if held is None else (held.sensitivity, held.area)
        is_known = held is not None or push.area_of(person) is not None
        entity = ENTITIES[change.entity]
        if not may_say(push.grant, change, held):
            return Refusal.NOT_ALLOWED
        if held is not None and entity.person_field in change.fields and not self._may_be_about(change, held, person):
            return Refusal.NOT_ALLOWED
        return push.grant.refusal(change, entity, place, person, asked, is_known=is_known)

    def _may_be_about(self, change: Change, held: Held, person: str | None) -> bool:
        """Tell whether an edit may say of whom the record is: nobody hangs words on a member whom she may not see."""
        other = person_of(ENTITIES[change.entity], change.record, change.fields)
        area = self.push.area_of(other)
        return other == person or area is None or self.push.grant.covers(held.sensitivity, area, other)

    def _fold(self, change: Change, held: Held | None, merged: Merged, area: str, *, is_same: bool) -> VerdictKind:
        push, id_, record = self.push, change.record, merged.record
        if held is None:
            held = Held(change.entity, ENTITIES[change.entity].sensitivity, area, change.author, change.at, record)
            push.held[id_] = held
        elif change.entity == MEMBER:
            push.matches.setdefault(id_, matches_of(held.record.fields))
            if held.area != area:
                record = move(push, id_, record, held.area, area)
        held.area, held.record = area, record
        taken = VerdictKind.ACCEPTED if is_same else VerdictKind.MERGED
        kind = VerdictKind.CONFLICT if merged.clashes else taken
        # a member who was not moved, and what is about one who was, stands elsewhere than on this laptop: it is given where
        if is_same and change.area == area:
            push.own.add(record.number)
        push.touched[id_] = held
        if change.entity == MEMBER and (self.late or push.grant).is_matched_only:
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
