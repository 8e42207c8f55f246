"""A member who moves, or is supported by somebody else: the new laptop gets everything, the old one sends, lets go and tells."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.drafts import drop_draft, save_draft
from ewb_desktop.storage.tables import Conversation, FollowUp, Goal, Handover, Need, Person, table
from ewb_desktop.syncing.troubles import RoundFailed
from sync.packing import unsqueeze
from tests.support.connected import AREA, Connected, House
from tests.syncing.test_digest import checked
from tests.syncing.test_rounds import edit, number_of, to_send, value
from tests.syncing.test_signing_off import set_role

SALE = "sale"
KINDS = (Conversation, Need, Goal, FollowUp, Handover)
SECRET = "Zuleika"


def add_member(laptop: Connected, name: str = SECRET, **fields: Any) -> str:
    """Add a member with something of each kind that hangs on her; return her id."""
    with laptop.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name=name, **{"coordinator": laptop.store.author, **fields}))
    for kind in KINDS:
        add_about(laptop, person, kind)
    return person


def add_about(laptop: Connected, person: str, kind: type[Any] = Goal) -> str:
    with laptop.store.write() as writing:
        return str(writing.add(kind(area=person_area(writing.connection, person), person=person)))


def only_goal(laptop: Connected) -> str:
    with laptop.store.read() as connection:
        return str(connection.execute(select(table(Goal).c.id)).scalar_one())


def areas(laptop: Connected) -> set[tuple[str, str]]:
    """Return of every record about members on a laptop its kind and its area."""
    found = set()
    with laptop.store.read() as connection:
        for kind in (Person, *KINDS):
            name = table(kind).name
            found |= {(name, area) for area in connection.execute(select(table(kind).c.area)).scalars()}
    return found


def everything_in(area: str) -> set[tuple[str, str]]:
    return {(table(kind).name, area) for kind in (Person, *KINDS)}


def test_what_hangs_on_a_member_goes_to_the_new_area_and_leaves_the_old_one(centre: House) -> None:
    rowan, grace, gil = centre.join("Rowan Oak"), centre.join("Grace Lamb"), centre.join("Gil Fox", areas=(SALE,))
    person = add_member(rowan)
    for each in (rowan, grace, gil):
        each.sync()
    assert areas(gil) == set()
    edit(rowan.store, Person, person, area=SALE)
    assert rowan.sync().left == (person,)
    assert areas(rowan) == set()
    gil.sync()
    assert areas(gil) == everything_in(SALE)
    # a colleague of the old area was without a line and wrote meanwhile
    add_about(grace, person, Need)
    goal = only_goal(grace)
    edit(grace.store, Goal, goal, words="to sleep again")
    edit(grace.store, Person, person, telephone="0161 496 0001")
    assert grace.sync().left == (person,)
    assert (areas(grace), to_send(grace.store)) == (set(), 0)
    gil.sync()
    assert value(gil.store, Goal, goal, "words") == "to sleep again"
    assert (number_of(gil.store, Need), value(gil.store, Person, person, "telephone")) == (2, "0161 496 0001")
    assert areas(gil) == everything_in(SALE)
    for each in (rowan, grace, gil):
        found = checked(each)
        assert found is not None
        assert (found.repaired, found.taken_away, found.offered, found.kept) == (0, 0, 0, 0)


def test_she_stays_until_what_was_written_about_her_is_sent_and_while_words_are_being_typed(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    centre.join("Gil Fox", areas=(SALE,))
    person = add_member(rowan)
    rowan.sync()
    grace.sync()
    edit(rowan.store, Person, person, area=SALE)
    rowan.sync()
    save_draft(grace.store, f"contact/{person}", {"note": "half a sentence"})
    assert grace.sync().left == ()
    assert number_of(grace.store, Person) == 1
    add_about(grace, person, Need)
    drop_draft(grace.store, f"contact/{person}")
    grace.line.is_unplugged = True
    with pytest.raises(RoundFailed):
        grace.sync()
    assert number_of(grace.store, Need) == 2
    grace.line.is_unplugged = False
    assert grace.sync().left == (person,)
    assert to_send(grace.store) == 0


def test_whoever_works_in_both_areas_keeps_her_and_all_stands_in_the_new_one(centre: House) -> None:
    rowan, both = centre.join("Rowan Oak"), centre.join("Grace Lamb", areas=(AREA, SALE))
    person = add_member(rowan)
    rowan.sync()
    both.sync()
    edit(both.store, Person, person, area=SALE)
    assert both.sync().left == ()
    assert areas(both) == everything_in(SALE)
    assert rowan.sync().left == (person,)


def test_what_is_written_about_a_member_who_was_moved_meanwhile_stands_with_her_on_its_author_s_laptop(centre: House) -> None:
    rowan, grace = (centre.join(name, areas=(AREA, SALE)) for name in ("Rowan Oak", "Grace Lamb"))
    person = add_member(rowan)
    rowan.sync()
    grace.sync()
    edit(grace.store, Person, person, area=SALE)
    grace.sync()
    add_about(rowan, person, Need)
    rowan.sync()
    assert areas(rowan) == everything_in(SALE)
    # so it leaves with her
    set_role(centre, rowan, "connector", [AREA])
    assert rowan.sync().left == (person,)
    assert areas(rowan) == set()


def test_a_member_moved_out_of_an_area_that_was_lost_meanwhile_leaves_with_it_once_her_words_are_sent(centre: House) -> None:
    gil, both = centre.join("Gil Fox", areas=(SALE,)), centre.join("Rowan Oak", areas=(AREA, SALE))
    with gil.store.write() as writing:
        person = writing.add(Person(area=SALE, preferred_name=SECRET))
    gil.sync()
    both.sync()
    centre.server.change_worker(both.store.author, areas=[AREA])
    edit(both.store, Person, person, area=AREA, telephone="0161 496 0001")
    add_about(both, person, Need)
    assert both.sync().left == (person,)
    assert areas(both) == set()
    gil.sync()
    assert (value(gil.store, Person, person, "telephone"), areas(gil)) == ("0161 496 0001", {("person", SALE), ("need", SALE)})


def test_who_stays_for_what_was_not_taken_is_not_taken_away_by_the_daily_comparison(centre: House) -> None:
    rowan, peer = centre.join("Rowan Oak"), centre.join("Grace Lamb", "peer")
    person = add_member(rowan, supporters=[peer.store.author])
    rowan.sync()
    peer.sync()
    goal = only_goal(peer)
    edit(peer.store, Goal, goal, words="x" * 600_000)
    edit(rowan.store, Person, person, supporters=[])
    rowan.sync()
    assert peer.sync().left == ()
    before = areas(peer)
    checked(peer)
    assert (value(peer.store, Person, person, "preferred_name"), areas(peer)) == (SECRET, before)


def test_a_member_who_comes_back_brings_everything_along(centre: House) -> None:
    rowan, gil = centre.join("Rowan Oak"), centre.join("Gil Fox", areas=(SALE,))
    person = add_member(rowan)
    rowan.sync()
    edit(rowan.store, Person, person, area=SALE)
    rowan.sync()
    gil.sync()
    edit(gil.store, Person, person, area=AREA)
    assert gil.sync().left == (person,)
    assert rowan.sync().left == ()
    assert areas(rowan) == everything_in(AREA)


def test_a_peer_s_laptop_holds_whom_she_supports_from_the_match_to_its_end_and_not_a_byte_of_others(centre: House) -> None:
    rowan, peer = centre.join("Rowan Oak"), centre.join("Cy Moss", "peer")
    person = add_member(rowan)
    add_member(rowan, "Maryam")
    rowan.sync()
    peer.sync()
    assert areas(peer) == set()
    edit(rowan.store, Person, person, supporters=[peer.store.author])
    rowan.sync()
    peer.sync()
    assert (number_of(peer.store, Person), areas(peer)) == (1, everything_in(AREA))
    assert not any(b"Maryam" in unpacked for unpacked in received(peer))
    edit(rowan.store, Person, person, supporters=[])
    rowan.sync()
    add_about(peer, person)
    assert peer.sync().left == (person,)
    assert (areas(peer), to_send(peer.store)) == (set(), 0)
    rowan.sync()
    assert number_of(rowan.store, Goal) == 3


def test_a_peer_keeps_whom_she_adds_herself_and_lets_go_of_whom_she_adds_for_somebody_else(centre: House) -> None:
    rowan, peer = centre.join("Rowan Oak"), centre.join("Cy Moss", "peer")
    add_member(peer, "Bo")
    other = add_member(peer, coordinator=rowan.store.author)
    assert peer.sync().left == (other,)
    assert (number_of(peer.store, Person), to_send(peer.store)) == (1, 0)
    rowan.sync()
    assert number_of(rowan.store, Person) == 2


def test_a_connector_who_becomes_a_peer_keeps_matched_members_alone_until_she_is_one_again(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    add_member(rowan)
    add_member(grace, "Bo")
    for each in (rowan, grace, rowan):
        each.sync()
    assert names(grace) == names(rowan) == {SECRET, "Bo"}
    set_role(centre, grace, "peer")
    grace.sync()
    assert (names(grace), areas(grace)) == ({"Bo"}, everything_in(AREA))
    set_role(centre, grace, "connector")
    grace.sync()
    assert names(grace) == {SECRET, "Bo"}


def test_a_member_who_was_named_and_then_leaves_with_the_role_is_told_once(centre: House) -> None:
    rowan, peer = centre.join("Rowan Oak"), centre.join("Cy Moss", "peer")
    person = add_member(rowan, supporters=[peer.store.author])
    rowan.sync()
    peer.sync()
    edit(peer.store, Goal, only_goal(peer), words="x" * 600_000)
    edit(rowan.store, Person, person, supporters=[])
    rowan.sync()
    assert peer.sync().left == ()
    set_role(centre, peer, "volunteer")
    assert peer.sync().left == (person,)


def names(laptop: Connected) -> set[str]:
    with laptop.store.read() as connection:
        return set(connection.execute(select(table(Person).c.preferred_name)).scalars())


def received(laptop: Connected) -> list[bytes]:
    return [unsqueeze(each, 1 << 26) for each in laptop.line.bytes_received if each]
