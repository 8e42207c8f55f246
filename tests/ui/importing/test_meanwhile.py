"""What a colleague writes into an entry of the directory while its form is open stands where the worker changed nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.services import add_service
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.storage.drafts import draft_keys
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToDirectoryImport
from ewb_desktop.ui.importing.view import ImportingPage
from tests.ui.importing.test_importing import opened, press


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown()


def entry(desk: Desk) -> str:
    return add_service(desk, {"name": "Tea on Tuesdays", "cost": "£1", "when": "Tuesdays", "languages": "Polish"})


def form_of(qtbot: QtBot, desk: Desk, background: Background, service: str) -> ImportingPage:
    page = opened(qtbot, desk, background, [])
    page.opened(ToDirectoryImport(service))
    return page


def arrives(desk: Desk, service: str) -> None:
    with desk.store.write() as writing, writing.echo():
        writing.edit(Service, service, telephone="0161 496 0101", languages=["ur"], schedule=None)


def stands(desk: Desk, service: str) -> ServiceCard:
    with desk.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    return card


def test_what_was_not_touched_is_not_put_back(qtbot: QtBot, desk: Desk, background: Background) -> None:
    service = entry(desk)
    page = form_of(qtbot, desk, background, service)
    arrives(desk, service)
    page.by_hand.fields["cost"].value = "£2"
    press(page, "byhand.save")
    card = stands(desk, service)
    assert (card.cost, card.telephone, card.languages, card.when) == ("£2", "0161 496 0101", ("ur",), ())


def test_a_draft_stands_over_what_came(qtbot: QtBot, desk: Desk, background: Background) -> None:
    service = entry(desk)
    page = form_of(qtbot, desk, background, service)
    page.by_hand.fields["cost"].value = "£2"
    page.by_hand.edited.emit()
    page.leaving()
    arrives(desk, service)
    again = form_of(qtbot, desk, background, service)
    assert (again.by_hand.typed["cost"], again.by_hand.typed["telephone"]) == ("£2", "0161 496 0101")
    press(again, "byhand.save")
    card = stands(desk, service)
    assert (card.cost, card.telephone) == ("£2", "0161 496 0101")


def test_what_was_typed_and_taken_out_again_is_no_draft(qtbot: QtBot, desk: Desk, background: Background) -> None:
    service = entry(desk)
    page = form_of(qtbot, desk, background, service)
    for cost in ("£2", "£1"):
        page.by_hand.fields["cost"].value = cost
        page.by_hand.edited.emit()
        page.leaving()
    assert draft_keys(desk.store, "service/") == []
