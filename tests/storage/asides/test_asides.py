"""What was not sent when a backup was brought back is in the file again, and no file goes while it may hold such work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ewb_desktop.storage.asides.taking_over import Taken, forget_told, read_taken, take_over
from ewb_desktop.storage.drafts import load_draft, save_draft
from ewb_desktop.storage.exchange.journal import JournalEntry, acknowledge, all_pending, mark_offered, pending
from ewb_desktop.storage.exchange.looks import looks_to_tell, note_look
from ewb_desktop.storage.file.aside_files import list_asides, waiting_asides
from ewb_desktop.storage.file.backups import back_up, list_backups, restore
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.holding.scope import renew_copies
from ewb_desktop.storage.migrations import STEPS
from ewb_desktop.storage.tables import Contact, Person, Visit
from sync.protocol.messages import LookKind, Verdict, VerdictKind
from tests.support.laptops import Laptop

PAGE = 4096


def add(laptop: Laptop, name: str) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area="sale", preferred_name=name))


def edit(laptop: Laptop, person: str, **fields: object) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def is_sent(laptop: Laptop, first: int = 1) -> None:
    """The server took everything that waits, under the numbers from ``first`` on."""
    with laptop.store.write() as writing:
        entries = pending(writing.connection)
        mark_offered(writing, entries[-1].counter)
        acknowledge(
            writing,
            [Verdict(id=entry.id, kind=VerdictKind.ACCEPTED, number=number) for number, entry in enumerate(entries, start=first)],
        )


def brought_back(laptop: Laptop, copy: Path) -> Laptop:
    """Put a copy in the place of the file, and open it as the program does."""
    laptop.store.close()
    laptop.clock.move(minutes=1)
    restore(copy, laptop.path, laptop.key, laptop.clock)
    return laptop.reopen()


def copy_of(laptop: Laptop) -> Path:
    return back_up(laptop.path, laptop.key, laptop.path.parent / "backups", laptop.clock)


def unsent(laptop: Laptop) -> list[JournalEntry]:
    with laptop.store.read() as connection:
        return all_pending(connection)


def people(laptop: Laptop) -> dict[str, tuple[str | None, str | None]]:
    with laptop.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT preferred_name, pronouns, telephone FROM person WHERE gone = 0").all()
    return {name: (pronouns, telephone) for name, pronouns, telephone in rows}


def test_what_was_not_sent_is_taken_over_under_its_own_ids_and_shown(lent: Laptop) -> None:
    amina = add(lent, "Amina")
    is_sent(lent)
    copy = copy_of(lent)
    edit(lent, amina, pronouns="she/her")
    add(lent, "Grace")
    with lent.store.write() as writing:
        visit = writing.add(Visit(area="*", day=date(2026, 11, 22)))
        writing.remove(Visit, visit)
    before = unsent(lent)
    again = brought_back(lent, copy)
    assert (people(again), unsent(again)) == ({"Amina": (None, None)}, [])
    at = waiting_asides(again.path)[0].at
    assert take_over(again.store) == (Taken(at, 4),)
    assert [(entry.id, entry.fields, entry.after) for entry in unsent(again)] == [
        (entry.id, entry.fields, entry.after) for entry in before
    ]
    assert people(again) == {"Amina": ("she/her", None), "Grace": (None, None)}
    with again.store.read() as connection:
        assert read_taken(connection) == [Taken(at, 4)]
        assert connection.exec_driver_sql("SELECT gone FROM visit").scalar_one() == 1
    with again.store.write() as writing:
        forget_told(writing)
        assert read_taken(writing.connection) == []
    again.store.close()


def test_it_is_taken_over_once_and_what_was_sent_before_the_backup_was_brought_back_is_not(lent: Laptop) -> None:
    copy = copy_of(lent)
    add(lent, "Amina")
    is_sent(lent)
    add(lent, "Grace")
    again = brought_back(lent, copy)
    take_over(again.store)
    assert [entry.fields["preferred_name"] for entry in unsent(again)] == ["Grace"]
    (aside,) = list_asides(again.path)
    assert aside.is_taken
    assert take_over(again.store) == ()
    # as when the laptop stopped before the file could be called taken
    aside.path.rename(aside.path.with_name(aside.path.name.replace("-taken", "")))
    assert [taken.changes for taken in take_over(again.store)] == [0]
    assert [entry.fields["preferred_name"] for entry in unsent(again)] == ["Grace"]
    again.store.close()


def typed_on(lent: Laptop) -> tuple[Laptop, JournalEntry]:
    """Bring back a backup that was made in the midst of an edit; return the edit too, as it stood in the end."""
    amina = add(lent, "Amina")
    is_sent(lent)
    edit(lent, amina, pronouns="she")
    copy = copy_of(lent)
    edit(lent, amina, pronouns="she/her")
    (entry,) = unsent(lent)
    return brought_back(lent, copy), entry


def test_words_typed_on_in_an_edit_that_the_backup_knows_are_not_lost(lent: Laptop) -> None:
    again, entry = typed_on(lent)
    take_over(again.store)
    assert [(each.id, each.fields) for each in unsent(again)] == [(entry.id, {"pronouns": "she/her"})]
    assert people(again) == {"Amina": ("she/her", None)}
    again.store.close()


def test_words_typed_on_are_an_edit_of_their_own_where_the_first_ones_were_sent_meanwhile(lent: Laptop) -> None:
    again, _entry = typed_on(lent)
    is_sent(again, 2)
    take_over(again.store)
    assert [each.fields for each in unsent(again)] == [{"pronouns": "she/her"}]
    assert people(again) == {"Amina": ("she/her", None)}
    again.store.close()


def test_what_was_written_since_stays_on_top_and_is_sent_last(lent: Laptop) -> None:
    amina = add(lent, "Amina")
    is_sent(lent)
    copy = copy_of(lent)
    edit(lent, amina, pronouns="they/them", telephone="0161 496 0000")
    again = brought_back(lent, copy)
    edit(again, amina, pronouns="she/her")
    take_over(again.store)
    assert people(again) == {"Amina": ("she/her", "0161 496 0000")}
    told = [each.fields for each in unsent(again)]
    assert told[0] == {"pronouns": "she/her"}
    assert told[1] == {"pronouns": "they/them", "telephone": "0161 496 0000"}
    assert told[2] == {"pronouns": "she/her"}
    again.store.close()


def test_a_later_edit_never_alters_what_may_have_been_on_its_way(lent: Laptop) -> None:
    amina = add(lent, "Amina")
    is_sent(lent)
    copy = copy_of(lent)
    edit(lent, amina, pronouns="she")
    with lent.store.write() as writing:
        mark_offered(writing, unsent(lent)[-1].counter)
    again = brought_back(lent, copy)
    take_over(again.store)
    edit(again, amina, pronouns="she/her")
    assert [each.fields for each in unsent(again)] == [{"pronouns": "she"}, {"pronouns": "she/her"}]
    again.store.close()


def test_a_member_whom_the_backup_does_not_know_comes_with_what_was_written_about_her(lent: Laptop) -> None:
    copy = copy_of(lent)
    amina = add(lent, "Amina")
    is_sent(lent)
    edit(lent, amina, pronouns="she/her")
    again = brought_back(lent, copy)
    assert people(again) == {}
    take_over(again.store)
    assert people(again) == {"Amina": ("she/her", None)}
    assert [each.kind for each in unsent(again)] == ["edit"]
    again.store.close()


def test_whom_it_is_about_comes_with_what_was_written(lent: Laptop) -> None:
    copy = copy_of(lent)
    amina = add(lent, "Amina")
    is_sent(lent)
    with lent.store.write() as writing:
        writing.add(Contact(area="sale", person=amina, how="visit", note="tea at three", at=lent.clock.now()))
    again = brought_back(lent, copy)
    take_over(again.store)
    assert [entry.entity for entry in unsent(again)] == ["contact"]
    assert people(again) == {"Amina": (None, None)}
    again.store.close()


def test_what_was_written_since_stays_on_a_record_that_the_server_had_changed(lent: Laptop) -> None:
    amina = add(lent, "Amina")
    is_sent(lent)
    copy = copy_of(lent)
    edit(lent, amina, given_name="Amina")
    is_sent(lent, 2)
    edit(lent, amina, pronouns="they/them", telephone="0161 496 0000")
    again = brought_back(lent, copy)
    edit(again, amina, pronouns="she/her")
    take_over(again.store)
    assert people(again) == {"Amina": ("she/her", "0161 496 0000")}
    with again.store.read() as connection:
        assert connection.exec_driver_sql("SELECT number, given_name FROM person").one() == (2, "Amina")
    again.store.close()


def test_half_typed_words_and_who_looked_come_too(lent: Laptop) -> None:
    amina = add(lent, "Amina")
    save_draft(lent.store, "newperson", {"name": "Gr"})
    copy = copy_of(lent)
    lent.clock.move(minutes=1)
    save_draft(lent.store, "newperson", {"name": "Grace"})
    save_draft(lent.store, f"contact/{amina}", {"note": "tea at three"})
    note_look(lent.store, LookKind.VIEW, "person", amina)
    again = brought_back(lent, copy)
    assert [taken.drafts for taken in take_over(again.store)] == [2]
    assert load_draft(again.store, "newperson") == {"name": "Grace"}
    assert load_draft(again.store, f"contact/{amina}") == {"note": "tea at three"}
    with again.store.read() as connection:
        assert [look.record for look in looks_to_tell(connection)] == [amina]
    again.store.close()


def test_a_member_comes_with_half_typed_words_about_her(lent: Laptop) -> None:
    copy = copy_of(lent)
    amina = add(lent, "Amina")
    is_sent(lent)
    save_draft(lent.store, f"contact/{amina}", {"note": "tea at three"})
    again = brought_back(lent, copy)
    take_over(again.store)
    assert (people(again), unsent(again)) == ({"Amina": (None, None)}, [])
    again.store.close()


def something_left(laptop: Laptop) -> None:
    with laptop.store.write() as writing:
        writing.note("scope.shrunk", True)
    laptop.clock.move(minutes=1)
    renew_copies(laptop.store)


def test_a_file_that_was_taken_over_goes_when_somebody_leaves_and_one_that_cannot_be_read_stays(lent: Laptop) -> None:
    copy = copy_of(lent)
    add(lent, "Amina")
    again = brought_back(lent, copy)
    take_over(again.store)
    again.store.close()
    again.path.write_bytes(b"\x07" * 2 * PAGE)
    restore(copy, again.path, again.key, again.clock)
    again = again.reopen()
    assert take_over(again.store) == ()
    assert [aside.is_taken for aside in list_asides(again.path)] == [True, False]
    something_left(again)
    (aside,) = list_asides(again.path)
    assert aside.path.read_bytes() == b"\x07" * 2 * PAGE
    again.store.close()


def to_version(laptop: Laptop, version: int, *before: str) -> Path:
    """Make what was set aside the file of a program of another version; return where it is."""
    (aside,) = waiting_asides(laptop.path)
    connection = connect_keyed(aside.path, laptop.key, pragmas=False)
    for statement in (*before, f"PRAGMA user_version = {version}", "PRAGMA wal_checkpoint(TRUNCATE)"):
        connection.execute(statement).fetchall()
    connection.close()
    return aside.path


def test_a_file_of_an_older_program_is_read_in_a_copy_that_goes_afterwards(lent: Laptop) -> None:
    copy = copy_of(lent)
    amina = add(lent, "Amina")
    is_sent(lent)
    edit(lent, amina, pronouns="she/her")
    again = brought_back(lent, copy)
    with again.store.read() as connection:
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    dropped = (f"DROP TRIGGER {name}" for name in triggers)
    later = ("ALTER TABLE person DROP COLUMN supporters", "ALTER TABLE conflict DROP COLUMN other_told")
    before = to_version(again, 9, *dropped, *later).read_bytes()
    assert [taken.changes for taken in take_over(again.store)] == [1]
    assert people(again) == {"Amina": ("she/her", None)}
    with again.store.read() as connection:
        assert connection.exec_driver_sql("SELECT supporters FROM person").scalar_one() is None
    (aside,) = list_asides(again.path)
    assert aside.path.read_bytes() == before
    assert len(list_backups(again.path.parent / "backups")) == 1
    assert not (again.path.parent / "aside-reading").exists()
    again.store.close()


def test_a_file_of_a_newer_program_waits_for_it(lent: Laptop) -> None:
    copy = copy_of(lent)
    add(lent, "Amina")
    again = brought_back(lent, copy)
    to_version(again, 99)
    assert take_over(again.store) == ()
    assert [aside.is_taken for aside in list_asides(again.path)] == [False]
    to_version(again, max(STEPS))
    assert [taken.changes for taken in take_over(again.store)] == [1]
    again.store.close()


def altered(whole: bytes, page: int) -> bytes:
    place = page * PAGE + 1_000
    return whole[:place] + bytes(255 - byte for byte in whole[place : place + 100]) + whole[place + 100 :]


def test_whichever_page_of_it_is_damaged_what_can_be_read_is_taken_over(lent: Laptop) -> None:
    copy = copy_of(lent)
    for number in range(40):
        add(lent, f"Person {number} " + "x" * 200)
    again = brought_back(lent, copy)
    (aside,) = waiting_asides(again.path)
    again.store.close()
    whole, empty = aside.path.read_bytes(), again.path.read_bytes()
    found = []
    pages = len(whole) // PAGE
    # what was written last stands at the end
    for page in (1, pages // 2, *range(pages - 3, pages)):
        again.path.write_bytes(empty)
        for kept in list_asides(again.path):
            kept.path.unlink()
        aside.path.write_bytes(altered(whole, page))
        opened = again.reopen()
        told = take_over(opened.store)
        found.append((len(unsent(opened)), bool(told)))
        assert (len(people(opened)), bool(waiting_asides(again.path))) == (len(unsent(opened)), not told)
        opened.store.close()
    # nothing is called taken of which a part is missing
    assert all(number == 40 for number, is_all in found if is_all)
    assert any(0 < number < 40 for number, _ in found)
    assert any(is_all for _, is_all in found)
