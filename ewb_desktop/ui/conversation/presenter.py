"""What happens in a conversation: each answer saved as it is given, any step in any order, taken up again where it stopped."""

from __future__ import annotations

from ewb_desktop.actions.assessments import (
    BY_THEMSELVES,
    CARER,
    PERSON,
    WITH_WORKER,
    finish_assessment,
    start_assessment,
    values,
)
from ewb_desktop.actions.conversations import (
    Where,
    conversation_to_resume,
    end_conversation,
    pause_conversation,
    start_conversation,
    where_paused,
)
from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.answers import BadAnswer
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.conversation.agreed import Agreed
from ewb_desktop.ui.conversation.asked import Asked
from ewb_desktop.ui.conversation.shown import CheckPart, ConversationView, Known, Staying
from ewb_desktop.ui.conversation.sofar import CHECK, CHOOSE, NEEDS, ORDER, SoFar
from ewb_desktop.ui.conversation.wording import asked_today_too, question_shown
from ewb_desktop.ui.destinations import ToPerson, ToSafety

THEMSELVES = "self"
"""The person fills it in on the laptop; otherwise it is the person or a carer who says it while the worker writes."""
SAVED = "saved a moment ago"
NEEDS_KINDS = ("need", "goal", "goal_rating", "conflict")
QUESTION_KINDS = ("assessment", "answer", "safety_talk", "conflict", "worker")
"""Kinds of record that may change what stands on the page of the needs, and of a question."""
HEARD = {NEEDS: NEEDS_KINDS, CHECK: (*NEEDS_KINDS, *QUESTION_KINDS), CHOOSE: ()}
CAME_TO_CHECK = "A colleague has written about the same just now. It stands here with the rest: please read it once more."
NOT_ANSWERED = "The question before has no answer yet. Back goes to it."


