"""Looking on the server for a member outside the area, with a real server: who may, what came of it, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.app.finding import LOOK_ALSO, LOOK_FURTHER, make_find
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.storage.holding.openings import unread_openings
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.opening import Asked, open_person
from ewb_desktop.syncing.troubles import AskedToWait
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToMembers, ToOpening, ToPerson, ToToday
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.members.page import build as build_members
from ewb_desktop.ui.opening.page import build
from ewb_desktop.ui.opening.presenter import Known, OpeningPresenter
from ewb_desktop.ui.opening.view import OpeningPage
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.page import build as build_person
from ewb_desktop.ui.today.page import build as build_today
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextArea
from ewb_desktop.ui.widgets.typed import show_typed
from sync.protocol.messages import OpenRequest
from sync.protocol.version import KNOWN_BY_SINCE, PROTOCOL
from sync.server.listening import exchange
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look

BORN = date(1986, 3, 14)
ASKED = Asked("here_now", "She is at my table", name="Maryam Hasim", born=BORN)


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(3000)


def desk_of(laptop: Connected, name: str, role: str = "connector", area: str = AREA) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, name, role), library(), area)


def shown(qtbot: QtBot, page: Page) -> Page:
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    return page


def words_on(page: Page) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def known(centre: House) -> tuple[Connected, Connected, str]:
    """Grace coordinates Maryam in Sale; Rowan works elsewhere."""
    grace, rowan = centre.join("Grace Lamb", areas=("sale",)), centre.join("Rowan Oak")
    with grace.store.write() as writing:
        person = writing.add(
            Person(area="sale", given_name="Maryam", family_name="Hasim", birth_date=BORN, coordinator=grace.store.author)
        )
    grace.sync()
    rowan.sync()
    return grace, rowan, person


def asking(qtbot: QtBot, background: Background, laptop: Connected, role: str = "connector") -> OpeningPage:
    page = build(desk_of(laptop, "Rowan Oak", role), background, laptop.open_wire)
    assert isinstance(page, OpeningPage)
    shown(qtbot, page)
    page.opened(ToOpening("Maryam Hasim"))
    return page


def fill(page: OpeningPage, born: date = BORN) -> None:
    page.born.value = born
    page.reason.value, page.words.value = "here_now", "She is at my table"


def press(page: Page, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


def test_a_member_who_is_opened_shows_her_page(qtbot: QtBot, background: Background, centre: House) -> None:
    _grace, rowan, person = known(centre)
    page = asking(qtbot, background, rowan)
    assert "their coordinator reads them" in words_on(page)
    fill(page)
    with qtbot.waitSignal(page.go, timeout=5000) as went:
        press(page, "opening.ask")
    assert went.args == [ToPerson(person)]


def test_what_was_typed_is_there_after_a_lock_until_somebody_was_found(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    _grace, rowan, person = known(centre)
    page = asking(qtbot, background, rowan)
    page.born.typed = ("14", "3", "19")
    page.reason.value, page.words.value = "here_now", "She is at my table"
    page.words.edited.emit()
    page.leaving()
    page = asking(qtbot, background, rowan)
    assert page.draft == {
        "name": "Maryam Hasim", "known": "born", "born": ["14", "3", "19"], "telephone": "", "postcode": "",
        "reason": "here_now", "words": "She is at my table",
    }  # fmt: skip
    assert "What you typed before is still here" in words_on(page)
    page.born.value = BORN
    with qtbot.waitSignal(page.go, timeout=5000) as went:
        press(page, "opening.ask")
    assert went.args == [ToPerson(person)]
    page.leaving()
    assert load_draft(rowan.store, "opening") is None
    again = asking(qtbot, background, rowan)
    assert again.words.value == ""


def test_what_was_typed_can_be_started_again(qtbot: QtBot, background: Background, centre: House) -> None:
    _grace, rowan, _person = known(centre)
    page = asking(qtbot, background, rowan)
    page.words.value = "She is at my table"
    page.words.edited.emit()
    page.leaving()
    page.opened(ToOpening("Amina Noor"))
    assert page.name.value == "Maryam Hasim"
    press(page, "opening.start_again")
    assert (page.name.value, page.words.value) == ("Amina Noor", "")
    assert load_draft(rowan.store, "opening") is None


def test_nobody_is_asked_before_everything_is_said(qtbot: QtBot, background: Background, centre: House) -> None:
    _grace, rowan, _person = known(centre)
    page = asking(qtbot, background, rowan)
    calls = rowan.line.calls
    press(page, "opening.ask")
    assert "Choose why you look" in words_on(page)
    assert "Write why, in a few words" in words_on(page)
    button = page.findChild(Button, "opening.ask")
    assert isinstance(button, Button)
    assert button.isEnabled()
    assert rowan.line.calls == calls


@pytest.mark.parametrize(
    ("unplugged", "born", "told"),
    [(True, BORN, "The server could not be asked"), (False, date(1986, 3, 15), "Nobody was found")],
    ids=["no line", "nobody"],
)
def test_what_cannot_be_reached_is_told(
    qtbot: QtBot, background: Background, centre: House, unplugged: bool, born: date, told: str
) -> None:
    _grace, rowan, _person = known(centre)
    page = asking(qtbot, background, rowan)
    fill(page, born)
    rowan.line.is_unplugged = unplugged
    press(page, "opening.ask")
    qtbot.waitUntil(lambda: told in words_on(page), timeout=5000)


def choose(page: OpeningPage, known: str) -> None:
    page.known.list.rows[[str(each) for each in Known].index(known)].click()


@pytest.mark.parametrize(
    ("known", "typed"), [("telephone", "+44 161 496 0123"), ("telephone", "\u202a0161 496 0123\u202c"), ("postcode", "m33 0th")]
)
def test_somebody_without_a_date_of_birth_is_found_by_what_else_is_known(
    qtbot: QtBot, background: Background, centre: House, known: str, typed: str
) -> None:
    grace, rowan = centre.join("Grace Lamb", areas=("sale",)), centre.join("Rowan Oak")
    with grace.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Mina Hasim", telephone="0161 496 0123", postcode="M33 0TH"))
    grace.sync()
    rowan.sync()
    page = asking(qtbot, background, rowan)
    fill(page)
    page.name.value = "Mina Hasim"
    choose(page, known)
    show_typed(page._fields, {known: typed})
    with qtbot.waitSignal(page.go, timeout=5000) as went:
        press(page, "opening.ask")
    assert went.args == [ToPerson(person)]


@pytest.mark.parametrize("known", ["born", "telephone", "postcode"])
def test_only_what_is_said_to_be_known_is_asked_for(qtbot: QtBot, background: Background, centre: House, known: str) -> None:
    page = asking(qtbot, background, known_to_nobody(centre))
    choose(page, known)
    shown_fields = [name for name in ("born", "telephone", "postcode") if page._fields[name].isVisible()]
    assert shown_fields == [known]


@pytest.mark.parametrize(
    ("known", "typed", "told"),
    [
        ("telephone", "", "Telephone number: write all of it"), ("telephone", "0123", "Telephone number: write all of it"),
        ("postcode", "", "Postcode: write all of it"), ("postcode", "M33", "Postcode: write all of it"),
    ],
)  # fmt: skip
def test_a_part_of_a_number_or_of_a_postcode_is_not_asked_and_what_to_do_is_said(
    qtbot: QtBot, background: Background, centre: House, known: str, typed: str, told: str
) -> None:
    rowan = known_to_nobody(centre)
    page = asking(qtbot, background, rowan)
    fill(page)
    choose(page, known)
    show_typed(page._fields, {known: typed})
    calls = rowan.line.calls
    press(page, "opening.ask")
    assert told in words_on(page)
    assert "choose something else that you know" in words_on(page)
    assert rowan.line.calls == calls


def test_no_more_can_be_typed_than_the_server_reads(qtbot: QtBot, background: Background, centre: House) -> None:
    page = asking(qtbot, background, known_to_nobody(centre))
    typed = {}
    for field, name in ((page.name, "name"), (page.telephone, "telephone"), (page.postcode, "postcode")):
        field.line.clear()
        field.line.insert("1" * 300)
        typed[name] = field.value
    assert OpenRequest.model_validate({"protocol": PROTOCOL, **typed}).name == "1" * 200


def test_what_was_wrong_with_a_date_is_not_said_any_more_once_something_else_is_known(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    page = asking(qtbot, background, known_to_nobody(centre))
    press(page, "opening.ask")
    assert any("Date of birth: enter the day" in button.words() for button in page.findChildren(Button) if button.isVisible())
    choose(page, "telephone")
    assert not any("Date of birth:" in button.words() for button in page.findChildren(Button) if button.isVisible())


def test_who_has_a_server_of_an_older_version_reads_what_it_cannot_do_and_what_to_do_instead(
    qtbot: QtBot, background: Background, centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "PROTOCOL", KNOWN_BY_SINCE - 1)
    page = asking(qtbot, background, known_to_nobody(centre))
    fill(page)
    choose(page, "telephone")
    page.telephone.value = "0161 496 0123"
    press(page, "opening.ask")
    qtbot.waitUntil(lambda: "Your server looks for people by date of birth only" in words_on(page), timeout=5000)
    assert "ring a colleague in their area" in words_on(page)


@pytest.mark.parametrize(
    ("known", "told"), [("born", "date of birth"), ("telephone", "telephone number"), ("postcode", "postcode")]
)
def test_who_finds_nobody_reads_by_what_was_looked_for(
    qtbot: QtBot, background: Background, centre: House, known: str, told: str
) -> None:
    page = asking(qtbot, background, known_to_nobody(centre))
    fill(page)
    choose(page, known)
    page.telephone.value, page.postcode.value = "0161 496 0123", "M33 0TH"
    press(page, "opening.ask")
    qtbot.waitUntil(lambda: f"knows nobody with this name and {told}." in words_on(page), timeout=5000)


def known_to_nobody(centre: House) -> Connected:
    rowan = centre.join("Rowan Oak")
    rowan.sync()
    return rowan


def test_a_role_without_the_right_reads_a_kind_sentence_and_no_form(qtbot: QtBot, background: Background, centre: House) -> None:
    _grace, rowan, _person = known(centre)
    page = asking(qtbot, background, rowan, "peer")
    assert "Ask a colleague whose role does" in words_on(page)
    assert not page.name.isVisible()


def test_somebody_else_of_that_name_on_this_laptop_does_not_hide_the_way_to_the_server(qtbot: QtBot, centre: House) -> None:
    _grace, rowan, _person = known(centre)
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Maryam"))
    desk = desk_of(rowan, "Rowan Oak")
    page = shown(qtbot, build_members(desk, Feed()))
    page.opened(ToMembers("Maryam"))
    button = page.findChild(Button, "members.look_further")
    assert isinstance(button, Button)
    assert (button.isVisible(), button.words()) == (True, LOOK_ALSO)
    assert LOOK_ALSO in [found.title for found in make_find(desk)("Maryam")]


def test_members_and_the_find_box_offer_to_look_further_only_where_somebody_may(qtbot: QtBot, centre: House) -> None:
    _grace, rowan, _person = known(centre)
    for role, offered in (("connector", True), ("peer", False)):
        desk = desk_of(rowan, "Rowan Oak", role)
        page = shown(qtbot, build_members(desk, Feed()))
        page.opened(ToMembers("Maryam"))
        button = page.findChild(Button, "members.look_further")
        assert isinstance(button, Button)
        assert button.isVisible() is offered
        assert (LOOK_FURTHER in [found.title for found in make_find(desk)("Maryam")]) is offered


def test_her_page_says_until_when_it_is_here(qtbot: QtBot, centre: House) -> None:
    _grace, rowan, person = known(centre)
    open_person(rowan.store, ASKED, rowan.open_wire)
    page = shown(qtbot, build_person(desk_of(rowan, "Rowan Oak"), Feed()))
    page.opened(ToPerson(person))
    # 14:05 in November is the same on a wall in Manchester
    assert "Here until 17:05" in words_on(page)


def test_her_coordinator_is_told_on_today_until_she_has_read_it(qtbot: QtBot, centre: House) -> None:
    grace, rowan, _person = known(centre)
    open_person(rowan.store, ASKED, rowan.open_wire)
    grace.sync()
    page = shown(qtbot, build_today(desk_of(grace, "Grace Lamb", area="sale"), Feed()))
    page.opened(ToToday())
    assert "Rowan Oak opened Maryam Hasim's page" in words_on(page)
    assert "They are here with me now. In their words: “She is at my table”" in words_on(page)
    press(page, "today.openings.act.0")
    assert "opened Maryam" not in words_on(page)
    assert grace.sync().held == 0
    with rowan.store.read() as connection:
        assert unread_openings(connection, rowan.store.author) == []


def test_a_page_that_was_opened_is_let_go_by_a_button_and_what_was_typed_is_kept_first(qtbot: QtBot, centre: House) -> None:
    _grace, rowan, person = known(centre)
    open_person(rowan.store, ASKED, rowan.open_wire)
    let_go: list[str] = []
    page = shown(qtbot, build_person(desk_of(rowan, "Rowan Oak"), Feed(), let_go.append))
    page.opened(ToPerson(person, contact=True))
    note = page.findChild(TextArea, "person.contact.note")
    assert isinstance(note, TextArea)
    note.value = "They will ring"
    note.edited.emit()
    press(page, "person.let_go")
    assert let_go == [person]
    kept = load_draft(rowan.store, f"contact/{person}")
    assert isinstance(kept, dict)
    assert kept["note"] == "They will ring"


@pytest.mark.parametrize(
    ("seconds", "again"), [(None, "again later"), (20, "in a minute"), (1200, "in 20 minutes"), (3600, "in an hour")]
)
def test_who_opened_as_many_as_an_hour_allows_reads_when_and_whom_to_ring(
    qtbot: QtBot, background: Background, centre: House, seconds: float | None, again: str
) -> None:
    page = asking(qtbot, background, centre.newcomer("Rowan Oak"))
    presenter = page.presenter
    assert isinstance(presenter, OpeningPresenter)
    presenter._failed(AskedToWait(seconds))
    told = words_on(page)
    assert again in told
    assert "press F2 for crisis help" in told


@in_every_look
def test_the_pages_have_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look) -> None:
    grace, rowan, person = known(centre)

    def make() -> Page:
        page = asking(qtbot, background, rowan)
        press(page, "opening.ask")
        return page

    expect_accessible(qtbot, look, make)
    open_person(rowan.store, ASKED, rowan.open_wire)
    grace.sync()

    def today() -> Page:
        page = shown(qtbot, build_today(desk_of(grace, "Grace Lamb", area="sale"), Feed()))
        page.opened(ToToday())
        return page

    def members() -> Page:
        page = shown(qtbot, build_members(desk_of(rowan, "Rowan Oak"), Feed()))
        page.opened(ToMembers("Nobody here"))
        return page

    def person_page() -> Page:
        page = shown(qtbot, build_person(desk_of(rowan, "Rowan Oak"), Feed()))
        page.opened(ToPerson(person))
        return page

    for one in (today, members, person_page):
        expect_accessible(qtbot, look, one)
