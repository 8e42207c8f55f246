"""A member who reads Polish in large print, with two needs, and two services of the directory: all made up."""

from __future__ import annotations

from datetime import date

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.tables import Service


def scene(desk: Desk, **facts: object) -> tuple[str, tuple[str, str]]:
    """Add them and return the member's id and the services' ids."""
    known: dict[str, object] = {
        "given_name": "Amina", "family_name": "Kowalska", "birth_date": date(1986, 3, 14), "written_language": "pl",
        "leaflet_format": "large_print_18",
    }  # fmt: skip
    person = add_person(desk, {**known, **facts})
    add_need(desk, person, "low_mood_worry_stress")
    add_need(desk, person, "money_debt_and_benefits")
    with desk.store.write() as writing:
        debt = writing.add(
            Service(
                area="*", source="made-up", source_id="debt", name="Stretford debt advice", organisation="Northside advice",
                description="Free, private help with debt, benefits and bills.", status="active", telephone="0161 496 0123",
                address="St Mary's Hall, 2 Mill Lane, Stretford", postcode="M32 0TH", free=True, assured_on=date(2026, 10, 30),
                schedule=[{"freq": "weekly", "byday": ["TH"], "opens_at": "13:00", "closes_at": "16:00"}],
            )
        )  # fmt: skip
        walk = writing.add(
            Service(
                area="*", source="made-up", source_id="walk", name="Park walking group", organisation="Longford friends",
                description="A slow walk round the park, with tea after.", status="active", telephone="07700 900456",
                address="Longford Park, Stretford", postcode="M32 8DA", assured_on=date(2026, 9, 30),
            )
        )  # fmt: skip
    return person, (debt, walk)
