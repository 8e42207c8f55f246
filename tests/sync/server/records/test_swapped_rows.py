"""A ready-made row that is another record's is handed to nobody: it would give words to those whom they are not for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from sync.packing import unpack
from sync.protocol.change import Change
from sync.protocol.messages import RecordsReply
from sync.protocol.version import PROTOCOL
from sync.server.database import tables
from sync.server.doctor.examining import examine
from sync.server.laptops.snapshot_rows import blocks
from sync.server.records.scope import Grant
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer

HERE, THERE = "Bo", "Zuleika"


def cell(server: RunningServer, of: Change, name: str) -> Any:
    return server.do(lambda c: c.execute(select(tables.record.c[name]).where(tables.record.c.id == of.record)).scalar_one())


def alter(server: RunningServer, of: Change, **values: Any) -> None:
    server.do(lambda c: c.execute(update(tables.record).where(tables.record.c.id == of.record).values(**values)))


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    return {each.subject.removeprefix(f"{ORGANISATION}: "): each.words for each in found if not each.is_well}


@pytest.fixture
def swapped(server: RunningServer, ada: Caller) -> tuple[Change, Change]:
    """Two members in two areas, each with the other's ready-made row."""
    far = enrolled(server, "Far Away", areas=["sale"])
    here, there = ada.change("person", {"preferred_name": HERE}), far.change("person", {"preferred_name": THERE}, area="sale")
    ada.round(here)
    far.round(there)
    rows = cell(server, here, "wire"), cell(server, there, "wire")
    alter(server, here, wire=rows[1])
    alter(server, there, wire=rows[0])
    return here, there


def test_no_page_hands_out_another_record_s_row_and_the_next_has_its_own(
    server: RunningServer, swapped: tuple[Change, Change]
) -> None:
    here, there = swapped
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert not {here.record, there.record} & ben.rows.keys()
    ben.round()
    assert ben.rows[here.record]["preferred_name"] == HERE
    assert there.record not in ben.rows
    nor = enrolled(server, "Nor Aziz", areas=["sale"])
    nor.round()
    nor.round()
    assert (nor.rows[there.record]["preferred_name"], here.record in nor.rows) == (THERE, False)
    assert faults(server) == {}


@pytest.mark.parametrize("what", ["id", "area", "number"])
def test_a_row_that_names_another_id_area_or_number_is_not_handed_out(server: RunningServer, ada: Caller, what: str) -> None:
    made = ada.change("person", {"preferred_name": HERE})
    number = ada.round(made).verdicts[0].number
    was, other = cell(server, made, "wire"), made.record[::-1]
    said = {"id": (made.record, other), "area": ('"stretford"', '"stretfore"'), "number": (f",{number},", ",1,")}
    alter(server, made, wire=was.replace(*said[what], 1))
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert not {made.record, other} & ben.rows.keys()
    ben.round()
    assert (ben.rows[made.record]["area"], ben.rows[made.record]["preferred_name"]) == ("stretford", HERE)


def test_no_snapshot_has_another_record_s_row(server: RunningServer, swapped: tuple[Change, Change]) -> None:
    grant = Grant(ORGANISATION, "laptop", "worker", "connector", ("stretford",))
    found = server.do(lambda c: list(blocks(c, grant, 1_000, "2026-11-21")))
    assert THERE not in str([block.content for block in found])


def test_who_asks_for_a_record_by_its_id_is_given_its_own_row(
    server: RunningServer, ada: Caller, swapped: tuple[Change, Change]
) -> None:
    here, there = swapped
    asked = {"protocol": PROTOCOL, "records": [here.record, there.record], "opened": [], "history": False}
    # the second time it was made again
    for given in ([], [HERE]):
        reply = RecordsReply.model_validate(unpack(ada.send(asked, "/v1/records").content, 1 << 20))
        text = str(reply.model_dump())
        assert [name for name in (HERE, THERE) if name in text] == given


def test_the_doctor_names_both(server: RunningServer, swapped: tuple[Change, Change]) -> None:
    numbers = ", ".join(str(cell(server, each, "number")) for each in swapped)
    assert f"2 records (at number {numbers}) cannot be handed out" in faults(server)["reading"]
