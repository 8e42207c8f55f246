"""The words of what happened with a person: a row of the timeline, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ewb_desktop.domain.handover import AnswerKind
from ewb_desktop.domain.lists import format_words
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day, short_day, short_weekday
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.timeline import Happened, TimelineEntry
from ewb_desktop.ui.destinations import (
    Destination,
    ToConversation,
    ToHandover,
    ToLeaflets,
    ToQuestionnaire,
    ToSafety,
    ToSignpost,
)  # fmt: skip
from ewb_desktop.ui.widgets.row import Row, Tint

FILTERS: dict[str, tuple[Happened, ...]] = {
    "all": tuple(Happened),
    "conversations": (Happened.CONVERSATION, Happened.SAFETY, Happened.CONTACT),
    "signposts": (Happened.SIGNPOST,),
    "handovers": (Happened.HANDOVER,),
    "measures": (Happened.MEASURE,),
}
"""What the timeline can be narrowed to."""

_Said = tuple[str, str, str, Tint]
"""Title, detail, tag and tint."""


def happened_row(entry: TimelineEntry, library: Library, today: date, person: str) -> Row:
    """Return the row of one entry; its key is where it leads, if anywhere."""
    title, detail, tag, tint = _SAID[entry.kind](entry, library, today)
    to = leads_to(entry, person)
    return Row(
        key=to, title=title, detail=detail, lead=day_lead(local(entry.at).date(), today), tag=tag, tint=tint, opens=to is not None
    )


def day_lead(day: date, today: date) -> str:
    """Return ``Tue 24 Nov`` within a week, ``28 Oct`` within this year, ``28 Oct 2025`` before."""
    if day.year != today.year:
        return f"{short_day(day)} {day.year}"
    return f"{short_weekday(day)} {short_day(day)}" if (today - day).days < 7 else short_day(day)


def leads_to(entry: TimelineEntry, person: str) -> Destination | None:
    """Return the page on which the entry is read in full."""
    match entry.kind:
        case Happened.CONVERSATION:
            return ToConversation(person, entry.id)
        case Happened.SAFETY:
            return ToSafety(person, talk=entry.id, conversation=entry.conversation or None)
        case Happened.SIGNPOST:
            return ToSignpost(person, signpost=entry.id)
        case Happened.HANDOVER:
            return ToHandover(person, handover=entry.id)
        case Happened.MEASURE if entry.conversation:
            return ToQuestionnaire(person, entry.conversation, entry.subject)
        case Happened.LEAFLET:
            return ToLeaflets(person, topic=entry.subject)
    return None


def short_name(questionnaire: str, library: Library) -> str:
    """Return ``PHQ-9``, or the title of a questionnaire that has no short name."""
    if questionnaire in ("phq-9", "gad-7", "ons4"):
        return questionnaire.upper()
    known = library.questionnaires.get(questionnaire)
    return known.title if known is not None else questionnaire


def _joined(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    source = library.list("sources").words(entry.subject) if entry.subject else ""
    return "Became a member", _sentences(source, entry.words, _by("Added by", entry.worker)), "", Tint.GREY


def _conversation(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    title = "First conversation" if entry.first else "Conversation"
    quoted = f"“{entry.words}”" if entry.words else ""
    mode = library.list("conversation_modes").entry(entry.subject)
    way = mode.words if mode is not None and not mode.more.get("usual") else ""
    return title, _sentences(quoted, way, _by("With", entry.worker)), "not ended" if entry.state else "", Tint.BLUE


def _contact(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    result, way = library.list("contact_results").entry(entry.state), library.list("contact_ways").entry(entry.subject)
    title = result.words if result is not None else "A contact"
    return title, _sentences(way.words if way is not None else "", entry.words, _by("", entry.worker)), "", Tint.GREY


def _safety(entry: TimelineEntry, _library: Library, _today: date) -> _Said:
    if entry.unwritten:
        return "A safety conversation is waiting", _sentences(_by("Opened by", entry.worker)), "open", Tint.AMBER
    told = f"Told: {entry.subject}" if entry.subject else ""
    said = f"Agreed: {entry.words}" if entry.words else f"Explored: {entry.explored}" if entry.explored else ""
    tag, tint = ("open", Tint.AMBER) if entry.state else ("closed", Tint.GREY)
    return "Talked about safety", _sentences(said, told, _by("With", entry.worker)), tag, tint


def _signpost(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    lists = (library.list("arrival_answers"), library.list("still_going_answers"))
    answer = next((found for known in lists if (found := known.entry(entry.state)) is not None), None)
    tag = str(answer.more.get("tag", answer.words.lower())) if answer is not None else ""
    tint = Tint.GREEN if entry.state in ("arrived", "still_going", "finished") else Tint.GREY
    return f"Signposted to {entry.subject or 'a service'}", _sentences(entry.words, _by("By", entry.worker)), tag, tint


def _handover(entry: TimelineEntry, _library: Library, today: date) -> _Said:
    if entry.started_on:
        says, tag, tint = f"Started on {full_day(entry.started_on)}", "started", Tint.GREEN
    elif entry.state == AnswerKind.BETTER_DONE_BY:
        says, tag, tint = "Better done by somebody else. We stay with it until they have started", "under way", Tint.VIOLET
    elif entry.starts_on and entry.starts_on < today:
        says, tag, tint = f"They were to start on {full_day(entry.starts_on)}. Ask how it went", "under way", Tint.VIOLET
    elif entry.starts_on:
        says, tag, tint = f"They start on {full_day(entry.starts_on)}. We stay with it until then", "starting", Tint.VIOLET
    else:
        says, tag, tint = "No answer yet. We stay with it", "under way", Tint.VIOLET
    return f"Handed over to {entry.subject or 'a service'}", _sentences(entry.words, says), tag, tint


def _measure(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    name = short_name(entry.subject, library)
    answered, questions = entry.answered, entry.questions
    form = library.questionnaires.get(entry.subject)
    if not entry.state and form is not None:
        answered, questions = sum(1 for item in form.counted if item.link_id in entry.given), len(form.counted)
    counted = f"{answered} of {questions} answered" if answered < questions else ""
    if counted and entry.total is not None:
        # said as on the last page of the conversation: the total stands for questions without an answer, too
        counted = f"Worked out from {answered} of {questions} answers"
    how = {"self": "Filled in by themselves", "with_worker": "Filled in together"}.get(entry.state, "")
    unfinished = "" if entry.state else "not finished"
    title = f"{name}: {entry.total:g}" if entry.total is not None else name
    # two workers may each have begun one, without knowing of the other
    begun = _by("Begun by", entry.worker) if unfinished else ""
    return title, _sentences(_change(entry), counted, how, begun), unfinished, Tint.BLUE


def _change(entry: TimelineEntry) -> str:
    if entry.total is None or entry.before is None or entry.before_on is None:
        return ""
    then = f"on {short_day(local(entry.before_on).date())} ({entry.before:g})"
    if entry.total == entry.before:
        return f"The same as {then}"
    return f"{'Lower' if entry.total < entry.before else 'Higher'} than {then}"


def _leaflet(entry: TimelineEntry, library: Library, _today: date) -> _Said:
    form = format_words(library.list("leaflet_formats"), entry.state)
    language = library.list("languages").words(entry.words) if entry.words else ""
    return (
        f"Took home a leaflet: {library.leaflet_title(entry.subject)}",
        _sentences(", ".join(part for part in (form, language) if part)),
        "",
        Tint.GREY,
    )


_SAID: dict[Happened, Callable[[TimelineEntry, Library, date], _Said]] = {
    Happened.JOINED: _joined,
    Happened.CONVERSATION: _conversation,
    Happened.CONTACT: _contact,
    Happened.SAFETY: _safety,
    Happened.SIGNPOST: _signpost,
    Happened.HANDOVER: _handover,
    Happened.MEASURE: _measure,
    Happened.LEAFLET: _leaflet,
}


def _by(word: str, worker: str) -> str:
    return f"{word} {worker}".strip() if worker else ""


def _sentences(*parts: str) -> str:
    """Join what there is, each as a sentence of its own."""
    ended = [part if part.endswith((".", "!", "?", "”")) else f"{part}." for part in (each.strip() for each in parts) if part]
    return " ".join(ended)
