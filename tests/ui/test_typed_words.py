"""A note of what was typed and not saved says it in the words of the form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.storage.drafts import save_draft
from ewb_desktop.storage.holding.in_hand import write_down_all
from ewb_desktop.storage.tables import Contact, Person, table
from ewb_desktop.ui.typed_words import say_with
from tests.support.desks import library
from tests.support.laptops import Laptop, open_laptop


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    with open_laptop(tmp_path) as laptop:
        yield laptop


def test_choices_are_said_as_the_form_says_them(lent: Laptop) -> None:
    lent.store.say = say_with(library())
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", given_name="Maryam", safe_to_post="no"))
    save_draft(lent.store, f"contact/{person}", {"note": "wants to come", "how": "message", "reached": "spoke"})
    save_draft(
        lent.store,
        f"newperson:{person}",
        {"safe_to_call": "ask_first", "safe_to_post": "no", "taken_away": ["telephone"]},
    )
    with lent.store.write() as writing:
        assert write_down_all(writing) == 2
        said = sorted(str(row["note"]) for row in writing.connection.execute(table(Contact).select()).mappings())
    label = "Typed on a laptop and not saved there"
    assert said == [
        f"{label} (a contact):\nwants to come\nHow it was made: By message\nWhat came of it: Talked with them",
        f"{label} (what we know):\nSafe to call: Ask first each time\nTaken away: telephone",
    ]
