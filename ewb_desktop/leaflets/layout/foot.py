"""The foot of every page: what is read and on which page, clear of the paper's edge in every script."""

from __future__ import annotations

from ewb_desktop.leaflets.layout.looks import Looks
from ewb_desktop.leaflets.layout.text_box import TextBox
from ewb_desktop.leaflets.styles import Style
from ewb_desktop.leaflets.tagging.page import Page
from ewb_desktop.leaflets.text.spans import Span
from ewb_desktop.leaflets.wording import Wording

_GAP = 12.0
"""The most empty paper between the text and the line over the foot, in points: a printer leaves the paper's edge blank."""
_THICKNESS = 0.75
_EDGE = 12.0
"""What many printers leave blank at the paper's edge, in points."""
_ASCENT, _DESCENT = 0.8, 0.6
"""Where the baseline stands from the top of the size, and how far letters reach below it, in sizes."""
_MORE = "…"


def draw_foot(page: Page, style: Style, words: Wording, title: str, number: str) -> None:
    """Draw ``title`` where lines begin and ``number`` where they end. A title that would reach the number is cut at a word."""
    look = Looks.of(style).foot
    top = style.page[1] - style.foot + min(style.size * 0.9, _GAP)
    line = top
    top += style.small * 0.25

    def box(text: str, *, at_end: bool) -> TextBox:
        side = at_end is not words.right_to_left
        return TextBox((Span(text),), look, None, words.lang, right_to_left=words.right_to_left, from_right=side)

    last = box(number, at_end=True)
    room = style.measure - last.natural_width() - style.small
    first = box(title, at_end=False)
    left = title.split()
    while left and first.natural_width() > room:
        left.pop()
        first = box(" ".join(left) + _MORE, at_end=False)
    # high lines of some scripts would push the foot off the paper, or reach over the line: they move as far as there is room
    high = last.measure(style.measure)
    baseline = style.page[1] - top - (high - look.size) / 2 - look.size * _ASCENT
    spare = high - look.line
    raised = min(max(_EDGE + look.size * _DESCENT - baseline, -spare / 4), spare / 2)
    page.fill(style.side, line - min(max(raised, 0.0), _GAP - 2), style.measure, _THICKNESS, style.accent)
    for each in (first, last) if left else (last,):
        each.draw(page, style.side, top - raised, style.measure)
