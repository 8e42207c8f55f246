"""A round, from the laptop's side of the line."""

from __future__ import annotations

import orjson
import pytest
import requests

from sync.packing import squeeze
from sync.protocol.change import ChangeKind
from sync.protocol.errors import Refusal, Trouble
from sync.protocol.messages import RoundReply, VerdictKind
from sync.protocol.version import OFFERS_SINCE, PROTOCOL
from sync.server.doctor.examining import examine
from tests.support.callers import AT, Caller, new_id, rows_of, trouble
from tests.support.servers import RunningServer


def kinds(reply: RoundReply) -> list[VerdictKind]:
    return [verdict.kind for verdict in reply.verdicts]


def reasons(reply: RoundReply) -> list[Refusal | None]:
    return [verdict.reason for verdict in reply.verdicts]


def test_a_change_reaches_a_colleague(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "communication": ["slowly"]})
    assert kinds(ada.round(made)) == [VerdictKind.ACCEPTED]
    (row,) = rows_of(ben.round())["person"]
    assert (row["id"], row["preferred_name"], row["communication"], row["gone"]) == (made.record, "Maryam", ["slowly"], 0)
    assert (row["author"], row["made_at"], row["area"]) == (ada.worker, AT, "stretford")


def test_a_change_pushed_again_changes_nothing_and_has_the_same_number(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    first = ada.round(made)
    ben.round()
    again = ada.round(made, made)
    assert [(v.kind, v.number) for v in again.verdicts] == [(VerdictKind.KNOWN, first.verdicts[0].number)]
    assert "person" not in rows_of(ben.round())


def test_an_answer_that_was_lost_is_given_again(ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.line.loses_answer = True
    with pytest.raises(requests.ConnectionError):
        ada.round(made)
    assert kinds(ada.round(made)) == [VerdictKind.KNOWN]


def test_every_id_is_answered_once_and_in_order(ada: Caller) -> None:
    good = [ada.change("visit", {"day": "2026-11-21", "people": n}) for n in range(3)]
    bad = ada.change("visit", {"day": "31 February"})
    pushed = [good[0], bad, good[1], good[2]]
    reply = ada.round(*pushed)
    assert [v.id for v in reply.verdicts] == [c.id for c in pushed]
    assert reasons(reply) == [None, Refusal.MALFORMED, None, None]


def test_the_laptop_is_not_sent_its_own_clean_rows(ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    reply = ada.round(made, ada.edit(made, {"preferred_name": "Mary"}, base=0))
    assert kinds(reply) == [VerdictKind.ACCEPTED, VerdictKind.ACCEPTED]
    assert "person" not in rows_of(reply)
    assert reply.page.next == reply.verdicts[-1].number


def test_pages_go_on_where_they_stopped(ada: Caller, ben: Caller) -> None:
    made = [ada.change("visit", {"day": "2026-11-21", "people": n}) for n in range(25)]
    ada.round(*made)
    pages = [ben.round(room=10)]
    while pages[-1].page.more:
        pages.append(ben.round(room=10))
    assert [sum(map(len, reply.page.rows.values())) for reply in pages] == [10, 10, 7]  # two are the workers
    assert {c.record for c in made} <= ben.rows.keys()


def test_fields_of_a_newer_program_are_carried(ada: Caller, ben: Caller) -> None:
    old = ada.change("person", {"preferred_name": "Ola"})
    new = ada.change("person", {"preferred_name": "Maryam", "shoe_size": 5, "pets": {"dog": 1}})
    ada.round(old, new)
    ben.round()
    assert (ben.rows[new.record]["shoe_size"], ben.rows[new.record]["pets"]) == (5, {"dog": 1})
    assert ben.rows[old.record]["shoe_size"] is None
    ben.round(ben.edit(new, {"preferred_name": "Mary"}, base=int(str(ben.rows[new.record]["number"]))))
    ada.round()
    assert (ada.rows[new.record]["preferred_name"], ada.rows[new.record]["shoe_size"]) == ("Mary", 5)


def test_an_edit_of_a_record_that_is_not_there_waits(ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    assert reasons(ada.round(ada.edit(made, {"preferred_name": "Mary"}, base=0))) == [Refusal.MISSING_RECORD]


def test_a_change_after_one_that_was_not_taken_waits_for_it(ada: Caller) -> None:
    first = ada.change("person", {"preferred_name": "Maryam"})
    then = ada.change("need", {"person": first.record, "words": "debt"}, after=first.id)
    assert reasons(ada.round(then)) == [Refusal.WAITING_FOR]
    assert reasons(ada.round(first, then)) == [None, None]


def test_a_change_comes_in_its_turn_also_when_the_one_before_it_stands_behind_it_in_the_push(ada: Caller) -> None:
    first = ada.change("person", {"preferred_name": "Maryam"})
    then = ada.change("need", {"person": first.record, "words": "debt"}, after=first.id)
    last = ada.change("goal", {"person": first.record, "need": then.record, "words": "Open them"}, after=then.id)
    assert reasons(ada.round(last, then, first)) == [None, None, None]


def test_a_change_in_anothers_name_is_not_taken(ada: Caller, ben: Caller) -> None:
    made = ben.change("person", {"preferred_name": "Maryam"})
    assert reasons(ada.round(made)) == [Refusal.AUTHOR_MISMATCH]


def test_an_id_used_by_another_laptop_is_not_taken_for_known(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    other = ben.change("person", {"preferred_name": "Ola"}).model_copy(update={"id": made.id})
    assert reasons(ben.round(other)) == [Refusal.MALFORMED]


POISON: list[dict[str, object]] = [
    {"fields": {"birth_date": "2026-02-31"}},
    {"fields": {"preferred_name": 5}},
    {"fields": {"communication": "slowly"}},
    {"fields": {"birth_year_about": 1 << 60}},
    {"fields": {"discreet_print": 2}},
    {"fields": {"No Such Field": 1}},
    {"fields": {"gone": 1}},
    {"fields": {"id": "x"}},
    {"fields": []},
    {"area": "stret\x00ford"},
    {"area": ""},
    {"record": "\x00" * 36},
    {"after": "\x00"},
    {"at": "yesterday"},
    {"counter": 1 << 63},
    {"base": (1 << 64) - 1},
    {"base": -1},
    {"kind": "explode"},
    {"surprise": 1},
    {"author": None},
]


@pytest.mark.parametrize("poison", POISON, ids=lambda poison: str(poison)[:30].replace("\x00", "0"))
def test_a_poisonous_change_is_refused_alone(ada: Caller, poison: dict[str, object]) -> None:
    good = ada.change("person", {"preferred_name": "Maryam"})
    bad = ada.change("person", {"preferred_name": "Ola"}).model_dump(mode="json") | poison
    answer = ada.send(ada.ask([good]) | {"changes": [bad, good.model_dump(mode="json")]})
    assert answer.status_code == 200
    verdicts = orjson.loads(ada.last_bytes)["verdicts"]
    assert [v["kind"] for v in verdicts] == ["refused", "accepted"]
    assert verdicts[0]["reason"] == Refusal.MALFORMED


def test_words_with_a_null_character_are_kept_as_they_are(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Mar\x00yam \U0001f600"})
    ada.round(made)
    ben.round()
    assert ben.rows[made.record]["preferred_name"] == "Mar\x00yam \U0001f600"


def test_a_change_nested_without_end_is_refused_alone(ada: Caller) -> None:
    made = ada.change("answer", {"value": 1}).model_dump(mode="json")
    text = orjson.dumps(ada.ask() | {"changes": [made]}).replace(b'"value":1', b'"value":' + b"[" * 400 + b"]" * 400)
    answer = ada.send(squeeze(text))
    assert (answer.status_code, orjson.loads(ada.last_bytes)["verdicts"][0]["reason"]) == (200, Refusal.MALFORMED)


def test_an_unknown_kind_of_record_and_a_huge_one_are_told_apart(ada: Caller) -> None:
    unknown = ada.change("horoscope", {"words": "x"})
    huge = ada.change("conversation", {"summary": "x" * 200_000})
    assert reasons(ada.round(unknown, huge)) == [Refusal.UNKNOWN_ENTITY, Refusal.TOO_LARGE]


def test_a_record_cannot_become_another_kind_of_record(ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    assert reasons(ada.round(ada.change("need", {"words": "debt"}, record=made.record))) == [Refusal.MALFORMED]


def test_an_erased_record_is_gone_from_history_too_and_does_not_come_back(
    ada: Caller, ben: Caller, server: RunningServer
) -> None:
    made = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.ERASE, base=number))
    assert kinds(ben.round(ben.edit(made, {"telephone": "0161 496 0123", "preferred_name": "Zuleika"}, number))) == [
        VerdictKind.MERGED
    ]
    assert (ben.rows[made.record]["gone"], ben.rows[made.record]["preferred_name"]) == (1, None)
    with server.database.reading() as connection:
        for table in ("ledger", "record", "audit"):
            text = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert "Zuleika" not in text
            assert "0161 496 0123" not in text


def test_what_is_new_about_an_erased_member_is_not_kept_either(ada: Caller, ben: Caller, server: RunningServer) -> None:
    made = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.ERASE, base=number))
    goal = ben.change("goal", {"person": made.record, "words": "to see the sea"})
    again = ben.edit(goal, {"words": "to see the sea again"}, 0)
    assert kinds(ben.round(goal, again)) == [VerdictKind.MERGED] * 2
    ada.round()
    assert (ada.rows[goal.record]["gone"], ada.rows[goal.record]["words"]) == (1, None)
    with server.database.reading() as connection:
        for table in ("ledger", "record", "audit"):
            assert "to see the sea" not in str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    assert [each.words for each in found if not each.is_well] == []


def test_a_removed_record_is_gone_until_somebody_edits_it(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    number = ada.round(made).verdicts[0].number
    number = ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.TOMBSTONE, base=number)).verdicts[0].number
    ben.round()
    assert (ben.rows[made.record]["gone"], ben.rows[made.record]["preferred_name"]) == (1, "Maryam")
    ben.round(ben.edit(made, {"telephone": "0161 496 0123"}, number))
    ada.round()
    assert ada.rows[made.record]["gone"] == 0


# -- whole rounds that are not taken


@pytest.mark.parametrize(("spoken", "expected"), [(0, Trouble.PROTOCOL_TOO_OLD), (PROTOCOL + 1, Trouble.PROTOCOL_TOO_NEW)])
def test_another_protocol_number_is_told_kindly(ada: Caller, spoken: int, expected: Trouble) -> None:
    answer = ada.send(ada.ask([ada.change("person", {"preferred_name": "Maryam"})], protocol=spoken))
    assert answer.status_code == 426
    assert (trouble(answer).trouble, trouble(answer).protocol) == (expected, PROTOCOL)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"", 400, Trouble.MALFORMED),
        (b"<html>", 400, Trouble.MALFORMED),
        (squeeze(b"[]"), 400, Trouble.MALFORMED),
        (squeeze(b'{"protocol":true}'), 400, Trouble.MALFORMED),
        (squeeze(b'{"protocol":1,"changes":{}}'), 400, Trouble.MALFORMED),
        (squeeze(b'{"protocol":1,"changes":[{"id":7}]}'), 400, Trouble.MALFORMED),
        (squeeze(b'{"protocol":1,"cursor":99999999999999999999}'), 400, Trouble.MALFORMED),
        (squeeze(b"{" * 5), 400, Trouble.MALFORMED),
        (squeeze(b'{"protocol":1}')[:-3], 400, Trouble.MALFORMED),
        (squeeze(b" " * (200 << 20)), 413, Trouble.TOO_LARGE),  # a few kilobytes that would unpack to 200 MB
        (b"x" * ((1 << 20) + 1), 413, Trouble.TOO_LARGE),
    ],
    ids=["empty", "html", "list", "bool", "changes", "no-id", "cursor", "broken", "cut", "bomb", "oversize"],
)
def test_a_body_that_is_no_round_gets_a_trouble(ada: Caller, body: bytes, status: int, expected: Trouble) -> None:
    answer = ada.send(body)
    assert (answer.status_code, trouble(answer).trouble) == (status, expected)


