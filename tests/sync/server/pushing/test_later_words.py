"""A change that arrives behind its laptop's own later word goes into history: by a sealed file, by a colleague, or by itself."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from sqlalchemy import Connection, update

from sync.outbox import Outbox, seal
from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import replay
from sync.protocol.messages import VerdictKind
from sync.server.damage.stamps import look_at_stamps
from sync.server.database import tables
from sync.server.laptops.outboxes import take_outbox
from sync.server.records import history as histories
from sync.server.records.history import history
from sync.server.records.rows import load
from tests.support.callers import Caller, enrolled
from tests.support.examples import many
from tests.support.servers import ORGANISATION, RunningServer

LONG = "the long old words"
"""What the server did not take at first."""


def telephone(server: RunningServer, made: Change) -> object:
    return server.do(lambda c: load(c, ORGANISATION, [made.record]))[made.record].record.fields["telephone"]


def take_file(server: RunningServer, caller: Caller, *changes: Change) -> None:
    file = seal(Outbox(list(changes)), caller.credential)
    server.do(lambda c: take_outbox(c, ORGANISATION, file, server.at[0], 128 << 10))


def is_as_told(server: RunningServer, made: Change) -> bool:
    """Tell whether the record and its stamps are as the history tells."""

    def look(connection: Connection) -> bool:
        lines = history(connection, ORGANISATION, made.record)
        *_, told = replay([(line.number, line.change()) for line in lines])
        stands = load(connection, ORGANISATION, [made.record])[made.record].record
        is_same = (told.record.fields, told.record.gone) == (stands.fields, stands.gone)
        return is_same and not list(look_at_stamps(connection, ORGANISATION))

    return server.do(look)


def test_a_copy_of_refused_work_taken_in_after_it_was_put_right_leaves_it_right(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    refused = ada.change("person", {"preferred_name": "Rosa", "telephone": LONG, "pronouns": "she"})
    mended = ada.change("person", {"preferred_name": "Rosa", "telephone": "0161 496 0111"}, record=refused.record)
    ada.round(mended)
    take_file(server, ada, refused)
    assert telephone(server, refused) == "0161 496 0111"
    ben.round()
    assert (ben.rows[refused.record]["telephone"], ben.rows[refused.record].get("pronouns")) == ("0161 496 0111", None)
    assert not [row for row in ben.rows.values() if "shown_by" in row]
    assert is_as_told(server, refused)


def test_what_came_too_late_stands_in_the_history(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa"})
    base = ada.round(made).verdicts[0].number
    late, later = ada.edit(made, {"telephone": LONG}, base), ada.edit(made, {"telephone": "0161 496 0111"}, base)
    ada.round(later)
    take_file(server, ada, late)
    *_, line = server.do(lambda c: history(c, ORGANISATION, made.record))
    assert (line.fields, line.overtaken, line.verdict) == ({"telephone": LONG}, {"telephone": LONG}, VerdictKind.MERGED)
    *_, step = server.do(lambda c: list(histories.steps(history(c, ORGANISATION, made.record))))
    assert step.fields["telephone"] == ("0161 496 0111", LONG, "0161 496 0111")


def test_a_colleague_who_wrote_upon_the_later_word_is_not_passed_over(server: RunningServer, ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    late = ada.edit(made, {"telephone": LONG}, base)
    ada.round(ada.edit(made, {"telephone": "0161 496 0111"}, base))
    ben.round()
    ben.round(ben.edit(made, {"telephone": "0161 496 0222"}, ben.cursor))
    take_file(server, ada, late)
    assert telephone(server, made) == "0161 496 0222"
    assert is_as_told(server, made)


def test_a_member_stays_where_her_laptop_moved_her_later(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor", areas=["stretford", "sale", "hale"])
    made = ada.change("person", {"preferred_name": "Rosa"})
    base = ada.round(made).verdicts[0].number
    late = ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=base, area="hale")
    ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=base, area="sale"))
    take_file(server, ada, late)
    assert server.do(lambda c: load(c, ORGANISATION, [made.record]))[made.record].area == "sale"


def test_within_one_push_too_the_laptops_count_says_which_is_the_later_word(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa"})
    base = ada.round(made).verdicts[0].number
    late, later = ada.edit(made, {"telephone": LONG}, base), ada.edit(made, {"telephone": "0161 496 0111"}, base)
    verdicts = ada.round(later, late).verdicts
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.ACCEPTED, VerdictKind.MERGED]
    assert telephone(server, made) == "0161 496 0111"


def test_what_is_offered_for_the_first_time_in_a_count_that_was_reached_before_is_the_latest_word(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    put_back_to = ada.counter
    for each in range(3):
        ada.round(ada.edit(made, {"telephone": f"old {each}"}, ada.cursor))
    ada.counter = put_back_to
    first, then = ada.edit(made, {"telephone": "0161 496 0111"}, base), ada.edit(made, {"telephone": "0161 496 0222"}, base)
    ada.round(first, then, first_from=first.counter)
    assert telephone(server, made) == "0161 496 0222"
    ada.round(ada.edit(made, {"telephone": "0161 496 0333"}, base), first_from=then.counter + 1)
    ben.round()
    assert ben.rows[made.record]["telephone"] == "0161 496 0333"
    assert is_as_told(server, made)


def test_what_was_offered_before_is_no_later_word_for_that(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    late, later = ada.edit(made, {"telephone": LONG}, base), ada.edit(made, {"telephone": "0161 496 0111"}, base)
    ada.round(later, first_from=later.counter)
    ada.round(late, ada.edit(made, {"pronouns": "she"}, base), first_from=later.counter + 1)
    assert telephone(server, made) == "0161 496 0111"


def test_of_one_push_the_count_says_which_word_is_the_later_whatever_waited(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    other = ada.change("person", {"preferred_name": "Mo"})
    waits = ada.change("person", {"telephone": LONG}, record=made.record, kind=ChangeKind.EDIT, base=base, after=other.id)
    later = ada.edit(made, {"telephone": "0161 496 0111"}, base)
    ada.round(waits, later, other, first_from=other.counter)
    assert telephone(server, made) == "0161 496 0111"


def test_a_push_in_its_turn_reads_no_history(server: RunningServer, ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    ben.round()
    ben.round(ben.edit(made, {"telephone": "0161 496 0222"}, ben.cursor))
    # a line that cannot be read would be found by whoever reads the history
    server.do(lambda c: c.execute(update(tables.ledger).where(tables.ledger.c.number == base).values(kind="?")))
    edits = [ada.edit(made, {"telephone": f"0161 496 011{each}"}, base) for each in range(3)]
    assert [each.kind for each in ada.round(*edits).verdicts] == [VerdictKind.MERGED] * 3
    assert telephone(server, made) == "0161 496 0112"


def test_a_count_that_a_failing_disk_altered_keeps_nothing_out(server: RunningServer, ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    ada.round(ada.edit(made, {"pronouns": "she"}, base))
    line = tables.ledger.c
    if server.do(lambda c: c.dialect.name) == "sqlite":
        server.do(lambda c: c.execute(update(tables.ledger).where(line.number > base).values(counter="many")))
    assert ada.round(ada.edit(made, {"telephone": "0161 496 0111"}, base)).verdicts[0].kind is not VerdictKind.REFUSED
    assert telephone(server, made) == "0161 496 0111"


@settings(max_examples=many(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(5)), st.data())
def test_in_whatever_order_they_arrive_the_latest_word_stands_and_the_history_tells_the_same(
    server: RunningServer, ada: Caller, ben: Caller, order: list[int], data: st.DataObject
) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    fields = st.dictionaries(st.sampled_from(["telephone", "pronouns"]), st.sampled_from("abc"), min_size=1)
    edits = [ada.edit(made, dict(data.draw(fields)), base) for _ in order]
    ben.round()
    for each in order:
        by_file = data.draw(st.booleans())
        if by_file:
            take_file(server, ada, edits[each])
        else:
            ada.round(edits[each])
    ben.round(ben.edit(made, {"communication": ["slowly"]}, base))
    wanted = {name: value for edit in edits for name, value in edit.fields.items()}
    stands = server.do(lambda c: load(c, ORGANISATION, [made.record]))[made.record].record.fields
    assert {name: stands[name] for name in wanted} == wanted
    assert is_as_told(server, made)


@settings(max_examples=many(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_two_laptops_say_in_whatever_order_the_history_tells_what_stands(
    server: RunningServer, ada: Caller, ben: Caller, data: st.DataObject
) -> None:
    made = ada.change("person", {"preferred_name": "Rosa", "telephone": None})
    base = ada.round(made).verdicts[0].number
    ben.round()
    fields = st.dictionaries(st.sampled_from(["telephone", "pronouns", "communication"]), st.just("a"), min_size=1)
    edits: list[tuple[Caller, Change]] = []
    for turn in range(6):
        caller = data.draw(st.sampled_from([ada, ben]))
        said: dict[str, JsonValue] = {name: [f"{turn}"] if name == "communication" else f"{turn}" for name in data.draw(fields)}
        edits.append((caller, caller.edit(made, said, base + data.draw(st.integers(0, turn)))))
    for caller, edit in data.draw(st.permutations(edits)):
        caller.round(edit)
    assert is_as_told(server, made)
