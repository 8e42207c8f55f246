"""An id that follows from what is said stands for that alone; of all others nobody can name one before it is there."""

from __future__ import annotations

import pytest

from sync.protocol.entities import ENTITIES
from sync.protocol.ids import KINDS_FOLLOWING, answer_id, may_begin, service_id
from tests.support.callers import new_id

ANSWER = answer_id("a" * 36, "44250-9")
SERVICE = service_id("hsds", "crisis-line")


def test_two_laptops_mean_the_same_answer_and_the_same_service() -> None:
    # what laptops have written under these ids goes on meaning the same
    assert (answer_id("a", "1"), service_id("council", "1")) == (
        "5c78320b-163a-5a0e-a203-8213c2036962",
        "2f1241c0-8df5-51b2-9c44-120187f640dd",
    )


@pytest.mark.parametrize("entity", sorted(ENTITIES.keys() - KINDS_FOLLOWING))
def test_no_other_kind_is_made_under_such_an_id(entity: str) -> None:
    assert not may_begin(entity, ANSWER, {})


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_kind_is_made_under_a_fresh_id(entity: str) -> None:
    assert may_begin(entity, new_id(), {})


def test_an_answer_and_a_service_are_made_under_their_own_ids() -> None:
    assert may_begin("answer", ANSWER, {"assessment": "a" * 36, "question": "44250-9"})
    assert may_begin("service", SERVICE, {"source": "hsds", "source_id": "crisis-line"})


@pytest.mark.parametrize(
    ("entity", "id_", "said"),
    [
        ("answer", ANSWER, {"assessment": "a" * 36, "question": "44255-8"}),
        ("answer", ANSWER, {}),
        ("answer", SERVICE, {"assessment": "a" * 36, "question": "44250-9"}),
        ("service", ANSWER, {"source": "hsds", "source_id": "crisis-line"}),
    ],
    ids=["another question", "nothing said", "a service's", "an answer's"],
)
def test_none_is_made_under_the_id_of_another(entity: str, id_: str, said: dict[str, str]) -> None:
    assert not may_begin(entity, id_, said)
