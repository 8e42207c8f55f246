"""Correcting what is known about a member: what arrives under the open form, what its answers differ on, whose they are."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.cards.workers import workers
from ewb_desktop.storage.holding.in_hand import words_by_person
from ewb_desktop.storage.tables import Conflict, Person, Worker, table
from ewb_desktop.ui.destinations import ToConflicts, ToEditPerson
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.search_box import FilterChip
from tests.support.looks import Look, expect_accessible, in_every_look, worn
from tests.ui.newperson.test_newperson import correcting, everyone, press, type_in


def test_a_correction_is_saved_and_shows_two_identifiers(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina", "preferred_name": "Mina", "birth_date": date(1986, 3, 14)})
    page = correcting(qtbot, desk, person)
    assert page.findChild(Button, "editperson.save") is not None
    type_in(page, "editperson.telephone.input", "07700 900123")
    press(page, "editperson.save")
    assert everyone(desk)[0].telephone == "07700 900123"


def arrives(desk: Desk, person: str, **facts: str) -> None:
    """Let a colleague's words about a member arrive."""
    with desk.store.write() as writing, writing.echo():
        writing.edit(Person, person, **facts)


def test_what_arrives_under_the_open_form_is_shown_and_saving_something_else_does_not_undo_it(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina", "telephone": "0161 496 0123"})
    page = correcting(qtbot, desk, person)
    type_in(page, "editperson.pronouns.input", "she/her")
    arrives(desk, person, telephone="0161 496 0456", pronouns="they/them")
    qtbot.waitUntil(lambda: page.form.facts()["telephone"] == "0161 496 0456")
    assert page.form.facts()["pronouns"] == "she/her"
    press(page, "editperson.save")
    assert (everyone(desk)[0].telephone, everyone(desk)[0].pronouns) == ("0161 496 0456", "she/her")


def test_a_draft_that_is_gone_on_with_undoes_nothing_that_a_colleague_wrote_since(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina", "telephone": "0161 496 0123", "postcode": "M32 0AA"})
    page = correcting(qtbot, desk, person)
    type_in(page, "editperson.pronouns.input", "she/her")
    type_in(page, "editperson.postcode.input", " ")
    page.leaving()
    arrives(desk, person, telephone="0161 496 0456")
    again = correcting(qtbot, desk, person)
    assert again.form.changed() == {"pronouns": "she/her", "postcode": None}
    press(again, "editperson.save")
    now = everyone(desk)[0]
    assert (now.telephone, now.pronouns, now.postcode) == ("0161 496 0456", "she/her", None)


def test_going_on_with_a_draft_leads_to_the_first_field_that_holds_it_and_says_which(
    qapp: QApplication, qtbot: QtBot, desk: Desk
) -> None:
    person = add_person(desk, {"given_name": "Amina", "telephone": "0161 496 0123"})
    with worn(qapp, (Scheme.LIGHT, 200, False)):
        page = correcting(qtbot, desk, person)
        assert page.default_focus is page.form.fields["preferred_name"]
        page.resize(1160, 600)
        type_in(page, "editperson.gp_practice.input", "Longford Road")
        page.form.fields["safe_to_call"].value = "ask_first"  # type: ignore[attr-defined]
        page.leaving()
        with qtbot.waitSignal(page.said) as said:
            page.opened(ToEditPerson(person))
        begun = page.form.fields["gp_practice"]
        assert page.default_focus is begun.input
        assert said.args == ["What you typed before is still here. Not saved yet: “GP practice” and “Is it safe to call?”."]
        assert begun.input is not None
        page.activateWindow()
        begun.input.setFocus()
        qtbot.waitUntil(lambda: begun.visibleRegion().boundingRect().height() == begun.height())
        # nothing is led to where nothing waits
        press(page, "editperson.start_again")
        assert page.default_focus is page.form.fields["preferred_name"]


def test_what_was_typed_and_taken_back_is_no_draft(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    page = correcting(qtbot, desk, person)
    for words in ("Nobody", "Amina"):
        type_in(page, "editperson.given_name.input", words)
        page.leaving()
    with desk.store.read() as connection:
        assert words_by_person(connection) == {}


def disputed(desk: Desk) -> tuple[str, str]:
    """Return a member of whom the worker said that a call is safe, and Gil Fox that it is not, and the open question's id."""
    with_colleagues(desk)
    with desk.store.write() as writing, writing.echo():
        person = writing.add(Person(area=desk.area, given_name="Amina", safe_to_call="yes"))
        gil = next(worker.id for worker in workers(writing.connection) if worker.name == "Gil Fox")
        asked = Conflict(
            area=desk.area, person=person, entity="person", record=person, field="safe_to_call", shown="yes", other="no",
            shown_by=desk.worker.id, other_by=gil, shown_at=desk.clock.now(), other_at=desk.clock.now(),
        )  # fmt: skip
        return person, writing.add(asked)


def beside(page: EditPersonPage, field: str) -> str:
    notice = page.findChild(Notice, f"editperson.{field}.differing")
    return notice.text.text() if isinstance(notice, Notice) and notice.isVisible() else ""


def stands(desk: Desk, asked: str) -> tuple[str | None, str | None, list[str]]:
    """Return what the record itself says, what was chosen, and which fields are unsent."""
    person, question = table(Person).c, table(Conflict).c
    with desk.store.read() as connection:
        said = connection.execute(select(person.safe_to_call)).scalar_one()
        chosen = connection.execute(select(question.chosen).where(question.id == asked)).scalar_one()
        told = "SELECT each.key FROM journal, json_each(journal.fields) AS each WHERE settled_at IS NULL AND entity = 'person'"
        return said, chosen, list(connection.exec_driver_sql(told).scalars())


def test_where_workers_differ_the_form_goes_by_the_careful_answer_and_says_who_said_what_and_where_to_choose(
    qtbot: QtBot, desk: Desk
) -> None:
    person, _asked = disputed(desk)
    page = correcting(qtbot, desk, person)
    assert page.form.facts()["safe_to_call"] == "no"
    told = beside(page, "safe_to_call")
    for words in ("“Yes, it is safe” (You, today", "“No, it is not safe” (Gil Fox, today", "goes by the careful answer"):
        assert words in told
    described = page.form.fields["safe_to_call"].input
    assert described is not None
    assert "Gil Fox" in described.accessibleDescription()
    assert beside(page, "safe_to_message") == ""
    with qtbot.waitSignal(page.go) as went:
        press(page, "editperson.safe_to_call.choose")
    assert went.args == [ToConflicts(person)]


def test_saving_another_field_writes_nothing_about_what_is_disputed_and_chooses_nothing(qtbot: QtBot, desk: Desk) -> None:
    person, asked = disputed(desk)
    page = correcting(qtbot, desk, person)
    press(page, "editperson.save")
    assert stands(desk, asked) == ("yes", None, [])
    type_in(page, "editperson.pronouns.input", "she/her")
    press(page, "editperson.save")
    assert stands(desk, asked) == ("yes", None, ["pronouns"])


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_putting_one_of_two_answers_into_the_field_and_saving_chooses_it(qtbot: QtBot, desk: Desk, answer: str) -> None:
    person, asked = disputed(desk)
    page = correcting(qtbot, desk, person)
    field = page.form.fields["safe_to_call"]
    assert isinstance(field, SelectField)
    field.value = answer
    with qtbot.waitSignal(page.said) as said:
        press(page, "editperson.save")
    # what stood there already was not touched
    chosen, words = (answer, "Your choice of two answers is kept") if answer == "yes" else (None, "Saved.")
    assert stands(desk, asked)[:2] == ("yes", chosen)
    assert words in said.args[0]


def test_a_dispute_that_arrives_or_ends_under_the_open_form_is_shown_there(qtbot: QtBot, desk: Desk) -> None:
    person, asked = disputed(desk)
    with desk.store.write() as writing, writing.echo():
        writing.edit(Conflict, asked, chosen="yes", settled_at=desk.clock.now())
    page = correcting(qtbot, desk, person)
    assert (page.form.facts()["safe_to_call"], beside(page, "safe_to_call")) == ("yes", "")
    with desk.store.write() as writing, writing.echo():
        writing.edit(Conflict, asked, chosen=None, settled_at=None)
    qtbot.waitUntil(lambda: beside(page, "safe_to_call") != "")
    assert page.form.facts()["safe_to_call"] == "no"
    with desk.store.write() as writing, writing.echo():
        writing.edit(Conflict, asked, chosen="yes", settled_at=desk.clock.now())
    qtbot.waitUntil(lambda: beside(page, "safe_to_call") == "")
    assert page.form.facts()["safe_to_call"] == "yes"


def test_an_answer_that_changed_meanwhile_is_not_chosen_unseen(qtbot: QtBot, desk: Desk) -> None:
    person, asked = disputed(desk)
    page = correcting(qtbot, desk, person)
    field = page.form.fields["safe_to_call"]
    assert isinstance(field, SelectField)
    field.value = "yes"
    page.hide()
    arrives(desk, person, safe_to_call="ask_first")
    press(page, "editperson.save")
    assert "has changed meanwhile" in field.error.text()
    assert stands(desk, asked)[:2] == ("ask_first", None)


@in_every_look
def test_a_form_with_disputes_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk) -> None:
    person, _asked = disputed(desk)
    expect_accessible(qtbot, look, lambda: correcting(qtbot, desk, person))


def test_going_back_without_saving_changes_nothing(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    page = correcting(qtbot, desk, person)
    type_in(page, "editperson.given_name.input", "Nobody")
    press(page, "editperson.back")
    with desk.store.read() as connection:
        assert count_people(connection) == 1
    assert everyone(desk)[0].given_name == "Amina"
    assert correcting(qtbot, desk, person).form.facts()["given_name"] == "Amina"


@in_every_look
def test_correcting_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk) -> None:
    with_colleagues(desk)
    person = add_person(desk, {"given_name": "Amina"})

    def make() -> EditPersonPage:
        page = correcting(qtbot, desk, person)
        type_in(page, "editperson.nhs_number.input", "1")
        press(page, "editperson.save")
        return page

    expect_accessible(qtbot, look, make)


def with_colleagues(desk: Desk) -> str:
    """Let others work here: a connector of another area, and a peer support worker, whose id is returned."""
    with desk.store.write() as writing, writing.echo():
        writing.add(Worker(area="*", name="Gil Fox", role="connector", areas=["sale"], active=True))
        return writing.add(Worker(area="*", name="Cy Moss", role="peer", areas=[desk.area], active=True))


def test_a_member_moves_to_an_area_where_somebody_works(qtbot: QtBot, desk: Desk) -> None:
    with_colleagues(desk)
    person = add_person(desk, {"given_name": "Amina"})
    page = correcting(qtbot, desk, person)
    where = page.form.fields["area"]
    assert isinstance(where, SelectField)
    assert where.value == desk.area
    assert [where.combo.itemText(index) for index in range(where.combo.count())] == sorted({desk.area, "sale"})
    where.value = "sale"
    with qtbot.waitSignal(page.said) as said:
        press(page, "editperson.save")
    assert said.args[0].startswith("Saved. They move to sale, with all that is written about them.")
    assert everyone(desk)[0].area == "sale"


def test_a_peer_support_worker_is_chosen_to_support_a_member_and_taken_off_again(qtbot: QtBot, desk: Desk) -> None:
    peer = with_colleagues(desk)
    person = add_person(desk, {"given_name": "Amina"})
    for expected in ([peer], []):
        page = correcting(qtbot, desk, person)
        chip = page.findChild(FilterChip, f"editperson.supporters.{peer}")
        assert isinstance(chip, FilterChip)
        chip.click()
        press(page, "editperson.save")
        assert everyone(desk)[0].supporters == expected


def test_where_there_is_nothing_to_choose_nothing_is_asked(qtbot: QtBot, desk: Desk) -> None:
    page = correcting(qtbot, desk, add_person(desk, {"given_name": "Amina"}))
    card = page.findChild(Card, "editperson.whose")
    assert isinstance(card, Card)
    assert not card.isVisible()
