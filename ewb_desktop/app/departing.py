"""What the window does when members leave this laptop: nothing typed is lost, their pages close, and the worker is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.holding.departures import Departure, note_departure_read, read_departure
from ewb_desktop.storage.holding.in_hand import InHand, write_down_about
from ewb_desktop.storage.holding.leaving import held_members, still_to_leave
from ewb_desktop.storage.holding.scope import look_again
from ewb_desktop.ui.destinations import Destination, ToToday
from ewb_desktop.ui.held_words import DEPARTED, LET_GO, THREE_HOURS, WAITS, departure_words, held_words, left_words

if TYPE_CHECKING:
    from ewb_desktop.app.office import Office

ELSEWHERE = "elsewhere"
"""The area of a note about a member whose records have left: the server puts it where she is."""


class Departing(QObject):
    """Belongs to one office. What has to be read stays over the pages until it was, also after a lock."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._office = office
        self._told: tuple[Departure, int] | None = None
        """What stood over the pages last, and how many were still to leave."""
        self._known: Departure | None = None
        """How things stood when they were last looked at."""
        self._opened: set[str] = set()
        """Members who were here for a few hours, and then for words about them alone."""

    def begin(self) -> None:
        """A window was opened: show in it what was not read yet, and which words wait."""
        self._told = None
        held = self._held()
        if held:
            self._office.window.trouble.tell(WAITS, held_words(self._names(held)), has_to_be_read=True)
        self.tell()

    def tell(self) -> None:
        """Show what was not read yet of areas or a role that became smaller, if it was not shown already."""
        self._known = told = self._departure()
        if not self._held():
            self._office.window.trouble.withdraw(WAITS, THREE_HOURS, LET_GO)
        if told is None:
            # the role or the areas came back before it was read
            self._office.window.trouble.withdraw(DEPARTED)
            self._told = None
        leaving = self._still_to_leave() if told is not None and not told.is_read else 0
        if told is not None and not told.is_read and (told, leaving) != self._told:
            self._told = told, leaving
            waits = held_words(self._names(self._held()))
            sentence = departure_words(told, self._role_words(told), waits, leaving)
            self._office.window.trouble.tell(DEPARTED, sentence, has_to_be_read=True)

    def was_read(self, title: str) -> None:
        """The worker has read what stood over the pages."""
        if title == DEPARTED:
            with self._office.desk.store.write() as writing:
                note_departure_read(writing)

    def members_left(self, people: Sequence[str]) -> None:
        """Members left with a round, or because their words wait no longer.

        Who left with areas or a role stands in the notice over the pages; once that was read, it is said in the foot.
        """
        before, told = self._known, self._departure()
        opened = self._opened.intersection(people)
        self._opened -= opened
        departed = min(len(people) - len(opened), _more(before, told))
        moved = len(people) - len(opened) - departed
        self.close_pages_of(people)
        self.tell()
        if told is not None and not told.is_read:
            departed = 0
        if departed or moved or opened:
            self._office.window.foot.say(left_words(departed, moved, len(opened)))

    def page_has_left(self) -> bool:
        """Close the page that is open when it is about a member who has left, and say so; return whether it was."""
        person = getattr(self._office.window.here, "person", None)
        if not person:
            return False
        with self._office.desk.store.read() as connection:
            if person_record(connection, person) is not None:
                return False
        said = self.tr("So this could not be saved here any more.")
        if self.close_pages_of([person]):
            said = self.tr("So this could not be saved here. What you typed is kept, and is sent as a note to their own page.")
        self._office.window.trouble.tell(self.tr("This member has left this laptop"), said, has_to_be_read=True)
        return True

    def words_settled(self, people: Sequence[str]) -> None:
        """Members have left who were here for words alone."""
        self.close_pages_of(people)
        self.tell()
        self._office.window.foot.say(self.tr("Their page has left this laptop."))

    def time_is_over(self, people: Sequence[str]) -> None:
        """The hours of members who were opened are over."""
        self._opened_left(people, THREE_HOURS, self.tr("What you had opened has left this laptop."))

    def let_go(self, people: Sequence[str]) -> None:
        """The worker let members go before their time was over."""
        self._opened_left(
            people, LET_GO, self.tr("Their page has left this laptop. What you saved about them is kept, and sent.")
        )

    def _opened_left(self, people: Sequence[str], title: str, sentence: str) -> None:
        held = [one for one in self._held() if one.person in people]
        self.close_pages_of([person for person in people if person not in {one.person for one in held}])
        if held:
            rest = self.tr("What you had opened has left this laptop, but for what you need to finish your words.")
            words = f"{rest} {held_words(self._names(held))}"
            self._office.window.trouble.tell(title, words, has_to_be_read=True)
        else:
            self._office.window.foot.say(f"{title}. {sentence}" if title == THREE_HOURS else sentence)
        # what is unsent of them waits for nothing else
        self._office.heartbeat.ask()

    def close_pages_of(self, people: Collection[str]) -> int:
        """Leave a page about one of these members, and forget the way back to them.

        What was typed there in the last moment becomes notes; returns how many.
        """
        window = self._office.window
        self._office.typing_end.finish()
        written = self._rescue(people)
        if not self._held():
            window.trouble.withdraw(WAITS, THREE_HOURS, LET_GO)
        window.forget(lambda place: is_about(place, people), instead=ToToday())
        return written

    def _rescue(self, people: Collection[str]) -> int:
        """Words that were typed in the moment in which a member left become a note, which is sent."""
        store, written = self._office.desk.store, 0
        try:
            for person in people:
                with store.write() as writing:
                    here = write_down_about(writing, person, ELSEWHERE)
                    if here:
                        look_again(writing)
                written += here
        except StorageTrouble:
            # they stay in memory and in the file, and are found at the next turn
            return written
        if written:
            self._office.heartbeat.ask()
        return written

    def _departure(self) -> Departure | None:
        store = self._office.desk.store
        with store.read() as connection:
            return read_departure(connection, store.clock.now())

    def _still_to_leave(self) -> int:
        with self._office.desk.store.read() as connection:
            return still_to_leave(connection)

    def _role_words(self, told: Departure) -> str:
        return self._office.library.list("roles").words(told.role) if told.role else ""

    def _held(self) -> tuple[InHand, ...]:
        with self._office.desk.store.read() as connection:
            held = held_members(connection)
        self._opened.update(one.person for one in held if one.is_opened)
        return held

    def _names(self, held: Sequence[InHand]) -> list[str]:
        with self._office.desk.store.read() as connection:
            records = [person_record(connection, one.person) for one in held]
        return [record.name for record in records if record is not None]


def _more(before: Departure | None, now: Departure | None) -> int:
    """Return how many members have left with areas or a role since."""
    if now is None:
        return 0
    return max(0, now.members - (before.members if before is not None and before.at == now.at else 0))


def is_about(destination: Destination | None, people: Collection[str]) -> bool:
    """Say whether a page is about one of these members."""
    return getattr(destination, "person", None) in people
