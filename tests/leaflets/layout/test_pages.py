"""How boxes fall on pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import page as page_validation
import pypdfium2
import pytest
from PIL import Image

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.press import Press
from tests.leaflets.test_catalogue import HEAD
from tests.support.desks import library
from tests.support.leaflet_orders import CRISIS, DEBT, RESOURCES, an_order
from tests.support.tags import flat, read_tags


def _press(folder: Path, text: str) -> Press:
    (folder / "own.md").write_text(HEAD + text, encoding="utf-8")
    press = Press.open(RESOURCES)
    press.catalogue = Catalogue.load((folder,))
    assert press.catalogue.faults == ()
    return press


@pytest.mark.parametrize("lines", range(20, 60, 3))
def test_no_heading_is_the_last_thing_on_a_page(tmp_path: Path, lines: int) -> None:
    body = "# Own\n\n" + "Word.\n\n" * lines + "## Last heading\n\nThe words that follow it.\n"
    press = _press(tmp_path, body)
    document = pypdfium2.PdfDocument(press.render(an_order("own", services=(), step=None)).pdf)
    texts = [flat(page.get_textpage().get_text_range()) for page in document]
    document.close()
    page = next(text for text in texts if "Last heading" in text)
    assert "The words that follow it." in page


def test_a_paragraph_over_several_pages_is_one_element(tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(1500))
    press = _press(tmp_path, f"# Own\n\n{words}\n")
    rendered = press.render(an_order("own", services=(), step=None))
    assert rendered.pages > 3
    assert [flat(part.text) for part in read_tags(rendered.pdf).parts if "word0 " in part.text] == [words]


def test_a_table_and_a_picture_are_tagged_and_sound(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "navy").save(tmp_path / "park.png")
    table = "| Day | What |\n|-|-|\n| Monday | Walk |\n| Tuesday | Rest and a very long word: " + "a" * 60 + " |\n"
    press = _press(tmp_path, f"# Own\n\n![A bench in a park](park.png)\n\n{table}\nSee [our page](https://example.org/own).\n")
    pdf = press.render(an_order("own")).pdf
    assert [failure.message for failure in page_validation.validate_pdf_bytes(pdf).failures] == []
    parts = read_tags(pdf).parts
    assert next(part.alt for part in parts if part.tags[-1] == "Figure") == "A bench in a park"
    assert [flat(part.text) for part in parts if part.tags[-1] == "TH"][:4] == ["Day", "What", "Monday", "Tuesday"]


def test_the_first_page_in_the_largest_print_has_a_number_to_call_and_not_headings_alone(press: Press) -> None:
    order = an_order("crisis", "en", "large-24", services=(), step=None, crisis=library().crisis)
    document = pypdfium2.PdfDocument(press.render(order).pdf)
    first = flat(document[0].get_textpage().get_text_range())
    document.close()
    assert "999" in first


@pytest.mark.parametrize("style", ["clear-14", "large-18", "large-24"])
def test_no_line_of_the_crisis_strip_is_torn_over_two_pages(press: Press, style: str) -> None:
    order = an_order("crisis", language="pl", style=style, services=(DEBT,))
    document = pypdfium2.PdfDocument(press.render(order).pdf)
    texts = [flat(page.get_textpage().get_text_range()) for page in document]
    first = next(number for number, text in enumerate(texts) if "Zagrożenie życia" in text)
    assert "Jeśli potrzebujesz pomocy teraz" in texts[first]
    for number, last in (("999", "Całą dobę"), ("116", "Całą dobę"), ("85258", "SMS jest")):
        text = next(text for text in texts[first:] if number in text)
        assert last in text[text.index(number) :]
    document.close()


def test_no_word_of_a_label_is_broken_where_there_is_room_for_it(press: Press) -> None:
    crisis = (replace(CRISIS[2], name="Neighbourhood listening and talking line"),)
    document = pypdfium2.PdfDocument(press.render(an_order(style="large-24", crisis=crisis)).pdf)
    words = next(words for page in document if (words := page.get_textpage()).search("Neighbourhood").get_next() is not None)
    found = words.search("Neighbourhood").get_next()
    assert found is not None
    assert len({round(words.get_charbox(found[0] + each, loose=True)[1]) for each in range(found[1])}) == 1
    document.close()


def test_a_card_longer_than_a_page_still_prints_all_of_it(press: Press) -> None:
    what = " ".join(f"word{i}" for i in range(900))
    where = " ".join(f"place{i}" for i in range(900))
    rendered = press.render(an_order(style="large-18", services=(replace(DEBT, what=what, where=where),)))
    text = read_tags(rendered.pdf).text
    assert what in text
    assert where in text
