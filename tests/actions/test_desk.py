"""The desk lets a worker write what the role does, and says why not otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from ewb_desktop.actions import (
    contacts,
    conversations,
    directory,
    leaflets,
    needs,
    people,
    print_notes,
    services,
    sharing,
    visits,
)
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import NotForThisRole
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.changes import Changes
from tests.support.desks import open_desk

SOMEBODY = "0199a000-0000-7000-8000-00000000cc01"

FOR_OTHERS: list[Callable[[Desk], Any]] = [
    lambda desk: people.add_person(desk, {"preferred_name": "Ash"}),
    lambda desk: people.take_off(desk, SOMEBODY),
    lambda desk: contacts.take_back_contact(desk, SOMEBODY),
    lambda desk: conversations.start_conversation(desk, SOMEBODY),
    lambda desk: needs.remove_need(desk, SOMEBODY),
    lambda desk: sharing.record_sharing(desk, SOMEBODY, shared_with="GP", what="needs", agreed=True),
    lambda desk: services.add_service(desk, {"name": "Walking group"}),
    lambda desk: directory.check_service(desk, SOMEBODY),
    lambda desk: leaflets.count_print(desk, leaflets.Printed("crisis", "en", "standard"), leaflets.Taker(SOMEBODY)),
]


@pytest.fixture
def volunteer(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path, role="volunteer") as lent:
        yield lent


@pytest.mark.parametrize("act", FOR_OTHERS)
def test_what_a_volunteer_does_not_do_writes_nothing_and_says_why(volunteer: Desk, act: Callable[[Desk], Any]) -> None:
    heard: list[Changes] = []
    volunteer.store.listen(lambda changes, _initiator: heard.append(changes))
    with pytest.raises(NotForThisRole, match="nothing was written"):
        act(volunteer)
    assert heard == []


def test_a_volunteer_counts_visits_and_prints_and_notes_what_is_wrong(volunteer: Desk) -> None:
    assert visits.count_visit(volunteer)
    assert leaflets.count_print(volunteer, leaflets.Printed("crisis", "en", "standard"))
    assert directory.note_wrong(volunteer, SOMEBODY, "The number has changed")


def test_a_governance_lead_writes_nothing_at_all(tmp_path: Path) -> None:
    with open_desk(tmp_path, role="governance") as desk, pytest.raises(NotForThisRole):
        visits.count_visit(desk)


def test_prints_of_the_lock_screen_wait_for_somebody_who_counts(tmp_path: Path) -> None:
    with open_desk(tmp_path, role="governance") as desk:
        tallies = tmp_path / "tallies"
        print_notes.note_print(tallies, leaflets.Printed("crisis", "en", "standard"), leaflets.Note(SOMEBODY, desk.clock.now()))
        assert print_notes.take_in_prints(desk, tallies) == 0
        assert tallies.exists()


def test_a_role_that_nobody_knows_does_nothing(tmp_path: Path) -> None:
    with open_desk(tmp_path, role="astronaut") as desk:
        assert not any(desk.may(duty) for duty in Duty)


def test_without_a_list_of_roles_nobody_opens_members_records_and_everybody_counts(tmp_path: Path) -> None:
    with open_desk(tmp_path) as whole:
        desk = replace(whole, library=replace(whole.library, roles=MappingProxyType({})))
        assert {duty for duty in Duty if desk.may(duty)} == {Duty.COUNT}
        assert visits.count_visit(desk)
        with pytest.raises(NotForThisRole, match=r"cannot be used.*crisis help \(F2\).*Nothing was written"):
            people.add_person(desk, {"preferred_name": "Ash"})
