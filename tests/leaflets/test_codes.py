"""The code on every leaflet: a camera reads it from paper in every colour and script, and its address stands beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from ewb_desktop.leaflets.catalogue import Catalogue
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.sheets import MILLIMETRE
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_orders import an_order
from tests.support.tags import flat, read_tags

Print = Callable[[LeafletOrder], Rendered]
ANXIETY = "https://www.nhs.uk/every-mind-matters/mental-health-issues/anxiety/"
SLEEP = "https://www.nhs.uk/every-mind-matters/mental-health-issues/sleep/"
SQUARES = 37
"""A side of the code of that address (version 5), its edge of four squares all round left out."""
KINDS = {
    "plain": an_order(),
    "dark": replace(an_order(), palette="dark"),
    "yellow": replace(an_order(), palette="yellow"),
    "giant": an_order(style="large-24"),
    "easy": an_order(style="easy-16"),
    "dyslexia": an_order(style="dyslexia-14"),
    "Urdu, dark": replace(an_order(language="ur"), palette="dark"),
    "Arabic booklet": replace(an_order(language="ar"), sheet="booklet"),
    "Chinese": an_order(language="cmn"),
    "A5": replace(an_order(style="large-18"), sheet="a5"),
}


def _photographs(pdf: bytes) -> list[Image.Image]:
    """Return the pages as a camera may see them: small, grey."""
    document = pypdfium2.PdfDocument(pdf)
    seen = [page.render(scale=150 / 72).to_pil().convert("L") for page in document]
    document.close()
    return seen


def _read(pdf: bytes) -> list[str]:
    return [code.text for page in _photographs(pdf) for code in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_camera_reads_the_address_of_the_topic(printed: Print, kind: str) -> None:
    assert _read(printed(KINDS[kind]).pdf) == [ANXIETY]


def test_every_leaflet_has_a_code_and_its_address_beside_it_in_words(press: Press) -> None:
    for card in press.catalogue.topics():
        for language in card.languages:
            text = press.text(an_order(card.id, language))
            leaflet = press.catalogue.leaflet(card.id, language)
            address = press.catalogue.address(leaflet) or "https://www.nhs.uk/mental-health/"
            assert text.count(address.removeprefix("https://")) == 1
            assert address.startswith("https://")


def _boxes(pdf: bytes) -> list[tuple[int, list[float]]]:
    """Return the page and the place of each figure."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages: list[Any] = [page.objgen for page in document.pages]
        figures: list[Any] = [part for part in document.Root.StructTreeRoot.K.K if part.S == "/Figure"]
        return [(pages.index(part.Pg.objgen), [float(side) for side in part.A.BBox]) for part in figures]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_two_centimetres_wide_or_more_without_its_edge(printed: Print, kind: str) -> None:
    _, (left, bottom, right, top) = _boxes(printed(KINDS[kind]).pdf)[-1]
    code = (right - left) * SQUARES / (SQUARES + 8)
    assert code >= 20 * MILLIMETRE - 0.1
    assert top - bottom == pytest.approx(right - left, abs=0.1)


def test_round_it_is_an_empty_white_edge_on_black_paper_too(printed: Print) -> None:
    pdf = printed(KINDS["dark"]).pdf
    number, (left, bottom, right, top) = _boxes(pdf)[-1]
    document = pypdfium2.PdfDocument(pdf)
    page = document[number].render(scale=4).to_pil().convert("L")
    high = document[number].get_height()
    document.close()
    square = (right - left) / (SQUARES + 8) * 4
    seen = page.crop(tuple(round(each * 4) for each in (left, high - top, right, high - bottom)))
    first, last, edge = 2, seen.width - 2, round(square * 3.8)
    sides = ((first, first, last, edge), (first, first, edge, last), (first, seen.height - edge, last, last - 1))
    for side in (*sides, (seen.width - edge, first, last, last - 1)):
        assert seen.crop(side).getextrema()[0] > 250
    assert seen.crop((edge, edge, seen.width - edge, seen.height - edge)).getextrema() == (0, 255)


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_it_is_a_figure_told_in_words_before_a_link_that_opens_the_same(press: Press, printed: Print, language: str) -> None:
    pdf = printed(an_order("sleep", language, services=())).pdf
    parts = read_tags(pdf).parts
    shown = SLEEP.removeprefix("https://")
    place = next(i for i, part in enumerate(parts) if part.alt)
    assert parts[place].alt == press.wordings.wording(language).say("code", address=shown)
    assert flat(parts[place + 3].text) == shown
    with pikepdf.open(io.BytesIO(pdf)) as document:
        opened = {str(mark.A.URI) for page in document.pages for mark in page.obj.get("/Annots", [])}
    assert opened == {SLEEP}


def test_it_stands_where_reading_starts(printed: Print) -> None:
    for language, right_half in (("en", False), ("ur", True)):
        _, (left, *_rest) = _boxes(printed(an_order(language=language)).pdf)[-1]
        assert (left > 595 / 2) is right_half


def test_a_discreet_cover_has_no_code(press: Press) -> None:
    first, *others = _photographs(press.render(an_order(discreet=True)).pdf)
    assert zxingcpp.read_barcodes(first) == []
    assert [code.text for page in others for code in zxingcpp.read_barcodes(page)] == [ANXIETY]


def test_a_leaflet_about_the_service_leads_to_the_service(press: Press) -> None:
    order = an_order("how-this-service-works")
    assert _read(press.render(order).pdf) == ["https://www.nhs.uk/mental-health/"]
    assert _read(press.render(replace(order, service_address="https://northside.example.org/help")).pdf) == [
        "https://northside.example.org/help"
    ]


def test_the_longest_address_is_read_too_and_a_longer_one_is_a_fault(press: Press, tmp_path: Path) -> None:
    address = "https://www.example.org/" + "feelings-and-symptoms/" * 5 + "grief-and-loss/a"
    assert len(address) == 150
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "own.md").write_text(HEAD.replace("needs", f'address = "{address}"\nneeds') + "# Our own\n\nWords.\n", "utf-8")
    own = copy(press)
    own.catalogue = Catalogue.load((folder,))
    assert _read(own.render(an_order("own", style="large-24")).pdf) == [address]
    for wrong in (address + "b", "www.example.org", "javascript:alert(1)", "https://a b.org/", "https://nodot/"):
        (folder / "own.md").write_text(HEAD.replace("needs", f'address = "{wrong}"\nneeds') + "# Our own\n\nWords.\n", "utf-8")
        (fault,) = Catalogue.load((folder,)).faults
        assert fault.line == 9
        assert "page of the web" in str(fault)


@pytest.mark.parametrize("palette", ["white", "dark"])
def test_the_crisis_leaflet_is_one_page_with_its_code_and_leads_to_the_nhs(press: Press, palette: str) -> None:
    order = replace(an_order("crisis", services=(), step=None), palette=palette)
    for each in (order, replace(order, service_address="https://northside.example.org/help")):
        rendered = press.render(each)
        assert (rendered.pages, _read(rendered.pdf)) == (1, ["https://www.nhs.uk/mental-health/"])


def test_a_card_for_the_wallet_has_no_room_for_one(press: Press) -> None:
    assert _read(press.render(replace(an_order("crisis", style="wallet-12"), sheet="cards", services=())).pdf) == []
