"""What is in order is left alone; what is old is looked for once a day."""

from __future__ import annotations

from ewb_desktop.storage.exchange.journal import acknowledge, history, pending, quarantined
from ewb_desktop.storage.settling.tidying import Untidy, read_untidy, tidy
from ewb_desktop.storage.tables import Person
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop


def untidy(laptop: Laptop) -> Untidy:
    with laptop.store.read() as connection:
        return read_untidy(connection, laptop.clock.today())


def put_in_order(laptop: Laptop) -> None:
    found = untidy(laptop)
    with laptop.store.write() as writing:
        tidy(writing, found)


def add_and_answer(laptop: Laptop, kind: VerdictKind, reason: Refusal | None = None) -> str:
    with laptop.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Grace"))
    with laptop.store.write() as writing:
        (entry,) = pending(writing.connection)
        acknowledge(writing, [Verdict(id=entry.id, kind=kind, number=1 if reason is None else 0, reason=reason)])
    return person


def test_what_was_put_in_order_is_in_order_for_the_rest_of_the_day(lent: Laptop) -> None:
    assert untidy(lent) == Untidy(lacks_keys=True, is_new_day=True)
    put_in_order(lent)
    assert not untidy(lent).is_anything
    lent.clock.move(days=1)
    assert untidy(lent) == Untidy(is_new_day=True)


def test_a_clock_that_went_back_makes_a_new_day_too(lent: Laptop) -> None:
    put_in_order(lent)
    lent.clock.move(days=-400)
    assert untidy(lent).is_new_day


def test_on_a_new_day_what_is_over_ninety_days_old_goes(lent: Laptop) -> None:
    person = add_and_answer(lent, VerdictKind.ACCEPTED)
    put_in_order(lent)
    lent.clock.move(days=91)
    put_in_order(lent)
    with lent.store.read() as connection:
        assert history(connection, person) == []


def test_an_entry_whose_record_was_mended_is_tried_again(lent: Laptop) -> None:
    person = add_and_answer(lent, VerdictKind.REFUSED, Refusal.MALFORMED)
    put_in_order(lent)
    assert not untidy(lent).is_anything
    with lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    (held,) = untidy(lent).to_retry
    put_in_order(lent)
    with lent.store.read() as connection:
        assert quarantined(connection) == []
        (again,) = pending(connection)
    assert again.id != held
    assert again.fields["preferred_name"] == "Gracie"
