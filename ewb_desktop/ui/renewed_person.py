"""The member whom an open page is about, read again when their record changed under it."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.changes import Changes


def renewed(desk: Desk, person: PersonRecord | None, changes: Changes) -> PersonRecord | None:
    """Return the member's record where ``changes`` made it another; nothing where the page may stay as it is."""
    if person is None or not changes.may_touch("person", person.id):
        return None
    with desk.store.read() as connection:
        known = person_record(connection, person.id)
    return known if known != person else None


def is_taken_off(desk: Desk, person: PersonRecord | None, changes: Changes) -> bool:
    """Say whether the member is off the screens since ``changes``: what is saved about her is asked about then."""
    if person is None or not changes.may_touch("person", person.id):
        return False
    with desk.store.read() as connection:
        return person_record(connection, person.id) is None
