"""What a page tells of others' edits: everything of a day's few, and of many only, and always, what was destroyed by law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sync.protocol.change import Change, ChangeKind
from sync.protocol.version import PUSH_CHANGES
from tests.support.callers import Caller, enrolled
from tests.support.servers import RunningServer

_MANY = 1_100


def in_pushes(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Yield as many as one push may hold at a time."""
    for begin in range(0, len(changes), PUSH_CHANGES):
        yield changes[begin : begin + PUSH_CHANGES]


def heard(caller: Caller) -> list[list[object]]:
    """Return the lines of history that come until there is nothing more."""
    lines: list[list[object]] = []
    while True:
        page = caller.round().page
        lines += [list(line) for line in page.history]
        if not page.more:
            return lines


def test_every_record_that_was_destroyed_is_told_of_however_many_there_are(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    made = [ada.change("visit", {"people": 1}) for _ in range(_MANY)]
    for some in in_pushes(made):
        ada.round(*some)
    heard(bea)
    for some in in_pushes(made):
        ada.round(*(ada.change("visit", {}, record=each.record, kind=ChangeKind.ERASE, base=ada.cursor) for each in some))
    told = heard(bea)
    assert {line[2] for line in told} == {each.record for each in made}
    assert {(line[1], line[3], line[4], str(line[6])) for line in told} == {("visit", "erase", ada.worker, "{}")}
