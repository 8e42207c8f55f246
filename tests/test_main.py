"""The next start after a lock wears what the first one was asked to wear, unless others were chosen meanwhile."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.__main__ import arguments_again, read_arguments
from ewb_desktop.settings import Settings


def test_size_and_colours_for_this_time_go_on_after_a_lock() -> None:
    asked = read_arguments(["--data", "kept", "--profile", "hall", "--text-size", "150", "--scheme", "dark"])
    again = arguments_again(asked, Settings(text_size=150, scheme="dark"), practice=False)
    assert again == ["--profile", "hall", "--data", str(Path("kept")), "--text-size", "150", "--scheme", "dark"]


def test_a_size_beyond_the_largest_goes_on_as_it_was_asked_for() -> None:
    asked = read_arguments(["--text-size", "400"])
    assert arguments_again(asked, Settings(text_size=200), practice=True) == ["--practice", "--text-size", "400"]


def test_what_was_chosen_in_settings_meanwhile_counts_more() -> None:
    asked = read_arguments(["--text-size", "150", "--scheme", "dark"])
    assert arguments_again(asked, Settings(text_size=130, scheme="light"), practice=False) == []
