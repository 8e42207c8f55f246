"""A row that is lost while the history has all that was said: it is made again before anything is refused for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from sqlalchemy import delete, select, update

from sync.packing import unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.protocol.messages import HistoryReply, RecordsReply, VerdictKind
from sync.protocol.version import PROTOCOL
from sync.server.database import tables
from sync.server.doctor.examining import examine
from sync.server.pushing.checking import LARGEST
from sync.server.pushing.mending import MEND
from sync.server.records import audit
from tests.support.callers import AT, Caller, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

NAME = "Zuleika"


def lose(server: RunningServer, *records: str) -> None:
    row = tables.record.c
    server.do(lambda connection: connection.execute(delete(tables.record).where(row.id.in_(records))))


def row_of(server: RunningServer, record: str) -> Any:
    row = tables.record.c
    query = select(tables.record).where(row.organisation == ORGANISATION, row.id == record)
    return server.do(lambda connection: connection.execute(query).one_or_none())


def mends(server: RunningServer) -> list[str]:
    row = tables.audit.c
    query = select(row.record).where(row.action == MEND).order_by(row.number)
    assert server.do(lambda connection: audit.first_broken(connection, ORGANISATION)) is None
    return list(server.do(lambda connection: connection.execute(query).scalars().all()))


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    bad = [finding for finding in found if not finding.is_well and finding.subject != "disk"]
    return {finding.subject.removeprefix(f"{ORGANISATION}: "): finding.words for finding in bad}


def member(caller: Caller, **fields: Any) -> tuple[Change, int]:
    """Write a member in two steps; return how she was made and the number of the second."""
    made = caller.change("person", {"preferred_name": NAME, **fields})
    number = caller.round(made).verdicts[0].number
    return made, caller.round(caller.edit(made, {"telephone": "0161 496 0000"}, number)).verdicts[0].number


def erase(caller: Caller, made: Change) -> Change:
    return caller.change(made.entity, {}, record=made.record, kind=ChangeKind.ERASE, base=LARGEST)


def test_an_edit_of_a_record_whose_row_is_lost_is_taken_and_everybody_receives_it(server: RunningServer, ada: Caller) -> None:
    made, number = member(ada)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    before = row_of(server, made.record)
    lose(server, made.record)
    assert ben.round(ben.edit(made, {"pronouns": "she"}, number)).verdicts[0].kind is not VerdictKind.REFUSED
    cleo = enrolled(server, "Cleo Park")
    for caller in (ada, ben, cleo):
        caller.round()
        row = caller.rows[made.record]
        assert (row["preferred_name"], row["telephone"], row["pronouns"]) == (NAME, "0161 496 0000", "she")
    again = row_of(server, made.record)
    assert (again.author, again.made_at, again.area) == (before.author, before.made_at, before.area)
    assert (again.sensitivity, again.person, again.gone, again.erased) == (before.sensitivity, before.person, 0, 0)
    assert mends(server) == [made.record]
    assert faults(server) == {}


@pytest.mark.parametrize("kind", [ChangeKind.TOMBSTONE, ChangeKind.ERASE])
def test_a_lost_record_can_be_taken_off_the_screens_and_be_destroyed(
    server: RunningServer, ada: Caller, kind: ChangeKind
) -> None:
    made, _ = member(ada)
    need = ada.change("need", {"person": made.record, "words": "rent"})
    ada.round(need)
    lose(server, made.record, need.record)
    for change in (made, need):
        # as who has heard that it was made again, or people are asked whether it goes
        heard = server.do(lambda c: c.execute(select(tables.counter.c.number)).scalar_one()) + 1
        verdict = ada.round(ada.change(change.entity, {}, record=change.record, kind=kind, base=heard)).verdicts[0]
        assert verdict.reason is None
    ben = enrolled(server, "Ben Ode")
    ben.round()
    row = row_of(server, need.record)
    assert (row.gone, row.erased) == (1, int(kind is ChangeKind.ERASE))
    assert ben.rows[made.record]["gone"] == 1
    assert ben.rows[made.record]["preferred_name"] == (None if kind is ChangeKind.ERASE else NAME)
    assert faults(server) == {}


def test_two_answers_to_one_question_still_meet_after_the_row_was_lost(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": NAME, "safe_to_call": "yes"})
    base = ada.round(made).verdicts[0].number
    ben = enrolled(server, "Ben Ode")
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    lose(server, made.record)
    assert ben.round(ben.edit(made, {"safe_to_call": "ask"}, base)).verdicts[0].kind is VerdictKind.CONFLICT
    ada.round()
    (asked,) = [row for row in ada.rows.values() if "other" in row]
    assert (asked["shown"], asked["other"]) == ("no", "ask")
    # what was asked is lost with the record itself: it is answered all the same
    lose(server, made.record, str(asked["id"]))
    choice: dict[str, JsonValue] = {"chosen": "ask", "settled_at": AT, "settled_by": ada.worker}
    chosen = ada.change("conflict", choice, record=str(asked["id"]), kind=ChangeKind.EDIT, base=LARGEST)
    assert ada.round(chosen).verdicts[0].reason is None
    later = int(str(ada.rows[made.record]["number"])) + 99
    assert ada.round(ada.edit(made, {"safe_to_call": "ask"}, later)).verdicts[0].reason is None
    ada.round()
    assert ada.rows[str(asked["id"])]["settled_at"] is not None
    assert faults(server) == {}


def test_who_was_destroyed_by_law_stays_so_though_her_row_is_lost(server: RunningServer, ada: Caller) -> None:
    made, number = member(ada)
    ada.round(erase(ada, made))
    lose(server, made.record)
    assert ada.round(ada.edit(made, {"pronouns": "she"}, number)).verdicts[0].kind is VerdictKind.MERGED
    row = row_of(server, made.record)
    assert (row.gone, row.erased, row.fields) == (1, 1, "{}")
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert ben.rows[made.record]["preferred_name"] is None
    assert faults(server) == {}


@pytest.mark.parametrize("damage", [{"kind": "edit"}, {"fields": '{"preferred_name": "Zuleika"}'}, {"kind": "sung"}])
def test_nothing_is_made_again_where_nobody_knows_whether_it_was_destroyed_by_law(
    server: RunningServer, ada: Caller, damage: dict[str, str]
) -> None:
    made, number = member(ada)
    ada.round(erase(ada, made))
    lose(server, made.record)
    line = tables.ledger.c
    last = (line.record == made.record) & (line.kind == "erase")
    server.do(lambda connection: connection.execute(update(tables.ledger).where(last).values(**damage)))
    verdict = ada.round(ada.edit(made, {"pronouns": "she"}, number)).verdicts[0]
    assert (verdict.kind, verdict.reason) == (VerdictKind.REFUSED, Refusal.MISSING_RECORD)
    assert row_of(server, made.record) is None


def test_a_record_that_was_never_here_is_missing_as_ever(server: RunningServer, ada: Caller) -> None:
    verdict = ada.round(ada.change("person", {}, record=new_id(), kind=ChangeKind.EDIT, base=1)).verdicts[0]
    assert verdict.reason is Refusal.MISSING_RECORD
    assert mends(server) == []


def test_a_member_who_moved_stands_where_she_went_and_what_was_written_meanwhile_with_her(server: RunningServer) -> None:
    ada, ben = (enrolled(server, name, areas=("stretford", "sale")) for name in ("Ada Okafor", "Ben Ode"))
    made, number = member(ada)
    ben.round()
    moved = ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=number, area="sale")
    ada.round(moved)
    lose(server, made.record)
    # he has not heard that she moved
    need = ben.change("need", {"person": made.record, "words": "rent"})
    assert ben.round(need).verdicts[0].reason is None
    ada.round(ada.change("person", {"pronouns": "she"}, record=made.record, kind=ChangeKind.EDIT, base=LARGEST, area="sale"))
    assert (row_of(server, made.record).area, row_of(server, need.record).area) == ("sale", "sale")
    assert faults(server) == {}


@pytest.mark.parametrize("is_destroyed", [False, True])
def test_a_laptop_that_asks_for_a_lost_record_by_name_is_given_it(server: RunningServer, ada: Caller, is_destroyed: bool) -> None:
    made, _ = member(ada)
    if is_destroyed:
        ada.round(erase(ada, made))
    lose(server, made.record)
    ada.send({"protocol": PROTOCOL, "records": [made.record]}, "/v1/records")
    reply = RecordsReply.model_validate_json(ada.last_bytes)
    (row,) = reply.page.rows["person"]
    # what a laptop is told of it is never offered as new by her
    assert row[0] == made.record
    assert (NAME in row) is not is_destroyed
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert ben.rows[made.record]["gone"] == int(is_destroyed)
    assert faults(server) == {}


def test_a_lost_record_of_another_area_is_elsewhere_for_who_asks_for_it(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    lose(server, made.record)
    nor = enrolled(server, "Nor Aziz", areas=["north"])
    nor.send({"protocol": PROTOCOL, "records": [made.record]}, "/v1/records")
    reply = RecordsReply.model_validate_json(nor.last_bytes)
    assert (reply.page.rows, list(reply.elsewhere)) == ({}, [made.record])


def test_the_history_of_a_lost_record_is_told(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    lose(server, made.record)
    answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": 0}, "/v1/history")
    assert len(HistoryReply.model_validate(unpack(answer.content, 1 << 20)).lines) == 2
    assert mends(server) == [made.record]


def test_a_record_that_no_laptop_holds_any_more_is_made_again_when_the_server_starts(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    gone = ada.change("visit", {"people": 2})
    ada.round(gone)
    ada.round(erase(ada, gone))
    lose(server, made.record, gone.record)
    with running(server.settings, organisation=None):
        pass
    assert (row_of(server, made.record).erased, row_of(server, gone.record).erased) == (0, 1)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert ben.rows[made.record]["telephone"] == "0161 496 0000"
    assert faults(server) == {}


def test_a_row_that_is_there_and_not_found_by_its_id_is_not_made_a_second_time(tmp_path: Path) -> None:
    settings, file = sqlite_settings(tmp_path / "server.db"), tmp_path / "server.db"
    with running(settings) as server:
        ada = enrolled(server, "Ada Okafor")
        made, number = member(ada)
    _spoil_key(file, made.record)
    with running(settings, organisation=None) as server:
        ada.session.mount(server.url, server.adapter())
        assert row_of(server, made.record) is None
        assert ada.round(ada.edit(made, {"pronouns": "she"}, number)).verdicts[0].reason is Refusal.MISSING_RECORD
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT count(*) FROM record NOT INDEXED WHERE id = ?", (made.record,)).fetchone()
    assert found == (1,)


def _spoil_key(file: Path, record: str) -> None:
    """Alter one bit of a record's key in its index, as a failing disk does, and leave its row as it is."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name LIKE ?"
        page, size = connection.execute(query, ("sqlite_autoindex_record%",)).fetchone()
    told = bytearray(file.read_bytes())
    at = told.index(record.encode(), (page - 1) * size, page * size)
    told[at + len(record) - 1] ^= 4
    file.write_bytes(told)


