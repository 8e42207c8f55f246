"""Sealed files for the administrator: listed on the page of sending, and taken to a stick with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.exchange.sync_state import note_sealed_file
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY
from ewb_desktop.ui.sync.sealed import MOVED, NOT_MOVED, SealedPresenter
from ewb_desktop.ui.sync.sealed_card import SealedCard
from ewb_desktop.ui.widgets.button import Button
from sync.outbox import MARK
from tests.support.doors import run_now
from tests.support.looks import Look, expect_accessible, in_every_look

SEALED = MARK + b"nobody but the administrator"


@dataclass
class Sitting:
    card: SealedCard
    stick: list[Path | None]
    said: list[str] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)
    presenter: SealedPresenter | None = None

    def rows(self) -> str:
        return "\n".join(label.text() for label in self.card.findChildren(QLabel))

    def move(self, place: int = 0) -> None:
        button = self.card.findChild(Button, f"sync.sealed-rows.act.{place}")
        assert isinstance(button, Button)
        button.click()


@pytest.fixture
def sit(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Callable[[], Sitting]:
    """Shows the card over the folder of sealed files; the worker chooses the place that ``stick`` holds."""

    def sitting() -> Sitting:
        stick: list[Path | None] = [tmp_path / "stick" / "taken.outbox"]
        shown = Sitting(SealedCard(lambda _parent, _name: stick[0]), stick)
        presenter = SealedPresenter(desk, shown.card, tmp_path / "data", run_now, lambda: shown.told.append(True))
        shown.presenter = presenter
        shown.card.moved.connect(presenter.move)
        shown.card.said.connect(shown.said.append)
        qtbot.addWidget(shown.card)
        presenter.refresh()
        return shown

    (tmp_path / "data").mkdir()
    (tmp_path / "stick").mkdir()
    return sitting


def seal(folder: Path, name: str = "unsent-20261122T100000.ewb-outbox") -> Path:
    file = folder / name
    file.write_bytes(SEALED)
    return file


def test_without_sealed_files_there_is_nothing(sit: Callable[[], Sitting]) -> None:
    assert sit().card.isHidden()


def test_a_file_of_a_worker_whose_own_file_is_gone_is_listed_too(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    seal(tmp_path / "data")
    shown = sit()
    assert not shown.card.isHidden()
    assert "unsent-20261122T100000.ewb-outbox" in shown.rows()


def test_one_that_was_noted_elsewhere_is_listed_once(sit: Callable[[], Sitting], desk: Desk, tmp_path: Path) -> None:
    elsewhere, here = seal(tmp_path, "mine.outbox"), seal(tmp_path / "data")
    with desk.store.write() as writing:
        note_sealed_file(writing, elsewhere)
        note_sealed_file(writing, here)
    shown = sit()
    assert shown.rows().count("mine.outbox") == shown.rows().count("unsent-20261122T100000.ewb-outbox") == 1


def test_it_is_taken_to_the_stick_and_goes_from_the_laptop(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    file, shown = seal(tmp_path / "data"), sit()
    shown.move()
    assert (tmp_path / "stick" / "taken.outbox").read_bytes() == SEALED
    assert (file.exists(), shown.said, shown.told, shown.card.isHidden()) == (False, [MOVED], [True], True)


def test_where_the_stick_cannot_be_written_it_stays_and_is_told(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    file, shown = seal(tmp_path / "data"), sit()
    shown.stick[0] = tmp_path / "no such stick" / "taken.outbox"
    shown.move()
    assert (file.read_bytes(), shown.said, shown.card.isHidden()) == (SEALED, [NOT_MOVED], False)


def test_a_colleagues_sealed_file_is_not_written_over(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    file, shown = seal(tmp_path / "data"), sit()
    theirs = seal(tmp_path / "stick", "taken.outbox")
    theirs.write_bytes(SEALED + b"of a colleague")
    shown.move()
    assert theirs.read_bytes() == SEALED + b"of a colleague"
    assert (file.read_bytes(), shown.said) == (SEALED, [THERE_ALREADY])


def test_where_nothing_is_chosen_nothing_moves(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    file, shown = seal(tmp_path / "data"), sit()
    shown.stick[0] = None
    shown.move()
    assert (file.exists(), shown.said) == (True, [])


def test_the_place_where_it_lies_already_is_no_reason_to_let_it_go(sit: Callable[[], Sitting], tmp_path: Path) -> None:
    file, shown = seal(tmp_path / "data"), sit()
    shown.stick[0] = file
    shown.move()
    assert file.read_bytes() == SEALED


def test_while_a_slow_stick_takes_it_another_press_asks_for_nothing_more(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    file = seal(tmp_path)
    card, said, waiting = SealedCard(), list[str](), list[Callable[[], None]]()
    qtbot.addWidget(card)
    card.said.connect(said.append)
    presenter = SealedPresenter(desk, card, tmp_path, lambda *asked: waiting.append(lambda: run_now(*asked)), lambda: None)
    for _press in range(2):
        presenter.move(str(file), tmp_path / "taken.outbox")
    for work in waiting:
        work()
    assert ((tmp_path / "taken.outbox").read_bytes(), said) == (SEALED, [MOVED])


@in_every_look
def test_the_card_has_no_accessibility_faults(qtbot: QtBot, look: Look, sit: Callable[[], Sitting], tmp_path: Path) -> None:
    seal(tmp_path / "data")
    expect_accessible(qtbot, look, lambda: sit().card)
