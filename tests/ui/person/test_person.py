"""One person's page: what it shows, where it leads, and what can be done on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.contacts import record_contact
from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.goals import goals_of
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.safety_talks import talk_card
from ewb_desktop.storage.cards.sharing import sharing_choices
from ewb_desktop.storage.drafts import draft_keys, load_draft
from ewb_desktop.storage.tables import Conflict, Person
from ewb_desktop.ui.destinations import (
    ToConflicts,
    ToConversation,
    ToDirectory,
    ToEditPerson,
    ToHandover,
    ToLeaflets,
    ToPerson,
    ToSafety,
)  # fmt: skip
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.forms import ContactForm, MembershipForm, SmallForm
from ewb_desktop.ui.person.outcomes import NeedForm, RatingForm
from ewb_desktop.ui.person.page import build
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.notice import Notice, UndoBar
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.tag import Tag
from ewb_desktop.ui.widgets.text import Label
from tests.support.afternoon import Afternoon, spend_afternoon
from tests.support.desks import AREA, GRACE, ROWAN
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.of_member import contacts_of

Widget = TypeVar("Widget", bound=QWidget)


def found(page: Page, kind: type[Widget], name: str) -> Widget:
    widget = page.findChild(kind, name)
    assert isinstance(widget, kind), name
    return widget


def only(page: Page, kind: type[Widget]) -> Widget:
    (widget,) = page.findChildren(kind)
    return widget


def open_page(qtbot: QtBot, desk: Desk, feed: Feed, to: ToPerson) -> Page:
    page = build(desk, feed)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(to)
    return page


def words(page: Page) -> str:
    return " | ".join(label.text() for label in page.findChildren(Label) if label.isVisible())


def titles(page: Page) -> list[str]:
    links = [button for button in page.findChildren(Button) if button.objectName().startswith("person.happened.open.")]
    return [link.words() for link in links]


def went(qtbot: QtBot, page: Page, name: str) -> object:
    with qtbot.waitSignal(page.go) as signal:
        found(page, Button, name).click()
    return (signal.args or [None])[0]


def record_of(desk: Desk, person: str) -> PersonRecord:
    with desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    return record


@pytest.fixture
def there(desk: Desk) -> Afternoon:
    return spend_afternoon(desk)


def test_two_identifiers_and_the_flags_stand_at_the_top(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    assert "Mina Khan | born 14 March 1986 · first name Amina · she/her" in words(page)
    tags = [tag.text() for tag in page.findChildren(Tag)]
    assert tags[:5] == [
        "Large print, 18 point", "Urdu interpreter", "Quiet room", "Ring only, no messages or post",
        "Shares with: GP, debt adviser",
    ]  # fmt: skip
    assert "Coordinator: Rowan Oak" in words(page)


def test_the_cards_tell_what_matters_needs_goals_and_feelings(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    shown = words(open_page(qtbot, desk, feed, ToPerson(there.amina)))
    for part in (
        "Her two boys.",
        "Letters about money",
        "being helped",
        "“Cook for six people by spring”",
        "4 of 10",
        "PHQ-9: 16 on",
    ):
        assert part in shown


def test_each_button_leads_on(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert went(qtbot, page, "person.print") == ToLeaflets(person=there.joe)
    assert went(qtbot, page, "person.signpost") == ToDirectory(person=there.joe)
    assert went(qtbot, page, "person.talk") == ToConversation(there.joe)
    assert went(qtbot, page, "person.hand_over") == ToHandover(there.joe)
    assert went(qtbot, page, "person.edit") == ToEditPerson(there.joe)


def test_a_conversation_of_today_is_gone_on_with(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    talk = start_conversation(desk, there.joe)
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert found(page, Button, "person.talk").words() == "Go on with the conversation"
    assert went(qtbot, page, "person.talk") == ToConversation(there.joe, talk)


def test_the_timeline_narrows_and_leads_to_the_record(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    assert "Signposted to Women's walking group" in titles(page)
    found(page, FilterChip, "person.filter.measures").click()
    assert titles(page) == ["GAD-7: 10", "PHQ-9: 14", "GAD-7: 14", "PHQ-9: 16"]
    found(page, FilterChip, "person.filter.conversations").click()
    assert went(qtbot, page, "person.happened.open.0") == ToSafety(
        there.amina, talk=there.talk, conversation=_conversation_of(desk, there)
    )


def _conversation_of(desk: Desk, there: Afternoon) -> str:
    with desk.store.read() as connection:
        card = talk_card(connection, there.talk)
    assert card is not None
    return card.conversation


def test_earlier_entries_are_a_press_away(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    for _ in range(25):
        start_conversation(desk, joe)
    page = open_page(qtbot, desk, feed, ToPerson(joe))
    assert len(titles(page)) == 20
    found(page, Button, "person.earlier").click()
    assert len(titles(page)) == 25
    assert not found(page, Button, "person.earlier").isVisible()


def contact(page: Page, reached: str = "spoke", how: str = "ring", note: str = "") -> ContactForm:
    form = only(page, ContactForm)
    form.typed = {"how": how, "reached": reached, "note": note}
    form.save.click()
    return form


def test_ring_opens_the_form_and_saving_can_be_undone(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe, contact=True))
    assert only(page, ContactForm).isVisible()
    contact(page, note="Joe is well")
    with desk.store.read() as connection:
        assert [card.note for card in contacts_of(connection, there.joe)] == ["Joe is well"]
    assert "Written down: talked with them." in words(page)
    assert not only(page, ContactForm).isVisible()
    only(page, UndoBar).button.click()
    with desk.store.read() as connection:
        assert contacts_of(connection, there.joe) == []


def test_how_it_went_has_to_be_said(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe, contact=True))
    contact(page, reached="")
    assert "Error: Choose how it went." in words(page)


def test_a_way_that_is_not_safe_is_warned_of(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina, contact=True))
    warning = found(page, Notice, "person.contact.warning")
    assert not warning.isVisible()
    only(page, ContactForm).way_chosen.emit("message")
    assert warning.isVisible()
    contact(page, how="message")
    with desk.store.read() as connection:
        assert len(contacts_of(connection, there.amina)) == 1


def test_what_was_typed_of_a_contact_is_kept_and_offered_back(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe, contact=True))
    form = only(page, ContactForm)
    form.note.area.insertPlainText("Half a sen")
    page.leaving()
    again = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert only(again, ContactForm).note.value == "Half a sen"
    contact(again)
    assert list(draft_keys(desk.store, "contact/")) == []


def test_a_way_that_nobody_chose_is_not_kept_as_a_word_of_hers(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe, contact=True))
    form = only(page, ContactForm)
    form.note.area.insertPlainText("Half a sen")
    page.leaving()
    kept = load_draft(desk.store, f"contact/{there.joe}")
    assert isinstance(kept, dict)
    assert (kept["note"], "how" in kept, form.how.value) == ("Half a sen", False, "ring")
    form.how.value = "post"
    form.how.chosen.emit("post")
    form.edited.emit()
    page.leaving()
    again = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert only(again, ContactForm).how.value == "post"


def test_a_goal_is_rated_in_place(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    found(page, Button, "person.goals.act.0").click()
    form = only(page, RatingForm)
    assert form.isVisible()
    form.scale.chosen.emit(6)
    with desk.store.read() as connection:
        assert goals_of(connection, there.amina)[0].ratings[-1].rating == 6
    assert "6 of 10" in words(page)


def test_a_need_is_pressed_to_say_what_became_of_it(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    found(page, Button, "person.needs.open.0").click()
    form = only(page, NeedForm)
    assert form.isVisible()
    assert not form.reason.isVisible()
    form.outcome.value = "not_met"
    form.outcome.edited.emit()
    assert form.reason.isVisible()
    form.reason.value = "no_service"
    form.save.click()
    with desk.store.read() as connection:
        need = needs_of(connection, there.amina)[0]
    assert (need.outcome, need.unmet_reason) == ("not_met", "no_service")
    assert "not met" in [tag.text() for tag in page.findChildren(Tag)]


def test_why_is_not_kept_for_a_need_that_was_met(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    found(page, Button, "person.needs.open.0").click()
    form = only(page, NeedForm)
    form.reason.value = "cost"
    form.outcome.value = "met"
    form.save.click()
    with desk.store.read() as connection:
        assert needs_of(connection, there.amina)[0].unmet_reason == ""


@in_every_look
@pytest.mark.parametrize("name", ["person.needs.open.0", "person.goals.act.0"])
def test_saying_what_became_of_it_has_no_accessibility_faults(
    qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon, look: Look, name: str
) -> None:
    def make() -> Page:
        page = open_page(qtbot, desk, feed, ToPerson(there.amina))
        found(page, Button, name).click()
        form = only(page, NeedForm)
        form.outcome.value = "not_met"
        form.outcome.edited.emit()
        return page

    expect_accessible(qtbot, look, make)


def test_a_sharing_choice_is_taken_back_and_brought_back(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    found(page, Button, "person.sharing.act.0").click()
    assert "Shares with: GP" in [tag.text() for tag in page.findChildren(Tag)]
    only(page, UndoBar).button.click()
    assert "Shares with: GP, debt adviser" in [tag.text() for tag in page.findChildren(Tag)]


def test_a_sharing_choice_is_added(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    found(page, Button, "person.add_sharing").click()
    form = found(page, SmallForm, "person.share")
    form.save.click()
    assert "Error: Choose what they decided." in words(page)
    found(page, ChoiceField, "person.share.agreed").value = "yes"
    form.save.click()
    assert "Error: Write with whom" in words(page)
    found(page, TextField, "person.share.whom").value = "GP"
    found(page, TextField, "person.share.what").value = "Needs"
    form.save.click()
    with desk.store.read() as connection:
        assert [card.shared_with for card in sharing_choices(connection, there.joe)] == ["GP"]


def test_the_coordinator_changes_and_is_never_blank(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    found(page, Button, "person.change_coordinator").click()
    who = found(page, SelectField, "person.coordinator.who")
    form = found(page, SmallForm, "person.coordinator")
    who.value = None
    form.save.click()
    assert record_of(desk, there.joe).coordinator == ROWAN
    who.value = GRACE
    form.save.click()
    assert "Coordinator: Grace Lamb" in words(page)
    only(page, UndoBar).button.click()
    assert record_of(desk, there.joe).coordinator == ROWAN


def test_two_answers_are_marked_and_lead_to_choosing(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert not found(page, Button, "person.two_answers").isVisible()
    with desk.store.write() as writing:
        writing.add(Conflict(area=AREA, person=there.joe, entity="person", record=there.joe, field="coordinator", other=GRACE))
    qtbot.waitUntil(lambda: found(page, Button, "person.two_answers").isVisible())
    assert went(qtbot, page, "person.two_answers") == ToConflicts(there.joe)


def flags(page: Page) -> list[str]:
    return [tag.text() for tag in page.findChildren(Tag) if "alls" in tag.text()]


def test_while_workers_differ_whether_a_call_is_safe_no_page_says_that_it_is(
    qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon
) -> None:
    with desk.store.write() as writing:
        writing.edit(Person, there.joe, safe_to_call="yes")
        asked = Conflict(
            area=AREA, person=there.joe, entity="person", record=there.joe, field="safe_to_call", shown="yes", other="no"
        )
        question = writing.add(asked)
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    assert flags(page) == ["Answers differ on calls: be careful until somebody has chosen", "No calls"]
    found(page, Button, "person.record_contact").click()
    assert found(page, SelectField, "person.contact.how").value is None
    with desk.store.write() as writing:
        writing.edit(Conflict, question, chosen="yes", settled_at=desk.clock.now())
    qtbot.waitUntil(lambda: flags(page) == [])


def test_not_in_touch_asks_for_the_day_somebody_tried(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    found(page, Button, "person.change_membership").click()
    form = only(page, MembershipForm)
    day = found(page, DateField, "person.membership.day")
    form.state.value = "not_in_touch"
    form.state.chosen.emit("not_in_touch")
    assert day.isVisible()
    form.save.click()
    assert "Error: Add the day." in words(page)
    day.value = desk.clock.today() - timedelta(days=1)
    form.save.click()
    assert record_of(desk, there.joe).membership == "not_in_touch"
    assert "Could not reach them" in words(page)


def test_a_record_made_by_mistake_is_taken_off_and_brought_back(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    found(page, Button, "person.take_off").click()
    assert found(page, Notice, "person.gone").isVisible()
    assert "Joe Dunn" not in words(page)
    only(page, UndoBar).button.click()
    assert "Joe Dunn" in words(page)
    found(page, Button, "person.take_off").click()
    found(page, Button, "person.bring_back").click()
    assert record_of(desk, there.joe).name == "Joe Dunn"


def test_the_page_follows_what_is_saved_elsewhere(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.joe))
    record_contact(desk, there.joe, "ring", "left_word")
    qtbot.waitUntil(lambda: "Left word" in words(page))


@in_every_look
def test_the_page_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk, feed: Feed, there: Afternoon) -> None:
    def make() -> Page:
        page = build(desk, feed)
        page.opened(ToPerson(there.amina))
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_the_form_of_a_contact_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk, feed: Feed) -> None:
    joe = add_person(
        desk, {"given_name": "Joe", "telephone": "07700 900124", "safe_to_call": "no", "birth_date": date(1971, 5, 2)}
    )

    def make() -> Page:
        page = build(desk, feed)
        page.opened(ToPerson(joe, contact=True))
        return page

    expect_accessible(qtbot, look, make)


@pytest.mark.parametrize("button", ["goals.act.0", "add_sharing", "change_coordinator", "change_membership"])
def test_each_small_form_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon, button: str) -> None:
    def make() -> Page:
        page = build(desk, feed)
        page.opened(ToPerson(there.amina))
        found(page, Button, f"person.{button}").click()
        return page

    expect_accessible(qtbot, ((Scheme.LIGHT, 200, True),), make)


def test_an_open_safety_conversation_is_told_at_the_top_and_leads_into_it(
    qtbot: QtBot, desk: Desk, feed: Feed, there: Afternoon
) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(there.amina))
    notice = found(page, Notice, "person.staying_safe")
    assert notice.isVisible()
    assert "A safety conversation is open" in words(page)
    assert went(qtbot, page, "person.safety") == ToSafety(there.amina, there.talk)
    page.opened(ToPerson(there.joe))
    assert not notice.isVisible()


def test_a_format_is_told_in_one_tag(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    person = add_person(
        desk, {"preferred_name": "Mina", "leaflet_format": "large_print_18", "communication": ["large_print", "quiet_room"]}
    )
    page = open_page(qtbot, desk, feed, ToPerson(person))
    assert [tag.text() for tag in page.findChildren(Tag)][:2] == ["Large print, 18 point", "Quiet room"]
