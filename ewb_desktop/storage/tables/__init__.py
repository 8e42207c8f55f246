"""The tables of the encrypted file: one class for each entity of the protocol, with the same names and kinds."""

from __future__ import annotations

from typing import cast

from sqlalchemy import MetaData, Table

from ewb_desktop.storage.tables.conversations import Answer, Assessment, Conversation, Goal, GoalRating, Need, SafetyTalk
from ewb_desktop.storage.tables.directory import Service, ServiceNote
from ewb_desktop.storage.tables.outcomes import FollowUp, Handover, LeafletGiven, Signpost
from ewb_desktop.storage.tables.own import OwnLeaflet, OwnPicture
from ewb_desktop.storage.tables.people import Contact, Person, SharingChoice
from ewb_desktop.storage.tables.row import ENVELOPE_COLUMNS, Row
from ewb_desktop.storage.tables.shared import Conflict, Opening
from ewb_desktop.storage.tables.staff import Laptop, Place, Worker
from ewb_desktop.storage.tables.tallies import PrintTally, Visit
from sync.protocol.entities import ENTITIES

__all__ = [
    "ENVELOPE_COLUMNS",
    "KINDS",
    "METADATA",
    "Answer",
    "Assessment",
    "Conflict",
    "Contact",
    "Conversation",
    "FollowUp",
    "Goal",
    "GoalRating",
    "Handover",
    "Laptop",
    "LeafletGiven",
    "Need",
    "Opening",
    "OwnLeaflet",
    "OwnPicture",
    "Person",
    "Place",
    "PrintTally",
    "Row",
    "SafetyTalk",
    "Service",
    "ServiceNote",
    "SharingChoice",
    "Signpost",
    "Visit",
    "Worker",
    "entity_of",
    "table",
]

_FOUND = {cast("str", kind.__tablename__): kind for kind in Row.__subclasses__()}

KINDS: dict[str, type[Row]] = dict(sorted(_FOUND.items(), key=lambda found: list(ENTITIES).index(found[0])))
"""The class for each entity by its name, in the protocol's order."""

METADATA: MetaData = Row.metadata


def table(kind: type[Row]) -> Table:
    """Return the table of ``kind``, for selects of the columns that are shown."""
    return METADATA.tables[entity_of(kind)]


def entity_of(kind: type[Row]) -> str:
    """Return the entity's name as the protocol has it."""
    return cast("str", kind.__tablename__)
