"""Nothing takes the place of a record that is still to come: whoever can name its id makes no other record under it."""

from __future__ import annotations

from pydantic import JsonValue
from sqlalchemy import update

from sync.protocol.errors import Refusal
from sync.protocol.ids import answer_id, service_id
from sync.server.database import tables
from sync.server.doctor.examining import examine
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer

LISTED: dict[str, JsonValue] = {"source": "hsds", "source_id": "crisis-line", "name": "Crisis line"}


def test_a_tally_cannot_take_the_place_of_a_service(server: RunningServer, ada: Caller) -> None:
    vic, id_ = enrolled(server, "Vic Lane", "volunteer"), service_id("hsds", "crisis-line")
    planted = vic.change("visit", {"people": 1}, record=id_)
    assert vic.round(planted).verdicts[0].reason is Refusal.MALFORMED
    assert ada.round(ada.change("service", LISTED, record=id_, area="*")).verdicts[0].reason is None


def test_a_tally_cannot_take_the_place_of_an_answer(ada: Caller, ben: Caller) -> None:
    person = ada.change("person", {"preferred_name": "Maryam"})
    asked = ada.change("assessment", {"person": person.record, "questionnaire": "phq-9"})
    ada.round(person, asked)
    id_ = answer_id(asked.record, "phq9-9")
    planted = ben.change("visit", {"people": 1}, record=id_)
    assert ben.round(planted).verdicts[0].reason is Refusal.MALFORMED
    said: dict[str, JsonValue] = {"person": person.record, "assessment": asked.record, "question": "phq9-9", "value": 1}
    assert ada.round(ada.change("answer", said, record=id_)).verdicts[0].reason is None


def findings(server: RunningServer) -> list[str]:
    found = examine(server.database, server.settings, server.at[0])
    return [each.words for each in found if each.subject == f"{ORGANISATION}: ids"]


def test_the_doctor_names_a_record_that_was_put_there_before(server: RunningServer, ada: Caller) -> None:
    visit = ada.change("visit", {"people": 1})
    ada.round(visit, ada.change("service", LISTED, record=service_id("hsds", "crisis-line"), area="*"))
    assert findings(server) == []
    taken = {"id": answer_id(visit.record, "phq9-9")}
    server.do(lambda c: c.execute(update(tables.record).where(tables.record.c.id == visit.record).values(taken)))
    line = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(line.record == visit.record).values(record=taken["id"])))
    (words,) = findings(server)
    assert f"sent by laptop {ada.device}" in words
