"""Measures and the table they are printed in; a figure is judged against another of the same run, or printed as it is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``reach`` is what the design asks for, as words."""

    what: str
    value: str
    reach: str = ""
    beside: str = ""


def median_seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Return the median wall seconds of ``runs`` calls."""
    return statistics.median(seconds(work) for _ in range(runs))


def seconds(work: Callable[[], object]) -> float:
    """Return the wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def both_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall seconds of one call, and the processor seconds of this process in it."""
    spent = time.process_time()
    wall = seconds(work)
    return wall, time.process_time() - spent


def percentile_95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def milliseconds(value: float) -> str:
    """Return seconds as words."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def print_table(title: str, figures: list[Figure]) -> None:
    """Print the figures in columns."""
    print(f"\n## {title}\n")
    widths = [max(len(cell) for cell in column) for column in zip(*(_cells(f) for f in [_HEAD, *figures]), strict=True)]
    for figure in [_HEAD, *figures]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(_cells(figure), widths, strict=True)) + " |")
        if figure is _HEAD:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


_HEAD = Figure("figure", "measured", "to reach", "beside it, in this run")


def _cells(figure: Figure) -> tuple[str, str, str, str]:
    return figure.what, figure.value, figure.reach, figure.beside
