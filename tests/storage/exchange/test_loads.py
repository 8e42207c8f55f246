"""What leaves is what the journal says, marked before it goes."""

from __future__ import annotations

from pydantic import TypeAdapter

from ewb_desktop.storage.exchange.journal import changes_of, has_pending, pending
from ewb_desktop.storage.exchange.loads import Load, take_load
from ewb_desktop.storage.tables import Conversation, Person
from sync.protocol.change import Change
from sync.protocol.version import PUSH_BYTES
from tests.support.laptops import Laptop

MANY = 200


def load(laptop: Laptop, limit: int = MANY, room: int = PUSH_BYTES, after: int = 0) -> Load:
    with laptop.store.write() as writing:
        return take_load(writing, limit, room, after)


def add(laptop: Laptop, *names: str) -> list[str]:
    with laptop.store.write() as writing:
        return [writing.add(Person(area="sale", preferred_name=name)) for name in names]


def test_the_text_of_a_load_says_what_the_journal_says(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(
            Person(area="sale", preferred_name='Zoë "Z" \\ نور', communication=["large print"], discreet_print=True)
        )
        writing.add(Conversation(area="sale", person=person))
    with lent.store.write() as writing:
        writing.edit(Person, person, discreet_print=False, family_name=None)
        writing.remove(Person, person)
    with lent.store.read() as connection:
        said = changes_of(pending(connection))
    taken = load(lent)
    assert TypeAdapter(tuple[Change, ...]).validate_json(taken.text) == said
    assert taken.places == tuple((change.id, change.entity, change.record, change.counter) for change in said)
    assert taken.last == said[-1].counter


def test_what_was_loaded_is_never_altered_by_a_later_edit(lent: Laptop) -> None:
    (person,) = add(lent, "Grace")
    sent = load(lent)
    with lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    assert load(lent).places[0] == sent.places[0]
    assert b"Gracie" in load(lent, after=sent.last).text


def test_a_load_keeps_to_its_number_and_its_room_and_has_one_at_least(lent: Laptop) -> None:
    add(lent, *"abcde")
    assert len(load(lent, limit=2).places) == 2
    assert len(load(lent, room=1_200).places) == 2
    assert len(load(lent, room=0).places) == 1


def test_with_nothing_to_send_a_load_is_empty(lent: Laptop) -> None:
    assert load(lent) == Load()
    add(lent, "Grace")
    last = load(lent).last
    with lent.store.read() as connection:
        assert has_pending(connection)
        assert not has_pending(connection, last)
    assert load(lent, after=last) == Load()
