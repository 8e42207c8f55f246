"""A leaflet is saved whole or not at all, and a failure says what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ewb_desktop.leaflets.errors import SavingError
from ewb_desktop.leaflets.saving import write_leaflet


def test_a_saved_leaflet_is_all_there_and_nothing_else(tmp_path: Path) -> None:
    write_leaflet(tmp_path / "a.pdf", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.pdf", b"new")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_saved_leaflet_has_the_rights_that_files_usually_have_there(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_leaflet(tmp_path / "a.pdf", b"new")
    assert (tmp_path / "a.pdf").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SavingError, match="The folder “gone” is not there"):
        write_leaflet(tmp_path / "gone" / "a.pdf", b"new")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(SavingError, match=r"“a\.pdf” is a folder"):
        write_leaflet(tmp_path / "a.pdf", b"new")


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "cannot be written to"), (errno.EIO, "did not take the file")],
)
def test_a_failing_disk_keeps_the_old_file_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SavingError, match=said):
        write_leaflet(tmp_path / "a.pdf", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.pdf", b"old")]
