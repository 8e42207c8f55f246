"""The catalogue names a broken file and keeps the others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_languages import LANGUAGES
from tests.support.leaflet_orders import RESOURCES

HEAD = """+++
id = "own"
title = "Our own"
lang = "en"
version = "1"
date = 2026-11-21
review = 2027-11-21
sources = ["We wrote it"]
needs = ["sleep"]
+++
"""


def _faults(folder: Path, text: str) -> list[str]:
    (folder / "own.md").write_text(text, encoding="utf-8")
    return [str(fault) for fault in Catalogue.load((folder,)).faults]


def test_the_shipped_leaflets_have_no_fault(press: Press) -> None:
    assert press.catalogue.faults == ()


def test_the_shipped_topics_are_those_that_are_promised(press: Press) -> None:
    assert {card.id: card.languages for card in press.catalogue.topics()} == {
        "anger": ("en",),
        "crisis": ("en", *LANGUAGES),
        "getting-active": ("en",),
        "grief": ("en",),
        "helping-someone-else": ("en",),
        "how-this-service-works": ("en", *LANGUAGES),
        "loneliness-and-meeting-people": ("en", *LANGUAGES),
        "low-mood": ("en", *LANGUAGES),
        "money-worries": ("en",),
        "my-safety-plan": ("en",),
        "panic": ("en",),
        "self-harm": ("en",),
        "sleep": ("en", *LANGUAGES),
        "staying-well-plan": ("en",),
        "stress": ("en",),
        "what-happens-next": ("en",),
        "worry-and-anxiety": ("en", *LANGUAGES),
        "your-rights-and-your-information": ("en",),
    }


def test_help_in_a_crisis_is_never_the_first_topic_offered(press: Press) -> None:
    assert [card.id for card in press.catalogue.topics()][-1] == "crisis"


def test_every_need_of_a_leaflet_is_in_the_needs_list(press: Press) -> None:
    needs = tomllib.loads((RESOURCES / "lists" / "needs.toml").read_text(encoding="utf-8"))
    known = {entry["key"] for entry in needs["entry"]}
    assert {need for card in press.catalogue.topics() for need in card.needs} <= known


def test_a_broken_file_is_named_and_the_others_are_there(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text(HEAD.replace('"own"', '"other"') + "\n# A\n\n> B\n", encoding="utf-8")
    (tmp_path / "own.md").write_text(HEAD + "\n# Our own\n\nHello.\n", encoding="utf-8")
    catalogue = Catalogue.load((tmp_path,))
    assert [str(fault) for fault in catalogue.faults] == [
        "broken.md, line 14: a quotation cannot stand in a leaflet. Take it out."
    ]
    assert [card.id for card in catalogue.topics()] == ["own"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "Our own"\n', "", "own.md, line 1: the head needs “title”, words in quotation marks."),
        ("date = 2026-11-21", 'date = "2026-11-21"', "own.md, line 6: the head needs “date”, a day such as 2026-11-21."),
        ("review = 2027", "review = 2025", "own.md, line 7: the review day is not after the day of writing. Give a later day."),
        ('["sleep"]', '"sleep"', 'own.md, line 9: the head needs “needs”, a list such as ["first", "second"].'),
        ("version", "versoin", "own.md, line 5: “versoin” is not known in the head of a leaflet. Take the line out."),
        ('lang = "en"', "lang = en", 'own.md, line 4: the head is not written as TOML (name = "words").'),
        (
            "+++\n",
            "---\n",
            "own.md, line 1: the file does not begin with a head between two lines of +++. Write one as in the example.",
        ),
        ('"own"', '"Our Own"', 'own.md, line 2: the id is in small letters with hyphens, such as "low-mood".'),
        ("date = 2026-11-21", "date = 2026-11-21T10:00:00", "own.md, line 6: the head needs “date”, a day such as 2026-11-21."),
        ("version", "id", "own.md, line 5: this name stands in the head twice. Take one of them out."),
        (
            "date = 2026-11-21",
            "date = 2026-13-41",
            "own.md, line 6: there is no such day. Write a day such as 2026-11-21, without quotation marks.",
        ),
        (
            "review = 2027-11-21",
            "review = 2027-02-30",
            "own.md, line 7: there is no such day. Write a day such as 2026-11-21, without quotation marks.",
        ),
        ('needs = ["sleep"]', 'needs = ["sleep"', 'own.md, line 9: the head is not written as TOML (name = "words").'),
        ("needs", "translator = 7\nchecked = true\nneeds", "own.md, line 9: “translator” is words in quotation marks."),
        (
            'needs = ["sleep"]',
            f"needs = {'[' * 5000}",
            "own.md, line 2: a list in the head holds too many other lists. Write plain lists.",
        ),
        ("needs", 'translator = "A. N."\nneeds', "own.md, line 9: a translation needs “checked = true” or “checked = false”."),
    ],
)
def test_a_fault_in_the_head_is_named_with_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in _faults(tmp_path, HEAD.replace(before, after) + "\n# A\n")


def test_a_leaflet_begins_with_its_title(tmp_path: Path) -> None:
    assert _faults(tmp_path, HEAD + "\nHello.\n") == ["own.md, line 11: the leaflet does not begin with a title (one # sign)."]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.md").write_bytes(b"\xff\xfe+++")
    assert "Save it as UTF-8" in str(Catalogue.load((tmp_path,)).faults[0])


def test_two_files_of_one_topic_are_a_fault(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(HEAD + "\n# A\n", encoding="utf-8")
    assert [fault.file for fault in Catalogue.load((tmp_path,)).faults] == ["b.md"]


def test_a_topic_that_is_not_there_is_an_error(press: Press) -> None:
    with pytest.raises(OrderError, match="moon"):
        press.catalogue.leaflet("moon", "en")
