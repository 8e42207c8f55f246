"""A member outside the area is opened to a laptop for three hours with a reason, to whom the role allows it, and told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.packing import unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal, Trouble
from sync.protocol.messages import DigestReply, OpenReply, Sought, TroubleReply
from sync.protocol.version import PROTOCOL
from sync.server.database import tables
from sync.server.laptops import breaking_glass
from sync.server.laptops.holdings import what_was_on
from sync.server.pushing.erasing import forget_what_is_left
from sync.server.records.openings import with_opened
from sync.server.records.scope import Grant
from tests.support.callers import Caller, enrolled, rows_of
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

WHY = {"reason": "here_now", "words": "She is at my table"}
MARYAM = {"name": "maryam HAŞIM", "born": "1986-03-14"}


def ask(caller: Caller, **asked: Any) -> requests.Response:
    return caller.send({"protocol": PROTOCOL, **WHY, **asked}, "/v1/open")


def opened(caller: Caller, **asked: Any) -> OpenReply:
    answer = ask(caller, **asked)
    assert answer.status_code == 200
    return OpenReply.model_validate(unpack(answer.content, 1 << 26))


def known(server: RunningServer, **more: Any) -> tuple[Caller, Change, Change]:
    """Return a colleague in Sale, a member of hers and a goal of this member's."""
    ada = enrolled(server, "Ada Okafor", areas=["sale"])
    ada.area = "sale"
    fields = {"given_name": "Maryam", "family_name": "Hasim", "birth_date": "1986-03-14", "coordinator": ada.worker, **more}
    person = ada.change("person", fields)
    goal = ada.change("goal", {"person": person.record, "words": "sleep again"})
    assert {verdict.reason for verdict in ada.round(person, goal).verdicts} == {None}
    return ada, person, goal


def audited(server: RunningServer) -> list[tuple[str, str, str]]:
    audit = tables.audit.c
    query = tables.audit.select().where(audit.action.startswith("break-glass")).order_by(audit.number)
    return server.do(lambda connection: [(row.action, row.record, row.detail) for row in connection.execute(query)])


def test_a_member_is_found_by_name_and_birthday_with_all_her_records_and_the_audit_says_so(server: RunningServer) -> None:
    _ada, person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    ben.round()
    reply = opened(ben, **MARYAM)
    assert (reply.sought, reply.person, reply.seconds) == (Sought.OPENED, person.record, 3 * 3600)
    assert set(reply.page.rows) == {"person", "goal", "opening"}
    ((action, record, detail),) = audited(server)
    assert (action, record, detail) == ("break-glass", person.record, "here_now, until 2026-11-21T17:05:00.000Z")
    assert goal.record in str(reply.page.rows["goal"])


@pytest.mark.parametrize("role", ["volunteer", "peer", "governance", "administrator"])
def test_a_role_that_opens_nothing_gets_nothing_and_the_try_is_audited(server: RunningServer, role: str) -> None:
    known(server)
    reply = opened(enrolled(server, "Vic Lane", role), **MARYAM)
    assert (reply.sought, reply.person, reply.page.rows) == (Sought.NOT_ALLOWED, "", {})
    assert [action for action, *_ in audited(server)] == ["break-glass_not_allowed"]


def test_the_area_is_widened_and_never_the_class(server: RunningServer) -> None:
    _ada, person, goal = known(server)
    record = tables.record
    kept_closer = record.update().where(record.c.id == goal.record).values(sensitivity="safeguarding")
    server.do(lambda connection: connection.execute(kept_closer))
    assert set(opened(enrolled(server, "Ben Hale"), person=person.record).page.rows) == {"person", "opening"}


def test_nobody_and_several_are_told_without_saying_who(server: RunningServer) -> None:
    ada, _person, _goal = known(server)
    ada.round(ada.change("person", {"given_name": "Maryam", "family_name": "Lunt", "birth_date": "1986-03-14"}))
    ben = enrolled(server, "Ben Hale")
    assert opened(ben, name="Maryam Hasim", born="1986-03-15").sought is Sought.NOBODY
    several = opened(ben, name="Maryam", born="1986-03-14")
    assert (several.sought, several.person, several.page.rows) == (Sought.SEVERAL, "", {})
    assert [action for action, *_ in audited(server)] == ["break-glass_nobody", "break-glass_several"]


@pytest.mark.parametrize("missing", [{"reason": ""}, {"words": " "}, {"name": ""}, {"born": ""}], ids=str)
def test_without_a_reason_or_a_whole_question_nothing_is_opened(server: RunningServer, missing: dict[str, str]) -> None:
    known(server)
    assert ask(enrolled(server, "Ben Hale"), **{**MARYAM, **missing}).status_code == 400
    assert audited(server) == []


