"""Records that the server writes itself: taken as every change is, so that laptops receive them with all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import uuid_utils
from sqlalchemy import Connection

from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import VerdictKind
from sync.server.pushing.checking import LARGEST
from sync.server.pushing.ledger import take
from sync.server.records.scope import EVERY_AREA, SERVER, Grant


def write_own(
    connection: Connection,
    organisation: str,
    entity: str,
    record: str,
    kind: ChangeKind,
    fields: Mapping[str, Any],
    moment: str,
    *,
    author: str,
    area: str = EVERY_AREA,
    role: str = "administrator",
) -> bool:
    """Write a record as the server's word; return whether it stands so now.

    ``author`` caused it. ``role`` is one that may write such records, where it is not a kind that only the server makes.
    """
    change = Change(
        id=str(uuid_utils.uuid7()), entity=entity, record=record, kind=kind, area=area, fields=dict(fields), base=LARGEST,
        author=author, device=SERVER, counter=1, at=moment,
    )  # fmt: skip
    verdict = take(connection, Grant(organisation, SERVER, author, role, (EVERY_AREA,)), [change], moment).verdicts[change.id]
    return verdict.kind is not VerdictKind.REFUSED
