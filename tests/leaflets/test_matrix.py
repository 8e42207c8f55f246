"""Every topic in every language, format, colour and on every paper, looked at by the whole kit: `make leaflets-check`.

In `make test` a sample stands for it: each language, format, colour and paper once with every kind of added fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_kit.kit import expected, faults
from tests.support.leaflet_orders import RESOURCES, an_order

SAMPLE_TOPIC = "worry-and-anxiety"


def _all(press: Press) -> Iterator[LeafletOrder]:
    """Yield every leaflet that can be ordered; every second one has a discreet cover."""
    number = 0
    for card in press.catalogue.topics():
        for language in card.languages:
            for style in press.styles_for(card.id, language):
                for sheet in style.sheets:
                    for palette in press.palettes:
                        number += 1
                        order = an_order(card.id, language, style.id, discreet=number // 4 % 2 == number % 2)
                        yield replace(order, sheet=sheet, palette=palette)


def _sample(orders: list[LeafletOrder]) -> Iterator[LeafletOrder]:
    """Yield some that have every language, format, colour and paper among them, and cards and easy read."""
    papers = {order.palette: number for number, order in reversed(list(enumerate(orders)))}
    turn = list(papers)
    seen: set[tuple[str, ...]] = set()
    for order in orders:
        cards = order.sheet == "cards"
        if order.topic != ("crisis" if cards else SAMPLE_TOPIC):
            continue
        plain = order.style == "clear-14" and order.sheet == "a4"
        kind = (order.language,) if plain else (order.style, order.sheet)
        if kind in seen or order.palette != turn[len(seen) % len(turn)]:
            continue
        seen.add(kind)
        yield order


def _name(order: LeafletOrder) -> str:
    cover = "discreet" if order.discreet_cover else "open"
    return f"{order.language}-{order.topic}-{order.style}-{order.sheet}-{order.palette}-{cover}"


ORDERS = list(_all(Press.open(RESOURCES)))
SAMPLE = [_name(order) for order in _sample(ORDERS)]
EVERY = [pytest.param(order, id=_name(order), marks=() if _name(order) in SAMPLE else pytest.mark.matrix) for order in ORDERS]


@pytest.fixture(scope="module")
def other_press() -> Press:
    return Press.open(RESOURCES)


@pytest.mark.parametrize("order", EVERY)
def test_a_leaflet_has_no_fault(press: Press, other_press: Press, order: LeafletOrder) -> None:
    rendered = press.render(order)
    assert faults(rendered, expected(press, order)) == []
    assert other_press.render(order) == rendered


def test_the_sample_has_every_language_format_colour_and_paper(press: Press) -> None:
    sample = [order for order in ORDERS if _name(order) in SAMPLE]
    assert {order.language for order in sample} == set(press.wordings.languages())
    assert {order.style for order in sample} == set(press.styles)
    assert {order.palette for order in sample} == set(press.palettes)
    assert {order.sheet for order in sample} == set(press.sheets)
    assert {order.discreet_cover for order in sample} == {True, False}
