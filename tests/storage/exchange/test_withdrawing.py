"""A change that the server did not take can be let go of by its author; nothing of it is left on the screens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ewb_desktop.storage.cards.history import history_of
from ewb_desktop.storage.exchange.journal import counts, has_unsent, quarantined
from ewb_desktop.storage.exchange.remaking import retry
from ewb_desktop.storage.exchange.withdrawing import hanging_on, held_entry, let_go_of
from ewb_desktop.storage.tables import Contact, Conversation, Need, Person, table
from sync.protocol.errors import Refusal
from tests.storage.exchange.test_arrivals import lay, row
from tests.storage.exchange.test_remaking import add, edit, send
from tests.support.laptops import Laptop


def let_go(laptop: Laptop, place: int = 0) -> int:
    with laptop.store.write() as writing:
        return let_go_of(writing, quarantined(writing.connection)[place].id)


def says(laptop: Laptop, person: str, field: str) -> Any:
    known = table(Person).c
    with laptop.store.read() as connection:
        return connection.execute(select(known[field]).where(known.id == person)).scalar()


def test_an_edit_that_is_let_go_of_leaves_what_stood_before(lent: Laptop) -> None:
    person = add(lent, communication=["large print"], discreet_print=True, address="1 High Street")
    send(lent, None)
    edit(lent, person, communication=None, discreet_print=False, address="x" * 300)
    send(lent, Refusal.TOO_LARGE)
    assert let_go(lent) == 1
    assert says(lent, person, "address") == "1 High Street"
    assert says(lent, person, "communication") == ["large print"]
    assert says(lent, person, "discreet_print") is True
    with lent.store.read() as connection:
        assert not has_unsent(connection)


def test_what_came_from_a_colleague_meanwhile_shows_again(lent: Laptop) -> None:
    lay(lent, row("p", 1, "Grace"))
    edit(lent, "p", preferred_name="Gracie")
    send(lent, Refusal.NOT_ALLOWED)
    lay(lent, row("p", 2, "G. Mensah"))
    assert says(lent, "p", "preferred_name") == "Gracie"
    let_go(lent)
    assert says(lent, "p", "preferred_name") == "G. Mensah"


def test_a_later_edit_of_the_same_field_stands_and_goes_back_past_the_one_that_was_let_go_of(lent: Laptop) -> None:
    person = add(lent, address="first")
    send(lent, None)
    edit(lent, person, address="second")
    send(lent, Refusal.TOO_LARGE)
    edit(lent, person, address="third")
    send(lent, Refusal.TOO_LARGE)
    assert let_go(lent) == 1
    assert says(lent, person, "address") == "third"
    assert let_go(lent) == 1
    assert says(lent, person, "address") == "first"


def test_an_edit_made_anew_of_two_still_knows_what_stood_before_both(lent: Laptop) -> None:
    person = add(lent, address="first", pronouns="she/her")
    send(lent, None)
    edit(lent, person, address="second")
    send(lent, Refusal.TOO_LARGE)
    edit(lent, person, address="third", pronouns="they/them")
    with lent.store.write() as writing:
        retry(writing, {entry.id for entry in quarantined(writing.connection)})
    send(lent, Refusal.TOO_LARGE)
    let_go(lent)
    assert (says(lent, person, "address"), says(lent, person, "pronouns")) == ("first", "she/her")


def test_a_removal_that_is_let_go_of_brings_the_record_back(lent: Laptop) -> None:
    person = add(lent)
    send(lent, None)
    with lent.store.write() as writing:
        writing.remove(Person, person)
    send(lent, Refusal.NOT_ALLOWED)
    let_go(lent)
    assert says(lent, person, "gone") == 0


def test_what_hangs_on_a_new_record_goes_with_it_and_nothing_else_does(lent: Laptop) -> None:
    other = add(lent)
    send(lent, None)
    person = add(lent, address="x" * 300)
    with lent.store.write() as writing:
        talk = writing.add(Conversation(area="sale", person=person))
        need = writing.add(Need(area="sale", person=person, conversation=talk, words="debt"))
        writing.add(Contact(area="sale", person=other, note="rang"))
    send(lent, Refusal.TOO_LARGE, Refusal.WAITING_FOR, Refusal.WAITING_FOR, None)
    with lent.store.read() as connection:
        (held,) = quarantined(connection)
        assert [entry.record for entry in hanging_on(connection, held)] == [talk, need]
    assert let_go(lent) == 3
    assert says(lent, person, "gone") == 1
    with lent.store.read() as connection:
        assert not has_unsent(connection)
        gone = connection.exec_driver_sql("SELECT gone FROM need UNION ALL SELECT gone FROM contact").scalars().all()
    assert gone == [1, 0]


def test_what_waits_for_a_change_that_was_made_anew_goes_with_that_one(lent: Laptop) -> None:
    person = add(lent, address="x" * 300)
    with lent.store.write() as writing:
        writing.add(Need(area="sale", person=person, words="debt"))
    send(lent, Refusal.TOO_LARGE, Refusal.WAITING_FOR)
    edit(lent, person, address="y" * 300)
    with lent.store.write() as writing:
        retry(writing, {quarantined(writing.connection)[0].id})
    send(lent, Refusal.WAITING_FOR, Refusal.TOO_LARGE)
    assert let_go(lent) == 2
    with lent.store.read() as connection:
        assert counts(connection).to_send == 0


def test_nobody_lets_go_of_what_another_worker_wrote(lent: Laptop) -> None:
    add(lent)
    send(lent, Refusal.AUTHOR_MISMATCH)
    with lent.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET author = 'somebody'")
    assert let_go(lent) == 0
    with lent.store.read() as connection:
        assert counts(connection).quarantined == 1


def test_what_was_let_go_of_stays_in_the_history_and_says_so(lent: Laptop) -> None:
    person = add(lent, address="first")
    send(lent, None, number=3)
    edit(lent, person, address="second")
    send(lent, Refusal.TOO_LARGE)
    let_go(lent)
    with lent.store.read() as connection:
        assert held_entry(connection, "none") is None
        step = history_of(connection, "person", person)[-1]
    assert step.is_let_go
    assert [field.said for field in step.fields] == ["second"]
