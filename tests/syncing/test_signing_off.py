"""A laptop that is signed off, a volunteer's laptop, a restored server, a page with poison: nothing leaks and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import update
from uuid_utils import uuid7

from ewb_desktop.storage.drafts import load_draft, save_draft
from ewb_desktop.storage.exchange.incoming import count_aside
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_progress, read_trouble
from ewb_desktop.storage.file.backups import back_up, list_backups, verify
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.tables import Person, Service, Visit
from ewb_desktop.syncing import troubles
from ewb_desktop.syncing.enrol import enrol
from sync import outbox
from sync.packing import MEDIA_TYPE, pack, unpack, unsqueeze
from sync.protocol.version import PROTOCOL
from sync.server.database import tables as server_tables
from tests.support.connected import ADDRESS, AREA, Connected, House
from tests.support.laptops import laptop
from tests.syncing.test_rounds import add_person, edit, number_of, to_send, value


def everything_in(laptop: Connected) -> str:
    """Return every value of every table of the decrypted file as text."""
    with laptop.store.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return "\n".join(str(row) for name in names for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all())


def test_a_volunteers_laptop_never_holds_or_receives_a_members_name(centre: House) -> None:
    rowan, volunteer = centre.join("Rowan Oak"), centre.join("Joy Dale", "volunteer")
    name = "Zephyrine"
    person = add_person(rowan.store, name, family_name="Quillfeather", telephone="07700 900123")
    with rowan.store.write() as writing:
        writing.add(Service(area=AREA, name="Walking group"))
        writing.add(Visit(area=AREA, people=2))
    rowan.sync()
    edit(rowan.store, Person, person, safe_to_call="no")
    rowan.sync()
    volunteer.sync()
    held = everything_in(volunteer)
    wire = b"".join(unsqueeze(body, 1 << 24) for body in volunteer.line.bytes_received).decode()
    assert number_of(volunteer.store, Service) == 1
    for secret in (name, "Quillfeather", "07700 900123", person):
        assert secret in everything_in(rowan)
        assert secret not in held
        assert secret not in wire


def test_a_laptop_that_is_signed_off_keeps_a_sealed_copy_of_unsent_work_before_its_keys_go(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Amina")
    rowan.sync()
    add_person(rowan.store, "Zuleika")
    with rowan.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    centre.server.revoke(rowan.store.device)
    outcome = rowan.engine.run()
    assert isinstance(outcome.trouble, troubles.Revoked)
    (sealed,) = rowan.signed_off
    assert sealed is not None
    assert b"Zuleika" not in sealed
    kept_by_server = centre.server.do(lambda connection: connection.execute(server_tables.device.select()).one().credential_hash)
    (change,) = outbox.unseal(sealed, kept_by_server).changes
    assert change.fields["preferred_name"] == "Zuleika"
    with pytest.raises(outbox.OutboxUnreadable):
        outbox.unseal(sealed, "00" * 32)
    with pytest.raises(outbox.OutboxUnreadable):
        outbox.unseal(sealed[:-1], kept_by_server)


def test_a_laptop_that_is_signed_off_with_everything_sent_leaves_no_outbox(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    rowan.sync()
    centre.server.revoke(rowan.store.device)
    rowan.engine.run()
    assert rowan.signed_off == [None]


def test_a_page_that_merely_says_revoked_destroys_nothing(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    answer_with(rowan, 403, b'{"trouble": "revoked", "protocol": 1}', "application/json")
    assert isinstance(rowan.engine.run().trouble, troubles.NotTaken)
    assert rowan.signed_off == []


def answer_with(laptop: Connected, status: int, body: bytes, media: str = MEDIA_TYPE) -> None:
    send = laptop.line.send

    def answered(request: Any, **named: Any) -> Any:
        response = send(request, **named)
        response.status_code, response._content = status, body
        response.headers["Content-Type"] = media
        return response

    laptop.line.send = answered  # type: ignore[method-assign]


def change_answer(laptop: Connected, alter: Any) -> Any:
    """Alter every answer on its way; return what undoes that."""
    send = laptop.line.send

    def altered(request: Any, **named: Any) -> Any:
        response = send(request, **named)
        plain = unpack(response.content, 1 << 26)
        alter(plain)
        response._content = pack(plain)
        return response

    laptop.line.send = altered  # type: ignore[method-assign]
    return lambda: setattr(laptop.line, "send", send)


@pytest.mark.parametrize(
    ("status", "body", "media", "kind"),
    [
        (200, b"<html>Welcome to the cafe</html>", "text/html", troubles.SignInPage),
        (200, pack({"protocol": PROTOCOL + 1}), MEDIA_TYPE, troubles.ProgramTooOld),
        (200, b"\x28\xb5\x2f\xfd half of it", MEDIA_TYPE, troubles.CutShort),
        (500, b"oh", "text/plain", troubles.ServerFault),
    ],
)
def test_an_answer_that_is_none_takes_nothing_and_is_told(
    status: int, body: bytes, media: str, kind: type[troubles.RoundFailed], centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    answer_with(rowan, status, body, media)
    outcome = rowan.engine.run()
    assert type(outcome.trouble) is kind
    assert to_send(rowan.store) == 1
    with rowan.store.read() as connection:
        told = read_trouble(connection)
    assert told is not None
    assert told.name == kind.name


def test_a_poisoned_row_is_set_aside_and_counted_and_the_rest_goes_on(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    people = [add_person(rowan.store, f"Person {number}", birth_date=None) for number in range(20)]
    rowan.sync()

    def poison(plain: dict[str, Any]) -> None:
        for row in plain["page"]["rows"].get("person", []):
            if row[0] == people[7]:
                row[plain["page"]["columns"]["person"].index("birth_date")] = "1986-02-31"

    heal = change_answer(grace, poison)
    outcome = grace.sync()
    assert outcome.set_aside == 1
    assert number_of(grace.store, Person) == 19
    with grace.store.read() as connection:
        assert count_aside(connection) == 1
        assert read_progress(connection).cursor > 0
    heal()
    edit(rowan.store, Person, people[7], pronouns="they/them")
    rowan.sync()
    grace.sync()
    grace.sync()
    assert number_of(grace.store, Person) == 20
    with grace.store.read() as connection:
        assert count_aside(connection) == 0


def test_fields_and_kinds_of_a_newer_server_are_carried_and_never_flattened(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store)
    rowan.sync()

    def newer(plain: dict[str, Any]) -> None:
        page = plain["page"]
        if "person" in page["rows"]:
            page["columns"]["person"].append("favourite_tea")
            for row in page["rows"]["person"]:
                row.append("mint")
            page["columns"]["garden"] = ["id", "area", "number", "author", "made_at", "gone", "beds"]
            page["rows"]["garden"] = [[str(uuid7()), AREA, 9, "", None, 0, 4]]

    heal = change_answer(grace, newer)
    grace.sync()
    heal()
    assert value(grace.store, Person, person, "carried") == '{"favourite_tea":"mint"}'
    with grace.store.read() as connection:
        assert count_aside(connection) == 1


def test_a_server_restored_from_a_backup_is_offered_again_what_it_lost(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    kept = add_person(rowan.store, "Amina")
    rowan.sync()
    lost = add_person(rowan.store, "Bo")
    edit(rowan.store, Person, kept, pronouns="she/her")
    rowan.sync()
    lose_after(centre, lost, kept)
    grace.sync()
    assert number_of(grace.store, Person) == 1
    rowan.sync()
    grace.sync()
    assert to_send(rowan.store) == 0
    assert value(grace.store, Person, lost, "preferred_name") == "Bo"
    assert value(grace.store, Person, kept, "pronouns") == "she/her"
    assert number_of(rowan.store, Person) == number_of(grace.store, Person) == 2


def lose_after(centre: House, lost: str, kept: str) -> None:
    """Take the server back to before ``lost`` was made, as a backup would, and give it a new epoch."""

    def restore(connection: Any) -> None:
        record, ledger, organisation = server_tables.record, server_tables.ledger, server_tables.organisation
        connection.execute(record.delete().where(record.c.id == lost))
        connection.execute(ledger.delete().where(ledger.c.record == lost))
        connection.execute(ledger.delete().where((ledger.c.record == kept) & (ledger.c.kind == "edit")))
        row = connection.execute(record.select().where(record.c.id == kept)).one()
        wire = row.wire.replace('"she/her"', "null")
        fields = row.fields.replace(',"pronouns":"she/her"', "")
        connection.execute(update(record).where(record.c.id == kept).values(wire=wire, fields=fields))
        counter = connection.execute(server_tables.counter.select()).one().number
        connection.execute(update(organisation).values(epoch=str(uuid7()), epoch_number=counter))

    centre.server.do(restore)


def test_a_change_that_the_server_cannot_even_read_does_not_block_the_others(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    bad = add_person(rowan.store, "x" * 200_000)
    good = add_person(rowan.store, "Bo")
    outcome = rowan.sync()
    assert (outcome.sent, outcome.held) == (1, 1)
    assert value(rowan.store, Person, good, "number") > 0
    assert value(rowan.store, Person, bad, "number") == 0


def test_a_person_whose_notes_were_too_long_is_sent_once_they_are_shortened(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store, "x" * 200_000)
    assert rowan.sync().held == 1
    assert rowan.sync().held == 0
    edit(rowan.store, Person, person, preferred_name="Amina")
    assert rowan.sync().sent == 1
    grace.sync()
    assert value(grace.store, Person, person, "preferred_name") == "Amina"
    with rowan.store.read() as connection:
        assert counts(connection).to_send == 0


def test_one_change_larger_than_a_whole_request_waits_alone(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "x" * 1_200_000)
    add_person(rowan.store, "Bo")
    rowan.sync()
    with rowan.store.read() as connection:
        waiting = counts(connection)
    assert (waiting.to_send, waiting.quarantined) == (0, 1)


def test_when_the_scope_shrinks_work_is_sent_first_and_then_what_is_outside_goes(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak", areas=(AREA, "urmston")), centre.join("Grace Lamb")
    person = add_person(rowan.store, "Amina")
    rowan.sync()
    edit(rowan.store, Person, person, pronouns="she/her")
    set_role(centre, rowan, "volunteer", [AREA])
    rowan.sync()
    assert number_of(rowan.store, Person) == 0
    assert "Amina" not in everything_in(rowan)
    grace.sync()
    assert value(grace.store, Person, person, "preferred_name") == "Amina"


def held_by(laptop: Connected) -> str:
    """Return everything that the file, its index and its copies hold, as text."""
    texts = [everything_in(laptop)]
    for copy in [*laptop.laptop.path.parent.rglob("*.backup"), *laptop.laptop.path.parent.glob("*-aside-*")]:
        connection = connect_keyed(copy, laptop.laptop.key, pragmas=False)
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        texts += [str(row) for name in names for row in connection.execute(f'SELECT * FROM "{name}"')]
        connection.close()
    return "\n".join(texts)


def test_a_connector_who_becomes_a_volunteer_holds_no_member_in_any_table_draft_or_copy(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    folder = rowan.laptop.path.parent
    person = add_person(rowan.store, "Zephyrine", telephone="07700 900123")
    add_service(rowan, "Walking group")
    rowan.sync()
    save_draft(rowan.store, f"contact/{person}", {"note": "zephyrine is well"})
    save_draft(rowan.store, "newperson", {"preferred_name": "Zephyrine's sister"})
    with rowan.store.write() as writing:
        writing.connection.exec_driver_sql(
            "INSERT INTO carried_row (entity, id, row) VALUES ('person', 'x', ?), ('garden', 'y', ?)",
            (f'{{"area": "{AREA}", "preferred_name": "Zephyrine"}}', '{"area": "", "of": "Zephyrine"}'),
        )
    back_up(rowan.laptop.path, rowan.laptop.key, folder / "backups", rowan.clock)
    back_up(rowan.laptop.path, rowan.laptop.key, folder, rowan.clock).rename(folder / "records-aside-1.ewb")
    assert "zephyrine" in held_by(rowan).lower()
    set_role(centre, rowan, "volunteer")
    rowan.clock.move(minutes=1)
    rowan.sync()
    held = held_by(rowan).lower()
    for secret in ("zephyrine", "07700900123", person):
        assert secret not in held
    (copy,) = list_backups(folder / "backups")
    verify(copy, rowan.laptop.key)
    assert number_of(rowan.store, Service) == 1
    rowan.sync()
    assert list_backups(folder / "backups") == [copy]


def test_of_another_area_only_what_lies_there_goes_with_what_was_chosen_for_it(centre: House) -> None:
    rowan = centre.join("Rowan Oak", areas=(AREA, "urmston"))
    with rowan.store.write() as writing:
        going = writing.add(Person(area="urmston", preferred_name="Zephyrine"))
    staying = add_person(rowan.store, "Bartholomew")
    rowan.sync()
    save_draft(rowan.store, f"leaflet:{going}", {"topic": "sleep", "step": {"words": ""}, "by_hand": ["topic"]})
    save_draft(rowan.store, f"contact/{staying}", {"note": "tea at three"})
    worker = server_tables.worker
    centre.server.do(
        lambda connection: connection.execute(
            update(worker).where(worker.c.id == rowan.store.author).values(areas=orjson.dumps([AREA]).decode())
        )
    )
    rowan.sync()
    assert "zephyrine" not in held_by(rowan).lower()
    assert load_draft(rowan.store, f"leaflet:{going}") is None
    assert load_draft(rowan.store, f"contact/{staying}") == {"note": "tea at three"}


def test_copies_of_a_wider_time_stay_until_a_new_one_could_be_made(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Zephyrine")
    rowan.sync()
    backups = rowan.laptop.path.parent / "backups"
    copy = back_up(rowan.laptop.path, rowan.laptop.key, backups, rowan.clock)
    in_the_way = rowan.laptop.path.parent / "elsewhere"
    backups.rename(in_the_way)
    backups.write_text("in the way")
    set_role(centre, rowan, "volunteer")
    with pytest.raises(FileExistsError):
        rowan.sync()
    backups.unlink()
    in_the_way.rename(backups)
    rowan.clock.move(minutes=1)
    rowan.sync()
    assert not copy.exists()
    assert "zephyrine" not in held_by(rowan).lower()


def add_service(laptop: Connected, name: str) -> None:
    with laptop.store.write() as writing:
        writing.add(Service(area=AREA, name=name))


def set_role(centre: House, laptop: Connected, role: str, areas: list[str] | None = None) -> None:
    centre.server.change_worker(laptop.store.author, role=role, areas=areas)


def test_when_the_scope_grows_what_was_there_before_comes_too(centre: House) -> None:
    rowan, joy = centre.join("Rowan Oak"), centre.join("Joy Dale", "volunteer")
    add_person(rowan.store, "Amina")
    rowan.sync()
    joy.sync()
    assert number_of(joy.store, Person) == 0
    set_role(centre, joy, "connector")
    joy.sync()
    assert number_of(joy.store, Person) == 1


def test_a_wrong_or_used_code_enrols_nobody_and_keeps_nothing(centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    other = laptop(tmp_path, "other", area=AREA)
    spent = centre.server.invite("Ines Vale", "volunteer", [AREA])
    centre.server.at[0] += timedelta(hours=25)
    for code in ("stretford-AAAAA-BBBBB-CCCCC", "no code", spent.code):
        with pytest.raises(troubles.WrongCode):
            enrol(other.store, ADDRESS, code, "a laptop", rowan.open_wire)
    with other.store.read() as connection:
        assert read_enrolment(connection) is None
    other.store.close()


def test_work_from_before_enrolment_becomes_the_invited_workers(centre: House, tmp_path: Path) -> None:
    grace = centre.join("Grace Lamb")
    other = laptop(tmp_path, "other", area=AREA)
    before = other.store.author
    person = add_person(other.store, "Early", coordinator=before)
    invitation = centre.server.invite("Ines Vale", "connector", [AREA])
    joined = enrol(other.store, ADDRESS, invitation.code, "a laptop", grace.open_wire)
    ines = Connected(replace(other), grace.line)
    assert joined.worker == invitation.worker == other.store.author
    assert ines.sync().held == 0
    grace.sync()
    assert value(grace.store, Person, person, "coordinator") == invitation.worker
    assert value(grace.store, Person, person, "author") == invitation.worker
    other.store.close()
