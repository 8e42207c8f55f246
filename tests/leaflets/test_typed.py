"""Whatever white space stands in what was typed, the leaflet is printed, and its lines are those that mean something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ewb_desktop.leaflets.order import NextStep, ServiceLine
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.typed import fit_for_print, lines, one_line
from tests.support.leaflet_orders import DEBT, STEP, an_order
from tests.support.tags import read_tags

SPACES = ("\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", " \n ")


@pytest.mark.parametrize("space", SPACES)
def test_white_space_of_any_kind_in_any_field_is_printed(press: Press, space: str) -> None:
    said = f"One{space}two"
    service = ServiceLine(said, what=said, when=said, where=said, telephone=said, cost=said, web=f"https://a.org{space}")
    step = NextStep(said, said, telephone=said)
    order = replace(an_order(services=(service,), step=step), service_name=said, service_telephone=f"0161{space}496 0700")
    text = read_tags(press.render(order).pdf).text
    assert "0161 496 0700" in text
    assert "One two" in text


def test_an_address_of_several_lines_becomes_one_with_commas() -> None:
    assert one_line("St Mark\u2019s Hall,\n14 Mill Lane\r\nNorthside\n", ", ") == "St Mark\u2019s Hall, 14 Mill Lane, Northside"


def test_what_is_said_in_lines_is_printed_in_paragraphs(press: Press) -> None:
    order = an_order(
        services=(replace(DEBT, what="Free help.\n\n\tAsk for Jo."),), step=replace(STEP, words="Ring me.\nThen come.")
    )
    parts = [part.text.strip() for part in read_tags(press.render(order).pdf).parts if part.tags[-1] == "P"]
    assert {"Free help.", "Ask for Jo.", "Ring me.", "Then come."} <= set(parts)


def test_control_characters_are_not_printed_and_nothing_else_is_lost() -> None:
    assert lines("a\x00b\x07 c\u00a0d") == ["ab c\u00a0d"]


def test_what_needs_no_mending_is_left_as_it_is() -> None:
    assert fit_for_print(an_order()) == an_order()


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"], ids=ascii)
def test_nothing_that_came_from_elsewhere_turns_a_line_round(sign: str) -> None:
    assert lines(f"{sign}Tea on{sign} Tuesdays") == ["Tea on Tuesdays"]
