"""Every kind of record that travels: its fields, who may hold it, and how two edits of one field meet.

Adding a field here, and to the laptop's tables, is all that it takes to make it travel. A laptop that does not know a field
carries it on unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Sensitivity(StrEnum):
    """Who may hold a record at all; the role decides which classes a laptop receives."""

    OPEN = "open"
    """Directory, places, tallies: nothing about a named person."""
    STAFF = "staff"
    """Names and telephone numbers of workers."""
    CONTACT = "contact"
    """Who a member is and how to reach them safely."""
    CARE = "care"
    """What was said, asked, planned and done."""
    SAFEGUARDING = "safeguarding"
    """Concerns about harm by others: clinicians only."""
    EQUALITY = "equality"
    """Ethnicity, orientation, belief: kept apart from the working screens."""


class Policy(StrEnum):
    """What happens when two workers changed one field without knowing of each other."""

    LATEST = "latest"
    """The later arrival shows; the other stays in history."""
    ASK = "ask"
    """Both are kept; the one already shared is shown, with a mark, until a person chooses."""
    UNION = "union"
    """A set: what anybody added is in, and what anybody took out is out, whoever still had an older copy of it."""
    APPEND = "append"
    """Written once: an edit that has not seen it cannot replace it, so that logs never conflict."""


class Kind(StrEnum):
    """How a field's value stands on the wire and in the file."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    FLAG = "flag"
    """0 or 1."""
    DAY = "day"
    """``2026-11-21``."""
    INSTANT = "instant"
    """``2026-11-21T14:05:09.123Z``, UTC."""
    LIST = "list"
    """A JSON array of texts."""
    JSON = "json"
    """A JSON document that is always replaced whole."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity: the kind of its value, and the policy when two edits meet.

    ``tells_of`` names the fields of which this one says by whom, when or for whom they were said: where one of these waits for a
    choice, it stays with the answer that is shown.
    """

    kind: Kind
    policy: Policy
    tells_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record. ``person_field`` names the field that holds the member's id, if it is about one."""

    name: str
    sensitivity: Sensitivity
    fields: Mapping[str, Field]
    person_field: str | None = None

    @property
    def asks_of_removal(self) -> bool:
        """Say whether people are asked when one takes such a record off the screens and another, unknowing, writes in it.

        So it is with a member, and with what is written about one. Of everything else the later of the two stands.
        """
        return self.person_field is not None and not self.is_of_server

    def told_with(self, name: str) -> tuple[str, ...]:
        """Return the fields that say by whom, when or for whom the field ``name`` was said."""
        return tuple(each for each, declared in self.fields.items() if name in declared.tells_of)

    @property
    def is_of_server(self) -> bool:
        """Say whether it is what the server itself writes about a member."""
        return self.name in _OF_THE_SERVER


QUESTION = "conflict"
"""What the server asks people about: two answers, until somebody chooses."""
CHOICE = frozenset({"chosen", "settled_at", "settled_by"})
"""What a worker writes of a question: her choice. Who answered what, and what was there before, is the server's word."""
_OF_THE_SERVER = frozenset({QUESTION, "opening"})
"""What the server itself writes about a member."""


def _fields(policy: Policy, **kinds: Kind) -> dict[str, Field]:
    return {name: Field(kind, policy) for name, kind in kinds.items()}


def _telling_of(*names: str, **kinds: Kind) -> dict[str, Field]:
    return {name: Field(kind, Policy.LATEST, names) for name, kind in kinds.items()}


_T, _I, _R, _F, _D, _M, _L, _J = (
    Kind.TEXT, Kind.INTEGER, Kind.REAL, Kind.FLAG, Kind.DAY, Kind.INSTANT, Kind.LIST, Kind.JSON,
)  # fmt: skip
_latest, _ask, _append, _union = Policy.LATEST, Policy.ASK, Policy.APPEND, Policy.UNION

