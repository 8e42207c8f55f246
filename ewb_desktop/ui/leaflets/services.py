"""The services on one leaflet: those of the wish that run now, in their order, and what of each is printed. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.directory.stale import last_checked
from ewb_desktop.storage.cards.search import find_services
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.ui.leaflets.wish import ServiceLook, Wish, one_line, where_of
from ewb_desktop.ui.widgets.row import Row

FOUND = 5
"""Services that a search on this page shows; more letters find fewer."""


def read_services(desk: Desk, ids: Sequence[str]) -> tuple[list[ServiceCard], list[str]]:
    """Return the services that run now, in the order of ``ids``, and the names of those that do not."""
    with desk.store.read() as connection:
        cards = [card for id in ids if (card := service_card(connection, id)) is not None]
    return [card for card in cards if card.runs], [card.name for card in cards if not card.runs]


def search_services(desk: Desk, typed: str, but: Sequence[str]) -> list[Row]:
    """Return rows of services that run and fit what was typed, without those that are on the leaflet."""
    with desk.store.read() as connection:
        ids = [id for id in find_services(connection, typed, limit=4 * FOUND) if id not in but]
        cards = [card for id in ids if (card := service_card(connection, id)) is not None and card.runs]
    return [Row(card.id, card.name, card.organisation, action="Add") for card in cards[:FOUND]]


def service_rows(desk: Desk, cards: Sequence[ServiceCard], wish: Wish) -> list[Row]:
    """Return a row for each service: when it is open, how to get there and when it was checked, as it will be printed."""
    rows = []
    for card in cards:
        look = wish.look_of(card.id)
        hours = "; ".join(card.when[:2]) if look.hours else ""
        where = where_of(card) if look.where is None else one_line(look.where)
        checked = last_checked(card.assured_on, desk.clock.today()).words
        rows.append(
            Row(
                card.id,
                card.name,
                ". ".join(p.rstrip(".") for p in (hours, where, checked) if p),
                opener="Change",
                action="Remove",
            )
        )
    return rows


def with_look(wish: Wish, look: ServiceLook) -> Wish:
    """Return the wish with another look of one service; a look that leaves nothing out is not kept."""
    others = tuple(each for each in wish.looks if each.service != look.service)
    return replace(wish, looks=others if look == ServiceLook(look.service) else (*others, look))


def moved_up(services: tuple[str, ...], service: str) -> tuple[str, ...]:
    """Return the services with one a place nearer to the beginning."""
    at = services.index(service)
    order = [*services[:at], *services[at + 1 :]]
    order.insert(max(0, at - 1), service)
    return tuple(order)
