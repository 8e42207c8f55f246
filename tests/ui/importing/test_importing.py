"""Reading files into the directory through the page: progress, report, and a sentence for what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import load_made_up
from ewb_desktop.actions.services import add_service
from ewb_desktop.library import RESOURCES
from ewb_desktop.storage.cards.listings import directories, kept_listings
from ewb_desktop.storage.cards.services import count_services, service_card
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToDirectoryImport, ToService
from ewb_desktop.ui.importing.page import build
from ewb_desktop.ui.importing.view import ImportingPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from tests.support.looks import Look, expect_accessible, in_every_look

MADE_UP = RESOURCES / "directory" / "made-up-stretford.json"


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown()


def opened(qtbot: QtBot, desk: Desk, background: Background, files: list[Path], saved: Path | None = None) -> ImportingPage:
    page = build(desk, background, lambda: [str(path) for path in files], lambda _name: str(saved or ""))
    assert isinstance(page, ImportingPage)
    qtbot.addWidget(page)
    page.show()
    page.opened(ToDirectoryImport())
    return page


def press(page: ImportingPage, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


def read_in(qtbot: QtBot, page: ImportingPage, name: str = "Stretford") -> None:
    field = page.findChild(TextField, "importing.name")
    assert isinstance(field, TextField)
    field.value = name
    report, trouble = page.findChild(Card, "importing.report"), page.findChild(Notice, "importing.trouble")
    assert report is not None
    assert trouble is not None
    press(page, "importing.choose")
    qtbot.waitUntil(lambda: not report.isHidden() or not trouble.isHidden())


def services(desk: Desk) -> int:
    with desk.store.read() as connection:
        return count_services(connection).services


def test_a_file_is_read_in_with_a_report_of_every_row(qtbot: QtBot, desk: Desk, background: Background) -> None:
    page = opened(qtbot, desk, background, [MADE_UP])
    read_in(qtbot, page)
    shown = page.findChild(VirtualList, "importing.rows")
    assert isinstance(shown, VirtualList)
    assert shown.model().rowCount() == 48
    assert services(desk) == 48


def test_the_report_shows_what_was_left_out_and_why(qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path) -> None:
    table = tmp_path / "services.csv"
    table.write_text("name,telephone\nQuiet room,0161 496 0120\n,0161 496 0121\n", encoding="utf-8")
    page = opened(qtbot, desk, background, [table])
    read_in(qtbot, page)
    chip = page.findChild(FilterChip, "importing.only.left")
    assert isinstance(chip, FilterChip)
    chip.click()
    shown = page.findChild(VirtualList, "importing.rows")
    assert isinstance(shown, VirtualList)
    row = shown.row_at(shown.model().index(0, 0))
    assert row is not None
    assert "left out" in row.words
    assert "name" in row.words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{ this is no JSON", "Nothing was"),
        (b"<html><body>Log in</body></html>", "web page"),
        (b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_changes_nothing(
    qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "directory.json"
    path.write_bytes(content)
    page = opened(qtbot, desk, background, [path])
    read_in(qtbot, page)
    trouble = page.findChild(Notice, "importing.trouble")
    assert isinstance(trouble, Notice)
    assert words in trouble.text.text()
    assert services(desk) == 0


def test_a_file_that_is_gone_gets_a_sentence(qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path) -> None:
    page = opened(qtbot, desk, background, [tmp_path / "gone.json"])
    read_in(qtbot, page)
    trouble = page.findChild(Notice, "importing.trouble")
    assert isinstance(trouble, Notice)
    assert "could not be opened" in trouble.title.text()


def planned(qtbot: QtBot, page: ImportingPage) -> Notice:
    press(page, "importing.choose")
    plan = page.findChild(Notice, "importing.plan")
    assert isinstance(plan, Notice)
    qtbot.waitUntil(lambda: not plan.isHidden())
    return plan


def test_without_a_name_the_file_would_be_a_new_directory_and_the_others_stay(
    qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path
) -> None:
    load_made_up(desk)
    table = tmp_path / "Sale services.csv"
    table.write_text("name,telephone\nQuiet room,0161 496 0120\n", encoding="utf-8")
    page = opened(qtbot, desk, background, [table])
    plan = planned(qtbot, page)
    assert plan.title.text() == "This would be a new directory: Sale services"
    assert services(desk) == 48
    press(page, "importing.go_on")
    qtbot.waitUntil(lambda: services(desk) == 49)
    with desk.store.read() as connection:
        assert dict(directories(connection)) == {"made-up-stretford": 48, "Sale services": 1}
        assert all(each.in_latest_file for each in kept_listings(connection, "made-up-stretford"))


def test_files_of_a_directory_that_is_here_go_into_it(qtbot: QtBot, desk: Desk, background: Background) -> None:
    load_made_up(desk)
    page = opened(qtbot, desk, background, [MADE_UP])
    plan = planned(qtbot, page)
    assert plan.title.text() == "These files would go into made-up-stretford"
    assert "0 new, 0 changed, 48 the same" in plan.text.text()


def test_files_of_another_directory_are_not_read_into_the_chosen_one_without_asking(
    qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path
) -> None:
    load_made_up(desk)
    table = tmp_path / "Sale services.csv"
    table.write_text("name,telephone\nQuiet room,0161 496 0120\n", encoding="utf-8")
    page = opened(qtbot, desk, background, [table])
    known = page.findChild(SelectField, "importing.known")
    assert isinstance(known, SelectField)
    known.value = "made-up-stretford"
    plan = planned(qtbot, page)
    assert "48 not in the latest file" in plan.text.text()
    assert services(desk) == 48


@in_every_look
def test_what_would_happen_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, background: Background, look: Look) -> None:
    load_made_up(desk)

    def make() -> ImportingPage:
        page = opened(qtbot, desk, background, [MADE_UP])
        planned(qtbot, page)
        return page

    expect_accessible(qtbot, look, make)


def test_the_report_can_be_saved(qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path) -> None:
    saved = tmp_path / "report.txt"
    page = opened(qtbot, desk, background, [MADE_UP], saved)
    read_in(qtbot, page)
    press(page, "importing.save")
    assert "48 rows read" in saved.read_text("utf-8")
    assert saved.read_text("utf-8").count(" – kept.") == 48


def test_stopping_changes_nothing(qtbot: QtBot, desk: Desk, background: Background, tmp_path: Path) -> None:
    many = [{"id": str(number), "name": f"Service {number}", "status": "active"} for number in range(3000)]
    path = tmp_path / "many.json"
    path.write_text(json.dumps(many), encoding="utf-8")
    page = opened(qtbot, desk, background, [path])
    field = page.findChild(TextField, "importing.name")
    assert isinstance(field, TextField)
    field.value = "Many"
    press(page, "importing.choose")
    press(page, "stop")
    trouble = page.findChild(Notice, "importing.trouble")
    assert isinstance(trouble, Notice)
    qtbot.waitUntil(lambda: not trouble.isHidden(), timeout=20_000)
    assert trouble.title.text() == "Stopped"
    assert services(desk) == 0


@in_every_look
def test_it_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, background: Background, look: Look) -> None:
    def make() -> ImportingPage:
        page = opened(qtbot, desk, background, [MADE_UP])
        read_in(qtbot, page)
        return page

    expect_accessible(qtbot, look, make)


def write_in(page: ImportingPage, **typed: object) -> None:
    page.by_hand.typed = typed
    press(page, "byhand.save")


def test_a_service_is_written_in_by_hand_and_shown(qtbot: QtBot, desk: Desk, background: Background) -> None:
    page = opened(qtbot, desk, background, [])
    with qtbot.waitSignal(page.go) as went:
        write_in(page, name="Tea on Tuesdays", when="Tuesdays 10:00 to 12:00", languages="English, Polish", free=True)
    assert went.args is not None
    (to,) = went.args
    assert isinstance(to, ToService)
    with desk.store.read() as connection:
        card = service_card(connection, to.service)
    assert card is not None
    assert (card.name, card.when, card.languages, card.free) == (
        "Tea on Tuesdays", ("Tuesdays 10:00 to 12:00",), ("en", "pl"), True,
    )  # fmt: skip
    assert card.runs
    assert (card.assured_on, card.assured_by) == (desk.clock.today(), "Rowan Oak")


def test_a_service_needs_a_name_and_nothing_typed_is_lost(qtbot: QtBot, desk: Desk, background: Background) -> None:
    page = opened(qtbot, desk, background, [])
    write_in(page, telephone="0161 496 0101")
    assert page.by_hand.fields["name"].error.text().startswith("Error: ")
    assert page.by_hand.fields["telephone"].value == "0161 496 0101"
    assert services(desk) == 0


def test_an_entry_made_by_hand_is_changed_in_the_same_form(qtbot: QtBot, desk: Desk, background: Background) -> None:
    service = add_service(desk, {"name": "Tea on Tuesdays", "cost": "£1", "when": "Tuesdays", "languages": "Polish"})
    page = opened(qtbot, desk, background, [])
    page.opened(ToDirectoryImport(service))
    form = page.by_hand
    assert form.typed["languages"] == "Polish"
    assert form.typed["when"] == "Tuesdays"
    form.fields["cost"].value = "£2"
    press(page, "byhand.save")
    with desk.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    assert (card.cost, card.when, card.languages) == ("£2", ("Tuesdays",), ("pl",))
    assert services(desk) == 1


def test_what_was_typed_by_hand_is_there_again_after_leaving(qtbot: QtBot, desk: Desk, background: Background) -> None:
    page = opened(qtbot, desk, background, [])
    page.by_hand.fields["name"].value = "Tea on Tue"
    page.by_hand.edited.emit()
    page.leaving()
    assert opened(qtbot, desk, background, []).by_hand.fields["name"].value == "Tea on Tue"


def test_no_file_is_read_into_what_was_written_by_hand(qtbot: QtBot, desk: Desk, background: Background) -> None:
    add_service(desk, {"name": "Tea on Tuesdays"})
    known = opened(qtbot, desk, background, []).findChild(SelectField, "importing.known")
    assert isinstance(known, SelectField)
    assert not known.isVisible()


@in_every_look
def test_changing_an_entry_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, background: Background, look: Look) -> None:
    service = add_service(desk, {"name": "Tea on Tuesdays"})

    def make() -> ImportingPage:
        page = opened(qtbot, desk, background, [])
        page.opened(ToDirectoryImport(service))
        page.by_hand.fields["name"].value = ""
        press(page, "byhand.save")
        return page

    expect_accessible(qtbot, look, make)
