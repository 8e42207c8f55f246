"""Fields that a server does not know are carried, up to a bound, and never make an answer larger than was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from pydantic import JsonValue

from sync.protocol.change import Change
from sync.protocol.errors import Refusal
from sync.server.laptops import snapshot_rows
from sync.server.pushing import checking
from sync.server.records.scope import Grant
from tests.support.callers import AREA, Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer, running, settings_for


@pytest.fixture
def narrow(database_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """Lend a server whose pages are small."""
    with running(replace(settings_for(database_url), page_bytes=20_000, snapshots=tmp_path / "snapshots")) as server:
        yield server


def newer(number: int, begin: int = 0) -> dict[str, JsonValue]:
    """Return so many fields of a program that is newer than the server."""
    return {f"newer_{n}": 1 for n in range(begin, begin + number)}


def with_a_wide_one(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Keep 80 visits, and between them one with 300 unknown fields, as stood before there was a bound; return that one."""
    wide = caller.change("visit", {"people": 7, **newer(300)})
    with monkeypatch.context() as before:
        before.setattr(checking, "UNKNOWN_FIELDS", 10_000)
        some, others = ([caller.change("visit", {"people": 1}) for _ in range(40)] for _ in range(2))
        assert {verdict.reason for verdict in caller.round(*some, wide, *others).verdicts} == {None}
    return wide


def test_a_change_with_more_unknown_fields_than_are_carried_is_too_large(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "UNKNOWN_FIELDS", 5)
    verdicts = ada.round(*(ada.change("visit", {"people": 1, **newer(number)}) for number in (5, 6))).verdicts
    assert [verdict.reason for verdict in verdicts] == [None, Refusal.TOO_LARGE]


def test_so_is_one_that_brings_a_record_more_and_what_it_has_can_be_edited(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ada.change("visit", {"people": 1, **newer(8)})
    ada.round(made)
    monkeypatch.setattr(checking, "UNKNOWN_FIELDS", 5)
    edits = [{"newer_9": 2}, {"newer_1": 2}, {"people": 3, "newer_2": 3}]
    verdicts = ada.round(*(ada.edit(made, fields, ada.cursor) for fields in edits)).verdicts
    assert [verdict.reason for verdict in verdicts] == [Refusal.TOO_LARGE, None, None]


def test_many_changes_that_bring_a_record_a_few_each_come_to_the_bound_too(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "UNKNOWN_FIELDS", 5)
    made = ada.change("visit", {"people": 1, **newer(3)})
    verdicts = ada.round(made, *(ada.edit(made, newer(1, begin), 0) for begin in (3, 4, 5))).verdicts
    assert [verdict.reason for verdict in verdicts] == [None, None, None, Refusal.TOO_LARGE]


def test_a_page_counts_what_one_row_adds_to_all_others(narrow: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bea = enrolled(narrow, "Ada Okafor"), enrolled(narrow, "Bea Lund")
    wide = with_a_wide_one(ada, monkeypatch)
    largest, more = 0, True
    while more:
        more = bea.round().page.more
        largest = max(largest, len(bea.last_bytes))
    visits = [row for row in bea.rows.values() if row.get("people") in {1, 7}]
    assert len(visits) == 81
    assert {name: bea.rows[wide.record][name] for name in wide.fields} == wide.fields
    assert sum("newer_1" in row and row["newer_1"] is not None for row in visits) == 1
    assert largest < 30_000


def test_a_block_of_a_snapshot_counts_it_too(narrow: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = enrolled(narrow, "Ada Okafor")
    wide = with_a_wide_one(ada, monkeypatch)
    monkeypatch.setattr(snapshot_rows, "BLOCK_BYTES", 20_000)
    grant = Grant(ORGANISATION, "", "", "connector", (AREA,))
    with narrow.database.reading() as connection:
        blocks = [block.content for block in snapshot_rows.blocks(connection, grant, 1_000, "2026-11-22")]
    visits = [
        dict(zip(names, columns, strict=True)) for each in blocks for kind, names, columns, _ in each["groups"] if kind == "visit"
    ]
    assert sum(len(columns["id"]) for columns in visits) == 81
    assert sum(columns.get("newer_1", []).count(1) for columns in visits) == 1
    assert wide.record in [id_ for columns in visits for id_ in columns["id"]]
    assert max(len(orjson.dumps(each)) for each in blocks) < 30_000