class ConversationPresenter:
    """Leads through one conversation. The records begin with the first thing that is said, not with the page."""

    def __init__(self, desk: Desk, view: ConversationView) -> None:
        self._desk = desk
        self._view = view
        self._sofar: SoFar | None = None
        self._agreed: Agreed | None = None
        self._step = ORDER[0]
        self._question = ""
        self._who = PERSON
        self._to_check = False
        self._safety_due = False
        self._seen: set[str] = set()
        self._asked: Asked | None = None
        self._known: list[Known] = []
        self._parts: list[CheckPart] = []
        self._also: set[str] = set()
        """What colleagues asked of the same today, as far as it was told."""
        self._becomes = ""
        """What becomes of a colleague's answer over which the last one was saved, until it is said."""

    # -- coming and going

    def open(self, person: str, conversation: str | None, questionnaire: str = "") -> None:
        """Open a conversation where it stopped, or begin; ``questionnaire`` opens that step."""
        with self._desk.store.read() as connection:
            record = person_record(connection, person)
        if record is None:
            raise LookupError("this member's record is not on this laptop any more")
        self._sofar = SoFar(self._desk, record, conversation or conversation_to_resume(self._desk, person))
        self._agreed = Agreed(self._desk, self._view, self._sofar)
        self._asked = Asked(self._desk, self._view, self._sofar)
        self._to_check, self._who = False, PERSON
        where = where_paused(self._desk, self._sofar.conversation) if self._sofar.conversation else None
        if questionnaire:
            self._step, self._question = questionnaire, ""
        else:
            self._step, self._question = (where.step, where.question) if where else (self._sofar.steps()[0], "")
        talk = self._sofar.open_talk()
        here = talk is not None and talk.conversation == self._sofar.conversation and talk.id not in self._seen
        self._safety_due = talk is not None and here and not (talk.explored or talk.told_whom)
        self._view.show_who(self._who)
        self._show()

    def leave(self) -> None:
        """Keep what is in the boxes; called before the page goes away, whatever the reason."""
        if self._sofar is not None and self._still_here():
            self._keep_words()
            self._remember()

    def pause(self) -> None:
        """Stop for now. Everything is saved."""
        self.leave()
        self._view.leave_for(ToPerson(self._now.person.id), "Paused. Everything is saved, and you can carry on any time.")

    def finish(self) -> None:
        """End the conversation and go back to the member."""
        if self._safety_first():
            return
        for card in self._now.taken_up():
            if card.completed_at is None:
                finish_assessment(self._desk, card.id, self._how())
        if self._now.conversation is not None:
            end_conversation(self._desk, self._now.conversation)
        person = self._now.person.id
        self._sofar = None
        self._view.leave_for(ToPerson(person), "The conversation is saved.")

    # -- moving about

    def choose(self, step: str) -> None:
        """Go to a step, at its first question without an answer."""
        if not self._keep_words() or (step == CHECK and self._safety_first()):
            return
        self._to_check = False
        self._step, self._question = step, ""
        self._go_on()

    def change(self, key: str) -> None:
        """Go from the last page to one answer (``questionnaire/question``); Next comes back."""
        self._step, _, self._question = key.partition("/")
        need = self._question if self._step == NEEDS else ""
        self._to_check = self._step != NEEDS
        self._go_on()
        if need:
            self.agreed.change(need)

    def next(self) -> None:
        """Go on: to the next question, or past the last one to what would help next."""
        if not self._keep_words() or self._safety_first():
            return
        if self._step not in ORDER or self._to_check:
            self.choose(CHECK)
            return
        # a box of words may stay empty; a question with answers to choose from is rarely meant to
        left_out = self._view.typed() is None and self._item().link_id not in self._now.answers(self._step)
        following = self._now.following(self._step, self._item())
        if following:
            self._question = following[0].link_id
        else:
            begun = self._now.begun().get(self._step)
            if begun is not None:
                finish_assessment(self._desk, begun.id, self._how())
            # what comes next is offered from the step that was done
            self._question, self._step = self._step, CHOOSE
        self._go_on()
        if left_out:
            # going on is allowed; that nothing was answered must not pass unseen
            self._view.tell(NOT_ANSWERED)

    def back(self) -> None:
        """Go back: to the question before, or to the steps."""
        self._keep_words()
        before = self._now.preceding(self._step, self._item()) if self._step in ORDER else ()
        if before:
            self._question = before[-1].link_id
        else:
            self._step, self._question = CHOOSE, ""
        self._to_check = False
        self._go_on()

    def skip(self) -> None:
        """Leave this question out; that is remembered, and can be changed."""
        self.asked.drop_draft()
        self._view.clear_typed()
        self._becomes = self.asked.skip(self._assessment())
        self.next()

    # -- answering

    def answer(self, value: object) -> None:
        """Save a choice or a number at once."""
        try:
            recorded, becomes = self.asked.record(self._assessment(), value, self._told_by())
        except BadAnswer as fault:
            self._view.show_fault(str(fault))
            return
        self._view.show_fault("")
        self._view.show_saved(SAVED)
        self._say(becomes)
        self._remember()
        if recorded.opens_safety:
            self._safety_due = True
        self._show_safety()
        self._show_steps()

    def keep_draft(self, words: str) -> None:
        """Keep words as they are typed; they become an answer when the worker goes on."""
        self.asked.keep_draft(words)
        self._view.show_saved(SAVED)

    def set_who(self, who: str) -> None:
        """Say who answers from now on."""
        self._keep_words()
        self._who = who
        self._show()

    # -- staying safe

    def to_safety(self) -> None:
        """Open the page of the safety conversation; afterwards the questions go on where they stopped.

        It begins the conversation as an answer does: what is said there belongs to it, and the way back leads here.
        """
        self._begin()
        talk = self._now.open_talk()
        self._note_seen()
        self._remember()
        self._view.leave_for(ToSafety(self._now.person.id, talk.id if talk else None, self._now.conversation), "")

    def carry_on(self) -> None:
        """Go on with the questions after the person was thanked; the safety conversation stays open."""
        self._note_seen()
        self.next()

    # -- needs and the goal

    @property
    def agreed(self) -> Agreed:
        """What happens on the page of needs and the goal."""
        if self._agreed is None:
            raise LookupError("no conversation is open")
        return self._agreed

    @property
    def asked(self) -> Asked:
        """The question that is on the page."""
        if self._asked is None:
            raise LookupError("no conversation is open")
        return self._asked

    def hear(self, changes: Changes) -> None:
        """Look again in a moment where a colleague may have written into what is open here."""
        if changes.concerns(*HEARD.get(self._step, QUESTION_KINDS)):
            self._view.refresh_soon()

    def renew(self) -> None:
        """Show what came into the needs and the goal or into what is checked, and tell what came into the question."""
        if self._sofar is None or not self._still_here():
            return
        if self._step == NEEDS:
            self.agreed.renew()
        elif self._step in ORDER:
            self._renew_question()
        elif self._step == CHECK and self._check_parts() != self._parts:
            # from its beginning: Enter finishes nothing that was not read
            self._show()
            self._view.tell(CAME_TO_CHECK)

    def save_need(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        """Add or change the need in the form."""
        self.agreed.save_need(self._begin(), code, words, wanted, priority)
        self._show_steps()

    def open_need(self, need: str) -> None:
        """Fill the form from a need, once what stands in it is saved."""
        if self._keep_need():
            self.agreed.change(need)

    def keep_goal(self, words: str) -> None:
        """Save the goal as it is typed."""
        if words.strip() or self._now.conversation is not None:
            self.agreed.keep_goal(self._begin(), words)
            self._show_steps()

    # -- what is shown

    def _go_on(self) -> None:
        self._view.turn_page()
        self._show()
        self._say(self._becomes)
        self._becomes = ""

    def _show(self) -> None:
        self._view.show_fault("")
        if self._step != NEEDS and self._agreed is not None:
            self._agreed.end()
        if self._step not in ORDER:
            self.asked.end()
        if self._step in ORDER:
            self._show_question()
        elif self._step == NEEDS:
            self._show_page("Needs and one goal")
            self._view.show_known(self._now.words_before())
            self.agreed.show()
        elif self._step == CHECK:
            self._show_page("Check your answers")
            self._parts = self._check_parts()
            self._view.show_check(self._parts)
        else:
            self._show_page("What next?")
            lines = self._now.lines("", "", self.agreed.count())
            keys = [line.key for line in lines]
            after = keys[keys.index(self._question) + 1 :] if self._question in keys else keys
            self._view.show_next([(line.key, line.title, line.detail) for line in lines], after[0])
        self._remember()

    def _show_page(self, title: str) -> None:
        self._view.show_head(title, self._now.trail())
        self._view.show_known([])
        self._show_safety()
        self._show_steps()

    def _show_question(self) -> None:
        item = self._now.item(self._step, self._question)
        self._question = item.link_id
        draft = self.asked.take(self._step, item)
        form, answers = self._now.form(self._step), values(self._now.answers(self._step))
        self._view.show_head(form.title, self._now.trail())
        self._also = set(self._now.asked_by_others(self._step))
        self._known = self._already_known(item)
        self._view.show_known(self._known)
        self._view.show_question(question_shown(form, item, answers, draft=draft))
        # the person who fills it in reads along: what colleagues wrote is not for the page then
        self.asked.watch(self._view.typed(), is_told=self._who != THEMSELVES)
        self._show_safety()
        self._show_steps()

    def _renew_question(self) -> None:
        """Show what came round the question, and tell what came into it; neither it nor the keyboard moves."""
        self._show_steps()
        if self._who == THEMSELVES:
            return
        self.asked.renew(self._view.typed())
        known = self._already_known(self._item())
        if known != self._known:
            self._known = known
            self._view.show_known(known)
        others = self._now.asked_by_others(self._step)
        for id_ in others.keys() - self._also:
            self._view.tell(asked_today_too(others[id_]))
        self._also = set(others)
        self._show_safety()

    def _already_known(self, item: Item) -> list[Known]:
        return [] if self._who == THEMSELVES else self._now.known(self._step, item)

    def _say(self, becomes: str) -> None:
        if becomes:
            self._view.tell(f"Saved.{becomes}")

    def _show_safety(self) -> None:
        """Keep the way to the safety conversation on the page until a named person has closed it, whatever is answered since."""
        if self._who == THEMSELVES:
            # the person reads along: thanks, and no word of what stays open
            self._view.show_safety(Staying.NONE)
            if self._safety_due and self._step in ORDER:
                self._view.show_thanks()
        elif self._now.open_talk() is None:
            self._view.show_safety(Staying.NONE)
        else:
            self._view.show_safety(Staying.NOW if self._safety_due else Staying.OPEN)

    def _show_steps(self) -> None:
        self._view.show_steps(self._now.lines(self._step, self._question, self.agreed.count()))

    def _check_parts(self) -> list[CheckPart]:
        parts, agreed = self._now.check_parts(), self.agreed.rows()
        if agreed:
            parts.append(CheckPart(NEEDS, "Needs and one goal", "", "", agreed))
        return parts

    # -- small facts

    @property
    def _now(self) -> SoFar:
        if self._sofar is None:
            raise LookupError("no conversation is open")
        return self._sofar

    def _begin(self) -> str:
        """Return the conversation's id; it begins with the first thing that is said."""
        if self._now.conversation is None:
            self._now.conversation = start_conversation(self._desk, self._now.person.id)
        return self._now.conversation

    def _assessment(self) -> str:
        begun = self._now.begun().get(self._step)
        if begun is not None:
            return begun.id
        return start_assessment(self._desk, self._now.person.id, self._begin(), self._step)

    def _item(self) -> Item:
        shown = self.asked.is_asked(self._step, self._question)
        return shown or self._now.item(self._step, self._question)

    def _told_by(self) -> str:
        return CARER if self._who == CARER else PERSON

    def _how(self) -> str:
        return BY_THEMSELVES if self._who == THEMSELVES else WITH_WORKER

    def _keep_words(self) -> bool:
        """Record what is in the boxes, if it is new; say whether it is all right to go on."""
        typed = self._view.typed()
        if typed is None:
            return True
        if self._step not in ORDER:
            self.keep_goal(typed)
            return self._keep_need()
        if self.asked.is_new(typed):
            try:
                _, self._becomes = self.asked.record(self._assessment(), typed, self._told_by())
            except BadAnswer as fault:
                self._view.show_fault(str(fault))
                return False
            self._view.show_saved(SAVED)
        self.asked.drop_draft()
        return True

    def _still_here(self) -> bool:
        """Say whether the record is on this laptop: one that was here for a few hours may have left under the page."""
        with self._desk.store.read() as connection:
            return person_record(connection, self._now.person.id) is not None

    def _keep_need(self) -> bool:
        """Save the need in the form as if it had been added by its button; say whether that was all right."""
        form = self._view.typed_need()
        if self._step != NEEDS or not self.agreed.is_new(*form):
            return True
        saved = self.agreed.save_need(self._begin(), *form)
        self._show_steps()
        return saved

    def _remember(self) -> None:
        if self._sofar is not None and self._sofar.conversation is not None:
            pause_conversation(self._desk, self._sofar.conversation, Where(self._step, self._question))

    def _note_seen(self) -> None:
        talk = self._now.open_talk()
        if talk is not None:
            self._seen.add(talk.id)
        self._safety_due = False

    def _safety_first(self) -> bool:
        """Before anything else, and before any total: go to the safety conversation that an answer here has opened."""
        if not self._safety_due:
            return False
        if self._who == THEMSELVES:
            self._view.show_thanks()
        else:
            self.to_safety()
        return True
