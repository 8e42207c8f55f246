"""The sheet of paper with a recovery key: the groups in columns under their numbers, and what they are for. It names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ewb_desktop.leaflets.blocks import Block, Grid, Heading, Panel, Paragraph, Points
from ewb_desktop.leaflets.story import ENGLISH, Story
from ewb_desktop.leaflets.text.spans import Span
from ewb_desktop.leaflets.wording import Wording

TITLE = "Recovery key"

_GROUPS_ON_A_LINE = 4
_RULES = (
    "Keep this paper away from the laptop: at home, or in your lead's safe.",
    "To use it, choose “I cannot get in” on the lock screen and type the groups in their order.",
    "On a new laptop, choose “Bring back a backup”.",
    "If somebody else may have seen it, make a new key in Settings. Then destroy this paper.",
)


def tell_key(groups: Sequence[str], printed_on: date, words: Wording) -> Story:
    """Return the story of the sheet for the ``groups`` of a recovery key."""
    numbered = [(Span(f"Group {number}"), Span(group, bold=True)) for number, group in enumerate(groups, 1)]
    lines = [numbered[start : start + _GROUPS_ON_A_LINE] for start in range(0, len(numbered), _GROUPS_ON_A_LINE)]
    key = Panel(
        "frame",
        tuple(Grid(tuple((number,) for number, _ in line), (tuple((group,) for _, group in line),)) for line in lines),
    )
    blocks: tuple[Block, ...] = (
        Heading(1, (Span(TITLE),)),
        Paragraph((Span("This key opens one worker's part of a laptop with EWB Desktop when the passphrase is forgotten."),)),
        key,
        Points(tuple((Span(rule),) for rule in _RULES)),
        Paragraph((Span(words.say("printed", date=words.day(printed_on))),), look="small"),
    )
    return Story(ENGLISH, TITLE, TITLE, "", discreet=False, blocks=blocks)
