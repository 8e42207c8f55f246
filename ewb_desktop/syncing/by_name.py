"""Asks the server for records by their ids, in smaller parts where one answer would be too large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ewb_desktop.syncing.troubles import AnswerTooLarge, TooLarge
from ewb_desktop.syncing.wire import Wire
from sync.protocol.messages import RecordsReply, RecordsRequest
from sync.protocol.version import PROTOCOL

Ids = tuple[str, ...]


def ask_by_name(
    wire: Wire, records: Sequence[str], opened: Ids, at_once: int, *, history: bool = False
) -> Iterator[tuple[Ids, RecordsReply | None]]:
    """Yield the server's answers about all ``records``, each with the ids that it is about, ``at_once`` at most.

    What an answer leaves out of a history is asked for again with fewer others, at last alone. None stands for the answer about
    one record that is too large alone. Raises a ``RoundFailed`` for what else is in the way.
    """
    waiting = [tuple(records[start : start + at_once]) for start in range(0, len(records), at_once)]
    waiting.reverse()
    while waiting:
        some = waiting.pop()
        try:
            reply = wire.records(RecordsRequest(protocol=PROTOCOL, records=some, opened=opened, history=history))
        except (AnswerTooLarge, TooLarge):
            if len(some) == 1:
                yield some, None
            else:
                waiting += _halves(some)
            continue
        left_out = tuple(id_ for id_ in some if id_ in reply.left_out) if len(some) > 1 else ()
        waiting += _halves(left_out)
        yield tuple(id_ for id_ in some if id_ not in left_out), reply


def _halves(ids: Ids) -> list[Ids]:
    """Return both, the first of them last, which is where the next is taken from."""
    middle = len(ids) // 2
    return [half for half in (ids[middle:], ids[:middle]) if half]
