"""The kit that watches leaflets, watched: each seeded fault is seen, and by the check that is meant for it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_kit.kit import expected, faults
from tests.support.leaflet_orders import DEBT, STEP, an_order

Seed = Callable[[Any], None]
DASHED = "0161-496-0124"


def _drop(key: str) -> Seed:
    def seed(document: Any) -> None:
        del document.Root[key]

    return seed


def _rewrite(old: str, new: str, *, page: int = 0) -> Seed:
    """Return a seed that replaces the first match of the pattern ``old`` in a page's drawing."""

    def seed(document: Any) -> None:
        side = document.pages[page]
        code = side.Contents.read_bytes().decode("ascii")
        changed = re.sub(old, new, code, count=1)
        assert changed != code
        side.Contents = document.make_stream(changed.encode("ascii"))

    return seed


def _elements(node: Any, tag: str) -> list[Any]:
    mine = [node] if str(node.S) == tag else []
    inner = [child for child in node.get("/K", []) if isinstance(child, pikepdf.Dictionary) and "/S" in child]
    return mine + [each for child in inner for each in _elements(child, tag)]


def _retag(tag: str, other: str) -> Seed:
    def seed(document: Any) -> None:
        _elements(document.Root.StructTreeRoot.K, tag)[0].S = pikepdf.Name(other)

    return seed


def _describe(words: str) -> Seed:
    def seed(document: Any) -> None:
        _elements(document.Root.StructTreeRoot.K, "/Figure")[0].Alt = pikepdf.String(words)

    return seed


def _part_in_another_language(document: Any) -> None:
    part = next(
        each for tag in ("/Span", "/P", "/H3") for each in _elements(document.Root.StructTreeRoot.K, tag) if "/Lang" in each
    )
    part.Lang = pikepdf.String("fr")


def _file_in_another_language(document: Any) -> None:
    document.Root.StructTreeRoot.K.Lang = pikepdf.String("cy")


def _unscope_the_headers(document: Any) -> None:
    for head in _elements(document.Root.StructTreeRoot.K, "/TH"):
        del head["/A"]


def _no_cells(document: Any) -> None:
    table = _elements(document.Root.StructTreeRoot.K, "/Table")[0]
    for cell in _elements(table, "/TD"):
        cell.S, cell.A = pikepdf.Name("/TH"), _elements(table, "/TH")[0].A


def _swap_the_order(document: Any) -> None:
    children = document.Root.StructTreeRoot.K.K
    children[2], children[3] = children[3], children[2]


def _page_out_of_the_tree(document: Any) -> None:
    del document.pages[0].obj["/StructParents"]


def _fonts(document: Any) -> list[Any]:
    return [font for _, font in document.pages[0].Resources.Font.items()]


def _mean(text: str, other: str) -> Seed:
    """Return a seed that has the glyphs for ``text`` stand for ``other``."""

    def seed(document: Any) -> None:
        for font in _fonts(document):
            table = font.ToUnicode.read_bytes()
            old, new = (f"> <{each.encode('utf-16-be').hex().upper()}>".encode() for each in (text, other))
            font.ToUnicode = document.make_stream(table.replace(old, new))

    return seed


def _redraw(text: str, like: str) -> Seed:
    """Return a seed that gives the glyph for ``text`` the look of ``like`` (nothing: no look at all)."""

    def seed(document: Any) -> None:
        for font in _fonts(document):
            codes = {text: int(code, 16) for code, text in _meanings(font).items()}
            descriptor = font.DescendantFonts[0].FontDescriptor
            program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
            glyphs, order = program["glyf"], program.getGlyphOrder()
            source = codes.get(like or " ")
            if text not in codes or source is None:
                continue
            glyphs[order[codes[text]]] = glyphs[order[source]]
            out = io.BytesIO()
            program.save(out)
            descriptor.FontFile2 = document.make_stream(out.getvalue(), Length1=len(out.getvalue()))

    return seed


def _lose_a_font(document: Any) -> None:
    del document.pages[0].Resources.Font.F1.DescendantFonts[0].FontDescriptor["/FontFile2"]


def _unname_the_file(document: Any) -> None:
    document.Root.Metadata = document.make_stream(
        document.Root.Metadata.read_bytes().replace(b"<dc:title>", b"<dc:other>").replace(b"</dc:title>", b"</dc:other>"),
        Type=pikepdf.Name("/Metadata"),
        Subtype=pikepdf.Name("/XML"),
    )


