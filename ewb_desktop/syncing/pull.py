"""What one answer brings: its rows, the new cursor and what the server said about this laptop, all in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ewb_desktop.domain.time import instant_told
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.cards.history import forget_all_heard, keep_heard
from ewb_desktop.storage.exchange.incoming import Laid, lay_page
from ewb_desktop.storage.exchange.journal import offer_again
from ewb_desktop.storage.exchange.looks import tell_looks_again
from ewb_desktop.storage.exchange.sync_state import Progress, note_progress, read_progress
from ewb_desktop.storage.holding.departures import note_departure, note_given_back
from ewb_desktop.storage.holding.leaving import note_leaving
from ewb_desktop.storage.holding.scope import opened_people
from ewb_desktop.storage.settling.brought_held import offer_carried_again
from ewb_desktop.storage.writing import Writing
from sync.protocol.messages import Page, RoundReply, Scope
from sync.protocol.roles import MATCHED_ONLY

HISTORY_LINE = 7
"""Values in a line of history."""


def lay_answer(
    writing: Writing, reply: RoundReply, *, sent: bool, began: datetime, again_after: int | None = None
) -> tuple[Laid, Progress]:
    """Lay the rows of ``reply`` beneath unsent edits, move the cursor, and return how far the exchange has come.

    ``sent`` says whether the server took something with it, and ``began`` is when taking it in began. Rows after the number
    ``again_after`` are asked for again (:func:`ewb_desktop.syncing.push.hidden_after`).

    A server with another epoch was restored from a backup: its rows wait, and what was acknowledged in the last 90 days is
    offered again first. When the scope has grown, everything is asked for again.
    """
    before = read_progress(writing.connection)
    now = writing.clock.now()
    if (reply.scope.role, reply.scope.areas) != (before.role, before.areas):
        note_given_back(writing, reply.scope.areas, reply.scope.role)
        # whoever was here for a few hours may be here to stay now, or the other way round
        for person in opened_people(writing.connection):
            writing.touch("person", person)
    has_shrunk = _has_shrunk(before, reply.scope)
    if has_shrunk:
        gone = [area for area in before.areas if area not in reply.scope.areas and EVERYWHERE not in reply.scope.areas]
        note_departure(writing, gone, reply.scope.role if reply.scope.role != before.role else "", began)
    told = replace(
        before,
        more_to_receive=True,
        is_more_told=True,
        role=reply.scope.role,
        areas=reply.scope.areas,
        classes=reply.scope.classes,
        last_exchange=now,
        last_sent=now if sent else before.last_sent,
        clock_off_minutes=clock_off_minutes(now, reply.server_time),
        server_time=instant_told(reply.server_time) or before.server_time,
        scope_changed=before.scope_changed or has_shrunk,
    )
    if before.epoch is not None and before.epoch != reply.epoch:
        if before.restored_epoch != reply.epoch:
            # ids make it harmless to offer what the server still has
            offer_again(writing, 0)
            offer_carried_again(writing)
            tell_looks_again(writing)
            # its numbers begin again where the backup ended
            forget_all_heard(writing)
        laid, progress = Laid(), replace(told, restored_epoch=reply.epoch)
    else:
        laid = lay_page(writing, reply.page.columns, reply.page.rows)
        keep_heard(writing, heard_in(reply.page))
        note_leaving(writing, reply.leaving, _members_in(reply))
        again = _has_grown(before, reply.scope)
        progress = replace(
            told,
            epoch=reply.epoch,
            mark=reply.mark or told.mark,
            cursor=0 if again else reply.page.next if again_after is None else min(again_after, reply.page.next),
            more_to_receive=again or reply.page.more or again_after is not None,
        )
    note_progress(writing, progress)
    return laid, progress


def heard_in(page: Page) -> list[list[Any]]:
    """Return the lines of history that a page tells, as far as they can be read here."""
    return [line for line in page.history if len(line) == HISTORY_LINE]


def begin_epoch(progress: Progress) -> Progress:
    """Return how far the exchange is once a restored server was offered everything: its records are asked for from the start."""
    return replace(progress, epoch=progress.restored_epoch, restored_epoch=None, cursor=0, more_to_receive=True)


def clock_off_minutes(here: datetime, there: str) -> int:
    """Return by how many minutes this laptop's clock is ahead of the server's (0 if the server's time cannot be read)."""
    told = instant_told(there)
    return round((here - told).total_seconds() / 60) if told is not None else 0


def _has_grown(before: Progress, scope: Scope) -> bool:
    if before.epoch is None:
        return False
    wider = EVERYWHERE not in before.areas and not set(scope.areas) <= set(before.areas)
    wider = wider or (before.role in MATCHED_ONLY and scope.role not in MATCHED_ONLY)
    return wider or not set(scope.classes) <= set(before.classes)


def _has_shrunk(before: Progress, scope: Scope) -> bool:
    if before.epoch is None:
        return False
    narrower = EVERYWHERE not in scope.areas and not set(before.areas) <= set(scope.areas)
    narrower = narrower or (scope.role in MATCHED_ONLY and before.role not in MATCHED_ONLY)
    return narrower or not set(before.classes) <= set(scope.classes)


def _members_in(reply: RoundReply) -> set[str]:
    """Return the members whose own records came with a page."""
    names = reply.page.columns.get("person", ())
    place = names.index("id") if "id" in names else 0
    return {str(row[place]) for row in reply.page.rows.get("person", ())}
