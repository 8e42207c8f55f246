"""What was typed about a member and not saved, when her records are to leave: it waits for the worker, or arrives as a note."""

from __future__ import annotations

from datetime import timedelta

from pydantic import JsonValue

from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.holding.departures import note_departure_read, read_departure
from ewb_desktop.storage.holding.in_hand import KEPT_FOR_WORDS
from ewb_desktop.storage.holding.leaving import held_members
from ewb_desktop.storage.tables import Contact, Goal, Person
from ewb_desktop.syncing.digest import check
from ewb_desktop.syncing.engine import Engine
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import ADDRESS, AREA, Connected, House
from tests.support.servers import ORGANISATION
from tests.syncing.test_following import add_member
from tests.syncing.test_following import names as members
from tests.syncing.test_opening import credential, notes
from tests.syncing.test_rounds import add_person, edit, number_of, to_send
from tests.syncing.test_signing_off import held_by, set_role

SALE = "sale"
SAID = "wants to come on Thursdays"
TYPED: JsonValue = {"how": "ring", "reached": None, "note": SAID, "follow_up": None}
LABEL = "Typed on a laptop and not saved there"


def in_two_areas(centre: House) -> tuple[Connected, Connected, str]:
    """Return a worker of two areas, a colleague in the first of them, and a member there."""
    rowan, grace = centre.join("Rowan Oak", areas=(SALE, AREA)), centre.join("Grace Lamb")
    person = add_member(grace)
    grace.sync()
    rowan.sync()
    return rowan, grace, person


def held(laptop: Connected) -> list[str]:
    with laptop.store.read() as connection:
        return [one.person for one in held_members(connection)]


def pass_by(centre: House, laptop: Connected, time: timedelta) -> None:
    centre.server.at[0] += time
    laptop.clock.move(seconds=time.total_seconds())


def test_an_area_that_is_taken_away_waits_for_the_words_about_its_members_alone_and_names_who_left(centre: House) -> None:
    rowan, grace, person = in_two_areas(centre)
    other = add_member(grace, "Maryam")
    grace.sync()
    rowan.sync()
    save_draft(rowan.store, f"contact/{person}", TYPED)
    set_role(centre, rowan, "connector", [SALE])
    assert rowan.sync().left == (other,)
    assert (members(rowan), held(rowan)) == ({"Zuleika"}, [person])
    # what she needs to finish it is here too
    assert number_of(rowan.store, Goal) == 1
    with rowan.store.write() as writing:
        writing.add(Contact(area=AREA, person=person, note=SAID))
    drop_draft(rowan.store, f"contact/{person}")
    assert rowan.sync().left == (person,)
    assert (members(rowan), to_send(rowan.store), held(rowan)) == (set(), 0, [])
    grace.sync()
    assert notes(grace) == [SAID]


def test_what_is_typed_at_the_moment_at_which_an_area_leaves_is_kept_first(centre: House) -> None:
    rowan, _grace, person = in_two_areas(centre)
    set_role(centre, rowan, "connector", [SALE])

    def keep_words() -> bool:
        save_draft(rowan.store, f"contact/{person}", TYPED)
        return True

    engine = Engine(rowan.store, "0.1.0", rowan.signed_off.append, rowan.open_wire, finish_typing=keep_words)
    assert engine.run().left == ()
    assert held(rowan) == [person]


def test_nobody_leaves_under_the_hands_of_somebody_who_types_and_a_later_round_sees_to_it(centre: House) -> None:
    rowan, _grace, person = in_two_areas(centre)
    set_role(centre, rowan, "connector", [SALE])
    resting = [False, True]
    engine = Engine(rowan.store, "0.1.0", rowan.signed_off.append, rowan.open_wire, finish_typing=lambda: resting.pop(0))
    assert engine.run().left == ()
    assert members(rowan) == {"Zuleika"}
    assert engine.run().left == (person,)
    assert members(rowan) == set()


def test_words_that_nobody_saved_for_a_week_arrive_as_a_note_that_says_so(centre: House) -> None:
    rowan, grace, person = in_two_areas(centre)
    save_draft(rowan.store, f"contact/{person}", TYPED)
    set_role(centre, rowan, "connector", [SALE])
    rowan.sync()
    pass_by(centre, rowan, KEPT_FOR_WORDS)
    assert rowan.sync().left == (person,)
    assert SAID not in held_by(rowan)
    grace.sync()
    assert [note.splitlines() for note in notes(grace)] == [[f"{LABEL} (a contact):", SAID, "How: ring"]]


