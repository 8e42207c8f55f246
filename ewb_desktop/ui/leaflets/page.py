"""Builds the page of leaflets, for a worker at a desk or for anybody at the lock screen."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.time import Clock
from ewb_desktop.library import Library
from ewb_desktop.ui.leaflets.edge import Edge, Run
from ewb_desktop.ui.leaflets.presenter import LeafletsPresenter
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.page import Page


def build(desk: Desk | None, library: Library, clock: Clock, studio: Studio, run: Run, edge: Edge) -> Page:
    """Return the page. Without a desk it knows nobody, has no directory, and notes its prints for the next unlocking.

    The lock screen's window opens no destinations: call ``opened(ToLeaflets())`` on the page there.
    """
    view = LeafletsPage(clock.today, unlocked=desk is not None)
    presenter = LeafletsPresenter(desk, library, clock, studio, run, edge, view)
    view.presenter = presenter
    view.person_asked.connect(presenter.open)
    view.topics_searched.connect(presenter.search_topics)
    view.topic_chosen.connect(presenter.choose_topic)
    view.nobody_asked.connect(presenter.drop_person)
    view.copies_chosen.connect(presenter.choose_copies)
    view.print_asked.connect(presenter.print_leaflet)
    view.save_asked.connect(presenter.save)
    view.view_asked.connect(presenter.view_leaflet)
    view.left.connect(presenter.keep)
    view.looks.style_chosen.connect(presenter.choose_style)
    view.looks.language_chosen.connect(presenter.choose_language)
    view.looks.palette_chosen.connect(presenter.choose_palette)
    view.looks.sheet_chosen.connect(presenter.choose_sheet)
    view.looks.discreet_chosen.connect(presenter.choose_discreet)
    view.added.searched.connect(presenter.find_services)
    view.added.service_added.connect(presenter.add_service)
    view.added.service_taken_off.connect(presenter.take_off_service)
    view.added.step_changed.connect(presenter.change_step)
    return view
