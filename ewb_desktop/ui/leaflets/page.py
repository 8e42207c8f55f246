"""Builds the page of leaflets, for a worker at a desk or for anybody at the lock screen."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.library import Library
from ewb_desktop.ui.leaflets.edge import Edge, Run
from ewb_desktop.ui.leaflets.paper import Paper
from ewb_desktop.ui.leaflets.presenter import LeafletsPresenter
from ewb_desktop.ui.leaflets.printed import PrintedPresenter
from ewb_desktop.ui.leaflets.stall_presenter import StallPresenter
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.page import Page


def build(desk: Desk | None, library: Library, clock: Clock, studio: Studio, run: Run, edge: Edge) -> Page:
    """Return the page. Without a desk it knows nobody, has no directory, and notes its prints for the next unlocking.

    The lock screen's window opens no destinations: call ``opened(ToLeaflets())`` on the page there.
    """
    view = LeafletsPage(clock.today, unlocked=desk is not None, own=desk is not None and desk.may(Duty.DIRECTORY))
    paper = Paper(desk, clock, studio, run, edge, view.tell, view.note)
    presenter = LeafletsPresenter(desk, library, clock, studio, run, edge, paper, view)
    stall = StallPresenter(desk, library, clock, studio, run, edge, paper, view.stall)
    view.presenter, view.sides = presenter, [stall]
    _join(view, presenter)
    _join_stall(view, stall)
    if desk is not None:
        printed = PrintedPresenter(desk, edge, presenter.press, view.printed)
        view.sides.append(printed)
        view.printed_opened.connect(printed.open)
        view.printed.period_chosen.connect(printed.choose)
        view.printed.save_asked.connect(printed.save)
    return view


def _join(view: LeafletsPage, presenter: LeafletsPresenter) -> None:
    view.person_asked.connect(presenter.open)
    view.topics_searched.connect(presenter.search_topics)
    view.topic_chosen.connect(presenter.choose_topic)
    view.nobody_asked.connect(presenter.drop_person)
    view.copies_chosen.connect(presenter.choose_copies)
    view.print_asked.connect(presenter.print_leaflet)
    view.save_asked.connect(presenter.save)
    view.view_asked.connect(presenter.view_leaflet)
    view.left.connect(presenter.keep)
    view.sending.email_asked.connect(presenter.save_for_email)
    view.sending.words_asked.connect(presenter.save_words)
    view.sending.copy_asked.connect(presenter.copy_words)
    view.looks.style_chosen.connect(presenter.choose_style)
    view.looks.language_chosen.connect(presenter.choose_language)
    view.looks.palette_chosen.connect(presenter.choose_palette)
    view.looks.sheet_chosen.connect(presenter.choose_sheet)
    view.looks.discreet_chosen.connect(presenter.choose_discreet)
    view.added.searched.connect(presenter.on_it.find_services)
    view.added.service_added.connect(presenter.on_it.add_service)
    view.added.service_taken_off.connect(presenter.on_it.take_off_service)
    view.added.all_taken_off.connect(presenter.on_it.take_off_services)
    view.added.service_opened.connect(presenter.on_it.open_service)
    view.added.service_changed.connect(presenter.on_it.change_service)
    view.added.service_moved_up.connect(presenter.on_it.move_service_up)
    view.added.step_changed.connect(presenter.on_it.change_step)
    view.added.directory_asked.connect(presenter.on_it.look_in_directory)


def _join_stall(view: LeafletsPage, stall: StallPresenter) -> None:
    view.stall_opened.connect(stall.open)
    view.print_all_asked.connect(stall.print_all)
    view.save_all_asked.connect(stall.save_all)
    view.stall.topics_chosen.connect(stall.choose_topics)
    view.stall.pile_changed.connect(lambda topic, what, value: stall.choose(topic, **{what: value}))
    view.stall.all_changed.connect(lambda what, value: stall.choose_all(**{what: value}))
    view.stall.look_changed.connect(lambda what, value: stall.choose_look(**{what: value}))
    view.stall.stop_asked.connect(stall.stop)
