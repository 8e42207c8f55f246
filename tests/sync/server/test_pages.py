"""A page is put together from parts of the scope: together they are the scope, and each row stands in one of them."""

from __future__ import annotations

from sqlalchemy import select

from sync.server import tables
from sync.server.scope import ROLES, Grant
from sync.server.wire import _parts, read_page
from tests.support.callers import enrolled
from tests.support.servers import ORGANISATION, RunningServer

_AREAS = (("sale",), ("sale", "urmston"), ("nowhere",), ("*",), tuple(f"area{n}" for n in range(12)), ())


def test_parts_of_a_scope_hold_what_the_scope_holds_and_every_row_once(server: RunningServer) -> None:
    for area in ("sale", "urmston"):
        caller = enrolled(server, f"Worker of {area}", "clinician", [area])
        caller.round(
            caller.change("person", {"preferred_name": "Maryam"}, area=area), caller.change("visit", {"people": 2}, area=area)
        )
    row = tables.record.c
    with server.database.reading() as connection:
        for role in ROLES:
            for areas in _AREAS:
                grant = Grant(ORGANISATION, "", "", role, areas)
                whole = connection.execute(select(row.id).where(grant.clause())).scalars().all()
                parts = [id_ for part in _parts(grant) for id_ in connection.execute(select(row.id).where(part)).scalars()]
                assert sorted(parts) == sorted(whole), (role, areas)
                page = read_page(connection, grant, 0, 1_000, 1 << 20, frozenset())
                assert page.rows == len(whole), (role, areas)
        assert len(_parts(Grant(ORGANISATION, "", "", "clinician", ("sale", "urmston")))) == 4
