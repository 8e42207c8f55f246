"""What the page shows of files from laptop to laptop: for whom, from whom, and what a file would change, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import parse_instant
from ewb_desktop.domain.words import count_words, full_day, list_words
from ewb_desktop.storage.cards.conflicts import value_of
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.exchange.brought import BroughtStep, count_brought, held_reasons
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.laptops import colleagues_laptops, laptop_card
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_progress
from ewb_desktop.storage.holding.sealed_files import KeepSealed
from ewb_desktop.syncing.handing import Delivery, HandOverFailed, Parcel, look_into, pack, take_in
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.record_words import RecordWords, says_nothing
from ewb_desktop.ui.running import RunAside
from ewb_desktop.ui.widgets.row import Row, Tint
from ewb_desktop.whole_file import write_whole
from sync.protocol.change import ChangeKind
from sync.protocol.errors import REFUSAL_WORDS, Refusal

MOST_ROWS = 40
LARGEST_FILE = 64 << 20
NOT_READ = "That file could not be read. Nothing was changed. Check the stick and try again."
NOT_KEPT = "There was no room to keep it on this laptop. Nothing was changed. Make some room and try again."
HELD = (
    "That laptop was signed off, so nothing of it is put into your records. "
    "It can be kept here for your administrator, who decides."
)
SEALED = "It goes into a sealed file for your administrator: see the top of this page."
NOT_SAVED = "The file could not be saved there. Nothing is lost. Choose another folder."


class HandingView(Protocol):
    """What the presenter needs of its part of the page."""

    def show_laptops(self, laptops: Sequence[tuple[str, str]], notes: Sequence[str], *, is_shown: bool, has_asked: bool) -> None:
        """Offer colleagues' laptops, each an id and words, and say what is carried for whom."""

    def show_delivery(self, title: str, line: str, rows: Sequence[Row], *, can_take: bool, is_held: bool = False) -> None:
        """Show what a file would change, or that it ``is_held`` for the administrator; an empty title hides it."""

    def show_trouble(self, sentence: str) -> None:
        """Say why a file was not made or not taken in; empty when nothing is wrong."""

    def show_done(self, title: str, sentence: str, left_out: str = "", *, aloud: bool = True) -> None:
        """Show what was done until something else is, and on a line of its own what stayed out; an empty title hides it."""

    def say(self, sentence: str) -> None:
        """Say what was done; nothing takes away what was said."""


