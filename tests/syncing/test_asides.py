"""What was not sent when a backup was brought back reaches the server once, and nothing of it stays where it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.asides.taking_over import take_over
from ewb_desktop.storage.drafts import save_draft
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.file.aside_files import list_asides
from ewb_desktop.storage.file.backups import back_up, restore
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.tables import Person
from sync import outbox
from tests.support.connected import AREA, Connected, House

AWAY = "urmston"


def add(laptop: Connected, name: str, area: str = AREA) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area=area, preferred_name=name))


def edit(laptop: Connected, person: str, **fields: str) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def copied(laptop: Connected, folder: Path) -> Path:
    return back_up(laptop.laptop.path, laptop.laptop.key, folder, laptop.clock)


def brought_back(centre: House, laptop: Connected, copy: Path, *, is_taken: bool = True) -> Connected:
    """Put a copy in the place of the laptop's file and open it, as the program does."""
    laptop.store.close()
    restore(copy, laptop.laptop.path, laptop.laptop.key, laptop.clock)
    again = Connected(laptop.laptop.reopen(), laptop.line)
    centre.ending.callback(again.store.close)
    if is_taken:
        assert len(take_over(again.store)) == 1
    return again


def value(laptop: Connected, person: str, field: str) -> str | None:
    with laptop.store.read() as connection:
        found = connection.exec_driver_sql(f'SELECT "{field}" FROM person WHERE id = ?', (person,)).scalar()
    return None if found is None else str(found)


def waiting(laptop: Connected) -> tuple[int, int]:
    with laptop.store.read() as connection:
        found = counts(connection)
    return found.to_send, found.quarantined


def everywhere(laptop: Connected) -> str:
    """Return what the file, its copies and what was set aside hold, as text."""
    folder, texts = laptop.laptop.path.parent, []
    for path in [laptop.laptop.path, *folder.rglob("*.backup"), *folder.glob("*-aside-*.ewb")]:
        connection = connect_keyed(path, laptop.laptop.key, pragmas=False)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            texts += [str(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
        connection.close()
    return "\n".join(texts)


def test_what_was_not_sent_reaches_the_server_once_and_both_laptops_end_equal(centre: House, tmp_path: Path) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add(rowan, "Amina")
    rowan.sync()
    copy = copied(rowan, tmp_path / "stick")
    edit(rowan, amina, pronouns="she/her")
    rowan.sync()
    edit(rowan, amina, telephone="0161 496 0000")
    bo = add(rowan, "Bo")
    # the server takes both, and its answer is lost
    rowan.line.loses_answer = True
    rowan.engine.run()
    edit(rowan, bo, pronouns="he/him")
    rowan = brought_back(centre, rowan, copy)
    assert waiting(rowan) == (3, 0)
    rowan.sync()
    grace.sync()
    assert waiting(rowan) == (0, 0)
    for laptop in (rowan, grace):
        assert [value(laptop, amina, field) for field in ("pronouns", "telephone")] == ["she/her", "0161 496 0000"]
        assert [value(laptop, bo, field) for field in ("preferred_name", "pronouns")] == ["Bo", "he/him"]


@pytest.mark.parametrize("is_taken", [True, False], ids=["taken at once", "readable only in the round"])
def test_of_a_member_who_left_meanwhile_the_work_is_sent_and_nothing_stays_on_the_laptop(
    centre: House, tmp_path: Path, is_taken: bool
) -> None:
    rowan, grace = centre.join("Rowan Oak", areas=(AREA, AWAY)), centre.join("Grace Lamb", areas=(AWAY,))
    person = add(rowan, "Zephyrine", AWAY)
    rowan.sync()
    copy = copied(rowan, tmp_path / "stick")
    edit(rowan, person, pronouns="she/her")
    centre.server.change_worker(rowan.store.author, areas=[AREA])
    rowan.clock.move(minutes=1)
    rowan = brought_back(centre, rowan, copy, is_taken=is_taken)
    assert "Zephyrine" in everywhere(rowan)
    for _ in range(3):
        rowan.engine.run()
    assert list_asides(rowan.laptop.path) == []
    assert "Zephyrine" not in everywhere(rowan)
    grace.sync()
    assert value(grace, person, "pronouns") == "she/her"


def test_work_that_can_be_read_only_after_its_member_left_is_sent_and_leaves_again(centre: House, tmp_path: Path) -> None:
    rowan, grace = centre.join("Rowan Oak", areas=(AREA, AWAY)), centre.join("Grace Lamb", areas=(AWAY,))
    person = add(rowan, "Zephyrine", AWAY)
    rowan.sync()
    copy = copied(rowan, tmp_path / "stick")
    edit(rowan, person, pronouns="she/her")
    rowan = brought_back(centre, rowan, copy, is_taken=False)
    (aside,) = list_asides(rowan.laptop.path)
    whole = aside.path.read_bytes()
    aside.path.write_bytes(b"\x07" * len(whole))
    centre.server.change_worker(rowan.store.author, areas=[AREA])
    rowan.clock.move(minutes=1)
    rowan.sync()
    assert value(rowan, person, "preferred_name") is None
    aside.path.write_bytes(whole)
    assert len(take_over(rowan.store)) == 1
    assert value(rowan, person, "preferred_name") == "Zephyrine"
    for _ in range(3):
        rowan.clock.move(minutes=1)
        rowan.engine.run()
    assert "Zephyrine" not in everywhere(rowan)
    grace.sync()
    assert value(grace, person, "pronouns") == "she/her"


def test_a_laptop_that_is_signed_off_seals_what_came_over_too(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    copy = copied(rowan, tmp_path / "stick")
    add(rowan, "Bo")
    with rowan.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    rowan = brought_back(centre, rowan, copy)
    centre.server.revoke(rowan.store.device)
    rowan.engine.run()
    (sealed,) = rowan.signed_off
    assert sealed is not None
    (change,) = outbox.unseal(sealed, outbox.credential_hash(enrolment.credential)).changes
    assert change.fields["preferred_name"] == "Bo"


def test_a_file_that_cannot_be_read_stays_when_members_leave_and_the_others_go(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak", areas=(AREA, AWAY))
    add(rowan, "Zephyrine", AWAY)
    rowan.sync()
    copy = copied(rowan, tmp_path / "stick")
    rowan.store.close()
    rowan.laptop.path.write_bytes(b"\x07" * 8192)
    rowan = brought_back(centre, rowan, copy, is_taken=False)
    assert take_over(rowan.store) == ()
    save_draft(rowan.store, "newperson", {"name": "Bo"})
    centre.server.change_worker(rowan.store.author, areas=[AREA])
    rowan.sync()
    (aside,) = list_asides(rowan.laptop.path)
    assert aside.path.read_bytes() == b"\x07" * 8192
    aside.path.unlink()
    assert "Zephyrine" not in everywhere(rowan)
