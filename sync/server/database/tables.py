"""The server's tables. Every one leads with the organisation, so that an engine can spread them by it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

metadata: Final = MetaData()


def _organisation() -> Column[Any]:
    return Column("organisation", String(20), primary_key=True)


def _key(name: str, size: int = 36) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


def _word(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _number(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False)


organisation: Final = Table(
    "organisation",
    metadata,
    _organisation(),
    _word("name"),
    Column("epoch", String(36), nullable=False),
    _number("epoch_number"),  # the counter when this epoch began
    _word("wire_shape"),  # the columns, by entity, that the ready-made rows were made with
    _word("made_at"),
)

worker: Final = Table(
    "worker",
    metadata,
    _organisation(),
    _key("id"),
    _word("name"),
    _word("role"),
    _word("areas"),  # JSON list; "*" is every area
    Column("active", Integer, nullable=False),
    _word("made_at"),
    ForeignKeyConstraint(["organisation"], ["organisation.organisation"], name="worker_organisation"),
)

device: Final = Table(
    "device",
    metadata,
    _organisation(),
    _key("id"),
    Column("credential_hash", String(64), nullable=False),
    Column("worker", String(36), nullable=False),
    _word("name"),
    _word("enrolled_at"),
    _word("revoked_at", nullable=True),
    _word("last_seen", nullable=True),
    _word("program", nullable=True),
    Column("clock_off", BigInteger, nullable=True),  # seconds by which the laptop's clock was ahead when last seen
    ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"], name="device_worker"),
    Index("device_credential", "organisation", "credential_hash", unique=True),
)

former_credential: Final = Table(
    "former_credential",
    metadata,
    _organisation(),
    _key("credential_hash", 64),
    Column("device", String(36), nullable=False),
    _word("replaced_at"),
    ForeignKeyConstraint(["organisation", "device"], ["device.organisation", "device.id"], name="former_credential_device"),
)
"""Lets nobody in: it opens what a laptop sealed before it joined again."""

enrol_code: Final = Table(
    "enrol_code",
    metadata,
    _organisation(),
    _key("code_hash", 64),
    Column("worker", String(36), nullable=False),
    _word("expires_at"),
    _word("used_at", nullable=True),
    ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"], name="enrol_code_worker"),
)

counter: Final = Table(
    "counter",
    metadata,
    _organisation(),
    _number("number"),
    _number("audit_number"),
    Column("audit_hash", String(64), nullable=False),
    ForeignKeyConstraint(["organisation"], ["organisation.organisation"], name="counter_organisation"),
)

ledger: Final = Table(
    "ledger",
    metadata,
    _organisation(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("change_id", String(36), nullable=False),
    _word("entity"),
    Column("record", String(36), nullable=False),
    _word("kind"),
    _word("area"),
    _word("fields"),  # JSON object: what the change said
    _word("overtaken", nullable=True),  # JSON object: values that gave way to, or before, this change
    _number("base"),
    Column("author", String(36), nullable=False),
    Column("device", String(36), nullable=False),
    _number("counter"),
    _word("at"),
    _word("received_at"),
    _word("verdict"),
    Index("ledger_change", "organisation", "change_id", unique=True),
    Index("ledger_record", "organisation", "record", "number"),
)

record: Final = Table(
    "record",
    metadata,
    _organisation(),
    _key("id"),
    _word("entity"),
    _word("sensitivity"),
    _word("area"),
    _number("number"),
    Column("gone", Integer, nullable=False),
    Column("erased", Integer, nullable=False),
    Column("author", String(36), nullable=False),
    _word("made_at"),
    _word("fields"),  # JSON object: what the record says
    _word("changed"),  # JSON object: field -> number at which it last changed
    _word("changed_by"),  # JSON object: field -> laptop by which; "@" field -> its conflicts
    _word("wire"),  # the row as it travels, ready made: a JSON array
    _word("carried", nullable=True),  # JSON object: fields that this server does not know
    Column("person", String(36), nullable=True),  # whom the record is about
    Index("record_number", "organisation", "number", unique=True),
    Index("record_area", "organisation", "area", "number"),
    Index("record_class", "organisation", "sensitivity", "number"),
    Index("record_person", "organisation", "person"),
)

opened: Final = Table(
    "opened",
    metadata,
    _organisation(),
    _key("id"),
    Column("worker", String(36), nullable=False),
    Column("device", String(36), nullable=False),
    Column("person", String(36), nullable=False),
    _word("reason"),
    _word("words"),
    _word("opened_at"),
    _word("until"),
    ForeignKeyConstraint(["organisation", "device"], ["device.organisation", "device.id"], name="opened_device"),
    Index("opened_laptop", "organisation", "device", "until"),
)
"""Members' records that a laptop holds for a few hours though they are outside its area: who, whom, when, until, why."""

audit: Final = Table(
    "audit",
    metadata,
    _organisation(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _word("at"),
    _word("worker"),
    _word("device"),
    _word("action"),
    _word("entity"),
    _word("record"),
    _word("detail"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

look: Final = Table(
    "look",
    metadata,
    _organisation(),
    _key("id"),
    Column("device", String(36), nullable=False),
)
"""What laptops told of who looked at what and stands in the audit: told again, it is known by its id."""

matched: Final = Table(
    "matched",
    metadata,
    _organisation(),
    _key("worker"),
    _key("person"),
    Index("matched_person", "organisation", "person"),
)
"""Who coordinates or supports whom, as members' records say now: a peer support worker holds nobody else."""

departed: Final = Table(
    "departed",
    metadata,
    _organisation(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _key("person"),
    _key("worker"),
    _word("area"),
    _word("at"),
    Index("departed_person", "organisation", "person"),
)
"""Members who left somebody's scope: at which number, and which worker's, or else which area's ("" where it is a worker's)."""
