"""Made-up people at a made-up place, each waiting for something, for tests and pictures of Today and of a person's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ewb_desktop.actions.assessments import finish_assessment, record_answer, start_assessment
from ewb_desktop.actions.contacts import record_contact
from ewb_desktop.actions.conversations import end_conversation, start_conversation
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.goals import rate_goal, set_goal
from ewb_desktop.actions.handover import hand_over
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import open_safety_talk, save_safety_talk
from ewb_desktop.actions.sharing import record_sharing
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.actions.visits import count_visit
from ewb_desktop.storage.tables import Place, PrintTally, Service
from tests.support.clock import HandClock
from tests.support.desks import PLACE

SATURDAY = {"freq": "weekly", "byday": ["SA"], "opens_at": "10:00", "closes_at": "16:00"}


@dataclass(frozen=True, slots=True)
class Afternoon:
    """The ids of who and what is there."""

    amina: str
    joe: str
    marek: str
    sunita: str
    pat: str
    talk: str
    signposted: str
    handed_over: str
    debt_advice: str


def ago(desk: Desk, days: float) -> Desk:
    """Return the same desk as it was days ago."""
    return replace(desk, clock=HandClock(desk.clock.now() - timedelta(days=days)))


def measure(desk: Desk, person: str, conversation: str, questionnaire: str, answers: int) -> None:
    """Fill in a questionnaire: the first ``answers`` questions with 2, the others with 0."""
    made = start_assessment(desk, person, conversation, questionnaire)
    for number, item in enumerate(desk.library.questionnaire(questionnaire).questions):
        if item.options:
            record_answer(desk, made, item.link_id, item.options[2 if number < answers else 0].value)
    finish_assessment(desk, made)


def spend_afternoon(desk: Desk) -> Afternoon:
    """Fill the file of ``desk`` with one afternoon's people."""
    with desk.store.write() as writing:
        writing.add(
            Place(
                id=PLACE,
                area="*",
                name="St Mary's Hall",
                postcode="M32 0TH",
                latitude=53.446,
                longitude=-2.308,
                opening=[SATURDAY],
            )
        )
        debt = writing.add(
            Service(
                area="*", name="Debt advice drop-in", status="active", postcode="M32 0TH", latitude=53.446, longitude=-2.308,
                step_free="yes", schedule=[{**SATURDAY, "opens_at": "14:00"}],
            )
        )  # fmt: skip
        walking = writing.add(
            Service(
                area="*", name="Women's walking group", status="active", latitude=53.449, longitude=-2.310, free=True,
                schedule=[{**SATURDAY, "byday": ["TU"], "opens_at": "10:00", "closes_at": "11:30"}],
            )
        )  # fmt: skip
        art = writing.add(Service(area="*", name="Art class", status="active"))
        for topic, form, copies in (("worry-and-anxiety", "clear_print", 4), ("sleep", "large_print_18", 1)):
            writing.add(PrintTally(area="*", topic=topic, language="en", format=form, copies=copies, place=PLACE))
    amina = _amina(desk, walking)
    talk = _safety(desk, amina)
    joe = add_person(ago(desk, 60), {"given_name": "Joe", "family_name": "Dunn", "birth_date": date(1971, 5, 2)})
    signposted = signpost(ago(desk, 28), joe, walking, how="told")
    marek = add_person(ago(desk, 20), {"given_name": "Marek", "family_name": "Lis", "birth_date": date(1990, 1, 9)})
    handed = hand_over(ago(desk, 3), marek, reason="Letters about money", service=debt)
    sunita = add_person(ago(desk, 9), {"given_name": "Sunita", "family_name": "Bose", "birth_date": date(1958, 8, 30)})
    signpost(desk, sunita, art, how="went_along", before_on=desk.clock.today() + timedelta(days=1))
    pat = add_person(ago(desk, 38), {"given_name": "Pat", "family_name": "Todd", "birth_date": date(1949, 12, 12)})
    for days in (20, 9):
        record_contact(ago(desk, days), pat, "ring", "could_not_reach")
    for _ in range(9):
        count_visit(desk)
    return Afternoon(amina, joe, marek, sunita, pat, talk, signposted, handed, debt)


def _amina(desk: Desk, walking: str) -> str:
    before = ago(desk, 65)
    amina = add_person(
        before,
        {
            "given_name": "Amina", "family_name": "Khan", "preferred_name": "Mina", "birth_date": date(1986, 3, 14),
            "pronouns": "she/her", "telephone": "07700 900123", "leaflet_format": "large_print_18", "interpreter": "Urdu",
            "safe_to_call": "yes", "safe_to_message": "no", "safe_to_post": "no", "communication": ["quiet_room"],
        },
    )  # fmt: skip
    first = start_conversation(before, amina)
    said = start_assessment(before, amina, first, "first-conversation")
    record_answer(before, said, "matters", "Her two boys. Cooking with other people. Not being asked everything again.")
    finish_assessment(before, said)
    measure(before, amina, first, "phq-9", 8)
    measure(before, amina, first, "gad-7", 7)
    need = add_need(before, amina, "", "Letters about money", priority=1, conversation=first)
    add_need(before, amina, "", "Sleep", priority=2, wanted="later", conversation=first)
    goal = set_goal(before, amina, "Cook for six people by spring", conversation=first, need=need)
    rate_goal(before, amina, goal, 2)
    end_conversation(before, first, "I want to sleep, and not to be afraid of the post.")
    signpost(ago(desk, 20), amina, walking, how="introduced", need=need)
    hand_over(ago(desk, 2), amina, reason="Letters about money", to_name="Stretford Debt Advice", introduced_by="Rowan Oak")
    rate_goal(ago(desk, 2), amina, goal, 4)
    record_sharing(before, amina, shared_with="GP", what="Needs and goals", agreed=True)
    record_sharing(before, amina, shared_with="debt adviser", what="Letters about money", agreed=True)
    return amina


def _safety(desk: Desk, amina: str) -> str:
    then = ago(desk, 2)
    later = start_conversation(then, amina)
    measure(then, amina, later, "phq-9", 7)
    measure(then, amina, later, "gad-7", 5)
    end_conversation(then, later, "She slept a little better this week.")
    talk = open_safety_talk(then, amina, conversation=later, because="She said that nights are hard.")
    told: dict[str, str | datetime] = {"explored": "Explored together", "told_whom": "Her sister", "agreed": "Ring today"}
    save_safety_talk(then, talk, told)
    return talk
