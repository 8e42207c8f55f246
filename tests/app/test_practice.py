"""The made-up people of practice have a history that is in order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from ewb_desktop.app.doors import Doors
from ewb_desktop.app.practice import set_up_practice
from ewb_desktop.storage.cards.assessments import assessments_of, series
from ewb_desktop.storage.tables import Conversation, FollowUp, Person, Signpost, table
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.theme import RESOURCES
from tests.support.clock import HandClock
from tests.support.programs import CHEAP


def test_nobody_in_practice_was_told_of_a_service_after_they_were_asked_how_it_went(tmp_path: Path) -> None:
    clock = HandClock()
    doors = Doors(Vaults(tmp_path, clock, CHEAP), clock, device_name="A laptop", open_wire=lambda: Wire)
    steps: list[tuple[int, int, str]] = []
    unlocked = set_up_practice(doors, clock, RESOURCES, lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == list(range(steps[0][1] + 1))
    assert "Making up Ada" in [text for _, _, text in steps]
    people, talks, told, asked = (table(kind).c for kind in (Person, Conversation, Signpost, FollowUp))
    with unlocked.store.read() as connection:
        joined: dict[str, datetime] = dict(connection.execute(select(people.id, people.made_at)).all())
        first = connection.execute(select(talks.person, talks.started_at)).all()
        signposts = {id: (person, at) for id, person, at in connection.execute(select(told.id, told.person, told.made_at))}
        follow_ups = connection.execute(select(asked.about_id, asked.kind, asked.due_on, asked.made_at)).all()
    assert unlocked.store.clock is clock
    assert first
    assert all(joined[person] <= started for person, started in first)
    assert signposts
    assert all(joined[person] <= at for person, at in signposts.values())
    weeks = {"four_weeks": timedelta(days=28), "twelve_weeks": timedelta(days=84)}
    for about, kind, due, made in follow_ups:
        if about in signposts and kind in weeks:
            at = signposts[about][1]
            assert (due - at.date(), made) == (weeks[kind], at)
    # the questionnaires stand as a line over time, one of them with an answer left out
    with unlocked.store.read() as connection:
        ada = connection.execute(select(people.id).where(people.given_name == "Ada")).scalar_one()
        lines = [len(series(assessments_of(connection, ada, each))) for each in ("phq-9", "gad-7")]
    assert lines == [3, 3]
    unlocked.shut()
