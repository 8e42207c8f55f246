"""Afternoons on which members also move, are opened for three hours, and are handed on in words that two people write.

Choices may keep both answers, and be taken back. Now and then the server's database is put back and nobody says so, or a laptop's
folder is.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from ewb_desktop.actions.conflicts import Keep, keep, take_back
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import ConflictCard, open_conflicts
from ewb_desktop.storage.exchange.journal import has_unsent
from ewb_desktop.storage.tables import Handover, Person
from ewb_desktop.syncing.opening import Asked, open_person
from ewb_desktop.syncing.troubles import AskedToWait
from sync.server.admission.people import begin_epoch
from sync.server.backups.put_back import ONCE_IN
from sync.server.database import tables
from tests.support.afternoons import BOTH, WHO
from tests.support.connected import AREA, Connected
from tests.support.desks import library
from tests.support.hand_overs import HandOvers
from tests.support.server_copies import copy_pages
from tests.support.servers import ORGANISATION

WORDS = st.sampled_from(["wants to walk", "likes the garden", "asked for quiet", None])


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of a handover, in the order of the server."""

    number: int
    handover: str
    words: str | None
    device: str
    base: int


class WiderAfternoons(HandOvers):
    """Laptops that do all of that as well."""

    def __init__(self) -> None:
        super().__init__()
        self.handovers: list[str] = []
        self.choices: list[tuple[Connected, ConflictCard]] = []
        self.is_unsaid = False
        self.numbers = 0

    @rule(who=WHO, whom=WHO, before=st.integers(1, 4), after=st.integers(1, 2))
    def put_an_image_back(self, who: int, whom: int, before: int, after: int) -> None:
        """Put a laptop's folder back as it was before its last words were sent, as an image of its disk does.

        Its next words are the newest, though it counted further than they before.
        """
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        laptop.sync()
        if not self._holds(laptop, person):
            return
        laptop.store.close()
        with tempfile.TemporaryDirectory(dir=self.folder) as image:
            shutil.copytree(laptop.laptop.path.parent, image, dirs_exist_ok=True)
            self._reopen(laptop)
            self._write_telephones(laptop, person, before)
            laptop.store.close()
            shutil.rmtree(laptop.laptop.path.parent)
            shutil.copytree(image, laptop.laptop.path.parent)
        self._reopen(laptop)
        self._forget_what_is_nowhere()
        self._write_telephones(laptop, person, after)
        stands, by = self._telephone_at_server(person)
        assert by != laptop.store.device or stands == self._telephone() or self._waits(laptop)

    def _telephone(self) -> str:
        """Return the number that was made up last; no two are the same."""
        return f"0161 496 {self.numbers:04d}"

    def _write_telephones(self, laptop: Connected, person: str, times: int) -> None:
        """Write one number after another of somebody, and send each."""
        for _ in range(times):
            if self._holds(laptop, person):
                self.numbers += 1
                with laptop.store.write() as writing:
                    writing.edit(Person, person, telephone=self._telephone())
                self._note_saved(laptop)
                laptop.sync()

    def _waits(self, laptop: Connected) -> bool:
        with laptop.store.read() as connection:
            return has_unsent(connection)

    def _telephone_at_server(self, person: str) -> tuple[str | None, str | None]:
        """Return the number that stands at the server, and by which laptop."""
        one = tables.record.c
        query = select(one.fields, one.changed_by).where(one.organisation == ORGANISATION, one.id == person)
        fields, by = self.centre.server.do(lambda connection: connection.execute(query).one())
        return orjson.loads(fields).get("telephone"), orjson.loads(by).get("telephone")

    @rule(who=WHO, whom=WHO)
    def agree_a_handover(self, who: int, whom: int) -> None:
        """Write down that a member is handed on."""
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        if self._holds(laptop, person):
            with laptop.store.write() as writing:
                area = writing.connection.exec_driver_sql("SELECT area FROM person WHERE id = ?", (person,)).scalar_one()
                self.handovers.append(writing.add(Handover(area=area, person=person, summary="first words")))
            self._note_saved(laptop)

    @precondition(lambda self: self.handovers)
    @rule(who=WHO, which=WHO, words=WORDS)
    def write_of_it(self, who: int, which: int, words: str | None) -> None:
        """Write other words about a handover that the laptop holds."""
        laptop, handover = self._laptop(who), self.handovers[which % len(self.handovers)]
        if handover in _words_on(laptop):
            with laptop.store.write() as writing:
                writing.edit(Handover, handover, summary=words)
            self._note_saved(laptop)

    @precondition(lambda self: self.handovers)
    @rule(who=WHO, which=WHO, one=WORDS, other=WORDS)
    def write_both_of_it(self, who: int, which: int, one: str | None, other: str | None) -> None:
        """Let two laptops write about one handover, and everybody hear of both."""
        self.write_of_it(who, which, one)
        self.write_of_it(who + 1, which, other)
        for laptop in (*self.laptops, *self.laptops):
            laptop.sync()

    @rule(who=WHO, place=st.integers(0, 5), which=st.sampled_from(list(Keep)), other=st.integers(0, 2))
    def choose_in_any_way(self, who: int, place: int, which: Keep, other: int) -> None:
        """Choose between the answers to one of the questions that a laptop shows: one of them, or all together."""
        laptop = self._laptop(who)
        with laptop.store.read() as connection:
            # never by ids, which are others each time: what failed once fails again
            cards = sorted(open_conflicts(connection), key=lambda card: (card.person_name, card.field, repr(card.answers)))
        if cards:
            card = cards[place % len(cards)]
            keep(_desk(laptop), card.id, which, place=other % max(1, len(card.others)), seen=card)
            self.choices.append((laptop, card))
            self._note_saved(laptop)

    @precondition(lambda self: self.choices)
    @rule(which=WHO)
    def take_a_choice_back(self, which: int) -> None:
        """Press Undo after a choice, at once or much later."""
        laptop, card = self.choices[which % len(self.choices)]
        if laptop in self.laptops:
            take_back(_desk(laptop), card)
            self._note_saved(laptop)

    @rule(who=WHO, whom=WHO, where=st.sampled_from(BOTH))
    def move(self, who: int, whom: int, where: str) -> None:
        """Let somebody be in another area from now on."""
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        if self._holds(laptop, person):
            with laptop.store.write() as writing:
                writing.edit(Person, person, area=where)
            self._note_saved(laptop)

    @rule(who=WHO, whom=WHO)
    def open_for_three_hours(self, who: int, whom: int) -> None:
        """Ask for somebody, also outside the worker's areas, with a reason."""
        laptop, person = self._laptop(who), self.people[whom % len(self.people)]
        asked = Asked(reason="crisis", words="rang in distress", person=person)
        try:
            open_person(laptop.store, asked, laptop.open_wire)
        except AskedToWait:
            # so many an hour
            return

    @precondition(lambda self: self.server_copy is not None)
    @rule()
    def put_the_server_back_and_say_nothing(self) -> None:
        """Put the copy in the place of the server's database, as a snapshot of its machine would."""
        assert self.server_copy is not None
        copy_pages(self.server_copy, self.folder / "server.db")
        # laptops may show it once an hour
        self.centre.server.at[0] += ONCE_IN
        self.is_unsaid = True
        self._forget_what_is_nowhere()

    def _evening(self) -> None:
        if self.is_unsaid:
            # said in the end
            self.centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, self.centre.server.at[0]))
        super()._evening()
        shown = _words_on(self.laptops[0])
        assert all(_words_on(laptop) == shown for laptop in self.laptops)
        self._expect_no_words_passed_over(shown)

    def _expect_no_words_passed_over(self, shown: dict[str, str | None]) -> None:
        """Fail unless what was written stands, alone or with others, was asked about, or gave way to who could know of it."""
        said = self._written()
        with self.laptops[0].store.read() as connection:
            query = "SELECT record, shown, other FROM conflict WHERE field = 'summary' AND gone = 0"
            answers = {(record, _value(each)) for record, *both in connection.exec_driver_sql(query).all() for each in both}
        for one in said:
            stands = shown[one.handover]
            if stands == one.words or (stands and one.words and one.words in stands) or (one.handover, one.words) in answers:
                continue
            later = [each for each in said if each.handover == one.handover and each.number > one.number]
            assert any(each.base >= one.number or each.device == one.device for each in later), one

    def _written(self) -> Sequence[Written]:
        line = tables.ledger
        query = line.select().where(line.c.entity == "handover").order_by(line.c.number)
        rows = self.centre.server.do(lambda connection: connection.execute(query).all())
        said = [(row, orjson.loads(row.fields)) for row in rows]
        return [Written(row.number, row.record, told["summary"], row.device, row.base) for row, told in said if "summary" in told]


def _desk(laptop: Connected) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Somebody", "connector"), library(), AREA)


def _words_on(laptop: Connected) -> dict[str, str | None]:
    with laptop.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, summary FROM handover").all()
    return {row.id: row.summary for row in rows}


def _value(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
