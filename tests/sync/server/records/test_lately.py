"""What was changed while the server's clock was ahead is recent for as long as anything else, once the clock was set right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from sync.protocol.errors import Refusal
from sync.protocol.version import PROTOCOL
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.records import lately as recent
from sync.server.records.lately import lately
from tests.support.callers import Caller, enrolled, new_id
from tests.support.late_work import reasons, wrote
from tests.support.servers import ORGANISATION, RunningServer

_NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


def ahead(server: RunningServer, year: int = 2100) -> None:
    server.at[0] = server.at[0].replace(year=year)


def days_later(server: RunningServer, colleague: Caller, days: int) -> None:
    """Set the clock right, let a colleague send something, and let some days pass."""
    server.at[0] = _NOW
    colleague.round(colleague.change("visit", {}))
    server.at[0] += timedelta(days=days)
    colleague.round(colleague.change("visit", {}))


@pytest.mark.parametrize(("days", "reason"), [(29, None), (31, Refusal.NOT_ALLOWED)])
def test_a_role_and_an_area_that_ended_then_count_for_30_days(
    server: RunningServer, ada: Caller, ben: Caller, days: int, reason: Refusal | None
) -> None:
    cat = enrolled(server, "Cat Moss")
    first, second = wrote(ada)[0], wrote(cat)[0]
    ahead(server)
    server.change_worker(ada.worker, role="volunteer")
    server.change_worker(cat.worker, areas=["sale"])
    days_later(server, ben, days)
    assert (reasons(ada, first), reasons(cat, second)) == ([reason], [reason])


def test_when_the_years_have_passed_by_which_the_clock_was_ahead_nothing_is_believed_again(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    late = wrote(ada)[0]
    ahead(server, 2028)
    server.change_worker(ada.worker, role="volunteer")
    days_later(server, ben, 731 + 10)
    assert reasons(ada, late) == [Refusal.NOT_ALLOWED]


@pytest.mark.parametrize(("days", "reason"), [(29, None), (31, Refusal.NOT_ALLOWED)])
def test_so_does_a_member_whom_somebody_ceased_to_support_then(
    server: RunningServer, ada: Caller, ben: Caller, days: int, reason: Refusal | None
) -> None:
    peer = enrolled(server, "Cy Moss", "peer")
    person = ada.change("person", {"preferred_name": "Mina", "supporters": [peer.worker]})
    ada.round(person)
    peer.round()
    edit = peer.edit(person, {"pronouns": "she"}, peer.cursor)
    ahead(server)
    ada.round(ada.edit(person, {"supporters": []}, ada.cursor))
    days_later(server, ben, days)
    assert reasons(peer, edit) == [reason]


@pytest.mark.parametrize(("days", "reason"), [(29, None), (31, Refusal.NOT_ALLOWED)])
def test_so_does_a_member_who_was_opened_then(
    server: RunningServer, ada: Caller, ben: Caller, days: int, reason: Refusal | None
) -> None:
    zoe = enrolled(server, "Zoe Lane", areas=["sale"])
    person, _ = wrote(ada)
    ada.round(person)
    zoe.round()
    ahead(server)
    asked = {"protocol": PROTOCOL, "person": person.record, "reason": "here_now", "words": "She is at my table"}
    assert zoe.send(asked, "/v1/open").status_code == 200
    edit = zoe.edit(person, {"pronouns": "she"}, 1)
    days_later(server, ben, days)
    assert reasons(zoe, edit) == [reason]


def test_a_clock_that_was_behind_for_a_moment_ends_nothing_too_early(server: RunningServer, ada: Caller, ben: Caller) -> None:
    late = wrote(ada)[0]
    server.change_worker(ada.worker, role="volunteer")
    ahead(server, 1970)
    ben.round(ben.change("visit", {}))
    server.at[0] = _NOW + timedelta(days=1)
    assert reasons(ada, late) == [None]


@pytest.mark.parametrize("older", [0, 1, 8, 63, 64, 65, 299, 300])
def test_the_last_line_that_is_old_is_found_whatever_the_length(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, older: int
) -> None:
    monkeypatch.setattr(recent, "_LOOKED_AT", 8)
    old, new = instant_text(_NOW), instant_text(_NOW + timedelta(days=1))
    assert last_older(server, [(older, old), (300 - older, new)]) == older


def last_older(server: RunningServer, stretches: Sequence[tuple[int, str]]) -> int:
    """Return the last old number of a ledger of so many lines that came at each instant, a good month after the first."""
    line = {"entity": "visit", "kind": "create", "area": "", "fields": "{}", "base": 0, "author": "", "device": "", "counter": 1}
    came = [at for count, at in stretches for _ in range(count)]
    rows = [
        {**line, "organisation": ORGANISATION, "number": n, "change_id": new_id(), "record": new_id(), "at": at,
         "received_at": at, "verdict": "accepted"}
        for n, at in enumerate(came, 1)
    ]  # fmt: skip
    server.do(lambda connection: connection.execute(insert(tables.ledger), rows))
    now = instant_text(_NOW + timedelta(days=30, hours=1))
    return server.do(lambda connection: lately(connection, ORGANISATION, now).older)


def test_a_few_days_after_a_clock_was_set_right_are_not_passed_over(server: RunningServer) -> None:
    old, new = instant_text(_NOW), instant_text(_NOW + timedelta(days=1))
    ahead_at = instant_text(_NOW.replace(year=2100))
    assert last_older(server, [(1_000, old), (1_000, ahead_at), (50, old), (4_000, new)]) == 2_050
