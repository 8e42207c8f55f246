"""One picture of each script, format, colour and paper that leaflets come in, and sheets with all of them side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.preview import page_images
from tests.support.leaflet_orders import DEBT, RESOURCES, an_order

_WIDTH = 1000
_SMALL = 380
_ACROSS = 4
_TOPIC = "worry-and-anxiety"


def draw_leaflets(folder: Path) -> int:
    """Leave the pictures, the files and an HTML leaflet in ``folder``; return how many kinds there are."""
    press = Press.open(RESOURCES)
    folder.mkdir(parents=True, exist_ok=True)
    sheets: dict[str, list[tuple[str, Image.Image]]] = {}
    for group, name, order in _kinds(press):
        rendered = press.render(order)
        (folder / f"{group}-{name}.pdf").write_bytes(rendered.pdf)
        pages = page_images(rendered.pdf, _WIDTH)
        # the first page of a discreet leaflet says nothing, and the last has the crisis numbers
        for number in sorted({1, len(pages)} | ({2} if order.discreet_cover else set())):
            png = pages[number - 1].png()
            (folder / f"{group}-{name}-page-{number}.png").write_bytes(png)
            with Image.open(BytesIO(png)) as picture:
                sheets.setdefault(group, []).append((f"{name}, page {number}", picture.convert("RGB")))
    for group, pictures in sheets.items():
        _contact_sheet(pictures).save(folder / f"all-{group}.png")
    (folder / "for-e-mail.html").write_text(press.html(an_order(services=(DEBT,))), encoding="utf-8")
    return sum(1 for _ in _kinds(press))


def _kinds(press: Press) -> Iterator[tuple[str, str, LeafletOrder]]:
    for language in press.wordings.languages():
        yield "script", language, an_order(_TOPIC, language)
    for style in press.styles.values():
        topic = _TOPIC if not style.topics else style.topics[0]
        cards = "a4" not in style.sheets
        yield "format", style.id, replace(an_order(topic, style=style.id), sheet=style.sheets[0] if cards else "a4")
    for palette in press.palettes:
        yield "colour", palette, replace(an_order(_TOPIC), palette=palette)
    for sheet in press.sheets.values():
        if not sheet.cards:
            yield "paper", sheet.id, replace(an_order(_TOPIC), sheet=sheet.id)
    yield "paper", "discreet", an_order(_TOPIC, discreet=True)


def _contact_sheet(pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    """Return all ``pictures`` on one, each with its name under it."""
    small = [(name, picture.resize((_SMALL, picture.height * _SMALL // picture.width))) for name, picture in pictures]
    rows = [small[start : start + _ACROSS] for start in range(0, len(small), _ACROSS)]
    heights = [max(picture.height for _, picture in row) + 40 for row in rows]
    sheet = Image.new("RGB", ((_SMALL + 20) * _ACROSS + 20, sum(heights) + 20), "#8090A0")
    brush = ImageDraw.Draw(sheet)
    top = 20
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            left = 20 + column * (_SMALL + 20)
            sheet.paste(picture, (left, top))
            brush.text((left, top + picture.height + 4), name, fill="white", font_size=16)
        top += height
    return sheet
