"""One worker's office while it is open: desk, feed, window, idle lock and rounds with the server, built once after unlocking."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.print_notes import take_in_prints
from ewb_desktop.actions.visits import count_visit, take_back_visit
from ewb_desktop.app.choices import OfficeChoices
from ewb_desktop.app.daily_backup import DailyBackup
from ewb_desktop.app.departing import Departing
from ewb_desktop.app.doors import Doors, Unlocked
from ewb_desktop.app.file_choices import FileChoices
from ewb_desktop.app.finding import make_find
from ewb_desktop.app.last_words import LastWords
from ewb_desktop.app.leaving import Leaving
from ewb_desktop.app.left import destroy_part
from ewb_desktop.app.looking import look_noter
from ewb_desktop.app.opened_watch import OpenedWatch
from ewb_desktop.app.pages import make_pages
from ewb_desktop.app.rest import Rest
from ewb_desktop.app.signed_off import note_signed_off
from ewb_desktop.app.typing_end import TypingEnd
from ewb_desktop.domain.roles import NO_LIST, Duty
from ewb_desktop.library import open_library
from ewb_desktop.storage.areas import ALONE
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.cards.places import place_card, places
from ewb_desktop.storage.cards.workers import workers
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.holding.in_hand import write_down_all
from ewb_desktop.storage.holding.scope import look_again
from ewb_desktop.storage.holding.sealed_files import write_sealed
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import Joined
from ewb_desktop.syncing.report import NEVER_SENT, SyncStatus, foot_words
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import Destination, ToNewPerson, ToSettings, ToToday
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.idle import IdleLock
from ewb_desktop.ui.idle_bar import IdleBar
from ewb_desktop.ui.keyboard_place import keyboard_place, put_keyboard
from ewb_desktop.ui.leaflets.edge import TALLIES, TO_VIEW, forget_viewed
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.sync.mending_drafts import drop_settled
from ewb_desktop.ui.typed_words import say_with
from ewb_desktop.ui.window import MainWindow
from ewb_desktop.ui.window_place import put_instead, show_instead

if TYPE_CHECKING:
    from ewb_desktop.app.program import Program, Surroundings

log = logging.getLogger(__name__)

PROGRAM = "ewb-desktop 0.1.0"
"""How this program names itself to its server."""


class Office(QObject):
    """Everything that is there only while one worker is unlocked. :meth:`close` leaves nothing of it behind."""

    _signed_off = Signal()

    def __init__(self, program: Program, unlocked: Unlocked, doors: Doors, vaults: Vaults, around: Surroundings) -> None:
        super().__init__()
        self.program = program
        self.unlocked = unlocked
        self._destroyed = False
        self._visit = ""
        self.vault = vaults.vault(unlocked.vault)
        self.around = around
        self.files = FileChoices(around.dialogs, self)
        self._doors = doors
        self.library = open_library(around.resources)
        unlocked.store.say = say_with(self.library)
        self.studio = Studio(around.resources, lambda: own_shelf(unlocked.store))
        self.background = Background()
        self.feed = Feed()
        self.idle = IdleLock(around.clock, program.settings.idle_minutes)
        self.typing_end = TypingEnd(self)
        self.rest = Rest(self.idle, self)
        self.rest.came.connect(self._hands_rest)
        self.heartbeat = self._make_heartbeat()
        self.daily_backup = DailyBackup(self.vault, unlocked.key, around.clock, self.background, self)
        self.daily_backup.failed.connect(self._say_backup)
        self._signed_off.connect(program.lock)
        self.leaving = Leaving(self)
        self.last_words = LastWords(self)
        self.departing = Departing(self)
        self.opened_watch = OpenedWatch(unlocked.store, self.background, self, self.typing_end.finish)
        self.opened_watch.left.connect(self.departing.time_is_over)
        self.opened_watch.let_go_early.connect(self.departing.let_go)
        self.opened_watch.words_settled.connect(self.departing.words_settled)
        self.opened_watch.start()
        self.desk = self._make_desk()
        # no form is open yet that somebody could still read it in
        drop_settled(unlocked.store)
        with contextlib.suppress(OSError):
            # a file of tallies that cannot be read waits for the next unlocking
            take_in_prints(self.desk, around.paths.data / TALLIES)
        self.window = self._make_window()
        self.feed.changed.connect(self._hear)
        # what was written above stands in the pages already, and there was nothing yet to tell it to
        self._deaf: Callable[[], None] = unlocked.store.listen(self._announce)

    def _announce(self, changes: Changes, _initiator: object) -> None:
        """Tell the pages; what they print with is read again before they ask for it."""
        if changes.concerns("own_leaflet", "own_picture"):
            self.studio.renew()
        self.feed.announce(changes)

    def _make_heartbeat(self) -> Heartbeat:
        finish = self._finish_typing
        engine = Engine(self.unlocked.store, PROGRAM, self._sign_off, self.around.open_wire(), self.keep_outbox, finish)
        heartbeat = Heartbeat(self.unlocked.store, engine, self.background, parent=self, is_practice=self.around.practice)
        self.feed.changed.connect(heartbeat.hear)
        heartbeat.told.connect(self._show_status)
        heartbeat.ended.connect(self._look_whether_it_fits)
        return heartbeat

    def _sign_off(self, outbox: bytes | None) -> None:
        """The server signed this laptop off: keep the sealed unsent work, destroy the keys, and go. Runs beside the window."""
        name = self.keep_outbox(outbox).name if outbox is not None else ""
        note_signed_off(self.around.paths.data, name)
        self._destroyed = True
        self.vault.destroy_keys()
        self._go()

    def leave_laptop(self, sealed: Path | None) -> None:
        """The worker takes her part off this laptop: destroy the keys, and go. Raises ``OSError`` while everything is there."""
        destroy_part(self.around.paths.data, self.vault, sealed)
        self._destroyed = True
        self._go()

    def _go(self) -> None:
        # the file goes once it is closed: some systems delete no file that is open
        self._signed_off.emit()

    def keep_outbox(self, sealed: bytes) -> Path:
        """Write sealed work where it stays when this worker's file goes."""
        return write_sealed(self.around.paths.data, self.around.clock.now(), sealed)

    def _count_visit(self) -> None:
        """Count a visit from any page, and offer to take it back there."""
        self._visit = count_visit(self.desk)
        self.window.undo.offer(self.tr("One visit counted, without a name."))

    def _take_back_visit(self) -> None:
        visit, self._visit = self._visit, ""
        if visit:
            take_back_visit(self.desk, visit)

    def _hear(self, changes: Changes) -> None:
        """Something was saved: whatever was in the way is gone. A visit that became a member cannot be taken back by a key."""
        self.window.foot.claim_saved(True)
        if changes.concerns("person"):
            self._visit = ""
            self.window.undo.withdraw()

    def _show_status(self, status: SyncStatus) -> None:
        self.window.set_status(foot_words(status, self.around.clock.today()))

    def _say_backup(self, words: str) -> None:
        self.window.foot.say(words)

    def _make_desk(self) -> Desk:
        store = self.unlocked.store
        with store.read() as connection:
            progress = read_progress(connection)
            known = {worker.id: worker for worker in workers(connection)}
            venues = [place.id for place in places(connection)]
        mine = known.get(store.author)
        role = progress.role or (mine.role if mine is not None else "") or "volunteer"
        name = mine.name if mine is not None and mine.name else self.unlocked.worker_name
        return Desk(
            store=store,
            clock=self.around.clock,
            worker=Worker(store.author, name, role),
            library=self.library,
            area=progress.areas[0] if progress.areas else ALONE,
            place=_place(self.program.settings.place, venues),
        )

    def _place_words(self, desk: Desk) -> str:
        with desk.store.read() as connection:
            card = place_card(connection, desk.place)
        return card.name if card is not None else self.tr("No place chosen yet")

    def _make_window(self) -> MainWindow:
        desk = self.desk
        banner = self.tr("Practice mode: everyone here is made up") if self.around.practice else ""
        window = MainWindow(
            place=self._place_words(desk),
            worker=desk.worker.name,
            pages=make_pages(self),
            find=make_find(desk),
            banner=banner,
        )
        bar = IdleBar()
        central = window.centralWidget()
        layout = central.layout() if central is not None else None
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, bar)
        self.idle.warned.connect(bar.warn)
        self.idle.stayed.connect(bar.hide)
        bar.stayed.connect(self.idle.stay)
        self.idle.locked.connect(window.lock_at_once)
        window.may_go = self.last_words.may_go
        if desk.may(Duty.COUNT):
            window.act_everywhere(self.tr("Count a visit"), "F6", self._count_visit, "count_action")
        if desk.may(Duty.MEMBERS):
            window.act_everywhere(
                self.tr("Someone new is here"), "F7", lambda: window.show_page(ToNewPerson()), "new_person_action"
            )  # fmt: skip
        window.undo.undone.connect(self._take_back_visit)
        window.trouble.was_read.connect(self.departing.was_read)
        self.typing_end.watch(window)
        window.act_everywhere(self.tr("Undo"), "Ctrl+Z", window.undo_last, "undo_action")
        if self.around.practice:
            window.set_status(NEVER_SENT)
        else:
            window.went.connect(look_noter(desk.store, self.background, window))
        return window

    def join(self, joined: Joined) -> None:
        """The laptop joined a server: the vault bears the worker's name, and every page learns the scope."""
        self.vault.rename(worker=joined.worker, worker_name=joined.worker_name)
        # the page that joined is still at work: it goes when it is done
        QTimer.singleShot(0, self, self.build_again)

    def choices(self) -> OfficeChoices:
        """Return what the settings page may read and change."""
        return OfficeChoices(self)

    def run(self, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
        """Do work beside the window; its callbacks are dropped when the window is gone."""
        self.background.run(lambda _job: work(), done=done, failed=failed, owner=self.window, in_lane=False)

    def open(self) -> None:
        """Show the window at today."""
        self.window.show_page(ToToday())
        self.window.show()
        self._tell_of_broken_files()
        self._tell_of_recovery_key()
        self.departing.begin()
        self.idle.start()
        self.last_words.tell_of_lost()
        self.last_words.keep_room()
        if not self.around.practice:
            self.heartbeat.start()
            self.daily_backup.ask()

    def _tell_of_broken_files(self) -> None:
        """Say at the start what cannot be used today; help keeps saying it."""
        problems = self.library.problems
        if not self.library.roles:
            self.window.trouble.tell(self.tr("Members' records stay closed for now"), "\n".join([NO_LIST, *map(str, problems)]))
        elif problems:
            self.window.trouble.tell(
                self.tr("Some files of this program cannot be used. Everything else works."), "\n".join(map(str, problems))
            )

    def _tell_of_recovery_key(self) -> None:
        if not self.unlocked.has_recovery_key:
            self.window.trouble.tell(
                self.tr("You need a new recovery key"),
                self.tr(
                    "The laptop stopped while your key was being changed, so the recovery key on your paper no longer opens "
                    "your file. Nothing is lost, and your passphrase opens it. Make a new recovery key in Settings today."
                ),
            )
        elif not self.around.practice and not self.vault.has_kept_key():
            self.window.show_page(ToSettings("key"))
            self.window.trouble.tell(
                self.tr("You have not kept a recovery key yet"),
                self.tr(
                    "The laptop stopped while the key was shown. Without one nobody can open your file when the passphrase is "
                    "forgotten. Make one now: type your passphrase below and choose “Make a new recovery key”."
                ),
            )

    def change_place(self, said: str) -> None:
        """The place changed: build everything that knows it again, go on at the place in Settings, and say so there."""
        from ewb_desktop.ui.settings.page import SettingsPage

        history = self.window.history
        self.build_again(ToSettings("place"), history)
        page = self.window.page
        if isinstance(page, SettingsPage):
            page.show_done("place", said)

    def _look_whether_it_fits(self, outcome: object) -> None:
        """The server may have told another role, other areas or the only place there is: all that is built knows the old ones."""
        if isinstance(outcome, Outcome) and outcome.over:
            self.departing.time_is_over(outcome.over)
        if isinstance(outcome, Outcome) and outcome.left:
            self.departing.members_left(outcome.left)
        else:
            self.departing.tell()
        if not self.fits():
            # not under hands that type: the next letters would go elsewhere
            self.rest.ask()

    def fits(self) -> bool:
        """Say whether the window shows what belongs to the worker's role, areas and place as they are known now."""
        return self._make_desk() == self.desk and self._place_words(self.desk) == self.window.top.place.text()

    def _finish_typing(self) -> bool:
        """Keep what was typed; say whether records may leave now. Where hands do not rest, a round follows once they do."""
        self.typing_end.finish()
        rests = self.rest.nobody_types()
        if not rests:
            self.rest.ask()
        return rests

    def _hands_rest(self) -> None:
        if self.program.office is not self:
            return
        if self.fits():
            self.heartbeat.ask()
        else:
            self._fit_again()

    def _fit_again(self) -> None:
        role, areas = self.desk.worker.role, self.desk.area
        self.build_again(history=self.window.history)
        if (role, areas) != (self.desk.worker.role, self.desk.area):
            self.window.foot.say(self.tr("Your role or your area changed. This window shows what belongs to your work now."))

    def build_again(self, at: Destination | None = None, history: Sequence[Destination] = ()) -> None:
        """The place or the worker's scope changed: build everything that knows it again, ``at`` a page or the one that was open.

        ``history`` is the way back from there.
        """
        here = at or self.window.here
        old = self.window
        place = keyboard_place(old)
        self.rest.stop()
        desk = self._make_desk()
        old.leave()
        self.typing_end.finish()
        for timer in old.findChildren(QTimer):
            timer.stop()
        if not desk.may(Duty.CARE):
            # no page is left on which what was typed about members could be finished: it is sent as notes
            with desk.store.write() as writing:
                if write_down_all(writing):
                    look_again(writing)
        # pages hang on the feed and the heartbeat: those of the old window must hear of nothing any more
        self.heartbeat.stop()
        self.feed, silenced = Feed(), self.feed
        silenced.blockSignals(True)
        self.heartbeat = self._make_heartbeat()
        self.desk = desk
        self.window = self._make_window()
        self.window.lock_asked.connect(self.program.lock)
        self.window.closing.connect(self.program.end)
        put_instead(self.window, old)
        self.window.show_page(here if here is not None and self.window.has(here) and self._is_here(here) else ToToday())
        if at is None and self.window.page is not None:
            # nobody asked for it: whoever types goes on where she was, or does nothing by it
            put_keyboard(self.window.page, place)
        self.window.history = [each for each in history if self._is_here(each)]
        show_instead(self.window, old)
        self.departing.begin()
        if not self.around.practice:
            self.heartbeat.start()

    def _is_here(self, destination: Destination) -> bool:
        """Say whether a page is about nobody, or about a member who is on this laptop."""
        person = getattr(destination, "person", None)
        with self.desk.store.read() as connection:
            return not person or person_record(connection, person) is not None

    def go(self, destination: Destination) -> None:
        """Open a page."""
        self.window.show_page(destination)

    def close(self) -> None:
        """Keep drafts, stop what runs beside the window, close the file, overwrite the key, and let the window go."""
        self.idle.stop()
        self.rest.stop()
        self.opened_watch.stop()
        self.typing_end.finish()
        self.typing_end.stop()
        _close_over(self.window)
        self.heartbeat.stop()
        self.feed.blockSignals(True)
        try:
            self.window.leave()
        except StorageTrouble as trouble:
            # a full disk must not keep the screen open to whoever passes by
            log.warning("a draft could not be kept at the lock: %s", type(trouble).__name__)
        self.last_words.keep()
        # the window goes at the next turn of the event loop: until then no timer of a page may ask a closed file
        for timer in self.window.findChildren(QTimer):
            timer.stop()
        if not self.background.shutdown():
            log.warning("work beside the window did not stop in time")
        self._deaf()
        forget_viewed(self.around.paths.data / TO_VIEW)
        try:
            if not self._destroyed and not self.around.practice:
                self._doors.note_to_send(self.unlocked)
        finally:
            self.unlocked.shut()
        if self._destroyed:
            self._remove_vault()
        self.window.blockSignals(True)
        self.window.hide()
        self.window.deleteLater()

    def _remove_vault(self) -> None:
        try:
            self.vault.destroy()
        except OSError as error:
            log.warning("what is left of a signed-off file could not be deleted: %s; its keys are gone", type(error).__name__)


def _close_over(window: QWidget) -> None:
    """Close what stands over the window, such as a print dialog: it waits in a loop of its own, and may show whom it is about."""
    for over in QApplication.topLevelWidgets():
        # a window of its own kind stands beside this one and not over it
        if over is not window and over.isVisible() and over.windowType() != Qt.WindowType.Window:
            over.close()


def _place(chosen: str, venues: Sequence[str]) -> str | None:
    """Return today's place: the one that was chosen, or the only one there is."""
    if chosen in venues:
        return chosen
    return venues[0] if len(venues) == 1 else None
