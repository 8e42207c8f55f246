"""Leaflets of four pages: the press beside reportlab's own paragraphs, weasyprint and typst, the same words in the same run."""

from __future__ import annotations

import importlib
import io
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pypdfium2
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph as PlainParagraph
from reportlab.platypus import SimpleDocTemplate

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, Panel, Paragraph, Picture, Points, WebCode
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.text.spans import plain
from tests.benchmarks.figures import Figure, milliseconds, seconds
from tests.support.leaflet_orders import DEBT, RESOURCES, an_order

PAGES = 4
FONTS = RESOURCES / "fonts"
REGULAR, BOLD = FONTS / "AtkinsonHyperlegibleNext_400Regular.ttf", FONTS / "AtkinsonHyperlegibleNext_700Bold.ttf"
Maker = Callable[[LeafletOrder], bytes]
_MISSING = "not installed here: see packaging/bench.txt"


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of words and what it is: "1", "2" and "3" are headings, "point" is a point, "text" all else."""

    kind: str
    words: str


def measure() -> list[Figure]:
    """Return how long each takes when it is warm: the median of topics of four pages that it had not made before."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder))


def _measured(folder: Path) -> list[Figure]:
    tried, press = Press.open(RESOURCES), Press.open(RESOURCES)
    orders = [an_order(card.id, style="large-18", services=(DEBT,)) for card in tried.catalogue.topics()]
    first, *orders = [order for order in orders if tried.render(order).pages == PAGES]
    makers: dict[str, Maker | None] = {
        "press": lambda order: press.render(order).pdf, "reportlab": _reportlab(press),
        "weasyprint": _weasyprint(press), "typst": _typst(press, folder),
    }  # fmt: skip
    cold = seconds(lambda: press.render(first))
    spent: dict[str, list[float]] = {name: [] for name in makers}
    for make in makers.values():
        if make is not None:
            make(first)
    for order in orders:
        press.text(order)  # the words are read and told before anyone is timed, so that nobody finds them warmer than another
        for name, make in makers.items():
            if make is not None:
                spent[name].append(seconds(partial(make, order)))
    pages = {name: {_pages(make(order)) for order in orders} for name, make in makers.items() if make is not None}
    took = {name: statistics.median(times) for name, times in spent.items() if times}
    return [
        Figure(f"a leaflet of {PAGES} pages, tagged, PDF/UA-1", milliseconds(took["press"]), "under 150 ms, warm",
               f"{len(orders)} topics; the very first {milliseconds(cold)}"),
        _beside("reportlab, words only: no tags, code, pictures", "reportlab", took, pages, "the press within 1.5 times"),
        _beside("weasyprint, tagged, PDF/UA-1", "weasyprint", took, pages, "the press at least twice as fast"),
        _beside("typst, tagged, PDF/UA-1", "typst", took, pages, "beside it"),
    ]  # fmt: skip


def _beside(what: str, name: str, took: dict[str, float], pages: dict[str, set[int]], reach: str) -> Figure:
    if name not in took:
        return Figure(what, _MISSING, reach)
    ratio = took["press"] / took[name]
    told = f"the press takes {ratio:.2f} of its time" if ratio < 1 else f"the press takes {ratio:.2f} times as long"
    return Figure(what, milliseconds(took[name]), reach, f"{told}; {' or '.join(map(str, sorted(pages[name])))} pages")


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count


def _lines(blocks: tuple[Block, ...]) -> Iterator[Line]:
    for block in blocks:
        match block:
            case Heading():
                yield Line(str(block.level), plain(block.spans))
            case Paragraph():
                yield Line("text", plain(block.spans))
            case Points(items=items):
                yield from (Line("point", plain(item)) for item in items)
            case Facts(rows=rows):
                yield from (Line("text", f"{plain(row.label)}: {plain(row.value)}") for row in rows)
            case Grid(rows=grid):
                yield from (Line("text", plain(cell)) for row in grid for cell in row)
            case Panel(blocks=inner) | WebCode(blocks=inner):
                yield from _lines(inner)
            case Picture(description=words):
                yield Line("text", words)
            case _:
                pass


def _reportlab(press: Press) -> Maker:
    pdfmetrics.registerFont(TTFont("Reading", REGULAR))
    pdfmetrics.registerFont(TTFont("Heading", BOLD))
    text = ParagraphStyle("text", fontName="Reading", fontSize=18, leading=25.2, spaceAfter=12.6)
    looks = {"text": text, "point": ParagraphStyle("point", text, leftIndent=23, bulletIndent=0, spaceAfter=7)}
    for kind, size in (("1", 34), ("2", 25), ("3", 21)):
        looks[kind] = ParagraphStyle(
            kind, text, fontName="Heading", fontSize=size, leading=size * 1.2, spaceBefore=20, spaceAfter=9
        )

    def make(order: LeafletOrder) -> bytes:
        out = io.BytesIO()
        sheet = SimpleDocTemplate(out, leftMargin=57, rightMargin=57, topMargin=57, bottomMargin=68)
        sheet.build(
            [
                PlainParagraph(escape(line.words), looks[line.kind], bulletText="•" if line.kind == "point" else None)
                for line in _lines(press._story(order)[0].blocks)
            ]
        )
        return out.getvalue()

    return make


def _weasyprint(press: Press) -> Maker | None:
    library = _library("weasyprint")
    if library is None:
        return None
    fonts: Any = importlib.import_module("weasyprint.text.fonts")
    known = fonts.FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: Reading; font-weight: {weight}; src: url({path.as_uri()}) }}"
        for weight, path in ((400, REGULAR), (700, BOLD))
    )
    look = library.CSS(
        string=f"{faces} @page {{ size: A4; margin: 20mm 20mm 24mm }} html, body, * {{ font-family: Reading }}", font_config=known
    )

    def make(order: LeafletOrder) -> bytes:
        made: bytes = library.HTML(string=press.html(order)).write_pdf(
            stylesheets=[look], font_config=known, pdf_variant="pdf/ua-1"
        )
        return made

    return make


def _typst(press: Press, folder: Path) -> Maker | None:
    library = _library("typst")
    if library is None:
        return None
    marks = {"1": "= ", "2": "== ", "3": "=== ", "point": "- ", "text": ""}
    head = (
        "#set document(title: [Leaflet])\n"
        '#set page(paper: "a4", margin: (x: 20mm, top: 20mm, bottom: 24mm), numbering: "1 / 1")\n'
        '#set text(lang: "en", region: "gb", size: 18pt, font: "Atkinson Hyperlegible Next", hyphenate: false)\n'
        "#set par(leading: 12pt, spacing: 24pt)\n#set list(spacing: 18pt)\n"
        "#show heading.where(level: 1): set text(34pt)\n#show heading.where(level: 2): set text(25pt)\n"
    )
    source = folder / "leaflet.typ"
    source.write_text(head, encoding="utf-8")
    compiler = library.Compiler(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True)

    def make(order: LeafletOrder) -> bytes:
        lines = _lines(press._story(order)[0].blocks)
        body = "\n\n".join(f"{marks[line.kind]}#({_typst_string(line.words)})" for line in lines)
        source.write_text(head + body, encoding="utf-8")
        made: bytes = compiler.compile(format="pdf", pdf_standards=["ua-1"])
        return made

    return make


def _typst_string(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _library(name: str) -> Any:
    """Return the library ``name``, or None where it or what it draws with is missing."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):
        return None
