"""Membership: the states it can be in, the moves between them, and a coordinator who is never blank.

The states are a list (``states.toml``). Membership has no end but the person's own wish, a move or death, and every one
of those has a way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ewb_desktop.domain.lists import BadList, Entry, WordList

VISITOR = "visitor"
"""The state of someone who was counted without a name."""


@dataclass(frozen=True, slots=True)
class State:
    """One state: what it needs to be true, and where it can move to."""

    key: str
    words: str
    note: str
    coordinator: bool
    needs: tuple[str, ...]
    moves: tuple[str, ...]


class MoveNotPossible(ValueError):
    """A membership cannot move like that; the text says why and what to do. Nothing has been changed."""


class CoordinatorNeeded(MoveNotPossible):
    """A member would be left without a coordinator."""


NEED_WORDS = {"next_date": "the next date", "tried_on": "the day on which you tried"}


def states(words: WordList) -> Mapping[str, State]:
    """Return the states of ``states.toml`` by key. Raises :class:`~ewb_desktop.domain.lists.BadList`."""
    found = {entry.key: _state(entry) for entry in words.entries}
    for state in found.values():
        for key in state.moves:
            if key not in found:
                raise BadList(f"the state '{state.key}' moves to '{key}', which is not there")
        if not state.moves:
            raise BadList(f"the state '{state.key}' has no way on; every state needs one")
    return found


def check_move(
    known: Mapping[str, State],
    before: str,
    after: str,
    *,
    coordinator: str,
    facts: Mapping[str, date | None] | None = None,
) -> State:
    """Return the state ``after``, or raise :class:`MoveNotPossible` with a sentence.

    ``coordinator`` is the id of the worker who coordinates; ``facts`` holds the dates that a state needs (``next_date``
    for waiting, ``tried_on`` for not in touch). ``before`` may equal ``after``, to correct a date.
    """
    state = known.get(after)
    if state is None:
        raise MoveNotPossible(f"“{after}” is not a membership that this program knows. Choose another.")
    start = known.get(before)
    if start is not None and before != after and after not in start.moves:
        raise MoveNotPossible(f"“{start.words}” cannot become “{state.words}”. Choose another.")
    check_coordinator(state, coordinator)
    for need in state.needs:
        if not (facts or {}).get(need):
            raise MoveNotPossible(f"“{state.words}” needs {NEED_WORDS.get(need, need)}. Add it, then save again.")
    return state


def check_coordinator(state: State, coordinator: str) -> None:
    """Raise :class:`CoordinatorNeeded` when ``state`` needs a coordinator and ``coordinator`` is blank."""
    if state.coordinator and not coordinator.strip():
        raise CoordinatorNeeded("Every member has one coordinator. Choose who it is; the one before stays until then.")


def still_to_ask(source: str, *, by_whom: str = "", why: str = "", sources: WordList) -> tuple[str, ...]:
    """Return what is still worth asking about how the person came, in words; it never holds up saving.

    For “turned away elsewhere” that is by whom and why, which make the report of gaps in services.
    """
    entry = sources.entry(source)
    asks = entry.more.get("asks", []) if entry else []
    given = {"by_whom": by_whom, "why": why}
    words = {"by_whom": "who turned them away", "why": "why"}
    return tuple(words[ask] for ask in asks if ask in words and not given[ask].strip()) if isinstance(asks, list) else ()


def _state(entry: Entry) -> State:
    needs, moves = entry.more.get("needs", []), entry.more.get("moves", [])
    coordinator = entry.more.get("coordinator")
    if not isinstance(needs, list) or not isinstance(moves, list) or not isinstance(coordinator, bool):
        raise BadList(f"the state '{entry.key}' needs coordinator, needs and moves")
    return State(
        key=entry.key,
        words=entry.words,
        note=entry.note,
        coordinator=coordinator,
        needs=tuple(str(need) for need in needs),
        moves=tuple(str(move) for move in moves),
    )