def test_changes_come_while_it_lasts_and_only_to_a_laptop_that_still_holds_it(server: RunningServer) -> None:
    ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    ben.round()
    opening = opened(ben, **MARYAM).opening
    ben.round(opened=[opening])
    ada.round(ada.edit(person, {"pronouns": "she"}, ada.cursor))
    assert rows_of(ben.round(opened=[opening]))["person"][0]["pronouns"] == "she"
    ada.round(ada.edit(person, {"pronouns": "they"}, ada.cursor))
    assert "person" not in rows_of(ben.round())
    server.at[0] += timedelta(hours=3)
    ada.round(ada.edit(person, {"pronouns": "he"}, ada.cursor))
    assert "person" not in rows_of(ben.round(opened=[opening]))
    assert opened(ben, opening=opening).sought is Sought.OVER


def test_an_erasure_reaches_the_laptop_to_which_the_record_was_opened(server: RunningServer) -> None:
    ada, _person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    ben.round()
    opening = opened(ben, **MARYAM).opening
    ada.round(ada.change("goal", {}, record=goal.record, kind=ChangeKind.ERASE))
    (row,) = rows_of(ben.round(opened=[opening]))["goal"]
    assert (row["gone"], row["words"]) == (1, None)


def why_kept(server: RunningServer) -> list[tuple[str, str]]:
    given = tables.opened.c
    query = tables.opened.select().with_only_columns(given.reason, given.words)
    return server.do(lambda connection: [(row.reason, row.words) for row in connection.execute(query)])


@pytest.mark.parametrize("was_left", [False, True], ids=["by the erasure", "by an earlier version"])
def test_why_a_member_was_opened_is_destroyed_with_her(server: RunningServer, was_left: bool) -> None:
    ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    ada.round()
    ada.round(ada.change("person", {}, record=person.record, kind=ChangeKind.ERASE))
    if was_left:
        server.do(lambda connection: connection.execute(tables.opened.update().values(WHY)))
        server.do(lambda connection: forget_what_is_left(connection, [ORGANISATION]))
    assert why_kept(server) == [("", "")]


def test_why_another_member_was_opened_stays(server: RunningServer) -> None:
    ada, _person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    ada.round(ada.change("goal", {}, record=goal.record, kind=ChangeKind.ERASE))
    assert why_kept(server) == [("here_now", "She is at my table")]


def test_another_laptop_cannot_use_the_opening(server: RunningServer) -> None:
    ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    second = Grant(ORGANISATION, "another laptop of hers", ben.worker, "connector", ("stretford",))
    assert server.do(lambda connection: with_opened(connection, second, server.at[0])).opened == {}
    cyd = enrolled(server, "Cyd Moor")
    assert opened(cyd, opening=opening).sought is Sought.OVER
    ada.round(ada.edit(person, {"pronouns": "she"}, ada.cursor))
    assert "person" not in rows_of(cyd.round(opened=[opening]))


def test_what_was_written_meanwhile_is_taken_also_after_the_time_and_stays_in_her_area(server: RunningServer) -> None:
    ada, person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    assert ben.round(ben.change("need", {"person": person.record}, area="sale")).verdicts[0].reason is Refusal.NOT_ALLOWED
    opened(ben, **MARYAM)
    server.at[0] += timedelta(days=2)
    rating = ben.change("goal_rating", {"person": person.record, "goal": goal.record, "rating": 7}, area="sale")
    # wherever his laptop says that it is: what is about her stands where she stands
    need = ben.change("need", {"person": person.record}, area="urmston")
    assert [verdict.reason for verdict in ben.round(rating, need).verdicts] == [None, None]
    came = rows_of(ada.round())
    assert [(row["id"], row["area"]) for row in (*came["need"], *came["goal_rating"])] == [
        (need.record, "sale"), (rating.record, "sale"),
    ]  # fmt: skip
    server.at[0] += timedelta(days=30)
    late = ben.change("need", {"person": person.record}, area="sale")
    assert ben.round(late).verdicts[0].reason is Refusal.NOT_ALLOWED


@pytest.mark.parametrize("days", [0, 20])
def test_a_member_who_was_opened_is_not_moved_and_what_was_said_of_her_is_kept(server: RunningServer, days: int) -> None:
    ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    base = ada.round().page.next
    server.at[0] += timedelta(days=days)
    said = {"pronouns": "she"}
    move = ben.change("person", said, record=person.record, kind=ChangeKind.EDIT, base=base, area="stretford")
    assert ben.round(move).verdicts[0].reason is None
    ada.round()
    assert (ada.rows[person.record]["area"], ada.rows[person.record]["pronouns"]) == ("sale", "she")


def test_a_laptop_that_meant_to_move_a_member_who_was_opened_is_given_where_she_stands(server: RunningServer) -> None:
    ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    base = ada.round().page.next
    ben.cursor = base
    move = ben.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=base, area="stretford")
    (row,) = rows_of(ben.round(move, opened=[opening]))["person"]
    assert row["area"] == "sale"


