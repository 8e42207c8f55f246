"""Leaflets for a stall: several topics, so many copies of each, printed one after another. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from ewb_desktop.leaflets.choose import ENGLISH
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.ui.leaflets.edge import Giver
from ewb_desktop.ui.leaflets.looks import chosen, language_words
from ewb_desktop.ui.leaflets.wish import Wish, order_for

USUAL_COPIES = 20
"""How many of each are laid out on a stall, where nobody says otherwise."""
MOST_COPIES = 500
"""More of one leaflet are for a printing house."""
NOBODY: PersonRecord | None = None
"""Whom a stall's leaflets are for."""


@dataclass(frozen=True, slots=True)
class Pile:
    """One topic of a stall: how many copies, in which style and language; empty: clear print, English."""

    topic: str
    copies: int = USUAL_COPIES
    style: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Stall:
    """What is laid out: the piles in their order, and the colours and paper of all. ``usual`` is what a new pile is like."""

    piles: tuple[Pile, ...] = ()
    usual: Pile = Pile("")
    palette: str = ""
    sheet: str = ""

    @property
    def topics(self) -> list[str]:
        """The topics, in order."""
        return [pile.topic for pile in self.piles]

    @property
    def copies(self) -> int:
        """All copies together."""
        return sum(pile.copies for pile in self.piles)

    def with_topics(self, topics: Sequence[str]) -> Stall:
        """Return the stall with these topics: those that were there keep their choices, new ones are as usual."""
        known = {pile.topic: pile for pile in self.piles}
        return replace(self, piles=tuple(known.get(topic) or replace(self.usual, topic=topic) for topic in topics))

    def with_pile(self, topic: str, **choices: object) -> Stall:
        """Return the stall with one pile changed; copies stay between 1 and :data:`MOST_COPIES`."""
        return replace(self, piles=tuple(_changed(pile, choices) if pile.topic == topic else pile for pile in self.piles))

    def with_all(self, **choices: object) -> Stall:
        """Return the stall with every pile changed, those to come as well."""
        piles = tuple(_changed(pile, choices) for pile in self.piles)
        return replace(self, piles=piles, usual=_changed(self.usual, choices))

    def as_draft(self) -> dict[str, Any]:
        """Return it as it is kept in the file, for the next stall."""
        return asdict(self)


def _changed(pile: Pile, choices: dict[str, object]) -> Pile:
    pile = replace(pile, **choices)  # type: ignore[arg-type]  # each is a field of Pile
    return replace(pile, copies=min(MOST_COPIES, max(1, pile.copies)))


def stall_from_draft(kept: Any) -> Stall:
    """Return what was kept, or an empty stall when there is nothing, or nothing that can be read."""
    try:
        piles = tuple(_changed(Pile(**pile), {}) for pile in kept["piles"])
        return Stall(piles, _changed(Pile(**kept["usual"]), {}), str(kept["palette"]), str(kept["sheet"]))
    except (TypeError, KeyError, ValueError):
        return Stall()


def pile_wish(stall: Stall, pile: Pile) -> Wish:
    """Return the wish for one copy of a pile: nothing of a member or a service is on it."""
    return Wish(
        topic=pile.topic, style=pile.style or None, language=pile.language or None, palette=stall.palette or None,
        sheet=stall.sheet or None, discreet=False,
    )  # fmt: skip


def pile_order(press: Press, stall: Stall, pile: Pile, library: Library, today: date, giver: Giver) -> LeafletOrder:
    """Return the order for one copy of a pile."""
    wish = pile_wish(stall, pile)
    made = chosen(press, wish, NOBODY, library)
    return order_for(wish, made.choice, made.sheet.id, False, (), None, library, today, giver)


def pile_hint(press: Press, stall: Stall, pile: Pile, library: Library) -> str:
    """Return what is not as it was asked for, or must be known before it is laid out; often nothing."""
    made = chosen(press, pile_wish(stall, pile), NOBODY, library)
    said = []
    if made.choice.language != (pile.language or ENGLISH):
        said.append(f"Not there in {language_words(pile.language, library)}: in {language_words(made.choice.language, library)}.")
    elif pile.language and made.choice.warnings:
        said.append("This translation is not checked yet, and says so.")
    if pile.style and made.choice.style != pile.style:
        said.append(f"In another format: {press.styles[made.choice.style].name}.")
    if stall.sheet and made.sheet.id != stall.sheet:
        said.append(f"On other paper: {made.sheet.name}.")
    return " ".join(said)
