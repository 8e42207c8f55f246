"""What follows once everything was exchanged: what is no longer this worker's leaves, and both ends are compared once a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ewb_desktop.storage.asides.taking_over import take_over
from ewb_desktop.storage.cards.history import records_to_hear_of
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.holding.leaving import is_anyone_leaving, let_leaving_go
from ewb_desktop.storage.holding.opened import let_opened_go, read_opened
from ewb_desktop.storage.holding.scope import are_copies_old, leave_scope
from ewb_desktop.storage.holding.sealed_files import KeepSealed
from ewb_desktop.storage.settling.digests import is_check_due
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.digest import check_when_due
from ewb_desktop.syncing.hearing import hear_again
from ewb_desktop.syncing.letting_go import let_go_of_withheld
from ewb_desktop.syncing.wire import Wire

FinishTyping = Callable[[], bool]
"""Returns once every page that is open has kept what was typed on it, so that it counts when it is asked who may leave.

False while somebody types: nothing leaves under her hands, and a later round sees to it.
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """Members whose records have ``left``, those whose hours are ``over``, and whether words became work.

    That has to be sent before more can leave.
    """

    left: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    has_to_send: bool = False


def follow(store: Store, wire: Wire, keep: KeepSealed, initiator: object, finish_typing: FinishTyping) -> Followed:
    """Do what is due now; return what came of it.

    Raises what its parts raise: a ``RoundFailed`` that says that this laptop was signed off, ``FullDisk``, and ``OSError`` when
    withheld work cannot be sealed.
    """
    if not _is_anything_due(store):
        return Followed()
    may_leave = finish_typing()
    # before anything leaves: what is unsent about it in a file that was set aside is sent, or sealed, first
    take_over(store)
    before, left, over = _to_send(store), tuple[str, ...](), tuple[str, ...]()
    if may_leave:
        over = let_opened_go(store, initiator=initiator)
        let_go_of_withheld(store, keep, initiator)
        left = leave_scope(store, initiator) + let_leaving_go(store, initiator)
    has_to_send = _to_send(store) > before
    hear_again(store, wire)
    check_when_due(store, wire)
    return Followed(left, over, has_to_send)


def _to_send(store: Store) -> int:
    with store.read() as connection:
        return counts(connection).to_send


def _is_anything_due(store: Store) -> bool:
    """Nearly always nothing is: one look then does for all."""
    with store.read() as connection:
        return (
            bool(read_opened(connection))
            or read_progress(connection).scope_changed
            or are_copies_old(connection)
            or is_anyone_leaving(connection)
            or bool(records_to_hear_of(connection))
            or is_check_due(connection, store.clock.now())
        )
