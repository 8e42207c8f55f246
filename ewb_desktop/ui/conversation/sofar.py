"""One conversation as far as it has come: what was begun and answered, and what the page shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ewb_desktop.actions.assessments import values
from ewb_desktop.actions.conversations import start_of_today
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.totals import present_series
from ewb_desktop.domain.answers import asked
from ewb_desktop.domain.questionnaire import Item, ItemType, Questionnaire
from ewb_desktop.domain.scoring import score
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import MONTHS, isolated
from ewb_desktop.storage.cards.assessments import (
    AnswerCard,
    AssessmentCard,
    answered_before,
    answers_of,
    assessment_card,
    assessments_in,
    assessments_of,
)
from ewb_desktop.storage.cards.conversations import conversation_card
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.storage.cards.safety_talks import TalkCard, open_talk_of
from ewb_desktop.ui.conversation.shown import CheckPart, Known, StepLine
from ewb_desktop.ui.conversation.wording import (
    check_part,
    known_asked_today,
    known_last_time,
    known_words,
    plain_title,
    short_title,
)

ORDER = ("first-conversation", "phq-9", "gad-7", "ons4", "loneliness")
"""The questionnaires in the order in which they are offered; the worker does what helps, in any order."""
NEEDS, CHECK, CHOOSE = "needs", "check", "choose"
EARLIER_WORDS = ("brings-you", "needs-words", "helps", "matters")
"""The questions of the first conversation whose answers stand beside every other question."""


@dataclass(slots=True)
class SoFar:
    """Whose conversation it is, and which record it is once something has been said. Reads afresh each time it is asked."""

    desk: Desk
    person: PersonRecord
    conversation: str | None
    held: dict[str, str] = field(default_factory=dict)
    """The questionnaires whose questions were shown here, by step: whoever finishes one or begins another, they go on."""

    def steps(self) -> list[str]:
        """Return the questionnaires that this laptop has."""
        return [key for key in ORDER if key in self.desk.library.questionnaires]

    def form(self, step: str) -> Questionnaire:
        """Return the questionnaire of a step."""
        return self.desk.library.questionnaire(step)

    def begun(self) -> dict[str, AssessmentCard]:
        """Return what was begun in this conversation, by questionnaire, and what a colleague left unfinished today."""
        today = start_of_today(self.desk)
        with self.desk.store.read() as connection:
            left = {
                card.questionnaire: card
                for card in assessments_of(connection, self.person.id)
                if card.completed_at is None and card.started_at >= today
            }
            here = assessments_in(connection, self.conversation) if self.conversation else []
            held = {step: assessment_card(connection, id_) for step, id_ in self.held.items()}
        kept = {step: card for step, card in held.items() if card is not None}
        return left | {card.questionnaire: card for card in here} | kept

    def hold(self, step: str) -> None:
        """A question of this step is shown: its answers belong together from now on."""
        card = self.begun().get(step)
        if card is not None:
            self.held[step] = card.id

    def taken_up(self) -> list[AssessmentCard]:
        """Return what was begun in this conversation or gone on with here, not what a colleague is still asking."""
        return [card for card in self.begun().values() if card.id in self.held.values() or card.conversation == self.conversation]

    def asked_by_others(self, step: str) -> dict[str, str]:
        """Return who began the same questionnaire today besides, by its id: it stays a record of its own."""
        begun, today = self.begun().get(step), start_of_today(self.desk)
        with self.desk.store.read() as connection:
            cards = assessments_of(connection, self.person.id, step)
        return {
            card.id: card.worker_name
            for card in cards
            if card.started_at >= today and card.worker_name != self.desk.worker.name and (begun is None or card.id != begun.id)
        }

    def answers(self, step: str) -> dict[str, AnswerCard]:
        """Return the answers of a step so far."""
        card = self.begun().get(step)
        if card is None:
            return {}
        with self.desk.store.read() as connection:
            return answers_of(connection, card.id)

    def questions(self, step: str) -> tuple[Item, ...]:
        """Return the questions of a step that are asked, given its answers."""
        return asked(self.form(step), values(self.answers(step)))

    def following(self, step: str, item: Item) -> tuple[Item, ...]:
        """Return the questions that are asked after ``item``, which a colleague's answer may have put aside itself."""
        order = self.form(step).questions
        return tuple(each for each in self.questions(step) if order.index(each) > order.index(item))

    def preceding(self, step: str, item: Item) -> tuple[Item, ...]:
        """Return the questions that are asked before ``item``."""
        order = self.form(step).questions
        return tuple(each for each in self.questions(step) if order.index(each) < order.index(item))

    def item(self, step: str, question: str) -> Item:
        """Return this question of a step, or the first without an answer, or the first."""
        answers, questions = self.answers(step), self.questions(step)
        here = next((item for item in questions if item.link_id == question), None)
        return here or next((item for item in questions if item.link_id not in answers), questions[0])

    def open_talk(self) -> TalkCard | None:
        """Return the member's open safety conversation."""
        with self.desk.store.read() as connection:
            return open_talk_of(connection, self.person.id)

    def trail(self) -> str:
        """Return two identifiers of the person and the day of the conversation."""
        day = self.desk.clock.today()
        if self.conversation is not None:
            with self.desk.store.read() as connection:
                card = conversation_card(connection, self.conversation)
            day = local(card.started_at).date() if card else day
        who = f"{isolated(self.person.name)} · {self.person.identifiers}"
        return f"{who}  ›  Conversation on {day.day} {MONTHS[day.month - 1]}"

    def position(self, step: str, question: str) -> str:
        """Return ``Question 3 of 9``; a question beside those that are added up is not numbered among them."""
        item, counted = self.item(step, question), self._counted(step)
        if item not in counted:
            return "One more question, not counted"
        return f"Question {counted.index(item) + 1} of {len(counted)}"

    def _counted(self, step: str) -> list[Item]:
        counted = self.form(step).counted
        return [item for item in self.questions(step) if item in counted]

    def lines(self, step: str, question: str, needs: str) -> list[StepLine]:
        """Return the steps as they stand now; ``needs`` says what was agreed so far."""
        begun, lines = self.begun(), []
        for key in self.steps():
            form, card = self.form(key), begun.get(key)
            done = card is not None and card.completed_at is not None
            detail = plain_title(form) if short_title(form) != plain_title(form) else ""
            if key == step and question:
                detail = self.position(step, question)
            elif card is not None:
                answers, counted = self.answers(key), self._counted(key)
                given = sum(1 for item in counted if item.link_id in answers and answers[item.link_id].value is not None)
                detail = f"{given} of {len(counted)} answered"
            lines.append(StepLine(key, short_title(form), detail, done, key == step))
        lines.append(StepLine(NEEDS, "Needs and one goal", needs, bool(needs), step == NEEDS))
        lines.append(StepLine(CHECK, "Check your answers", "", False, step == CHECK))
        return lines

    def known(self, step: str, item: Item) -> list[Known]:
        """Return what is known already beside a question: the person's earlier words, and their last answer to it."""
        today, card = self.desk.clock.today(), self.begun().get(step)
        with self.desk.store.read() as connection:
            last = answered_before(connection, self.person.id, [item.link_id], besides=card.id if card else None, limit=1)
        also = [known_asked_today(name) for name in self.asked_by_others(step).values()]
        if item.type in (ItemType.TEXT, ItemType.STRING):
            return [*also, *(known_words(each, today) for each in last)]
        return [*also, *self.words_before(), *(known_last_time(item, each, today) for each in last)]

    def words_before(self) -> list[Known]:
        """Return the person's latest words from any first conversation, this one too."""
        today = self.desk.clock.today()
        with self.desk.store.read() as connection:
            said = answered_before(connection, self.person.id, EARLIER_WORDS, limit=2)
        return [known_words(card, today) for card in said if isinstance(card.value, str)]

    def check_parts(self) -> list[CheckPart]:
        """Return every questionnaire that was begun, for the last page."""
        parts = []
        begun = self.begun()
        for key in (each for each in self.steps() if each in begun):
            with self.desk.store.read() as connection:
                form, answers = self.form(key), answers_of(connection, begun[key].id)
            day = local(begun[key].started_at).date()
            before = [point for point in present_series(self.desk, self.person.id, key) if point.day < day]
            parts.append(check_part(form, answers, score(form, values(answers)), before))
        return parts
