"""One order as blocks: the topic, the next step, the places, the crisis strip and what the leaflet says about itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ewb_desktop.domain.lists import CrisisContact
from ewb_desktop.leaflets.addresses import BadAddress, whole_address
from ewb_desktop.leaflets.blocks import Block, Fact, Facts, Heading, NewPage, Panel, Paragraph, Picture, Spans, WebCode
from ewb_desktop.leaflets.catalogue import CRISIS, MACHINE_DRAFT, Leaflet
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.hours import opening_spans
from ewb_desktop.leaflets.order import UNNAMED, LeafletOrder, NextStep, ServiceLine
from ewb_desktop.leaflets.text.numbers import set_plainly
from ewb_desktop.leaflets.text.spans import Span, keep_numbers_whole, plain, shown_address
from ewb_desktop.leaflets.wording import Wording

ENGLISH = "en"
NHS = "https://www.nhs.uk/mental-health/"
"""Where more can be read of what has no page of its own."""
_STOP = re.compile(r"\.(?:\s|$)|[。।۔]")
"""The end of a sentence in any of the scripts there are."""

_TELEPHONE = re.compile(r"\(?\+?[\d\s().\u2010-\u2015-]{3,}")
"""A field that holds one telephone number and nothing else."""
_DIALLED = re.compile(r"(?<=\d)\s?\(0\)|[^\d+]")
"""What is not dialled: all but the figures, and the nought in brackets of +44 (0)161, which is dialled without the +44 only."""
_LONGEST_NUMBER = len("+") + 15
"""The most signs of what is dialled (ITU-T E.164)."""
_TEXTED = re.compile(r"Text (\w+) to ")
"""How the list tells that a contact is reached by a text message, and with which word."""


@dataclass(frozen=True, slots=True)
class Story:
    """All that stands on the paper in reading order. ``file_title`` is what a viewer shows; it is neutral if discreet."""

    lang: str
    title: str
    file_title: str
    author: str
    discreet: bool
    blocks: tuple[Block, ...]


def tell(
    order: LeafletOrder, leaflet: Leaflet, words: Wording, english: Wording, logo: Picture | None = None
) -> Story:  # fmt: skip
    """Return the story of ``order``. Raises ``OrderError`` when it has no crisis contacts: every leaflet carries them.

    The ``logo`` stands at the head, and nowhere in a discreet leaflet: it would be known from afar.
    """
    contacts = crisis_contacts(order)
    blocks: list[Block] = []
    if order.discreet_cover:
        blocks += _cover(words)
    elif logo is not None:
        blocks.append(logo)
    blocks.append(Paragraph(said(order.service_name or UNNAMED), foreign(ENGLISH, words.lang), look="lead"))
    blocks.append(leaflet.blocks[0])
    if not (leaflet.checked and words.checked):
        blocks += _unchecked(words, english, small=leaflet.crisis_first)
    if leaflet.crisis_first:
        blocks.append(_crisis(contacts, words))
    blocks += leaflet.blocks[1:]
    if order.services:
        blocks += _places(order.services, words)
    if order.next_step is not None:
        blocks.append(_next_step(order.next_step, words))
    if not leaflet.crisis_first:
        blocks.append(_crisis(contacts, words))
    address = leaflet.address or order.service_address or NHS
    if leaflet.id == CRISIS:  # it is one page: its head alone names the sources, and the rest stands beside the code
        blocks.append(_more(address, words, _ask(order, words), _days(order, leaflet, words)))
    else:
        blocks += [_more(address, words), *_about(order, leaflet, words)]
    return Story(
        words.lang,
        leaflet.title,
        words.say("cover") if order.discreet_cover else leaflet.title,
        "" if order.discreet_cover else order.service_name or UNNAMED,
        order.discreet_cover,
        tuple(blocks),
    )


def _cover(words: Wording) -> list[Block]:
    """Return a page that says neither who it is from nor what is inside: whoever finds it learns nothing."""
    return [Paragraph(said(words.say("cover")), look="cover"), Panel("tint", (Paragraph(said(words.say("ask"))),)), NewPage()]


def _unchecked(words: Wording, english: Wording, *, small: bool) -> list[Block]:
    """Return what says in both languages that nobody has checked the translation.

    ``small``, it is two lines under the title: the numbers that follow begin on the first page in the largest print too.
    """
    look = "notice" if small else "text"
    told = [Paragraph(said(words.say("unchecked"), bold=True), look=look)]
    if words.lang != english.lang:
        told.append(Paragraph(said(english.say("unchecked")), english.lang, look=look))
    return [*told] if small else [Panel("tint", tuple(told))]


def _places(services: Sequence[ServiceLine], words: Wording) -> list[Block]:
    blocks: list[Block] = [Heading(2, said(words.say("places")))]
    if any(service.lang != words.lang for service in services):
        blocks.append(Paragraph(said(words.say("in_english")), look="notice"))
    for service in services:
        lang = foreign(service.lang, words.lang)
        card: list[Block] = [Heading(3, said(service.name), lang)]
        card += (Paragraph(said(line), lang) for line in service.what.splitlines())
        rows = _rows(service, words, lang)
        if service.telephone:
            rows.append(fact(words, "telephone", service.telephone, lang, bold=True))
        rows += _web(service, words)
        if rows:
            card.append(Facts(tuple(rows)))
        day = service.last_checked
        checked = words.say("checked", date=words.day(day)) if day else words.say("never_checked")
        if service.telephone:
            checked += " " + words.say("ring_first")
        card.append(Paragraph(said(checked), look="small"))
        blocks.append(Panel("card", tuple(card)))
    return blocks


def _rows(service: ServiceLine, words: Wording, lang: str) -> list[Fact]:
    """Return when, where and what it costs; what the program says itself is in the leaflet's language."""
    rows: list[Fact] = []
    if service.opening:
        rows.append(Fact(said(words.say("when"), bold=True), opening_spans(service.opening, words, lang)))
    elif service.when:
        rows.append(fact(words, "when", service.when, lang))
    if service.where:
        rows.append(fact(words, "where", service.where, lang))
    if service.free:
        rows.append(fact(words, "cost", words.say("free"), ""))
    elif service.cost:
        rows.append(fact(words, "cost", service.cost, lang))
    return rows


