"""A laptop that brings back its own copy says its next words as the newest, whatever its clock says or ever said."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.journal import pending
from sync.server.doctor.examining import examine
from tests.support.connected import Connected, House
from tests.syncing.test_asides import add, brought_back, copied, edit, value
from tests.syncing.test_restored import newcomer

NEWEST = "the newest word"


def sends_old_words(rowan: Connected, person: str) -> None:
    for number in range(5):
        edit(rowan, person, safe_to_call=f"old {number}")
        rowan.sync()


@pytest.mark.parametrize("year", [1970, 2025, 2026, 2100])
def test_a_word_written_upon_a_copy_is_the_newest_whatever_the_clock_says(centre: House, tmp_path: Path, year: int) -> None:
    rowan = centre.join("Rowan Oak")
    amina = add(rowan, "Amina")
    rowan.sync()
    copy = copied(rowan, tmp_path / "copies")
    sends_old_words(rowan, amina)
    rowan.clock.move_to(datetime(year, 1, 1, tzinfo=UTC))
    back = brought_back(centre, rowan, copy)
    edit(back, amina, safe_to_call=NEWEST)
    back.sync()
    assert value(newcomer(centre), amina, "safe_to_call") == NEWEST


def test_a_clock_that_was_far_ahead_at_the_first_bringing_back_takes_nothing_at_the_second(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    amina = add(rowan, "Amina")
    rowan.sync()
    copy, now = copied(rowan, tmp_path / "copies"), rowan.clock.now()
    rowan.clock.move_to(datetime(2100, 1, 1, tzinfo=UTC))
    back = brought_back(centre, rowan, copy)
    edit(back, amina, safe_to_call="while the clock was ahead")
    back.sync()
    back.clock.move_to(now)
    again = brought_back(centre, back, copy, is_taken=False)
    edit(again, amina, safe_to_call=NEWEST)
    again.sync()
    assert value(newcomer(centre), amina, "safe_to_call") == NEWEST


def test_where_the_lost_file_cannot_be_read_the_next_word_is_the_newest_too(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    amina = add(rowan, "Amina")
    rowan.sync()
    copy = copied(rowan, tmp_path / "copies")
    sends_old_words(rowan, amina)
    rowan.clock.move_to(datetime(1970, 1, 1, tzinfo=UTC))
    rowan.store.close()
    rowan.laptop.path.write_bytes(b"\x07" * rowan.laptop.path.stat().st_size)
    back = brought_back(centre, rowan, copy, is_taken=False)
    edit(back, amina, safe_to_call=NEWEST)
    back.sync()
    assert value(newcomer(centre), amina, "safe_to_call") == NEWEST


def test_brought_back_many_times_a_count_stays_one_that_the_server_takes(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    amina = add(rowan, "Amina")
    rowan.sync()
    for number in range(12):
        copy = copied(rowan, tmp_path / "copies")
        rowan = brought_back(centre, rowan, copy, is_taken=False)
        edit(rowan, amina, safe_to_call=f"word {number}")
    with rowan.store.read() as connection:
        counters = [entry.counter for entry in pending(connection)]
    rowan.sync()
    assert max(counters) < 1 << 53
    assert value(newcomer(centre), amina, "safe_to_call") == "word 11"


def put_back_by_other_hands(centre: House, laptop: Connected, image: Path) -> Connected:
    """Put the folder as it was in the place of what is there, as a disk's image or a machine's snapshot does."""
    laptop.store.close()
    shutil.rmtree(laptop.laptop.path.parent)
    shutil.copytree(image, laptop.laptop.path.parent)
    again = Connected(laptop.laptop.reopen(), laptop.line)
    centre.ending.callback(again.store.close)
    return again


def test_after_a_disk_s_image_was_put_back_the_next_words_are_the_newest(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    amina = add(rowan, "Amina")
    rowan.sync()
    rowan.store.close()
    shutil.copytree(rowan.laptop.path.parent, tmp_path / "image")
    rowan = Connected(rowan.laptop.reopen(), rowan.line)
    sends_old_words(rowan, amina)
    back = put_back_by_other_hands(centre, rowan, tmp_path / "image")
    edit(back, amina, safe_to_call=NEWEST, telephone="0161 496 0001")
    edit(back, amina, coordinator="somebody")
    back.sync()
    for laptop in (newcomer(centre), back):
        said = [value(laptop, amina, field) for field in ("safe_to_call", "telephone", "coordinator")]
        assert said == [NEWEST, "0161 496 0001", "somebody"]
    server = centre.server
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    assert [each.words for each in found if not each.is_well] == []
