"""Each role's window: what stands in the rail, which keys work, where nobody comes, and what a round may change about it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.actions.people import add_person, take_off
from ewb_desktop.app.finding import make_find
from ewb_desktop.app.office import Office
from ewb_desktop.app.pages import NEEDS
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.drafts import load_draft, save_draft
from ewb_desktop.storage.exchange.sync_state import Progress, note_progress
from ewb_desktop.storage.tables import Place, Service
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.ui.destinations import (
    Destination,
    ToConflicts,
    ToConversation,
    ToDirectory,
    ToDirectoryImport,
    ToEditPerson,
    ToHandover,
    ToHistory,
    ToLeaflets,
    ToMembers,
    ToNewPerson,
    ToOpening,
    ToOwnLeaflets,
    ToPerson,
    ToQuestionnaire,
    ToSafety,
    ToService,
    ToSettings,
    ToSignpost,
    ToToday,
)  # fmt: skip
from ewb_desktop.ui.widgets.text import Label
from tests.support.programs import Seat

SOMEBODY = "0199a000-0000-7000-8000-00000000cc01"
WITH_NAMES = ["today", "members", "directory", "leaflets", "sync", "settings", "help"]
WITHOUT = ["today", "directory", "leaflets", "sync", "settings", "help"]
ABOUT_SOMEBODY: list[Destination] = [
    ToMembers(), ToPerson(SOMEBODY), ToNewPerson(), ToOpening(), ToEditPerson(SOMEBODY), ToConversation(SOMEBODY),
    ToQuestionnaire(SOMEBODY, SOMEBODY, "phq-9"), ToSafety(SOMEBODY), ToSignpost(SOMEBODY), ToHandover(SOMEBODY),
    ToConflicts(SOMEBODY), ToHistory("person", SOMEBODY, SOMEBODY),
]  # fmt: skip


def rail(office: Office) -> list[str]:
    return [button.entry.name for button in office.window.rail.buttons]


def keys(office: Office) -> set[str]:
    return {key for key, _ in office.window.shortcuts()}


def words(office: Office) -> str:
    page = office.window.page
    assert page is not None
    return " ".join(label.text() for label in page.findChildren(Label) if label.isVisible())


def told(office: Office, role: str, areas: tuple[str, ...] = ("stretford",)) -> None:
    """Let a round end that told this role."""
    with office.unlocked.store.write() as writing:
        note_progress(writing, Progress(role=role, areas=areas))
    office.heartbeat.ended.emit(Outcome(rounds=1))


@pytest.mark.parametrize("role", ["connector", "peer", "clinician"])
def test_who_holds_members_records_has_every_page(seat: Seat, role: str) -> None:
    office = seat.set_up(role=role)
    assert rail(office) == WITH_NAMES
    assert {"F6", "F7"} <= keys(office)


@pytest.mark.parametrize("role", ["volunteer", "administrator", "governance"])
def test_who_holds_no_members_records_has_no_page_and_no_key_for_them(seat: Seat, role: str) -> None:
    office = seat.set_up(role=role)
    assert rail(office) == WITHOUT
    assert "F7" not in keys(office)
    assert "Who needs a contact" not in words(office)
    for destination in ABOUT_SOMEBODY:
        office.go(destination)
        assert isinstance(office.window.here, ToToday)
    assert {type(each) for each in ABOUT_SOMEBODY} == {kind for kind in NEEDS if NEEDS[kind] is not Duty.DIRECTORY}


def test_the_keys_work_everywhere_only_for_who_may(seat: Seat) -> None:
    window = seat.set_up(role="volunteer").window
    assert window.findChild(QAction, "count_action") is not None
    assert window.findChild(QAction, "new_person_action") is None


def test_a_governance_lead_counts_nothing_and_is_told_that_reports_come_later(seat: Seat) -> None:
    office = seat.set_up(role="governance")
    assert "F6" not in keys(office)
    assert office.window.findChild(QWidget, "today.reports") is not None


@pytest.mark.parametrize(
    ("role", "offered"),
    [("connector", True), ("administrator", True), ("peer", False), ("volunteer", False), ("governance", False)],
)
def test_services_are_added_by_who_keeps_the_directory(seat: Seat, role: str, offered: bool) -> None:
    office = seat.set_up(role=role)
    office.go(ToDirectory())
    button = office.window.findChild(QWidget, "directory.import")
    assert button is not None
    assert button.isVisible() == offered
    office.go(ToDirectoryImport())
    assert isinstance(office.window.here, ToDirectoryImport) == offered


@pytest.mark.parametrize(("role", "offered"), [("administrator", True), ("peer", False)])
def test_our_own_leaflets_are_kept_by_who_keeps_the_directory(seat: Seat, role: str, offered: bool) -> None:
    office = seat.set_up(role=role)
    office.go(ToOwnLeaflets())
    assert isinstance(office.window.here, ToOwnLeaflets) == offered
    office.go(ToSettings())
    button = office.window.findChild(QWidget, "settings-own-leaflets")
    assert button is not None
    assert button.isVisible() == offered


def test_our_own_leaflets_are_found_by_their_words_from_anywhere(seat: Seat) -> None:
    office = seat.set_up(role="connector")
    person = add_person(office.desk, {"given_name": "Leafy", "family_name": "Own"})
    window = office.window
    seat.qtbot.waitUntil(window.isActiveWindow)
    for keys_typed, opened in (("our own", ToOwnLeaflets()), ("leafl", ToOwnLeaflets()), ("leaf", ToPerson(person))):
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(window.top.find_box.line, keys_typed)
        QTest.keyClick(window.top.find_box.line, Qt.Key.Key_Return)
        assert window.here == opened
    assert [len(make_find(office.desk)(typed)) for typed in ("logo", "ou", "own letters")] == [1, 0, 0]


def test_whoever_was_taken_off_the_screens_is_found_from_anywhere_with_the_words_for_it(seat: Seat) -> None:
    desk = seat.set_up(role="connector").desk
    person = add_person(desk, {"given_name": "Amina", "family_name": "Bose"})
    take_off(desk, person)
    (found,) = make_find(desk)("amina")
    assert (found.title, found.destination) == ("Amina Bose", ToPerson(person))
    assert found.detail.startswith("Taken off the screens: open to bring it back")


def test_our_own_leaflets_are_not_found_by_who_does_not_keep_them(seat: Seat) -> None:
    assert make_find(seat.set_up(role="peer").desk)("our own leaflets") == []


@pytest.mark.parametrize(("role", "offered"), [("connector", True), ("volunteer", False)])
def test_places_are_added_by_who_keeps_the_directory(seat: Seat, role: str, offered: bool) -> None:
    office = seat.set_up(role=role)
    office.go(ToSettings("place"))
    button = office.window.findChild(QWidget, "settings-place-add")
    assert button is not None
    assert button.isVisible() == offered


def test_no_page_shows_a_volunteer_a_member_who_is_still_in_the_file(seat: Seat) -> None:
    office = seat.set_up()
    person = add_person(office.desk, {"preferred_name": "Zephyrine"})
    with office.desk.store.write() as writing:
        service = writing.add(Service(area="*", name="Walking group"))
    told(office, "volunteer")
    seat.qtbot.waitUntil(lambda: rail(office) == WITHOUT)
    for destination in (ToService(service, person=person), ToDirectory(person=person), ToLeaflets(person)):
        office.go(destination)
        assert type(office.window.here) is type(destination)
        assert "Zephyrine" not in words(office)
    office.go(ToService(service, person=person))
    for name in ("directory.signpost", "directory.handover"):
        button = office.window.findChild(QWidget, name)
        assert button is not None
        assert not button.isVisible()


def test_the_find_box_of_a_volunteer_finds_services_only_and_says_so(seat: Seat) -> None:
    office = seat.set_up()
    add_person(office.desk, {"preferred_name": "Walker"})
    with office.desk.store.write() as writing:
        writing.add(Service(area="*", name="Walker's club"))
    assert {found.kind for found in make_find(office.desk)("Walker")} == {"member", "service"}
    told(office, "volunteer")
    seat.qtbot.waitUntil(lambda: rail(office) == WITHOUT)
    assert {found.kind for found in make_find(office.desk)("Walker")} == {"service"}
    assert office.window.top.find_box.line.accessibleName() == "Find a service"


def test_a_smaller_role_closes_the_member_s_page_and_keeps_no_words_about_her(seat: Seat) -> None:
    office = seat.set_up()
    person = add_person(office.desk, {"preferred_name": "Ash"})
    office.go(ToPerson(person))
    save_draft(office.desk.store, f"note/{person}", "her words")
    told(office, "volunteer")
    seat.qtbot.waitUntil(lambda: rail(office) == WITHOUT)
    assert isinstance(office.window.here, ToToday)
    assert not any(type(each) in NEEDS for each in office.window.history)
    assert load_draft(office.desk.store, f"note/{person}") is None
    assert "Your role or your area changed" in office.window.foot.said.text()


def test_a_larger_role_opens_the_members_at_once(seat: Seat) -> None:
    office = seat.set_up(role="volunteer")
    told(office, "connector")
    seat.qtbot.waitUntil(lambda: rail(office) == WITH_NAMES)
    assert office.desk.area == "stretford"


def test_a_round_that_changes_nothing_leaves_the_window_alone(seat: Seat) -> None:
    office = seat.set_up()
    told(office, "connector", ())
    window = office.window
    QApplication.processEvents()
    assert office.window is window


def test_the_only_place_that_arrives_by_a_round_is_named_at_once(seat: Seat) -> None:
    office = seat.set_up()
    assert office.window.top.place.text() == "No place chosen yet"
    with office.desk.store.write() as writing:
        writing.add(Place(area="*", name="St Hilda's Hall"))
    office.heartbeat.ended.emit(Outcome(rounds=1))
    seat.qtbot.waitUntil(lambda: office.window.top.place.text() == "St Hilda's Hall")


def test_one_digit_lists_no_services(seat: Seat) -> None:
    office = seat.set_up()
    with office.desk.store.write() as writing:
        writing.add(Service(area="*", name="1 Stretford Road"))
    find = make_find(office.desk)
    assert [len(find(typed)) for typed in ("1", "1 St")] == [0, 1]
