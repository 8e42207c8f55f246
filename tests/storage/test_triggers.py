"""No edit escapes the journal, and what the server sent never enters it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ewb_desktop.storage.exchange.journal import JournalEntry, acknowledge, mark_offered, pending
from ewb_desktop.storage.exchange.sync_state import Progress, note_progress
from ewb_desktop.storage.schema import all_triggers
from ewb_desktop.storage.tables import Answer, Assessment, Conversation, Person, Signpost, table
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import GONE
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop


def entries(laptop: Laptop) -> list[JournalEntry]:
    with laptop.store.read() as connection:
        return pending(connection)


def grace(laptop: Laptop, **fields: Any) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area="sale", preferred_name="Grace", **fields))


def edit(laptop: Laptop, person: str, **fields: Any) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def send_all(laptop: Laptop) -> None:
    """Let a server take everything that waits, under its number 7."""
    waiting = entries(laptop)
    with laptop.store.write() as writing:
        mark_offered(writing, waiting[-1].counter)
        acknowledge(writing, [Verdict(id=entry.id, kind=VerdictKind.ACCEPTED, number=7) for entry in waiting])


def test_a_new_record_is_one_entry_with_what_was_said(lent: Laptop) -> None:
    person = grace(lent, communication=["large print"], discreet_print=False)
    (entry,) = entries(lent)
    change = entry.change()
    assert (change.entity, change.record, change.kind, change.area, change.base) == ("person", person, "create", "sale", 0)
    assert change.fields == {"preferred_name": "Grace", "communication": ["large print"], "discreet_print": 0}
    assert (change.author, change.device, change.counter) == (lent.worker, lent.store.device, 1)
    assert change.at == "2026-11-21T13:00:00.000Z"
    assert len(change.id) == 36


def test_a_new_record_names_the_unsent_change_that_made_what_it_hangs_on(lent: Laptop) -> None:
    person = grace(lent)
    with lent.store.write() as writing:
        talk = writing.add(Conversation(area="sale", person=person))
        paper = writing.add(Assessment(area="sale", person=person, conversation=talk))
        writing.add(Answer(area="sale", person=person, assessment=paper))
        writing.add(Signpost(area="sale", person=person))
    made = entries(lent)
    assert [entry.after for entry in made] == [None, made[0].id, made[1].id, made[2].id, made[0].id]


@pytest.mark.parametrize("said", [{"safe_to_call": "no"}, {"discreet_print": True}, {"communication": ["large print"]}])
def test_what_is_said_again_is_an_edit_that_alters_nothing_here(lent: Laptop, said: dict[str, Any]) -> None:
    person = grace(lent, **said)
    send_all(lent)
    with lent.store.write() as writing:
        writing.say_again(Person, person, *said)
    (entry,) = entries(lent)
    (value,) = said.values()
    assert (entry.kind, entry.base, entry.fields) == ("edit", 7, {next(iter(said)): value})
    edit(lent, person, **said)
    assert len(entries(lent)) == 1


def test_what_is_said_again_of_somebody_removed_does_not_bring_her_back(lent: Laptop) -> None:
    person = grace(lent, safe_to_call="no")
    with lent.store.write() as writing:
        writing.remove(Person, person)
    send_all(lent)
    with lent.store.write() as writing:
        writing.say_again(Person, person, "safe_to_call")
    assert [entry.kind for entry in entries(lent)] == ["tombstone"]


def test_a_new_record_waits_for_nothing_that_was_sent(lent: Laptop) -> None:
    person = grace(lent)
    (first,) = entries(lent)
    with lent.store.write() as writing:
        acknowledge(writing, [Verdict(id=first.id, kind=VerdictKind.ACCEPTED, number=1)])
        writing.add(Signpost(area="sale", person=person))
    assert [entry.after for entry in entries(lent)] == [None]


def test_an_edit_holds_only_what_changed(lent: Laptop) -> None:
    person = grace(lent, telephone="0161 496 0001")
    lent.clock.move(hours=1)
    edit(lent, person, telephone=None, preferred_name="Grace", postcode="M33 2AB")
    assert entries(lent)[-1].fields == {"telephone": None, "postcode": "M33 2AB"}
    assert entries(lent)[-1].kind == "edit"


def test_core_statements_and_raw_sql_are_journalled(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(hours=1)
    with lent.store.write() as writing:
        writing.connection.execute(update(table(Person)).values(postcode="M33 2AB"))
    with lent.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE person SET pronouns = 'she/her'")
    with lent.store.write() as writing:
        writing.connection.exec_driver_sql(
            "INSERT INTO person (id, area, membership) VALUES (?, 'sale', 'paused') "
            "ON CONFLICT DO UPDATE SET membership = excluded.membership",
            (person,),
        )
    assert [entry.fields for entry in entries(lent)[1:]] == [
        {"postcode": "M33 2AB"},
        {"pronouns": "she/her"},
        {"membership": "paused"},
    ]


def test_what_comes_from_the_server_is_not_journalled(lent: Laptop) -> None:
    with lent.store.write() as writing, writing.echo():
        writing.add(Person(area="sale"))
    assert entries(lent) == []
    grace(lent)
    assert len(entries(lent)) == 1


def test_the_guard_is_gone_after_an_echo_that_failed(lent: Laptop) -> None:
    with pytest.raises(KeyError), lent.store.write() as writing, writing.echo():
        raise KeyError
    grace(lent)
    assert len(entries(lent)) == 1


def test_removing_is_a_tombstone_and_bringing_back_an_edit(lent: Laptop) -> None:
    person = grace(lent)
    with lent.store.write() as writing:
        writing.remove(Person, person)
    with lent.store.write() as writing:
        writing.restore(Person, person)
    assert [(entry.kind, entry.fields) for entry in entries(lent)[1:]] == [("tombstone", {}), ("edit", {})]


def test_a_removal_names_all_that_the_laptop_had_heard_and_an_edit_its_own_record(lent: Laptop) -> None:
    person = grace(lent)
    send_all(lent)
    with lent.store.write() as writing:
        note_progress(writing, Progress(cursor=40))
    edit(lent, person, telephone="0161 496 0001")
    with lent.store.write() as writing:
        writing.remove(Person, person)
    assert [(entry.kind, entry.base) for entry in entries(lent)] == [("edit", 7), ("tombstone", 40)]


def test_that_a_record_stays_is_said_again_by_an_edit_of_nothing(lent: Laptop) -> None:
    person = grace(lent)
    send_all(lent)
    with lent.store.write() as writing:
        writing.say_again(Person, person, GONE)
    assert [(entry.kind, entry.fields) for entry in entries(lent)] == [("edit", {})]


def test_moving_to_another_area_travels_in_the_envelope(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(hours=1)
    edit(lent, person, area="stretford")
    assert (entries(lent)[-1].area, entries(lent)[-1].fields) == ("stretford", {})


def test_a_field_that_is_also_in_the_envelope_travels(lent: Laptop) -> None:
    with lent.store.write() as writing:
        writing.add(Signpost(area="sale", how="in person"))
    assert entries(lent)[0].fields == {"how": "in person", "made_at": "2026-11-21T13:00:00.000Z"}


@pytest.mark.parametrize(
    "statement", ["DELETE FROM person", "INSERT OR REPLACE INTO person (id, area) SELECT id, '' FROM person"]
)
def test_deleting_and_replacing_are_refused(lent: Laptop, statement: str) -> None:
    person = grace(lent)
    with pytest.raises(IntegrityError, match="tombstone"), lent.store.write() as writing:
        writing.connection.exec_driver_sql(statement)
    with lent.store.read() as connection:
        assert connection.execute(select(table(Person).c.id)).scalars().all() == [person]


def test_typing_in_one_field_is_one_entry(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(minutes=11)
    for text in ("I", "I fe", "I feel lonely"):
        edit(lent, person, contact_note=text)
        lent.clock.move(minutes=9)
    (_, entry) = entries(lent)
    assert entry.fields == {"contact_note": "I feel lonely"}
    assert entry.counter == 2


def test_an_edit_soon_after_the_record_was_made_joins_it(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(minutes=9)
    edit(lent, person, postcode="M33 2AB", preferred_name=None)
    (entry,) = entries(lent)
    assert entry.fields == {"preferred_name": None, "postcode": "M33 2AB"}
    assert entry.kind == "create"
    assert entry.at == "2026-11-21T13:00:00.000Z"


def test_ten_minutes_later_it_is_another_entry(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(minutes=10)
    edit(lent, person, postcode="M33 2AB")
    assert len(entries(lent)) == 2


def test_what_was_offered_is_never_altered(lent: Laptop) -> None:
    person = grace(lent)
    with lent.store.write() as writing:
        mark_offered(writing, entries(lent)[0].counter)
    edit(lent, person, postcode="M33 2AB")
    assert [entry.fields for entry in entries(lent)] == [{"preferred_name": "Grace"}, {"postcode": "M33 2AB"}]


def test_other_fields_and_other_authors_have_their_own_entries(lent: Laptop) -> None:
    person = grace(lent)
    lent.clock.move(hours=1)
    edit(lent, person, postcode="M33 2AB")
    edit(lent, person, pronouns="she/her")
    with lent.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE pen SET author = 'another'")
        writing.edit(Person, person, pronouns="they/them")
    assert [entry.fields for entry in entries(lent)[1:]] == [
        {"postcode": "M33 2AB"},
        {"pronouns": "she/her"},
        {"pronouns": "they/them"},
    ]


def test_an_edit_never_slips_before_a_removal(lent: Laptop) -> None:
    person = grace(lent)
    with lent.store.write() as writing:
        writing.remove(Person, person)
    with lent.store.write() as writing:
        writing.restore(Person, person)
    edit(lent, person, postcode="M33 2AB")
    assert [entry.kind for entry in entries(lent)] == ["create", "tombstone", "edit", "edit"]


def test_every_entity_has_its_triggers() -> None:
    for name in ENTITIES:
        assert {f"{name}_made", f"{name}_edited", f"{name}_destroyed"} <= all_triggers().keys()


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.lists(st.integers(-(2**60), 2**60), max_size=2),
)
_EDIT = st.fixed_dictionaries(
    {},
    optional={
        "value": _VALUES,
        "skipped": st.one_of(st.none(), st.booleans()),
        "told_by": st.one_of(st.none(), st.text(st.characters(exclude_categories=()), max_size=20)),
    },
)
_STEP = st.tuples(_EDIT, st.integers(0, 15), st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEP, max_size=12))
def test_folding_the_journal_gives_the_row_and_counters_have_no_gap(
    lent: Laptop, steps: list[tuple[dict[str, Any], int, bool]]
) -> None:
    with lent.store.write() as writing:
        answer = writing.add(Answer(area="sale", question="q"))
    for fields, minutes, offered in steps:
        with lent.store.write() as writing:
            writing.edit(Answer, answer, **fields)
        lent.clock.move(minutes=minutes)
        if offered:
            with lent.store.write() as writing:
                mark_offered(writing, pending(writing.connection)[-1].counter)
    with lent.store.read() as connection:
        kept = pending(connection, limit=10_000, room=1 << 30)
        raw = connection.exec_driver_sql("SELECT question, value, skipped, told_by FROM answer WHERE id = ?", (answer,)).one()
    folded: dict[str, Any] = {}
    for entry in kept:
        if entry.record == answer:
            folded.update(entry.fields)
    row = {"question": raw[0], "value": None if raw[1] is None else orjson.loads(raw[1]), "skipped": raw[2], "told_by": raw[3]}
    assert {name: value for name, value in folded.items() if value is not None} == {
        name: value for name, value in row.items() if value is not None
    }
    assert [entry.counter for entry in kept] == list(range(1, len(kept) + 1))
