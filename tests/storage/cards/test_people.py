"""The list of members is in the order in which people look for a name, and SQLite reads that order instead of sorting."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from ewb_desktop.storage.cards.people import people_lines, person_order, person_record
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.tables import Conflict, Person
from tests.support.laptops import Laptop


def add(lent: Laptop, given: str | None, family: str | None, preferred: str | None = None, coordinator: str | None = None) -> str:
    with lent.store.write() as writing:
        return writing.add(
            Person(area="sale", given_name=given, family_name=family, preferred_name=preferred, coordinator=coordinator)
        )


def test_family_name_counts_first_then_the_name_used_whatever_the_capitals(lent: Laptop) -> None:
    add(lent, "Zofia", "khan")
    add(lent, "Amina", "Khan")
    add(lent, "Robert", "Dunn", "Bob")
    add(lent, None, None, "Joe")
    with lent.store.read() as connection:
        names = [line.name for line in people_lines(connection, person_order(connection))]
    assert [name.split()[0] for name in names] == ["Bob", "Joe", "Amina", "Zofia"]


def test_those_of_one_coordinator_are_in_the_same_order_and_whoever_was_removed_is_in_neither(lent: Laptop) -> None:
    rowan = new_id()
    pugh, barnes, gone = (
        add(lent, "A", "Pugh", None, rowan),
        add(lent, "B", "Barnes", None, rowan),
        add(lent, "C", "Ant", None, rowan),
    )
    other = add(lent, "D", "Clarke")
    with lent.store.write() as writing:
        writing.remove(Person, gone)
    with lent.store.read() as connection:
        assert person_order(connection, coordinator=rowan) == [barnes, pugh]
        assert person_order(connection) == [barnes, other, pugh]


@pytest.mark.parametrize(("shown", "other"), [("yes", "no"), ("no", "ask_first"), ("no", None)])
def test_while_workers_differ_on_a_way_of_contact_the_record_holds_the_careful_answer_for_whoever_reads_it(
    lent: Laptop, shown: str, other: str | None
) -> None:
    person = add(lent, "Amina", "Khan")
    with lent.store.write() as writing:
        writing.edit(Person, person, safe_to_post=shown, pronouns="she/her")
        for field, said in (("safe_to_post", other), ("pronouns", "they/them")):
            writing.add(Conflict(area="sale", person=person, entity="person", record=person, field=field, other=said))
    with lent.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    assert (record.safe_to_post, record.safe_to_call, record.pronouns) == ("no", None, "she/her")


def test_neither_list_is_sorted_each_time_it_opens(lent: Laptop) -> None:
    statements: list[tuple[str, object]] = []
    with lent.store.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
        person_order(connection)
        person_order(connection, coordinator=new_id())
        asked = [told for told in statements if told[0].startswith("SELECT")]
        assert len(asked) == 2
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]
            words = " ".join(str(row[-1]) for row in plan)
            assert "USING INDEX person_in_list_order" in words
            assert "TEMP B-TREE" not in words
