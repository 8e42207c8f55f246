"""What a worker wishes for on one leaflet, and how it becomes an order; what a member's record says about reading."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from ewb_desktop.leaflets.choose import Choice
from ewb_desktop.leaflets.order import LeafletOrder, NextStep, ServiceLine
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.storage.cards.services import ServiceCard
from ewb_desktop.storage.cards.workers import WorkerCard
from ewb_desktop.ui.leaflets.edge import Giver

_LONGEST = 220
"""Characters of a service's own description that are printed; a leaflet is not the directory."""
_LISTS = ("services", "unasked", "by_hand")
"""The fields of a wish that are kept as plain lists."""
_ENDS = ",;:.!?"
"""After these a line that goes on needs no comma."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next step as it is typed: what happens, the id of the worker to ask for, the day, and a number to ring."""

    words: str = ""
    worker: str = ""
    on: date | None = None
    telephone: str = ""
    named: bool = False
    """Whether somebody was chosen to ask for: then the name stands on the leaflet without words as well."""

    @property
    def wanted(self) -> bool:
        """Whether it is on the leaflet."""
        return bool(self.words or (self.named and self.worker))


@dataclass(frozen=True, slots=True)
class ServiceLook:
    """What of a service is printed, where that is not all of it. ``where`` in the worker's words stands in for the address."""

    service: str
    where: str | None = None
    hours: bool = True
    what: bool = True
    cost: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What is chosen. ``None`` follows what the member's record says, or clear print in English."""

    topic: str = ""
    style: str | None = None
    language: str | None = None
    discreet: bool | None = None
    palette: str | None = None
    sheet: str | None = None
    services: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    """The services among them that nobody put there: the member was told of them lately."""
    looks: tuple[ServiceLook, ...] = ()
    step: Step = field(default_factory=Step)
    copies: int = 1
    by_hand: tuple[str, ...] = ()
    """The fields above that the worker chose on the page: what only follows a record, or came from elsewhere, is not in it."""

    @property
    def adds(self) -> bool:
        """Whether there is anything on it beside the topic's own words."""
        return bool(self.services or self.step.wanted)

    @property
    def worth_keeping(self) -> bool:
        """Whether there is anything in it that would be missed."""
        return self.adds or bool(self.by_hand)

    def chosen(self, **choices: Any) -> Wish:
        """Return it with these fields as the worker chose them; ``None`` goes back to what follows the record."""
        kept = (name for name in self.by_hand if name not in choices)
        return replace(self, **choices, by_hand=(*kept, *(name for name, value in choices.items() if value is not None)))

    def without_choices(self) -> Wish:
        """Return what is on it alone: its services and the next step."""
        return Wish(services=self.services, unasked=self.unasked, looks=self.looks, step=self.step)

    def look_of(self, service: str) -> ServiceLook:
        """Return what of a service is printed."""
        return next((look for look in self.looks if look.service == service), ServiceLook(service))

    def as_draft(self) -> dict[str, Any]:
        """Return it as it is kept in the file until the leaflet is printed."""
        kept = asdict(self)
        for name in _LISTS:
            kept[name] = list(kept[name])
        kept["looks"] = [asdict(look) for look in self.looks]
        kept["step"]["on"] = self.step.on.isoformat() if self.step.on else None
        return kept


def wish_from_draft(kept: Any) -> Wish:
    """Return what was kept, or an empty wish when there is nothing, or nothing that can be read."""
    try:
        step = dict(kept["step"])
        step["on"] = date.fromisoformat(step["on"]) if step["on"] else None
        looks = tuple(ServiceLook(**look) for look in kept.get("looks", ()))
        lists = {name: tuple(str(each) for each in kept.get(name, ())) for name in _LISTS}
        return Wish(**{**kept, **lists, "step": Step(**step), "looks": looks, "copies": max(1, int(kept.get("copies", 1)))})
    except (TypeError, KeyError, ValueError):
        return Wish()


