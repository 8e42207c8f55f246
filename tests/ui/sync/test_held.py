"""The card of changes that the server did not take: it appears as soon as it is told, and everything on it can be acted on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.storage.exchange.journal import counts, has_unsent, quarantined
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.storage.settling.held import held_record
from ewb_desktop.storage.tables import Answer, Assessment, Contact, Need, Person, Service, ServiceNote, Visit, table
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToHistory, ToPerson, ToSync
from ewb_desktop.ui.record_words import RecordWords
from ewb_desktop.ui.sync.held_rows import UNDER_WAY
from ewb_desktop.ui.sync.mending import fields_of
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.look import tokens_of
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.ui.sync.test_sync import Sitting, background, found, sit, words_on

__all__ = ["background"]

LONG = ("rang at the door " * 8_000).strip()
"""More than the server takes in one change, in words: one word as long takes two seconds to set on every page."""


def hold_a_contact(laptop: Connected) -> str:
    with laptop.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Bo"))
        writing.add(Contact(area=AREA, person=person, at=laptop.clock.now(), how="ring", reached="left_word", note=LONG))
    laptop.sync()
    return person


def press(sitting: Sitting, name: str) -> None:
    found(sitting.page, Button, name).click()


def put_right(sitting: Sitting, row: int = 0) -> None:
    press(sitting, f"sync.held-rows.opener.{row}")


def test_a_change_that_is_not_taken_appears_on_the_open_page_as_soon_as_it_is_told(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    sitting = sit(qtbot, background, rowan)
    with rowan.store.write() as writing:
        writing.add(Person(area="somewhere else", preferred_name="Bo"))
    assert not found(sitting.page, QWidget, "sync.held").isVisible()
    with qtbot.waitSignal(sitting.heartbeat.ended):
        press(sitting, "sync.send")
    assert found(sitting.page, QWidget, "sync.held").isVisible()
    assert "Needs a look" in words_on(sitting.page)


def test_a_new_member_is_told_by_what_was_said_of_them_and_not_by_what_was_left_as_it_was(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        writing.add(Person(area="somewhere else", preferred_name="Bo", discreet_print=False))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    assert ": name they like to be called.)" in words_on(sitting.page)


def test_each_row_and_each_of_its_buttons_says_which_record_of_its_kind_it_is(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area="somewhere else", preferred_name="Bo"))
        for words in ("debt", "a warm coat"):
            writing.add(Need(area="somewhere else", person=person, words=words))
        writing.add(Service(area=AREA, name="Walking group", description=LONG))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    said = [found(sitting.page, Button, f"sync.held-rows.act.{row}").accessibleName() for row in range(4)]
    assert said == [
        "Try again: About a member: Bo",
        "Try again: Need “debt”: Bo",
        "Try again: Need “a warm coat”: Bo",
        "Try again: Service in the directory “Walking group”",
    ]
    put_right(sitting, 2)
    assert found(sitting.page, QWidget, "sync.mending").accessibleName() == "Need “a warm coat”: Bo"


def test_an_answer_says_which_question_it_answers(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    hold_an_answer(rowan)
    sitting = sit(qtbot, background, rowan)
    assert "Answer “Little interest or pleasure in…”: Bo" in words_on(sitting.page)


def test_the_form_stands_in_a_box_apart_from_the_rows(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    form = found(sitting.page, QWidget, "sync.mending")
    edge = form.grab().toImage().pixelColor(0, form.height() // 2)
    assert edge.name() == tokens_of(form).line.lower()


def hold_an_answer(laptop: Connected) -> None:
    with laptop.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Bo"))
        form = writing.add(
            Assessment(area=AREA, person=person, questionnaire="phq-9", version="1", started_at=laptop.clock.now())
        )
        question = library().questionnaire("phq-9").questions[0].link_id
        writing.add(
            Answer(id=answer_id(form, question), area=AREA, person=person, assessment=form, question=question, value=LONG)
        )
    laptop.sync()


def test_a_contact_that_was_too_long_is_shortened_where_it_is_told_and_sent(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    note = found(sitting.page, TextArea, "sync.mending.note")
    assert note.value == LONG
    note.value = "Rang after four"
    found(sitting.page, SelectField, "sync.mending.how").value = "message"
    with qtbot.waitSignal(sitting.heartbeat.ended):
        press(sitting, "sync.mending-save")
    assert not found(sitting.page, QWidget, "sync.held").isVisible()
    grace = centre.join("Grace Lamb")
    grace.sync()
    with grace.store.read() as connection:
        kept = connection.execute(select(table(Contact).c.note, table(Contact).c.how)).one()
    assert tuple(kept) == ("Rang after four", "message")


def test_of_a_change_that_is_too_large_what_is_longest_is_asked_for_first(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)
    with rowan.store.read() as connection:
        held = held_record(connection, quarantined(connection)[0].id)
    assert held is not None
    assert fields_of(held, RecordWords(library(), {}), None)[0].name == "note"


def test_a_member_a_note_and_a_service_are_put_right_in_the_same_way(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Bo", address=LONG))
        service = writing.add(Service(area=AREA, name="Walking group", description=LONG, cost="free"))
        writing.add(ServiceNote(area=AREA, service=service, words=LONG, noted_at=rowan.clock.now()))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    for field in ("address", "description", "words"):
        put_right(sitting)
        area = found(sitting.page, TextArea, f"sync.mending.{field}")
        area.value = "short"
        with qtbot.waitSignal(sitting.heartbeat.ended):
            press(sitting, "sync.mending-save")
    with rowan.store.read() as connection:
        assert not has_unsent(connection)


def test_a_change_that_is_tried_again_keeps_its_row_and_the_keyboard_until_it_is_known_what_came_of_it(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        for name in ("Bo", "Cy"):
            writing.add(Person(area=AREA, preferred_name=name, address=LONG))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    sitting.page.activateWindow()
    qtbot.waitUntil(sitting.page.isActiveWindow)
    second = found(sitting.page, Button, "sync.held-rows.act.1")
    says = second.accessibleName()
    second.setFocus()
    with qtbot.waitSignal(sitting.heartbeat.ended), rowan.line.held_up():
        QTest.keyClick(second, Qt.Key.Key_Return)
        keyboard = sitting.page.focusWidget()
        assert isinstance(keyboard, Button)
        assert keyboard.objectName() == "sync.held-rows.act.1"
        qtbot.waitUntil(lambda: UNDER_WAY in words_on(sitting.page))
    qtbot.waitUntil(lambda: UNDER_WAY not in words_on(sitting.page))
    keyboard = sitting.page.focusWidget()
    assert isinstance(keyboard, Button)
    assert (keyboard.objectName(), keyboard.accessibleName()) == ("sync.held-rows.act.1", says)
    # and it can be put right under the name that the row has kept
    put_right(sitting, 1)
    assert says.endswith(found(sitting.page, TextField, "sync.mending.preferred_name").value)


def test_an_answer_is_put_right_with_the_choices_of_its_question(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    hold_an_answer(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    choice = found(sitting.page, SelectField, "sync.mending.value")
    assert "Little interest" in choice.label_text
    choice.value = 1
    with qtbot.waitSignal(sitting.heartbeat.ended):
        press(sitting, "sync.mending-save")
    with rowan.store.read() as connection:
        assert counts(connection).quarantined == 0
        assert 1 in connection.execute(select(table(Answer).c.value)).scalars().all()


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Bo", address=LONG))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    name = found(sitting.page, TextField, "sync.mending.preferred_name")
    name.value = ""
    press(sitting, "sync.mending-save")
    assert "Keep one name" in name.error.text()
    with rowan.store.write() as writing:
        writing.add(Visit(area=AREA, people=1))
    assert found(sitting.page, TextField, "sync.mending.preferred_name") is name


def test_letting_go_is_asked_first_and_takes_along_what_hangs_on_it(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Bo", address=LONG))
        writing.add(Need(area=AREA, person=person, words="debt"))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    press(sitting, "sync.mending-let-go")
    assert "1 other change hangs on it and goes with it" in words_on(sitting.page)
    press(sitting, "sync.mending-keep")
    assert "Let this change go?" not in words_on(sitting.page)
    press(sitting, "sync.mending-let-go")
    press(sitting, "sync.mending-yes")
    assert not found(sitting.page, QWidget, "sync.held").isVisible()
    with rowan.store.read() as connection:
        assert not has_unsent(connection)


def let_go(sitting: Sitting) -> None:
    put_right(sitting)
    press(sitting, "sync.mending-let-go")
    press(sitting, "sync.mending-yes")


def test_what_was_let_go_of_is_one_press_away_until_the_page_is_opened_again(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    person = hold_a_contact(rowan)
    with rowan.store.read() as connection:
        contact = connection.execute(select(table(Contact).c.id)).scalar_one()
    sitting = sit(qtbot, background, rowan)
    let_go(sitting)
    assert "Let go. What it said is in the history on this laptop." in words_on(sitting.page)
    came = found(sitting.page, Button, "sync.let-go-history")
    assert sitting.page.focusWidget() is came
    with qtbot.waitSignal(sitting.page.go) as asked:
        came.click()
    assert asked.args == [ToHistory("contact", contact, person)]
    sitting.page.opened(ToSync())
    assert not came.isVisible()


def test_who_may_read_no_member_s_history_is_not_sent_there(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak", "volunteer")
    with rowan.store.write() as writing:
        writing.add(Visit(area=AREA, people=1, reason=LONG))
    rowan.sync()
    sitting = sit(qtbot, background, rowan, role="volunteer")
    let_go(sitting)
    assert not found(sitting.page, Button, "sync.let-go-history").isVisible()


@in_every_look
def test_the_page_after_letting_go_has_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)

    def make() -> QWidget:
        sitting = sit(qtbot, background, rowan)
        if found(sitting.page, QWidget, "sync.held").isVisible():
            let_go(sitting)
        return sitting.page

    expect_accessible(qtbot, look, make)


def test_the_page_of_its_record_is_one_press_away(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    person = hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    with qtbot.waitSignal(sitting.page.go) as asked:
        press(sitting, "sync.mending-open")
    assert asked.args == [ToPerson(person)]


@in_every_look
def test_the_open_form_has_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        writing.add(
            Person(
                area="somewhere else", preferred_name="Bo", birth_date=rowan.clock.today(), communication=["large_print"],
                discreet_print=True, safe_to_call="no", address="1 High Street",
            )
        )  # fmt: skip
    rowan.sync()

    def make() -> QWidget:
        sitting = sit(qtbot, background, rowan)
        put_right(sitting)
        press(sitting, "sync.mending-let-go")
        return sitting.page

    expect_accessible(qtbot, look, make)


def said_of(part: QWidget) -> str:
    """Return what a screen reader says of a widget beside its name."""
    return str(QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Description))


def test_the_question_before_letting_go_is_heard_with_the_button_that_the_keyboard_is_on(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    sitting.page.activateWindow()
    press(sitting, "sync.mending-let-go")
    keyboard = sitting.page.focusWidget()
    assert isinstance(keyboard, Button)
    assert keyboard.objectName() == "sync.mending-keep"
    assert said_of(keyboard).startswith("Let this change go? Only this laptop has it.")


def test_that_a_change_does_not_wait_any_more_is_said_aloud_where_it_is_open(
    qtbot: QtBot, background: Background, centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: heard.append(event.message()) if isinstance(event, QAccessibleAnnouncementEvent) else None,
    )
    rowan = centre.join("Rowan Oak")
    hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    found(sitting.page, TextArea, "sync.mending.note").area.setPlainText("Rang after four")
    with rowan.store.write() as writing:
        contact = writing.connection.exec_driver_sql("SELECT id FROM contact").scalar_one()
        writing.edit(Contact, contact, note="Short")
    rowan.sync()
    sitting.page.opened(ToSync())
    assert [words for words in heard if words.startswith("This change does not wait any more. It was sent")]
