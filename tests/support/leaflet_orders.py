"""Orders for leaflets as a drop-in afternoon makes them: made-up people, places and numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ewb_desktop.domain.lists import CrisisContact
from ewb_desktop.leaflets.order import LeafletOrder, NextStep, ServiceLine

RESOURCES = Path(__file__).parents[2] / "resources"

CHECKED = date(2026, 11, 20)


def _contact(key: str, name: str, number: str, how: str, when: str) -> CrisisContact:
    return CrisisContact(key, name, number, how, when, "Anyone", "United Kingdom", True, CHECKED, "A page that was read")


CRISIS = (
    _contact("999", "999 or A&E", "999", "Call 999 or go to A&E", "Any time"),
    _contact("nhs_111", "NHS 111", "111", "Call 111 and choose option 2", "24 hours, every day"),
    _contact("samaritans", "Samaritans", "116 123", "Call 116 123, free", "24 hours, every day"),
    _contact("shout", "Shout", "85258", "Text SHOUT to 85258", ""),
)
DEBT = ServiceLine(
    name="Northside money advice",
    what="Free, private help with debt, benefits and bills.",
    when="Tuesday, 10am to 1pm",
    where="St Mark’s Hall, 14 Mill Lane, Northside, M33 7XX",
    telephone="0161 496 0123",
    cost="Free",
    last_checked=date(2026, 10, 30),
    web="https://northside-money.example.org/book/",
)
WALK = ServiceLine(
    name="Park walking group",
    what="A slow walk round the park, with tea after.",
    when="Thursday, 2pm",
    where="Longford Park café, Northside, M32 8DA",
    telephone="07700 900456",
)
STEP = NextStep("Amira will come with you on Tuesday.", "Amira Hassan", date(2026, 11, 24), "0161 496 0777")
SERVICE = "Northside emotional wellbeing service"
NUMBERS = ("999", "111", "116 123", "85258", "0161 496 0123", "07700 900456", "0161 496 0777", "0161 496 0700")


def an_order(
    topic: str = "worry-and-anxiety",
    language: str = "en",
    style: str = "clear-14",
    *,
    discreet: bool = False,
    services: tuple[ServiceLine, ...] = (DEBT, WALK),
    step: NextStep | None = STEP,
    crisis: tuple[CrisisContact, ...] = CRISIS,
) -> LeafletOrder:
    """Return an order with two services and a next step."""
    return LeafletOrder(
        topic=topic,
        printed_on=date(2026, 11, 21),
        crisis=crisis,
        language=language,
        style=style,
        discreet_cover=discreet,
        services=services,
        next_step=step,
        service_name=SERVICE,
        service_telephone="0161 496 0700",
    )
