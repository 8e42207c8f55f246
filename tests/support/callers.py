"""A laptop without a file: it says to the real server what a laptop says, and keeps nothing but its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import uuid_utils
from pydantic import JsonValue

from sync.packing import pack, unpack, unsqueeze
from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import EnrolReply, RoundReply, TroubleReply
from sync.protocol.version import PROTOCOL
from tests.support.servers import InProcessAdapter, RunningServer

AT = "2026-11-21T14:05:00.000Z"
AREA = "stretford"
_MOST = 64 << 20


def new_id() -> str:
    """Return a fresh id."""
    return str(uuid_utils.uuid7())


@dataclass(slots=True)
class Caller:
    """One enrolled laptop's voice."""

    session: requests.Session
    line: InProcessAdapter
    url: str
    worker: str
    device: str
    credential: str
    welcome: EnrolReply
    counter: int = 0
    cursor: int = 0
    area: str = AREA
    last_bytes: bytes = b""
    rows: dict[str, dict[str, JsonValue]] = field(default_factory=dict)
    """The rows that came with pages since the beginning, by record id."""

    def change(
        self,
        entity: str,
        fields: Mapping[str, JsonValue],
        *,
        record: str | None = None,
        kind: ChangeKind = ChangeKind.CREATE,
        base: int = 0,
        area: str | None = None,
        after: str | None = None,
    ) -> Change:
        """Return a change as this laptop would make it."""
        self.counter += 1
        return Change(
            id=new_id(), entity=entity, record=record or new_id(), kind=kind, area=area or self.area, fields=dict(fields),
            base=base, author=self.worker, device=self.device, counter=self.counter, at=AT, after=after,
        )  # fmt: skip

    def edit(self, of: Change, fields: Mapping[str, JsonValue], base: int) -> Change:
        """Return an edit of the record of another change."""
        return self.change(of.entity, fields, record=of.record, kind=ChangeKind.EDIT, base=base, area=of.area)

    def send(self, message: Mapping[str, Any] | bytes, path: str = "/v1/round") -> requests.Response:
        """Send anything at all, as this laptop."""
        body = message if isinstance(message, bytes) else pack(dict(message))
        answer = self.session.post(self.url + path, data=body, headers={"Authorization": f"Bearer {self.credential}"})
        self.last_bytes = unpack_bytes(answer.content)
        return answer

    def ask(self, changes: Iterable[Change] = (), **otherwise: Any) -> dict[str, Any]:
        """Return a round's request as JSON."""
        return {
            "protocol": PROTOCOL, "program": "0.1.0", "device_time": AT, "cursor": self.cursor,
            "changes": [change.model_dump(mode="json") for change in changes], **otherwise,
        }  # fmt: skip

    def round(self, *changes: Change, **otherwise: Any) -> RoundReply:
        """Do one round and move the cursor, as a laptop does; the answer must be 200."""
        answer = self.send(self.ask(changes, **otherwise))
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code}: {trouble(answer).words}")
        reply = RoundReply.model_validate(unpack(answer.content, _MOST))
        self.cursor = reply.page.next
        self.rows |= {str(row["id"]): row for rows in rows_of(reply).values() for row in rows}
        return reply

    def send_lost(self, *changes: Change) -> None:
        """Do one round whose answer never arrives."""
        self.line.loses_answer = True
        try:
            self.send(self.ask(changes))
        except requests.ConnectionError:
            return
        raise AssertionError("the answer arrived")


def rows_of(reply: RoundReply) -> dict[str, list[dict[str, JsonValue]]]:
    """Return a page's rows by entity, each with the names of its columns."""
    page = reply.page
    return {name: [dict(zip(page.columns[name], row, strict=True)) for row in rows] for name, rows in page.rows.items()}


def trouble(answer: requests.Response) -> TroubleReply:
    """Return the trouble that an answer other than 200 carries."""
    return TroubleReply.model_validate(unpack(answer.content, _MOST))


def unpack_bytes(content: bytes) -> bytes:
    """Return an answer's bytes as they are once uncompressed: what a nosy eye would find in them."""
    return unsqueeze(content, _MOST)


def enrol_request(code: str, device: str) -> dict[str, Any]:
    """Return what a laptop says to join."""
    return {"protocol": PROTOCOL, "code": code, "device": device, "device_name": "Blue laptop"}


def enrolled(server: RunningServer, name: str, role: str = "connector", areas: Iterable[str] = (AREA,)) -> Caller:
    """Invite a worker and enrol a laptop of hers."""
    invitation = server.invite(name, role, list(areas))
    device, session, line = new_id(), requests.Session(), server.adapter()
    # nothing of the environment is for it, and looking took a fortieth of the time
    session.trust_env = False
    session.mount(server.url, line)
    answer = session.post(f"{server.url}/v1/enrol", data=pack(enrol_request(invitation.code, device)))
    if answer.status_code != 200:
        raise AssertionError(trouble(answer).words)
    welcome = EnrolReply.model_validate(unpack(answer.content, _MOST))
    return Caller(session, line, server.url, invitation.worker, device, welcome.credential, welcome)
