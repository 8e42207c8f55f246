"""Saving through the page: a folder or a disk that takes nothing is told with the file and the way out; no half a file stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.exchange.looks import looks_to_tell
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.choices import CheckChoices
from tests.support.leaflet_desk import PaperTray, found, leaflets_page, press, words

WAYS = [("leaflets.save", "sleep.pdf"), ("leaflets.save_email", "sleep.html"), ("leaflets.save_words", "sleep.txt")]
TROUBLE = [
    (errno.ENOSPC, "The disk is full. Make room, or choose another place."),
    (errno.EACCES, "The folder “memory stick” cannot be written to. Choose another folder, such as Documents."),
    (errno.EROFS, "The folder “memory stick” cannot be written to. Choose another folder, such as Documents."),
    (errno.EIO, "The computer did not take the file. Choose another folder, and tell us if it happens again."),
]


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "memory stick"
    folder.mkdir()
    return folder


def fail_with(monkeypatch: pytest.MonkeyPatch, number: int, after: int = 0) -> None:
    """Let the disk refuse what is written to it, after so many files that it takes."""
    left, real = [after], os.fsync

    def refuse(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", refuse)


def told(qtbot: QtBot, page: LeafletsPage, button: str) -> str:
    with qtbot.waitSignal(page.said) as said:
        press(page, button)
    return str((said.args or [""])[0])


@pytest.mark.parametrize(("button", "name"), WAYS)
def test_what_stood_there_stays_whole_when_the_disk_takes_no_more(
    qtbot: QtBot, desk: Desk, tray: PaperTray, stick: Path, monkeypatch: pytest.MonkeyPatch,
    button: str, name: str,
) -> None:  # fmt: skip
    (stick / name).write_bytes(b"of last week")
    tray.save_as = str(stick / name)
    person = add_person(desk, {"given_name": "Amina"})
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="sleep"))
    number, why = TROUBLE[0]
    fail_with(monkeypatch, number)
    assert told(qtbot, page, button) == f"“{name}” was not saved. {why} You can still print it."
    assert [(path.name, path.read_bytes()) for path in stick.iterdir()] == [(name, b"of last week")]
    assert "Sleeping better" in words(page)
    with desk.store.read() as connection:
        assert looks_to_tell(connection) == ()


@pytest.mark.parametrize(("number", "why"), TROUBLE)
def test_each_trouble_of_a_folder_has_its_way_out(
    qtbot: QtBot, desk: Desk, tray: PaperTray, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    tray.save_as = str(stick / "sleep.pdf")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep"))
    fail_with(monkeypatch, number)
    assert why in told(qtbot, page, "leaflets.save")
    assert list(stick.iterdir()) == []
    monkeypatch.undo()
    assert told(qtbot, page, "leaflets.save").startswith("Saved as sleep.pdf in the folder memory stick.")


@pytest.mark.parametrize(("button", "name"), WAYS)
def test_a_folder_that_is_gone_is_named_with_the_file(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path, button: str, name: str
) -> None:
    tray.save_as = str(tmp_path / "gone" / name)
    said = told(qtbot, leaflets_page(qtbot, desk, tray), button)
    assert said == f"“{name}” was not saved. The folder “gone” is not there. Choose another folder. You can still print it."
    assert not (tmp_path / "gone").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder of the system that takes no files")
def test_a_folder_of_the_system_that_takes_no_files_is_told(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    tray.save_as = "/proc/out.pdf"
    assert told(qtbot, leaflets_page(qtbot, desk, tray), "leaflets.save").startswith("“out.pdf” was not saved. The folder “proc”")


def test_a_stall_that_fills_the_disk_says_what_is_saved_and_what_is_not(
    qtbot: QtBot, desk: Desk, tray: PaperTray, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray.save_in = str(stick)
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_stall")
    for row in found(page, CheckChoices, "leaflets.stall.topics").rows[:3]:
        row.click()
    fail_with(monkeypatch, errno.ENOSPC, after=1)
    said = told(qtbot, page, "leaflets.save_all")
    (whole,) = stick.iterdir()
    assert whole.read_bytes().rstrip().endswith(b"%%EOF")
    assert said.startswith("1 leaflet saved in the folder memory stick. “")
    assert said.endswith(".pdf” was not saved. The disk is full. Make room, or choose another place.")


def test_a_copy_for_the_viewer_that_the_disk_does_not_take_is_told_and_gone(
    qtbot: QtBot, desk: Desk, tray: PaperTray, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = leaflets_page(qtbot, desk, tray)
    fail_with(monkeypatch, errno.ENOSPC)
    assert told(qtbot, page, "leaflets.view") == (
        "The leaflet could not be opened: the disk did not take it. You can still print it."
    )
    assert tray.viewed == []
    assert list(tray.edge().to_view.iterdir()) == []


@pytest.mark.parametrize(("button", "name"), WAYS)
def test_a_file_that_the_dialog_did_not_ask_about_is_never_written_over(
    qtbot: QtBot, desk: Desk, tray: PaperTray, stick: Path, button: str, name: str
) -> None:
    (stick / name).write_bytes(b"of last week")
    tray.save_as = str(stick / Path(name).stem)
    said = told(qtbot, leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep")), button)
    other = f"sleep-2{Path(name).suffix}"
    assert said.startswith(f"Saved as {other} in the folder memory stick. {name} was there already, and is kept as it was.")
    assert (stick / name).read_bytes() == b"of last week"
    assert len((stick / other).read_bytes()) > 100


def test_a_file_that_the_dialog_asked_about_is_written_over(qtbot: QtBot, desk: Desk, tray: PaperTray, stick: Path) -> None:
    (stick / "sleep.pdf").write_bytes(b"of last week")
    tray.save_as = str(stick / "sleep.pdf")
    assert "already" not in told(qtbot, leaflets_page(qtbot, desk, tray), "leaflets.save")
    assert (stick / "sleep.pdf").read_bytes().startswith(b"%PDF")
