"""Any edits on any laptops in any order, with lines that break, and the check that nothing of it is nowhere."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from hypothesis import strategies as st
from sqlalchemy import select

from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Conflict, Person, table
from ewb_desktop.syncing.troubles import LineTrouble
from sync.server import tables as server_tables
from tests.support.connected import AREA, Connected, House, house

FIELDS = {
    "telephone": st.sampled_from(["0161 496 0001", "0161 496 0002", None]),
    "safe_to_call": st.sampled_from(["yes", "no", "mornings", None]),
    "coordinator": st.sampled_from(["one", "two"]),
    "communication": st.lists(st.sampled_from(["large print", "easy read", "interpreter"]), unique=True, max_size=3),
}
LAPTOPS = st.integers(0, 2)
EDITS = st.one_of(
    *(st.tuples(st.just("edit"), LAPTOPS, st.integers(0, 1), st.just(name), values) for name, values in FIELDS.items())
)
_STEP = st.one_of(
    EDITS,
    st.tuples(st.just("sync"), LAPTOPS),
    st.tuples(st.just("lose the answer"), LAPTOPS),
    st.tuples(st.just("remove"), LAPTOPS, st.integers(0, 1)),
    st.tuples(st.just("bring back"), LAPTOPS, st.integers(0, 1)),
)
STEPS = st.lists(_STEP, max_size=14)
LONG_STEPS = st.lists(_STEP, max_size=40)


def take(laptop: Connected, people: Sequence[str], step: tuple[Any, ...]) -> None:
    """Do one step on a laptop."""
    what = step[0]
    if what == "edit":
        with laptop.store.write() as writing:
            writing.edit(Person, people[step[2]], **{step[3]: step[4]})
    elif what == "remove":
        with laptop.store.write() as writing:
            writing.remove(Person, people[step[2]])
    elif what == "bring back":
        with laptop.store.write() as writing:
            writing.restore(Person, people[step[2]])
    elif what == "sync":
        laptop.sync()
    else:
        laptop.line.loses_answer = True
        assert isinstance(laptop.engine.run().trouble, LineTrouble)


def shown(store: Store) -> list[tuple[Any, ...]]:
    """Return what people and conflicts a laptop shows."""
    person, conflict = table(Person), table(Conflict)
    with store.read() as connection:
        rows = [
            *connection.execute(
                select(person.c.id, person.c.number, person.c.gone, *(person.c[name] for name in FIELDS)).order_by(person.c.id)
            ),
            *connection.execute(
                select(conflict.c.id, conflict.c.field, conflict.c.shown, conflict.c.other).order_by(conflict.c.id)
            ),
        ]
    return [tuple(row) for row in rows]


def edits_taken(centre: House) -> list[tuple[str, str, Any]]:
    """Return record, field and value of every edit in the server's ledger, in its order."""
    ledger = server_tables.ledger
    query = ledger.select().where(ledger.c.entity == "person").order_by(ledger.c.number)
    rows = centre.server.do(lambda connection: connection.execute(query).all())
    return [(row.record, name, value) for row in rows for name, value in orjson.loads(row.fields).items() if name in FIELDS]


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
            take(laptops[step[1]], people, step)
        for laptop in laptops:
            with laptop.store.read() as connection:
                made += connection.exec_driver_sql("SELECT id FROM journal").scalars().all()
        for laptop in (*laptops, *laptops):
            laptop.sync()
        first = shown(laptops[0].store)
        assert all(shown(laptop.store) == first for laptop in laptops)
        assert all(laptop.sync().received == 0 for laptop in laptops)
        ledger = server_tables.ledger
        taken = centre.server.do(lambda connection: set(connection.execute(select(ledger.c.change_id)).scalars()))
        assert set(made) <= taken
        current = {
            (row[0], name): value for row in first if row[0] in people for name, value in zip(FIELDS, row[3:], strict=True)
        }
        last = {(record, name): value for record, name, value in edits_taken(centre)}
        conflicts = [row for row in first if row[0] not in people]
        for (record, name), value in last.items():
            if name in ("safe_to_call", "coordinator") and current[record, name] != value:
                assert any(row[1] == name and value in row[2:] for row in conflicts)
            if name == "telephone":
                assert current[record, name] == value
