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

    None stands for the answer about one record that is too large alone. Raises a ``RoundFailed`` for what else is in the way.
    """
    waiting = [tuple(records[start : start + at_once]) for start in range(0, len(records), at_once)]
    waiting.reverse()
    while waiting:
        some = waiting.pop()
        try:
            reply = wire.records(RecordsRequest(protocol=PROTOCOL, records=some, opened=opened, history=history))
        except (AnswerTooLarge, TooLarge):
            half = len(some) // 2
            if half:
                waiting += [some[half:], some[:half]]
            else:
                yield some, None
        else:
            yield some, reply
