"""What is told of areas or a role that became smaller is true: what was sent first, who has left, and that it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.drafts import drop_draft, save_draft
from ewb_desktop.storage.holding.departures import Departure, note_departure_read, read_departure
from ewb_desktop.storage.tables import Person
from ewb_desktop.ui.held_words import departure_words
from tests.support.connected import AREA, Connected, House, house
from tests.syncing.test_following import add_member
from tests.syncing.test_opening import notes
from tests.syncing.test_rounds import edit
from tests.syncing.test_signing_off import set_role
from tests.syncing.test_typed_words import SALE, TYPED, in_two_areas


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as open_house:
        yield open_house


class Ticking:
    """A clock that has gone on whenever it is read."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now()

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def today(self) -> date:
        return self._now.date()


def told(laptop: Connected) -> Departure:
    with laptop.store.read() as connection:
        found = read_departure(connection, laptop.store.clock.now())
    assert found is not None
    return found


def test_what_went_with_the_very_answer_that_tells_of_the_new_role_was_sent_first(centre: House) -> None:
    rowan, _grace, person = in_two_areas(centre)
    rowan.store.clock = Ticking(rowan.store.clock)
    edit(rowan.store, Person, person, postcode="M32 0AA")
    save_draft(rowan.store, f"contact/{person}", TYPED)
    set_role(centre, rowan, "volunteer")
    rowan.sync()
    found = told(rowan)
    # the edit, and the words that were not saved
    assert (found.sent, found.members, found.notes) == (2, 1, 1)
    sentence = departure_words(found, "Volunteer", "")
    assert "2 changes of yours were sent first." in sentence
    assert "What you had typed and not saved is not lost: it goes to the member's page as a note." in sentence


def test_who_leaves_later_because_words_waited_is_counted_though_the_notice_was_read(centre: House) -> None:
    rowan, grace, person = in_two_areas(centre)
    add_member(grace, "Maryam")
    grace.sync()
    rowan.sync()
    save_draft(rowan.store, f"contact/{person}", TYPED)
    set_role(centre, rowan, "connector", [SALE])
    rowan.sync()
    with rowan.store.write() as writing:
        note_departure_read(writing)
    assert told(rowan).members == 1
    drop_draft(rowan.store, f"contact/{person}")
    assert rowan.sync().left == (person,)
    assert (told(rowan).members, told(rowan).is_read) == (2, True)


def test_a_role_or_an_area_that_comes_back_is_told_no_more(centre: House) -> None:
    rowan, _grace, _person = in_two_areas(centre)
    set_role(centre, rowan, "volunteer", [SALE])
    rowan.sync()
    before = told(rowan)
    assert (before.areas, before.role) == ((AREA,), "volunteer")
    set_role(centre, rowan, "connector", [SALE])
    rowan.sync()
    assert told(rowan) == replace(before, role="")
    set_role(centre, rowan, "connector", [SALE, AREA])
    rowan.sync()
    with rowan.store.read() as connection:
        assert read_departure(connection, rowan.clock.now()) is None


def test_what_was_emptied_in_a_form_and_not_saved_arrives_in_words(centre: House) -> None:
    rowan, grace, person = in_two_areas(centre)
    save_draft(rowan.store, f"newperson:{person}", {"pronouns": "she/her", "taken_away": ["telephone", "safe_to_call"]})
    set_role(centre, rowan, "volunteer")
    rowan.sync()
    grace.sync()
    assert notes(grace)[0].splitlines()[1:] == ["Pronouns: she/her", "Taken away: telephone, safe to call"]