def _web(service: ServiceLine, words: Wording) -> list[Fact]:
    """Return the page of a service, as people type it and marked as a link; nothing for what is no address.

    It is of no language but written as English is, so it stands by itself in what is read from the right. The stroke at its end
    is not shown: it opens the same page without, and in plain text it would go astray.
    """
    try:
        address = whole_address(service.web)
    except BadAddress:
        return []
    shown = shown_address(address).rstrip("/")
    return [Fact(said(words.say("web"), bold=True), (Span(shown, link=address, lang=foreign(ENGLISH, words.lang)),))]


def _next_step(step: NextStep, words: Wording) -> Panel:
    lang = foreign(step.lang, words.lang)
    blocks: list[Block] = [Heading(2, said(words.say("next_step")))]
    blocks += (Paragraph(said(line), lang) for line in step.words.splitlines())
    blocks.append(Facts(tuple(step_rows(step, words))))
    return Panel("tint", tuple(blocks))


def step_rows(step: NextStep, words: Wording) -> list[Fact]:
    """Return whom to ask for, on which day, and how to reach them."""
    rows = [fact(words, "contact", step.contact, "", bold=True)]
    if step.on:
        rows.append(fact(words, "on", words.day(step.on), "", bold=True))
    if step.telephone:
        rows.append(fact(words, "telephone", step.telephone, foreign(step.lang, words.lang), bold=True))
    return rows


def crisis_contacts(order: LeafletOrder) -> Sequence[CrisisContact]:
    """Return the contacts that are printed. Raises ``OrderError`` when there are none: every leaflet carries them."""
    if not order.crisis:
        raise OrderError(
            "This leaflet would carry no crisis numbers, so it was not made. Ask for the list of crisis contacts to be put back."
        )
    return [contact for contact in order.crisis if contact.first] or order.crisis


def crisis_checked(contacts: Sequence[CrisisContact], words: Wording) -> str:
    """Say when the crisis numbers were checked: the oldest check counts, and one that is missing is said."""
    days = [contact.checked_on for contact in contacts if contact.checked_on is not None]
    known = len(days) == len(contacts)
    return words.say("crisis_checked", date=words.day(min(days))) if known else words.say("crisis_never_checked")


def crisis_reach(contact: CrisisContact, words: Wording) -> Spans:
    """Return in one sentence how to reach a contact, for where there is no room for more."""
    line = _crisis_line(contact, words, short=True)
    if contact.number in plain(line.label):
        return line.value
    (name,) = line.label
    return (replace(name, text=f"{name.text}: "), *line.value)


def _crisis(contacts: Sequence[CrisisContact], words: Wording) -> Panel:
    """Return the crisis strip, the numbers before all else. They come from the checked list only; a translation has a place for
    them.
    """
    return Panel(
        "frame",
        (
            Heading(2, said(words.say("crisis"))),
            Facts(tuple(_crisis_line(contact, words) for contact in contacts)),
            Paragraph(said(words.say("crisis_intro"))),
            Paragraph(said(crisis_checked(contacts, words)), look="small"),
        ),
    )


