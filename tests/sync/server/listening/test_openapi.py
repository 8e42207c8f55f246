"""Whatever the OpenAPI allows, and more, the server answers without a fault of its own and in its own words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

from sync.packing import MEDIA_TYPE, pack, unpack
from sync.protocol.entities import ENTITIES
from sync.server.app import create_app
from sync.server.cli import main
from sync.server.listening.openapi import SPOKEN, describe
from sync.server.settings import Settings
from tests.support.callers import Caller, enrolled, new_id, trouble
from tests.support.servers import RunningServer, running, sqlite_settings

FEW: Final = 15
"""Examples of each address in the fast gate; ``make soak`` asks ``SOAK_EXAMPLES`` (2,000)."""
MANY: Final = int(os.environ.get("SOAK_EXAMPLES", "2000"))
TOLD: Final = describe(create_app(Settings("sqlite:///never-opened.db")))
SCHEMA: Final = schemathesis.openapi.from_dict(TOLD)
SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]


def packed(body: Any) -> bytes:
    """Return a body as it travels, or nothing when it cannot."""
    try:
        return pack(body) if isinstance(body, dict) else pack({"": str(body)[:200]})
    except (TypeError, ValueError):
        return b""


schemathesis.serializer(MEDIA_TYPE)(lambda _context, body: packed(body))


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with running(sqlite_settings(tmp_path_factory.mktemp("openapi") / "server.db")) as server:
        yield asked_without_end(server)


def asked_without_end(server: RunningServer) -> Caller:
    """Return a caller whom no limit stops: what is looked for lies behind it."""
    house = server.app.state.house
    object.__setattr__(house, "strangers", house.turns)
    return enrolled(server, "Ada Okafor", "clinician", ["*"])


def test_every_address_that_takes_a_message_is_in_it() -> None:
    posts = {path for path, operations in TOLD["paths"].items() if "post" in operations}
    assert posts <= SPOKEN.keys()
    assert all("requestBody" in TOLD["paths"][path]["post"] for path in posts)


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert orjson.loads(capsys.readouterr().out)["paths"].keys() == TOLD["paths"].keys()


def test_real_answers_are_as_it_says(caller: Caller) -> None:
    made = caller.change("person", {"preferred_name": "Zuleika"})
    asked = caller.ask([made], epoch=None)
    answer = unpack(caller.send(asked).content, 1 << 20)
    for name, body in (("RoundRequest", asked), ("RoundReply", answer)):
        Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": TOLD["components"]}).validate(body)


def as_hers(caller: Caller, body: Any) -> Any:
    """Return a body whose changes are this laptop's and mostly of real kinds: others are turned away at the door."""
    if not isinstance(body, dict) or not isinstance(body.get("changes"), list):
        return body
    kinds = sorted(ENTITIES)
    for number, change in enumerate(body["changes"]):
        if isinstance(change, dict):
            change |= {"id": new_id(), "record": new_id(), "author": caller.worker, "device": caller.device, "after": None}
            change |= {"at": "2026-11-21T14:05:00.000Z", "entity": kinds[(number + len(str(change))) % len(kinds)]}
    return body


def ask_whatever(caller: Caller, path: str, method: str, examples: int) -> None:
    """Ask one address for what its schema allows, for what it forbids, and for bytes that are no message at all."""
    operation = SCHEMA[path][method]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        *([operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)] if path in SPOKEN else []),
    )

    @settings(max_examples=examples, deadline=None, suppress_health_check=SLOW, database=None, phases=[Phase.generate])
    @given(case=cases, as_bytes=st.none() | st.binary(max_size=60), hers=st.booleans(), known=st.integers(0, 9))
    def ask(case: Any, as_bytes: bytes | None, hers: bool, known: int) -> None:
        headers = {"Authorization": f"Bearer {caller.credential}"} if known else {}
        data: Any = None
        if path in SPOKEN:
            body = as_hers(caller, case.body) if hers else case.body
            data = as_bytes if as_bytes is not None and known > 7 else packed(body)
        answer = caller.session.request(method, caller.url + case.formatted_path, data=data, headers=headers)
        assert answer.status_code < 500, answer.content
        assert str(answer.status_code) in TOLD["paths"][path][method.lower()]["responses"] or path not in SPOKEN
        if path in SPOKEN and answer.status_code != 200:
            assert trouble(answer).words
            assert answer.headers["Content-Type"] == MEDIA_TYPE

    ask()


ADDRESSES: Final = [(path, method.upper()) for path, operations in TOLD["paths"].items() for method in operations]


@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_no_request_makes_a_fault_of_the_server(caller: Caller, path: str, method: str) -> None:
    ask_whatever(caller, path, method, FEW if path in SPOKEN else 5)


@pytest.mark.soak
@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_no_request_of_many_makes_a_fault_of_the_server(caller: Caller, path: str, method: str) -> None:
    ask_whatever(caller, path, method, MANY if path in SPOKEN else 100)
