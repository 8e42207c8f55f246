"""What follows from the card of changes that the server did not take: they are put right, sent again, let go of or saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.held import let_go, mend
from ewb_desktop.domain.answers import BadAnswer
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.words import full_day
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.storage.exchange.journal import behind, quarantined, unsent_entries
from ewb_desktop.storage.exchange.looks import write_look
from ewb_desktop.storage.exchange.remaking import retry
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_progress
from ewb_desktop.storage.exchange.withdrawing import may_let_go
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY, SealedFileThere, must_be_free
from ewb_desktop.storage.settling.brought_held import held_brought, offer_brought_again
from ewb_desktop.storage.settling.copied import note_copied
from ewb_desktop.storage.settling.held import HeldChange, held_changes, held_record
from ewb_desktop.ui.destinations import Destination, ToHistory, ToPerson, ToService
from ewb_desktop.ui.record_words import RecordWords, ids_in, short
from ewb_desktop.ui.running import RunAside
from ewb_desktop.ui.sync.held_rows import HeldRows
from ewb_desktop.ui.sync.mending import Mending, fields_of, question_of
from ewb_desktop.ui.sync.mending_drafts import drop_for, drop_settled, keep_for, kept_for
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.whole_file import write_whole
from sync import outbox
from sync.protocol.messages import LookKind

TRIED = "It is sent again now."
NOT_AGAIN = "The server did not take it this time either. Why stands beside it."
NOT_AGAIN_OF = "The server did not take {0} of them this time either. Why stands beside each."
SENT_AGAIN = "Saved. It is sent again now."
LET_GO = "Let go. What it said is in the history on this laptop."
TAKEN = "The server took a change that you had begun to put right, as it was. What you typed there is gone."
KEPT = "What you typed is kept until you open it again."
COPIED = "A sealed copy is saved. Your administrator can open it."
NOT_COPIED = "The copy could not be saved there. Nothing is lost. Choose another folder."


class HeldView(Protocol):
    """What the presenter needs of the card."""

    def show_held(self, rows: Sequence[Row]) -> None:
        """Show the changes that the server did not take."""

    def show_mending(self, mending: Mending | None, kept: Mapping[str, Any] | None = None) -> None:
        """Show one of them as it can be put right, with what was typed there before, or none."""

    def show_let_go(self, sentence: str, history: Destination) -> None:
        """Say what was let go of, with the way to where it can still be read."""

    def show_gone(self, gone: bool) -> None:
        """Say whether the change of the open form still waits."""

    def flush(self) -> None:
        """Tell at once what was typed last."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong with fields by their names; under an empty name, what is wrong with none of them."""

    def go_to(self, destination: Destination) -> None:
        """Ask the window for another page."""

    def say(self, sentence: str) -> None:
        """Say what was done."""


