"""Who opened a member is told again by laptops after a restore; nobody says by that door who read of it, or makes it up."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.server.admission.people import begin_epoch
from tests.support.callers import Caller, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer

AT = "2026-11-02T10:00:00.000Z"


@pytest.fixture
def maryam(server: RunningServer, ada: Caller) -> Change:
    """A member on a server that was put back since."""
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    return made


@pytest.fixture
def opener(server: RunningServer) -> Caller:
    return enrolled(server, "Cass Moor", areas=["sale"])


def notice(caller: Caller, about: Change, opener: str, id_: str = "", **otherwise: JsonValue) -> Change:
    told: dict[str, JsonValue] = {
        "person": about.record, "worker": opener, "worker_name": "Somebody Else", "reason": "here_now", "words": "at my table",
        "opened_at": AT, "until": "2026-11-02T13:00:00.000Z",
    }  # fmt: skip
    return caller.change("opening", told | otherwise, record=id_ or new_id())


def reason(caller: Caller, change: Change) -> Refusal | None:
    return caller.round(change).verdicts[0].reason


def told(caller: Caller, record: str, *names: str) -> tuple[JsonValue, ...]:
    caller.round()
    return tuple(caller.rows[record][name] for name in names)


def test_it_stands_in_her_area_again_with_the_name_that_is_known_here(
    ada: Caller, ben: Caller, maryam: Change, opener: Caller
) -> None:
    brought = notice(ada, maryam, opener.worker)
    assert reason(ada, brought) is None
    assert told(ben, brought.record, "worker", "worker_name", "words") == (opener.worker, "Cass Moor", "at my table")


def test_who_brings_it_says_of_herself_alone_that_she_has_read_of_it(
    ada: Caller, ben: Caller, maryam: Change, opener: Caller
) -> None:
    brought = notice(ada, maryam, opener.worker, read_at=AT, read_by=ben.worker)
    assert reason(ada, brought) is None
    assert told(ada, brought.record, "read_at", "read_by") == (None, None)
    again = notice(ben, maryam, opener.worker, brought.record, words="made up", read_at=AT, read_by=ben.worker)
    assert reason(ben, again) is None
    assert told(ada, brought.record, "words", "read_at", "read_by") == ("at my table", AT, ben.worker)


def test_who_opened_her_does_not_bring_it_as_read(ada: Caller, maryam: Change) -> None:
    brought = notice(ada, maryam, ada.worker, read_at=AT, read_by=ada.worker)
    assert reason(ada, brought) is None
    assert told(ada, brought.record, "read_by") == (None,)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"worker": new_id()}, Refusal.NOT_ALLOWED),
        ({"opened_at": "2100-01-01T10:00:00.000Z"}, Refusal.NOT_ALLOWED),
        ({"until": None}, Refusal.MALFORMED),
        ({"person": new_id()}, Refusal.MISSING_RECORD),
    ],
)
def test_one_that_cannot_have_been_is_not_taken(
    ada: Caller, maryam: Change, opener: Caller, wrong: dict[str, Any], why: Refusal
) -> None:
    assert reason(ada, notice(ada, maryam, opener.worker, **wrong)) is why


def test_where_no_database_was_ever_put_back_none_is_taken(server: RunningServer, ada: Caller, opener: Caller) -> None:
    maryam = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(maryam)
    assert reason(ada, notice(ada, maryam, opener.worker)) is Refusal.NOT_ALLOWED


def test_nobody_brings_one_about_a_member_whom_she_may_not_hold(maryam: Change, opener: Caller) -> None:
    assert reason(opener, notice(opener, maryam, opener.worker)) is Refusal.NOT_ALLOWED


def test_nobody_takes_one_away_that_was_brought(ada: Caller, maryam: Change, opener: Caller) -> None:
    brought = notice(ada, maryam, opener.worker)
    gone = ada.change("opening", {}, record=brought.record, kind=ChangeKind.TOMBSTONE)
    assert [verdict.reason for verdict in ada.round(brought, gone).verdicts] == [None, Refusal.NOT_ALLOWED]
