"""What the page of sending and receiving tells of a file that a backup took the place of, over real encrypted files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.asides.taking_over import take_over
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.file.aside_files import list_asides, waiting_asides
from ewb_desktop.storage.file.backups import back_up, restore
from ewb_desktop.storage.file.header import Header, copy_header_to
from ewb_desktop.storage.file.key_slots import SlotKind, make_slot
from ewb_desktop.storage.file.passphrase import secret
from ewb_desktop.storage.tables import Person
from ewb_desktop.ui.sync.asides import AsidesPresenter
from ewb_desktop.ui.sync.asides_box import AsidesBox
from ewb_desktop.ui.widgets.button import Button
from tests.support.desks import library
from tests.support.doors import run_now
from tests.support.laptops import AREA, CHEAP, PASSPHRASE, Laptop, laptop
from tests.support.looks import Look, expect_accessible, in_every_look


@dataclass(slots=True)
class Sitting:
    """A worker whose file took the place of another, in front of that part of the page."""

    laptop: Laptop
    box: AsidesBox
    rounds: list[None]
    said: list[str]

    def words(self) -> str:
        return "\n".join(part.text() for part in self.box.findChildren(QLabel) if part.isVisible())

    def press(self, name: str) -> None:
        button = self.box.findChild(Button, name)
        assert isinstance(button, Button)
        assert button.isVisible()
        button.click()

    def waiting(self) -> int:
        with self.laptop.store.read() as connection:
            return counts(connection).to_send


@pytest.fixture
def replaced(tmp_path: Path) -> Iterator[Laptop]:
    """A laptop on which a backup took the place of a file with one change that was not sent; nobody took it over yet."""
    lent = laptop(tmp_path)
    copy = back_up(lent.path, lent.key, tmp_path / "stick", lent.clock)
    with lent.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Zephyrine"))
    lent.store.close()
    restore(copy, lent.path, lent.key, lent.clock)
    again = lent.reopen()
    yield again
    again.store.close()


def damage(lent: Laptop) -> bytes:
    """Make the file that was set aside unreadable; return what it was."""
    (aside,) = waiting_asides(lent.path)
    whole = aside.path.read_bytes()
    aside.path.write_bytes(b"\x07" * len(whole))
    return whole


def under_another_key(lent: Laptop) -> None:
    (aside,) = waiting_asides(lent.path)
    slot = make_slot("one", SlotKind.PASSPHRASE, secret(PASSPHRASE), lent.key, "here", CHEAP)
    copy_header_to(aside.slots, Header("here", lent.worker, "Rowan Oak", lent.store.device, {"one": slot}))


def sit(qtbot: QtBot, lent: Laptop) -> Sitting:
    box, rounds, said = AsidesBox(), list[None](), list[str]()
    desk = Desk(lent.store, lent.clock, Worker(lent.worker, "Rowan Oak", "connector"), library(), AREA)
    presenter = AsidesPresenter(desk, box, run_now, lambda: rounds.append(None))
    box.setProperty("presenter", presenter)
    box.read.connect(presenter.has_read)
    box.again_asked.connect(presenter.try_again)
    box.let_go_asked.connect(presenter.let_go)
    box.said.connect(said.append)
    qtbot.addWidget(box)
    box.resize(900, 500)
    presenter.refresh()
    if not box.isHidden():
        box.show()
    return Sitting(lent, box, rounds, said)


def test_what_came_over_is_told_until_it_was_read(qtbot: QtBot, replaced: Laptop) -> None:
    take_over(replaced.store)
    sitting = sit(qtbot, replaced)
    assert "1 change that had not been sent was in the file that was set aside today" in sitting.words()
    assert "may hold work" not in sitting.words()
    sitting.press("sync.asides-read")
    assert sitting.box.isHidden()
    assert sit(qtbot, replaced).box.isHidden()


def test_a_file_that_cannot_be_read_is_told_and_can_be_read_again_once_it_was_mended(qtbot: QtBot, replaced: Laptop) -> None:
    whole = damage(replaced)
    assert take_over(replaced.store) == ()
    sitting = sit(qtbot, replaced)
    (aside,) = waiting_asides(replaced.path)
    assert "may hold work that was not sent" in sitting.words()
    assert aside.path.name in sitting.words()
    sitting.press("sync.asides-again")
    assert "could not be read" in sitting.words()
    assert (sitting.rounds, sitting.waiting()) == ([], 0)
    aside.path.write_bytes(whole)
    sitting.press("sync.asides-again")
    assert "may hold work that was not sent" not in sitting.words()
    assert (len(sitting.rounds), sitting.waiting()) == (1, 1)
    assert "1 change that had not been sent" in sitting.said[-1]


def test_a_file_under_another_key_asks_for_its_passphrase(qtbot: QtBot, replaced: Laptop) -> None:
    under_another_key(replaced)
    sitting = sit(qtbot, replaced)
    sitting.press("sync.asides-again")
    assert "Type the passphrase or the recovery key" in sitting.words()
    line = sitting.box.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText("not this one")
    sitting.press("sync.asides-again")
    assert "This passphrase is not right" in sitting.words()
    line.setText(PASSPHRASE)
    sitting.press("sync.asides-again")
    assert (sitting.waiting(), line.text()) == (1, "")
    assert not waiting_asides(replaced.path)


def test_a_file_goes_only_after_a_question(qtbot: QtBot, replaced: Laptop) -> None:
    damage(replaced)
    sitting = sit(qtbot, replaced)
    sitting.press("sync.asides-let-go")
    assert "What was not sent in it is lost then" in sitting.words()
    sitting.press("sync.asides-keep")
    assert list_asides(replaced.path)
    sitting.press("sync.asides-let-go")
    sitting.press("sync.asides-yes")
    assert list_asides(replaced.path) == []
    assert sitting.box.isHidden()
    assert sitting.said == ["The file is gone."]


def test_the_keyboard_goes_on_to_what_is_left(qtbot: QtBot, replaced: Laptop) -> None:
    damage(replaced)
    sitting = sit(qtbot, replaced)
    sitting.box.show_taken("1 change that had not been sent came over.")
    sitting.box.activateWindow()
    button = sitting.box.findChild(Button, "sync.asides-read")
    assert isinstance(button, Button)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    button.click()
    assert QApplication.focusWidget() is sitting.box.findChild(Button, "sync.asides-again")
    sitting.press("sync.asides-let-go")
    with qtbot.waitSignal(sitting.box.left):
        sitting.press("sync.asides-yes")


@in_every_look
@pytest.mark.parametrize("state", ["asked", "secret"])
def test_it_has_no_faults(qtbot: QtBot, replaced: Laptop, look: Look, state: str) -> None:
    def make() -> AsidesBox:
        if state == "secret":
            under_another_key(replaced)
        else:
            damage(replaced)
        sitting = sit(qtbot, replaced)
        sitting.box.show_taken("1 change that had not been sent was in the file that was set aside today 14:05.")
        sitting.press("sync.asides-let-go" if state == "asked" else "sync.asides-again")
        return sitting.box

    expect_accessible(qtbot, look, make)
