"""Reading files into the directory: everything or nothing, every row told, nothing deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import (
    Imported,
    ImportStopped,
    check_service,
    import_files,
    load_made_up,
    note_wrong,
    settle_note,
    take_back_note,
)
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.directory.report import DirectoryUnreadableError
from ewb_desktop.storage.cards.listings import directories, kept_listings, service_id
from ewb_desktop.storage.cards.services import ServiceCard, count_services, open_notes, service_card

TRAFFORD = Path(__file__).parents[3] / "shared" / "openreferral" / "trafford-mental-health"
needs_trafford = pytest.mark.skipif(not TRAFFORD.is_dir(), reason="the public directory of Trafford is not beside the project")


def listing(source_id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": source_id, "name": name, "status": "active", **more}


def read_in(desk: Desk, services: Sequence[dict[str, Any]], source: str = "council") -> Imported:
    return import_files(desk, [("services.json", json.dumps(list(services)).encode())], source)


def card(desk: Desk, source_id: str, source: str = "council") -> ServiceCard:
    with desk.store.read() as connection:
        found = service_card(connection, service_id(source, source_id))
    assert found is not None
    return found


def count(desk: Desk) -> int:
    with desk.store.read() as connection:
        return count_services(connection).services


def pages() -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(TRAFFORD.glob("services_page_*.json"))]


def test_the_made_up_directory_is_read_whole(desk: Desk) -> None:
    imported = load_made_up(desk)
    assert imported.report.left == 0
    assert count(desk) == len(imported.report.rows) >= 40


def test_reading_the_same_file_again_changes_nothing(desk: Desk) -> None:
    load_made_up(desk)
    again = load_made_up(desk).differences
    assert (again.new, again.changed, again.not_in_file) == ((), (), ())


def test_a_service_that_is_no_longer_in_the_file_is_marked_and_stays(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room"), listing("2", "Tea")])
    read_in(desk, [listing("1", "Quiet room")])
    assert not card(desk, "2").in_latest_file
    assert card(desk, "1").in_latest_file
    read_in(desk, [listing("1", "Quiet room"), listing("2", "Tea")])
    assert card(desk, "2").in_latest_file


def test_part_of_a_directory_marks_nothing_as_missing(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room"), listing("2", "Tea")])
    page = {"total_pages": 2, "page_number": 1, "total_items": 2, "contents": [listing("1", "Quiet room")]}
    import_files(desk, [("page.json", json.dumps(page).encode())], "council")
    assert card(desk, "2").in_latest_file


def test_a_changed_name_is_written_and_an_empty_value_wipes_nothing(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room", url="https://quiet.example.org/")])
    read_in(desk, [listing("1", "Quiet corner")])
    assert (card(desk, "1").name, card(desk, "1").url) == ("Quiet corner", "https://quiet.example.org/")


def test_two_directories_do_not_touch_each_other(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room")], "one")
    read_in(desk, [listing("2", "Tea")], "two")
    assert card(desk, "1", "one").in_latest_file
    with desk.store.read() as connection:
        assert sorted(directories(connection)) == [("one", 1), ("two", 1)]


def test_a_table_without_ids_finds_the_services_that_are_kept(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room")])
    table = b"name,telephone\nQuiet room,0161 496 0120\n"
    import_files(desk, [("services.csv", table)], "council")
    assert count(desk) == 1
    assert card(desk, "1").telephone == "0161 496 0120"


def test_what_a_worker_checked_is_not_put_back_to_an_earlier_day(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room", assured_date="2026-01-05")])
    check_service(desk, service_id("council", "1"))
    read_in(desk, [listing("1", "Quiet room", assured_date="2026-01-05")])
    assert card(desk, "1").assured_on == desk.clock.today()


def test_a_stopped_import_leaves_no_trace(desk: Desk) -> None:
    many = [listing(str(number), f"Service {number}") for number in range(1200)]
    told: list[int] = []
    with pytest.raises(ImportStopped):
        import_files(
            desk, [("many.json", json.dumps(many).encode())], "many",
            progress=lambda done, _total, _words: told.append(done), stopped=lambda: bool(told and told[-1] >= 500),
        )  # fmt: skip
    assert told[-1] == 500
    assert count(desk) == 0


def test_an_import_travels_like_every_other_edit(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room")])
    with desk.store.read() as connection:
        journalled = connection.exec_driver_sql("SELECT count(*) FROM journal WHERE entity = 'service'").scalar()
    assert journalled


def test_one_broken_file_beside_a_whole_one_is_told_and_the_whole_one_is_read(desk: Desk) -> None:
    files = [("good.csv", b"name\nQuiet room\n"), ("bad.csv", b"telephone\n0161 496 0120\n")]
    imported = import_files(desk, files, "council")
    assert count(desk) == 1
    (left,) = imported.report.with_fate("left")
    assert left.where == "bad.csv"
    assert "no column called name" in left.words


@pytest.mark.parametrize(
    ("label", "data"),
    [
        ("directory.json", b"{ this is no JSON"),
        ("directory.json", b"<!doctype html><html><body>Please log in</body></html>"),
        ("directory.json", b""),
        ("directory.csv", b"telephone\n0161 496 0120\n"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_loses_nothing(desk: Desk, label: str, data: bytes) -> None:
    load_made_up(desk)
    before = count(desk)
    with pytest.raises(DirectoryUnreadableError) as told:
        import_files(desk, [(label, data)], "council")
    assert str(told.value).endswith((".", "?"))
    assert count(desk) == before


def test_half_a_page_keeps_the_whole_services_before_the_break(desk: Desk) -> None:
    whole = json.dumps({"contents": [listing("1", "Quiet room"), listing("2", "Tea")]}).encode()
    imported = import_files(desk, [("page.json", whole[:-30])], "council")
    assert count(desk) == 1
    assert any("broken" in note for note in imported.report.notes)


def test_a_day_that_does_not_exist_is_left_out_and_told(desk: Desk) -> None:
    imported = read_in(desk, [listing("1", "Quiet room", assured_date="2026-02-31")])
    assert card(desk, "1").assured_on is None
    (row,) = imported.report.with_fate("mended")
    assert "2026-02-31" in row.words


def test_html_in_fields_becomes_plain_text(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet <b>room</b>", description="<p>Come in.</p><script>alert(1)</script>")])
    assert card(desk, "1").name == "Quiet room"
    assert "<" not in card(desk, "1").description


def test_the_saved_report_tells_every_row(desk: Desk) -> None:
    imported = read_in(desk, [listing("1", "Quiet room"), listing("2", "Tea"), {"id": "3"}])
    for words in ("Quiet room", "Tea", "left out"):
        assert words in imported.words()


def test_something_wrong_is_noted_and_settled(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room")])
    service = service_id("council", "1")
    note = note_wrong(desk, service, " The number has changed ")
    with desk.store.read() as connection:
        assert [(each.words, each.noted_by) for each in open_notes(connection, service)] == [
            ("The number has changed", "Rowan Oak")
        ]
    settle_note(desk, note)
    with desk.store.read() as connection:
        assert open_notes(connection, service) == []


def test_a_note_can_be_taken_back(desk: Desk) -> None:
    read_in(desk, [listing("1", "Quiet room")])
    take_back_note(desk, note_wrong(desk, service_id("council", "1"), "Shut"))
    with desk.store.read() as connection:
        assert open_notes(connection, service_id("council", "1")) == []


def test_an_empty_note_is_no_note(desk: Desk) -> None:
    with pytest.raises(FaultyFields):
        note_wrong(desk, "any", "  ")


@needs_trafford
def test_the_pages_of_trafford_are_read_whole(desk: Desk) -> None:
    imported = import_files(desk, pages(), "Trafford")
    assert (imported.report.kept + imported.report.mended, imported.report.left) == (60, 0)
    assert count(desk) == 60


@needs_trafford
def test_the_full_file_of_trafford_fills_in_what_the_pages_left_out(desk: Desk) -> None:
    import_files(desk, pages(), "Trafford")
    imported = import_files(desk, [("full.json", (TRAFFORD / "services_uk3_full.json").read_bytes())], "Trafford")
    assert imported.differences.new == ()
    assert count(desk) == 60
    with desk.store.read() as connection:
        kept = kept_listings(connection, "Trafford")
    assert sum(each.listing.telephone != "" for each in kept) > 40


@needs_trafford
def test_the_table_of_trafford_is_the_same_directory(desk: Desk) -> None:
    import_files(desk, [("full.json", (TRAFFORD / "services_uk3_full.json").read_bytes())], "Trafford")
    table = TRAFFORD / "trafford_mental_health_services.csv"
    imported = import_files(desk, [(table.name, table.read_bytes())], "Trafford")
    assert imported.report.left == 0
    assert count(desk) == 60


names = st.text(st.characters(whitelist_categories=("L", "N")), min_size=1, max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=st.dictionaries(st.sampled_from("abcdef"), names, min_size=1),
    second=st.dictionaries(st.sampled_from("abcdef"), names, min_size=1),
)
def test_an_import_never_deletes_and_the_latest_file_says_what_is_in_it(
    desk: Desk, first: dict[str, str], second: dict[str, str]
) -> None:
    source = f"{sorted(first.items())}{sorted(second.items())}"
    for services in (first, second):
        read_in(desk, [listing(source_id, name) for source_id, name in services.items()], source)
    with desk.store.read() as connection:
        kept = {each.listing.source_id: each for each in kept_listings(connection, source)}
    assert set(kept) == set(first) | set(second)
    assert {source_id for source_id, each in kept.items() if each.in_latest_file} == set(second)
    assert all(kept[source_id].listing.name == name for source_id, name in second.items())
