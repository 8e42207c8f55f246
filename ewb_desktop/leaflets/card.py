"""A card for the wallet as blocks: the crisis numbers in front, what is filled in by hand, who gives it and the next step."""

from __future__ import annotations

from dataclasses import replace

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, NewPage, Paragraph
from ewb_desktop.leaflets.catalogue import CARD, Leaflet
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.story import (
    ENGLISH,
    Story,
    crisis_checked,
    crisis_contacts,
    crisis_reach,
    fact,
    foreign,
    said,
    step_rows,
)
from ewb_desktop.leaflets.wording import Wording

_ON_A_FACE = 4
"""How many lines to write on have room under a heading on one face of a card."""


def tell_card(order: LeafletOrder, leaflet: Leaflet, words: Wording, english: Wording) -> Story:
    """Return the story of a card. Raises ``OrderError`` when there are no crisis contacts to put on it.

    A card has no QR code: one that a camera reads from creased paper needs some 30 mm, a third of the room on a face of
    95 x 68 mm, and would push a number off the front. Where life is in danger a number is rung; what more can be read stands
    on the leaflet in full size, with its code.
    """
    blocks: list[Block] = [Heading(1, said(words.say("crisis")))]
    contacts = crisis_contacts(order)
    blocks += [Paragraph(crisis_reach(contact, words), look="line") for contact in contacts]
    blocks.append(NewPage())
    if leaflet.format == CARD:
        blocks += _to_fill_in(leaflet)
    if order.service_name:
        blocks.append(Paragraph(said(order.service_name), foreign(ENGLISH, words.lang), look="lead"))
    step = order.next_step
    rows = step_rows(step, words) if step is not None else []
    if order.service_telephone and (step is None or not step.telephone):
        rows.append(fact(words, "telephone", order.service_telephone, "", bold=True))
    if rows:
        blocks.append(Facts(tuple(rows)))
    else:
        blocks.append(Paragraph(said(words.say("crisis_intro")), look="line"))
    blocks.append(Paragraph(said(crisis_checked(contacts, words)), look="line"))
    if not (leaflet.checked and words.checked):
        blocks.append(Paragraph(said(words.say("unchecked"), bold=True), look="line"))
        if words.lang != english.lang:
            blocks.append(Paragraph(said(english.say("unchecked")), english.lang, look="line"))
    hidden = order.discreet_cover
    title, author = (words.say("cover"), "") if hidden else (leaflet.title, order.service_name)
    return Story(words.lang, leaflet.title, title, author, discreet=hidden, blocks=tuple(blocks))


def _to_fill_in(leaflet: Leaflet) -> list[Block]:
    """Return the leaflet's title and the lines of its form, each with room for a pen, on as many faces as they need."""
    lines = [row[0] for block in leaflet.blocks if isinstance(block, Grid) and block.is_form for row in block.rows]
    blocks: list[Block] = [Heading(2, said(leaflet.title))]
    for number, line in enumerate(lines):
        if number and number % _ON_A_FACE == 0:
            blocks.append(NewPage())
        blocks.append(Paragraph(tuple(replace(span, bold=True) for span in line), look="write"))
    return [*blocks, NewPage()]
