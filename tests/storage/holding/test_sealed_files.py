"""Sealed files are written under names by which they are found again."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.storage.holding.sealed_files import sealed_files, write_sealed
from tests.support.clock import START


def test_two_sealed_files_of_one_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first, second = (write_sealed(tmp_path, START, sealed) for sealed in (b"one", b"two"))
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")


def test_whatever_was_sealed_is_found_again(tmp_path: Path) -> None:
    written = {write_sealed(tmp_path, START, sealed) for sealed in (b"one", b"two", b"three")}
    (tmp_path / "something.else").write_bytes(b"")
    assert {each.path for each in sealed_files(tmp_path, [])} == written
