"""What is wrong with files and forms is said on the screen, with what to do about it, and nothing that was typed is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ewb_desktop.logs import start_logs
from ewb_desktop.storage.cards.people import count_people, person_record
from ewb_desktop.storage.cards.services import count_services
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.vault import RECORDS
from ewb_desktop.ui.destinations import ToEditPerson, ToPerson
from ewb_desktop.ui.theme import RESOURCES
from tests.journeys.afternoon import someone_walks_in
from tests.journeys.day import MEMBER, PASSPHRASES, Day, exchange
from tests.journeys.morning import invite, read_directory, read_made_up_directory, rowan_joins
from tests.journeys.stage import Laptop
from tests.support.full_disks import full_disk
from tests.support.laptops import CHEAP

ROWAN = "Rowan Oak"
LONG = ("by the bench near the pond, where the path turns; " * 90).strip()
"""As many words as a field of several lines takes; two such fields are more than the file has room for without growing."""


@pytest.fixture
def rowan(day: Day) -> Day:
    """Lend a day on which Rowan has joined."""
    invite(day)
    rowan_joins(day)
    return day


def add_member(day: Day) -> str:
    """Add someone through the window, and return the id."""
    hands = day.hands
    hands.press("F7")
    hands.see("newperson")
    hands.keys(MEMBER)
    hands.click("newperson.save")
    hands.wait(lambda: isinstance(day.rowan.office.window.here, ToPerson), "her page")
    here = day.rowan.office.window.here
    assert isinstance(here, ToPerson)
    return here.person


def lock(day: Day) -> Path:
    """Lock the laptop, and return the encrypted file."""
    day.hands.press("Ctrl+L")
    day.hands.see("lock-unlock")
    (file,) = day.rowan.folder.rglob(RECORDS)
    return file


def try_passphrase(day: Day, passphrase: str = PASSPHRASES[ROWAN]) -> None:
    day.hands.type("lock-passphrase", passphrase)
    day.hands.press("Return")


def unlock(day: Day) -> None:
    try_passphrase(day)
    day.hands.wait(lambda: day.rowan.program.office is not None, "the window behind the lock", 60)


def people(day: Day) -> int:
    with day.rowan.office.desk.store.read() as connection:
        return count_people(connection)


def value(day: Day, name: str) -> str:
    """Return what stands in a field."""
    field = day.hands.see(f"{name}.input")
    return str(field.property("plainText") or field.property("text"))


def test_a_wrong_passphrase_is_said_and_the_draft_is_there_after_the_right_one(rowan: Day) -> None:
    hands = rowan.hands
    hands.press("F7")
    hands.see("newperson")
    hands.keys("Kas")
    lock(rowan)
    try_passphrase(rowan, "violet otter kettle garden")
    hands.read("This passphrase is not right. Nothing is lost. Try again. You can also use your recovery key.")
    unlock(rowan)
    hands.press("F7")
    hands.read("What you typed before is still here")
    assert value(rowan, "newperson.preferred_name") == "Kas"


def test_a_damaged_file_is_left_as_it_is_and_a_backup_is_offered(rowan: Day) -> None:
    add_member(rowan)
    file = lock(rowan)
    whole = file.read_bytes()
    damaged = whole[:64] + bytes(4_096) + whole[4_160:]
    file.write_bytes(damaged)
    try_passphrase(rowan)
    rowan.hands.read('is damaged and cannot be opened. Nothing was changed. Choose "Bring back a backup" here on the lock screen')
    rowan.hands.see("lock-backup")
    assert file.read_bytes() == damaged
    file.write_bytes(whole)
    unlock(rowan)
    assert people(rowan) == 1


def test_a_file_of_a_newer_program_is_left_alone_until_the_program_is_updated(rowan: Day) -> None:
    add_member(rowan)
    key = bytes(rowan.rowan.office.unlocked.key)
    file = lock(rowan)
    connection = connect_keyed(file, key)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    newer = file.read_bytes()
    try_passphrase(rowan)
    rowan.hands.read("newer version of this program. It was not changed and nothing is lost. Update the program on this laptop")
    assert file.read_bytes() == newer
    connection = connect_keyed(file, key)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    unlock(rowan)
    assert people(rowan) == 1


def test_a_full_disk_is_said_on_the_page_and_the_form_keeps_what_was_typed(rowan: Day, tmp_path: Path) -> None:
    hands, office = rowan.hands, rowan.rowan.office
    person = add_member(rowan)
    end_logs = start_logs(tmp_path / "logs" / "log", also_tell=rowan.rowan.program.tell_fault)
    fields = ("editperson.address", "editperson.communication_note")
    try:
        with full_disk(office.desk.store):
            hands.click_words("Edit what we know")
            hands.see("editperson")
            QApplication.clipboard().setText(LONG)
            for field in fields:
                hands.type(field, "")
                hands.press("Ctrl+V")
            hands.click("editperson.save")
            hands.read(
                "The disk of this laptop is full. The last change was not saved; everything before it is safe. Make some room"
            )
            assert isinstance(office.window.here, ToEditPerson)
            assert not hands.says("Everything is saved")
            assert [value(rowan, field) for field in fields] == [LONG, LONG]
            hands.click("trouble-read")
            # going away and coming back costs nothing either
            hands.click("rail.members")
            hands.read("The disk of this laptop is full.")
            office.go(ToEditPerson(person))
            assert [value(rowan, field) for field in fields] == [LONG, LONG]
        hands.click("editperson.save")
        hands.wait(lambda: isinstance(office.window.here, ToPerson), "her page, as there is room again")
        # what was said of the page that was left goes with the next one
        hands.click("rail.members")
        hands.read("Everything is saved on this laptop")
    finally:
        end_logs()
    with office.desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    assert (record.address, record.communication_note) == (LONG, LONG)


SERVICE = {"id": "s1", "name": "Tea and talk", "status": "active", "description": "A warm room."}
HALF = json.dumps({"page_number": 1, "contents": [SERVICE, SERVICE | {"id": "s2", "name": "Choir"}]})[:-20]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        ("", ("is empty", "Nothing was")),
        ('{"services": what', ("cannot be read as JSON from byte", "Nothing was")),
        ("<!DOCTYPE html><html><p>Sign in</p></html>", ("is a web page", "Nothing was")),
    ],
)
def test_a_directory_file_that_is_not_json_is_told_and_changes_nothing(
    rowan: Day, tmp_path: Path, content: str, sentences: tuple[str, ...]
) -> None:
    read_made_up_directory(rowan)
    file = tmp_path / "services.json"
    file.write_text(content)
    hands = rowan.hands
    rowan.rowan.chosen_files = [str(file)]
    hands.click("importing.choose")
    hands.see("importing.trouble")
    for sentence in sentences:
        hands.read(sentence)
    with rowan.rowan.office.desk.store.read() as connection:
        assert count_services(connection).services == 48


@pytest.mark.parametrize(
    ("content", "sentence", "kept"),
    [
        (HALF, "broken at byte", "A warm room."),
        (
            json.dumps([SERVICE | {"description": "<p>Tea &amp; <b>talk</b></p><script>alert(1)</script>"}]),
            "description held web page code",
            "Tea & talk",
        ),
        (json.dumps([SERVICE | {"id": None}]), "It had no id; one was made from its name and postcode.", "A warm room."),
        (json.dumps([SERVICE | {"assured_date": "2026-02-31"}]), "“2026-02-31” is no day of the calendar", "A warm room."),
    ],
    ids=["half a page", "HTML in a field", "no ids", "31 February"],
)
def test_what_is_wrong_in_a_directory_file_stands_in_the_report_and_the_rest_is_kept(
    rowan: Day, tmp_path: Path, content: str, sentence: str, kept: str
) -> None:
    file = tmp_path / "services.json"
    file.write_text(content)
    read_directory(rowan, "Made up", [file])
    hands = rowan.hands
    hands.read(sentence)
    hands.click("importing.directory")
    hands.open_row("directory.list", "Tea and talk")
    hands.read(kept)
    assert not hands.says("<b>")
    assert not hands.says("alert(1)")


def test_an_nhs_number_with_a_wrong_digit_is_told_at_its_field_and_can_be_put_right(rowan: Day) -> None:
    person = add_member(rowan)
    hands = rowan.hands
    hands.click("person.edit")
    hands.type("editperson.given_name", "Katarzyna")
    hands.type("editperson.nhs_number", "999 000 0019")
    hands.click("editperson.save")
    hands.read("This is not an NHS number: a digit is wrong. Check it, or leave it empty: it is not needed.")
    assert value(rowan, "editperson.given_name") == "Katarzyna"
    assert value(rowan, "editperson.nhs_number") == "999 000 0019"
    hands.type("editperson.nhs_number", "")
    hands.press("End")
    hands.press("Backspace")
    hands.keys("8")
    hands.click("editperson.save")
    hands.wait(lambda: isinstance(rowan.rowan.office.window.here, ToPerson), "her page")
    with rowan.rowan.office.desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    assert (record.given_name, record.nhs_number) == ("Katarzyna", "9990000018")


def test_a_date_of_birth_in_the_future_is_told_and_the_form_stays_filled(rowan: Day) -> None:
    hands = rowan.hands
    hands.press("F7")
    hands.see("newperson")
    hands.keys(MEMBER)
    for part, number in (("day", "14"), ("month", "3"), ("year", "2031")):
        hands.type(f"newperson.birth_date.{part}", number)
    hands.click("newperson.save")
    hands.read("There is something to put right")
    hands.read("Date of birth: enter 24 November 2026 or an earlier day")
    assert value(rowan, "newperson.preferred_name") == MEMBER
    assert hands.see("newperson.birth_date.year").property("text") == "2031"
    assert people(rowan) == 0


def test_without_the_list_of_roles_members_stay_closed_and_crisis_help_and_sending_go_on(day: Day, tmp_path: Path) -> None:
    resources = tmp_path / "resources"
    shutil.copytree(RESOURCES, resources)
    (resources / "lists" / "roles.toml").write_text("[[entry]", "utf-8")
    invite(day)
    day.laptops[ROWAN] = Laptop(f"{ROWAN}'s laptop", tmp_path / "rowan", day.centre, day.clock, CHEAP, resources=resources)
    rowan_joins(day)
    hands = day.hands
    for words in (
        "Members' records stay closed for now",
        "is sent as always; crisis help (F2)",
        "The file roles.toml cannot be used",
    ):
        hands.read(words)
    hands.click("trouble-read")
    assert hands.visible("rail.members") is None
    hands.press("F6")
    exchange(day, ROWAN)
    hands.press("F2")
    hands.read("116 123")


def test_a_questionnaire_with_an_unknown_kind_of_item_is_named_at_the_start_and_the_others_work(day: Day, tmp_path: Path) -> None:
    resources = tmp_path / "resources"
    shutil.copytree(RESOURCES, resources)
    document = json.loads((resources / "questionnaires" / "loneliness.json").read_text("utf-8"))
    document["item"].insert(0, {"linkId": "mood-slider", "type": "open-choice", "text": "How is your mood?"})
    (resources / "questionnaires" / "loneliness.json").write_text(json.dumps(document), "utf-8")
    invite(day)
    day.laptops[ROWAN] = Laptop(f"{ROWAN}'s laptop", tmp_path / "rowan", day.centre, day.clock, CHEAP, resources=resources)
    rowan_joins(day)
    hands = day.hands
    hands.read("Some files of this program cannot be used. Everything else works.")
    for words in ("The file loneliness.json cannot be used", "question 1 ('mood-slider') has the type 'open-choice'"):
        hands.read(words)
    hands.read("Change the type, or leave the question out.")
    hands.click("trouble-read")
    someone_walks_in(day)
    hands.read("What brings you here today?")
    hands.see("conversation-step-phq-9")
    assert hands.visible("conversation-step-loneliness") is None
    hands.press("F1")
    hands.see("help-problems")
    hands.read("The file loneliness.json cannot be used")
