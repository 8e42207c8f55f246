"""The quiet mark on a line of which the server does not have everything, or a person has to look at something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ewb_desktop.storage.cards.standing import Standing
from ewb_desktop.ui.widgets.row import Mark, Row
from sync.protocol.errors import REFUSAL_WORDS, Refusal


def mark_of(standing: Standing | None) -> Mark | None:
    """Return the mark, None when everything is sent, taken and settled. What needs somebody comes before what waits."""
    if standing is None:
        return None
    if standing.held:
        why = "; ".join(_why(reason) for reason in standing.held)
        return Mark("set aside", "triangle-alert", _joined(f"set aside: {why}", standing.choose, standing.unsent))
    if standing.choose:
        return Mark("needs your choice", "circle-question-mark", _joined("", True, standing.unsent))
    return Mark("not sent yet", "upload", "not sent yet")


def marked(rows: Sequence[Row], standings: Mapping[str, Standing], ids: Sequence[str]) -> list[Row]:
    """Return the rows with their marks; ``ids`` are their records, in the rows' order."""
    return [replace(row, mark=mark_of(standings.get(id_))) for row, id_ in zip(rows, ids, strict=True)]


def _joined(first: str, choose: bool, unsent: bool) -> str:
    parts = (first, "needs your choice: it has two answers" if choose else "", "not sent yet" if unsent else "")
    return "; ".join(part for part in parts if part)


def _why(reason: Refusal) -> str:
    """Return the first sentence of what is said beside such a change on Send and receive."""
    sentence = REFUSAL_WORDS[reason].partition(". ")[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]
