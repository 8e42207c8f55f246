"""A laptop that says it had heard of numbers which were never given has heard of nothing since its epoch began."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from sync.protocol.messages import VerdictKind
from sync.server.admission.people import begin_epoch
from sync.server.database import tables
from tests.support.callers import Caller
from tests.support.servers import ORGANISATION, RunningServer

MADE_UP = (1_000, 1 << 53)


@pytest.mark.parametrize("base", MADE_UP)
def test_a_made_up_number_passes_over_nobodys_answer(ada: Caller, ben: Caller, base: int) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, ada.cursor))
    assert ben.round(ben.edit(made, {"safe_to_call": "mornings only"}, base)).verdicts[0].kind is VerdictKind.CONFLICT
    ada.round()
    assert ada.rows[made.record]["safe_to_call"] == "no"


def test_no_history_keeps_a_made_up_number_which_would_have_heard_of_what_comes_later(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    line = tables.ledger.c
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    ben.round(ben.edit(made, {"safe_to_call": "no"}, 1 << 53))
    (kept,) = server.do(lambda c: c.execute(select(line.base).where(line.record == made.record, line.device == ben.device)).all())
    assert kept.base == 0


def test_the_last_number_that_was_given_was_heard_of(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, ada.cursor))
    ben.round()
    assert ben.round(ben.edit(made, {"safe_to_call": "mornings only"}, ben.cursor)).verdicts[0].kind is VerdictKind.ACCEPTED


def test_what_a_laptop_heard_before_the_server_was_put_back_counts_as_heard(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, ada.cursor))
    server.at[0] += timedelta(hours=1)
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    assert ben.round(ben.edit(made, {"safe_to_call": "mornings only"}, 1 << 53)).verdicts[0].kind is VerdictKind.ACCEPTED
