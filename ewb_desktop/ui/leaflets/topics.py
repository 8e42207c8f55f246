"""Which topics there are for whom: what suits a member's needs, what was printed here lately, and which comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ewb_desktop.domain.words import list_words
from ewb_desktop.leaflets.catalogue import Catalogue, TopicCard
from ewb_desktop.leaflets.choose import ENGLISH, suited_topics
from ewb_desktop.library import Library
from ewb_desktop.ui.leaflets.looks import language_options, language_words
from ewb_desktop.ui.widgets.row import Row

PLAIN = "how-this-service-works"
"""The topic to begin with where nothing speaks for another one: anybody may be seen with it."""
RECENT = 3
"""How many leaflets that were printed lately stand over the topics."""
_NAMED_LANGUAGES = 3
"""How many languages a topic's row names; more are counted."""


@dataclass(frozen=True, slots=True)
class Again:
    """A leaflet as it was printed before: its topic, style and language."""

    topic: str
    style: str
    language: str


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics for a member with ``needs`` who reads ``language``, or for nobody in particular.

    ``lately`` is what was printed here lately, the most copies first.
    """

    catalogue: Catalogue
    library: Library
    needs: frozenset[str] = frozenset()
    language: str = ENGLISH
    lately: tuple[Again, ...] = ()

    def cards(self) -> list[TopicCard]:
        """Return every topic: those that suit first, those in the member's language first among them."""
        suited = sorted(
            suited_topics(self.catalogue, self.needs),
            key=lambda card: (-len(self.needs.intersection(card.needs)), self.language not in card.languages),
        )
        return [*suited, *(card for card in self.catalogue.topics() if card not in suited)]

    def first(self) -> TopicCard | None:
        """Return the topic to begin with: a member can read nothing of a leaflet in a language that they do not read.

        With nobody chosen it is what is printed most here; a topic that nobody should be seen with is never in sight unasked.
        """
        rows = self.cards()
        read = [card for card in rows if self.language == ENGLISH or self.language in card.languages]
        suits = next((card for card in read if self.needs.intersection(card.needs)), None)
        if suits is not None:
            return suits
        usual = self.usual()
        open_ones = [card for card in read or rows if not is_private(card.id, self.library)]
        asked = usual.topic if usual is not None else PLAIN
        return next((card for card in open_ones if card.id == asked), None) or next(iter([*open_ones, *rows]), None)

    def usual(self) -> Again | None:
        """Return what is printed most here, as it is printed; a translation that nobody has checked is never the first choice."""
        unchecked = {(card.id, code) for card in self.catalogue.topics() for code in card.unchecked}
        return next((again for again in self.again() if (again.topic, again.language) not in unchecked), None)

    def why_first(self, card: TopicCard) -> str:
        """Return why a topic is the one to begin with, where there is a reason that is not plain to see."""
        suits = self._suits(card)
        why = [f"it suits {list_words(suits)}"] if suits else []
        if self.language != ENGLISH and self.language in card.languages:
            why.append(f"it is there in {language_words(self.language, self.library)}")
        return " and ".join(why)

    def again(self) -> list[Again]:
        """Return what was printed lately and can be printed again; nothing that nobody should be seen with."""
        there = {card.id for card in self.catalogue.topics()}
        return [each for each in self.lately if each.topic in there and not is_private(each.topic, self.library)][:RECENT]

    def rows(self, typed: str, styles: dict[str, str]) -> list[Row]:
        """Return the topics whose title or needs have all the words ``typed``; without any, what was printed lately first.

        Who types the name of a topic means that topic, whatever else suits: titles come before needs.
        ``styles`` are the names of styles by their ids. A row's key is a topic's id, or an :class:`Again`.
        """
        words = typed.casefold().split()
        there = [card for card in self.cards() if all(word in self._searched(card) for word in words)]
        found = [self._row(card) for card in sorted(there, key=lambda card: _distance(card, words))]
        return found if words else [*(self._again_row(again, styles) for again in self.again()), *found]

    def readable(self, language: str, but: str) -> list[str]:
        """Return the titles of topics that are there in ``language``, without the topic ``but`` and help in a crisis."""
        there = (card for card in self.cards() if language in card.languages and card.id != but)
        return [card.title for card in there if not is_private(card.id, self.library)]

    def _suits(self, card: TopicCard) -> list[str]:
        return [self.library.list("needs").words(code).lower() for code in card.needs if code in self.needs]

    def _searched(self, card: TopicCard) -> str:
        needs = (self.library.list("needs").words(code) for code in card.needs)
        return " ".join((*card.titles.values(), *needs)).casefold()

    def _row(self, card: TopicCard) -> Row:
        suits = self._suits(card)
        others = [words for code, words in language_options(card.languages, self.library) if code != ENGLISH]
        also = list_words(others) if len(others) <= _NAMED_LANGUAGES else f"{len(others)} other languages"
        detail = f"suits: {list_words(suits)}" if suits else f"also in {also}" if others else ""
        return Row(card.id, card.title, detail)

    def _again_row(self, again: Again, styles: dict[str, str]) -> Row:
        card = next(card for card in self.catalogue.topics() if card.id == again.topic)
        looks = (styles.get(again.style, ""), language_words(again.language, self.library) if again.language else "")
        detail = " · ".join(("printed here lately", *(each for each in looks if each)))
        return Row(again, card.title, detail)


def _distance(card: TopicCard, words: Sequence[str]) -> int:
    """Return how far what was typed is from a topic's titles: 0 where one begins so, 3 where only its needs have the words."""
    titles = [title.casefold() for title in card.titles.values()]
    if any(title.startswith(" ".join(words)) for title in titles):
        return 0
    if any(all(any(each.startswith(word) for each in title.split()) for word in words) for title in titles):
        return 1
    return 2 if any(all(word in title for word in words) for title in titles) else 3


def is_private(topic: str, library: Library) -> bool:
    """Return whether nobody should be seen with a topic that they did not ask for."""
    private = library.lists.get("private_topics")
    return private is not None and private.entry(topic) is not None


def agains(printed: Iterable[tuple[str, str, str]]) -> tuple[Again, ...]:
    """Return prints (topic, style, language) as they can be printed again, each once, in their order."""
    return tuple(dict.fromkeys(Again(topic, style, language) for topic, style, language in printed))


def chosen_key(rows: Sequence[Row], topic: str, picked: Again | None) -> object:
    """Return the key of the row to mark: the one that was picked while it still holds, else the topic's own."""
    return picked if picked is not None and picked.topic == topic and any(row.key == picked for row in rows) else topic