def _rename_the_file(document: Any) -> None:
    document.docinfo["/Title"] = pikepdf.String("leaflet-3-final.pdf")


def _open_another_address(document: Any) -> None:
    area = next(area for side in document.pages for area in side.get("/Annots", []))
    area.A.URI = pikepdf.String("https://example.org/")


def _turn_round(number: str) -> Seed:
    """Return a seed that draws the groups of ``number`` the other way round, as bidirectional text does."""
    at = [i for i, character in enumerate(number) if not character.isdigit()]
    groups = [range(start, end) for start, end in zip((0, *(i + 1 for i in at)), (*at, len(number)), strict=True)]
    turned = [
        i for group, sign in zip(reversed(groups), (*reversed(at), None), strict=True) for i in (*group, *filter(None, [sign]))
    ]

    def seed(document: Any) -> None:
        fonts = document.pages[0].Resources.Font
        for side in document.pages:
            code = side.Contents.read_bytes().decode("ascii")
            texts: dict[str, str] = {}
            for step in re.finditer(r"/(F\d+) \S+ Tf|Tm \[(.*)\] TJ", code):
                if step[1]:
                    texts = _meanings(fonts[f"/{step[1]}"])
                    continue
                codes = re.findall(r"[0-9A-F]{4}(?=[0-9A-F]*>)", step[2])
                begun = "".join(texts[each] for each in codes).replace("\u00a0", " ").find(number)
                if begun >= 0:
                    codes[begun : begun + len(number)] = [codes[begun + i] for i in turned]
                    new = code[: step.start(2)] + f"<{''.join(codes)}>" + code[step.end(2) :]
                    side.Contents = document.make_stream(new.encode("ascii"))
                    return
        raise AssertionError(f"{number} is on no page")

    return seed


def _meanings(font: Any) -> dict[str, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]+)>$", table, re.MULTILINE)
    return {code: bytes.fromhex(words).decode("utf-16-be") for code, words in pairs}


def _texts(document: Any, page: int) -> tuple[str, list[re.Match[str]]]:
    """Return a page's drawing, and each run of text in it: its x, its y and what is shown."""
    code = document.pages[page].Contents.read_bytes().decode("ascii")
    return code, list(re.finditer(r"1 0 0 1 (\S+) (\S+) Tm \[(.*)\] TJ", code))


def _glue_two_lines(document: Any) -> None:
    """Take away the space at a line's end, which reportlab does by itself."""
    code, texts = _texts(document, 0)
    last = next(one for one, other in pairwise(texts) if len(one[3]) == len("<0000>") and one[2] != other[2])
    document.pages[0].Contents = document.make_stream((code[: last.start(3)] + code[last.end(3) :]).encode("ascii"))


def _lay_over(document: Any) -> None:
    """Draw words over those before them on their line."""
    code, texts = _texts(document, 0)
    words = [each for each in texts if len(each[3]) > len("<0000>")]
    one, other = next((one, other) for one, other in pairwise(words) if one[2] == other[2])
    document.pages[0].Contents = document.make_stream((code[: other.start(1)] + one[1] + code[other.end(1) :]).encode("ascii"))