def test_the_doctor_says_what_a_lost_row_means_and_what_to_do(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    lose(server, made.record)
    words = faults(server)["records"]
    assert "1 are lost and only 2 lines of history (at number 2, 3) left of them" in words
    assert "when it starts next" in words
    assert "restore the newest backup" in words
    assert NAME not in words


def match(server: RunningServer, ada: Caller) -> tuple[Caller, Change]:
    """Return a peer support worker and a member whom she supports; that she does is lost."""
    pia = enrolled(server, "Pia Lund", "peer")
    made, _ = member(ada, supporters=[pia.worker], coordinator=ada.worker)
    pia.round()
    server.do(lambda connection: connection.execute(delete(tables.matched)))
    return pia, made


def test_a_peers_work_about_a_member_whose_record_names_her_is_taken_though_the_match_is_lost(
    server: RunningServer, ada: Caller
) -> None:
    pia, made = match(server, ada)
    goal = ada.change("goal", {"person": made.record, "words": "wants to sleep again"})
    ada.round(goal)
    pia.round()
    assert goal.record not in pia.rows
    work = pia.change("follow_up", {"person": made.record, "what": "ring on Friday"})
    assert [each.reason for each in pia.round(work).verdicts] == [None]
    # what was written meanwhile comes to her too
    pia.round()
    assert pia.rows[goal.record]["words"] == "wants to sleep again"
    row = tables.matched.c
    kept = server.do(lambda c: c.execute(select(row.worker).where(row.person == made.record)).scalars().all())
    assert sorted(kept) == sorted([ada.worker, pia.worker])
    assert mends(server)[0] == made.record
    assert faults(server) == {}


def test_a_peers_edit_of_a_member_whose_row_and_match_are_lost_is_taken(server: RunningServer, ada: Caller) -> None:
    pia, made = match(server, ada)
    lose(server, made.record)
    assert pia.round(pia.edit(made, {"pronouns": "she"}, LARGEST)).verdicts[0].reason is None
    assert faults(server) == {}


def test_a_laptop_does_not_let_go_of_a_member_to_whom_only_the_match_is_lost(server: RunningServer, ada: Caller) -> None:
    pia, made = match(server, ada)
    other, _ = member(ada)
    need = ada.change("need", {"person": made.record, "words": "rent"})
    ada.round(need)
    pia.send({"protocol": PROTOCOL, "records": [made.record, need.record, other.record]}, "/v1/records")
    reply = RecordsReply.model_validate_json(pia.last_bytes)
    assert [row[0] for rows in reply.page.rows.values() for row in rows] == [made.record, need.record]
    assert list(reply.elsewhere) == [other.record]
    assert faults(server) == {}


def test_a_peer_whom_no_record_names_is_not_allowed_though_a_match_is_lost(server: RunningServer, ada: Caller) -> None:
    _, made = match(server, ada)
    mia = enrolled(server, "Mia Ode", "peer")
    work = mia.change("follow_up", {"person": made.record, "what": "ring on Friday"})
    assert mia.round(work).verdicts[0].reason is Refusal.NOT_ALLOWED
    assert mends(server) == []
