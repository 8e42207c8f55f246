"""What a laptop is called: after its worker, and always one line that every list can show."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ewb_desktop.domain.laptop import LONGEST_NAME, readable_name, suggested_name


@pytest.mark.parametrize(("worker", "name"), [("Ada Lark", "Ada's laptop"), ("  Bo ", "Bo's laptop"), ("", "")])
def test_a_laptop_is_called_after_the_first_name_of_its_worker(worker: str, name: str) -> None:
    assert suggested_name(worker) == name


@given(st.text(max_size=200))
@example("Till\r\x1b\rBett")
def test_whatever_is_typed_becomes_one_line_that_can_be_printed(typed: str) -> None:
    name = readable_name(typed)
    assert name.isprintable()
    assert len(name) <= LONGEST_NAME
    assert name == readable_name(name)
