"""A story as plain text: for a screen reader, an e-mail, or to look at beside the picture of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import repeat

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, NewPage, Panel, Paragraph, Picture, Points, Spans, WebCode
from ewb_desktop.leaflets.text.numbers import figures_in
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT, plain, shown_address

_ISOLATE, _END = "\u2066", "\u2069"
"""The signs nobody sees that make what stands between them one thing that is read from the left."""
_OF_AN_ADDRESS = re.compile(r"[A-Za-z/._=&?#@%-]")
"""What stands before figures in an address of the web, which nothing may be put into."""


def plain_text(blocks: Iterable[Block], *, codes: bool = True, lang: str = "") -> str:
    """Return ``blocks`` as text: paragraphs apart by an empty line, points with a hyphen, tables as sentences.

    Without ``codes`` nothing is said of pointing a camera: only the address is left. With a ``lang`` that is read from the right
    numbers are told apart for who shows the text, or their groups would be turned round.
    """
    text = "\n\n".join(_told(blocks, codes)) + "\n"
    if lang not in RIGHT_TO_LEFT:
        return text
    for start, end in reversed(list(figures_in(text))):
        if _OF_AN_ADDRESS.fullmatch(text[max(start - 1, 0) : start]):
            continue
        text = f"{text[:start]}{_ISOLATE}{text[start:end]}{_END}{text[end:]}"
    return text


def _told(blocks: Iterable[Block], codes: bool) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield _words(block.spans)
            case Points(items=items, ordered=ordered):
                signs = block.labels() if ordered else repeat("-")
                yield "\n".join(f"{sign} {_words(item)}" for sign, item in zip(signs, items, strict=False))
            case Grid(headings=headings, rows=rows) if block.is_form:
                yield "\n".join((": ".join(map(_words, headings)), *(f"{_words(row[0])}:" for row in rows)))
            case Grid(headings=headings, rows=rows):
                names = [_words(heading) for heading in headings]
                yield "\n".join(
                    "; ".join(f"{name}: {_words(cell)}" for name, cell in zip(names, row, strict=False)) for row in rows
                )
            case Facts(rows=facts):
                yield "\n".join(f"{_words(fact.label)}: {_words(fact.value)}" for fact in facts)
            case Picture(description=description):
                yield f"Picture: {description}"
            case WebCode(typed=typed) if not codes:
                yield from _told(typed, codes)
            case Panel(blocks=inner) | WebCode(blocks=inner):
                yield from _told(inner, codes)
            case NewPage():
                pass


def _words(spans: Spans) -> str:
    text = ""
    for i, span in enumerate(spans):
        text += span.text
        ends = i + 1 == len(spans) or spans[i + 1].link != span.link
        if span.link and ends and shown_address(span.link).rstrip("/") not in text:
            text += f" ({span.link.removeprefix('mailto:').removeprefix('tel:')})"
    return text.replace("\u00a0", " ") if spans else plain(spans)
