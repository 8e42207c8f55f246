"""Takes out of the file, and out of its copies, what its worker may no longer hold, once nothing of it is unsent."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection, text

from ewb_desktop.storage.cards.history import forget_heard
from ewb_desktop.storage.drafts import bring_in_unkept
from ewb_desktop.storage.exchange.arrivals import take_away
from ewb_desktop.storage.exchange.brought import drop_brought
from ewb_desktop.storage.exchange.journal import JournalEntry, unsent_entries
from ewb_desktop.storage.exchange.sync_state import Progress, note_progress, read_progress
from ewb_desktop.storage.file.aside_files import discard_taken
from ewb_desktop.storage.file.backups import back_up, drop_all_but
from ewb_desktop.storage.holding.departures import count_departure
from ewb_desktop.storage.holding.in_hand import InHand, read_in_hand, settle_words, spared, words_by_person
from ewb_desktop.storage.ids import find_ids, new_id
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.search_index import rebuild_search
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES, Entity, Sensitivity, person_of
from sync.protocol.roles import EVERY_AREA, MATCHED_ONLY, WIDE

_MEMBER = "person"
_SHRUNK = "scope.shrunk"
_renewing = threading.Lock()
OPENED = "scope.opened"
"""Where the members are noted who are here for a while though they are outside; see ``opened``."""
_MATCHED = (
    "SELECT id FROM person WHERE coordinator = (SELECT author FROM pen) "
    "OR EXISTS (SELECT 1 FROM json_each(person.supporters) WHERE value = (SELECT author FROM pen))"
)
"""Members whom the worker of this file coordinates or supports, as their records here say."""


def leave_scope(store: Store, initiator: object | None = None) -> tuple[str, ...]:
    """Destroy what lies outside the scope that the server told last, if it shrank: records, rows set aside; return who has left.

    Records with unsent edits stay until these are sent, and members about whom words were typed that are not saved until the
    worker saved them or let them go (:mod:`ewb_desktop.storage.holding.in_hand`). Backups beside the file hold what was destroyed
    too: one of the file as it is now takes their place. Copies on memory sticks are out of reach. Raises ``FullDisk`` when there
    is no room for the new one; the older stay then, and it is tried again at the next call.
    """
    people: tuple[str, ...] = ()
    with store.read() as connection:
        progress = read_progress(connection)
    if progress.scope_changed:
        bring_in_unkept(store)
        with store.write(initiator) as writing:
            people = _leave(writing, progress)
    renew_copies(store)
    return people


def _leave(writing: Writing, progress: Progress, opened: Collection[str] = ()) -> tuple[str, ...]:
    """Note how far the exchange has come once everything outside that may go has gone; return the members among it.

    Those who were ``opened`` for a few hours have not left with an area or a role.
    """
    opened = {*opened, *(one.person for one in read_in_hand(writing.connection) if one.is_opened)}
    outside = _outside(writing.connection, ENTITIES[_MEMBER], progress)
    held = settle_words(writing, outside, can_finish=Sensitivity.CARE in progress.classes)
    staying, left, people = 0, set[str](), tuple[str, ...]()
    leaving: list[tuple[Entity, list[str]]] = []
    for entity in ENTITIES.values():
        drop_brought(writing, entity.name, _areas(entity, progress))
        ids = _outside(writing.connection, entity, progress)
        stay = spared(writing.connection, entity.name, ids, held)
        staying += len(stay)
        leaving.append((entity, [id_ for id_ in ids if id_ not in stay]))
    count_departure(writing, [id_ for _, ids in leaving for id_ in ids])
    for entity, ids in leaving:
        kept = take_away(writing, entity.name, ids) if ids else []
        staying += len(kept)
        gone = set(ids) - set(kept)
        left |= gone
        if entity.name == _MEMBER:
            people = tuple(id_ for id_ in ids if id_ in gone)
    count_departure(writing, members=len(set(people) - opened))
    drafts = _drop_drafts(writing, left)
    aside, again = _drop_set_aside(writing, progress, everything=not staying)
    forget_heard(writing, left)
    if left or drafts or aside:
        # the words of a record that was deleted would stay in the index until it is next brought in order
        rebuild_search(writing.connection.connection.dbapi_connection)
        writing.note(_SHRUNK, new_id())
    after = replace(progress, scope_changed=staying > 0)
    # what this program cannot read may have been allowed: the server sends it again if so
    note_progress(writing, replace(after, cursor=0, more_to_receive=True) if again else after)
    return people


def let_go(writing: Writing, entity: str, ids: Collection[str]) -> int:
    """Destroy records that the server has and that are not for this laptop, with what was kept about them; return how many.

    Records with unsent edits stay, and those about whose members words are typed. Backups beside the file are renewed at the
    end of the next round.
    """
    words = words_by_person(writing.connection)
    stay = spared(writing.connection, entity, list(ids), {one: InHand(one, writing.clock.now()) for one in words})
    leaving = [id_ for id_ in ids if id_ not in stay]
    left = set(leaving) - set(take_away(writing, entity, leaving))
    if left:
        forget_heard(writing, left)
        _drop_drafts(writing, left)
        rebuild_search(writing.connection.connection.dbapi_connection)
        writing.note(_SHRUNK, new_id())
    return len(left)


def let_members_go(writing: Writing, people: Collection[str]) -> None:
    """Destroy everything about these members, of whom nothing is unsent or being typed.

    Backups beside the file are renewed afterwards.
    """
    left: set[str] = set(people)
    marks = ", ".join("?" * len(people))
    for entity in ENTITIES.values():
        if entity.person_field is None:
            continue
        query = f'SELECT id FROM {entity.name} WHERE "{entity.person_field}" IN ({marks})'  # noqa: S608
        ids = [str(id_) for (id_,) in writing.connection.exec_driver_sql(query, tuple(people)).all()]
        if ids:
            left |= set(ids) - set(take_away(writing, entity.name, ids))
    forget_heard(writing, left)
    _drop_drafts(writing, left)
    rebuild_search(writing.connection.connection.dbapi_connection)
    writing.note(_SHRUNK, new_id())


def covers(progress: Progress, entity: str, area: str) -> bool:
    """Tell whether this laptop may hold such a record of this area, as the server told it last."""
    known = ENTITIES.get(entity)
    allowed = _areas(known, progress) if known is not None else ()
    return allowed is None or area in allowed


def may_hold(connection: Connection, progress: Progress, person: str) -> bool:
    """Tell whether this laptop may hold a member who is here for good, as the server told it last."""
    area = connection.exec_driver_sql("SELECT area FROM person WHERE id = ?", (person,)).scalar()
    if area is None or not covers(progress, _MEMBER, str(area)):
        return False
    return not is_matched_only(ENTITIES[_MEMBER], progress) or is_matched(connection, person)


def withheld(connection: Connection, progress: Progress) -> list[JournalEntry]:
    """Return the unsent edits of records outside the scope, oldest first, where the server has refused every one of a record."""
    found: list[JournalEntry] = []
    for entity in ENTITIES.values():
        unsent = unsent_entries(connection, entity.name, _outside(connection, entity, progress))
        for entries in unsent.values():
            if all(entry.refusal is not None for entry in entries):
                found += entries
    return sorted(found, key=lambda entry: entry.counter)


def leave_now(writing: Writing, opened: Collection[str]) -> None:
    """Destroy what lies outside the scope in the caller's transaction; :func:`renew_copies` has to follow.

    ``opened`` are the members whose hours here are over.
    """
    _leave(writing, replace(read_progress(writing.connection), scope_changed=True), opened)


def look_again(writing: Writing) -> None:
    """Have what lies outside the scope looked for again: something was written that is to leave once it was sent."""
    note_progress(writing, replace(read_progress(writing.connection), scope_changed=True))


def outside_members(connection: Connection) -> tuple[str, ...]:
    """Return the members who lie outside the scope that shrank and whose records are still here."""
    progress = read_progress(connection)
    return tuple(_outside(connection, ENTITIES[_MEMBER], progress)) if progress.scope_changed else ()


def are_copies_old(connection: Connection) -> bool:
    """Say whether backups beside the file hold what has left it."""
    return bool(read_note(connection, _SHRUNK))


def renew_copies(store: Store) -> None:
    """Put a backup of the file as it is now in the place of older ones, if something left since then. Raises ``FullDisk``.

    A file that was set aside goes too once its unsent work was taken over. One that may hold such work stays, and is told of,
    until somebody decides: :mod:`ewb_desktop.storage.asides.taking_over`.
    """
    # a round and the watch over opened members may come to it at once
    with _renewing:
        with store.read() as connection:
            left = read_note(connection, _SHRUNK)
        if not left:
            return
        folder = store.path.parent
        with store.lent_key() as key:
            fresh = back_up(store.path, key, folder / "backups", store.clock, why="scope")
        drop_all_but(folder / "backups", fresh)
        discard_taken(store.path)
        with store.write() as writing:
            # whatever left while the copy was made stands in it, and it is made again
            if read_note(writing.connection, _SHRUNK) == left:
                writing.note(_SHRUNK, None)


def _outside(connection: Connection, entity: Entity, progress: Progress) -> list[str]:
    allowed = _areas(entity, progress)
    if allowed is None and is_matched_only(entity, progress):
        query = f"SELECT id FROM {entity.name} WHERE coalesce({entity.person_field}, '') NOT IN ({_MATCHED})"  # noqa: S608
        return [str(id_) for (id_,) in connection.exec_driver_sql(query).all()]
    if allowed is None:
        return []
    marks = ", ".join("?" * len(allowed))
    outside = f"area NOT IN ({marks})"
    if entity.person_field and is_matched_only(entity, progress):
        outside = f"({outside} OR coalesce({entity.person_field}, '') NOT IN ({_MATCHED}))"
    query, bound = f"SELECT id FROM {entity.name} WHERE {outside}", allowed  # noqa: S608
    # an opening widens the areas, and no class
    opened = opened_people(connection) if entity.person_field and entity.sensitivity in progress.classes else ()
    if opened:
        query += f" AND coalesce({entity.person_field}, '') NOT IN ({', '.join('?' * len(opened))})"
    found = connection.exec_driver_sql(query, (*bound, *opened))
    return [str(id_) for (id_,) in found.all()]


def opened_people(connection: Connection) -> tuple[str, ...]:
    """Return the members who are here for a while though they are outside the areas."""
    kept: Any = read_note(connection, OPENED) or ()
    return tuple(str(one["person"]) for one in kept)


def is_matched_only(entity: Entity, progress: Progress) -> bool:
    """Say whether the worker may hold such records only of members who are matched to her."""
    return progress.role in MATCHED_ONLY and entity.person_field is not None and entity.sensitivity not in WIDE


def is_matched(connection: Connection, person: str) -> bool:
    """Say whether a member who is here is matched to the worker of this file."""
    return connection.exec_driver_sql(f"SELECT ? IN ({_MATCHED})", (person,)).scalar() == 1


def matched_to(connection: Connection, worker: str) -> frozenset[str]:
    """Return the members whom a worker coordinates or supports, as their records here say."""
    query = (
        "SELECT id FROM person WHERE coordinator = :worker "
        "OR EXISTS (SELECT 1 FROM json_each(person.supporters) WHERE value = :worker)"
    )
    return frozenset(str(id_) for id_ in connection.execute(text(query), {"worker": worker}).scalars())


def _areas(entity: Entity, progress: Progress) -> tuple[str, ...] | None:
    """Return the areas of which the worker may hold such records, None for all."""
    if entity.sensitivity not in progress.classes:
        return ()
    return None if entity.sensitivity in WIDE or EVERY_AREA in progress.areas else progress.areas


def _drop_set_aside(writing: Writing, progress: Progress, *, everything: bool) -> tuple[bool, bool]:
    """Drop rows set aside; return whether some went, and whether it was not known of some who may hold them."""
    leaving, unknown = [], False
    for name, id_, row in writing.connection.exec_driver_sql("SELECT entity, id, row FROM carried_row").all():
        if name not in ENTITIES:
            if everything:
                unknown = True
                leaving.append((name, id_))
            continue
        entity, told = ENTITIES[name], orjson.loads(row)
        allowed = _areas(entity, progress)
        is_outside = allowed is not None and told.get("area") not in allowed
        if is_matched_only(entity, progress):
            is_outside = is_outside or not is_matched(writing.connection, person_of(entity, id_, told) or "")
        if is_outside:
            leaving.append((name, id_))
    if leaving:
        writing.connection.exec_driver_sql("DELETE FROM carried_row WHERE entity = ? AND id = ?", leaving)
    return bool(leaving), unknown


def _drop_drafts(writing: Writing, left: set[str]) -> bool:
    """Forget what was chosen on pages about what has left; words about it have held it here, and are none of that."""
    found = writing.connection.exec_driver_sql("SELECT key, value FROM draft").all()
    leaving = [(key,) for key, value in found if not left.isdisjoint(find_ids(key + value))]
    if leaving:
        writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", leaving)
    return bool(leaving)
