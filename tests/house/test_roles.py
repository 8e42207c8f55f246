"""What the laptop offers each role is what the server hands out to it and takes from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ewb_desktop.domain.roles import Duty
from sync.protocol.entities import ENTITIES, Sensitivity
from sync.protocol.roles import MADE_BY_SERVER
from sync.server.records.scope import ROLES
from tests.support.desks import library
from tests.support.rooms import ROOT

ABOUT_MEMBERS = {
    Duty.MEMBERS: Sensitivity.CONTACT,
    Duty.CARE: Sensitivity.CARE,
    Duty.SAFEGUARDING: Sensitivity.SAFEGUARDING,
}


def of_class(sensitivity: Sensitivity) -> set[str]:
    return {entity.name for entity in ENTITIES.values() if entity.sensitivity is sensitivity}


WRITES = {
    Duty.COUNT: {"visit", "print_tally", "service_note"},
    Duty.DIRECTORY: {"place", "service", "own_leaflet", "own_picture"},
    **{duty: of_class(sensitivity) for duty, sensitivity in ABOUT_MEMBERS.items()},
}
"""The records behind each duty; the others write none."""


def test_the_laptop_and_the_server_know_the_same_roles() -> None:
    assert set(library().roles) == set(ROLES)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_offered_to_write_exactly_what_the_server_takes(role: str) -> None:
    offered = set().union(*(WRITES.get(duty, set()) for duty in library().roles[role]))
    assert offered == ROLES[role].writes


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("duty", list(ABOUT_MEMBERS))
def test_a_role_is_shown_exactly_the_members_records_that_the_server_hands_out(role: str, duty: Duty) -> None:
    assert (duty in library().roles[role]) == (ABOUT_MEMBERS[duty] in ROLES[role].reads)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_destroy_records_exactly_when_the_server_lets_it(role: str) -> None:
    assert (Duty.ERASE in library().roles[role]) == ROLES[role].erases


def test_every_kind_of_record_that_workers_write_belongs_to_one_duty() -> None:
    names = [name for written in WRITES.values() for name in written]
    assert sorted(names) == sorted(ENTITIES.keys() - MADE_BY_SERVER)


@pytest.mark.parametrize("file", sorted((ROOT / "ewb_desktop" / "actions").glob("*.py")), ids=lambda file: file.name)
def test_an_action_writes_only_through_the_desk_that_asks_the_role(file: Path) -> None:
    if file.name == "desk.py":
        return
    assert not re.findall(r"store\.write\(", file.read_text("utf-8"))
