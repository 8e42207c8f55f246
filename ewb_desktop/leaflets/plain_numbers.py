"""The telephone numbers of a leaflet that is read from the right, set so that they are copied from it as they are dialled.

Readers turn brackets and rare dashes round by rules of their own: "(0161) 496 0700" would be copied as "496 0700(0161)".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, Panel, Paragraph, Points, Spans, WebCode
from ewb_desktop.leaflets.text.numbers import numbers_in, set_plainly
from ewb_desktop.leaflets.text.spans import NO_BREAK_SPACE, Span

_ADDRESS = re.compile(r"https?:|mailto:", re.IGNORECASE)
_BEFORE, _BEHIND = re.compile(r"[A-Za-z/._=&?#@%-]"), re.compile(r"[A-Za-z/_=&?#@%]")
"""What stands beside figures in an address of the web, which is typed as it is."""

B = TypeVar("B", bound=Block)


def with_plain_numbers(blocks: tuple[B, ...]) -> tuple[B, ...]:
    """Return ``blocks`` with every telephone number set plainly; what a telephone does with it stays as it was."""
    return tuple(map(_block, blocks))


def _block(block: B) -> B:
    match block:
        case Heading() | Paragraph():
            return replace(block, spans=plain_numbers(block.spans))
        case Points():
            return replace(block, items=tuple(map(plain_numbers, block.items)))
        case Grid():
            rows = tuple(tuple(map(plain_numbers, row)) for row in block.rows)
            return replace(block, headings=tuple(map(plain_numbers, block.headings)), rows=rows)
        case Facts():
            facts = (replace(row, label=plain_numbers(row.label), value=plain_numbers(row.value)) for row in block.rows)
            return replace(block, rows=tuple(facts))
        case Panel():
            return replace(block, blocks=with_plain_numbers(block.blocks))
        case WebCode():
            return replace(block, blocks=with_plain_numbers(block.blocks), typed=with_plain_numbers(block.typed))
        case _:
            return block


def plain_numbers(spans: Spans) -> Spans:
    """Return ``spans`` with the telephone numbers among them set plainly; one that is bold in part is all as it begins."""
    whole = "".join(span.text for span in spans)
    signs = list(whole)
    address = [bool(_ADDRESS.match(span.link)) for span in spans for _ in span.text]
    for start, end in numbers_in(whole):
        told = set_plainly(whole[start:end]).replace(" ", NO_BREAK_SPACE)
        beside = _BEFORE.fullmatch(whole[max(start - 1, 0) : start]) or _BEHIND.fullmatch(whole[end : end + 1])
        if beside or any(address[start:end]):
            continue
        if len(told) == end - start:
            signs[start:end] = told
        else:
            signs[start:end] = [told, *[""] * (end - start - 1)]
    kept: list[Span] = []
    at = 0
    for span in spans:
        text = "".join(signs[at : at + len(span.text)])
        at += len(span.text)
        if text or not span.text:
            kept.append(replace(span, text=text))
    return tuple(kept)
