"""What the administrator changes holds from the next round."""

from __future__ import annotations

import pytest

from sync.protocol.errors import Trouble
from sync.protocol.messages import VerdictKind
from sync.server.admission.people import NotPossible, begin_epoch
from tests.support.callers import enrolled, new_id, rows_of, trouble
from tests.support.servers import ORGANISATION, RunningServer


def test_a_worker_who_becomes_a_volunteer_receives_members_no_more(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    server.change_worker(ben.worker, role="volunteer")
    ada.round(ada.change("person", {"preferred_name": "Zuleika"}))
    reply = ben.round()
    assert reply.scope.classes == ("open",)
    assert b"Zuleika" not in ben.last_bytes
    ada.round()
    assert ada.rows[ben.worker]["role"] == "volunteer"


def test_a_worker_with_another_area_receives_that_area_when_she_asks_from_the_beginning(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician", ["sale"])
    ada.round(ada.change("person", {"preferred_name": "Maryam"}))
    assert "person" not in rows_of(ben.round())
    server.change_worker(ben.worker, areas=["sale", "stretford"])
    assert ben.round().scope.areas == ("sale", "stretford")
    assert "person" in rows_of(ben.round(cursor=0))


def test_a_worker_who_left_is_signed_off_on_every_laptop(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    server.change_worker(ada.worker, is_active=False)
    assert trouble(ada.send(ada.ask())).trouble is Trouble.REVOKED


def test_a_role_that_is_none_cannot_be_given(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    with pytest.raises(NotPossible, match="use one of volunteer"):
        server.change_worker(ada.worker, role="king")
    with pytest.raises(NotPossible, match="no worker"):
        server.change_worker(new_id())


def test_after_a_restore_edits_that_built_on_lost_ones_ask_a_person(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    made = ada.change("goal", {"words": "sleep"})
    kept = ada.round(made).verdicts[0].number
    ben.round()
    old = ada.welcome.epoch
    server.do(lambda c: begin_epoch(c, ORGANISATION, server.at[0]))
    # both edits were pushed and lost; ben's was made on top of ada's, whose number then was one higher
    new = ada.round(epoch=old).epoch
    reply = ada.round(ada.edit(made, {"words": "sleep well"}, kept), epoch=old, offers_for=new)
    assert reply.verdicts[0].number == kept + 1
    verdict = ben.round(ben.edit(made, {"words": "sleep more"}, kept + 1), epoch=old, offers_for=new).verdicts[0]
    assert verdict.kind is VerdictKind.CONFLICT
    assert ben.rows[made.record]["words"] == "sleep well"
