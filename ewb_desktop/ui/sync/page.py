"""Builds the page of sending and receiving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.holding.sealed_files import KeepSealed
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.enrol import Joined
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.authority_field import ChooseFile
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.sync.asides import AsidesPresenter
from ewb_desktop.ui.sync.handing import HandingPresenter
from ewb_desktop.ui.sync.handing_card import HandingCard
from ewb_desktop.ui.sync.held import HeldPresenter
from ewb_desktop.ui.sync.presenter import SyncPresenter
from ewb_desktop.ui.sync.sealed import SealedPresenter
from ewb_desktop.ui.sync.sealed_card import ChoosePlace
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.sync.words import WordsPresenter


def build(
    desk: Desk,
    feed: Feed,
    heartbeat: Heartbeat,
    background: Background,
    joined: Callable[[Joined], None],
    choose_file: ChooseFile | None = None,
    open_wire: OpenWire = Wire,
    handing: HandingCard | None = None,
    choose_authority: ChooseFile | None = None,
    keep: KeepSealed | None = None,
    let_words_go: Callable[[str], object] = lambda _person: None,
    sealed_in: Path | None = None,
    choose_place: ChoosePlace | None = None,
) -> Page:
    """Return the page for the worker at ``desk``; ``joined`` hears whose laptop it is once a code was taken.

    ``keep`` writes sealed work where it stays when the worker's file goes, in the folder ``sealed_in``; ``choose_place`` asks
    where to take it from there. ``let_words_go`` forgets what was typed about a member who is here for that alone.
    """
    view = SyncPage(choose_file, handing, choose_authority=choose_authority, choose_place=choose_place)

    run_aside = background.aside_for(view)
    presenter = SyncPresenter(desk, view, heartbeat, run_aside, joined, open_wire)
    view.presenter = presenter
    view.send_asked.connect(presenter.send_now)
    view.joined_asked.connect(presenter.join)
    view.check_asked.connect(presenter.check)
    # whatever is written, the heartbeat hears of it too, and tells how things stand
    heartbeat.told.connect(presenter.show_status)
    held = HeldPresenter(desk, view.held, run_aside, heartbeat.ask)
    view.held.again_asked.connect(held.try_again)
    view.held.open_asked.connect(held.open)
    view.held.page_asked.connect(held.open_record)
    view.held.saved.connect(held.save)
    view.held.let_go_asked.connect(held.let_go)
    view.held.closed.connect(held.close)
    view.held.typed.connect(held.keep)
    view.held.started_again.connect(held.start_again)
    view.held.copy_asked.connect(held.save_copy)
    view.opens.connect(view.held.gone.hide)
    asides = AsidesPresenter(desk, view.asides, run_aside, heartbeat.ask)
    view.asides.read.connect(asides.has_read)
    view.asides.again_asked.connect(asides.try_again)
    view.asides.let_go_asked.connect(asides.let_go)
    words = WordsPresenter(desk, view.words, view.go.emit, let_words_go)
    view.words.opened.connect(words.open)
    view.words.let_go.connect(words.let_go)
    sealed = SealedPresenter(desk, view.sealed, sealed_in, run_aside, heartbeat.ask)
    view.sealed.moved.connect(sealed.move)
    files = HandingPresenter(desk, view.handing, heartbeat.ask, run_aside, keep)
    view.handing.hand_over_asked.connect(files.hand_over)
    view.handing.look_asked.connect(files.look)
    view.handing.take_asked.connect(files.take)
    view.handing.leave_asked.connect(files.leave)
    parts = (held, asides, words, sealed, files)

    def read_again() -> None:
        for part in parts:
            part.refresh()

    view.opens.connect(read_again)
    view.heard.connect(lambda _news: read_again())
    feed.changed.connect(view.hear)
    # a round that was answered with a refusal writes nothing that a page hears of
    heartbeat.ended.connect(view.hear)
    return view
