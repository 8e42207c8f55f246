"""Practice: a profile of its own with made-up people and a made-up directory, made the first time it is opened."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.app.doors import Doors, Unlocked
from ewb_desktop.domain.time import Clock, local
from ewb_desktop.storage.areas import ALONE
from ewb_desktop.ui.firstrun.presenter import NewWorker
from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.notice import Notice, ProgressPanel
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text

PASSPHRASE = "made up people drink green tea"  # noqa: S105 - nobody's record lies behind it, and the lock screen shows it
WORKER = "Sam Practice"
PLACE = "St Mary's Hall"
SERVICE_NAME = "Northside neighbours"
SERVICE_TELEPHONE = "0161 496 0700"


Tell = Callable[[int, int, str], object]
"""Hears how many steps are done, of how many, and what comes next."""


class WaitPage(Page):
    """Shown while practice is made ready. ``stepped`` may be emitted from any thread."""

    stepped = Signal(int, int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Practice", "practice-wait", parent=parent)
        self.title = self.tr("Practice")
        self.progress = ProgressPanel(self.tr("Making up people and places"), can_cancel=False)
        self.progress.set_progress(0, 0)
        self.stepped.connect(self.progress.set_progress)
        self.trouble = Notice("", name="practice-trouble")
        middle = NarrowColumn(460)
        middle.add(Heading(self.tr("Practice"), Level.PAGE))
        middle.add(Text(self.tr("Nobody here is real, and nothing is sent."), Kind.MUTED))
        middle.add(self.progress)
        middle.add(self.trouble)
        self.trouble.hide()
        self.sheet.body.addStretch(1)
        self.sheet.add(middle)
        self.sheet.body.addStretch(1)

    def show_trouble(self, sentence: str) -> None:
        """Say that practice could not be made ready."""
        self.progress.hide()
        self.trouble.set_words(
            self.tr("Practice could not be made ready"),
            sentence or self.tr("It was not your fault, and no record was touched. Start the program again."),
        )
        self.trouble.show()


class _Past:
    """A clock that stands some days before another one's today, so that what is made up has a history."""

    def __init__(self, clock: Clock, days: int) -> None:
        self._clock = clock
        self._back = timedelta(days=days)

    def now(self) -> datetime:
        return self._clock.now() - self._back

    def today(self) -> date:
        return local(self.now()).date()


def _tell_nobody(_done: int, _of: int, _next: str) -> None:
    return None


def set_up_practice(doors: Doors, clock: Clock, resources: Path, tell: Tell = _tell_nobody) -> Unlocked:
    """Make the practice worker, a place, a directory and the made-up people; return it opened. Takes a few seconds.

    ``tell`` hears of each step, in the thread that this runs in.
    """
    people = tomllib.loads((resources / "practice" / "people.toml").read_text("utf-8"))["entry"]
    steps = len(people) + 2
    tell(0, steps, "Making a file with a key of its own")
    made = doors.make(NewWorker(WORKER, "connector", PASSPHRASE))
    unlocked = made.opened
    if not isinstance(unlocked, Unlocked):
        raise TypeError("practice was made and nothing was behind the door")
    tell(1, steps, "Reading in the made-up directory")
    desk = _furnish(unlocked, clock, resources)
    for number, one in enumerate(people, 2):
        tell(number, steps, f"Making up {one['words']}")
        add_made_up(desk, one)
    tell(steps, steps, "Ready")
    return unlocked


def _furnish(unlocked: Unlocked, clock: Clock, resources: Path) -> Any:
    """Add a place and the made-up directory; return the desk."""
    from ewb_desktop.actions.desk import Desk, Worker
    from ewb_desktop.actions.directory import load_made_up
    from ewb_desktop.library import open_library
    from ewb_desktop.storage.tables import Place

    with unlocked.store.write() as writing:
        place = writing.add(
            Place(
                area=ALONE, name=PLACE, address="Chester Road, Stretford", postcode="M32 0TH", latitude=53.446, longitude=-2.308
            )
        )
    desk = Desk(
        store=unlocked.store,
        clock=clock,
        worker=Worker(unlocked.store.author, WORKER, "connector"),
        library=open_library(resources),
        area=ALONE,
        place=place,
    )
    load_made_up(desk)
    return desk


