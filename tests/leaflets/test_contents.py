"""What each leaflet of our own has: words for a reader of eleven, sources, a day of review, and a page to read on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from ewb_desktop.leaflets.addresses import is_address
from ewb_desktop.leaflets.blocks import Block, Picture
from ewb_desktop.leaflets.catalogue import Leaflet, read_leaflet
from ewb_desktop.leaflets.readability import measure, running_text
from tests.support.leaflet_orders import RESOURCES

FOLDER = RESOURCES / "leaflets"
EVERY = sorted(FOLDER.rglob("*.md"))
ENGLISH = sorted((FOLDER / "en").rglob("*.md"))
ABOUT_THE_SERVICE = ("how-this-service-works", "what-happens-next")
"""They lead to the service's own page, which stands in the settings."""
OLDEST = 11.0
LONGEST = 30
"""The most words of a sentence."""
_YEARS = 2
"""The most years until somebody looks at a leaflet again."""
_PROMISES = re.compile(
    r"\b(cures?|guarantee\w*|we will always|you will (?:feel|get|be) better|diagnos\w+|tablets?|dose|medication|medicines?)\b",
    re.IGNORECASE,
)


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@cache
def _read(path: Path) -> Leaflet:
    return read_leaflet(path)


def _said(blocks: Iterable[Block]) -> str:
    return running_text(block for block in blocks if not isinstance(block, Picture))


@pytest.mark.parametrize("path", ENGLISH, ids=_name)
def test_its_english_is_read_at_eleven(path: Path) -> None:
    found = measure(_said(_read(path).blocks))
    assert 0 < found.reading_age <= OLDEST, found.hard_words
    assert len(found.longest_sentence.split()) <= LONGEST, found.longest_sentence


@pytest.mark.parametrize("path", ENGLISH, ids=_name)
def test_it_promises_no_cure_names_no_illness_and_no_medicine(path: Path) -> None:
    assert _PROMISES.findall(_said(_read(path).blocks)) == []


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_its_head_names_sources_and_a_day_of_review_that_is_near(path: Path) -> None:
    leaflet = _read(path)
    assert all(len(source) > 10 for source in leaflet.sources)
    assert leaflet.date < leaflet.review <= leaflet.date.replace(year=leaflet.date.year + _YEARS)


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_its_address_is_a_safe_one(path: Path) -> None:
    address = _read(path).address
    assert not address or (is_address(address) and address.startswith("https://"))


@pytest.mark.parametrize("path", [path for path in ENGLISH if path.parent.name == "en"], ids=_name)
def test_every_english_topic_leads_to_a_page_or_to_the_service(path: Path) -> None:
    assert bool(_read(path).address) is (path.stem not in ABOUT_THE_SERVICE)


@pytest.mark.parametrize("path", ENGLISH, ids=_name)
def test_its_quotation_marks_are_those_of_print(path: Path) -> None:
    assert not re.search(r"[\"']", path.read_text("utf-8").split("+++")[2])
