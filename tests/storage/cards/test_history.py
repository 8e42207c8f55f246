"""The history that a laptop can tell by itself: its own edits, others' that it heard of, and nothing of what was destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ewb_desktop.storage.cards.history import MOST_KEPT, Step, forget_heard, history_of, keep_heard
from ewb_desktop.storage.exchange.incoming import lay_page
from ewb_desktop.storage.exchange.journal import acknowledge, mark_offered, pending
from ewb_desktop.storage.tables import Person
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENVELOPE
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop, open_laptop

OTHER = "0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b99"
AT = "2026-11-20T10:00:00.000Z"


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    with open_laptop(tmp_path) as laptop:
        yield laptop


def settle(laptop: Laptop, first: int) -> None:
    with laptop.store.write() as writing:
        entries = pending(writing.connection)
        mark_offered(writing, entries[-1].counter)
        verdicts = [Verdict(id=e.id, kind=VerdictKind.ACCEPTED, number=first + at) for at, e in enumerate(entries)]
        acknowledge(writing, verdicts)


def steps_of(laptop: Laptop, person: str) -> list[Step]:
    with laptop.store.read() as connection:
        return history_of(connection, "person", person)


def told(step: Step) -> dict[str, tuple[Any, Any]]:
    return {each.field: (each.before, each.said) for each in step.fields}


def line(number: int, person: str, fields: dict[str, list[Any]], kind: str = "edit") -> list[Any]:
    return [number, "person", person, kind, OTHER, AT, fields]


def test_ones_own_edits_say_what_was_there_before(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Joe", telephone="0161 496 0100"))
    settle(lent, 1)
    with lent.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    with lent.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0300")
    made, edited = steps_of(lent, person)
    assert (made.kind, made.is_sent, made.author) == (ChangeKind.CREATE, True, lent.store.author)
    # two edits in a few minutes are one; what was there before the first of them counts
    assert told(edited) == {"telephone": ("0161 496 0100", "0161 496 0300")}
    assert not edited.is_sent


def test_others_edits_stand_between_ones_own_in_the_server_s_order(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Joe"))
    settle(lent, 1)
    with lent.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    settle(lent, 3)
    with lent.store.write() as writing:
        assert keep_heard(writing, [line(2, person, {"pronouns": [None, "he", "he"]})]) == 1
    steps = steps_of(lent, person)
    assert [step.number for step in steps] == [1, 2, 3]
    assert steps[1].author == OTHER
    assert told(steps[1]) == {"pronouns": (None, "he")}


def test_a_line_that_comes_twice_or_is_ones_own_stands_once(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Joe"))
    settle(lent, 1)
    for _ in range(2):
        with lent.store.write() as writing:
            keep_heard(writing, [line(1, person, {"preferred_name": [None, "Joe", "Joe"]}, "create")])
    assert [step.number for step in steps_of(lent, person)] == [1]


def test_a_record_of_others_says_who_made_it_without_any_line(lent: Laptop) -> None:
    with lent.store.write() as writing, writing.echo():
        person = writing.add(Person(area="sale", preferred_name="Joe", author=OTHER, number=9))
    (made,) = steps_of(lent, person)
    assert (made.kind, made.author) == (ChangeKind.CREATE, OTHER)


def test_an_answer_that_waits_for_a_choice_did_not_stand(lent: Laptop) -> None:
    with lent.store.write() as writing:
        keep_heard(writing, [line(2, OTHER, {"safe_to_call": ["yes", "no", "yes"]})])
    (step,) = steps_of(lent, OTHER)
    assert not step.fields[0].stood


def test_what_was_destroyed_leaves_no_words(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", telephone="0161 496 0200"))
    settle(lent, 1)
    with lent.store.write() as writing:
        keep_heard(writing, [line(2, person, {"telephone": ["0161 496 0200", "0161 496 0300", "0161 496 0300"]})])
        keep_heard(writing, [line(3, person, {}, "erase")])
    with lent.store.read() as connection:
        for table in ("heard", "journal"):
            kept = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert "0161" not in str(kept)
    assert [step.kind for step in steps_of(lent, person)][-1] is ChangeKind.ERASE


@pytest.mark.parametrize("is_alone", [True, False], ids=["alone", "among others"])
def test_the_row_of_what_was_destroyed_takes_the_words_with_it_though_nobody_tells_of_it(lent: Laptop, *, is_alone: bool) -> None:
    with lent.store.write() as writing:
        destroyed, withdrawn = (writing.add(Person(area="sale", telephone=f"0161 496 {end}")) for end in ("0200", "0500"))
    settle(lent, 1)
    with lent.store.write() as writing:
        keep_heard(writing, [line(3, destroyed, {"telephone": ["0161 496 0200", "0161 496 0300", "0161 496 0300"]})])
        keep_heard(writing, [line(4, withdrawn, {"telephone": ["0161 496 0500", "0161 496 0600", "0161 496 0600"]})])
        writing.connection.exec_driver_sql("INSERT INTO carried_row VALUES ('person', ?, '0161 496 0700')", (destroyed,))
    rows: list[list[Any]] = [[destroyed, "sale", 5, OTHER, AT, 1, None]]
    if not is_alone:
        rows.append([withdrawn, "sale", 6, OTHER, AT, 1, "0161 496 0600"])
    with lent.store.write() as writing:
        lay_page(writing, {"person": (*ENVELOPE, "telephone")}, {"person": rows})
    with lent.store.read() as connection:
        for table, column in (("heard", "record"), ("journal", "record"), ("carried_row", "id")):
            query = f"SELECT * FROM {table} WHERE {column} = ?"
            assert "0161" not in str(connection.exec_driver_sql(query, (destroyed,)).all())
    # what was only taken off the screens keeps its history
    assert [told(step) for step in steps_of(lent, withdrawn)][-1] == {"telephone": ("0161 496 0500", "0161 496 0600")}


def test_words_about_what_was_destroyed_go_once_the_server_has_answered_them(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Joe"))
    settle(lent, 1)
    with lent.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    row: list[Any] = [person, "sale", 5, OTHER, AT, 1, None]
    with lent.store.write() as writing:
        lay_page(writing, {"person": (*ENVELOPE, "telephone")}, {"person": [row]})
    with lent.store.read() as connection:
        assert [entry.fields for entry in pending(connection)] == [{"telephone": "0161 496 0200"}]
    settle(lent, 6)
    row[2] = 6
    with lent.store.write() as writing:
        lay_page(writing, {"person": (*ENVELOPE, "telephone")}, {"person": [row]})
    with lent.store.read() as connection:
        assert "0161" not in str(connection.exec_driver_sql("SELECT * FROM journal").all())


def test_what_was_heard_goes_with_its_record_and_after_ninety_days(lent: Laptop) -> None:
    with lent.store.write() as writing:
        keep_heard(writing, [line(2, OTHER, {"pronouns": [None, "he", "he"]})])
        forget_heard(writing, {OTHER})
        assert writing.connection.exec_driver_sql("SELECT count(*) FROM heard").scalar() == 0
        keep_heard(writing, [line(2, OTHER, {"pronouns": [None, "he", "he"]})])
    lent.clock.move(days=91)
    with lent.store.write() as writing:
        keep_heard(writing, [line(3, OTHER, {"pronouns": ["he", "they", "they"]})])
        assert writing.connection.exec_driver_sql("SELECT number FROM heard").scalars().all() == [3]


def test_the_newest_lines_are_kept_when_there_are_too_many(lent: Laptop) -> None:
    with lent.store.write() as writing:
        keep_heard(writing, [line(number, OTHER, {}) for number in range(1, MOST_KEPT + 3)])
        assert writing.connection.exec_driver_sql("SELECT min(number) FROM heard").scalar() == 3
