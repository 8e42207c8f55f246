"""What a style means for each kind of text and panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ewb_desktop.leaflets.layout.panel_boxes import PanelLook
from ewb_desktop.leaflets.layout.text_box import TextLook
from ewb_desktop.leaflets.styles import Style


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one style."""

    headings: tuple[TextLook, TextLook, TextLook]
    paragraphs: Mapping[str, TextLook]
    point: TextLook
    cell: TextLook
    foot: TextLook

    @classmethod
    def of(cls, style: Style, air: float = 1.0) -> Looks:
        """Return the looks of ``style``, the spaces between blocks times ``air``. Lines stay as far apart as they are."""
        size = style.size
        gap = size * air
        text = TextLook(style.regular, style.bold, size, size * style.leading, style.ink, after=gap * 0.7)
        small = replace(text, size=style.small, line=style.small * style.leading, after=gap * 0.5)
        first, second, third = (
            TextLook(
                style.bold,
                style.bold,
                heading,
                heading * style.heading_leading,
                style.accent,
                before=gap * space,
                after=gap * follow,
                with_next=True,
            )
            for heading, space, follow in zip(style.headings, (0.0, 1.5, 1.0), (0.5, 0.5, 0.35), strict=True)
        )
        lead = replace(text, regular=style.bold, colour=style.accent, after=gap * 0.9, with_next=True)
        cover = replace(first, after=size * 2, with_next=False)
        return cls(
            (first, second, third),
            {
                "text": text,
                "small": small,
                "line": replace(text, after=gap * 0.3),
                "write": replace(text, after=gap * 0.25),
                "notice": replace(small, with_next=True),
                "lead": lead,
                "cover": cover,
            },
            replace(text, after=gap * 0.4),
            replace(text, after=0.0),
            replace(small, after=0.0),
        )


def panel_look(name: str, style: Style, air: float) -> PanelLook:
    """Return how the panel ``name`` ("frame", "tint" or "card") looks in ``style``, its spaces times ``air``."""
    size = style.size * air
    match name:
        case "frame":
            return PanelLook(padding=size * 1.1, frame=style.accent, space=size * 1.5)
        case "tint":
            return PanelLook(padding=size * 1.1, ground=style.tint, bar=style.accent, space=size * 1.2)
        case _:
            return PanelLook(padding=size * 0.6, rule=style.accent, space=size * 0.6)
