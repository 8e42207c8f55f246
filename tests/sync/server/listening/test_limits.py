"""Limits stop a program that runs wild, say when to come back, and no work is lost while a laptop waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import requests

from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.troubles import AskedToWait
from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.server.listening.limits import Turns, household
from tests.support.callers import enrol_request, enrolled, new_id, trouble
from tests.support.connected import AREA, house
from tests.support.servers import running, sqlite_settings


def test_turns_come_back_with_time_and_it_is_known_when() -> None:
    now = [0.0]
    turns = Turns(2, 6, lambda: now[0])
    assert [turns.take("a"), turns.take("a"), turns.take("a"), turns.take("b")] == [True, True, False, True]
    assert turns.wait("a") == 10
    now[0] = 9.5
    assert (turns.take("a"), turns.wait("a")) == (False, 1)
    now[0] = 10.5
    assert turns.take("a")


def test_a_laptop_that_is_asked_to_wait_keeps_its_work_and_hears_how_long(tmp_path: Path) -> None:
    with house(tmp_path) as centre:
        rowan = centre.join("Rowan Oak")
        with rowan.store.write() as writing:
            writing.add(Person(area=AREA, preferred_name="Amina"))
        spent = Turns(1, 2, lambda: 0.0)
        spent.take(f"stretford/{rowan.store.device}")
        before = centre.server.app.state.house.turns
        object.__setattr__(centre.server.app.state.house, "turns", spent)
        told = rowan.engine.run().trouble
        assert isinstance(told, AskedToWait)
        assert told.wait_seconds == 30
        with rowan.store.read() as connection:
            assert counts(connection).to_send == 1
        object.__setattr__(centre.server.app.state.house, "turns", before)
        assert rowan.sync().sent == 1


@pytest.mark.parametrize("path", ["/v1/round", "/v1/snapshot/0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10"])
def test_an_address_that_tries_credentials_is_stopped_and_enrolled_laptops_are_not(tmp_path: Path, path: str) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), enrol_burst=4, enrol_per_minute=1)
    with running(settings) as server:
        ada = enrolled(server, "Ada Okafor")
        method = "GET" if "snapshot" in path else "POST"

        def tried() -> requests.Response:
            headers = {"Authorization": f"Bearer stretford.{new_id()}"}
            return server.session().request(method, server.url + path, data=pack(ada.ask()), headers=headers)

        answers = [tried() for _ in range(5)]
        assert [trouble(answer).trouble for answer in answers] == [Trouble.UNKNOWN_LAPTOP] * 3 + [Trouble.TOO_MANY] * 2
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        ada.round()


def test_a_laptop_that_was_signed_off_hears_so_and_is_stopped_when_it_asks_on(tmp_path: Path) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), enrol_burst=3, enrol_per_minute=1)
    with running(settings) as server:
        ada = enrolled(server, "Ada Okafor")
        server.revoke(ada.device)
        assert [ada.send(ada.ask()).status_code for _ in range(5)] == [403, 403, 403, 429, 429]
        enrolled(server, "Bea Lind").round()


def test_a_credential_that_was_signed_off_is_one_however_it_is_written(tmp_path: Path) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), enrol_burst=3, enrol_per_minute=1)
    with running(settings) as server:
        ada = enrolled(server, "Ada Okafor")
        server.revoke(ada.device)
        ways = ("Bearer {}", "bearer {}", "BEARER  {}", "Bearer   {}", "beareR {} ")

        def tried(way: str) -> int:
            headers = {"Authorization": way.format(ada.credential)}
            return server.session().post(f"{server.url}/v1/round", data=pack(ada.ask()), headers=headers).status_code

        assert [tried(way) for way in ways] == [403, 403, 403, 429, 429]


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("no address", "no address", True),
    ],
)
def test_tries_from_one_network_of_ipv6_count_together(one: str, other: str, is_one: bool) -> None:
    assert (household(one) == household(other)) is is_one


def test_codes_are_tried_a_few_times_only(tmp_path: Path) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), enrol_burst=3, enrol_per_minute=1)
    with running(settings) as server:
        code = server.invite("Ada Okafor", "connector", [AREA]).code
        wrong = pack(enrol_request(code[:-1] + ("1" if code.endswith("0") else "0"), new_id()))
        statuses = [server.session().post(f"{server.url}/v1/enrol", data=wrong).status_code for _ in range(4)]
        assert statuses == [403, 403, 403, 429]
