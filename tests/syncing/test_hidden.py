"""What comes beneath a laptop's own move or removal whose answer was lost, while it carries a colleague's work as well.

The colleague's work goes first, so rows come while the own change is not settled yet: what they say is hidden beneath it.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ewb_desktop.storage.tables import Person, table
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.troubles import LineTrouble
from tests.support.connected import AREA, Connected, House
from tests.syncing.test_following import SALE, areas
from tests.syncing.test_rounds import edit
from tests.syncing.test_signing_off import set_role


@pytest.fixture
def three(centre: House) -> list[Connected]:
    return [centre.join(name, areas=(AREA, SALE)) for name in ("Rowan Oak", "Grace Lamb", "Cy Ash")]


def known_to_all(laptops: list[Connected]) -> str:
    with laptops[0].store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Zuleika"))
    for each in (*laptops, *laptops):
        each.sync()
    return person


def send_unheard(laptop: Connected) -> None:
    laptop.line.loses_answer = True
    assert isinstance(laptop.engine.run().trouble, LineTrouble)


def carry_for(laptop: Connected, colleague: Connected) -> None:
    """Open a colleague's file, which is about somebody else."""
    with colleague.store.write() as writing:
        writing.add(Person(area=SALE, preferred_name="Bo"))
    handing.take_in(laptop.store, handing.pack(colleague.store, laptop.store.device).file)


def standing(laptop: Connected, person: str) -> tuple[str, int, int] | None:
    """Return the area of a member on a laptop, whether she is taken off the screens, and the number of her row."""
    known = table(Person).c
    with laptop.store.read() as connection:
        found = connection.execute(select(known.area, known.gone, known.number).where(known.id == person)).first()
    return None if found is None else (found.area, found.gone, found.number)


def test_a_move_that_a_colleague_made_undone_shows_where_the_first_move_s_answer_was_lost(
    centre: House, three: list[Connected]
) -> None:
    rowan, grace, cy = three
    person = known_to_all(three)
    edit(rowan.store, Person, person, area=SALE)
    send_unheard(rowan)
    grace.sync()
    edit(grace.store, Person, person, area=AREA)
    grace.sync()
    carry_for(rowan, cy)
    rowan.sync()
    assert standing(rowan, person) == standing(grace, person)
    # and she leaves when that area is not Rowan's any more
    set_role(centre, rowan, "connector", [SALE])
    assert rowan.sync().left == (person,)
    assert ("person", AREA) not in areas(rowan)


def test_whom_a_colleague_put_back_is_on_the_screens_where_the_removal_s_answer_was_lost(three: list[Connected]) -> None:
    rowan, grace, cy = three
    person = known_to_all(three)
    with rowan.store.write() as writing:
        writing.remove(Person, person)
    send_unheard(rowan)
    grace.sync()
    with grace.store.write() as writing:
        writing.restore(Person, person)
    grace.sync()
    carry_for(rowan, cy)
    rowan.sync()
    found = standing(rowan, person)
    assert found is not None
    assert found[1] == 0
    assert found == standing(grace, person)
