"""Whose pages were opened is written down beside the window, and nothing of pages on which nobody is seen."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.leaflets import Printed, Taker, count_print
from ewb_desktop.actions.people import add_person
from ewb_desktop.app.looking import looked_at
from ewb_desktop.storage.exchange.looks import looks_to_tell
from ewb_desktop.storage.store import Store
from ewb_desktop.ui.destinations import (
    Destination,
    ToConflicts,
    ToConversation,
    ToDirectory,
    ToHistory,
    ToLeaflets,
    ToMembers,
    ToPerson,
    ToToday,
)
from sync.protocol.messages import LookKind
from tests.support.programs import Seat

VIEW = (LookKind.VIEW, "person", "p")


@pytest.mark.parametrize(
    ("destination", "seen"),
    [
        (ToPerson("p"), VIEW),
        (ToConversation("p", "c"), VIEW),
        (ToLeaflets("p"), VIEW),
        (ToHistory("goal", "g", "p"), (LookKind.HISTORY, "goal", "g")),
        (ToLeaflets(), None),
        (ToDirectory(), None),
        (ToConflicts(), None),
        (ToMembers(), None),
        (ToToday(), None),
    ],
)
def test_a_page_that_names_a_member_is_a_look(destination: Destination, seen: tuple[LookKind, str, str] | None) -> None:
    assert looked_at(destination) == seen


def kinds(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [(look.kind, look.record) for look in looks_to_tell(connection)]


def test_opening_a_member_s_page_in_the_window_and_printing_for_her_are_written_down(seat: Seat) -> None:
    office = seat.set_up()
    person = add_person(office.desk, {"given_name": "Amina"})
    for destination in (ToPerson(person), ToToday(), ToPerson(person)):
        office.window.show_page(destination)
    seat.qtbot.waitUntil(lambda: len(kinds(office.desk.store)) > 0)
    count_print(office.desk, Printed("sleep", "en", "print-14"), Taker(person))
    count_print(office.desk, Printed("sleep", "en", "print-14"))
    assert kinds(office.desk.store) == [("view", person), ("print", person)]
