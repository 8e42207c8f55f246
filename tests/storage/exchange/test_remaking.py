"""What the server did not take is sent as the record stands when it is sent again."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.exchange.journal import JournalEntry, acknowledge, counts, history, mark_offered, pending, quarantined
from ewb_desktop.storage.exchange.remaking import mended, retry
from ewb_desktop.storage.tables import Need, Person
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop


def add(laptop: Laptop, **fields: Any) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area="sale", preferred_name="Grace", **fields))


def edit(laptop: Laptop, person: str, **fields: Any) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)


def send(laptop: Laptop, *answers: Refusal | None, number: int = 1) -> list[JournalEntry]:
    """Offer what waits and let the server answer: taken (None) or refused."""
    with laptop.store.write() as writing:
        entries = pending(writing.connection)
        mark_offered(writing, entries[-1].counter)
        verdicts = [
            Verdict(id=entry.id, kind=VerdictKind.REFUSED, reason=reason)
            if reason
            else Verdict(id=entry.id, kind=VerdictKind.ACCEPTED, number=number)
            for entry, reason in zip(entries, answers, strict=True)
        ]
        acknowledge(writing, verdicts)
    return entries


def waiting(laptop: Laptop) -> list[JournalEntry]:
    with laptop.store.read() as connection:
        return pending(connection)


def retry_all(laptop: Laptop) -> None:
    with laptop.store.write() as writing:
        retry(writing, {entry.id for entry in quarantined(writing.connection)})


def test_a_new_record_that_was_shortened_goes_again_as_one_under_a_new_id(lent: Laptop) -> None:
    person = add(lent, address="x" * 300, telephone="0161 496 0001")
    (first,) = send(lent, Refusal.TOO_LARGE)
    edit(lent, person, address="step free", telephone=None)
    send(lent, Refusal.MISSING_RECORD)
    edit(lent, person, pronouns="she/her")
    retry_all(lent)
    (again,) = waiting(lent)
    assert again.id != first.id
    assert (again.kind, again.base, again.at, again.record) == ("create", 0, first.at, person)
    assert again.fields == {"preferred_name": "Grace", "address": "step free", "pronouns": "she/her"}
    with lent.store.read() as connection:
        assert counts(connection).quarantined == 0
        assert first.id in {entry.id for entry in history(connection, person)}


def test_an_edit_that_was_shortened_goes_again_with_what_the_record_says_now_and_what_it_was_built_on(lent: Laptop) -> None:
    person = add(lent)
    send(lent, None, number=4)
    edit(lent, person, address="x" * 300)
    send(lent, Refusal.TOO_LARGE)
    edit(lent, person, telephone="0161 496 0001")
    edit(lent, person, address=None)
    retry_all(lent)
    own_way, again = waiting(lent)
    assert own_way.fields == {"telephone": "0161 496 0001"}
    assert (again.kind, again.fields, again.base) == ("edit", {"address": None}, 4)


def test_what_waits_for_a_record_waits_for_the_change_that_was_made_anew(lent: Laptop) -> None:
    person = add(lent, address="x" * 300)
    with lent.store.write() as writing:
        writing.add(Need(area="sale", person=person, words="debt"))
    send(lent, Refusal.TOO_LARGE, Refusal.WAITING_FOR)
    edit(lent, person, address=None)
    retry_all(lent)
    need, again = waiting(lent)
    assert (need.entity, need.after, again.entity) == ("need", again.id, "person")


def test_an_edit_that_may_have_reached_the_server_keeps_its_id(lent: Laptop) -> None:
    person = add(lent)
    send(lent, None)
    edit(lent, person, address="long")
    send(lent, Refusal.TOO_LARGE)
    edit(lent, person, address="shorter")
    with lent.store.write() as writing:
        (lost,) = pending(writing.connection)
        mark_offered(writing, lost.counter)
    retry_all(lent)
    kept, again = waiting(lent)
    assert kept.id == lost.id
    assert again.fields == {"address": "shorter"}


def test_a_record_that_was_made_and_removed_before_it_was_taken_is_made_and_removed(lent: Laptop) -> None:
    person = add(lent)
    send(lent, Refusal.NOT_ALLOWED)
    with lent.store.write() as writing:
        writing.remove(Person, person)
    retry_all(lent)
    made, removed = waiting(lent)
    assert (made.kind, removed.kind, removed.fields) == ("create", "tombstone", {})


def test_a_removal_that_was_undone_is_not_sent_as_a_removal(lent: Laptop) -> None:
    person = add(lent)
    send(lent, None)
    with lent.store.write() as writing:
        writing.remove(Person, person)
    send(lent, Refusal.NOT_ALLOWED)
    with lent.store.write() as writing:
        writing.restore(Person, person)
    retry_all(lent)
    assert [entry.kind for entry in waiting(lent)][-1] == "edit"


def test_what_nobody_changed_goes_again_under_its_id(lent: Laptop) -> None:
    person = add(lent, address="long")
    send(lent, None, number=4)
    edit(lent, person, address="longer", telephone="0161 496 0001")
    (refused,) = send(lent, Refusal.TOO_LARGE)
    retry_all(lent)
    (again,) = waiting(lent)
    assert (again.id, again.counter, again.change()) == (refused.id, refused.counter, refused.change())


def test_what_a_colleague_changed_meanwhile_beneath_it_goes_again_under_its_id(lent: Laptop) -> None:
    person = add(lent)
    send(lent, None, number=4)
    edit(lent, person, address="long")
    (refused,) = send(lent, Refusal.TOO_LARGE)
    with lent.store.write() as writing, writing.echo():
        writing.edit(Person, person, telephone="0161 496 0001")
    retry_all(lent)
    assert [entry.id for entry in waiting(lent)] == [refused.id]


def test_what_is_malformed_goes_again_under_a_new_id_which_no_other_laptop_can_have(lent: Laptop) -> None:
    add(lent)
    (refused,) = send(lent, Refusal.MALFORMED)
    retry_all(lent)
    (again,) = waiting(lent)
    assert again.id != refused.id
    assert again.fields == refused.fields


def test_an_edit_after_it_was_offered_again_as_it_was_follows_it_and_mends_it_where_it_is_refused_again(lent: Laptop) -> None:
    person = add(lent, address="long")
    (first,) = send(lent, Refusal.TOO_LARGE)
    retry_all(lent)
    edit(lent, person, address="short")
    assert waiting(lent)[0].id == first.id
    send(lent, Refusal.TOO_LARGE, Refusal.MISSING_RECORD)
    with lent.store.write() as writing:
        retry(writing, mended(writing.connection))
    (again,) = waiting(lent)
    assert again.fields["address"] == "short"


def test_only_what_was_edited_since_is_due_again_by_itself(lent: Laptop) -> None:
    long, unedited, forbidden = add(lent, address="x"), add(lent, address="y"), add(lent)
    send(lent, Refusal.TOO_LARGE, Refusal.TOO_LARGE, Refusal.NOT_ALLOWED)
    edit(lent, long, address="short")
    edit(lent, forbidden, pronouns="they/them")
    with lent.store.read() as connection:
        by_id = {entry.id: entry.record for entry in quarantined(connection)}
        assert [by_id[id_] for id_ in mended(connection)] == [long]
    assert unedited in by_id.values()
