"""The tables of the encrypted file: one class for each entity of the protocol, with the same names and kinds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import Integer, MetaData, Table
from sqlalchemy import Text as PlainText
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ewb_desktop.storage.columns import Day, Flag, Instant, InstantText, Json, Real, Text, Texts, Whole


class Row(SQLModel, registry=registry()):
    """What every record has. ``area`` must be said; ``id``, ``author`` and ``made_at`` are filled in when it is written.

    ``number`` is the server's number, 0 until the server has it; ``gone`` is 1 once it was removed. ``carried`` holds the
    fields of a newer program, unread. Signposts and handovers have ``made_at`` as a field of their own: it is this one.
    """

    __table_args__: ClassVar[Any] = {"sqlite_strict": True}

    id: str = Field(default="", primary_key=True, sa_type=PlainText)
    area: str = Field(default="", sa_type=PlainText, nullable=False)
    number: int = Field(default=0, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": "0"})
    author: str = Field(default="", sa_type=PlainText, nullable=False, sa_column_kwargs={"server_default": ""})
    made_at: datetime | None = Field(default=None, sa_type=InstantText)
    gone: int = Field(default=0, sa_type=Integer, nullable=False, sa_column_kwargs={"server_default": "0"})
    carried: str = Field(default="{}", sa_type=PlainText, nullable=False, sa_column_kwargs={"server_default": "{}"})


ENVELOPE_COLUMNS = ("id", "area", "number", "author", "made_at", "gone", "carried")
"""The columns of every table that are not fields of the entity, except that ``made_at`` is both for some."""


class Place(Row, table=True):
    """A venue where people meet us."""

    __tablename__ = "place"

    name: Text = None
    address: Text = None
    postcode: Text = None
    latitude: Real = None
    longitude: Real = None
    opening: Json = None
    notes: Text = None


class Worker(Row, table=True):
    """Somebody who works here."""

    __tablename__ = "worker"

    name: Text = None
    role: Text = None
    telephone: Text = None
    areas: Texts = None
    active: Flag = None


class Laptop(Row, table=True):
    """A colleague's laptop, with what is needed to seal a file for it and to know what it signed. Its id is the laptop's own."""

    __tablename__ = "laptop"

    worker: Text = None
    name: Text = None
    sealing_key: Text = None
    signing_key: Text = None
    active: Flag = None


class Service(Row, table=True):
    """A service of the directory."""

    __tablename__ = "service"

    source: Text = None
    source_id: Text = None
    organisation: Text = None
    name: Text = None
    description: Text = None
    status: Text = None
    url: Text = None
    email: Text = None
    telephone: Text = None
    address: Text = None
    postcode: Text = None
    latitude: Real = None
    longitude: Real = None
    step_free: Text = None
    languages: Texts = None
    cost: Text = None
    free: Flag = None
    schedule: Json = None
    minimum_age: Whole = None
    maximum_age: Whole = None
    needs: Texts = None
    eligibility: Text = None
    assured_on: Day = None
    assured_by: Text = None
    modified_at: Instant = None
    alert: Text = None
    in_latest_file: Flag = None
    extra: Json = None


class ServiceNote(Row, table=True):
    """What a worker found out about a service."""

    __tablename__ = "service_note"

    service: Text = None
    words: Text = None
    noted_at: Instant = None
    noted_by: Text = None
    settled_at: Instant = None
    settled_by: Text = None


class Visit(Row, table=True):
    """A visit that was counted, without a name."""

    __tablename__ = "visit"

    place: Text = None
    day: Day = None
    counted_at: Instant = None
    people: Whole = None
    reason: Text = None


class PrintTally(Row, table=True):
    """Leaflets that were printed, without a name."""

    __tablename__ = "print_tally"

    topic: Text = None
    language: Text = None
    format: Text = None
    copies: Whole = None
    printed_at: Instant = None
    place: Text = None


class Person(Row, table=True):
    """A member, and how to reach them safely."""

    __tablename__ = "person"

    preferred_name: Text = None
    given_name: Text = None
    family_name: Text = None
    birth_date: Day = None
    birth_year_about: Whole = None
    pronouns: Text = None
    nhs_number: Text = None
    telephone: Text = None
    email: Text = None
    address: Text = None
    postcode: Text = None
    where_to_find: Text = None
    preferred_contact: Text = None
    contact_note: Text = None
    spoken_language: Text = None
    written_language: Text = None
    interpreter: Text = None
    leaflet_format: Text = None
    discreet_print: Flag = None
    communication_note: Text = None
    communication_review_on: Day = None
    gp_practice: Text = None
    source: Text = None
    source_detail: Text = None
    turned_away_by: Text = None
    turned_away_reason: Text = None
    first_visit: Text = None
    joined_on: Day = None
    communication: Texts = None
    coordinator: Text = None
    membership: Text = None
    safe_to_call: Text = None
    safe_to_message: Text = None
    safe_to_post: Text = None


class SharingChoice(Row, table=True):
    """What a member agreed to share, and with whom."""

    __tablename__ = "sharing_choice"

    person: Text = None
    told_how: Text = None
    decided_at: Instant = None
    recorded_by: Text = None
    shared_with: Text = None
    what: Text = None
    agreed: Flag = None
    until: Day = None
    withdrawn_at: Instant = None


class Conversation(Row, table=True):
    """A conversation with a member."""

    __tablename__ = "conversation"

    person: Text = None
    place: Text = None
    worker: Text = None
    started_at: Instant = None
    ended_at: Instant = None
    mode: Text = None
    summary: Text = None


class Assessment(Row, table=True):
    """A questionnaire that was begun with a member."""

    __tablename__ = "assessment"

    person: Text = None
    conversation: Text = None
    questionnaire: Text = None
    version: Text = None
    worker: Text = None
    started_at: Instant = None
    completed_at: Instant = None
    completed_how: Text = None
    total: Real = None
    answered: Whole = None
    questions: Whole = None
    prorated: Flag = None
    rule_version: Text = None


class Answer(Row, table=True):
    """One answer of a questionnaire."""

    __tablename__ = "answer"

    person: Text = None
    assessment: Text = None
    question: Text = None
    value: Json = None
    skipped: Flag = None
    answered_at: Instant = None
    answered_by: Text = None
    told_by: Text = None


class Need(Row, table=True):
    """A need in the member's own words."""

    __tablename__ = "need"

    person: Text = None
    conversation: Text = None
    noted_at: Instant = None
    noted_by: Text = None
    code: Text = None
    words: Text = None
    wanted: Text = None
    outcome: Text = None
    unmet_reason: Text = None
    priority: Whole = None


