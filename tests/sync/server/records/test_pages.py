"""A page is put together from parts of the scope: together they are the scope, and each row stands in one of them."""

from __future__ import annotations

from sqlalchemy import select

from sync.server.database import tables
from sync.server.records.scope import ROLES, Grant
from sync.server.records.wire import _parts, read_page
from tests.support.callers import enrolled, rows_of
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


def test_who_wrote_all_that_is_new_gets_an_empty_page_and_its_number(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    ada.round(ada.change("visit", {"people": 1}))
    pushed = [ada.change("visit", {"people": 2}), ada.change("visit", {"people": 3})]
    reply = ada.round(*pushed)
    assert reply.page.rows == {}
    assert not reply.page.more
    assert reply.page.next == reply.verdicts[-1].number


def test_what_a_colleague_wrote_before_a_push_comes_with_it(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    ada.round(ada.change("visit", {"people": 1}))
    bea.round(theirs := bea.change("visit", {"people": 2}))
    assert [row["id"] for row in rows_of(ada.round(ada.change("visit", {"people": 3})))["visit"]] == [theirs.record]


def test_what_a_push_changed_in_the_record_of_a_colleague_comes_back(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    made = ada.change("person", {"preferred_name": "Maryam", "languages": ["so"]})
    ada.round(made)
    bea.round()
    number = bea.round(bea.edit(made, {"contact_note": "rings on Thursdays"}, base=1)).page.next
    ada.cursor = number
    # made before Bea's edit was heard of, told after the laptop had laid it down
    reply = ada.round(ada.edit(made, {"preferred_name": "Maryam A"}, base=1))
    assert [row["contact_note"] for row in rows_of(reply)["person"]] == ["rings on Thursdays"]
