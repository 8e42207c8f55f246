"""Prints every figure of speed: `make bench`. Nothing here is a test; ratios are within this one run."""

from __future__ import annotations

import os
import sys

from tests.benchmarks import beginning, crowd, drawing, lines, opening, printing, pulling, pushing, searching
from tests.benchmarks.figures import print_table

PARTS = {
    "begin": ("From the command to the lock screen", beginning.measure),
    "open": ("From the passphrase to Today", opening.measure),
    "search": ("Finding while typing", searching.measure),
    "draw": ("The list of members, painted", drawing.measure),
    "print": ("A leaflet of four pages", printing.measure),
    "pull": ("A fresh laptop's first pull", pulling.measure),
    "push": ("A day's work is sent", pushing.measure),
    "lines": ("Slow lines, cut lines, two who edit the same", lines.measure),
    "crowd": ("Two hundred laptops at once", crowd.measure),
}
SYNC = ("pull", "push", "lines", "crowd")
"""The parts that ``sync`` stands for."""


def main(wanted: list[str]) -> None:
    """Measure the parts named, or all."""
    print(f"Load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    named = [part for word in wanted for part in (SYNC if word == "sync" else (word,))]
    for key in named or PARTS:
        title, measure = PARTS[key]
        print_table(title, measure())


if __name__ == "__main__":
    main(sys.argv[1:])
