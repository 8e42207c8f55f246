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
from sync.server.pushing.clashes import CONFLICT, note_question, show_present
from sync.server.pushing.folding import Folding
from sync.server.records.following import MEMBER, matches_of
from sync.server.records.rows import Held, class_of_conflict


def asked_about(change: Change) -> str | None:
    """Return the record that a question is about; None where the change brings none."""
    record = change.fields.get("record") if change.entity == CONFLICT else None
    return record if isinstance(record, str) else None


def refusal_of_question(push: Folding, change: Change) -> Refusal | None:
    """Return why a question is not taken from a laptop: what it is about must be here, and be open to whoever brings it.

    It must have been found before the database was put back last: what was found since is here, or was never found.
    """
    entity, field, record = change.fields.get("entity"), change.fields.get("field"), asked_about(change)
    if entity not in ENTITIES or record is None or (field != GONE and field not in ENTITIES[str(entity)].fields):
        return Refusal.MALFORMED
    push.fetch({record})
    about = push.held.get(record)
    if about is None:
        return Refusal.MISSING_RECORD
    found_at = change.fields.get("found_at")
    if not about.is_erased and (not isinstance(found_at, str) or found_at > push.put_back_at):
        return Refusal.NOT_ALLOWED
    person = person_of(ENTITIES[about.entity], record, about.record.fields)
    if about.entity != entity or (person != change.fields.get("person") and not about.is_erased):
        return Refusal.MALFORMED
    if not push.grant.covers(class_of_conflict(about.entity), about.area, person):
        return Refusal.NOT_ALLOWED
    return None


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
