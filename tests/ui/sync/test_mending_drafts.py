"""What is typed while a change is put right: kept as it is typed, there again however the form was left, gone once settled."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.storage.exchange.journal import drop_entries
from ewb_desktop.storage.settling.held import held_changes
from ewb_desktop.storage.tables import Contact, Person
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToSync
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.sync.mending_drafts import drop_settled, keep_for, kept_for
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import SelectField, TextArea
from tests.support.connected import Connected, House
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.ui.sync.test_held import LONG, hold_a_contact, press, put_right
from tests.ui.sync.test_sync import Sitting, background, found, sit, words_on

__all__ = ["background"]

KEPT = "What you typed before is still here"


@pytest.fixture
def rowan(centre: House) -> Connected:
    return centre.join("Rowan Oak")


def note_of(sitting: Sitting) -> TextArea:
    # a form that was closed a moment ago goes with the next turn of the loop
    return next(part for part in sitting.page.findChildren(TextArea, "sync.mending.note") if part.isVisible())


def type_a_note(sitting: Sitting, words: str = "Rang after four") -> None:
    note_of(sitting).area.setPlainText(words)


@pytest.fixture
def begun(qtbot: QtBot, background: Background, rowan: Connected) -> Sitting:
    """Lend the page of a laptop whose contact is held, its form open and a note typed in it."""
    hold_a_contact(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    assert drafts(rowan) == []
    type_a_note(sitting)
    return sitting


def drafts(laptop: Connected) -> list[str]:
    with laptop.store.read() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT value FROM draft").all()]


def hold_everything(laptop: Connected) -> None:
    with laptop.store.write() as writing:
        writing.add(
            Person(
                area="somewhere else", preferred_name="Bo", birth_date=laptop.clock.today(), communication=["large_print"],
                safe_to_call="no", address="1 High Street",
            )
        )  # fmt: skip
    laptop.sync()


def put_right_elsewhere(laptop: Connected) -> None:
    """Let the record be put right on its own page, and the server take it."""
    with laptop.store.write() as writing:
        contact = writing.connection.exec_driver_sql("SELECT id FROM contact").scalar_one()
        writing.edit(Contact, contact, note="Short")
    laptop.sync()


def test_what_is_typed_is_kept_a_moment_later_so_that_a_kill_loses_nothing(
    qtbot: QtBot, background: Background, rowan: Connected, begun: Sitting
) -> None:
    qtbot.waitUntil(lambda: "Rang after four" in "".join(drafts(rowan)), timeout=DraftTimer.LATEST_MS)
    again = sit(qtbot, background, rowan)
    put_right(again)
    assert note_of(again).value == "Rang after four"
    assert KEPT in words_on(again.page)


def test_every_kind_of_field_comes_back_as_it_was_left_also_half_a_day(
    qtbot: QtBot, background: Background, rowan: Connected
) -> None:
    hold_everything(rowan)
    sitting = sit(qtbot, background, rowan)
    put_right(sitting)
    found(sitting.page, DateField, "sync.mending.birth_date").show_draft(["31", "2", ""])
    found(sitting.page, SelectField, "sync.mending.safe_to_call").value = "yes"
    ticks = found(sitting.page, CheckChoices, "sync.mending.communication")
    ticks.rows[0].click()
    ticked = ticks.values
    sitting.page.leaving()
    again = sit(qtbot, background, rowan)
    put_right(again)
    assert found(again.page, DateField, "sync.mending.birth_date").typed == ("31", "2", "")
    assert found(again.page, SelectField, "sync.mending.safe_to_call").value == "yes"
    assert found(again.page, CheckChoices, "sync.mending.communication").values == ticked != ["large_print"]


def test_another_page_and_back_finds_the_form_as_it_was(rowan: Connected, begun: Sitting) -> None:
    note = note_of(begun)
    begun.page.leaving()
    assert "Rang after four" in "".join(drafts(rowan))
    begun.page.opened(ToSync())
    assert note_of(begun) is note
    assert note.value == "Rang after four"


def test_closing_the_form_keeps_what_was_typed_and_says_so(qtbot: QtBot, begun: Sitting) -> None:
    with qtbot.waitSignal(begun.page.said) as said:
        press(begun, "sync.mending-close")
    assert said.args == ["What you typed is kept until you open it again."]
    put_right(begun)
    assert note_of(begun).value == "Rang after four"


@pytest.mark.parametrize("presses", [["sync.mending-save"], ["sync.mending-let-go", "sync.mending-yes"]])
def test_what_is_saved_or_let_go_of_is_no_draft_any_more(
    qtbot: QtBot, rowan: Connected, begun: Sitting, presses: list[str]
) -> None:
    begun.page.leaving()
    assert drafts(rowan)
    for name in presses:
        press(begun, name)
    qtbot.waitUntil(lambda: not begun.heartbeat.is_working)
    assert drafts(rowan) == []
    assert not found(begun.page, QWidget, "sync.held").isVisible()


def test_starting_again_shows_what_the_record_says_and_forgets_the_draft(rowan: Connected, begun: Sitting) -> None:
    press(begun, "sync.mending-close")
    put_right(begun)
    press(begun, "sync.mending-start-again")
    assert KEPT not in words_on(begun.page)
    assert note_of(begun).value == LONG
    assert drafts(rowan) == []


def test_a_change_that_is_sent_again_and_not_taken_goes_on_in_the_same_form(
    qtbot: QtBot, rowan: Connected, begun: Sitting
) -> None:
    with qtbot.waitSignal(begun.heartbeat.ended):
        press(begun, "sync.again")
    assert note_of(begun).value == "Rang after four"
    with qtbot.waitSignal(begun.heartbeat.ended):
        press(begun, "sync.mending-save")
    assert not found(begun.page, QWidget, "sync.held").isVisible()
    assert drafts(rowan) == []


def test_a_change_that_goes_while_its_form_is_open_leaves_what_was_typed_to_be_read(rowan: Connected, begun: Sitting) -> None:
    put_right_elsewhere(rowan)
    begun.page.opened(ToSync())
    assert "This change does not wait any more" in words_on(begun.page)
    assert note_of(begun).value == "Rang after four"
    assert not found(begun.page, Button, "sync.mending-save").isVisible()
    press(begun, "sync.mending-close")
    assert drafts(rowan) == []
    assert not found(begun.page, QWidget, "sync.held").isVisible()


def test_what_was_typed_for_a_change_that_was_taken_meanwhile_goes_and_is_told(
    qtbot: QtBot, rowan: Connected, begun: Sitting
) -> None:
    press(begun, "sync.mending-close")
    with qtbot.waitSignal(begun.page.said) as said:
        put_right_elsewhere(rowan)
        begun.page.opened(ToSync())
    assert said.args == ["The server took a change that you had begun to put right, as it was. What you typed there is gone."]
    assert drafts(rowan) == []


def test_what_was_typed_stays_while_its_change_waits_to_be_sent_or_is_held(
    qtbot: QtBot, rowan: Connected, begun: Sitting
) -> None:
    press(begun, "sync.mending-close")
    rowan.line.is_unplugged = True
    with qtbot.waitSignal(begun.heartbeat.ended):
        press(begun, "sync.again")
    assert drop_settled(rowan.store) == 0
    rowan.line.is_unplugged = False
    rowan.sync()
    assert drop_settled(rowan.store) == 0
    begun.page.opened(ToSync())
    put_right(begun)
    assert note_of(begun).value == "Rang after four"


def test_what_a_kill_left_of_a_form_whose_change_has_gone_goes_at_the_next_start_and_never_from_the_open_form(
    rowan: Connected, begun: Sitting
) -> None:
    begun.page.leaving()
    put_right_elsewhere(rowan)
    begun.page.opened(ToSync())
    assert "This change does not wait any more" in words_on(begun.page)
    assert drafts(rowan)
    assert drop_settled(rowan.store) == 1
    assert drafts(rowan) == []


def test_of_what_was_typed_for_two_changes_of_a_record_only_that_of_the_taken_one_goes(rowan: Connected) -> None:
    hold_a_contact(rowan)
    rowan.sync()
    put_right_elsewhere(rowan)
    with rowan.store.write() as writing:
        contact = writing.connection.exec_driver_sql("SELECT id FROM contact").scalar_one()
        writing.edit(Contact, contact, note=LONG)
    rowan.sync()
    with rowan.store.read() as connection:
        (held,) = held_changes(connection)
    keep_for(rowan.store, held, {"note": "Shorter", "reached": "no_answer"})
    assert drop_settled(rowan.store) == 1
    assert kept_for(rowan.store, held) == {"note": "Shorter"}
    assert "no_answer" not in "".join(drafts(rowan))


def test_what_was_typed_for_a_change_that_went_into_a_sealed_file_stays_for_it_was_not_taken(rowan: Connected) -> None:
    hold_a_contact(rowan)
    with rowan.store.read() as connection:
        (held,) = held_changes(connection)
    keep_for(rowan.store, held, {"note": "Shorter"})
    with rowan.store.write() as writing:
        drop_entries(writing, [held.id])
    assert drop_settled(rowan.store) == 0
    assert kept_for(rowan.store, held) == {"note": "Shorter"}


@in_every_look
def test_the_form_with_what_was_typed_before_has_no_faults(
    qtbot: QtBot, background: Background, rowan: Connected, look: Look, tmp_path: Path
) -> None:
    hold_everything(rowan)
    first = sit(qtbot, background, rowan)
    put_right(first)
    found(first.page, CheckChoices, "sync.mending.communication").rows[0].click()
    first.page.leaving()

    def make() -> QWidget:
        sitting = sit(qtbot, background, rowan)
        put_right(sitting)
        assert KEPT in words_on(sitting.page)
        return sitting.page

    expect_accessible(qtbot, look, make)
