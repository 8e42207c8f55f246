"""What a page tells of others' edits: everything of a day's few, of many or much only what was destroyed by law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select, update

from sync.packing import unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import HistoryReply, RecordsReply
from sync.protocol.version import PROTOCOL, PUSH_CHANGES
from sync.server.database import tables
from sync.server.records import history
from tests.support.callers import Caller, enrolled
from tests.support.servers import RunningServer, running, settings_for

_MANY = 1_100


def in_pushes(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Yield as many as one push may hold at a time."""
    for begin in range(0, len(changes), PUSH_CHANGES):
        yield changes[begin : begin + PUSH_CHANGES]


def heard(caller: Caller) -> list[list[object]]:
    """Return the lines of history that come until there is nothing more."""
    lines: list[list[object]] = []
    while True:
        page = caller.round().page
        lines += [list(line) for line in page.history]
        if not page.more:
            return lines


def test_every_record_that_was_destroyed_is_told_of_however_many_there_are(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    made = [ada.change("visit", {"people": 1}) for _ in range(_MANY)]
    for some in in_pushes(made):
        ada.round(*some)
    heard(bea)
    for some in in_pushes(made):
        ada.round(*(ada.change("visit", {}, record=each.record, kind=ChangeKind.ERASE, base=ada.cursor) for each in some))
    told = heard(bea)
    assert {line[2] for line in told} == {each.record for each in made}
    assert {(line[1], line[3], line[4], str(line[6])) for line in told} == {("visit", "erase", ada.worker, "{}")}


@pytest.fixture
def narrow(database_url: str) -> Iterator[RunningServer]:
    """Lend a server whose pages are small."""
    with running(replace(settings_for(database_url), page_bytes=100_000)) as server:
        yield server


def edited(ada: Caller, times: int, letters: int) -> Change:
    """Let one member's note be written anew so many times, and return what made her."""
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    ada.round(*(ada.edit(made, {"contact_note": str(n % 10) * letters}, ada.cursor + n) for n in range(times)))
    return made


def test_a_history_larger_than_a_page_is_left_out_of_it_and_what_was_destroyed_is_not(narrow: RunningServer) -> None:
    ada, bea = enrolled(narrow, "Ada Okafor"), enrolled(narrow, "Bea Lund")
    short, erased = (ada.change("visit", {"people": 1}) for _ in range(2))
    ada.round(short, erased)
    bea.round()
    long = edited(ada, 20, 10_000)
    ada.round(ada.edit(short, {"people": 2}, ada.cursor))
    ada.round(ada.change("visit", {}, record=erased.record, kind=ChangeKind.ERASE, base=ada.cursor))
    told = heard(bea)
    assert [(line[2], line[3]) for line in told] == [(short.record, "edit"), (erased.record, "erase")]
    assert len(bea.last_bytes) < 200_000
    assert bea.rows[long.record]["contact_note"] == "9" * 10_000


def test_what_stood_before_and_after_each_edit_fills_no_more_than_a_page(narrow: RunningServer) -> None:
    ada, ben, bea = (enrolled(narrow, name) for name in ("Ada Okafor", "Ben Shah", "Bea Lund"))
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    for each in (ben, bea):
        each.round()
    ada.round(ada.edit(made, {"safe_to_call": "n" * 20_000}, ada.cursor))
    # a few letters, of which people are asked: what stood before stands afterwards too
    ben.round(*(ben.edit(made, {"safe_to_call": f"yes {n}"}, made.base + 1) for n in range(3)))
    told = heard(bea)
    assert 1 < len(told) < 4
    assert len(bea.last_bytes) < 200_000


def test_all_of_a_long_history_is_told_to_who_asks_for_it_a_page_at_a_time(narrow: RunningServer) -> None:
    ada = enrolled(narrow, "Ada Okafor")
    made = edited(ada, 20, 10_000)
    numbers: list[int] = []
    more = True
    while more:
        answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": numbers[-1] if numbers else 0}, "/v1/history")
        reply = HistoryReply.model_validate(unpack(answer.content, 1 << 20))
        assert len(ada.last_bytes) < 200_000
        assert reply.lines
        numbers += [line[0] for line in reply.lines]
        more = reply.more
    assert len(numbers) == len(set(numbers)) == 21


def test_a_restored_server_tells_of_many_records_at_once_no_more_than_a_page(narrow: RunningServer) -> None:
    ada = enrolled(narrow, "Ada Okafor")
    long, short = edited(ada, 20, 10_000), edited(ada, 2, 10)
    asked = {"protocol": PROTOCOL, "records": [long.record, short.record], "opened": [], "history": True}
    reply = RecordsReply.model_validate(unpack(ada.send(asked, "/v1/records").content, 1 << 20))
    assert {line[2] for line in reply.page.history} == {short.record}
    assert reply.left_out == (long.record,)
    assert len(ada.last_bytes) < 200_000


def test_a_history_of_very_many_lines_is_left_out_however_short_they_are(
    narrow: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "HEARD_LINES", 10)
    ada, bea = enrolled(narrow, "Ada Okafor"), enrolled(narrow, "Bea Lund")
    long, short = edited(ada, 20, 1), edited(ada, 2, 1)
    bea.round()
    ada.round(*(ada.edit(each, {"contact_note": "Rings twice"}, ada.cursor) for each in (long, short)))
    assert {line[2] for line in heard(bea)} == {short.record}


def test_a_colleague_s_whole_morning_is_heard_though_the_members_have_been_known_for_years(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    members = [edited(ada, 26, 20) for _ in range(40)]
    bea.round()
    ada.round(*(ada.edit(each, {"contact_note": "Rings twice"}, ada.cursor) for each in members))
    assert {line[2] for line in heard(bea)} == {each.record for each in members}


def test_a_page_of_a_history_is_read_no_further_than_it_tells(narrow: RunningServer) -> None:
    ada = enrolled(narrow, "Ada Okafor")
    made = edited(ada, 60, 10_000)
    row = tables.ledger.c

    def alter_the_last(connection: Connection) -> None:
        last = select(func.max(row.number)).where(row.record == made.record).scalar_subquery()
        connection.execute(update(tables.ledger).where(row.number == last).values(fields="no JSON"))

    narrow.do(alter_the_last)
    answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": 0}, "/v1/history")
    reply = HistoryReply.model_validate(unpack(answer.content, 1 << 20))
    assert reply.more
    assert 1 < len(reply.lines) < 20


def test_short_histories_of_a_whole_page_are_told(narrow: RunningServer) -> None:
    ada, bea = enrolled(narrow, "Ada Okafor"), enrolled(narrow, "Bea Lund")
    made = [ada.change("visit", {"people": 0}) for _ in range(10)]
    ada.round(*made)
    bea.round()
    for turn in range(1, 8):
        ada.round(*(ada.edit(each, {"people": turn}, ada.cursor) for each in made))
    assert len(heard(bea)) == 70
