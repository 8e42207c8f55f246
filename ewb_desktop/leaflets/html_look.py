"""How a leaflet looks in HTML: the sizes, line heights and colours of its style, and faces that are there on most machines."""

from __future__ import annotations

import re

from ewb_desktop.leaflets.palettes import Colour
from ewb_desktop.leaflets.styles import Style
from ewb_desktop.leaflets.text.faces import Face
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT

_OTHER_FACES = "sans-serif"
_CODE = "2.8cm"
_WIDE = 66
"""The most characters of a line, as on paper."""


def sheet_of_looks(style: Style, lang: str) -> str:
    """Return the style sheet of a leaflet in ``lang``. Sizes are in points and grow with the reader's own zoom."""
    leading = max(style.leading, style.regular.leading(lang))
    first, second, third = style.headings
    ink, paper, accent, tint = map(_colour, (style.ink, style.paper, style.accent, style.tint))
    named = ", ".join((*(f'"{_family(face)}"' for face in style.regular.asked(lang)), _OTHER_FACES))
    # English in a leaflet that is read from the right stands on the right too, though its words run from the left
    side = "right" if lang in RIGHT_TO_LEFT else "start"
    rules = (
        ("html", f"background: {paper}; color: {ink}"),
        (
            "body",
            f"margin: 0; padding: 1em; font-family: {named}; font-size: {style.size:g}pt; line-height: {leading:g}",
        ),
        ("body", f"text-align: {side}; hyphens: none; overflow-wrap: anywhere"),
        ("main", f"max-width: {_WIDE * 0.55:g}em; margin: 0 auto"),
        ("h1, h2, h3", f"color: {accent}; line-height: {max(style.heading_leading, leading * 0.85):g}; margin: 1.2em 0 0.4em"),
        ("h1", f"font-size: {first:g}pt; margin-top: 0.4em"),
        ("h2", f"font-size: {second:g}pt"),
        ("h3", f"font-size: {third:g}pt"),
        ("p, ul, ol, table", "margin: 0 0 0.7em"),
        ("ul, ol", "padding-inline-start: 1.6em"),
        ("li", "margin-bottom: 0.4em"),
        ("a", f"color: {accent}"),
        ("bdi", "white-space: nowrap"),
        ("a:focus-visible", f"outline: 3px solid {accent}; outline-offset: 2px"),
        (".small, .notice", f"font-size: {style.small:g}pt"),
        (".lead", f"color: {accent}; font-weight: bold"),
        (".write", f"border-bottom: 1px solid {accent}; padding-bottom: 2.1em"),
        (".cover", f"font-size: {first:g}pt; color: {accent}; font-weight: bold; line-height: {leading:g}"),
        (".frame, .tint, .card", "margin: 1.2em 0; padding: 0.8em 1em"),
        (".frame", f"border: 2pt solid {accent}"),
        (".tint", f"background: {tint}; border-inline-start: 5pt solid {accent}"),
        (".card", f"border-top: 1pt solid {accent}; padding-inline: 0"),
        (".frame > :first-child, .tint > :first-child, .card > :first-child", "margin-top: 0"),
        (".page", f"border-top: 1pt solid {accent}; margin: 1.5em 0"),
        ("table", "border-collapse: collapse; width: 100%"),
        ("th, td", f"text-align: {side}; vertical-align: top; padding: 0.3em 0; padding-inline-end: 0.8em"),
        (".facts th", "width: 30%"),
        (".grid th, .grid td, .form th, .form td", f"border-bottom: 1px solid {accent}"),
        (".form tbody th, .form td", "height: 3.2em"),
        (".form th:first-child", "width: 38%"),
        ("img", "max-width: 100%; max-height: 20em; background: #ffffff"),
        (".beside", "display: flex; flex-wrap: wrap; gap: 1.2em; align-items: center; margin: 1em 0"),
        (".code", f"width: {_CODE}; height: {_CODE}; fill: #000000; shape-rendering: crispEdges"),
        (".logo", "max-height: 4em"),
        (".beside > img", "width: 20%; min-width: 5em"),
        (".beside > div", "flex: 1; min-width: 12em"),
    )
    return "".join(f"{where} {{ {what} }}\n" for where, what in rules)


def _family(face: Face) -> str:
    """Return the name under which a machine may have ``face``: AtkinsonHyperlegibleNext-400Regular has spaces there."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", face.name.split("-")[0])


def _colour(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