def _crisis_line(contact: CrisisContact, words: Wording, *, short: bool = False) -> Fact:
    """Return one contact, its number in bold. A reach without the number has it added at the end.

    ``short`` leaves out all but the first sentence.
    """
    translated = words.crisis.get(contact.key, {})
    english = foreign(ENGLISH, words.lang)
    lang = "" if "reach" in translated else english
    reach = translated.get("reach", contact.how).replace("{number}", contact.number)
    if contact.number not in reach:
        reach = f"{reach} {contact.number}"
    before, _, after = reach.partition(contact.number)
    told = _STOP.split(after)[0].rstrip(" .") if short else _sentence(after, translated.get("when", contact.when))
    parts = (
        Span(keep_numbers_whole(before), lang=lang),
        Span(keep_numbers_whole(contact.number), bold=True, lang=lang, call=call(contact)),
        Span(keep_numbers_whole(told), lang=lang),
    )
    name = translated.get("name", contact.name).replace("{number}", contact.number)
    label = Span(keep_numbers_whole(name), bold=True, lang="" if "name" in translated else english)
    return Fact((label,), tuple(part for part in parts if part.text))


def call(contact: CrisisContact) -> str:
    """Return what a telephone does to reach a contact: it rings, or writes the word that the contact asks for."""
    number = _DIALLED.sub("", contact.number)
    text = _TEXTED.match(contact.how)
    return f"sms:{number}?body={text.group(1)}" if text else f"tel:{number}"


def _more(address: str, words: Wording, *about: Paragraph) -> WebCode:
    """Return the page on which more can be read: a code to point a camera at, and the address to type.

    What the leaflet says ``about`` itself stands under the address, in the place of a heading over it, where there is no room for
    a part of its own.
    """
    head = () if about else (Paragraph(said(words.say("more"), bold=True), look="line"),)
    english = foreign(ENGLISH, words.lang)
    page = words.say("page_in_english") if english else ""
    scan = Paragraph(said(f"{page} {words.say('scan')}".strip()), look="line")
    link = Paragraph((Span(shown_address(address), link=address, lang=english),), look="line")
    typed = (*head, *([Paragraph(said(page), look="line")] if page else []), link)
    return WebCode(address, words.say("code", address=shown_address(address)), (*head, scan, link, *about), (*typed, *about))


def _about(order: LeafletOrder, leaflet: Leaflet, words: Wording) -> list[Block]:
    sources = (*said(words.say("sources") + " "), Span("; ".join(leaflet.sources) + ".", lang=foreign(ENGLISH, words.lang)))
    return [
        Heading(2, said(words.say("about"))),
        _ask(order, words),
        _days(order, leaflet, words),
        Paragraph(sources, look="small"),
    ]


def _days(order: LeafletOrder, leaflet: Leaflet, words: Wording) -> Paragraph:
    """Return how old the leaflet is, and who else made it."""
    days = words.say("version", version=leaflet.version, date=words.day(leaflet.date), review=words.day(leaflet.review))
    lines = [days, words.say("printed", date=words.day(order.printed_on))]
    if leaflet.translator:
        drafted = leaflet.translator == MACHINE_DRAFT
        lines.append(words.say("machine_draft") if drafted else words.say("translator", translator=leaflet.translator))
    if leaflet.credit:
        lines.append(words.say("pictures", credit=leaflet.credit))
    return Paragraph(said(" ".join(lines)), look="small")


def _ask(order: LeafletOrder, words: Wording) -> Paragraph:
    """Return what to ask for, and by which telephone where one is known."""
    ask = words.say("ask")
    if order.service_telephone:
        ask += " " + words.say("ask_by_phone", telephone=order.service_telephone)
    return Paragraph(said(ask, bold=True))


def fact(words: Wording, label: str, value: str, lang: str, *, bold: bool = False) -> Fact:
    """Return a labelled value; ``lang`` is the value's language where it is not the leaflet's."""
    number = _DIALLED.sub("", set_plainly(value)) if label == "telephone" and _TELEPHONE.fullmatch(value.strip()) else ""
    lang = "" if number else lang  # figures are of no language
    if len(number) > _LONGEST_NUMBER:  # two numbers in one field are read, and not dialled as one
        number = ""
    span = Span(keep_numbers_whole(value), bold, lang=lang, call=f"tel:{number}" if number else "")
    return Fact(said(words.say(label), bold=True), (span,))


def said(text: str, *, bold: bool = False) -> Spans:
    """Return ``text`` as it is printed, its numbers whole."""
    return (Span(keep_numbers_whole(text), bold),)


def foreign(lang: str, around: str) -> str:
    """Return ``lang`` where it differs from the language around it, else nothing."""
    return lang if lang != around else ""


def _sentence(after: str, when: str) -> str:
    told = [after.rstrip(), *([when.rstrip()] if when else [])]
    return " ".join(part if _STOP.search(part[-1:]) else f"{part}." for part in told)