def test_words_about_a_member_who_moved_arrive_as_a_note_after_a_week_too(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    gil = centre.join("Gil Fox", areas=(SALE,))
    person = add_member(rowan)
    rowan.sync()
    grace.sync()
    edit(rowan.store, Person, person, area=SALE)
    rowan.sync()
    save_draft(grace.store, f"contact/{person}", TYPED)
    assert grace.sync().left == ()
    assert held(grace) == [person]
    # the server does not list her any more, and a comparison leaves her for the words as well
    found = check(grace.store, grace.open_wire(ADDRESS, credential(grace)))
    assert found is not None
    assert (found.taken_away, members(grace)) == (0, {"Zuleika"})
    pass_by(centre, grace, KEPT_FOR_WORDS)
    assert grace.sync().left == (person,)
    assert SAID not in held_by(grace)
    gil.sync()
    assert SAID in notes(gil)[0]


def test_words_of_a_worker_who_may_hold_no_members_any_more_are_sent_with_the_same_press(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store, "Zuleika", telephone="0161 496 0100")
    rowan.sync()
    save_draft(rowan.store, f"contact/{person}", TYPED)
    # a correction: of all that stands in the form only what differs is told
    save_draft(
        rowan.store, f"newperson:{person}",
        {"preferred_name": "Zuleika", "telephone": "0161 496 01", "birth_date": ["", "", ""], "communication": []},
    )  # fmt: skip
    save_draft(rowan.store, "newperson", {"preferred_name": "Zuleika's sister", "area": None, "where_to_find": "at the market"})
    set_role(centre, rowan, "volunteer")
    rowan.sync()
    for secret in ("Zuleika", SAID, "0161 496", "market"):
        assert secret not in held_by(rowan)
    assert to_send(rowan.store) == 0
    grace.sync()
    assert members(grace) == {"Zuleika", "Zuleika's sister"}
    assert sorted(note.splitlines()[1:] for note in notes(grace)) == [
        ["Telephone: 0161 496 01"],
        ["Where to find: at the market"],
        [SAID, "How: ring"],
    ]


def test_words_are_in_the_sealed_file_of_a_laptop_that_was_signed_off_and_the_administrator_brings_them_in(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store, "Zuleika")
    rowan.sync()
    save_draft(rowan.store, f"answer/{person}/first_conversation/matters", "her garden")
    save_draft(rowan.store, "newperson", {"preferred_name": None, "where_to_find": "at the market"})
    centre.server.revoke(rowan.store.device)
    rowan.engine.run()
    (sealed,) = rowan.signed_off
    assert sealed is not None
    centre.server.do(lambda connection: take_outbox(connection, ORGANISATION, sealed, centre.server.at[0], 128 << 10))
    grace.sync()
    assert members(grace) == {"Zuleika", "Name not written down yet"}
    assert sorted(note.splitlines() for note in notes(grace)) == [
        [f"{LABEL} (an answer):", "her garden"],
        [f"{LABEL} (someone new):", "Where to find: at the market"],
    ]


def test_what_is_told_names_the_area_what_was_sent_and_how_many_left_until_it_was_read(centre: House) -> None:
    rowan, grace, _person = in_two_areas(centre)
    add_member(grace, "Maryam")
    grace.sync()
    rowan.sync()
    with rowan.store.read() as connection:
        assert read_departure(connection, rowan.clock.now()) is None
    add_member(rowan, "Bo")
    set_role(centre, rowan, "connector", [SALE])
    rowan.sync()
    with rowan.store.read() as connection:
        told = read_departure(connection, rowan.clock.now() + timedelta(days=400))
    assert told is not None
    assert (told.areas, told.role, told.members, told.sent, told.is_read) == ((AREA,), "", 3, 6, False)
    with rowan.store.write() as writing:
        note_departure_read(writing)
    with rowan.store.read() as connection:
        for days, is_told in ((6, True), (7, False)):
            assert (read_departure(connection, rowan.clock.now() + timedelta(days=days)) is not None) is is_told


def test_a_place_in_a_conversation_or_a_chosen_leaflet_holds_nobody(centre: House) -> None:
    rowan, _grace, person = in_two_areas(centre)
    save_draft(rowan.store, f"leaflet:{person}", {"topic": "sleep", "step": {"words": ""}, "by_hand": ["topic"]})
    save_draft(rowan.store, "leaflet-under-way", {"person": person, "note": "n", "services": []})
    set_role(centre, rowan, "connector", [SALE])
    assert rowan.sync().left == (person,)
    assert load_draft(rowan.store, f"leaflet:{person}") is None
    assert person not in held_by(rowan)