def formats_of(person: PersonRecord | None, library: Library) -> tuple[str, ...]:
    """Return the formats that a member asked for, as keys."""
    if person is None:
        return ()
    known = {entry.key: entry.group for entry in library.list("communication").entries}
    asked = [key for key in person.communication or () if known.get(key) == "Format"]
    return tuple(dict.fromkeys([*([person.leaflet_format] if person.leaflet_format else []), *asked]))


def style_of(printed: str, library: Library) -> str | None:
    """Return the style of what was printed: tallies name a style, or a format of the list in which people read."""
    entry = library.list("leaflet_formats").entry(printed) if printed else None
    return str(entry.more.get("style", "")) or None if entry is not None else printed or None


def language_of(person: PersonRecord | None) -> str:
    """Return the language that a member reads best; where that is not recorded, the one they speak."""
    return (person.written_language or person.spoken_language or "") if person is not None else ""


def reading_words(person: PersonRecord, library: Library) -> str:
    """Return in words how a member likes to read: ``large print, 18 point · Polish``."""
    format_words = ""
    if person.leaflet_format:
        entry = library.list("leaflet_formats").entry(person.leaflet_format)
        format_words = entry.words if entry else ""
    code = language_of(person)
    entry = library.list("languages").entry(code) if code else None
    return " · ".join(words for words in (format_words, entry.words if entry else "") if words)


def service_line(card: ServiceCard, look: ServiceLook) -> ServiceLine:
    """Return a service as it stands on a leaflet. When it was last checked is always said."""
    return ServiceLine(
        name=one_line(card.name),
        what=textwrap.shorten(card.description, _LONGEST, placeholder=" ...") if look.what else "",
        where=where_of(card) if look.where is None else one_line(look.where),
        telephone=one_line(card.telephone),
        cost=one_line(card.cost) if look.cost else "",
        opening=card.rules if look.hours else (),
        free=look.cost and (card.cost.strip(" .").casefold() == "free" or (not card.cost and bool(card.free))),
        last_checked=card.assured_on,
        web=card.url,
    )


def where_of(card: ServiceCard) -> str:
    """Return where a service is on one line, with its postcode once."""
    address = one_line(card.address)
    if not card.postcode or card.postcode in address:
        return address
    return ", ".join(part for part in (address, card.postcode) if part)


def one_line(words: str) -> str:
    """Return words that were typed or imported on several lines as one line: a comma stands where a line ended."""
    lines = [line for line in (" ".join(each.split()) for each in words.splitlines()) if line]
    go_on = [line if line[-1] in _ENDS else f"{line}," for line in lines[:-1]]
    return " ".join([*go_on, *lines[-1:]])


def next_step(step: Step, workers: Sequence[WorkerCard]) -> NextStep | None:
    """Return the next step for the leaflet, or nothing while there is nothing to say."""
    if not step.wanted:
        return None
    contact = next((worker.name for worker in workers if worker.id == step.worker), "")
    return NextStep(one_line(step.words), contact, step.on, one_line(step.telephone))


def order_for(
    wish: Wish, choice: Choice, sheet: str, discreet: bool, services: Sequence[ServiceCard], step: NextStep | None,
    library: Library, today: date, giver: Giver,
) -> LeafletOrder:  # fmt: skip
    """Return the order to the press."""
    return LeafletOrder(
        topic=wish.topic, printed_on=today, crisis=library.crisis, language=choice.language, style=choice.style,
        palette=choice.palette, sheet=sheet, discreet_cover=discreet, next_step=step,
        services=tuple(service_line(card, wish.look_of(card.id)) for card in services),
        service_name=giver.name, service_telephone=giver.telephone, service_address=giver.address,
    )  # fmt: skip


def file_name(title: str, style: str, *, discreet: bool, kind: str = ".pdf") -> str:
    """Return the name that is offered for the file: the topic's, never the person's, and nothing when it is discreet."""
    if discreet:
        return f"leaflet{kind}"
    plain = "-".join("".join(mark if mark.isalnum() else " " for mark in title.lower()).split())
    return f"{plain or 'leaflet'}-{style}{kind}"
