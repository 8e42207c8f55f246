"""The made-up directory on a laptop with real people: to try things out with, and to be taken out again."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import MADE_UP
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.listings import directories, kept_listings
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.tables import Service


def has_made_up(desk: Desk) -> bool:
    """Say whether made-up services are in the directory."""
    with desk.store.read() as connection:
        return any(name == MADE_UP for name, _ in directories(connection))


def may_try_made_up(desk: Desk) -> bool:
    """Say whether made-up services may be read in: never once others would receive them."""
    with desk.store.read() as connection:
        return read_enrolment(connection) is None


def take_out_made_up(desk: Desk, *, initiator: object | None = None) -> int:
    """Take the made-up services out of the directory and return how many they were; they can be read in again."""
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        found = kept_listings(writing.connection, MADE_UP)
        for each in found:
            writing.remove(Service, each.id)
        return len(found)
