"""Builds the page of one person."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.presenter import PersonPresenter
from ewb_desktop.ui.person.view import PersonPage


def build(
    desk: Desk,
    feed: Feed,
    let_go: Callable[[str], None] = lambda _person: None,
    let_words_go: Callable[[str], None] = lambda _person: None,
) -> Page:
    """Return the page of one person for the worker at ``desk``.

    ``let_go`` lets a member from outside the area leave early, ``let_words_go`` one who is here for unsaved words alone.
    """
    view = PersonPage(desk.clock.today, desk.library)
    presenter = PersonPresenter(desk, view)
    view.presenter = presenter
    view.person_asked.connect(presenter.open)
    view.asked_again.connect(presenter.refresh)
    view.heard.connect(presenter.hear)
    view.filter_chosen.connect(presenter.narrow)
    view.earlier_asked.connect(presenter.show_earlier)
    view.form_asked.connect(presenter.open_form)
    view.typed.connect(presenter.keep)
    view.given_up.connect(presenter.give_up)
    view.contact.way_chosen.connect(presenter.choose_way)
    view.contact_saved.connect(presenter.save_contact)
    view.rating.rated.connect(presenter.rate)
    view.outcome_asked.connect(presenter.ask_about)
    view.rating.kept.connect(presenter.save_goal)
    view.need.kept.connect(presenter.save_need)
    view.sharing_saved.connect(presenter.save_sharing)
    view.sharing_taken_back.connect(presenter.take_back_sharing)
    view.coordinator_saved.connect(presenter.save_coordinator)
    view.membership_saved.connect(presenter.save_membership)
    view.take_off_asked.connect(presenter.take_off)
    view.bring_back_asked.connect(presenter.bring_back)
    view.undo_asked.connect(presenter.undo)
    view.let_go_asked.connect(let_go)
    view.words_let_go_asked.connect(let_words_go)
    feed.changed.connect(view.hear)
    return view
