"""A server with a directory, members and small blocks, and laptops whose line breaks in the middle of their first pull."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Contact, FollowUp, Person, Service, table
from sync.server.laptops import snapshot_rows, snapshots
from tests.support.connected import AREA, Connected, House, TappedLine, house

PEOPLE = 30
SECRET = "wants to cook with other people again"


@contextmanager
def small_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Run a server that makes small blocks of few rows, with a directory, members, and one whose follow-up is due."""
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 20)
    monkeypatch.setattr(snapshot_rows, "BLOCK_BYTES", 2_000)
    with house(tmp_path) as open_house:
        fill(open_house.join("Rowan Oak"))
        yield open_house


def fill(writer: Connected) -> None:
    with writer.store.write() as writing:
        for number in range(PEOPLE):
            person = writing.add(Person(area=AREA, preferred_name=f"Person {number:02d}", communication=["large print"]))
            writing.add(Contact(area=AREA, person=person, how="phone", note=f"{SECRET} {number}"))
            due = writing.clock.today() if number == PEOPLE - 1 else None
            writing.add(FollowUp(area=AREA, person=person, about="signpost", kind="four_weeks", due_on=due, note="ring"))
        for number in range(3):
            writing.add(Service(area="*", name=f"Choir {number}", languages=["en"]))
    writer.sync()


def names(store: Store) -> list[str]:
    person = table(Person).c
    with store.read() as connection:
        return sorted(connection.execute(select(person.preferred_name).where(person.gone == 0)).scalars())


def everybody() -> list[str]:
    return sorted(f"Person {number:02d}" for number in range(PEOPLE))


class CutLine(TappedLine):
    """Breaks after so many bytes of a snapshot; keeps from which byte each was asked for, and how many came."""

    def __init__(self, inner: TappedLine) -> None:
        super().__init__(inner)
        self.breaks_after: int | None = None
        self.damages: list[int] = []
        self.asked: list[str] = []
        self.came = 0

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> requests.Response:
        response = super().send(request, *arguments, **named)
        if "/v1/snapshot/" not in (request.url or "") or not response.ok:
            return response
        self.asked.append(request.headers.get("Range", ""))
        body = bytearray(response.content)
        if self.damages:
            body[self.damages.pop()] ^= 0xFF
        pieces = self._pieces(bytes(body))
        response.raw.read1 = lambda _most: next(pieces, b"")  # type: ignore[method-assign]
        return response

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        for start in range(0, len(body), 100):
            if self.breaks_after is not None and self.came >= self.breaks_after:
                self.breaks_after = None
                raise requests.ConnectionError("the line broke")
            self.came += len(body[start : start + 100])
            yield body[start : start + 100]


def fresh(centre: House, name: str = "Grace Lamb", role: str = "connector") -> tuple[Connected, CutLine]:
    joined = centre.join(name, role)
    line = CutLine(joined.line)
    joined.line = line
    return joined, line
