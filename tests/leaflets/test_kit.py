"""The checks that watch leaflets, watched: each seeded fault must be seen by at least one of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import page as page_validation
import pikepdf
import pytest

from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import an_order
from tests.support.tags import read_tags


def _drop(key: str) -> Callable[[Any], None]:
    def seed(document: Any) -> None:
        del document.Root[key]

    return seed


def _drop_from_page(key: str) -> Callable[[Any], None]:
    def seed(document: Any) -> None:
        del document.pages[0].obj[key]

    return seed


def _hide_text_as_artifact(document: Any) -> None:
    page = document.pages[0]
    code = page.Contents.read_bytes().replace(b"/H1 <</MCID 1>> BDC", b"/Artifact BMC", 1)
    page.Contents = document.make_stream(code)


def _untag_text(document: Any) -> None:
    page = document.pages[0]
    code = page.Contents.read_bytes()
    page.Contents = document.make_stream(code + b"\nBT /F1 12 Tf 1 0 0 1 60 60 Tm <0001> Tj ET\n")


def _tag_a_heading_as_a_paragraph(document: Any) -> None:
    first = next(child for child in document.Root.StructTreeRoot.K.K if child.S == "/H1")
    first.S = pikepdf.Name("/P")


def _swap_the_order(document: Any) -> None:
    children = document.Root.StructTreeRoot.K.K
    children[2], children[3] = children[3], children[2]


def _give_the_wrong_language(document: Any) -> None:
    document.Root.StructTreeRoot.K.Lang = pikepdf.String("pl")


def _spoil_the_text_behind_a_glyph(document: Any) -> None:
    font = document.pages[0].Resources.Font.F1
    table = font.ToUnicode.read_bytes()
    font.ToUnicode = document.make_stream(table.replace(b"<0001> <", b"<0001> <0058> %<", 1).replace(b"%<", b"%", 1))


def _lose_a_font(document: Any) -> None:
    del document.pages[0].Resources.Font.F1.DescendantFonts[0].FontDescriptor["/FontFile2"]


def _unname_the_file(document: Any) -> None:
    document.Root.Metadata = document.make_stream(
        document.Root.Metadata.read_bytes().replace(b"<dc:title>", b"<dc:other>").replace(b"</dc:title>", b"</dc:other>"),
        Type=pikepdf.Name("/Metadata"),
        Subtype=pikepdf.Name("/XML"),
    )


SEEDS = {
    "no mark that it is tagged": _drop("/MarkInfo"),
    "no language": _drop("/Lang"),
    "no structure": _drop("/StructTreeRoot"),
    "title not shown": _drop("/ViewerPreferences"),
    "page not in the tree": _drop_from_page("/StructParents"),
    "text hidden as artifact": _hide_text_as_artifact,
    "text without tags": _untag_text,
    "heading tagged as paragraph": _tag_a_heading_as_a_paragraph,
    "order swapped": _swap_the_order,
    "wrong language": _give_the_wrong_language,
    "wrong text behind a glyph": _spoil_the_text_behind_a_glyph,
    "font not embedded": _lose_a_font,
    "no title": _unname_the_file,
}


def _faults(pdf: bytes, sound: list[tuple[str, str, str]]) -> list[str]:
    """Return what the kit has against ``pdf``, given the tags, languages and texts that it should have."""
    try:
        found = [failure.message for failure in page_validation.validate_pdf_bytes(pdf, profile="ua1").failures]
        tagged = read_tags(pdf)
    except (page_validation.PageError, AttributeError, KeyError) as error:
        return [str(error)]
    found += tagged.lost
    if tagged.untagged:
        found.append("text without tags")
    if [(part.tags[-1], part.lang, part.text) for part in tagged.parts] != sound:
        found.append("the tags do not tell the leaflet")
    return found


@pytest.fixture(scope="module")
def sound(press: Press) -> bytes:
    return press.render(an_order()).pdf


def _told(pdf: bytes) -> list[tuple[str, str, str]]:
    return [(part.tags[-1], part.lang, part.text) for part in read_tags(pdf).parts]


def test_the_kit_has_nothing_against_a_sound_leaflet_saved_again(sound: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound)) as document:
        document.save(out)
    assert _faults(out.getvalue(), _told(sound)) == []


@pytest.mark.parametrize("name", SEEDS)
def test_the_kit_sees_a_seeded_fault(sound: bytes, name: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound)) as document:
        SEEDS[name](document)
        document.save(out)
    assert _faults(out.getvalue(), _told(sound)) != []
