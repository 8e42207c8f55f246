"""Builds the conversation's page; it answers ``ToConversation`` and ``ToQuestionnaire``."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
from ewb_desktop.ui.conversation.view import ConversationPage
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page on which the worker at ``desk`` has a conversation."""
    words = desk.library
    view = ConversationPage(
        words.list("needs"), words.list("need_wants"), words.list("need_priorities"), words.list("safety_steps"), words.crisis
    )
    view.presenter = connect(desk, view)
    feed.changed.connect(view.hear)
    return view


def connect(desk: Desk, view: ConversationPage) -> ConversationPresenter:
    """Connect the view's signals to a new presenter and return it."""
    presenter = ConversationPresenter(desk, view)
    view.came.connect(presenter.open)
    view.left.connect(presenter.leave)
    view.pause_asked.connect(presenter.pause)
    view.step_asked.connect(presenter.choose)
    view.safety_asked.connect(presenter.to_safety)
    view.steps.who_chosen.connect(presenter.set_who)
    view.question.answered.connect(presenter.answer)
    view.question.typed.connect(presenter.keep_draft)
    view.question.next_asked.connect(presenter.next)
    view.question.back_asked.connect(presenter.back)
    view.question.skip_asked.connect(presenter.skip)
    view.thanks.team_asked.connect(presenter.to_safety)
    view.thanks.carry_on_asked.connect(presenter.carry_on)
    view.needs.need_saved.connect(presenter.save_need)
    view.needs.need_opened.connect(presenter.open_need)
    view.needs.need_taken_off.connect(lambda key: presenter.agreed.remove(key))
    view.needs.undone.connect(lambda: presenter.agreed.bring_back())
    view.needs.need_typed.connect(lambda *form: presenter.agreed.keep_draft(*form))
    view.needs.goal_typed.connect(presenter.keep_goal)
    view.needs.rated.connect(lambda rating: presenter.agreed.rate(rating))
    view.needs.next_asked.connect(presenter.next)
    view.needs.back_asked.connect(presenter.back)
    view.check.change_asked.connect(presenter.change)
    view.check.finish_asked.connect(presenter.finish)
    view.heard.connect(presenter.hear)
    view.asked_again.connect(presenter.renew)
    return presenter