def test_her_coordinator_hears_who_and_why_and_says_that_she_read_it(server: RunningServer) -> None:
    ada, _person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    (row,) = rows_of(ada.round())["opening"]
    assert (row["worker"], row["worker_name"], row["reason"], row["words"]) == (ben.worker, "Ben Hale", *WHY.values())
    own = ben.change("opening", {"read_at": "2026-11-21T14:05:00.000Z"}, record=opening, kind=ChangeKind.EDIT, area="sale")
    other = ada.change("opening", {"words": "nothing"}, record=opening, kind=ChangeKind.EDIT)
    gone = ada.change("opening", {}, record=opening, kind=ChangeKind.TOMBSTONE)
    read = ada.change(
        "opening", {"read_at": "2026-11-21T14:05:00.000Z", "read_by": ada.worker}, record=opening, kind=ChangeKind.EDIT
    )
    made = ada.change("opening", {"words": "made up"})
    for caller, change in ((ben, own), (ada, other), (ada, gone), (ada, made)):
        assert caller.round(change).verdicts[0].reason is Refusal.NOT_ALLOWED
    assert ada.round(read).verdicts[0].reason is None


def test_sums_count_what_is_opened_where_the_laptop_names_it(server: RunningServer) -> None:
    known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    for named, kinds in (([opening], {"goal", "opening", "person"}), ([], set())):
        answer = ben.send({"protocol": PROTOCOL, "opened": named}, "/v1/digest")
        assert set(DigestReply.model_validate(unpack(answer.content, 1 << 26)).differ) - {"worker"} == kinds


def test_a_member_of_the_own_area_needs_no_opening(server: RunningServer) -> None:
    ada, person, _goal = known(server)
    assert opened(ada, **MARYAM) == OpenReply(protocol=PROTOCOL, sought=Sought.HERE, person=person.record)


def test_a_lost_laptop_s_list_names_who_was_opened(server: RunningServer) -> None:
    _ada, person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    held = server.do(lambda connection: what_was_on(connection, ORGANISATION, ben.device, server.at[0]))
    assert {person.record, goal.record} <= {each.record for each in held.records}


@pytest.fixture
def two_an_hour(tmp_path: Path) -> Iterator[RunningServer]:
    with running(replace(sqlite_settings(tmp_path / "server.db"), openings_per_hour=2)) as running_server:
        yield running_server


def test_a_worker_opens_so_many_in_an_hour_on_all_her_laptops_and_is_told_when_there_is_room_again(
    two_an_hour: RunningServer,
) -> None:
    server = two_an_hour
    ada, _person, _goal = known(server)
    people = [ada.change("person", {"given_name": f"Maryam {each}"}) for each in "abc"]
    ada.round(*people)
    ben = enrolled(server, "Ben Hale")
    for each in people[:2]:
        assert opened(ben, person=each.record).sought is Sought.OPENED
        server.at[0] += timedelta(minutes=20)
    refused = ask(ben, person=people[2].record)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1200")
    assert TroubleReply.model_validate(unpack(refused.content, 1 << 20)).trouble is Trouble.TOO_MANY
    # a colleague has openings of her own
    assert opened(enrolled(server, "Cleo Marsh"), person=people[2].record).sought is Sought.OPENED
    server.at[0] += timedelta(minutes=20)
    assert opened(ben, person=people[2].record).sought is Sought.OPENED


def test_nobodys_birthday_is_found_out_by_trying(two_an_hour: RunningServer) -> None:
    known(two_an_hour)
    ben = enrolled(two_an_hour, "Ben Hale")
    tried = [ask(ben, name="Maryam Hasim", born=f"1986-01-{day:02}").status_code for day in range(1, 8)]
    assert tried == [200] * 6 + [429]


def test_what_was_opened_while_the_clock_was_ahead_keeps_nobody_waiting_once_it_was_set_right(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaking_glass, "OPENED", 3)
    ada, _person, _goal = known(server)
    people = [ada.change("person", {"given_name": f"Maryam {each}"}) for each in range(4)]
    ada.round(*people)
    ben = enrolled(server, "Ben Hale")
    server.at[0] += timedelta(days=20_000)
    for each in people[:3]:
        opened(ben, person=each.record)
    assert ask(ben, person=people[3].record).status_code == 429
    server.at[0] -= timedelta(days=20_000)
    assert opened(ben, person=people[3].record).sought is Sought.OPENED


def test_a_clock_that_is_set_back_by_minutes_gives_no_room_for_more(two_an_hour: RunningServer) -> None:
    server = two_an_hour
    ada, _person, _goal = known(server)
    people = [ada.change("person", {"given_name": f"Maryam {each}"}) for each in "abc"]
    ada.round(*people)
    ben = enrolled(server, "Ben Hale")
    for each in people[:2]:
        opened(ben, person=each.record)
    server.at[0] -= timedelta(minutes=20)
    answer = ask(ben, person=people[2].record)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(80 * 60))
    server.at[0] += timedelta(days=20_000)
    for each in people[:2]:
        opened(ben, person=each.record)
    server.at[0] -= timedelta(days=20_000 - 1)
    assert opened(ben, person=people[2].record).sought is Sought.OPENED
