"""Where telephone numbers, prices and hours stand in a text, and how a number is set among words that are read from the right.

Whatever joins the groups of a number, each is read from the left and kept on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPACE = "[ \u00a0\u2000-\u200a\u202f]"
_DASH = "[-\u2010-\u2015\u2212]"
_JOINED = rf"(?:{_SPACE}{{1,3}}|{_SPACE}?{_DASH}{_SPACE}?|[./_\u00b7\u2022])"
"""What stands between two groups: spaces of any width, a dash, or close to both a dot, a bullet, a stroke or an underscore.

A bullet with spaces beside it stands between two numbers, as in 999 • 111.
"""
_INSIDE = rf"\+?{_SPACE}?\d++(?:{_JOINED}\d++)*+"
_BRACKETED = rf"\({_SPACE}?(?:0|(?=\+|0\d|\d{{2}}){_INSIDE}){_SPACE}?\)(?={_JOINED}?\d{{3}})"
"""A group in brackets that close, with more of the number behind them: neither a note such as (24 hours) nor a (2)."""
_GROUP = rf"(?:{_JOINED}?{_BRACKETED}{_JOINED}?\d++|{_JOINED}\d++)"
_EXTENSION = rf"(?:{_SPACE}?(?:ext\.?|x){_SPACE}?\d++)?"
_NUMBER = re.compile(rf"(?:\+?{_BRACKETED}{_JOINED}?|\+{_SPACE}?)?\d++{_GROUP}*(?i:{_EXTENSION})")
_HOURS = re.compile(rf"\d{{1,2}}\.\d{{2}}{_SPACE}?{_DASH}{_SPACE}?\d{{1,2}}\.\d{{2}}")
"""Two times of day: what is read from the right has the first of them on the right."""
_PRICES_AND_HOURS = re.compile(rf"£{_SPACE}?\d++(?:[.,]\d++)*+|(?<!\d)\d{{1,2}}[:.]\d{{2}}-\d{{1,2}}[:.]\d{{2}}(?!\d)")
_RARE_JOIN = re.compile(r"[\u2010-\u2015\u2212_\u00b7\u2022]")
_TRUNK = re.compile(rf"(?<=\d)(\)?{_SPACE}?)\({_SPACE}?0{_SPACE}?\)")
"""The nought of +44 (0)161, which is dialled without the +44 only."""
_BRITISH_TRUNK = re.compile(rf"^(\(?(?:\+|00){_SPACE}?44\)?{_SPACE}?\({_SPACE}?)0")
_SIGNS = re.compile(rf"{_DASH}|[./_\u00b7\u2022]")
_SHORTEST, _FEWEST_DIGITS = 5, 5
"""The least signs of a number in groups, and the least digits where dashes join them: fewer are a span, as in 10-12."""


def numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each number of several groups, or with a plus or brackets, begins and ends in ``text``.

    A span of large figures, such as 2026-2027, counts as one: nobody can tell it from a number, and a number whose groups
    are turned round is a wrong one.
    """
    if not any(character.isdigit() for character in text):
        return
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        words = text[start:end]
        if len(words) < _SHORTEST or words.isdigit() or _HOURS.fullmatch(words):
            continue
        if not _SIGNS.search(words) or sum(map(str.isdigit, words)) >= _FEWEST_DIGITS:
            yield start, end


def figures_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where all begins and ends that is read from the left in what is read from the right: numbers, prices and hours.

    By the rules of Unicode a price and two hours joined by a hyphen would turn round behind a word, and not in a cell of a table.
    """
    prices = [found.span() for found in _PRICES_AND_HOURS.finditer(text)]
    numbers = [(start, end) for start, end in numbers_in(text) if not any(start < last and first < end for first, last in prices)]
    yield from sorted(prices + numbers)


def set_plainly(number: str) -> str:
    """Return a telephone number without brackets and rare signs, as every reader copies it from what is read from the right.

    Brackets go and all between the groups is a space; the nought of +44 (0)161 and of +44 (0161) goes with them, for nobody who
    dials the +44 dials it. In a number without brackets a dash of any kind, a dot on the line or an underscore is a hyphen.
    """
    if "(" not in number:
        return _RARE_JOIN.sub("-", number)
    if number.lstrip("( ").startswith(("+", "00")):
        number = _BRITISH_TRUNK.sub(r"\1", _TRUNK.sub(r"\1 ", number))
    number = re.sub(r"^\(0\)(?=\d)", "0", number)
    number = re.sub(rf"(?:[()./_\u00b7\u2022]|{_SPACE}|{_DASH})+(?!$)", " ", number).strip()
    return re.sub(r"\+ ", "+", number)
