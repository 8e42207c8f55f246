"""A member from outside the area on a laptop with a real server: here for three hours, then gone from every byte of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from ewb_desktop.storage.cards.search import find_people
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.file.backups import back_up, list_backups
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.holding.leaving import held_members, let_held_go
from ewb_desktop.storage.holding.opened import let_opened_go, opened_until
from ewb_desktop.storage.tables import Contact, Goal, Opening, Person
from ewb_desktop.syncing import troubles
from ewb_desktop.syncing.digest import check
from ewb_desktop.syncing.history import fetch_history
from ewb_desktop.syncing.opening import Asked, Came, open_person
from sync.protocol.messages import Sought
from sync.protocol.version import KNOWN_BY_SINCE, OLDEST_SPOKEN
from sync.server.listening import exchange
from tests.support.connected import ADDRESS, AREA, Connected, House
from tests.syncing.test_restored import keep_a_copy, next_day, put_back, sync_all
from tests.syncing.test_rounds import edit

NAME, SAID = "Quillfeather", "wants to sleep again"
ASKED = Asked("here_now", "She is at my table", name="Zephyrine Quillfeather", born=date(1986, 3, 14))


IN_SALE = (("Grace Lamb", "sale"), ("Rowan Oak", AREA), ("Kit Shaw", "sale"))


def shared(centre: House) -> tuple[Connected, Connected, str, str]:
    """Return a colleague in Sale, a worker elsewhere to whom a member of Sale was opened, this member and a goal of hers."""
    grace, rowan = centre.join("Grace Lamb", areas=("sale",)), centre.join("Rowan Oak")
    with grace.store.write() as writing:
        person = writing.add(
            Person(area="sale", given_name="Zephyrine", family_name=NAME, birth_date=ASKED.born, coordinator=grace.store.author)
        )
        goal = writing.add(Goal(area="sale", person=person, words=SAID))
    grace.sync()
    rowan.sync()
    assert open_person(rowan.store, ASKED, rowan.open_wire) == Came(Sought.OPENED, person)
    return grace, rowan, person, goal


def everything_in(path: Path, key: bytes | bytearray) -> str:
    """Return every value of every table of a decrypted file as text, the index of the search among them."""
    connection = connect_keyed(path, key)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        rows = [row for name in names for row in connection.execute(f'SELECT * FROM "{name}"').fetchall()]
    finally:
        connection.close()
    return "\n".join(map(str, rows)) + "\n".join(repr(each) for row in rows for each in row if isinstance(each, bytes))


def left_behind(laptop: Connected, person: str) -> list[str]:
    """Return which words about the member are anywhere in the file or in a backup beside it."""
    with laptop.store.lent_key() as key:
        files = [laptop.store.path, *list_backups(laptop.store.path.parent / "backups")]
        held = "\n".join(everything_in(file, key) for file in files).casefold()
    return [word for word in (NAME, SAID, person, "told at the door") if word.casefold() in held]


def pass_by(centre: House, laptop: Connected, **time: float) -> None:
    centre.server.at[0] += timedelta(**time)
    laptop.clock.move(**time)


def test_a_member_who_was_opened_is_found_and_here_until_the_time_that_the_server_gave(centre: House) -> None:
    _grace, rowan, person, _goal = shared(centre)
    with rowan.store.read() as connection:
        assert [each.id for each in find_people(connection, "zephyrine")] == [person]
        assert opened_until(connection, person) == rowan.clock.now() + timedelta(hours=3)


def test_when_the_time_is_over_no_byte_of_her_stays_in_the_file_or_in_its_backups(centre: House) -> None:
    _grace, rowan, person, _goal = shared(centre)
    save_draft(rowan.store, f"contact/{person}", {"note": "told at the door"})
    fetch_history(rowan.store, person, rowan.open_wire)
    with rowan.store.lent_key() as key:
        back_up(rowan.store.path, key, rowan.store.path.parent / "backups", rowan.store.clock)
    assert len(left_behind(rowan, person)) == 4
    pass_by(centre, rowan, hours=2, minutes=59)
    assert let_opened_go(rowan.store, 60.0) == ()
    pass_by(centre, rowan, minutes=1)
    drop_draft(rowan.store, f"contact/{person}")
    assert let_opened_go(rowan.store, 60.0) == (person,)
    assert left_behind(rowan, person) == []


def test_when_the_time_is_over_words_that_were_not_saved_wait_with_nothing_but_what_they_hang_on(centre: House) -> None:
    grace, rowan, person, _goal = shared(centre)
    save_draft(rowan.store, f"contact/{person}", {"note": "told at the door", "how": "ring", "reached": "spoke"})
    pass_by(centre, rowan, hours=3)
    assert let_opened_go(rowan.store) == (person,)
    rowan.sync()
    assert load_draft(rowan.store, f"contact/{person}") == {"note": "told at the door", "how": "ring", "reached": "spoke"}
    with rowan.store.read() as connection:
        assert (count(connection, "person"), count(connection, "goal")) == (1, 0)
        assert [one.person for one in held_members(connection)] == [person]
    # saved, it is sent, and then nothing of her is here
    with rowan.store.write() as writing:
        writing.add(Contact(area="sale", person=person, note="told at the door"))
    drop_draft(rowan.store, f"contact/{person}")
    rowan.sync()
    assert left_behind(rowan, person) == []
    grace.sync()
    assert notes(grace) == ["told at the door"]


def test_words_that_were_let_go_of_without_a_line_let_her_go_at_the_next_look(centre: House) -> None:
    _grace, rowan, person, _goal = shared(centre)
    save_draft(rowan.store, f"contact/{person}", {"note": "told at the door"})
    pass_by(centre, rowan, hours=3)
    let_opened_go(rowan.store)
    drop_draft(rowan.store, f"contact/{person}")
    assert let_held_go(rowan.store) == (person,)
    assert left_behind(rowan, person) == []


def test_words_about_an_opened_member_that_nobody_saved_for_a_day_are_sent_as_a_note_and_leave(centre: House) -> None:
    grace, rowan, person, _goal = shared(centre)
    save_draft(rowan.store, f"contact/{person}", {"note": "told at the door", "how": "ring"})
    pass_by(centre, rowan, hours=3)
    let_opened_go(rowan.store)
    pass_by(centre, rowan, hours=24)
    rowan.sync()
    rowan.sync()
    assert left_behind(rowan, person) == []
    grace.sync()
    assert [note.splitlines() for note in notes(grace)] == [
        ["Typed on a laptop and not saved there (a contact):", "told at the door", "How: ring"]
    ]


def count(connection: Connection, kind: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{kind}"').scalar_one())


def notes(laptop: Connected) -> list[str]:
    with laptop.store.read() as connection:
        return [str(note) for note in connection.exec_driver_sql("SELECT note FROM contact").scalars()]


@pytest.mark.parametrize(
    ("clock", "awake"),
    [(timedelta(hours=-1), 0.0), (timedelta(), 3 * 3600.0), (timedelta(hours=3), 0.0)],
    ids=["the clock was put back", "awake for three hours under a clock that stands", "three hours by the clock"],
)
def test_it_is_over_by_whatever_says_so_first(centre: House, clock: timedelta, awake: float) -> None:
    _grace, rowan, person, _goal = shared(centre)
    rowan.clock.move(seconds=clock.total_seconds())
    assert let_opened_go(rowan.store, awake) == (person,)
    assert left_behind(rowan, person) == []


def test_a_clock_that_is_put_back_behind_what_was_seen_ends_it(centre: House) -> None:
    _grace, rowan, person, _goal = shared(centre)
    rowan.clock.move(hours=2)
    assert let_opened_go(rowan.store, 30.0) == ()
    rowan.clock.move(hours=-1)
    assert let_opened_go(rowan.store) == (person,)


def test_what_was_written_meanwhile_is_sent_before_it_leaves_also_when_the_line_was_away(centre: House) -> None:
    grace, rowan, person, goal = shared(centre)
    with rowan.store.write() as writing:
        writing.edit(Goal, goal, words="wants to sleep and walk")
    pass_by(centre, rowan, hours=4)
    rowan.line.is_unplugged = True
    assert let_opened_go(rowan.store) == (person,)
    with rowan.store.read() as connection:
        assert find_people(connection, "zephyrine") == []
        assert connection.exec_driver_sql("SELECT words FROM goal").scalars().all() == ["wants to sleep and walk"]
    rowan.line.is_unplugged = False
    assert rowan.sync().sent == 1
    assert left_behind(rowan, person) == []
    grace.sync()
    with grace.store.read() as connection:
        assert connection.exec_driver_sql("SELECT words FROM goal").scalars().all() == ["wants to sleep and walk"]


def test_colleagues_edits_arrive_while_it_lasts_and_both_ends_compare_equal(centre: House) -> None:
    grace, rowan, person, _goal = shared(centre)
    with grace.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    grace.sync()
    rowan.sync()
    with rowan.store.read() as connection:
        assert connection.exec_driver_sql("SELECT telephone FROM person").scalars().all() == ["0161 496 0200"]
    wire = rowan.open_wire(ADDRESS, credential(rowan))
    calls = rowan.line.calls
    found = check(rowan.store, wire)
    assert found is not None
    assert found.is_clean
    # sums that are equal are asked for once
    assert rowan.line.calls == calls + 1


def test_a_member_who_left_does_not_come_back_with_a_round_or_a_comparison(centre: House) -> None:
    grace, rowan, person, _goal = shared(centre)
    rowan.clock.move(hours=4)
    let_opened_go(rowan.store)
    with grace.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    grace.sync()
    rowan.sync()
    check(rowan.store, rowan.open_wire(ADDRESS, credential(rowan)))
    assert left_behind(rowan, person) == []


def test_a_scope_that_shrinks_leaves_the_opened_member_until_her_time_is_over(centre: House) -> None:
    _grace, rowan, person, _goal = shared(centre)
    with rowan.store.write() as writing:
        own = writing.add(Person(area="stretford", preferred_name="Amina"))
    rowan.sync()
    worker = "UPDATE worker SET areas = '[\"urmston\"]' WHERE id = :id"
    centre.server.do(lambda connection: connection.execute(text(worker), {"id": rowan.store.author}))
    rowan.sync()
    with rowan.store.read() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM person").scalars().all()
    assert (own in ids, person in ids) == (False, True)


def test_without_a_line_it_is_told_and_nothing_is_noted(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.line.is_unplugged = True
    with pytest.raises(troubles.RoundFailed):
        open_person(rowan.store, ASKED, rowan.open_wire)
    assert let_opened_go(rowan.store) == ()


def test_what_a_restored_server_lost_of_it_is_told_again_to_it_and_holds_nobody_on_a_laptop(centre: House) -> None:
    grace, rowan, kit = (centre.join(name, areas=(area,)) for name, area in IN_SALE)
    with grace.store.write() as writing:
        person = writing.add(Person(area="sale", preferred_name=NAME, coordinator=grace.store.author))
    sync_all(grace, kit, rowan)
    copy = keep_a_copy(centre)
    assert open_person(rowan.store, replace(ASKED, name="", born=None, person=person), rowan.open_wire).person == person
    sync_all(rowan, grace, kit)
    with grace.store.write() as writing:
        (opening,) = writing.connection.exec_driver_sql("SELECT id FROM opening").scalars()
        writing.edit(Opening, opening, read_at=grace.clock.now(), read_by=grace.store.author)
    grace.sync()
    put_back(centre, copy)
    pass_by(centre, rowan, hours=4)
    for _ in range(2):
        next_day(grace, kit)
        sync_all(grace, kit, grace, kit)
    for laptop in (grace, kit):
        with laptop.store.read() as connection:
            assert (counts(connection).to_send, counts(connection).quarantined) == (0, 0)
            told = connection.exec_driver_sql("SELECT worker_name, words, read_by FROM opening").all()
        assert told == [("Rowan Oak", "She is at my table", grace.store.author)]
    edit(grace.store, Person, person, area=AREA)
    grace.sync()
    assert kit.sync().left == (person,)


def test_a_laptop_without_the_right_receives_nothing(centre: House) -> None:
    _grace, _rowan, person, _goal = shared(centre)
    volunteer = centre.join("Joy Dale", "volunteer")
    volunteer.sync()
    assert open_person(volunteer.store, ASKED, volunteer.open_wire) == Came(Sought.NOT_ALLOWED)
    assert left_behind(volunteer, person) == []


def credential(laptop: Connected) -> str:
    with laptop.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    return enrolment.credential


UNBORN = replace(ASKED, born=None, telephone="0161 496 0123")
"""Who told no day of birth is looked for by what else stands on her record."""


def known_by_telephone(centre: House) -> tuple[Connected, str]:
    """Return a worker elsewhere, and a member of Sale of whom no day of birth is known."""
    grace, rowan = centre.join("Grace Lamb", areas=("sale",)), centre.join("Rowan Oak")
    with grace.store.write() as writing:
        person = writing.add(
            Person(area="sale", given_name="Zephyrine", family_name=NAME, telephone="+44 161 496 0123", postcode="M33 0TH")
        )
    grace.sync()
    return rowan, person


@pytest.mark.parametrize("asked", [UNBORN, replace(UNBORN, telephone="", postcode="m330th")], ids=["telephone", "postcode"])
def test_somebody_without_a_day_of_birth_is_opened_by_what_else_is_known(centre: House, asked: Asked) -> None:
    rowan, person = known_by_telephone(centre)
    assert open_person(rowan.store, asked, rowan.open_wire) == Came(Sought.OPENED, person)


@pytest.mark.parametrize("spoken", range(OLDEST_SPOKEN, KNOWN_BY_SINCE))
def test_an_older_server_is_not_asked_what_it_does_not_understand_and_the_worker_is_told(
    centre: House, monkeypatch: pytest.MonkeyPatch, spoken: int
) -> None:
    rowan, _person = known_by_telephone(centre)
    monkeypatch.setattr(exchange, "PROTOCOL", spoken)
    with pytest.raises(troubles.FindsByBirthOnly) as told:
        open_person(rowan.store, UNBORN, rowan.open_wire)
    assert "date of birth" in str(told.value)
    tries = text("SELECT count(*) FROM audit WHERE action LIKE 'break%'")
    assert centre.server.do(lambda connection: connection.execute(tries).scalar_one()) == 0


@pytest.mark.parametrize("spoken", range(OLDEST_SPOKEN, KNOWN_BY_SINCE))
def test_an_older_server_is_asked_by_the_day_of_birth(centre: House, monkeypatch: pytest.MonkeyPatch, spoken: int) -> None:
    _grace, rowan, person, _goal = shared(centre)
    monkeypatch.setattr(exchange, "PROTOCOL", spoken)
    assert open_person(rowan.store, ASKED, rowan.open_wire) == Came(Sought.OPENED, person)