def test_more_changes_than_agreed_are_too_large(ada: Caller) -> None:
    answer = ada.send(ada.ask() | {"changes": [{"id": new_id()}] * 501})
    assert trouble(answer).trouble is Trouble.TOO_LARGE


def test_health_says_nothing_about_anybody(server: RunningServer) -> None:
    assert server.session().get(f"{server.url}/v1/health").json() == {"ok": True}


def test_a_laptop_of_another_epoch_is_answered_from_the_beginning(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    reply = ben.round(epoch="0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10", cursor=9_000)
    assert reply.epoch == ada.welcome.epoch
    assert made.record in ben.rows


def test_of_a_laptop_that_has_not_heard_of_the_restore_nothing_is_taken_yet(ada: Caller) -> None:
    made, old = ada.change("person", {"preferred_name": "Maryam"}), new_id()
    told = ada.round(made, epoch=old)
    assert (told.verdicts, ada.rows.get(made.record)) == ((), None)
    # restored once more since it heard
    assert ada.round(made, epoch=old, offers_for=new_id()).verdicts == ()
    assert ada.round(made, epoch=old, offers_for=told.epoch).verdicts[0].kind is VerdictKind.ACCEPTED


def test_a_laptop_of_an_older_number_that_cannot_say_what_it_has_heard_is_taken_at_its_word(ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    reply = ada.round(made, epoch=new_id(), protocol=OFFERS_SINCE - 1)
    assert reply.verdicts[0].kind is VerdictKind.ACCEPTED
