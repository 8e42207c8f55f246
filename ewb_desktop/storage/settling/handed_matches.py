"""What of a colleague's file may be on this laptop: by role, area and, for some roles, who is matched to its worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.storage.exchange.brought import person_of as member_here
from ewb_desktop.storage.exchange.sync_state import Progress, read_arriving, read_progress
from ewb_desktop.storage.holding.scope import covers, is_matched_only, matched_to
from ewb_desktop.storage.settling.handed_state import told_newer
from sync.protocol.change import Change
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.roles import MATCHED_ONLY

_MEMBER = "person"


@dataclass(frozen=True, slots=True)
class Holding:
    """What this laptop may hold once a file is laid in. ``members`` tells whom records in the file are about, by id.

    ``columns`` and ``rows`` are what it brings from the server that can be laid in here.
    """

    progress: Progress
    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, Sequence[Sequence[Any]]]
    matched: frozenset[str] = frozenset()
    members: Mapping[str, str] = field(default_factory=dict)

    def covers(self, entity: str, area: str, person: str | None) -> bool:
        """Tell whether a record of this kind in this area, about this member if any, may be here."""
        if not covers(self.progress, entity, area):
            return False
        return not is_matched_only(ENTITIES[entity], self.progress) or person in self.matched

    def covers_change(self, connection: Connection, change: Change) -> bool:
        """Tell whether a change may be here."""
        return self.covers(change.entity, change.area, member_here(connection, change) or self.members.get(change.record))


def holding_with(connection: Connection, state: Any, changes: Iterable[Change]) -> Holding:
    """Return what may be here of a file's ``changes`` and of its ``state``, records as the server told them to its sender.

    Whom the sender takes to be matched to this worker is not asked: that may be long ago. What stands here says so, or what the
    server has told since, or a change in the file. Of any other member a laptop that holds matched ones alone takes nothing: it
    waits on the sender's laptop until the server has it.
    """
    progress = read_progress(connection)
    columns, rows = {}, {}
    # numbers of another epoch mean something else; and what is arriving from the server needs no help
    if isinstance(state, dict) and state.get("epoch") == progress.epoch and read_arriving(connection) is None:
        columns, rows = state.get("columns", {}), state.get("rows", {})
    if progress.role not in MATCHED_ONLY:
        return Holding(progress, columns, rows)
    told = told_newer(connection, columns, rows, progress.cursor)
    members = {id_: whose for kind, id_, said in told if (whose := person_of(ENTITIES[kind], id_, said)) is not None}
    standing = {id_: said for kind, id_, said in told if kind == _MEMBER}
    for change in changes:
        if change.entity == _MEMBER:
            standing.setdefault(change.record, _who_looks_after(connection, change.record)).update(change.fields)
        elif whose := member_here(connection, change):
            members.setdefault(change.record, whose)
    worker = str(connection.exec_driver_sql("SELECT author FROM pen").scalar_one())
    matched = set(matched_to(connection, worker))
    for id_, said in standing.items():
        is_hers = worker == said.get("coordinator") or worker in (said.get("supporters") or ())
        (matched.add if is_hers else matched.discard)(id_)
    return Holding(progress, columns, rows, frozenset(matched), members)


def _who_looks_after(connection: Connection, person: str) -> dict[str, Any]:
    row = connection.exec_driver_sql("SELECT coordinator, supporters FROM person WHERE id = ?", (person,)).one_or_none()
    return {} if row is None else {"coordinator": row.coordinator, "supporters": orjson.loads(row.supporters or "null")}
