"""When the server breaks, the laptop hears that its work is safe, and no log repeats what somebody wrote."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, MutableMapping
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from sync.packing import pack
from sync.protocol.errors import Refusal, Trouble
from sync.protocol.messages import VerdictKind
from sync.server.listening.exchange import CUT
from sync.server.listening.metrics import Metrics
from sync.server.logs import JsonLines, logger
from sync.server.routes import rounds
from tests.support.callers import Caller, enrolled, new_id, trouble
from tests.support.servers import RunningServer, running, sqlite_settings


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    lines = logging.StreamHandler(written)
    lines.setFormatter(JsonLines())
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield written
    finally:
        logger.removeHandler(lines)
        logger.propagate = True


def test_a_fault_of_the_server_takes_nothing_and_is_told(server: RunningServer, log: StringIO) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Zuleika"})
    server.do(lambda c: c.execute(text("ALTER TABLE audit RENAME TO elsewhere")))
    answer = ada.send(ada.ask([made]))
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)
    assert answer.headers["X-Request-Id"] in trouble(answer).words
    server.do(lambda c: c.execute(text("ALTER TABLE elsewhere RENAME TO audit")))
    # nothing was half taken: the same change is new to the server
    assert ada.round(made).verdicts[0].kind is VerdictKind.ACCEPTED
    assert "Zuleika" not in log.getvalue()
    assert "fault" in log.getvalue()


def full() -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("database or disk is full: Zuleika")
    fault.sqlite_errorcode = sqlite3.SQLITE_FULL
    return fault


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (psycopg.errors.AdminShutdown("Zuleika"), "the database does not answer"),
        (psycopg.errors.DiskFull("Zuleika"), "the disk of the database is full"),
        (full(), "the disk of the database is full"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_while_the_database_is_away_who_asks_is_told_when_to_come_again(
    tmp_path: Path, log: StringIO, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        ada = enrolled(server, "Ada Okafor")
        made = ada.change("person", {"preferred_name": "Zuleika"})

        def away(*_asked: object) -> None:
            raise OperationalError("SELECT", {}, fault)

        with monkeypatch.context() as moment:
            moment.setattr(rounds, "let_in", away)
            answer = ada.send(ada.ask([made]))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert trouble(answer).trouble is Trouble.SERVER_FAULT
        assert ada.round(made).verdicts[0].kind is VerdictKind.ACCEPTED
    assert said in log.getvalue()
    assert "Zuleika" not in log.getvalue()


@pytest.mark.parametrize("is_another_there", [False, True])
def test_nothing_is_taken_while_another_file_or_none_stands_where_the_database_was(
    tmp_path: Path, log: StringIO, is_another_there: bool
) -> None:
    file = tmp_path / "server.db"
    with running(sqlite_settings(file)) as server:
        ada = enrolled(server, "Ada Okafor")
        made = ada.change("person", {"preferred_name": "Zuleika"})
        file.rename(tmp_path / "before.db")
        if is_another_there:
            file.touch()
        assert ada.send(ada.ask([made])).status_code == 503
        assert server.session().get(f"{server.url}/v1/health/ready").status_code == 503
        (tmp_path / "before.db").replace(file)
        assert ada.round(made).verdicts[0].kind is VerdictKind.ACCEPTED
    assert "stands where the database was" in log.getvalue()


def test_a_figure_that_cannot_be_counted_takes_no_answer_away(
    server: RunningServer, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_told: object) -> None:
        raise FileNotFoundError

    ada = enrolled(server, "Ada Okafor")
    monkeypatch.setattr(Metrics, "note", gone)
    assert ada.round(ada.change("person", {"preferred_name": "Zuleika"})).verdicts[0].kind is VerdictKind.ACCEPTED
    assert "a figure was not counted" in log.getvalue()


def test_each_request_is_one_line_without_anybody_in_it(server: RunningServer, log: StringIO) -> None:
    ada = enrolled(server, "Ada Okafor")
    ada.round(ada.change("person", {"preferred_name": "Zuleika"}))
    lines = [orjson.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["path"], line["status"]) for line in lines] == [("/v1/enrol", 200), ("/v1/round", 200)]
    assert (lines[1]["changes"], lines[1]["rows"]) == (1, 1)
    for secret in ("Zuleika", "Okafor", ada.worker, ada.device, ada.credential):
        assert secret not in log.getvalue()


def test_a_change_that_the_database_cannot_hold_is_refused_alone(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    refuse = "CREATE UNIQUE INDEX odd ON ledger (counter) WHERE counter = 77"
    server.do(lambda c: c.execute(text(refuse)))
    made = [ada.change("visit", {"people": n}) for n in range(4)]
    made[1:3] = [change.model_copy(update={"counter": 77}) for change in made[1:3]]
    reply = ada.round(*made)
    assert [v.reason for v in reply.verdicts] == [None, None, Refusal.MALFORMED, None]
    assert [v.number for v in reply.verdicts] == [2, 3, 0, 4]


def test_beside_such_a_change_one_that_waits_for_what_stands_behind_it_is_taken_too(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    server.do(lambda c: c.execute(text("CREATE UNIQUE INDEX odd ON ledger (counter) WHERE counter = 77")))
    first = ada.change("person", {"preferred_name": "Maryam"})
    then = ada.change("need", {"person": first.record, "words": "debt"}, after=first.id)
    last = ada.change("goal", {"person": first.record, "need": then.record, "words": "Open them"}, after=then.id)
    never = ada.change("visit", {}, after=new_id())
    odd = [ada.change("visit", {"people": n}).model_copy(update={"counter": 77}) for n in range(2)]
    reasons = [verdict.reason for verdict in ada.round(last, then, never, *odd, first).verdicts]
    assert reasons == [None, None, Refusal.WAITING_FOR, None, Refusal.MALFORMED, None]


def test_a_page_stops_at_its_bytes_and_goes_on(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    made = [ada.change("conversation", {"summary": "x" * 120_000}) for _ in range(8)]
    ada.round(*made)
    object.__setattr__(server.settings, "page_bytes", 300_000)
    first = ben.round()
    assert first.page.more
    while ben.round().page.more:
        pass
    assert {change.record for change in made} <= ben.rows.keys()


async def break_off(server: RunningServer, body: bytes = b"half", credential: str = "", *, is_whole: bool = False) -> int:
    """Send a request, or half of one, and hang up; return the status of the answer that nobody hears."""
    pieces: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": body, "more_body": not is_whole},
        {"type": "http.disconnect"},
    ]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return pieces.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/round", "raw_path": b"/v1/round", "query_string": b"", "root_path": "",
        "headers": [(b"authorization", f"Bearer {credential}".encode())],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    await server.app(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def test_a_line_that_breaks_in_the_middle_of_a_request_is_logged_as_cut_and_not_as_a_fault(
    server: RunningServer, log: StringIO
) -> None:
    assert server.loop.run(break_off(server)) == CUT
    (line,) = [orjson.loads(line) for line in log.getvalue().splitlines()]
    assert (line["level"], line["message"], line["status"]) == ("INFO", "cut", CUT)


def test_who_hung_up_before_her_turn_is_not_worked_for(server: RunningServer, ada: Caller) -> None:
    assert server.loop.run(break_off(server, pack(ada.ask()), ada.credential, is_whole=True)) == CUT


def test_what_she_sent_before_she_hung_up_is_taken(server: RunningServer, ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    assert server.loop.run(break_off(server, pack(ada.ask([made])), ada.credential, is_whole=True)) == 200
    ben.round()
    assert made.record in ben.rows


def test_what_was_pushed_is_kept_when_its_answer_cannot_be_made(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Zuleika"})
    server.do(lambda c: c.execute(text("ALTER TABLE departed RENAME TO elsewhere")))
    assert trouble(ada.send(ada.ask([made]))).trouble is Trouble.SERVER_FAULT
    server.do(lambda c: c.execute(text("ALTER TABLE elsewhere RENAME TO departed")))
    assert ada.round(made).verdicts[0].kind is VerdictKind.KNOWN
