"""However many edits of one push meet others, the history of a record is read once for all of them, and tells the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from sqlalchemy import Engine, event

from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import VerdictKind
from sync.server.pushing import folding
from sync.server.pushing.ledger import take
from sync.server.records.scope import Grant
from tests.support.callers import AREA, AT, Caller
from tests.support.examples import many
from tests.support.servers import ORGANISATION, RunningServer

ANSWERS = ("yes", "no", "text", "letter")
EDITS = 24


@contextmanager
def histories_read() -> Iterator[list[str]]:
    """Note every question for the lines of a record's history."""
    asked: list[str] = []

    def hear(*told: Any) -> None:
        if "FROM ledger" in told[2] and "ledger.record IN" in told[2] and "max(" not in told[2]:
            asked.append(told[2])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def taken(server: RunningServer, by: Caller, changes: Sequence[Change]) -> list[VerdictKind]:
    """Take a push without the page that a laptop receives with it: that tells histories besides."""
    grant = Grant(ORGANISATION, by.device, by.worker, "clinician", (AREA,))
    with server.database.writing() as connection:
        verdicts = take(connection, grant, changes, AT).verdicts
    return [verdicts[change.id].kind for change in changes]


def known_member(ada: Caller, ben: Caller) -> tuple[Change, int]:
    """Return a member whom both know, in whom Ada has written since; and the number that Ben has heard."""
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes", "communication": ["slowly"]})
    base = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no", "communication": ["slowly", "large print"]}, ada.cursor))
    return made, base or 0


def clashing(ben: Caller, made: Change, base: int) -> list[Change]:
    return [ben.edit(made, {"safe_to_call": ANSWERS[turn % 3]}, base) for turn in range(EDITS)]


def of_sets(ben: Caller, made: Change, base: int) -> list[Change]:
    return [ben.edit(made, {"communication": ["slowly", f"no {turn}"]}, base) for turn in range(EDITS)]


def of_removals(ben: Caller, made: Change, base: int) -> list[Change]:
    kinds = (ChangeKind.TOMBSTONE, ChangeKind.EDIT)
    return [ben.change("person", {}, record=made.record, kind=kinds[turn % 2], base=base) for turn in range(EDITS)]


@pytest.mark.parametrize("edits", [clashing, of_sets, of_removals])
def test_one_push_reads_the_history_of_a_record_once_however_many_of_its_edits_need_it(
    server: RunningServer, ada: Caller, ben: Caller, edits: Any
) -> None:
    made, base = known_member(ada, ben)
    pushed = edits(ben, made, base)
    with histories_read() as asked:
        kinds = taken(server, ben, pushed)
    assert kinds[0] is not VerdictKind.ACCEPTED
    assert len(asked) == 1


def test_a_push_in_which_nothing_meets_reads_no_history(server: RunningServer, ada: Caller, ben: Caller) -> None:
    made = [ada.change("person", {"preferred_name": f"Maryam {turn}", "safe_to_call": "yes"}) for turn in range(3)]
    ada.round(*made)
    with histories_read() as asked:
        edits = [ada.edit(each, {"safe_to_call": "no", "communication": ["slowly"]}, ada.cursor) for each in made]
        assert set(taken(server, ada, edits)) == {VerdictKind.ACCEPTED}
    assert asked == []


def state(caller: Caller, of: Change) -> tuple[JsonValue, JsonValue, list[list[JsonValue]]]:
    """Return what a laptop sees that asks for all: what stands, and every question about it."""
    caller.cursor = 0
    caller.rows.clear()
    caller.round()
    names = ("field", "shown", "shown_by", "other", "other_by", "before", "chosen", "settled_by")
    asked = [row for row in caller.rows.values() if row.get("record") == of.record]
    row = caller.rows[of.record]
    numbered = sorted(asked, key=lambda each: int(str(each["number"])))
    return row["safe_to_call"], row["communication"], [[each[name] for name in names] for each in numbered]


FIELDS = st.one_of(
    st.fixed_dictionaries({"safe_to_call": st.sampled_from(ANSWERS)}),
    st.fixed_dictionaries({"communication": st.lists(st.sampled_from("abcd"), unique=True, max_size=3)}),
)
SAID = st.lists(st.tuples(FIELDS, st.integers(0, 4)), min_size=1, max_size=12)


@settings(max_examples=many(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(FIELDS, min_size=1, max_size=4), said=SAID, is_forgotten=st.booleans())
def test_what_meets_within_one_push_comes_to_the_same_as_in_as_many_pushes(
    ada: Caller, ben: Caller, before: list[dict[str, JsonValue]], said: list[tuple[dict[str, JsonValue], int]], is_forgotten: bool
) -> None:
    found = []
    for is_at_once in (True, False):
        made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
        numbers = [ada.round(made).verdicts[0].number or 0]
        for fields in before:
            ada.round(ada.edit(made, fields, ada.cursor))
            numbers.append(ada.cursor)
        edits = [ben.edit(made, fields, numbers[min(base, len(numbers) - 1)]) for fields, base in said]
        with pytest.MonkeyPatch.context() as patch:
            if is_forgotten:
                # where pasts are longer than their room nothing comes out otherwise
                patch.setattr(folding, "ROOM", 0)
            for push in [edits] if is_at_once else [[edit] for edit in edits]:
                ben.round(*push)
        found.append(state(ada, made))
    assert found[0] == found[1]


def test_no_more_pasts_are_kept_than_their_room_holds(
    server: RunningServer, ada: Caller, ben: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [known_member(ada, ben) for _ in range(3)]
    pushed = [ben.edit(made, {"safe_to_call": "text"}, base) for _ in range(2) for made, base in members]
    monkeypatch.setattr(folding, "ROOM", 0)
    with histories_read() as asked:
        taken(server, ben, pushed)
    # each is read again when another was asked for between, and none twice for one edit
    assert len(asked) == len(pushed)
