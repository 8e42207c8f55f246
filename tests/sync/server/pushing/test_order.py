"""One increasing number without a gap, however many push at one moment and through however many processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from sync.packing import pack
from sync.protocol.change import Change
from sync.server.database import tables
from tests.support.callers import Caller, enrol_request, enrolled, new_id
from tests.support.servers import RunningServer, running

PUSHERS, ROUNDS, CHANGES = 6, 5, 4


def push(caller: Caller) -> list[Change]:
    made = []
    for _ in range(ROUNDS):
        pushed = [caller.change("visit", {"day": "2026-11-21", "people": n}) for n in range(CHANGES)]
        caller.round(*pushed)
        made += pushed
    return made


def test_numbers_have_no_gap_and_a_reader_misses_nothing(server: RunningServer) -> None:
    with running(server.settings, organisation=None) as second:
        callers = [enrolled((server, second)[n % 2], f"Worker {n}", "volunteer") for n in range(PUSHERS)]
        reader = enrolled(second, "Reader", "volunteer")
        with ThreadPoolExecutor(PUSHERS) as pool:
            pushing = [pool.submit(push, caller) for caller in callers]
            while not all(one.done() for one in pushing):
                # looks all the time: what commits late must not be stepped over
                reader.round()
        made = {change.record for one in pushing for change in one.result()}
        while reader.round().page.more:
            pass
    assert len(made) == PUSHERS * ROUNDS * CHANGES
    assert made == reader.rows.keys()
    with server.database.reading() as connection:
        numbers = list(connection.execute(select(tables.ledger.c.number).order_by(tables.ledger.c.number)).scalars())
    assert numbers == list(range(1, len(numbers) + 1))


def test_one_change_pushed_by_many_threads_at_once_is_taken_once(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Maryam"})
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ada.send(ada.ask([made])).status_code, range(6)))
    assert answers == [200] * 6
    with server.database.reading() as connection:
        found = connection.execute(select(tables.ledger.c.number).where(tables.ledger.c.change_id == made.id)).all()
    assert len(found) == 1


def test_one_code_used_by_many_at_once_lets_one_in(server: RunningServer) -> None:
    code = server.invite("Ada Okafor", "clinician", ["sale"]).code
    with ThreadPoolExecutor(6) as pool:
        asked = [pack(enrol_request(code, new_id())) for _ in range(6)]
        answers = list(pool.map(lambda body: server.session().post(f"{server.url}/v1/enrol", data=body).status_code, asked))
    assert sorted(answers) == [200, 403, 403, 403, 403, 403]
