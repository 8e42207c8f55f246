"""The organisation's own leaflets are kept whole, replaced by newer versions and stopped, and never deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields, NotForThisRole
from ewb_desktop.actions.own_leaflets import (
    MOST_CONTENT,
    NewPicture,
    add_picture,
    bring_leaflet,
    set_logo,
    stop_leaflets,
    stop_picture,
    use_leaflet_again,
)
from ewb_desktop.storage.cards.own_leaflets import OwnInUse, leaflet_files, own_in_use
from ewb_desktop.storage.tables import OwnPicture
from tests.support.desks import open_desk

GARDEN = NewPicture("garden.png", b"a picture", "The garden behind the hall", "Northside Garden Club")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent


def in_use(desk: Desk) -> OwnInUse:
    with desk.store.read() as connection:
        return own_in_use(connection)


def test_a_leaflet_is_kept_with_the_pictures_that_came_with_it(desk: Desk) -> None:
    bring_leaflet(desk, "garden.md", "# Garden", pictures=[GARDEN])
    now = in_use(desk)
    assert [(file.file, file.source) for file in now.files] == [("garden.md", "# Garden")]
    assert [(picture.name, picture.content, picture.credit) for picture in now.pictures] == [
        ("garden.png", b"a picture", "Northside Garden Club")
    ]


def test_a_newer_version_stops_the_one_before_and_keeps_it(desk: Desk) -> None:
    first = bring_leaflet(desk, "garden.md", "one")
    bring_leaflet(desk, "garden.md", "two", replaces=[first])
    assert [file.source for file in in_use(desk).files] == ["two"]
    with desk.store.read() as connection:
        assert [(file.source, file.stopped_at) for file in leaflet_files(connection)] == [
            ("one", desk.clock.now()),
            ("two", None),
        ]


def test_a_leaflet_that_was_stopped_can_be_used_again_instead_of_the_newer_one(desk: Desk) -> None:
    first = bring_leaflet(desk, "garden.md", "one")
    second = bring_leaflet(desk, "garden.md", "two", replaces=[first])
    use_leaflet_again(desk, first, instead_of=[second])
    assert [file.source for file in in_use(desk).files] == ["one"]


def test_a_leaflet_is_stopped_and_stays_in_the_file(desk: Desk) -> None:
    stop_leaflets(desk, [bring_leaflet(desk, "garden.md", "one")])
    assert in_use(desk).files == ()
    with desk.store.read() as connection:
        assert [file.source for file in leaflet_files(connection)] == ["one"]


def test_a_picture_takes_the_place_of_one_of_the_same_name_however_it_is_written(desk: Desk) -> None:
    add_picture(desk, GARDEN)
    add_picture(desk, NewPicture("Garden.PNG", b"another", "The garden", "The club"))
    assert [picture.content for picture in in_use(desk).pictures] == [b"another"]


def test_there_is_one_logo_and_it_is_no_picture_of_leaflets(desk: Desk) -> None:
    for content in (b"one", b"two"):
        set_logo(desk, NewPicture("logo.png", content, "Northside"))
    now = in_use(desk)
    assert now.logo is not None
    assert (now.logo.content, now.logo.description, now.pictures) == (b"two", "Northside", ())
    stop_picture(desk, now.logo.id)
    assert in_use(desk).logo is None


@pytest.mark.parametrize(
    ("picture", "field"),
    [
        (NewPicture("garden.png", b"x", " ", "The club"), "description"),
        (NewPicture("garden.png", b"x", "The garden", " "), "credit"),
        (NewPicture("garden.png", b"x" * (MOST_CONTENT + 1), "The garden", "The club"), "file"),
    ],
)
def test_a_picture_without_words_or_too_large_to_travel_is_not_kept(desk: Desk, picture: NewPicture, field: str) -> None:
    with pytest.raises(FaultyFields) as told:
        add_picture(desk, picture)
    assert list(told.value.sentences) == [field]
    assert in_use(desk).pictures == ()


def test_nothing_of_a_leaflet_is_kept_when_one_of_its_pictures_cannot_be(desk: Desk) -> None:
    with pytest.raises(FaultyFields):
        bring_leaflet(desk, "garden.md", "one", pictures=[GARDEN, NewPicture("b.png", b"x", "", "The club")])
    assert in_use(desk) == OwnInUse((), (), None)


def test_a_volunteer_brings_in_no_leaflets(tmp_path: Path) -> None:
    with open_desk(tmp_path, role="volunteer") as desk, pytest.raises(NotForThisRole):
        bring_leaflet(desk, "garden.md", "one")


def test_a_picture_that_came_damaged_has_no_content_and_stops_nothing(desk: Desk) -> None:
    with desk.store.write() as writing, writing.echo():
        writing.add(OwnPicture(area="*", name="a.png", used_as="picture", content="&&&"))
    add_picture(desk, GARDEN)
    assert [(picture.name, picture.content) for picture in in_use(desk).pictures] == [
        ("a.png", b""), ("garden.png", b"a picture"),
    ]  # fmt: skip
