"""The QR code that opens an address, as rows of dark squares."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import segno

EDGE = 4
"""The empty edge that readers need, in squares (ISO/IEC 18004)."""
Run = tuple[int, int, int]
"""Dark squares side by side: the row, the first column, and how many."""


@lru_cache(maxsize=64)
def square_code(address: str) -> tuple[int, tuple[Run, ...]]:
    """Return how many squares a side has, and the dark ones. A quarter of them may be dirty and it still reads."""
    matrix = segno.make_qr(address, error="m").matrix
    runs: list[Run] = []
    for row, squares in enumerate(matrix):
        column = 0
        for dark, several in groupby(squares):
            many = len(list(several))
            if dark:
                runs.append((row, column, many))
            column += many
    return len(matrix), tuple(runs)
