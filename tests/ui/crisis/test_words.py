"""Crisis help says what the files say, and never nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from ewb_desktop.library import open_library
from ewb_desktop.ui.crisis.words import LAST_RESORT, contact_words, read_words
from ewb_desktop.ui.theme import RESOURCES


def test_the_contacts_are_those_of_the_library() -> None:
    assert read_words(RESOURCES).contacts == contact_words(open_library(RESOURCES).crisis)


def test_999_and_the_nhs_mental_health_option_come_first() -> None:
    assert [contact.number for contact in read_words(RESOURCES).contacts if contact.first][:2] == ["999", "111"]


def test_danger_comes_before_all_steps_and_stands_among_them_too() -> None:
    words = read_words(RESOURCES)
    assert words.at_once is not None
    assert "call 999" in words.at_once.words
    assert words.at_once.words in [step.words for step in words.steps]


def test_the_card_tells_what_to_do_when_the_person_has_left() -> None:
    assert "duty lead" in read_words(RESOURCES).if_left[0].words


def test_a_broken_list_of_contacts_still_tells_whom_to_call(tmp_path: Path) -> None:
    shutil.copytree(RESOURCES / "help", tmp_path / "help")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "crisis.toml").write_text("entry = [[", "utf-8")
    words = read_words(tmp_path)
    assert words.trouble == LAST_RESORT
    assert words.steps
