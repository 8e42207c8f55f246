"""What a role may do is read from its list, and a list that does not say it is not used."""

from __future__ import annotations

from typing import Any

import pytest

from ewb_desktop.domain.lists import BadList, parse_list
from ewb_desktop.domain.roles import Duty, roles, why_not


def read(**more: Any) -> frozenset[Duty]:
    entry = {"key": "volunteer", "words": "Volunteer", **more}
    return roles(parse_list("roles", {"title": "t", "version": "1", "source": "s", "entry": [entry]}))["volunteer"]


def test_a_role_may_do_what_its_list_says() -> None:
    assert read(may=["count", "care"]) == {Duty.COUNT, Duty.CARE}


@pytest.mark.parametrize("more", [{}, {"may": "count"}, {"may": ["fly"]}, {"may": [["count"]]}])
def test_a_role_without_a_known_list_of_duties_is_a_bad_list(more: dict[str, Any]) -> None:
    with pytest.raises(BadList, match="volunteer"):
        read(**more)


@pytest.mark.parametrize("duty", list(Duty))
def test_every_duty_has_a_sentence_that_says_nothing_was_written_and_whom_to_ask(duty: Duty) -> None:
    assert "nothing was written" in why_not(duty)
    assert "ask your administrator" in why_not(duty)
