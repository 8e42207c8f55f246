"""Beginning, pausing and ending a conversation with a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import zone
from ewb_desktop.storage.cards.conversations import unended_conversations
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.tables import Conversation

IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Where:
    """Where in a conversation somebody stopped: a step (a questionnaire's id, or a page of the flow) and a question in it."""

    step: str
    question: str = ""


def start_conversation(desk: Desk, person: str, mode: str = IN_PERSON, *, initiator: object | None = None) -> str:
    """Begin a conversation here and now and return its id. ``mode`` is a key of the list ``conversation_modes``."""
    if mode not in desk.library.list("conversation_modes").keys:
        raise ValueError("a conversation is held in one of the ways of its list")
    with desk.write(Duty.CARE, initiator) as writing:
        return writing.add(
            Conversation(
                area=person_area(writing.connection, person), person=person, place=desk.place, worker=desk.worker.id,
                started_at=desk.clock.now(), mode=mode,
            )
        )  # fmt: skip


def conversation_to_resume(desk: Desk, person: str) -> str | None:
    """Return the conversation with this member that the worker began today and has not ended, or ``None``."""
    with desk.store.read() as connection:
        begun = unended_conversations(connection, desk.worker.id, start_of_today(desk))
    return next((card.id for card in begun if card.person == person), None)


def pause_conversation(desk: Desk, conversation: str, where: Where) -> None:
    """Remember where it stopped. Everything said is saved already; the place stays on this laptop."""
    save_draft(desk.store, f"conversation/{conversation}", {"step": where.step, "question": where.question})


def where_paused(desk: Desk, conversation: str) -> Where | None:
    """Return where the conversation stopped, after a pause, a lock or a crash."""
    kept = load_draft(desk.store, f"conversation/{conversation}")
    if not isinstance(kept, dict):
        return None
    return Where(str(kept.get("step", "")), str(kept.get("question", "")))


def end_conversation(desk: Desk, conversation: str, summary: str = "", *, initiator: object | None = None) -> None:
    """End a conversation. It can be added to later: nothing is locked."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit(Conversation, conversation, ended_at=desk.clock.now(), summary=summary.strip() or None)
    drop_draft(desk.store, f"conversation/{conversation}")


def start_of_today(desk: Desk) -> datetime:
    """Return the instant at which today began in the United Kingdom."""
    return datetime.combine(desk.clock.today(), time(), tzinfo=zone()).astimezone(UTC)
