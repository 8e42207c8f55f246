"""One transaction writes, snapshots read, and each commit is announced once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import select

from ewb_desktop.storage import engine as engines
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import ClosedFile, DamagedFile, MissingRecord, NestedWriting, OurFault
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.ids import answer_id, new_id
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.tables import Answer, Person, table
from tests.support.laptops import Laptop


def name_of(laptop: Laptop, person: str) -> str | None:
    with laptop.store.read() as connection:
        c = table(Person).c
        return connection.execute(select(c.preferred_name).where(c.id == person)).scalar()


def test_adding_fills_in_id_author_and_time(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
    with lent.store.read() as connection:
        c = table(Person).c
        assert connection.execute(select(c.author, c.made_at, c.number, c.gone).where(c.id == person)).one() == (
            lent.worker,
            lent.clock.now(),
            0,
            0,
        )


def test_a_record_without_an_area_is_refused(lent: Laptop) -> None:
    with pytest.raises(ValueError, match="area"), lent.store.write() as writing:
        writing.add(Person(preferred_name="Grace"))


def test_what_is_raised_leaves_no_trace(lent: Laptop) -> None:
    heard: list[Changes] = []
    lent.store.listen(lambda changes, _: heard.append(changes))
    person = ""
    with pytest.raises(KeyError), lent.store.write() as writing:  # noqa: PT012
        person = writing.add(Person(area="sale", preferred_name="Grace"))
        writing.note("cursor", 7)
        raise KeyError
    with lent.store.read() as connection:
        assert counts(connection).to_send == 0
        assert read_note(connection, "cursor") is None
    assert name_of(lent, person) is None
    assert heard == []


def test_one_commit_is_one_announcement_with_its_initiator(lent: Laptop) -> None:
    heard: list[tuple[Changes, object]] = []
    stop = lent.store.listen(lambda changes, initiator: heard.append((changes, initiator)))
    with lent.store.write("page") as writing:
        grace = writing.add(Person(area="sale", preferred_name="Grace"))
        amina = writing.add(Person(area="sale", preferred_name="Amina"))
    assert heard == [(Changes(frozenset({("person", grace), ("person", amina)})), "page")]
    assert heard[0][0].concerns("visit", "person")
    assert heard[0][0].touches(amina)
    assert not heard[0][0].concerns("visit")
    stop()
    with lent.store.write() as writing:
        writing.remove(Person, grace)
    assert len(heard) == 1


def test_an_edit_that_changes_nothing_is_not_announced(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
    heard: list[Changes] = []
    lent.store.listen(lambda changes, _: heard.append(changes))
    with lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Grace")
    assert heard == []


def test_a_statement_of_ones_own_is_announced_too(lent: Laptop) -> None:
    heard: list[Changes] = []
    lent.store.listen(lambda changes, _: heard.append(changes))
    person = new_id()
    with lent.store.write() as writing:
        writing.connection.execute(table(Person).insert().values(id=person, area="sale", preferred_name="Grace"))
    assert heard[0].touches(person)


def test_a_listener_may_read_and_write(lent: Laptop) -> None:
    def hear(changes: Changes, initiator: object) -> None:
        if initiator != "listener":
            with lent.store.write("listener") as writing:
                writing.note("heard", len(changes.records))

    lent.store.listen(hear)
    with lent.store.write() as writing:
        writing.add(Person(area="sale"))
    with lent.store.read() as connection:
        assert read_note(connection, "heard") == 1


def test_writing_inside_writing_is_refused(lent: Laptop) -> None:
    with pytest.raises(NestedWriting), lent.store.write(), lent.store.write():
        pass


def test_a_snapshot_stays_while_another_thread_writes(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
    c = table(Person).c
    names = select(c.preferred_name).where(c.id == person)

    def rename() -> None:
        with lent.store.write() as writing:
            writing.edit(Person, person, preferred_name="Gracie")

    with lent.store.read() as connection:
        assert connection.execute(names).scalar() == "Grace"
        other = threading.Thread(target=rename)
        other.start()
        other.join()
        assert connection.execute(names).scalar() == "Grace"
    assert name_of(lent, person) == "Gracie"


def test_editing_what_is_not_there_is_told(lent: Laptop) -> None:
    with pytest.raises(MissingRecord), lent.store.write() as writing:
        writing.edit(Person, new_id(), preferred_name="Grace")
    with pytest.raises(MissingRecord), lent.store.write() as writing:
        writing.remove(Person, new_id())


def test_a_field_that_does_not_exist_is_told(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale"))
    with pytest.raises(ValueError, match="no field"), lent.store.write() as writing:
        writing.edit(Person, person, number=7)


def test_putting_twice_is_one_record(lent: Laptop) -> None:
    answer = answer_id("a" * 36, "44250-9")
    for value in (1, 2):
        with lent.store.write() as writing:
            assert writing.put(Answer(id=answer, area="sale", assessment="a" * 36, question="44250-9", value=value)) == answer
    with lent.store.write() as writing:
        writing.remove(Answer, answer)
    with lent.store.write() as writing:
        writing.put(Answer(id=answer, area="sale", value=3))
    with lent.store.read() as connection:
        c = table(Answer).c
        assert connection.execute(select(c.value, c.question, c.gone)).all() == [(3, "44250-9", 0)]


def test_what_was_removed_can_be_brought_back(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
        writing.remove(Person, person)
    with lent.store.write() as writing:
        writing.restore(Person, person)
    with lent.store.read() as connection:
        assert connection.execute(select(table(Person).c.gone)).scalar() == 0


def test_everything_is_there_after_a_restart(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
        writing.note("place", {"id": "hall"})
    again = lent.reopen()
    try:
        assert name_of(again, person) == "Grace"
        with again.store.read() as connection:
            assert read_note(connection, "place") == {"id": "hall"}
            assert counts(connection).to_send == 1
    finally:
        again.store.close()


def test_opening_the_file_again_writes_nothing_so_that_a_full_disk_keeps_nobody_out(lent: Laptop) -> None:
    log = lent.path.with_name(lent.path.name + "-wal")
    again = lent.reopen()
    try:
        assert log.stat().st_size == 0
    finally:
        again.store.close()


def test_two_laptops_mean_the_same_answer() -> None:
    assert answer_id("a", "1") == answer_id("a", "1") != answer_id("a", "2")


def test_a_closed_file_is_not_read_and_not_called_damaged(lent: Laptop) -> None:
    lent.store.close()
    with pytest.raises(ClosedFile) as raised, lent.store.read():
        pass
    assert isinstance(raised.value, OurFault)
    assert not isinstance(raised.value, DamagedFile)


def test_a_closed_file_is_not_written_and_opens_again_whole(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
    lent.store.close()
    with pytest.raises(ClosedFile), lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    again = lent.reopen()
    assert name_of(again, person) == "Grace"
    again.store.close()


def pragmas(laptop: Laptop) -> set[tuple[int, int]]:
    """Return how every connection that is kept open waits for the disk, and when it brings the log into the file."""
    with laptop.store.read() as one, laptop.store.read() as two:
        return {
            (
                connection.exec_driver_sql("PRAGMA synchronous").scalar_one(),
                connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one(),
            )
            for connection in (one, two)
        }


FULL = (2, 16000)


def test_a_relaxed_writing_does_not_wait_for_the_disk_and_the_next_one_does(lent: Laptop) -> None:
    with lent.store.write(relaxed=True) as writing:
        assert writing.connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
        writing.add(Person(area="sale", preferred_name="Grace"))
    assert pragmas(lent) == {FULL}
    with lent.store.write() as writing:
        assert writing.connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_a_relaxed_writing_that_fails_leaves_no_trace_and_the_disk_is_waited_for_again(lent: Laptop) -> None:
    person = new_id()

    def write_half() -> None:
        with lent.store.write(relaxed=True) as writing:
            writing.add(Person(id=person, area="sale", preferred_name="Grace"))
            writing.remove(Person, new_id())

    with pytest.raises(MissingRecord):
        write_half()
    assert name_of(lent, person) is None
    assert pragmas(lent) == {FULL}


def log_of(laptop: Laptop) -> Path:
    return laptop.path.with_name(laptop.path.name + "-wal")


def is_long(laptop: Laptop) -> bool:
    return laptop.store.has_long_log


def fill_log(laptop: Laptop) -> None:
    with laptop.store.write() as writing:
        for number in range(6):
            writing.note(f"long {number}", "x" * 1_000_000)


def test_a_long_log_comes_into_the_file_while_others_read_and_write_and_nothing_is_lost(lent: Laptop) -> None:
    assert not is_long(lent)
    fill_log(lent)
    assert is_long(lent)
    before = lent.path.stat().st_size
    with lent.store.write() as writing, lent.store.read():
        person = writing.add(Person(area="sale", preferred_name="Grace"))
        lent.store.bring_in_log()
    assert lent.path.stat().st_size > before + 6_000_000
    assert name_of(lent, person) == "Grace"
    lent.store.bring_in_log()
    with lent.store.write() as writing:
        writing.note("place", "hall")
    # the log begins anew, and gives its room back
    assert not is_long(lent)
    with lent.store.read() as connection:
        assert read_note(connection, "long 5") == "x" * 1_000_000


def test_a_closed_file_has_no_log_to_bring_in(lent: Laptop) -> None:
    fill_log(lent)
    lent.store.close()
    assert not log_of(lent).exists()
    lent.store.bring_in_log()
    assert not is_long(lent)


def test_a_disk_that_does_not_take_the_log_leaves_it_where_it_is(lent: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_connection: object) -> None:
        raise driver.OperationalError("database or disk is full")

    fill_log(lent)
    monkeypatch.setattr(engines, "bring_in_log", full)
    lent.store.bring_in_log()
    assert is_long(lent)


def test_what_goes_on_meanwhile_begins_when_all_is_written_and_only_the_commit_is_left(lent: Laptop) -> None:
    seen: list[tuple[str, str | None]] = []
    with lent.store.write(meanwhile=lambda: seen.append(("before", name_of(lent, person)))) as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
        assert seen == []
    assert seen == [("before", None)]
    assert name_of(lent, person) == "Grace"


def test_nothing_goes_on_meanwhile_of_a_writing_that_fails(lent: Laptop) -> None:
    def fail() -> None:
        with lent.store.write(meanwhile=lambda: pytest.fail("nothing is committed")) as writing:
            writing.remove(Person, new_id())

    with pytest.raises(MissingRecord):
        fail()
