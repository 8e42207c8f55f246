"""Says of a change why it is not taken, or by which of its worker's roles it is: those of now, or those of late.

What was written while something was allowed is sent before it leaves the laptop, so a change is asked about up to three times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.errors import Refusal
from sync.server.pushing.brought_back import asked_about, refusal_of_question
from sync.server.pushing.checking import is_too_wide
from sync.server.pushing.clashes import CONFLICT
from sync.server.pushing.folding import Folding
from sync.server.pushing.former import former_grants
from sync.server.pushing.mending import lost_among, lost_matches
from sync.server.pushing.moving import area_to_ask
from sync.server.pushing.openings_again import is_brought, refusal_of_opening
from sync.server.pushing.servers_own import may_say
from sync.server.records.following import with_departed
from sync.server.records.openings import with_sendable
from sync.server.records.rows import Held, RecordUnreadable
from sync.server.records.scope import Grant

_OF_WHAT_IS_HERE: Final = (Refusal.NOT_ALLOWED, Refusal.MISSING_RECORD)
"""Refusals that may rest on a row which is lost."""


class Judged(NamedTuple):
    """Why a change is refused, None where it is taken; and what allowed it. ``is_late``: that is not what is allowed now."""

    reason: Refusal | None
    by: Grant
    is_late: bool = False


@dataclass(slots=True)
class Allowing:
    """Judges the changes of one push; ``known`` are those that were taken so far, by their ids."""

    push: Folding
    known: Mapping[str, tuple[int, str]]
    _is_widened: bool = False
    _widened: frozenset[str] = frozenset()
    """The members whom nothing but that allows."""
    _former: Sequence[Grant] | None = None
    """What the worker's role and areas of late allowed; None until it is needed."""

    def judge(self, change: Change, held: Held | None, person: str | None, area: str) -> Judged:
        """Say whether a change is taken that lets a record about ``person`` stand in ``area``.

        Raises :class:`RecordUnreadable` where it would be refused for a row that is lost.
        """
        judged = self._judge_role(change, held, person, area)
        reason = judged.reason or self._impossible(change, held)
        if reason in _OF_WHAT_IS_HERE:
            self._expect_nothing_lost(change, person)
        return judged._replace(reason=reason)

    def _judge_role(self, change: Change, held: Held | None, person: str | None, area: str) -> Judged:
        push = self.push
        if change.kind is ChangeKind.ERASE:
            present = self._of_now()
            return Judged(self._not_allowed(present, change, held, person, area), present)
        reason = self._not_allowed(push.grant, change, held, person, area)
        if reason is Refusal.NOT_ALLOWED and not self._is_widened:
            self._widen()
            reason = self._not_allowed(push.grant, change, held, person, area)
        if reason is Refusal.NOT_ALLOWED:
            return self._judge_former(change, held, person, area)
        return Judged(reason, push.grant)

    def _of_now(self) -> Grant:
        """Return what her role and areas allow now: what may still be sent about a member does not let her be destroyed."""
        grant = self.push.grant
        return replace(grant, opened={who: where for who, where in grant.opened.items() if who not in self._widened})

    def _widen(self) -> None:
        """Let the laptop send also what was written while she had the member opened, or before she left the laptop's scope."""
        push, before = self.push, self.push.grant.opened.keys()
        push.grant = with_departed(push.connection, with_sendable(push.connection, push.grant, push.now), push.now)
        self._is_widened, self._widened = True, frozenset(push.grant.opened.keys() - before)

    def _judge_former(self, change: Change, held: Held | None, person: str | None, area: str) -> Judged:
        """Ask once more as what and where the worker worked until lately: what she wrote then is sent before it leaves."""
        push, present = self.push, self.push.grant
        if self._former is None:
            self._former = former_grants(push.connection, present, push.now)
        for former in self._former:
            # what this push has done so far holds for whatever allows the rest of it
            by = replace(former, opened={**former.opened, **present.opened}, matched=former.matched | present.matched)
            if self._not_allowed(by, change, held, person, area) is None:
                return Judged(None, by, is_late=True)
        return Judged(Refusal.NOT_ALLOWED, present)

    def _not_allowed(self, grant: Grant, change: Change, held: Held | None, person: str | None, area: str) -> Refusal | None:
        push = self.push
        asked = area_to_ask(push, change, held, area)
        if asked is None:
            return Refusal.NOT_ALLOWED
        place = None if held is None else (held.sensitivity, held.area)
        is_known = held is not None or push.area_of(person) is not None
        entity = ENTITIES[change.entity]
        if not may_say(grant, change, held):
            return Refusal.NOT_ALLOWED
        if held is not None and entity.person_field in change.fields and not self._may_be_about(grant, change, held, person):
            return Refusal.NOT_ALLOWED
        return grant.refusal(change, entity, place, person, asked, is_known=is_known)

    def _may_be_about(self, grant: Grant, change: Change, held: Held, person: str | None) -> bool:
        """Tell whether an edit may say of whom the record is: nobody hangs words on a member whom she may not see."""
        other = person_of(ENTITIES[change.entity], change.record, change.fields)
        area = self.push.area_of(other)
        return other == person or area is None or grant.covers(held.sensitivity, area, other)

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
        return self._not_brought(change) if held is None else None

    def _not_brought(self, change: Change) -> Refusal | None:
        """Return why a laptop cannot bring back what the server alone writes; of anything else None."""
        if change.entity == CONFLICT:
            return refusal_of_question(self.push, change)
        return refusal_of_opening(self.push, change) if is_brought(change) else None

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