class Goal(Row, table=True):
    """A goal that was agreed."""

    __tablename__ = "goal"

    person: Text = None
    conversation: Text = None
    need: Text = None
    set_at: Instant = None
    set_by: Text = None
    words: Text = None
    outcome: Text = None


class GoalRating(Row, table=True):
    """How near a member felt to a goal on one day."""

    __tablename__ = "goal_rating"

    person: Text = None
    goal: Text = None
    rating: Whole = None
    rated_at: Instant = None
    rated_by: Text = None


class SafetyTalk(Row, table=True):
    """A conversation about staying safe, until a named worker closes it."""

    __tablename__ = "safety_talk"

    person: Text = None
    conversation: Text = None
    opened_at: Instant = None
    opened_by: Text = None
    opened_because: Text = None
    explored: Text = None
    harder: Text = None
    safer: Text = None
    could_change: Text = None
    told_whom: Text = None
    told_at: Instant = None
    agreed: Text = None
    plan: Text = None
    review_on: Day = None
    owner: Text = None
    closed_at: Instant = None
    closed_by: Text = None


class Signpost(Row, table=True):
    """A service that a member was told of, and what became of it."""

    __tablename__ = "signpost"

    person: Text = None
    service: Text = None
    service_name: Text = None
    need: Text = None
    reason: Text = None
    how: Text = None
    made_by: Text = None
    leaflet: Text = None
    introduced: Text = None
    arrived: Text = None
    still_going: Text = None
    was_good: Text = None
    outcome_note: Text = None


class FollowUp(Row, table=True):
    """Something that a worker will ask or do on a day."""

    __tablename__ = "follow_up"

    person: Text = None
    about: Text = None
    about_id: Text = None
    kind: Text = None
    owner: Text = None
    due_on: Day = None
    done_at: Instant = None
    done_by: Text = None
    answer: Text = None
    note: Text = None


class Handover(Row, table=True):
    """A warm handover to a service, and how it answered."""

    __tablename__ = "handover"

    person: Text = None
    service: Text = None
    to_name: Text = None
    to_telephone: Text = None
    agreed_on: Day = None
    made_by: Text = None
    reason: Text = None
    wanted: Text = None
    summary: Text = None
    shared: Texts = None
    introduced_by: Text = None
    meeting_on: Day = None
    answer: Text = None
    start_on: Day = None
    answer_needs: Text = None
    better_by: Text = None
    answered_at: Instant = None
    answered_to: Text = None
    first_attended_on: Day = None
    need: Text = None


class Contact(Row, table=True):
    """One attempt to reach a member."""

    __tablename__ = "contact"

    person: Text = None
    at: Instant = None
    worker: Text = None
    how: Text = None
    reached: Text = None
    note: Text = None
    follow_up: Text = None


class LeafletGiven(Row, table=True):
    """A leaflet that a member took home."""

    __tablename__ = "leaflet_given"

    person: Text = None
    topic: Text = None
    language: Text = None
    format: Text = None
    services: Texts = None
    given_at: Instant = None
    given_by: Text = None


class Opening(Row, table=True):
    """Somebody outside the area opened this member's records for a few hours: who, until when and why."""

    __tablename__ = "opening"

    person: Text = None
    worker: Text = None
    worker_name: Text = None
    reason: Text = None
    words: Text = None
    opened_at: Instant = None
    until: Instant = None
    read_at: Instant = None
    read_by: Text = None


class Conflict(Row, table=True):
    """One field that two workers answered differently."""

    __tablename__ = "conflict"

    person: Text = None
    entity: Text = None
    record: Text = None
    field: Text = None
    shown: Json = None
    other: Json = None
    before: Json = None
    shown_by: Text = None
    other_by: Text = None
    shown_at: Instant = None
    other_at: Instant = None
    found_at: Instant = None
    chosen: Json = None
    settled_at: Instant = None
    settled_by: Text = None


KINDS: dict[str, type[Row]] = {cast("str", kind.__tablename__): kind for kind in Row.__subclasses__()}
"""The class for each entity by its name."""

METADATA: MetaData = Row.metadata


def table(kind: type[Row]) -> Table:
    """Return the table of ``kind``, for selects of the columns that are shown."""
    return METADATA.tables[entity_of(kind)]


def entity_of(kind: type[Row]) -> str:
    """Return the entity's name as the protocol has it."""
    return cast("str", kind.__tablename__)
