"""Leaflets on every paper and in every palette: where pages lie, what is read, and that nothing is lost."""

from __future__ import annotations

import io
from dataclasses import replace

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.sheets import Place, Sheet
from tests.support.leaflet_kit.kit import expected
from tests.support.leaflet_kit.kit import faults as kit_faults
from tests.support.leaflet_orders import an_order
from tests.support.tags import flat, read_tags

BOOKLET = Sheet("booklet", "Folded", 1, (420, 595), across=2, folded=True)
A5 = (419.53, 595.28)


def _sides(pdf: bytes) -> list[tuple[float, float, tuple[str, str]]]:
    """Return width and height of each side, and what stands on its left and on its right half."""
    document = pypdfium2.PdfDocument(pdf)
    sides = []
    for page in document:
        wide, high = page.get_size()
        words = page.get_textpage()
        left, right = words.get_text_bounded(right=wide / 2), words.get_text_bounded(left=wide / 2)
        sides.append((wide, high, (flat(left), flat(right))))
    document.close()
    return sides


def test_the_pages_of_a_booklet_lie_so_that_they_follow_each_other_once_it_is_folded() -> None:
    lies = {(place.side, place.column): number for number, place in enumerate(BOOKLET.places(8), start=1)}
    assert [(lies[side, 0], lies[side, 1]) for side in range(BOOKLET.sides(8))] == [(8, 1), (2, 7), (6, 3), (4, 5)]


@given(st.integers(1, 60))
def test_no_two_pages_of_a_booklet_lie_in_one_place(pages: int) -> None:
    places = BOOKLET.places(pages)
    assert len(set(places)) == len(places) == pages
    assert max(place.side for place in places) < BOOKLET.sides(pages)
    assert places[0] == Place(0, 1)


def test_a_booklet_that_is_read_from_the_right_is_folded_the_other_way() -> None:
    assert BOOKLET.places(4, right_to_left=True)[0] == Place(0, 0)


def test_a_card_that_is_read_from_the_right_begins_with_the_right_face(press: Press) -> None:
    cards = press.sheets["cards"]
    assert {copy[0].column for copy in cards.copies(2, right_to_left=True)} == {1}
    assert {copy[0].column for copy in cards.copies(2)} == {0}
    rendered = press.render(replace(an_order("crisis", "ur", "wallet-12"), sheet="cards"))
    assert rendered.pages >= 2
    assert kit_faults(rendered, expected(press, replace(an_order("crisis", "ur", "wallet-12"), sheet="cards"))) == []


def test_a_booklet_is_printed_on_a4_and_read_in_order(press: Press) -> None:
    rendered = press.render(replace(an_order(), sheet="booklet"))
    sides = _sides(rendered.pdf)
    assert [(round(wide), round(high)) for wide, high, _ in sides] == [(842, 595)] * len(sides)
    for number, place in enumerate(press.sheets["booklet"].places(rendered.pages), start=1):
        assert sides[place.side][2][place.column].endswith(f"Page {number} of {rendered.pages}")
    text = read_tags(rendered.pdf).text
    assert text.index("Worry and anxiety") < text.index("Look around you") < text.index("About this leaflet")


def test_a_bookmark_of_a_booklet_leads_to_the_half_on_which_its_heading_stands(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.render(replace(an_order(), sheet="booklet")).pdf)) as document:
        first = document.Root.Outlines.First.Dest
        assert first[0].objgen == document.pages[0].objgen
        assert float(first[2]) == pytest.approx(421, abs=1)


def test_a5_is_half_of_a4_and_nothing_is_lost(press: Press) -> None:
    small, plain = (press.render(replace(an_order(), sheet=sheet)) for sheet in ("a5", "a4"))
    assert all((round(wide, 2), round(high, 2)) == A5 for wide, high, _ in _sides(small.pdf))
    assert small.pages > plain.pages
    assert small.text == plain.text


@pytest.mark.parametrize(("sheet", "palette"), [("a5", "cream"), ("booklet", "yellow"), ("a4", "dark")])
def test_no_paper_and_no_palette_has_a_fault_of_pdf_ua(press: Press, sheet: str, palette: str) -> None:
    rendered = press.render(replace(an_order(language="pl", discreet=True), sheet=sheet, palette=palette))
    assert [failure.message for failure in page_validation.validate_pdf_bytes(rendered.pdf).failures] == []
    tagged = read_tags(rendered.pdf)
    assert (tagged.untagged, tagged.lost) == ("", [])


def test_the_whole_sheet_has_the_colour_of_its_palette(press: Press) -> None:
    document = pypdfium2.PdfDocument(press.render(replace(an_order(), sheet="booklet", palette="yellow")).pdf)
    for page in document:
        picture = page.render(scale=0.2).to_pil().convert("RGB")
        corners = {picture.getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, picture.height - 1)}
        assert corners == {(255, 235, 102)}
    document.close()


def test_large_print_is_not_squeezed_onto_small_paper(press: Press) -> None:
    with pytest.raises(OrderError, match="Giant print, 24 point does not fit on A5"):
        press.render(replace(an_order(style="large-24"), sheet="a5"))


@pytest.mark.parametrize("unknown", [{"palette": "mauve"}, {"sheet": "a3"}])
def test_colours_or_paper_that_are_not_there_are_named(press: Press, unknown: dict[str, str]) -> None:
    with pytest.raises(OrderError, match=next(iter(unknown.values()))):
        press.render(replace(an_order(), **unknown))  # type: ignore[arg-type]


@pytest.mark.matrix
def test_every_style_prints_without_fault_on_all_its_paper_in_every_palette(press: Press) -> None:
    for style in press.styles.values():
        for sheet in style.sheets:
            for palette in press.palettes:
                order = replace(an_order((*style.topics, "sleep")[0], style=style.id), sheet=sheet, palette=palette)
                assert page_validation.validate_pdf_bytes(press.render(order).pdf).failures == [], (style.id, sheet, palette)