class HandingPresenter:
    """Makes files for colleagues' laptops and takes theirs in, always showing first what would change."""

    def __init__(
        self,
        desk: Desk,
        view: HandingView,
        ask_round: Callable[[], None],
        run_aside: RunAside,
        keep: KeepSealed | None = None,
    ) -> None:
        self._desk = desk
        self._view = view
        self._ask_round = ask_round
        self._run_aside = run_aside
        self._keep = keep
        self._file: bytes | None = None
        self._has_failed = False
        self._made: tuple[str, str] | None = None
        """What the last file holds of this worker's changes, and what stayed out, while the server has not all of it."""
        self._is_all_sent = False
        """Whether no file was made because the server had everything."""

    def refresh(self) -> None:
        """Show the laptops that a file can be made for, and what is carried."""
        store = self._desk.store
        with store.read() as connection:
            laptops = colleagues_laptops(connection, store.device)
            is_enrolled = read_enrolment(connection) is not None
            has_asked = read_progress(connection).last_exchange is not None
            names, waiting, held = worker_names(connection), count_brought(connection), held_reasons(connection)
            waits = counts(connection).to_send
        offered = [(card.id, f"{card.worker_name} ({card.name})" if card.name else card.worker_name) for card in laptops]
        self._view.show_laptops(offered, _carried_words(names, waiting, held), is_shown=is_enrolled, has_asked=has_asked)
        self._tell_what_is_true(waits)

    def _tell_what_is_true(self, waits: int) -> None:
        """What was said of the last file stays as long as it is so: the server may have its changes, or new ones may wait."""
        if self._made is not None and not waits:
            what, left = self._made
            self._made = None
            self._view.show_done("The file is made", f"{what} The server has all of it by now.", left, aloud=False)
        if self._is_all_sent and waits:
            self._is_all_sent = False
            self._view.show_trouble("")

    def hand_over(self, laptop: str, path: Path, with_records: bool) -> None:
        """Seal this worker's unsent changes, and records if asked, for a colleague's laptop and save them to a file."""
        self._begin()
        store = self._desk.store

        def work() -> Parcel:
            made = pack(store, laptop, with_records=with_records)
            if not made.is_empty:
                write_whole(path, made.file)
            return made

        self._run_aside(work, lambda made: self._has_packed(made, laptop, path.name), self._failed(NOT_SAVED))

    def _begin(self) -> None:
        """What was said of the file before this one goes, at the foot too."""
        if self._has_failed:
            self._view.say("")
        self._has_failed = self._is_all_sent = False
        self._made = None
        self._view.show_trouble("")
        self._view.show_done("", "")

    def look(self, path: Path) -> None:
        """Read a file and show what it would change; nothing is changed yet."""
        self._begin()
        store = self._desk.store

        def work() -> tuple[bytes, Delivery]:
            if path.stat().st_size > LARGEST_FILE:
                raise HandOverFailed("That file is too large to be one from another laptop. Nothing was changed.")
            file = path.read_bytes()
            return file, look_into(store, file)

        self._run_aside(work, self._has_looked, self._failed(NOT_READ))

    def take(self) -> None:
        """Take in the file that was shown."""
        file, store, keep = self._file, self._desk.store, self._keep
        if file is not None:
            self._run_aside(lambda: take_in(store, file, keep), self._has_taken, self._failed(NOT_KEPT))

    def leave(self) -> None:
        """Put the file away without taking it in."""
        self._file = None
        self._view.show_delivery("", "", [], can_take=False)
        self._view.say("Nothing was taken in.")

    def _has_packed(self, made: Parcel, laptop: str, file: str) -> None:
        left = (
            f"{count_words(made.left_out, 'change is', 'changes are')} about what your colleague may not see, and stayed out."
            if made.left_out
            else ""
        )
        if made.is_empty:
            with self._desk.store.read() as connection:
                waits = counts(connection).to_send
            self._is_all_sent = not waits
            self._view.show_trouble(
                f"No file was made. {left}".strip() if waits else "No file was made: everything is sent already."
            )
            return
        what = list_words(
            [count_words(number, word) for number, word in ((made.changes, "change"), (made.records, "record")) if number]
        )
        with self._desk.store.read() as connection:
            card = laptop_card(connection, laptop)
        whom = f" for {card.worker_name}" if card is not None else ""
        wait = " The changes wait here too until the server has them." if made.changes else ""
        wait = " The change waits here too until the server has it." if made.changes == 1 else wait
        told = f"{what} sealed{whom} in the file {file}."
        self._made = (told, left) if made.changes else None
        self._view.show_done("The file is made", f"{told}{wait}", left)

    def _has_looked(self, came: tuple[bytes, Delivery]) -> None:
        self._file, delivery = came
        rows = [] if delivery.is_held else delivery_rows(self._desk, delivery)
        told = delivery_words(delivery, self._desk.clock.today())
        if len(rows) > MOST_ROWS:
            told += f" The first {MOST_ROWS} are shown."
        has_more = bool(delivery.new or sum(delivery.records.values()) or (delivery.is_held and delivery.left_out))
        title = f"From {delivery.sender.worker_name}"
        self._view.show_delivery(title, told, rows[:MOST_ROWS], can_take=has_more, is_held=delivery.is_held)

    def _has_taken(self, delivery: Delivery) -> None:
        self._file = None
        self._view.show_delivery("", "", [], can_take=False)
        self._view.say(taken_words(delivery))
        self.refresh()
        self._ask_round()

    def _failed(self, otherwise: str) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            if not isinstance(error, HandOverFailed | OSError):
                raise error
            self._has_failed = True
            self._view.show_trouble(str(error) if isinstance(error, HandOverFailed) else otherwise)

        return failed


