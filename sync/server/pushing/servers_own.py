"""What a laptop may say of a record that is the server's own word: that it was read, or what was chosen, by its own worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import CHOICE, ENTITIES, QUESTION
from sync.protocol.merge import Fields
from sync.server.pushing.openings_again import NOTICE, OPENING, is_brought
from sync.server.records.rows import Held
from sync.server.records.scope import SERVER, Grant

_OF_QUESTIONS: Final = frozenset(ENTITIES[QUESTION].fields)


def may_say(grant: Grant, change: Change, held: Held | None) -> bool:
    """Tell whether ``change`` says no more of ``held`` than its author's laptop may; of what is not the server's word, anything.

    Nobody destroys such a record alone: the server does with what it is about (:mod:`sync.server.pushing.erasing`), and whoever
    asks for it then hears so. What is not here yet is asked elsewhere (:mod:`sync.server.pushing.brought_back`,
    :mod:`sync.server.pushing.openings_again`).
    """
    says = _SAYS.get(change.entity)
    if says is None or grant.device == SERVER or held is None:
        return True
    if change.kind is ChangeKind.ERASE:
        return held.is_erased
    return says(grant, change, held)


def _reads(grant: Grant, change: Change, held: Held) -> bool:
    """Tell whether somebody who works where the member is says that she herself has read of it, and did not open it herself.

    Brought back by two laptops a notice is made twice: the second says no more than that.
    """
    if is_brought(change) and change.fields.get("read_by") != grant.worker:
        return True
    if change.kind is not ChangeKind.CREATE and (change.kind is not ChangeKind.EDIT or not change.fields.keys() <= NOTICE):
        return False
    is_hers = {**held.record.fields, **change.fields}.get("read_by") == grant.worker
    return is_hers and grant.reaches(held.area) and held.record.fields.get("worker") != grant.worker


def _chooses(grant: Grant, change: Change, held: Held) -> bool:
    """Tell whether a change of a question says no more than what its author chose, or chose no longer.

    What she may choose is not held against the answers: one choice settles all questions about a field, with any of their answers
    or with several together, and it is written into the record too, where its author could write the same without a question.
    Brought back by two laptops a question is made twice: the second says nothing of it.
    """
    del held
    if change.kind is ChangeKind.CREATE:
        return True
    if change.kind is not ChangeKind.EDIT or not change.fields.keys() & _OF_QUESTIONS <= CHOICE:
        return False
    return change.fields.get("settled_by") == grant.worker or _is_no_choice(change.fields)


def _is_no_choice(said: Fields) -> bool:
    return all(said.get(name) is None for name in CHOICE)


_SAYS: Final[Mapping[str, Callable[[Grant, Change, Held], bool]]] = MappingProxyType({OPENING: _reads, QUESTION: _chooses})
