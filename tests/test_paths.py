"""Real use and practice never share a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.paths import make_private, paths


def test_practice_is_apart_from_real_use(tmp_path: Path) -> None:
    for root in (None, tmp_path):
        real, practice = paths(root=root), paths("practice", root)
        assert {real.data, real.config, real.logs}.isdisjoint({practice.data, practice.config, practice.logs})


def test_everything_lies_under_the_root_that_is_given(tmp_path: Path) -> None:
    here = paths("practice", tmp_path)
    assert all(tmp_path in path.parents for path in (here.vaults, here.settings, here.log))


def test_a_profile_cannot_climb_out_of_its_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="letters"):
        paths("../elsewhere", tmp_path)


def test_a_private_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    assert make_private(tmp_path / "new").stat().st_mode & 0o777 == 0o700
