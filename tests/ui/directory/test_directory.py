"""The directory: search and filters, the sheet of a service, and going on with a person."""

from __future__ import annotations

from datetime import date

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import load_made_up, note_wrong
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.services import add_service
from ewb_desktop.domain.time import local
from ewb_desktop.storage.cards.services import Filters, Standpoint, open_notes, search, service_card
from ewb_desktop.storage.tables import Place, Service
from ewb_desktop.ui.destinations import ToDirectory, ToDirectoryImport, ToHandover, ToLeaflets, ToService, ToSignpost
from ewb_desktop.ui.directory.page import build
from ewb_desktop.ui.directory.view import DirectoryPage
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextArea
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from ewb_desktop.ui.widgets.text import Label
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from tests.support.desks import PLACE
from tests.support.looks import Look, expect_accessible, in_every_look


def with_services(desk: Desk) -> str:
    """Fill the directory, place the venue, and return a member who speaks Urdu."""
    with desk.store.write() as writing:
        writing.add(Place(id=PLACE, area="*", name="St Mary's Hall", latitude=53.446, longitude=-2.308))
    load_made_up(desk)
    return add_person(
        desk,
        {"preferred_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14), "spoken_language": "ur"},
    )


def opened(qtbot: QtBot, desk: Desk, feed: Feed, destination: ToDirectory | ToService | None = None) -> DirectoryPage:
    page = build(desk, feed)
    assert isinstance(page, DirectoryPage)
    qtbot.addWidget(page)
    page.show()
    page.opened(destination or ToDirectory())
    return page


def found(page: DirectoryPage) -> list[str]:
    shown = page.findChild(VirtualList, "directory.list")
    assert isinstance(shown, VirtualList)
    model = shown.model()
    rows = [shown.row_at(model.index(number, 0)) for number in range(model.rowCount())]
    return [row.title for row in rows if row]


def press(page: DirectoryPage, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    assert not button.isHidden()
    button.click()


def tick(page: DirectoryPage, name: str) -> None:
    chip = page.findChild(FilterChip, name)
    assert isinstance(chip, FilterChip)
    chip.click()


def service_named(desk: Desk, words: str) -> str:
    with desk.store.read() as connection:
        standpoint = Standpoint(local(desk.clock.now()).replace(tzinfo=None))
        return search(connection, words, Filters(), standpoint).lines[0].id


def test_typing_finds_services_by_their_words(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    page = opened(qtbot, desk, feed)
    line = page.findChild(SearchBox, "directory.search")
    assert isinstance(line, SearchBox)
    QTest.keyClicks(line, "debt letters")
    with qtbot.waitSignal(page.searched):
        line.returnPressed.emit()
    assert "Debt advice drop-in" in found(page)
    assert len(found(page)) < 48


def test_without_words_the_nearest_comes_first(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    page = opened(qtbot, desk, feed)
    assert len(found(page)) == 48
    with desk.store.read() as connection:
        first = service_card(connection, service_named(desk, found(page)[0]))
    assert first is not None
    assert first.distance(53.446, -2.308) == 0


def test_filters_leave_only_what_passes_all(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    page = opened(qtbot, desk, feed)
    before = found(page)
    tick(page, "directory.open")
    opened_now = found(page)
    tick(page, "directory.free")
    assert set(found(page)) <= set(opened_now) < set(before)


def test_the_language_of_the_person_is_offered_as_a_filter(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = with_services(desk)
    page = opened(qtbot, desk, feed, ToDirectory(person=person))
    chip = page.findChild(FilterChip, "directory.language")
    assert isinstance(chip, FilterChip)
    assert chip.text() == "Urdu"
    tick(page, "directory.language")
    for name in found(page):
        with desk.store.read() as connection:
            card = service_card(connection, service_named(desk, name))
        assert card is not None
        assert "ur" in card.languages


def test_nothing_found_says_what_to_do_and_takes_filters_off(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    page = opened(qtbot, desk, feed, ToDirectory(search="walking"))
    tick(page, "directory.open")
    assert found(page) == []
    press(page, "directory.clear")
    assert found(page)


def test_signposting_goes_on_with_person_and_service(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = with_services(desk)
    service = service_named(desk, "debt advice")
    page = opened(qtbot, desk, feed, ToService(service, person))
    with qtbot.waitSignal(page.go) as went:
        press(page, "directory.signpost")
    assert went.args == [ToSignpost(person, service=service)]
    with qtbot.waitSignal(page.go) as went:
        press(page, "directory.handover")
    assert went.args == [ToHandover(person, service=service)]


def test_two_services_go_on_one_leaflet(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = with_services(desk)
    debt, walk = service_named(desk, "debt advice"), service_named(desk, "walking")
    page = opened(qtbot, desk, feed, ToService(debt, person))
    press(page, "directory.leaflet")
    page.opened(ToService(walk, person))
    with qtbot.waitSignal(page.go) as went:
        press(page, "directory.leaflet")
    assert went.args == [ToLeaflets(person, services=(debt, walk))]


def test_a_closed_service_is_shown_but_cannot_be_signposted_to(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = with_services(desk)
    service = service_named(desk, "debt advice")
    with desk.store.write() as writing:
        writing.edit(Service, service, status="temporarily closed")
    page = opened(qtbot, desk, feed, ToService(service, person))
    button = page.findChild(Button, "directory.signpost")
    assert isinstance(button, Button)
    assert button.isHidden()
    assert "Debt advice drop-in" in found(page)


def test_something_wrong_is_noted_and_can_be_taken_back(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    service = service_named(desk, "debt advice")
    page = opened(qtbot, desk, feed, ToService(service))
    press(page, "directory.wrong")
    press(page, "directory.wrong_save")
    words = page.findChild(TextArea, "directory.wrong_words")
    assert isinstance(words, TextArea)
    assert words.error.text().startswith("Error: ")
    words.value = "The number has changed"
    press(page, "directory.wrong_save")
    with desk.store.read() as connection:
        assert [note.words for note in open_notes(connection, service)] == ["The number has changed"]
    press(page, "undo")
    with desk.store.read() as connection:
        assert open_notes(connection, service) == []


def test_a_note_is_put_right_and_brought_up_again(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    service = service_named(desk, "debt advice")
    note_wrong(desk, service, "The number has changed")
    page = opened(qtbot, desk, feed, ToService(service))
    notes = page.findChild(Notice, "directory.notes")
    assert isinstance(notes, Notice)
    assert notes.isVisible()
    told = " ".join(label.text() for label in notes.findChildren(Label))
    assert "The number has changed" in told
    assert "Rowan Oak, 21 November 2026" in told
    press(page, "directory.note.act.0")
    with desk.store.read() as connection:
        assert open_notes(connection, service) == []
    assert not notes.isVisible()
    press(page, "undo")
    assert notes.isVisible()


def test_an_entry_made_by_hand_can_be_changed(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    service = add_service(desk, {"name": "Tea on Tuesdays"})
    page = opened(qtbot, desk, feed, ToService(service))
    with qtbot.waitSignal(page.go) as went:
        press(page, "directory.change")
    assert went.args == [ToDirectoryImport(service)]


def test_an_entry_made_by_hand_can_be_signposted_to_at_once(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    service = add_service(desk, {"name": "Tea on Tuesdays"})
    page = opened(qtbot, desk, feed, ToService(service, person=person))
    with qtbot.waitSignal(page.go) as went:
        press(page, "directory.signpost")
    assert went.args == [ToSignpost(person, service=service)]


@in_every_look
def test_notes_and_entries_made_by_hand_have_no_accessibility_faults(qtbot: QtBot, desk: Desk, feed: Feed, look: Look) -> None:
    service = add_service(desk, {"name": "Tea on Tuesdays", "when": "Tuesdays 10:00 to 12:00"})
    note_wrong(desk, service, "They meet on Wednesdays now")
    note_wrong(desk, service, "The number has changed")
    expect_accessible(qtbot, look, lambda: opened(qtbot, desk, feed, ToService(service)))


def test_an_entry_can_be_vouched_for_today(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    service = service_named(desk, "debt advice")
    page = opened(qtbot, desk, feed, ToService(service))
    press(page, "directory.vouch")
    with desk.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    assert (card.assured_on, card.assured_by) == (desk.clock.today(), "Rowan Oak")


def test_an_empty_directory_says_what_to_do_next(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = opened(qtbot, desk, feed)
    button = page.findChild(Button, "directory.first")
    assert isinstance(button, Button)
    assert not button.isHidden()


def test_an_empty_directory_offers_made_up_services_that_are_marked_and_can_be_taken_out(
    qtbot: QtBot, desk: Desk, feed: Feed
) -> None:
    page = opened(qtbot, desk, feed)
    notice = page.findChild(Notice, "directory.made-up")
    assert isinstance(notice, Notice)
    assert notice.isHidden()
    press(page, "directory.try")
    assert "Debt advice drop-in" in found(page)
    assert not notice.isHidden()
    press(page, "directory.made-up-out")
    assert found(page) == []
    assert notice.isHidden()


def test_why_no_distances_are_shown_is_said(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with desk.store.write() as writing:
        writing.add(Place(id=PLACE, area="*", name="St Mary's", postcode="ZE1 0AA"))
    page = opened(qtbot, desk, feed)
    assert any("no distances: we do not know where St Mary's is" in label.text() for label in page.findChildren(Label))
    with desk.store.write() as writing:
        writing.edit(Place, PLACE, postcode="M32 0JT")
    load_made_up(desk)
    page.opened(ToDirectory())
    assert any("distances from St Mary's, about the middle of M32" in label.text() for label in page.findChildren(Label))
    near = page.findChild(FilterChip, "directory.near")
    assert isinstance(near, FilterChip)
    assert not near.isHidden()


@in_every_look
def test_it_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, feed: Feed, look: Look) -> None:
    person = with_services(desk)

    def make() -> DirectoryPage:
        page = opened(qtbot, desk, feed, ToDirectory("debt", person))
        tick(page, "directory.more")
        press(page, "directory.wrong")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_it_has_no_accessibility_faults_when_nothing_is_found(qtbot: QtBot, desk: Desk, feed: Feed, look: Look) -> None:
    with_services(desk)
    expect_accessible(qtbot, look, lambda: opened(qtbot, desk, feed, ToDirectory("zzzz")))


def test_the_head_does_not_claim_a_check_for_entries_that_have_none(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with desk.store.write() as writing:
        writing.add(Service(area="*", name="Walking group", assured_on=date(2026, 11, 7)))
        writing.add(Service(area="*", name="Art class"))
    said = [label.text() for label in opened(qtbot, desk, feed).findChildren(Label)]
    assert any("2 services · 1 with a check date, the latest 7 Nov" in words for words in said)


def test_coming_back_finds_the_search_the_filters_and_the_chosen_service_as_they_were(
    qtbot: QtBot, desk: Desk, feed: Feed
) -> None:
    person = with_services(desk)
    page = opened(qtbot, desk, feed, ToDirectory(person=person))
    line = page.findChild(SearchBox, "directory.search")
    shown = page.findChild(VirtualList, "directory.list")
    assert isinstance(line, SearchBox)
    assert isinstance(shown, VirtualList)
    tick(page, "directory.free")
    QTest.keyClicks(line, "debt\r")
    before = found(page)
    assert len(before) > 1
    shown.setCurrentIndex(shown.model().index(1, 0))
    press(page, "directory.leaflet")
    assert page.returned(ToDirectory(person=person))
    assert (line.text(), found(page), shown.currentIndex().row()) == ("debt", before, 1)
    signpost = page.findChild(Button, "directory.signpost")
    assert isinstance(signpost, Button)
    assert signpost.words() == f"Signpost Amina to {before[1]}"


def test_going_back_to_another_search_opens_that_one(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    with_services(desk)
    page = opened(qtbot, desk, feed, ToDirectory("debt"))
    assert not page.returned(ToDirectory("walking"))
    line = page.findChild(SearchBox, "directory.search")
    assert isinstance(line, SearchBox)
    assert line.text() == "walking"