def add_made_up(desk: Any, one: Mapping[str, Any]) -> str:
    """Add one made-up person with needs, a goal, signposts, a handover and a conversation as the file tells; return the id."""
    from ewb_desktop.actions.signposting import signpost
    from ewb_desktop.storage.cards.search import find_services

    with _days_ago(desk, int(one["days_ago"])) as then:
        person, needs = _add_member(then, one)
    for made in one.get("measures", ()):
        with _days_ago(desk, int(made["days_ago"])) as past:
            _measure(past, person, made)
    for made in one["signposts"]:
        with desk.store.read() as connection:
            found = find_services(connection, made["find"], limit=1)
        if found:
            with _days_ago(desk, int(made["days_ago"])) as past:
                signpost(past, person, found[0], how="introduced", need=needs[0], reason=one["needs"][0]["words"])
    if "handover_to" in one:
        _hand_over(desk, person, one["handover_to"])
    return person


@contextmanager
def _days_ago(desk: Any, days: int) -> Iterator[Any]:
    """Lend the desk as it was some days ago: what is written at it is dated then, in the file too."""
    now, past = desk.store.clock, _Past(desk.clock, days)
    desk.store.clock = past
    try:
        yield replace(desk, clock=past)
    finally:
        desk.store.clock = now


def _add_member(then: Any, one: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Add the person with the first conversation, needs and goal; return the person's id and the needs'."""
    from ewb_desktop.actions.conversations import end_conversation, start_conversation
    from ewb_desktop.actions.goals import set_goal
    from ewb_desktop.actions.needs import add_need
    from ewb_desktop.actions.people import add_person

    person = add_person(
        then,
        {
            "preferred_name": one["words"],
            "given_name": one["given_name"],
            "family_name": one["family_name"],
            "birth_date": one["birth_date"],
            "pronouns": one["pronouns"],
            "telephone": one["telephone"],
            "source": one["source"],
            "spoken_language": one["language"],
            "leaflet_format": one["leaflet_format"],
            "communication": list(one["communication"]),
        },
    )
    talk = start_conversation(then, person)
    needs = [add_need(then, person, need["code"], need["words"], conversation=talk) for need in one["needs"]]
    set_goal(then, person, one["goal"], conversation=talk, need=needs[0])
    end_conversation(then, talk)
    return person, needs


def _measure(then: Any, person: str, made: Mapping[str, Any]) -> None:
    """Fill in a questionnaire with the person; an answer below 0 is left out."""
    from ewb_desktop.actions.assessments import finish_assessment, record_answer, skip_question, start_assessment

    assessment = start_assessment(then, person, None, made["of"])
    for item, value in zip(then.library.questionnaire(made["of"]).questions, made["answers"], strict=True):
        if value < 0:
            skip_question(then, assessment, item.link_id)
        else:
            record_answer(then, assessment, item.link_id, value)
    finish_assessment(then, assessment)


def _hand_over(desk: Any, person: str, made: Mapping[str, Any]) -> None:
    """Hand the person over some days ago, and let the receiver say when they start if the file tells so."""
    from ewb_desktop.actions.handover import hand_over, record_answer
    from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
    from ewb_desktop.storage.cards.search import find_services

    with desk.store.read() as connection:
        found = find_services(connection, made["find"], limit=1)
    if not found:
        return
    with _days_ago(desk, int(made["days_ago"])) as agreed:
        handover = hand_over(agreed, person, reason=made["reason"], service=found[0])
    if "answered_days_ago" in made:
        start_on = desk.clock.today() + timedelta(days=int(made["starts_in_days"]))
        with _days_ago(desk, int(made["answered_days_ago"])) as answered:
            record_answer(answered, handover, HandoverAnswer(AnswerKind.START_ON, start_on))
