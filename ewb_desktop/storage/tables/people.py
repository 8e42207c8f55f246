"""Members: who they are, what may be shared, and when somebody was in touch."""

from __future__ import annotations

from ewb_desktop.storage.columns import Day, Flag, Instant, Text, Texts, Whole
from ewb_desktop.storage.tables.row import Row


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
    supporters: Texts = None
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
