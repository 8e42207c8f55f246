"""What the lock screen says and does, without a window."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ewb_desktop.storage.errors import DamagedFile, DamagedHeader, FullDisk, NewerFile, NoBackup, NoKeyFile, WaitBeforeTrying
from ewb_desktop.ui.lock.presenter import Door, LockPresenter, trouble_words, waiting_words
from tests.support.doors import RIGHT, MadeUpDoors, run_now


class Shown:
    """Keeps what it is told to show."""

    def __init__(self) -> None:
        self.error = ""
        self.trouble = ("", "", False)
        self.waiting = ""
        self.seconds = 0
        self.busy: list[bool] = []
        self.forgotten = 0
        self.doors: list[str] = []

    def show_doors(self, doors: Sequence[Door], chosen: str) -> None:
        self.doors = [door.name for door in doors]

    def show_waiting(self, sentence: str) -> None:
        self.waiting = sentence

    def show_error(self, sentence: str) -> None:
        self.error = sentence

    def show_trouble(self, title: str, sentence: str, *, offer_backup: bool) -> None:
        self.trouble = (title, sentence, offer_backup)

    def show_countdown(self, seconds: int) -> None:
        self.seconds = seconds

    def show_busy(self, busy: bool) -> None:
        self.busy.append(busy)

    def forget(self) -> None:
        self.forgotten += 1


def shown(doors: MadeUpDoors) -> tuple[Shown, LockPresenter, list[object]]:
    view = Shown()
    opened: list[object] = []
    presenter = LockPresenter(view, doors, run_now, opened.append)
    presenter.show()
    return view, presenter, opened


def test_the_right_passphrase_opens_the_door_that_was_chosen() -> None:
    view, presenter, opened = shown(MadeUpDoors())
    presenter.choose("b")
    presenter.unlock(RIGHT)
    assert opened == ["opened b"]
    assert view.busy == [True, False]


def test_no_passphrase_is_no_try() -> None:
    doors = MadeUpDoors()
    view, presenter, _ = shown(doors)
    presenter.unlock("")
    assert view.error == "Type your passphrase."
    assert not [tried for tried in doors.tried if tried[0] == "unlock"]


def test_a_wrong_passphrase_is_forgotten_and_the_wait_is_shown_rounded_up() -> None:
    view, presenter, opened = shown(MadeUpDoors(waits=9.2))
    presenter.unlock("something else")
    assert "This passphrase is not right" in view.error
    # the line that counts down says it, and nothing else does
    assert "9" not in view.error
    assert (view.seconds, view.forgotten, opened) == (10, 1, [])


def test_while_a_try_has_to_wait_only_the_countdown_says_so() -> None:
    view, presenter, _ = shown(MadeUpDoors(waits=4, failure=WaitBeforeTrying(4)))
    presenter.unlock("something else")
    assert (view.error, view.seconds) == ("", 4)


@pytest.mark.parametrize(
    ("error", "title", "offered"),
    [
        (DamagedFile(), "Your records are damaged", True),
        (DamagedHeader(), "Your key file is damaged", True),
        (NewerFile(), "Your part of this laptop could not be opened", False),
        (FullDisk(), "Your part of this laptop could not be opened", False),
    ],
)
def test_trouble_with_the_file_says_what_it_is_and_what_to_do(error: Exception, title: str, offered: bool) -> None:
    view, presenter, _ = shown(MadeUpDoors(failure=error))
    presenter.unlock(RIGHT)
    assert view.trouble == (title, str(error), offered)


@pytest.mark.parametrize("error", [NoBackup(), NoKeyFile()])
def test_a_chosen_file_that_is_no_backup_is_not_called_damage_of_ones_own(error: Exception) -> None:
    title, sentence = trouble_words(error)
    assert title == "This file cannot be brought back"
    assert sentence == str(error)


def test_a_fault_of_ours_shows_nothing_of_its_inside() -> None:
    view, presenter, _ = shown(MadeUpDoors(failure=RuntimeError("Ada Quillfeather")))
    presenter.unlock(RIGHT)
    assert "not your fault" in view.trouble[1]
    assert "Ada" not in view.trouble[1]


@pytest.mark.parametrize(
    ("count", "words"), [(None, ""), (0, ""), (1, "1 of your changes is not sent yet"), (3, "3 of your changes are")]
)
def test_what_waits_is_said_in_words(count: int | None, words: str) -> None:
    assert waiting_words(count).startswith(words)
    assert bool(waiting_words(count)) == bool(words)