_ALL = (
    # -- the place and those who work there
    Entity("place", Sensitivity.OPEN, _fields(
        _latest, name=_T, address=_T, postcode=_T, latitude=_R, longitude=_R, opening=_J, notes=_T)),
    Entity("worker", Sensitivity.STAFF, _fields(
        _latest, name=_T, role=_T, telephone=_T, areas=_L, active=_F)),
    Entity("laptop", Sensitivity.STAFF, _fields(
        _latest, worker=_T, name=_T, sealing_key=_T, signing_key=_T, active=_F)),
    # -- open: directory and tallies
    Entity("service", Sensitivity.OPEN, _fields(
        _latest, source=_T, source_id=_T, organisation=_T, name=_T, description=_T, status=_T, url=_T, email=_T, telephone=_T,
        address=_T, postcode=_T, latitude=_R, longitude=_R, step_free=_T, languages=_L, cost=_T, free=_F, schedule=_J,
        minimum_age=_I, maximum_age=_I, needs=_L, eligibility=_T, assured_on=_D, assured_by=_T, modified_at=_M, alert=_T,
        in_latest_file=_F, extra=_J)),
    Entity("service_note", Sensitivity.OPEN, {
        **_fields(_append, service=_T, words=_T, noted_at=_M, noted_by=_T),
        **_fields(_latest, settled_at=_M, settled_by=_T)}),
    Entity("visit", Sensitivity.OPEN, _fields(
        _append, place=_T, day=_D, counted_at=_M, people=_I, reason=_T)),
    Entity("print_tally", Sensitivity.OPEN, _fields(
        _append, topic=_T, language=_T, format=_T, copies=_I, printed_at=_M, place=_T, palette=_T, sheet=_T, discreet=_F,
        batch=_T)),
    # -- open: the organisation's own leaflets; each version of a file is a record of its own, so that two never mix
    Entity("own_picture", Sensitivity.OPEN, {
        **_fields(_append, name=_T, used_as=_T, content=_T),
        **_fields(_latest, description=_T, credit=_T, stopped_at=_M, stopped_by=_T)}),
    Entity("own_leaflet", Sensitivity.OPEN, {
        **_fields(_append, file=_T, source=_T),
        **_fields(_latest, stopped_at=_M, stopped_by=_T)}),
    # -- contact: who a member is
    Entity("person", Sensitivity.CONTACT, {
        **_fields(
            _latest, preferred_name=_T, given_name=_T, family_name=_T, birth_date=_D, birth_year_about=_I, pronouns=_T,
            nhs_number=_T, telephone=_T, email=_T, address=_T, postcode=_T, where_to_find=_T, preferred_contact=_T,
            contact_note=_T, spoken_language=_T, written_language=_T, interpreter=_T, leaflet_format=_T,
            discreet_print=_F, communication_note=_T, communication_review_on=_D, gp_practice=_T, source=_T, source_detail=_T,
            turned_away_by=_T, turned_away_reason=_T, first_visit=_T, joined_on=_D),
        **_fields(_union, communication=_L, supporters=_L),
        **_fields(_ask, coordinator=_T, membership=_T, safe_to_call=_T, safe_to_message=_T, safe_to_post=_T)},
        person_field="id"),
    Entity("sharing_choice", Sensitivity.CONTACT, {
        **_fields(_append, person=_T, told_how=_T, decided_at=_M, recorded_by=_T),
        **_fields(_ask, shared_with=_T, what=_T, agreed=_F, until=_D, withdrawn_at=_M)}, person_field="person"),
    # -- care: what was said, asked, planned and done
    Entity("conversation", Sensitivity.CARE, {
        **_fields(_append, person=_T, place=_T, worker=_T, started_at=_M),
        **_fields(_latest, ended_at=_M, mode=_T, summary=_T)}, person_field="person"),
    Entity("assessment", Sensitivity.CARE, {
        **_fields(_append, person=_T, conversation=_T, questionnaire=_T, version=_T, worker=_T, started_at=_M),
        **_fields(_latest, completed_at=_M, completed_how=_T, total=_R, answered=_I, questions=_I, prorated=_F,
                  rule_version=_T)}, person_field="person"),
    Entity("answer", Sensitivity.CARE, {
        **_fields(_append, person=_T, assessment=_T, question=_T),
        **_fields(_ask, value=_J, skipped=_F),
        **_telling_of("value", "skipped", answered_at=_M, answered_by=_T, told_by=_T)}, person_field="person"),
    Entity("need", Sensitivity.CARE, {
        **_fields(_append, person=_T, conversation=_T, noted_at=_M, noted_by=_T),
        **_fields(_ask, code=_T, words=_T, wanted=_T, outcome=_T, unmet_reason=_T),
        **_fields(_latest, priority=_I)}, person_field="person"),
    Entity("goal", Sensitivity.CARE, {
        **_fields(_append, person=_T, conversation=_T, need=_T, set_at=_M, set_by=_T),
        **_fields(_ask, words=_T, outcome=_T)}, person_field="person"),
    Entity("goal_rating", Sensitivity.CARE, _fields(
        _append, person=_T, goal=_T, rating=_I, rated_at=_M, rated_by=_T), person_field="person"),
    Entity("safety_talk", Sensitivity.CARE, {
        **_fields(_append, person=_T, conversation=_T, opened_at=_M, opened_by=_T, opened_because=_T),
        **_fields(_ask, explored=_T, harder=_T, safer=_T, could_change=_T, told_whom=_T, told_at=_M, agreed=_T, plan=_T,
                  review_on=_D, owner=_T, closed_at=_M, closed_by=_T)}, person_field="person"),
    Entity("signpost", Sensitivity.CARE, {
        **_fields(_append, person=_T, service=_T, service_name=_T, need=_T, reason=_T, how=_T, made_at=_M, made_by=_T,
                  leaflet=_T),
        **_fields(_ask, introduced=_T, arrived=_T, still_going=_T, was_good=_T, outcome_note=_T)}, person_field="person"),
    Entity("follow_up", Sensitivity.CARE, {
        **_fields(_append, person=_T, about=_T, about_id=_T, kind=_T),
        **_fields(_ask, owner=_T, due_on=_D, done_at=_M, done_by=_T, answer=_T, note=_T)}, person_field="person"),
    Entity("handover", Sensitivity.CARE, {
        **_fields(_append, person=_T, service=_T, to_name=_T, to_telephone=_T, agreed_on=_D, made_at=_M, made_by=_T, need=_T),
        **_fields(_ask, reason=_T, wanted=_T, summary=_T, shared=_L, introduced_by=_T, meeting_on=_D, answer=_T, start_on=_D,
                  answer_needs=_T, better_by=_T, answered_at=_M, answered_to=_T, first_attended_on=_D)},
        person_field="person"),
    Entity("contact", Sensitivity.CARE, _fields(
        _append, person=_T, at=_M, worker=_T, how=_T, reached=_T, note=_T, follow_up=_T), person_field="person"),
    Entity("leaflet_given", Sensitivity.CARE, _fields(
        _append, person=_T, topic=_T, language=_T, format=_T, services=_L, given_at=_M, given_by=_T), person_field="person"),
    # -- somebody outside the area opened this member's records for a few hours; the coordinator reads why
    Entity("opening", Sensitivity.CARE, {
        **_fields(_append, person=_T, worker=_T, worker_name=_T, reason=_T, words=_T, opened_at=_M, until=_M),
        **_fields(_latest, read_at=_M, read_by=_T)}, person_field="person"),
    # -- what two people answered differently, until somebody chooses
    Entity("conflict", Sensitivity.CARE, {
        # who chose without knowing that another had chosen does not take that choice away: the two meet in a new conflict
        **_fields(_append, person=_T, entity=_T, record=_T, field=_T, shown=_J, other=_J, other_told=_J, before=_J, shown_by=_T,
                  other_by=_T, shown_at=_M, other_at=_M, found_at=_M, chosen=_J, settled_at=_M, settled_by=_T)},
        person_field="person"),
)  # fmt: skip

ENTITIES: Mapping[str, Entity] = MappingProxyType({entity.name: entity for entity in _ALL})
"""All entities by name, in the order in which a fresh laptop wants them: what it needs first comes first."""

NAMES = ("preferred_name", "given_name", "family_name")
"""The fields of a member that say her names, first the one that she is called by."""


def person_of(entity: Entity, record: str, fields: Mapping[str, Any]) -> str | None:
    """Return the member whom a record is about, None for one about nobody."""
    if entity.person_field is None:
        return None
    told = record if entity.person_field == "id" else fields.get(entity.person_field)
    return told if isinstance(told, str) else None


ENVELOPE = ("id", "area", "number", "author", "made_at", "gone")
"""What every record has on the wire before its own fields: id, area, server number, who made it, when, and 1 if removed."""
