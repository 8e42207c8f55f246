"""Which records about a member have a history beyond their beginning: edited, heard of, let go of, or answered differently."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.cards.changed_records import ABOUT_MEMBERS, ChangedRecord, changed_records
from ewb_desktop.storage.cards.history import keep_heard
from ewb_desktop.storage.tables import Conflict, Contact, Goal, Need, Person
from sync.protocol.errors import Refusal
from tests.storage.cards.test_history import OTHER, lent, settle
from tests.storage.exchange.test_remaking import send
from tests.storage.exchange.test_withdrawing import let_go
from tests.support.laptops import Laptop

__all__ = ["lent"]


def changed(laptop: Laptop, person: str) -> list[ChangedRecord]:
    with laptop.store.read() as connection:
        return changed_records(connection, person)


def written(laptop: Laptop) -> tuple[str, str, str]:
    """A member with a need and a goal that the server has, and nothing changed since."""
    with laptop.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name="Amina"))
        need = writing.add(Need(area="sale", person=person, words="somewhere warm"))
        goal = writing.add(Goal(area="sale", person=person, words="sleep"))
    settle(laptop, 1)
    return person, need, goal


def test_what_was_only_made_has_no_history_to_tell(lent: Laptop) -> None:
    person, _need, _goal = written(lent)
    assert changed(lent, person) == []


def test_the_latest_change_stands_first_whoever_made_it(lent: Laptop) -> None:
    person, need, goal = written(lent)
    lent.clock.move(hours=1)
    with lent.store.write() as writing:
        writing.edit(Goal, goal, words="sleep well")
        heard = ["2026-01-01T08:00:00.000Z", {"words": ["somewhere warm", "a warm room", "a warm room"]}]
        line: list[Any] = [9, "need", need, "edit", OTHER, *heard]
        keep_heard(writing, [line])
    (first, second) = changed(lent, person)
    assert (first.entity, first.record, first.at) == ("goal", goal, lent.clock.now())
    assert first.says["words"] == "sleep well"
    assert (second.entity, second.record) == ("need", need)


def test_the_member_s_own_record_is_among_them_and_another_member_s_are_not(lent: Laptop) -> None:
    person, _need, _goal = written(lent)
    other, need, _goal = written(lent)
    with lent.store.write() as writing:
        writing.edit(Person, person, pronouns="she")
        writing.edit(Need, need, words="a job")
    assert [each.record for each in changed(lent, person)] == [person]
    assert [each.record for each in changed(lent, other)] == [need]


def test_a_contact_that_was_let_go_of_is_among_them_though_it_is_off_the_screens(lent: Laptop) -> None:
    person, _need, _goal = written(lent)
    with lent.store.write() as writing:
        contact = writing.add(Contact(area="sale", person=person, note="rang twice"))
    send(lent, Refusal.TOO_LARGE)
    lent.clock.move(hours=1)
    let_go(lent)
    (found,) = changed(lent, person)
    assert (found.record, found.is_let_go, found.is_gone, found.at) == (contact, True, True, lent.clock.now())
    assert found.says["note"] == "rang twice"


def test_a_record_that_was_answered_differently_is_among_them_without_any_edit_that_is_known(lent: Laptop) -> None:
    person, need, _goal = written(lent)
    with lent.store.write() as writing, writing.echo():
        at = lent.clock.now()
        writing.add(
            Conflict(
                area="sale",
                person=person,
                entity="need",
                record=need,
                field="words",
                shown="a",
                other="b",
                found_at=at,
                settled_at=at,
            )
        )
    assert [(each.entity, each.record) for each in changed(lent, person)] == [("need", need)]


def test_what_the_server_itself_writes_about_a_member_is_no_record_that_people_changed() -> None:
    assert not {"conflict", "opening"} & set(ABOUT_MEMBERS)
    assert {"person", "need", "goal", "handover", "contact", "answer"} <= set(ABOUT_MEMBERS)
