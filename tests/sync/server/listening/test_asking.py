"""A laptop asks: whichever route it takes, it is let in by its credential, in its turn, and for what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from sync.protocol.errors import Trouble
from sync.server.listening.limits import Turns
from tests.support.callers import Caller, enrolled, new_id, trouble
from tests.support.servers import RunningServer, running, sqlite_settings

SNAPSHOT = "/v1/snapshot/0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10"
WITH_A_BODY = ("/v1/round", "/v1/digest", "/v1/records", "/v1/history", "/v1/open")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningServer, Caller]]:
    folder: Path = tmp_path_factory.mktemp("asking")
    settings = replace(sqlite_settings(folder / "server.db"), enrol_burst=1_000, enrol_per_minute=1_000)
    with running(settings) as server:
        yield server, enrolled(server, "Ada Okafor")


def ask(caller: Caller, path: str, credential: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {credential}"}
    if path == SNAPSHOT:
        return caller.session.get(caller.url + path, headers=headers)
    return replace(caller, credential=credential).send(caller.ask(record=new_id(), records=[]), path)


@pytest.mark.parametrize("path", [*WITH_A_BODY, SNAPSHOT])
def test_a_laptop_without_a_turn_hears_when_to_come_again(house: tuple[RunningServer, Caller], path: str) -> None:
    server, ada = house
    spent = Turns(1, 2, lambda: 0.0)
    spent.take(f"{ada.welcome.scope.organisation}/{ada.device}")
    state, usual = server.app.state, server.app.state.house
    state.house = replace(usual, turns=spent)
    try:
        answer = ask(ada, path, ada.credential)
    finally:
        state.house = usual
    assert (answer.status_code, trouble(answer).trouble, answer.headers["Retry-After"]) == (429, Trouble.TOO_MANY, "30")


@pytest.mark.parametrize("path", [*WITH_A_BODY, SNAPSHOT])
def test_a_laptop_that_nobody_let_in_is_told_so(house: tuple[RunningServer, Caller], path: str) -> None:
    _, ada = house
    assert trouble(ask(ada, path, f"stretford.{new_id()}")).trouble is Trouble.UNKNOWN_LAPTOP


@pytest.mark.parametrize("path", WITH_A_BODY)
def test_what_is_not_as_agreed_is_named_so(house: tuple[RunningServer, Caller], path: str) -> None:
    _, ada = house
    answer = ada.send(ada.ask(cursor=[], sums=[], records=None, record=None, person=1), path)
    assert trouble(answer).trouble is Trouble.MALFORMED
