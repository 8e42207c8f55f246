"""The queue is settled by id: what the server did not name stays."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ewb_desktop.storage.exchange.journal import (
    JournalEntry,
    acknowledge,
    counts,
    forget_settled,
    history,
    mark_offered,
    offer_again,
    pending,
    quarantined,
    unsent_entries,
)
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.tables import Person, table
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop


def add(laptop: Laptop, name: str = "Grace") -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area="sale", preferred_name=name))


def edit(laptop: Laptop, person: str, **fields: object) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def to_send(laptop: Laptop) -> list[JournalEntry]:
    with laptop.store.read() as connection:
        return pending(connection)


def offer(laptop: Laptop) -> list[JournalEntry]:
    entries = to_send(laptop)
    with laptop.store.write() as writing:
        mark_offered(writing, entries[-1].counter)
    return entries


def answer(laptop: Laptop, *verdicts: Verdict) -> None:
    with laptop.store.write() as writing:
        acknowledge(writing, verdicts)


def number_of(laptop: Laptop, person: str) -> int | None:
    with laptop.store.read() as connection:
        c = table(Person).c
        return connection.execute(select(c.number).where(c.id == person)).scalar()


def test_exactly_the_named_ids_are_settled(lent: Laptop) -> None:
    add(lent)
    add(lent, "Amina")
    first, second = offer(lent)
    answer(
        lent, Verdict(id=first.id, kind=VerdictKind.ACCEPTED, number=4), Verdict(id=new_id(), kind=VerdictKind.KNOWN, number=9)
    )
    assert [entry.id for entry in to_send(lent)] == [second.id]
    assert number_of(lent, first.record) == 4
    assert number_of(lent, second.record) == 0


@pytest.mark.parametrize("knows_where", [True, False])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(st.sampled_from([None, *VerdictKind]), st.integers(0, 2)), min_size=1, max_size=12),
    begins=st.integers(1, 50),
)
def test_each_entry_gets_its_own_verdict_and_number_however_they_follow_each_other(
    lent: Laptop, knows_where: bool, told: list[tuple[VerdictKind | None, int]], begins: int
) -> None:
    for _ in told:
        add(lent)
    entries = offer(lent)[-len(told) :]
    verdicts, number = list[Verdict](), begins
    for entry, (kind, leap) in zip(entries, told, strict=True):
        number += leap
        if kind is not None:
            reason = Refusal.NOT_ALLOWED if kind is VerdictKind.REFUSED else None
            verdicts.append(Verdict(id=entry.id, kind=kind, number=0 if reason else number, reason=reason))
    where = [(entry.id, entry.entity, entry.record, entry.counter) for entry in entries]
    with lent.store.write() as writing:
        acknowledge(writing, verdicts[::-1], sent=where if knows_where else None)
    of_verdicts = {verdict.id: verdict for verdict in verdicts}
    with lent.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, verdict, number, refusal, settled_at IS NOT NULL FROM journal").all()
    kept = {id_: tuple(rest) for id_, *rest in rows}
    for entry in entries:
        verdict = of_verdicts.get(entry.id)
        if verdict is None:
            assert kept[entry.id] == (None, None, None, 0)
        elif verdict.kind is VerdictKind.REFUSED:
            assert kept[entry.id] == (None, None, "not_allowed", 0)
        else:
            assert kept[entry.id] == (verdict.kind, verdict.number, None, 1)


def test_an_edit_made_while_a_push_is_on_its_way_stays(lent: Laptop) -> None:
    person = add(lent)
    (sent,) = offer(lent)
    edit(lent, person, postcode="M33 2AB")
    answer(lent, Verdict(id=sent.id, kind=VerdictKind.ACCEPTED, number=4))
    (left,) = to_send(lent)
    assert left.fields == {"postcode": "M33 2AB"}
    assert left.base == 4


def test_after_somebody_elses_edit_the_base_stays_as_the_editor_saw_it(lent: Laptop) -> None:
    person = add(lent)
    (sent,) = offer(lent)
    edit(lent, person, postcode="M33 2AB")
    answer(lent, Verdict(id=sent.id, kind=VerdictKind.MERGED, number=4))
    assert to_send(lent)[0].base == 0
    assert number_of(lent, person) == 0


def test_what_was_taken_before_counts_as_taken_and_the_row_waits_for_the_servers(lent: Laptop) -> None:
    person = add(lent)
    (sent,) = offer(lent)
    edit(lent, person, postcode="M33 2AB")
    for _ in range(2):
        answer(lent, Verdict(id=sent.id, kind=VerdictKind.KNOWN, number=4))
    (left,) = to_send(lent)
    assert left.base == 0
    assert number_of(lent, person) == 0


def test_what_was_not_taken_stays_with_its_reason_and_holds_up_nothing(lent: Laptop) -> None:
    add(lent)
    add(lent, "Amina")
    first, second = offer(lent)
    answer(
        lent,
        Verdict(id=first.id, kind=VerdictKind.REFUSED, reason=Refusal.NOT_ALLOWED),
        Verdict(id=second.id, kind=VerdictKind.ACCEPTED, number=1),
    )
    assert to_send(lent) == []
    with lent.store.read() as connection:
        (held,) = quarantined(connection)
        assert (held.id, held.refusal) == (first.id, Refusal.NOT_ALLOWED)
        told = counts(connection)
    assert (told.to_send, told.quarantined) == (0, 1)


def test_what_waits_for_another_change_is_sent_again_by_itself(lent: Laptop) -> None:
    add(lent)
    (sent,) = offer(lent)
    answer(lent, Verdict(id=sent.id, kind=VerdictKind.REFUSED, reason=Refusal.MISSING_RECORD))
    assert [entry.id for entry in to_send(lent)] == [sent.id]
    with lent.store.read() as connection:
        assert quarantined(connection) == []
        assert pending(connection, after=sent.counter) == []


def test_a_page_is_bounded_in_number_and_size_but_never_empty(lent: Laptop) -> None:
    for size in (10, 2000, 10):
        add(lent, "x" * size)
    with lent.store.read() as connection:
        assert len(pending(connection, limit=2)) == 2
        assert len(pending(connection, room=1200)) == 1
        assert len(pending(connection, room=1)) == 1


def test_counts_tell_the_oldest_unsent_edit(lent: Laptop) -> None:
    began = lent.clock.now()
    add(lent)
    lent.clock.move(days=3)
    add(lent)
    with lent.store.read() as connection:
        assert counts(connection).oldest_at == began


def test_unsent_entries_are_oldest_first_and_include_what_is_in_quarantine(lent: Laptop) -> None:
    person = add(lent)
    (sent,) = offer(lent)
    answer(lent, Verdict(id=sent.id, kind=VerdictKind.REFUSED, reason=Refusal.NOT_ALLOWED))
    edit(lent, person, preferred_name="Gracie")
    with lent.store.read() as connection:
        unsent = unsent_entries(connection, "person", [person, new_id()])
    assert {record: [entry.fields for entry in entries] for record, entries in unsent.items()} == {
        person: [{"preferred_name": "Grace"}, {"preferred_name": "Gracie"}]
    }


def test_acknowledged_entries_are_kept_ninety_days(lent: Laptop) -> None:
    person = add(lent)
    (sent,) = offer(lent)
    answer(lent, Verdict(id=sent.id, kind=VerdictKind.ACCEPTED, number=1))
    lent.clock.move(days=89)
    with lent.store.write() as writing:
        assert forget_settled(writing) == 0
    lent.clock.move(days=2)
    with lent.store.write() as writing:
        assert forget_settled(writing) == 1
    lent.clock.move(minutes=1)
    edit(lent, person, preferred_name="Gracie")
    assert to_send(lent)[0].counter == 2


def test_a_restored_server_is_offered_again_what_it_lost(lent: Laptop) -> None:
    for number, name in enumerate(("Grace", "Amina"), start=1):
        add(lent, name)
        (sent,) = offer(lent)
        answer(lent, Verdict(id=sent.id, kind=VerdictKind.ACCEPTED, number=number))
    with lent.store.write() as writing:
        assert offer_again(writing, 1) == 1
    assert [entry.fields["preferred_name"] for entry in to_send(lent)] == ["Amina"]


def test_history_of_a_record_tells_all_its_edits(lent: Laptop) -> None:
    person = add(lent)
    lent.clock.move(hours=1)
    edit(lent, person, preferred_name="Gracie")
    with lent.store.read() as connection:
        assert [entry.kind for entry in history(connection, person)] == ["create", "edit"]
