"""What a leaflet must tell, worked out from its blocks and not from the file: each part's tag, language and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, NewPage, Panel, Paragraph, Picture, Points, Spans, WebCode
from tests.support.tags import Part, flat


@dataclass(frozen=True)
class Told:
    """One part in reading order. ``spans`` are its stretches in a language of their own."""

    tag: str
    lang: str
    text: str
    alt: str = ""
    spans: tuple[tuple[str, str], ...] = ()


def told(blocks: Iterable[Block], lang: str) -> list[Told]:
    """Return the parts of ``blocks`` in a leaflet in ``lang``."""
    return [part for block in blocks for part in _block(block, lang)]


def heard(parts: Iterable[Part]) -> list[Told]:
    """Return what a tag reader got, to be laid beside :func:`told`."""
    return [Told(part.tags[-1], part.lang, flat(part.text), part.alt, tuple(part.spans)) for part in parts]


def links(blocks: Iterable[Block]) -> list[str]:
    """Return the addresses that can be pressed."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Panel(blocks=inner) | WebCode(blocks=inner):
                found += links(inner)
            case Heading() | Paragraph():
                found += [span.link for span in block.spans if span.link]
            case Points(items=items):
                found += [span.link for item in items for span in item if span.link]
            case Facts(rows=facts):
                found += [span.link for fact in facts for span in (*fact.label, *fact.value) if span.link]
            case Grid():
                found += [span.link for row in (block.headings, *block.rows) for cell in row for span in cell if span.link]
            case _:
                pass
    return found


def _block(block: Block, around: str) -> Iterator[Told]:
    match block:
        case NewPage():
            return
        case Facts(rows=facts):
            for fact in facts:
                yield _text("TH", around, fact.label)
                yield _text("TD", around, fact.value)
        case Panel(blocks=inner):
            yield from told(inner, block.lang or around)
        case WebCode():
            yield Told("Figure", around, "", block.description)
            yield from told(block.blocks, around)
        case _:
            yield from _own(block, getattr(block, "lang", "") or around)


def _own(block: Block, lang: str) -> Iterator[Told]:
    match block:
        case Heading():
            yield _text(f"H{block.level}", lang, block.spans)
        case Paragraph():
            yield _text("P", lang, block.spans)
        case Points():
            for number, item in enumerate(block.items, start=block.start):
                yield Told("Lbl", lang, f"{number}." if block.ordered else "•")
                yield _text("LBody", lang, item)
        case Picture():
            yield Told("Figure", lang, "", block.description)
        case Grid():
            for row, cells in enumerate((block.headings, *block.rows)):
                for column, cell in enumerate(cells):
                    yield _text("TH" if row == 0 or column == 0 else "TD", lang, cell)
        case _:
            raise TypeError(f"the kit does not know how {type(block).__name__} is read")


def _text(tag: str, lang: str, spans: Spans) -> Told:
    own = tuple((span.lang, flat(span.text)) for span in spans if span.lang and not span.link)
    return Told(tag, lang, flat("".join(span.text for span in spans)), "", own)
