"""Every language is printed whole: each letter has a glyph, no number is turned round, and what is unchecked says so."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import page as page_validation
import pypdf
import pypdfium2
import pytest

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.leaflets.blocks import Heading, Points
from ewb_desktop.leaflets.catalogue import read_leaflet
from ewb_desktop.leaflets.hours import opening_spans
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT
from tests.leaflets.test_crisis import listed, order
from tests.support.leaflet_orders import NUMBERS, RESOURCES, an_order
from tests.support.tags import flat, read_tags

LEAFLETS = RESOURCES / "leaflets"
LANGUAGES = ("ar", "bn", "cmn", "cy", "pa", "pl", "pt", "ro", "so", "uk", "ur")
HARD = ("ar", "bn", "cmn", "pa", "uk", "ur")
"""Languages in letters of their own."""
PROMISED = ("crisis", "how-this-service-works", "loneliness-and-meeting-people", "low-mood", "sleep", "worry-and-anxiety")
TRANSLATED = sorted(path for lang in LANGUAGES for path in (LEAFLETS / lang).glob("*.md"))
Printed = Callable[[LeafletOrder], Rendered]


def _told(text: str) -> str:
    """Return ``text`` without the signs that only one of paper and plain text has, and without any space."""
    return re.sub(r"[\s\u00a0:•\u2066\u2069-]", "", text)


def _copied(pdf: bytes) -> Iterator[str]:
    """Give the text of ``pdf`` as each of two readers copies it."""
    document = pypdfium2.PdfDocument(pdf)
    yield flat(" ".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    yield flat(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def _is_whole(rendered: Rendered, numbers: tuple[str, ...]) -> None:
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []
    tagged = read_tags(rendered.pdf)
    assert (tagged.untagged, tagged.lost) == ("", [])
    assert _told(tagged.text) == _told(rendered.text)
    for copied in (tagged.text, *_copied(rendered.pdf)):
        assert [number for number in numbers if number not in copied] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_leaflet_is_whole_in_every_language(printed: Printed, language: str) -> None:
    _is_whole(printed(order(language, "clear-14")), tuple(contact.number for contact in listed() if contact.first))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_numbers_stand_on_the_first_page_from_left_to_right(printed: Printed, language: str) -> None:
    document = pypdfium2.PdfDocument(printed(order(language, "clear-14")).pdf)
    words = document[0].get_textpage()
    for contact in listed():
        if contact.first:
            found = words.search(contact.number.split()[0]).get_next()
            assert found is not None
            lefts = [words.get_charbox(found[0] + each)[0] for each in range(len(contact.number))]
            assert lefts == sorted(lefts)
    document.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_print_too_begins_with_the_numbers_and_says_before_them_that_it_is_unchecked(
    press: Press, printed: Printed, language: str
) -> None:
    document = pypdfium2.PdfDocument(printed(order(language, "large-24")).pdf)
    first = _told(document[0].get_textpage().get_text_range())
    document.close()
    notice = "This translation has not been checked yet."
    assert first.index(_told(notice)) < first.index("999")
    text = printed(order(language, "large-24")).text
    assert text.index(press.wordings.wording(language).say("unchecked")) < text.index(notice) < text.index("999")


@pytest.mark.parametrize("language", HARD)
def test_a_leaflet_with_places_is_whole_in_letters_of_their_own(printed: Printed, language: str) -> None:
    topic = "how-this-service-works" if (LEAFLETS / language / "how-this-service-works.md").exists() else "crisis"
    _is_whole(printed(an_order(topic, language)), NUMBERS)


def test_every_letter_of_every_file_has_a_face(press: Press) -> None:
    missing: set[tuple[str, str]] = set()
    for language in LANGUAGES:
        text = "".join(path.read_text("utf-8") for path in (*(LEAFLETS / language).glob("*.md"), _words_file(language)))
        stacks = {stack.reading.name: stack for each in press.styles.values() for stack in (each.regular, each.bold)}
        for letter in set(text) - {"\n"}:
            missing |= {(language, letter) for stack in stacks.values() if not stack.face_for(letter, language).has(letter)}
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_promised_is_there_and_says_who_translated_it(press: Press, language: str) -> None:
    for topic in PROMISED:
        assert press.catalogue.leaflet(topic, language).translator
    text = press.text(order(language, "clear-14"))
    words = press.wordings.wording(language)
    assert not words.checked
    for key in ("unchecked", "machine_draft"):
        assert words.say(key) in text
    assert "This translation has not been checked yet." in text


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_translation_has_the_parts_of_the_english_one(path: Path) -> None:
    """A left out point or heading is a fact that somebody is not told."""
    assert _shape(path) == _shape(LEAFLETS / "en" / path.name)


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_translation_has_the_numbers_of_the_english_one(path: Path) -> None:
    assert _numbers(path) == _numbers(LEAFLETS / "en" / path.name)


def test_every_language_can_say_a_day(press: Press) -> None:
    for language in LANGUAGES:
        words = press.wordings.wording(language)
        assert len(words.months) == 12
        assert len(words.opening["days"]) == 7
        assert "2026" in words.day(order(language, "clear-14").printed_on)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_the_days_and_hours_of_a_place(press: Press, language: str) -> None:
    words = press.wordings.wording(language)
    rules = [
        OpeningRule(byday=("TU", "WE", "TH"), opens_at="10:00", closes_at="13:00"),
        OpeningRule(byday=("MO", "FR"), opens_at="00:00", closes_at="00:00"),
        OpeningRule(byday=("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
    ]
    for rule in rules:
        (told,) = opening_spans([rule], words, "en")
        assert told.lang == "", f"{told.text} is still English"
    assert "10:00" in opening_spans(rules[:1], words, "en")[0].text


def test_a_language_read_from_the_right_puts_no_bare_number_after_latin_letters() -> None:
    """It would run on with the letters: "BSL. 24" is read as "24 .BSL" by somebody who reads from the right."""
    for language in set(LANGUAGES) & RIGHT_TO_LEFT:
        data = tomllib.loads(_words_file(language).read_text("utf-8"))
        for key, contact in data["crisis"].items():
            told = f"{contact['reach'].replace('{number}', '000')} {contact['when']}"
            assert not re.search(r"[A-Za-z)][.،۔]? \d", told.replace("NHS 000", "NHS")), (language, key)


def _words_file(language: str) -> Path:
    return LEAFLETS / "words" / f"{language}.toml"


def _shape(path: Path) -> list[str]:
    shape: list[str] = []
    for block in read_leaflet(path).blocks:
        level = f"{block.level}" if isinstance(block, Heading) else ""
        items = f"{len(block.items)}{block.ordered}" if isinstance(block, Points) else ""
        shape.append(f"{type(block).__name__}{level}{items}")
    return shape


def _numbers(path: Path) -> list[int]:
    """Return the numbers in the text of a file, but for those of its points, in any script's digits."""
    text = re.sub(r"^\d+\. ", "", path.read_text("utf-8").split("+++", 2)[2], flags=re.MULTILINE)
    return sorted(int(number) for number in re.findall(r"\d+", text))
