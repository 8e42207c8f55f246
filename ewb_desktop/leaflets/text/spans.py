"""A stretch of text that is printed in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ewb_desktop.leaflets.text.numbers import numbers_in

RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ps", "ur", "ckb"))
"""Languages that are read from the right."""
NO_BREAK_SPACE = "\u00a0"
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b")


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one weight, one address and one language. An empty ``lang`` is that of what stands round it.

    ``call`` is what a telephone does with it, such as ``tel:116123``: a link on a screen, nothing on paper.
    """

    text: str
    bold: bool = False
    link: str = ""
    lang: str = ""
    call: str = ""


def keep_numbers_whole(text: str) -> str:
    """Return ``text`` with no-break spaces inside telephone numbers and postcodes.

    A number that is broken over two lines is misread. What joins its groups besides spaces stays as it was written.
    """
    for start, end in numbers_in(text):
        text = text[:start] + text[start:end].replace(" ", NO_BREAK_SPACE) + text[end:]
    return _POSTCODE.sub(rf"\1{NO_BREAK_SPACE}\2", text)


def with_whole_numbers(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return ``spans`` with no-break spaces inside the numbers that begin in one of them and end in another."""
    whole = keep_numbers_whole("".join(span.text for span in spans))
    kept: list[Span] = []
    at = 0
    for span in spans:
        text = whole[at : at + len(span.text)]
        kept.append(span if text == span.text else replace(span, text=text))
        at += len(text)
    return tuple(kept)


def numbers_across(spans: tuple[Span, ...]) -> Iterator[tuple[bool, tuple[Span, ...]]]:
    """Yield ``spans`` in stretches, each with whether it is a number that begins in one span and ends in another."""
    whole = "".join(span.text for span in spans)
    edges = {0}
    for span in spans:
        edges.add(max(edges) + len(span.text))
    across = [(start, end) for start, end in numbers_in(whole) if any(start < edge < end for edge in edges)]
    done = 0
    for start, end in [*across, (len(whole), len(whole))]:
        if start > done:
            yield False, tuple(_between(spans, done, start))
        if end > start:
            yield True, tuple(_between(spans, start, end))
        done = end


def _between(spans: tuple[Span, ...], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        text = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if text:
            yield span if text == span.text else replace(span, text=text)


def shown_address(link: str) -> str:
    """Return ``link`` as people read it and type it: without what comes before its host."""
    return re.sub(r"^https?://", "", link)


def plain(spans: tuple[Span, ...]) -> str:
    """Return the text of ``spans`` as one string with ordinary spaces."""
    return "".join(span.text for span in spans).replace(NO_BREAK_SPACE, " ")