class HeldPresenter:
    """Reads the file for the card and acts on what is asked there. ``send`` begins a round."""

    def __init__(self, desk: Desk, view: HeldView, run_aside: RunAside, send: Callable[[], None]) -> None:
        self._desk = desk
        self._run_aside = run_aside
        self._view = view
        self._send = send
        self._open: HeldChange | None = None
        self._is_gone = False
        self._is_settling = False
        self._rows = HeldRows()
        self._tried: set[tuple[str, str]] = set()
        """What was sent once more, by kind and id, until the server takes it or does not take it again."""

    def refresh(self) -> None:
        """Show what waits as it is now; what is typed into the open form stays while its change waits."""
        with self._desk.store.read() as connection:
            held = held_changes(connection)
            under_way = [(entity, record) for entity, record in self._tried if unsent_entries(connection, entity, [record])]
            rows = [(change, self._row(change)) for change in held]
        self._view.show_held(self._rows.lay(rows, under_way))
        back = self._tried & {(change.entity, change.record) for change in held}
        if back:
            self._tried -= back
            self._view.say(NOT_AGAIN if len(back) == 1 else NOT_AGAIN_OF.format(len(back)))
        # while it is saved or let go of here, the change has gone because of that
        if self._open is not None and not self._is_settling:
            self._follow(self._open, held)
        if not self._is_settling and drop_settled(self._desk.store, self._open):
            self._view.say(TAKEN)

    def open(self, key: str) -> None:
        """Show a change of the worker's own as it can be put right; for a colleague's, the page of its record."""
        key = self._rows.id_of(key)
        mending = self._mending(key)
        with self._desk.store.read() as connection:
            change = next((each for each in held_changes(connection) if each.id == key), None)
        if mending is None or change is None:
            self.open_record(key)
            return
        self._open, self._is_gone = change, False
        self._view.show_mending(mending, kept_for(self._desk.store, change))

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what was typed into the open form as a draft."""
        if self._open is not None:
            keep_for(self._desk.store, self._open, typed)

    def start_again(self) -> None:
        """Forget what was typed, and show what the record says."""
        if self._open is not None:
            drop_for(self._desk.store, self._open)
            self.open(self._open.id)

    def close(self) -> None:
        """Put the open form away. What was typed is there when it is opened again; of a change that has gone it goes, too."""
        if self._open is not None and self._is_gone:
            drop_for(self._desk.store, self._open)
        elif self._open is not None and kept_for(self._desk.store, self._open):
            self._view.say(KEPT)
        self._put_away()

    def save(self, values: Mapping[str, Any]) -> None:
        """Write what was put right and send it in the place of the change that was not taken."""
        if self._open is None:
            return
        self._is_settling = True
        try:
            is_done = mend(self._desk, self._open.id, values)
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
            return
        except BadAnswer as fault:
            self._view.show_faults({"value": str(fault)})
            return
        except WorkerCanAct as trouble:
            self._view.show_faults({"": str(trouble)})
            return
        finally:
            self._is_settling = False
        if self._settled(SENT_AGAIN, is_done=is_done):
            self._send()

    def let_go(self) -> None:
        """Let go of the open change, with what hangs on it: the worker was asked and has answered."""
        if self._open is None:
            return
        self._is_settling = True
        try:
            is_done = let_go(self._desk, self._open.id) > 0
        except WorkerCanAct as trouble:
            self._view.show_faults({"": str(trouble)})
            return
        finally:
            self._is_settling = False
        gone = self._open
        if self._settled(LET_GO, is_done=is_done) and self._desk.may(Duty.CARE):
            self._view.show_let_go(LET_GO, ToHistory(gone.entity, gone.record, gone.person))

    def try_again(self, key: str) -> None:
        """Send one change again that was not taken; an empty key means all of them."""
        key = self._rows.id_of(key)
        with self._desk.store.write() as writing:
            held = held_changes(writing.connection)
            ids = [entry.id for entry in quarantined(writing.connection)]
            retry(writing, [id_ for id_ in ids if key in ("", id_)])
            brought = [each.change.id for each in held_brought(writing.connection)]
            offer_brought_again(writing, [id_ for id_ in brought if key in ("", id_)])
            again = {(each.entity, each.record) for each in held_changes(writing.connection)}
            # before the end of the transaction is announced: the rows are laid then
            self._tried |= {(change.entity, change.record) for change in held if key in ("", change.id)} - again
        self._view.say(TRIED)
        self._send()
        self.refresh()

    def open_record(self, key: str = "") -> None:
        """Go to the page where the record of a change stands; nowhere when it was taken meanwhile."""
        with self._desk.store.read() as connection:
            asked = key or (self._open.id if self._open is not None else "")
            held = next((change for change in held_changes(connection) if change.id == asked), None)
        destination = _page_of(held) if held is not None else None
        if destination is not None:
            self._view.go_to(destination)

    def save_copy(self, path: Path) -> None:
        """Save what was not taken, and what waits for it, to a file that only the administrator can open.

        A stick may be slow: the window goes on.
        """
        store = self._desk.store
        with store.read() as connection:
            enrolment, brought = read_enrolment(connection), held_brought(connection)
            held_own = quarantined(connection)
            entries = sorted([*held_own, *(behind(connection) if held_own else ())], key=lambda entry: entry.counter)
            epoch = read_progress(connection).epoch
        held = outbox.Outbox([entry.change() for entry in entries], (), [each.carried for each in brought], epoch=epoch)
        if enrolment is None or held.is_empty:
            return
        credential = enrolment.credential

        def work() -> None:
            must_be_free(path)
            write_whole(path, outbox.seal(held, credential))
            with store.write() as writing:
                note_copied(writing, [change.id for change in (*held.changes, *(each.change for each in brought))])
                for change in (*held.changes, *(each.change for each in brought)):
                    write_look(writing, LookKind.EXPORT, change.entity, change.record)

        self._run_aside(work, lambda _: self._view.say(COPIED), self._not_copied)

    def _not_copied(self, error: Exception) -> None:
        self._view.say(THERE_ALREADY if isinstance(error, SealedFileThere) else NOT_COPIED)

    def _settled(self, sentence: str, *, is_done: bool) -> bool:
        if is_done and self._open is not None:
            drop_for(self._desk.store, self._open)
            self._put_away()
        # what did not wait any more was not changed: the form says so, and keeps what was typed
        self.refresh()
        if is_done:
            self._view.say(sentence)
        return is_done

    def _put_away(self) -> None:
        self._open, self._is_gone = None, False
        self._view.show_mending(None)

    def _follow(self, opened: HeldChange, held: Sequence[HeldChange]) -> None:
        """Let the open form go on with the change in whose place another one waits; without one it goes, or says so."""
        same = [change for change in held if (change.entity, change.record) == (opened.entity, opened.record)]
        now = next((change for change in same if change.id == opened.id), next(iter(same), None))
        if now is None:
            self._view.flush()
            if not kept_for(self._desk.store, opened):
                self._put_away()
                return
        self._open = now or opened
        if self._is_gone != (now is None):
            self._is_gone = now is None
            self._view.show_gone(self._is_gone)

    def _mending(self, key: str) -> Mending | None:
        with self._desk.store.read() as connection:
            change = next((each for each in held_changes(connection) if each.id == key), None)
            held = held_record(connection, key)
            if held is None or change is None:
                return None
            entity = held.entry.entity
            words = RecordWords(self._desk.library, names_of(connection, ids_in(self._desk.library, entity, held.values.items())))
        return Mending(
            key,
            self._title(change),
            change.reason,
            fields_of(held, words, self._item(change.asked)),
            _page_of(change) is not None,
            question_of(held) if may_let_go(held.entry, self._desk.worker.id) else "",
        )

    def _item(self, asked: tuple[str, str] | None) -> Item | None:
        form = self._desk.library.questionnaires.get(asked[0]) if asked is not None else None
        return next((each for each in form.questions if asked and each.link_id == asked[1]), None) if form is not None else None

    def _title(self, change: HeldChange) -> str:
        """Return what the change is about: two needs of one member read differently, and so do their buttons."""
        kind = self._called(change)
        title = f"{kind}: {change.person_name}" if change.person_name else kind
        return f"{title}, from {change.brought_for}" if change.brought_for else title

    def _called(self, change: HeldChange) -> str:
        words = RecordWords(self._desk.library, {})
        if change.entity == "answer":
            item = self._item(change.asked)
            return f"{words.record(change.entity)} “{short(item.text)}”" if item is not None else words.record(change.entity)
        return words.called(change.entity, change.says)

    def _row(self, change: HeldChange) -> Row:
        words = RecordWords(self._desk.library, {})
        what = words.listed(change.entity, change.told)
        detail = f"{change.reason} (Made on {full_day(change.made_at.date())}: {what}.)" if what else change.reason
        opener = "Put it right" if not change.brought_for else "Open it" if _page_of(change) is not None else ""
        return Row(change.id, self._title(change), detail, action="Try again", opener=opener)


def _page_of(change: HeldChange) -> Destination | None:
    """Return the page where the record of ``change`` belongs, None when it has none."""
    if change.person:
        return ToPerson(change.person)
    return ToService(change.record) if change.entity == "service" else None
