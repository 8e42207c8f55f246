"""Settings survive power cuts and broken files; the program always starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.settings import Settings, SettingsFile


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "none" / "settings.toml")
    assert file.load() == Settings()
    assert file.trouble is None


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    chosen = Settings(text_size=150, scheme="contrast", idle_minutes=2, place="hall", server="https://sync.example")
    SettingsFile(path).save(chosen)
    assert SettingsFile(path).load() == chosen
    assert path.stat().st_mode & 0o777 == 0o600
    assert [kept.name for kept in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("content", [b"text_size = ", b"\xff\xfe\x00", b"<html>"])
def test_a_broken_file_is_set_aside_and_the_program_starts(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.load() == Settings()
    assert file.trouble is not None
    assert "No record was touched" in file.trouble
    assert (tmp_path / "settings.toml.broken").read_bytes() == content


@pytest.mark.parametrize(
    "line", ["text_size = 900", 'text_size = "big"', "idle_minutes = 0", 'scheme = "pink"', "text_size = true"]
)
def test_one_bad_value_does_not_cost_the_others(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'{line}\nplace = "hall"\n')
    file = SettingsFile(path)
    assert file.load() == Settings(place="hall")
    assert file.trouble


def test_settings_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('colour_of_the_moon = "blue"\n')
    file = SettingsFile(path)
    file.save(file.load())
    assert 'colour_of_the_moon = "blue"' in path.read_text()
