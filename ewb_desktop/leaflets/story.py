"""One order as blocks: the topic, the next step, the places, the crisis strip and what the leaflet says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ewb_desktop.domain.lists import CrisisContact
from ewb_desktop.leaflets.blocks import Block, Fact, Facts, Heading, NewPage, Panel, Paragraph, Spans
from ewb_desktop.leaflets.catalogue import Leaflet
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.hours import opening_spans
from ewb_desktop.leaflets.order import UNNAMED, LeafletOrder, NextStep, ServiceLine
from ewb_desktop.leaflets.text.spans import Span, keep_numbers_whole
from ewb_desktop.leaflets.wording import Wording

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Story:
    """All that stands on the paper in reading order. ``file_title`` is what a viewer shows; it is neutral if discreet."""

    lang: str
    title: str
    file_title: str
    author: str
    discreet: bool
    blocks: tuple[Block, ...]


def tell(order: LeafletOrder, leaflet: Leaflet, words: Wording, english: Wording) -> Story:
    """Return the story of ``order``. Raises ``OrderError`` when it has no crisis contacts: every leaflet carries them."""
    if not order.crisis:
        raise OrderError(
            "This leaflet would carry no crisis numbers, so it was not made. Ask for the list of crisis contacts to be put back."
        )
    blocks: list[Block] = []
    if order.discreet_cover:
        blocks += _cover(order, words)
    else:
        blocks.append(Paragraph(_said(order.service_name or UNNAMED), _foreign(ENGLISH, words.lang), look="lead"))
    blocks.append(leaflet.blocks[0])
    if not (leaflet.checked and words.checked):
        notice = [Paragraph(_said(words.say("unchecked"), bold=True))]
        if words.lang != english.lang:
            notice.append(Paragraph(_said(english.say("unchecked")), english.lang))
        blocks.append(Panel("tint", tuple(notice)))
    blocks += leaflet.blocks[1:]
    if order.services:
        blocks += _places(order.services, words)
    if order.next_step is not None:
        blocks.append(_next_step(order.next_step, words))
    blocks.append(_crisis(order.crisis, words))
    blocks += _about(order, leaflet, words)
    return Story(
        words.lang,
        leaflet.title,
        words.say("cover") if order.discreet_cover else leaflet.title,
        "" if order.discreet_cover else order.service_name or UNNAMED,
        order.discreet_cover,
        tuple(blocks),
    )


def _cover(order: LeafletOrder, words: Wording) -> list[Block]:
    """Return a page that says who it is from and how to reach them, and nothing of what is inside."""
    blocks: list[Block] = [Paragraph(_said(words.say("cover")), look="cover")]
    if order.service_name:
        blocks.append(Paragraph(_said(order.service_name), _foreign(ENGLISH, words.lang), look="from"))
    reach: list[Block] = [Paragraph(_said(words.say("ask")))]
    if order.service_telephone:
        reach.insert(0, Facts((_fact(words, "telephone", order.service_telephone, "", bold=True),)))
    return [*blocks, Panel("tint", tuple(reach)), NewPage()]


def _places(services: Sequence[ServiceLine], words: Wording) -> list[Block]:
    blocks: list[Block] = [Heading(2, _said(words.say("places")))]
    if any(service.lang != words.lang for service in services):
        blocks.append(Paragraph(_said(words.say("in_english")), look="notice"))
    for service in services:
        lang = _foreign(service.lang, words.lang)
        card: list[Block] = [Heading(3, _said(service.name), lang)]
        if service.what:
            card.append(Paragraph(_said(service.what), lang))
        rows = _rows(service, words, lang)
        if service.telephone:
            rows.append(_fact(words, "telephone", service.telephone, "", bold=True))
        if rows:
            card.append(Facts(tuple(rows)))
        day = service.last_checked
        checked = words.say("checked", date=words.day(day)) if day else words.say("never_checked")
        if service.telephone:
            checked += " " + words.say("ring_first")
        card.append(Paragraph(_said(checked), look="small"))
        blocks.append(Panel("card", tuple(card)))
    return blocks


def _rows(service: ServiceLine, words: Wording, lang: str) -> list[Fact]:
    """Return when, where and what it costs; what the program says itself is in the leaflet's language."""
    rows: list[Fact] = []
    if service.opening:
        rows.append(Fact(_said(words.say("when"), bold=True), opening_spans(service.opening, words, lang)))
    elif service.when:
        rows.append(_fact(words, "when", service.when, lang))
    if service.where:
        rows.append(_fact(words, "where", service.where, lang))
    if service.free:
        rows.append(_fact(words, "cost", words.say("free"), ""))
    elif service.cost:
        rows.append(_fact(words, "cost", service.cost, lang))
    return rows


