"""Questions that a laptop still has and this server, put back from a backup, has lost: asked again, of what stands here now.

Nothing but the server finds that two people answered differently. What it found before it was put back is known to laptops only,
and the answer that was not shown may stand nowhere else. What can be held against the history here is; the rest is a laptop's
word, and is shown as that: nobody puts an answer into a colleague's mouth.
"""

from __future__ import annotations

from sqlalchemy import select

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.errors import Refusal
from sync.protocol.merge import GONE, Record, merge
from sync.protocol.messages import Verdict, VerdictKind
from sync.server.database import tables
from sync.server.pushing.clashes import CONFLICT, has_own_id, note_question, show_present
from sync.server.pushing.folding import Folding
from sync.server.pushing.openings_again import is_brought
from sync.server.records.following import MEMBER, matches_of
from sync.server.records.rows import Held, class_of_conflict


def asked_about(change: Change) -> str | None:
    """Return what a change brings a question, or a notice, about; None where it brings none."""
    record = change.fields.get("record") if change.entity == CONFLICT else None
    if is_brought(change):
        record = change.fields.get("person")
    return record if isinstance(record, str) else None


def refusal_of_question(push: Folding, change: Change) -> Refusal | None:
    """Return why a question is not taken from a laptop: what it is about must be here, and be open to whoever brings it.

    It must have been found before the database was put back last: what was found since is here, or was never found. Where that
    never was, none is taken.
    """
    entity, field, record = change.fields.get("entity"), change.fields.get("field"), asked_about(change)
    if entity not in ENTITIES or record is None or (field != GONE and field not in ENTITIES[str(entity)].fields):
        return Refusal.MALFORMED
    push.fetch({record})
    about = push.held.get(record)
    if about is None:
        return Refusal.MISSING_RECORD
    if not about.is_erased and not (push.put_back_at and _was_found_before(push, change, record)):
        return Refusal.NOT_ALLOWED
    person = person_of(ENTITIES[about.entity], record, about.record.fields)
    if about.entity != entity or (person != change.fields.get("person") and not about.is_erased):
        return Refusal.MALFORMED
    if not push.grant.covers(class_of_conflict(about.entity), about.area, person):
        return Refusal.NOT_ALLOWED
    return None


def _was_found_before(push: Folding, change: Change, record: str) -> bool:
    """Tell whether a question can have been found before the database was put back last.

    Both moments are of this server's clock, which may have been ahead when it was found, or behind on the machine on which the
    database was put back. So one that has the very id which it gets here is known by that, whatever the clock said.
    """
    found_at = change.fields.get("found_at")
    if not isinstance(found_at, str):
        return False
    if found_at <= push.put_back_at:
        return True
    laptop, by = tables.device.c, change.fields.get("other_by")
    query = select(laptop.id).where(laptop.organisation == push.grant.organisation, laptop.worker == by)
    laptops = push.connection.execute(query).scalars().all() if isinstance(by, str) else ()
    return has_own_id(push, change.record, record, str(change.fields.get("field")), laptops)


def bring_back(push: Folding, change: Change, number: int) -> Verdict:
    """Take a question as it was known on a laptop, and let it say what is known here (:func:`show_present`).

    About a record that was destroyed by law nothing is kept of it, and laptops hear that it is gone.
    """
    record = str(asked_about(change))
    about = push.held[record]
    # it is made here now, also if the laptop says that it was there before
    said = change.model_copy(update={"at": push.now})
    made = merge(None, said, number).record
    if about.is_erased:
        made, said = Record({}, {}, {}, number, gone=True), said.model_copy(update={"fields": {}, "kind": ChangeKind.ERASE})
    held = Held(CONFLICT, class_of_conflict(about.entity), about.area, change.author, push.now, made, is_erased=about.is_erased)
    push.held[change.record] = push.touched[change.record] = held
    push.write_line(said, number, VerdictKind.MERGED, {}, about.area)
    push.note("brought_back", CONFLICT, change.record, "")
    if not about.is_erased:
        note_question(about, str(change.fields["field"]), change.record)
        if about.entity == MEMBER:
            push.matches.setdefault(record, matches_of(about.record.fields))
        push.touched[record] = about
        show_present(push, change, change.record, is_named=_is_worker(push, change.fields.get("other_by")))
    return Verdict(id=change.id, kind=VerdictKind.MERGED, number=number)


def _is_worker(push: Folding, id_: object) -> bool:
    worker = tables.worker.c
    query = select(worker.id).where(worker.organisation == push.grant.organisation, worker.id == id_)
    return isinstance(id_, str) and push.connection.execute(query).first() is not None
