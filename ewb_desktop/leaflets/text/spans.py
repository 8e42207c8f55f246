"""A stretch of text that is printed in one way."""

from __future__ import annotations

import re
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ps", "ur", "ckb"))
"""Languages that are read from the right."""
NO_BREAK_SPACE = "\u00a0"
_NUMBER = re.compile(r"\+?\(?\d[\d ()]{3,}\d")
WHOLE_NUMBER = re.compile(rf"\+?\(?\d[\d{NO_BREAK_SPACE}()]{{3,}}\d")
"""A telephone number once its spaces are kept."""
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

    A number that is broken over two lines is misread, and in right-to-left text a spaced number would be printed with
    its groups reversed: a no-break space is a number's own separator there (Annex 9, rule W4).
    """
    text = _NUMBER.sub(lambda found: found.group().replace(" ", NO_BREAK_SPACE), text)
    return _POSTCODE.sub(rf"\1{NO_BREAK_SPACE}\2", text)


def shown_address(link: str) -> str:
    """Return ``link`` as people read it and type it: without what comes before its host."""
    return re.sub(r"^https?://", "", link)


def plain(spans: tuple[Span, ...]) -> str:
    """Return the text of ``spans`` as one string with ordinary spaces."""
    return "".join(span.text for span in spans).replace(NO_BREAK_SPACE, " ")