SEEDS: dict[str, tuple[str, Seed]] = {
    "no mark that it is tagged": ("pdf/ua", _drop("/MarkInfo")),
    "no language": ("language", _drop("/Lang")),
    "no structure": ("pdf/ua", _drop("/StructTreeRoot")),
    "title not shown": ("pdf/ua", _drop("/ViewerPreferences")),
    "no title": ("pdf/ua", _unname_the_file),
    "another title": ("title", _rename_the_file),
    "no contents list": ("contents", _drop("/Outlines")),
    "page not in the tree": ("lost", _page_out_of_the_tree),
    "text hidden as artifact": ("heard", _rewrite(r"/H1 <</MCID \d+>> BDC", "/Artifact BMC")),
    "words nobody hears": ("hidden", _rewrite(r"/P <</MCID \d+>> BDC", "/Artifact BMC")),
    "text without tags": ("untagged", _rewrite(r"\Z", "\nBT /F1 12 Tf 1 0 0 1 60 60 Tm [<0001>] TJ ET\n")),
    "heading tagged as paragraph": ("heard", _retag("/H2", "/P")),
    "heading level skipped": ("heard", _retag("/H2", "/H3")),
    "order swapped": ("heard", _swap_the_order),
    "table without headers": ("table", _retag("/TH", "/TD")),
    "headers of nothing": ("table", _unscope_the_headers),
    "table of headings only": ("table", _no_cells),
    "heading without words": ("empty", _rewrite(r"/H1 <</MCID \d+>> BDC", "/Artifact BMC")),
    "point without words": ("empty", _rewrite(r"/LBody <</MCID \d+>> BDC", "/Artifact BMC")),
    "file in another language": ("language", _file_in_another_language),
    "part in another language": ("heard", _part_in_another_language),
    "picture described by its file": ("alt", _describe("photo_0123.png")),
    "picture described by other words": ("heard", _describe("A cat")),
    "picture not described": ("alt", _describe("")),
    "wrong text behind a glyph": ("heard", _mean("a", "o")),
    "U+0000 behind a glyph": ("text", _mean("a", "\x00")),
    "font not embedded": ("unreadable", _lose_a_font),
    "missing glyph": ("glyph", _rewrite(r"\[<....", "[<0000")),
    "letter that is not drawn": ("glyph", _redraw("e", "")),
    "digit that looks like another": ("digit", _redraw("6", "9")),
    "number turned round, heard": ("heard", _turn_round(DEBT.telephone)),
    "number turned round, copied": ("copied", _turn_round(DEBT.telephone)),
    "number turned round, seen": ("seen", _turn_round(DEBT.telephone)),
    "number with dashes turned round, heard": ("heard", _turn_round(DASHED)),
    "number with dashes turned round, copied": ("copied", _turn_round(DASHED)),
    "number with dashes turned round, seen": ("seen", _turn_round(DASHED)),
    "space dropped at a line's end": ("heard", _glue_two_lines),
    "text too pale": ("contrast", _rewrite(r"\S+ \S+ \S+ rg 1 0 0 1", "0.7 0.7 0.7 rg 1 0 0 1")),
    "text too small": ("size", _rewrite(r"(/F\d+) \S+ Tf", r"\1 8 Tf")),
    "text over the margin": ("overflow", _rewrite(r"1 0 0 1 \S+", "1 0 0 1 560")),
    "text under the foot": ("overflow", _rewrite(r"(1 0 0 1 \S+) \S+", r"\1 30")),
    "text over text": ("overlap", _lay_over),
    "link to somewhere else": ("link", _open_another_address),
    "code of other squares": ("code", _rewrite(r"(0\.000 0\.000 0\.000 rg )(?:\S+ \S+ \S+ \S+ re ){40}", r"\1", page=-1)),
}


@pytest.fixture(scope="module")
def order() -> LeafletOrder:
    """Polish with English services: parts in a language of their own, tables, points, a code, a number in a sentence."""
    return an_order(language="pl", step=replace(STEP, words=f"Ring {DASHED} before you come."))


@pytest.fixture(scope="module")
def sound(press: Press, order: LeafletOrder) -> Rendered:
    return press.render(order)


def _with(sound: Rendered, seed: Seed | None) -> Rendered:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound.pdf)) as document:
        if seed is not None:
            seed(document)
        document.save(out)
    return replace(sound, pdf=out.getvalue())


def test_the_kit_has_nothing_against_a_sound_leaflet_saved_again(press: Press, order: LeafletOrder, sound: Rendered) -> None:
    assert faults(_with(sound, None), expected(press, order)) == []


@pytest.mark.parametrize("name", SEEDS)
def test_the_kit_sees_a_seeded_fault(press: Press, order: LeafletOrder, sound: Rendered, name: str) -> None:
    kind, seed = SEEDS[name]
    seen = {fault.partition(":")[0] for fault in faults(_with(sound, seed), expected(press, order))}
    assert kind in seen, seen


def test_each_kind_of_check_has_a_fault_that_it_sees() -> None:
    kinds = {"pdf/ua", "unreadable", "untagged", "lost", "heard", "alt", "hidden", "language", "title", "link", "table",
             "contents", "empty", "copied", "seen", "glyph", "text", "digit", "code", "contrast", "size", "overflow",
             "overlap"}  # fmt: skip
    assert {kind for kind, _ in SEEDS.values()} == kinds
