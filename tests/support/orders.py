"""Any edits on any laptops in any order, with lines that break, and the check that nothing of it is nowhere."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from ewb_desktop.actions.conflicts import Keep
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Conflict, Contact, Person, table
from ewb_desktop.syncing.troubles import LineTrouble
from sync.protocol.merge import GONE
from sync.server.database import tables as server_tables
from tests.support.connected import AREA, Connected, house
from tests.support.kept_edits import choose, expect_none_passed_over, questions, said_to
from tests.support.standing import expect_standing_alike

FIELDS = {
    "telephone": st.sampled_from(["0161 496 0001", "0161 496 0002", None]),
    "safe_to_call": st.sampled_from(["yes", "no", "mornings only", None]),
    "coordinator": st.sampled_from(["one", "two"]),
    "communication": st.lists(st.sampled_from(["large print", "easy read", "interpreter"]), unique=True, max_size=3),
}
ASKED = ("safe_to_call", "coordinator")
"""Those of them of which people are asked."""
LAPTOPS = st.integers(0, 2)
EDITS = st.one_of(
    *(st.tuples(st.just("edit"), LAPTOPS, st.integers(0, 1), st.just(name), values) for name, values in FIELDS.items())
)
DIFFER = st.one_of(
    *(st.tuples(st.just("differ"), LAPTOPS, st.integers(0, 1), st.just(name), FIELDS[name], FIELDS[name]) for name in ASKED)
)
"""A laptop and the next answer one question differently, and everybody hears of it."""
CHOICES = st.tuples(st.just("choose"), LAPTOPS, st.integers(0, 3), st.sampled_from([Keep.SHOWN, Keep.OTHER]))
_STEP = st.one_of(
    EDITS,
    DIFFER,
    CHOICES,
    st.tuples(st.just("sync"), LAPTOPS),
    st.tuples(st.just("lose the answer"), LAPTOPS),
    st.tuples(st.just("remove"), LAPTOPS, st.integers(0, 1)),
    st.tuples(st.just("bring back"), LAPTOPS, st.integers(0, 1)),
    st.tuples(st.just("tell"), LAPTOPS, st.integers(0, 1)),
)
STEPS = st.lists(_STEP, max_size=14)
LONG_STEPS = st.lists(_STEP, max_size=40)


def take(laptops: Sequence[Connected], people: Sequence[str], step: tuple[Any, ...]) -> None:
    """Do one step on a laptop, or on two of them."""
    what, laptop = step[0], laptops[step[1]]
    if what == "differ":
        for one, value in zip((laptop, laptops[(step[1] + 1) % len(laptops)]), step[4:], strict=True):
            with one.store.write() as writing:
                writing.edit(Person, people[step[2]], **{step[3]: value})
        for one in (*laptops, *laptops):
            one.sync()
    elif what == "choose":
        choose(laptop, step[2], step[3])
    elif what == "edit":
        with laptop.store.write() as writing:
            writing.edit(Person, people[step[2]], **{step[3]: step[4]})
    elif what == "remove":
        with laptop.store.write() as writing:
            writing.remove(Person, people[step[2]])
    elif what == "bring back":
        with laptop.store.write() as writing:
            writing.restore(Person, people[step[2]])
    elif what == "tell":
        tell(laptop, people[step[2]])
    elif what == "sync":
        laptop.sync()
    else:
        laptop.line.loses_answer = True
        assert isinstance(laptop.engine.run().trouble, LineTrouble)


def tell(laptop: Connected, person: str) -> None:
    """Write down that somebody spoke with a member, if the laptop shows her."""
    known = table(Person).c
    with laptop.store.write() as writing:
        area = writing.connection.execute(select(known.area).where(known.id == person, known.gone == 0)).scalar()
        if area is not None:
            writing.add(Contact(area=area, person=person, reached="spoke"))


def current_of(people: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], Any]:
    """Return what members' rows say, as :func:`shown` gives them, by member and field."""
    return {(row[0], name): value for row in people for name, value in zip((GONE, *FIELDS), row[2:], strict=True)}


def shown(store: Store) -> list[tuple[Any, ...]]:
    """Return what people and conflicts a laptop shows."""
    person, conflict = table(Person), table(Conflict)
    with store.read() as connection:
        rows = [
            *connection.execute(
                select(person.c.id, person.c.number, person.c.gone, *(person.c[name] for name in FIELDS)).order_by(person.c.id)
            ),
            *connection.execute(
                select(
                    conflict.c.id,
                    conflict.c.field,
                    conflict.c.shown,
                    conflict.c.other,
                    conflict.c.shown_by,
                    conflict.c.other_by,
                    conflict.c.chosen,
                    conflict.c.settled_by,
                ).order_by(conflict.c.id)
            ),
        ]
    return [tuple(row) for row in rows]


def play(steps: Sequence[tuple[Any, ...]], database: str = "") -> None:
    """Let three laptops take ``steps``; all must end equal, and every edit be current, in history or in a conflict."""
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), database) as centre:
        laptops = [centre.join(name) for name in ("Rowan Oak", "Grace Lamb", "Ines Vale")]
        with laptops[0].store.write() as writing:
            people = [writing.add(Person(area=AREA, preferred_name=name, safe_to_call="yes")) for name in ("Amina", "Bo")]
        for laptop in laptops:
            laptop.sync()
        made: list[str] = []
        for step in steps:
            take(laptops, people, step)
        for laptop in laptops:
            with laptop.store.read() as connection:
                made += connection.exec_driver_sql("SELECT id FROM journal").scalars().all()
        for laptop in (*laptops, *laptops):
            laptop.sync()
        first = shown(laptops[0].store)
        assert all(shown(laptop.store) == first for laptop in laptops)
        expect_standing_alike(centre, laptops)
        assert all(laptop.sync().received == 0 for laptop in laptops)
        ledger = server_tables.ledger
        taken = centre.server.do(lambda connection: set(connection.execute(select(ledger.c.change_id)).scalars()))
        assert set(made) <= taken
        current = current_of([row for row in first if row[0] in people])
        said = said_to(centre)
        expect_none_passed_over(said, current, questions(laptops[0], centre))
        last = {(one.record, one.field): one.value for one in said if one.field == "telephone"}
        assert all(current[key] == value for key, value in last.items())
