"""The order in which mixed left-to-right and right-to-left text stands on a line (Unicode Standard Annex 9).

Left out, because leaflets do not hold them: explicit embeddings and isolates, and the pairing of brackets (rule N0).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_EXPLICIT = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_TURNING = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks of Unicode with all that is read from the right or turns text: without any of them it runs from the left."""
_STRONG = frozenset("LR")
_SETTLED = frozenset(("L", "R", "EN", "AN"))


def first_direction(text: str) -> int:
    """Return the level of the paragraph ``text``: 1 when its first strong character runs right to left, else 0."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return 0
        if kind in ("R", "AL"):
            return 1
    return 0


def levels(text: str, base: int) -> list[int]:
    """Return the embedding level of each character of ``text`` in a paragraph of level ``base`` (0 or 1)."""
    if not base and runs_from_left(text):
        return [0] * len(text)
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    outside = "R" if base else "L"
    kinds = ["BN" if kind in _EXPLICIT else kind for kind in kinds]
    _settle_marks_and_arabic(kinds, outside)
    _settle_separators(kinds)
    _settle_terminators(kinds)
    _settle_latin_digits(kinds, outside)
    _settle_neutrals(kinds, outside)
    added = {"R": 0, "L": 1, "AN": 1, "EN": 1} if base else {"L": 0, "R": 1, "AN": 2, "EN": 2}
    return [base + added[kind] for kind in kinds]


def runs_from_left(text: str) -> bool:
    """Say whether nothing in ``text`` is read from the right, whatever stands beside it."""
    return _TURNING.search(text) is None


def visual_order(line: Sequence[int]) -> list[int]:
    """Return the indices of a line's parts from left to right, given their levels in reading order (rule L2)."""
    order = list(range(len(line)))
    for level in range(max(line, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and line[order[end]] >= level:
                end += 1
            if end > start:
                order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order


def _settle_marks_and_arabic(kinds: list[str], outside: str) -> None:
    """Rules W1 to W3: marks take the kind before them, digits after Arabic letters are Arabic digits."""
    before = strong = outside
    for i, kind in enumerate(kinds):
        if kind in ("NSM", "BN"):
            kinds[i] = before
        elif kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[i] = "AN"
        before = kinds[i]
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]


def _settle_separators(kinds: list[str]) -> None:
    """Rule W4: one separator between two numbers of a kind belongs to the number."""
    for i in range(1, len(kinds) - 1):
        before, after = kinds[i - 1], kinds[i + 1]
        if before != after:
            continue
        if (kinds[i] == "ES" and before == "EN") or (kinds[i] == "CS" and before in ("EN", "AN")):
            kinds[i] = before


def _settle_terminators(kinds: list[str]) -> None:
    """Rules W5 and W6: signs beside a number belong to it; what is left over is neutral."""
    i = 0
    while i < len(kinds):
        if kinds[i] != "ET":
            i += 1
            continue
        end = i
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        beside = (i > 0 and kinds[i - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
        kinds[i:end] = ["EN" if beside else "ON"] * (end - i)
        i = end
    kinds[:] = ["ON" if kind in ("ES", "CS", "ET") else kind for kind in kinds]


def _settle_latin_digits(kinds: list[str], outside: str) -> None:
    """Rule W7: digits after a left-to-right letter run with it."""
    strong = outside
    for i, kind in enumerate(kinds):
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[i] = "L"


def _settle_neutrals(kinds: list[str], outside: str) -> None:
    """Rules N1 and N2: spaces and signs between two parts of one direction take it, others take the paragraph's."""
    i = 0
    while i < len(kinds):
        if kinds[i] in _SETTLED:
            i += 1
            continue
        end = i
        while end < len(kinds) and kinds[end] not in _SETTLED:
            end += 1
        before = outside if i == 0 else ("L" if kinds[i - 1] == "L" else "R")
        after = outside if end == len(kinds) else ("L" if kinds[end] == "L" else "R")
        kinds[i:end] = [before if before == after else outside] * (end - i)
        i = end
