"""Stops a slip of the pen before it is an area that nobody meant, or one person twice: who means it says so with a word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from sync.server.admission.people import NotPossible
from sync.server.admission.roster import Worker, areas_of_members, areas_so_far, workers
from sync.server.records.scope import EVERY_AREA


def must_be_areas(connection: Connection, organisation: str, areas: Iterable[str], *, is_new_meant: bool) -> None:
    """Raise :class:`NotPossible` for an area in which nobody has worked so far, unless a new one is meant.

    The first area of an organisation is always new. What is no area at all is never taken for one.
    """
    so_far = areas_so_far(connection, organisation)
    new = _new(areas, so_far)
    _must_read_as_areas(new)
    if new and so_far and not is_new_meant:
        raise NotPossible(f"{_nobody_in(new, so_far)} For a new area say the same again with --new-area.")


def must_be_known_areas(connection: Connection, organisation: str, areas: Iterable[str]) -> None:
    """Raise :class:`NotPossible` for an area in which nobody has worked and no member is: nothing was ever written there."""
    so_far = tuple(sorted({*areas_so_far(connection, organisation), *areas_of_members(connection, organisation)}))
    if new := _new(areas, so_far):
        raise NotPossible(_nobody_in(new, so_far))


def _new(areas: Iterable[str], so_far: Sequence[str]) -> list[str]:
    return sorted({area.strip() for area in areas} - {EVERY_AREA, "", *so_far})


def _nobody_in(new: Sequence[str], so_far: Sequence[str]) -> str:
    words = ", ".join(f"{area!r}{_meant(area, so_far)}" for area in new)
    return f"Nobody works in {words}; nothing was done. Areas so far: {', '.join(so_far)}."


def must_be_somebody_new(connection: Connection, organisation: str, name: str, now: datetime, *, is_meant: bool) -> None:
    """Raise :class:`NotPossible` when somebody of this name was invited before, unless two people are meant."""
    alike = [each for each in workers(connection, organisation, now) if _plain(each.name) == _plain(name)]
    if is_meant or not alike:
        return
    raise NotPossible("\n".join([*(_known(organisation, each) for each in alike), _FOR_ANOTHER]))


def _must_read_as_areas(new: Sequence[str]) -> None:
    for area in new:
        if any(sign in area for sign in ",;"):
            raise NotPossible(
                f"{area!r} reads as several areas; nothing was done. Put spaces between areas: --areas sale 'north end'"
            )
        if area.casefold() in _EVERYWHERE:
            raise NotPossible(f"{area!r} is no area; nothing was done. For every area say --areas '*'")
    if len(new) > 1 and all(Path(area).exists() for area in new):
        raise NotPossible("The shell has put names of files in the place of *; nothing was done. Put it in quotes: --areas '*'")


_EVERYWHERE = frozenset({"all", "any", "every", "everywhere"})
_FOR_ANOTHER = "Nothing was done. For another person of that name say the same again with --same-name."


def _known(organisation: str, worker: Worker) -> str:
    told = f"{worker.name} is here already: {worker.role}, {', '.join(worker.areas)}, {worker.id}."
    again = f"`ewb-server invite {organisation} --worker {worker.id}`"
    if not worker.is_active:
        return f"{told} She has left. If she is back: `ewb-server worker {organisation} {worker.id} --active yes`, then {again}."
    return f"{told} Another code for her: {again}."


def _meant(area: str, so_far: Sequence[str]) -> str:
    alike = {_plain(each): each for each in so_far}
    near = difflib.get_close_matches(_plain(area), alike, n=1)
    return f" (did you mean {alike[near[0]]!r}?)" if near else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
