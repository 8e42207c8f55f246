"""What of a record the server does not have yet, or a person has to look at: for all lines of a page in one question."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import orjson
from sqlalchemy import Connection

from ewb_desktop.storage.cards.timeline import FIRST_CONVERSATION
from ewb_desktop.storage.exchange.journal import PASSING
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import Refusal


@dataclass(frozen=True, slots=True)
class Standing:
    """How a record, with everything that is shown as part of it, stands with the server.

    ``unsent``: an edit is on its way. ``choose``: two workers answered differently. ``held``: why edits were not taken.
    """

    unsent: bool = False
    choose: bool = False
    held: tuple[Refusal, ...] = ()


def standing_of_members(connection: Connection, people: Iterable[str]) -> dict[str, Standing]:
    """Return how those of ``people`` stand of whom, or about whom, not everything is sent, taken and settled.

    Its work grows with what waits, not with how many members there are. Without a server nothing waits for one.
    """
    return _standing(connection, _MEMBER, orjson.dumps(list(people)).decode())


def standing_about(connection: Connection, person: str) -> dict[str, Standing]:
    """Return how the records about one member stand, by the id of the record that a page shows them as.

    Answers stand as their questionnaire, those of the first conversation as the conversation, a rating as its goal, and what was
    promised as the signpost or handover that it follows. Of her own record only that she became a member, and how she came, have
    a line: the rest of it stands at the top of her page, which says what of her waits. A record with nothing open is left out.
    """
    return _standing(connection, _SHOWN_AS, orjson.dumps([person]).decode())


def standing_of_notes(connection: Connection, notes: Iterable[str]) -> dict[str, Standing]:
    """Return how those of the directory's ``notes`` stand of which not everything is sent and taken."""
    return _standing(connection, _NOTE, orjson.dumps(list(notes)).decode())


def _about() -> str:
    """Return the expression for the member whom the record of an entry is about."""
    cases = " ".join(
        f"WHEN '{name}' THEN record"
        if entity.person_field == "id"
        else f"WHEN '{name}' THEN (SELECT \"{entity.person_field}\" FROM {name} WHERE id = record)"
        for name, entity in ENTITIES.items()
        if entity.person_field is not None
    )
    return f"CASE entity {cases} END"


def _as_measure(assessment: str) -> str:
    shown = f"CASE questionnaire WHEN '{FIRST_CONVERSATION}' THEN conversation ELSE id END"
    return f"(SELECT {shown} FROM assessment WHERE id = {assessment})"


_ABOUT: Final = _about()
_HOLDER: Final = (
    f"CASE entity WHEN 'assessment' THEN {_as_measure('record')} "
    f"WHEN 'answer' THEN {_as_measure('(SELECT assessment FROM answer WHERE id = record)')} "
    "WHEN 'goal_rating' THEN (SELECT goal FROM goal_rating WHERE id = record) "
    "WHEN 'follow_up' THEN (SELECT about_id FROM follow_up WHERE id = record) ELSE record END"
)
_ON_LINE: Final = "'source', 'source_detail', 'joined_on'"
"""Fields of a member's own record that the line says on which she became a member."""
_HAS_LINE: Final = f"entity <> 'person' OR kind = 'create' OR EXISTS (SELECT 1 FROM {{}} WHERE key IN ({_ON_LINE}))"
_BROUGHT_FIELDS: Final = "json_each(text, '$.change.fields')"
# in this order: the rows of what waits are few, and what each is about is then one look by its id
_WAITS: Final = (
    "WITH asked (id) AS MATERIALIZED (SELECT value FROM json_each(?)), "
    "waits (entity, record, why, has_line) AS ("
    f"SELECT entity, record, coalesce(refusal, ''), {_HAS_LINE.format('json_each(fields)')} FROM journal "
    "WHERE settled_at IS NULL UNION ALL "
    f"SELECT entity, record, coalesce(refusal, ''), {_HAS_LINE.format(_BROUGHT_FIELDS)} FROM brought "
    "WHERE settled_at IS NULL UNION ALL "
    f"SELECT entity, record, '?', entity <> 'person' OR field IN ({_ON_LINE}) FROM conflict "
    "WHERE gone = 0 AND settled_at IS NULL) "
)
_ASKED: Final = "IN (SELECT id FROM asked) GROUP BY 1, 2"
_MEMBER: Final = f"{_WAITS}SELECT shown, why FROM (SELECT {_ABOUT} AS shown, why FROM waits) WHERE shown {_ASKED}"
_SHOWN_AS: Final = f"{_WAITS}SELECT {_HOLDER} AS shown, why FROM waits WHERE has_line AND {_ABOUT} {_ASKED}"
_NOTE: Final = f"{_WAITS}SELECT record, why FROM waits WHERE entity = 'service_note' AND record {_ASKED}"


def _standing(connection: Connection, statement: str, asked: str) -> dict[str, Standing]:
    if asked == "[]" or read_enrolment(connection) is None:
        return {}
    found: dict[str, Standing] = {}
    for shown, why in connection.exec_driver_sql(statement, (asked,)):
        so_far = found.get(shown, Standing())
        reason = Refusal(why) if why not in ("", "?") else None
        held = (*so_far.held, reason) if reason is not None and reason not in PASSING else so_far.held
        found[str(shown)] = Standing(
            unsent=so_far.unsent or why == "" or reason in PASSING, choose=so_far.choose or why == "?", held=held
        )
    return found