def _next_step(step: NextStep, words: Wording) -> Panel:
    lang = _foreign(step.lang, words.lang)
    blocks: list[Block] = [Heading(2, _said(words.say("next_step"))), Paragraph(_said(step.words), lang)]
    rows = [_fact(words, "contact", step.contact, "", bold=True)]
    if step.on:
        rows.append(_fact(words, "on", words.day(step.on), "", bold=True))
    if step.telephone:
        rows.append(_fact(words, "telephone", step.telephone, "", bold=True))
    blocks.append(Facts(tuple(rows)))
    return Panel("tint", tuple(blocks))


def _crisis(contacts: Sequence[CrisisContact], words: Wording) -> Panel:
    """Return the crisis strip. Numbers come from the checked list only; a translation has a place for them."""
    contacts = [contact for contact in contacts if contact.first] or contacts
    days = [contact.checked_on for contact in contacts if contact.checked_on is not None]
    known = len(days) == len(contacts)
    checked = words.say("crisis_checked", date=words.day(min(days))) if known else words.say("crisis_never_checked")
    return Panel(
        "frame",
        (
            Heading(2, _said(words.say("crisis"))),
            Paragraph(_said(words.say("crisis_intro"))),
            Facts(tuple(_crisis_line(contact, words) for contact in contacts)),
            Paragraph(_said(checked), look="small"),
        ),
    )


def _crisis_line(contact: CrisisContact, words: Wording) -> Fact:
    """Return one contact, its number in bold. A reach without the number has it added at the end."""
    translated = words.crisis.get(contact.key, {})
    foreign = _foreign(ENGLISH, words.lang)
    lang = "" if "reach" in translated else foreign
    reach = translated.get("reach", contact.how).replace("{number}", contact.number)
    if contact.number not in reach:
        reach = f"{reach} {contact.number}"
    before, _, after = reach.partition(contact.number)
    parts = (
        Span(keep_numbers_whole(before), lang=lang),
        Span(keep_numbers_whole(contact.number), bold=True, lang=lang),
        Span(keep_numbers_whole(_sentence(after, translated.get("when", contact.when))), lang=lang),
    )
    label = Span(translated.get("name", contact.name), bold=True, lang="" if "name" in translated else foreign)
    return Fact((label,), tuple(part for part in parts if part.text))


def _about(order: LeafletOrder, leaflet: Leaflet, words: Wording) -> list[Block]:
    days = words.say("version", version=leaflet.version, date=words.day(leaflet.date), review=words.day(leaflet.review))
    lines = [days, words.say("printed", date=words.day(order.printed_on))]
    if leaflet.translator:
        lines.append(words.say("translator", translator=leaflet.translator))
    lang = _foreign(ENGLISH, words.lang)
    return [
        Heading(2, _said(words.say("about"))),
        Paragraph(_said(_ask(order, words), bold=True)),
        Paragraph(_said(" ".join(lines)), look="small"),
        Paragraph((*_said(words.say("sources") + " "), Span("; ".join(leaflet.sources) + ".", lang=lang)), look="small"),
    ]


def _ask(order: LeafletOrder, words: Wording) -> str:
    """Return what to ask for, and by which telephone where one is known."""
    ask = words.say("ask")
    if order.service_telephone:
        ask += " " + words.say("ask_by_phone", telephone=order.service_telephone)
    return ask


def _fact(words: Wording, label: str, value: str, lang: str, *, bold: bool = False) -> Fact:
    return Fact(_said(words.say(label), bold=True), (Span(keep_numbers_whole(value), bold, lang=lang),))


def _said(text: str, *, bold: bool = False) -> Spans:
    return (Span(keep_numbers_whole(text), bold),)


def _foreign(lang: str, around: str) -> str:
    """Return ``lang`` where it differs from the language around it, else nothing."""
    return lang if lang != around else ""


def _sentence(after: str, when: str) -> str:
    end = "" if after.rstrip().endswith(".") else "."
    if not when:
        return f"{after.rstrip()}{end}"
    stop = "" if when.endswith(".") else "."
    return f"{after.rstrip()}{end} {when}{stop}"
