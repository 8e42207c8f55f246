"""The crisis leaflet: one page in English with its code, the numbers first in every print and language, as the list has them."""

from __future__ import annotations

import re
import tomllib
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest

from ewb_desktop.domain.lists import CrisisContact, crisis_contacts, parse_list
from ewb_desktop.leaflets.blocks import Picture
from ewb_desktop.leaflets.catalogue import read_leaflet
from ewb_desktop.leaflets.errors import SourceError
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import RESOURCES
from tests.support.tags import flat, read_tags

TODAY = date(2026, 11, 21)
EVERY = [(language, style) for language in ("en", "pl") for style in ("clear-14", "large-18")]


def listed() -> tuple[CrisisContact, ...]:
    return crisis_contacts(parse_list("crisis", tomllib.loads((RESOURCES / "lists" / "crisis.toml").read_text("utf-8"))))


def order(language: str, style: str) -> LeafletOrder:
    """Order it as the lock screen does: no services, no next step, nobody in particular."""
    return LeafletOrder("crisis", TODAY, listed(), language, style)


@pytest.mark.parametrize(("language", "style"), EVERY)
def test_every_first_number_is_on_the_crisis_leaflet(press: Press, language: str, style: str) -> None:
    printed = flat(read_tags(press.render(order(language, style)).pdf).text)
    first = [contact for contact in listed() if contact.first]
    assert len(first) == 4
    for contact in first:
        assert contact.number in printed


@pytest.mark.parametrize(("language", "style"), EVERY)
def test_the_crisis_leaflet_has_no_fault_of_pdf_ua(press: Press, language: str, style: str) -> None:
    report = page_validation.validate_pdf_bytes(press.render(order(language, style)).pdf)
    assert [failure.message for failure in report.failures] == []


def _first_page(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    first = flat(document[0].get_textpage().get_text_range())
    document.close()
    return first


def _named(plain: LeafletOrder) -> LeafletOrder:
    return replace(plain, service_name="Northside emotional wellbeing service", service_telephone="0161 496 0700")


def test_the_english_crisis_leaflet_is_one_page(press: Press) -> None:
    plain = order("en", "clear-14")
    assert [press.render(each).pages for each in (plain, _named(plain))] == [1, 1]


def test_it_says_how_old_it_is_and_what_to_ask_for_and_leaves_its_sources_to_its_head(press: Press) -> None:
    text = press.text(_named(order("en", "clear-14")))
    assert "We will look at it again by 21 November 2027. Printed on 21 November 2026." in text
    assert "Ask us for large print, easy read or your language. You can also ring us on 0161 496 0700." in text
    assert "About this leaflet" not in text
    assert press.catalogue.leaflet("crisis", "en").sources[0] not in text


@pytest.mark.parametrize("style", ["clear-14", "large-24", "easy-16"])
def test_every_number_stands_on_the_first_page_in_english(press: Press, style: str) -> None:
    first = _first_page(press.render(order("en", style)).pdf)
    assert all(contact.number in first for contact in listed() if contact.first)


@pytest.mark.parametrize("topic", ["crisis", "self-harm"])
def test_a_logo_does_not_send_the_numbers_to_the_next_page(press: Press, topic: str) -> None:
    logo = RESOURCES / "leaflets" / "pictures" / "heart.png"
    marked = copy(press)
    marked.logo = Picture(logo, "Northside", content=logo.read_bytes(), look="logo")
    assert "999" in _first_page(marked.render(replace(order("en", "large-24"), topic=topic)).pdf)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_no_number_stands_in_its_text_but_only_in_the_list(language: str) -> None:
    body = (RESOURCES / "leaflets" / language / "crisis.md").read_text("utf-8").split("+++")[2]
    assert not re.search(r"\d{2,}", body)


@pytest.mark.parametrize("style", ["clear-14", "easy-16"])
@pytest.mark.parametrize("topic", ["self-harm", "my-safety-plan"])
def test_where_a_life_may_be_in_danger_the_numbers_stand_before_all_else(press: Press, topic: str, style: str) -> None:
    rendered = press.render(LeafletOrder(topic, TODAY, listed(), "en", style))
    document = pypdfium2.PdfDocument(rendered.pdf)
    first = flat(document[0].get_textpage().get_text_range())
    document.close()
    assert all(contact.number in first for contact in listed() if contact.first)
    assert rendered.text.index("If you need help now") < rendered.text.index("anger")
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []


def test_whether_the_numbers_come_first_is_yes_or_no(tmp_path: Path) -> None:
    text = (RESOURCES / "leaflets" / "en" / "self-harm.md").read_text("utf-8")
    (tmp_path / "own.md").write_text(text.replace("crisis_first = true", 'crisis_first = "yes"'), encoding="utf-8")
    with pytest.raises(SourceError, match="line 11: “crisis_first” is true or false, without quotation marks"):
        read_leaflet(tmp_path / "own.md")


def test_no_crisis_number_is_typed_into_a_leaflet() -> None:
    numbers = "|".join(re.escape(contact.number) for contact in listed())
    for path in sorted((RESOURCES / "leaflets").rglob("*.md")):
        assert not re.search(rf"\b({numbers})\b", path.read_text("utf-8").split("+++")[2]), path


def test_the_polish_one_says_that_nobody_has_checked_it(press: Press) -> None:
    assert "To tłumaczenie nie zostało jeszcze sprawdzone." in press.text(order("pl", "clear-14"))