def delivery_words(delivery: Delivery, today: date) -> str:
    """Return what a file brings, in sentences, before it is taken in."""
    changes, left = len(delivery.new), delivery.left_out
    brings = [count_words(changes, "change")] if changes else []
    records = sum(delivery.records.values())
    brings += [count_words(records, "newer record", "newer records") + " from the server"] if records else []
    told = [f"Made {when_words(parse_instant(delivery.made_at), today)}."]
    told.append(f"It brings {list_words(brings)}." if brings else "Nothing in it is new here." if not left else "")
    if delivery.is_held and (changes or left):
        told.append(HELD)
    if left and delivery.is_held:
        told.append(f"{count_words(left, 'change')} in it cannot be on this laptop. {SEALED}")
    elif left:
        told.append(f"{count_words(left, 'change')} in it cannot be on this laptop and will not be taken in.")
    return " ".join(filter(None, told))


def taken_words(delivery: Delivery) -> str:
    """Return what was done with a file that was taken in."""
    changes, who = count_words(len(delivery.new), "change"), delivery.sender.worker_name
    if delivery.is_held:
        kept = f"{changes} from {who} kept for your administrator. Nothing on your screens has changed." if delivery.new else ""
        return f"{kept} {SEALED if delivery.left_out else ''}".strip()
    if delivery.new:
        them = "it" if len(delivery.new) == 1 else "them"
        return f"{changes} from {who} taken in. This laptop brings {them} to the server when there is a connection."
    return f"Records from {who} taken in."


def delivery_rows(desk: Desk, delivery: Delivery) -> list[Row]:
    """Return what each change of a file would do here, in words: names for ids, and values as people read them."""
    steps = delivery.new
    new_names = {step.change.record: _new_name(step.change.entity, step.after) for step in steps if step.is_new}
    words = RecordWords(desk.library, {**delivery.names, **{record: name for record, name in new_names.items() if name}})
    return [_row(step, words, delivery.members.get(step.change.id, "")) for step in steps]


def _new_name(entity: str, says: Mapping[str, Any]) -> str:
    """Return the name for what comes with the file itself; the rest :func:`~ewb_desktop.storage.cards.names.names_of` has."""
    if entity == "person":
        return display_name(*(str(says.get(name) or "") for name in ("given_name", "family_name", "preferred_name")))
    if entity == "visit":
        day = value_of(entity, "day", says.get("day"))
        return full_day(day) if day else ""
    return str(says.get("name") or "") if entity in ("place", "service") else ""


def _row(step: BroughtStep, words: RecordWords, person: str) -> Row:
    entity, said = step.change.entity, []
    for name, value in step.after.items():
        if name == "gone":
            said.append("It would be taken off the screens.")
        elif words.is_shown(entity, name) and value != person:
            now = words.value(entity, name, value_of(entity, name, value))
            stands = step.before.get(name)
            before = words.value(entity, name, value_of(entity, name, stands))
            field = words.field(entity, name)
            is_filled = not says_nothing(stands)
            said.append(f"{field}: from “{before}” to “{now}”" if is_filled else f"{field}: {now}")
    for name in _told(step):
        if words.is_shown(entity, name):
            other = words.value(entity, name, value_of(entity, name, step.change.fields[name]))
            said.append(
                f"{words.field(entity, name)}: “{other}” was written there. What stands here stays until the server has both."
            )
    if not said:
        said.append("Nothing changes on your screens. It is carried to the server.")
    kind, name = words.record(entity), words.names.get(person, "")
    removed = step.change.kind in (ChangeKind.TOMBSTONE, ChangeKind.ERASE)
    tag = "new" if step.is_new else "removed" if removed else "changed"
    about = f"{kind}: {name}" if name else kind
    return Row(step.change.id, name if name and entity == "person" else about, "\n".join(said), tag=tag, tint=Tint.GREY)


def _told(step: BroughtStep) -> list[str]:
    return [name for name in step.left if name in step.change.fields]


def _carried_words(
    names: Mapping[str, str], waiting: Mapping[str, tuple[int, int]], held: Sequence[tuple[str, Refusal, int]]
) -> list[str]:
    told = [
        f"{count_words(waits, 'change')} from {names.get(author) or 'a colleague'} "
        f"{'waits' if waits == 1 else 'wait'} here to be brought to the server."
        for author, (waits, _held) in waiting.items()
        if waits
    ]
    for author, reason, number in held:
        told.append(f"{count_words(number, 'change')} from {names.get(author) or 'a colleague'}: {REFUSAL_WORDS[reason]}")
    return told
