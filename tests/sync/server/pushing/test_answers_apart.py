"""An answer is about the member whom its questionnaire is about: one that is not is named, whoever made it so."""

from __future__ import annotations

import pytest

from sync.protocol.change import Change
from sync.protocol.ids import answer_id
from sync.server.doctor.examining import examine
from tests.support.callers import Caller
from tests.support.servers import ORGANISATION, RunningServer


@pytest.fixture
def asked(ada: Caller) -> Change:
    """A questionnaire of a member."""
    member = ada.change("person", {"preferred_name": "Zuleika"})
    made = ada.change("assessment", {"person": member.record, "questionnaire": "phq9"})
    assert [each.reason for each in ada.round(member, made).verdicts] == [None, None]
    return made


def answer(ada: Caller, asked: Change, member: object) -> int:
    """Answer a question of it as one about ``member``; return the number of the answer."""
    fields = {"person": member, "assessment": asked.record, "question": "phq9-1", "value": 2}
    made = ada.change("answer", fields, record=answer_id(asked.record, "phq9-1"))  # type: ignore[arg-type]
    (verdict,) = ada.round(made).verdicts
    assert verdict.number is not None
    return verdict.number


def said(server: RunningServer) -> list[str]:
    found = examine(server.database, server.settings, server.at[0])
    return [each.words for each in found if not each.is_well and each.subject == f"{ORGANISATION}: answers"]


def test_an_answer_about_the_same_member_is_well(server: RunningServer, ada: Caller, asked: Change) -> None:
    answer(ada, asked, asked.fields["person"])
    assert said(server) == []


def test_an_answer_about_another_member_is_named_by_its_number(server: RunningServer, ada: Caller, asked: Change) -> None:
    other = ada.change("person", {"preferred_name": "Rosa"})
    ada.round(other)
    number = answer(ada, asked, other.record)
    (words,) = said(server)
    assert f"1 answers (at number {number}) are about another member" in words
