"""What came of it: signposts, handovers, their follow-ups, leaflets."""

from __future__ import annotations

from ewb_desktop.storage.columns import Day, Instant, Text, Texts
from ewb_desktop.storage.tables.row import Row


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
