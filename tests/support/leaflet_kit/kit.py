"""Every check of one finished leaflet. A fault is a sentence that begins with the kind of check that saw it."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import page as page_validation
import pikepdf
import pypdf
import pypdfium2
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

from ewb_desktop.leaflets.blocks import WebCode
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.palettes import LEAST_CONTRAST, contrast
from ewb_desktop.leaflets.press import _TAGS, Press
from ewb_desktop.leaflets.sheets import Sheet
from ewb_desktop.leaflets.story import Story, crisis_contacts
from ewb_desktop.leaflets.styles import FLOOR, LARGE, Style
from ewb_desktop.leaflets.text.spans import shown_address
from ewb_desktop.leaflets.wording import Wording
from tests.support.leaflet_kit.drawn import Area, Drawn, Run, Shape, read_drawing, shape_of
from tests.support.leaflet_kit.told import heard, links, told
from tests.support.leaflet_orders import RESOURCES
from tests.support.tags import Tagged, flat, read_tags

_FILE_NAME = re.compile(r"\.\w{2,4}$|_|\d{3}")
_NUMBER = re.compile(r"(?<![\w/])\+?\d(?:(?:[ ()/\u2010-\u2015-]|\.(?! )){0,3}\d){4,}(?!\w)")
"""Figures that may be a telephone number, in what is told: found by itself, and not as the program finds them."""
_WORDED = frozenset(("H1", "H2", "H3", "P", "Lbl", "LBody"))
_LEADS = re.compile(r"(?:https?://|mailto:|tel:)\S")
_BRITISH = re.compile(r"^\(?(\+44|0044)\)?\s?\(0")
_EDGE = 12
"""What many printers leave blank at the paper's edge, in points."""
_SLACK = 0.6
"""Points by which a letter's advance may pass an edge without ink doing so."""


@dataclass(frozen=True)
class Expected:
    """What was ordered, worked out without the file: ``style`` is already on its paper and in its colours."""

    story: Story
    words: Wording
    style: Style
    sheet: Sheet
    lang: str
    numbers: tuple[str, ...]
    addresses: tuple[str, ...]
    code: str


def expected(press: Press, order: LeafletOrder) -> Expected:
    """Return what the leaflet of ``order`` must hold."""
    story, words = press._story(order)
    sheet = press.sheets[order.sheet]
    numbers = [contact.number for contact in crisis_contacts(order)]
    addresses: list[str] = []
    if order.next_step is not None:
        numbers.append(order.next_step.telephone)
    if not sheet.cards:
        numbers += [order.service_telephone, *(service.telephone for service in order.services)]
        addresses = [service.where for service in order.services]
    style = press.styles[order.style].on(sheet, press.palettes[order.palette])
    code = "" if sheet.cards else next((block.address for block in story.blocks if isinstance(block, WebCode)), "")
    addresses.append(shown_address(code))
    lang = _TAGS.get(story.lang, story.lang)
    for part in told(story.blocks, lang):
        numbers += (number for number in _numbers(part.text) if number not in numbers)
    figures = tuple(set_from_right(flat(number)) if words.right_to_left else flat(number) for number in numbers if number)
    return Expected(story, words, style, sheet, lang, figures, tuple(filter(None, addresses)), code)


def _numbers(text: str) -> Iterator[str]:
    """Yield figures that may be a telephone number, without a note in brackets that begins behind them."""
    for found in _NUMBER.findall(text):
        number = found if found.count("(") <= found.count(")") else found.rpartition("(")[0].rstrip()
        if len(re.findall(r"\d", number)) >= len("85258"):
            yield number


def set_from_right(number: str) -> str:
    """Return a telephone number as it stands among words that are read from the right: no brackets, no rare signs."""
    if "(" in number:
        return " ".join(re.findall(r"\+?\d+|[a-z]+", _BRITISH.sub(r"\1 ", number)))
    return re.sub(r"[\u2010-\u2015\u2212_\u00b7\u2022]", "-", number)


def faults(rendered: Rendered, what: Expected) -> list[str]:
    """Return all that is wrong with ``rendered``."""
    try:
        tagged = read_tags(rendered.pdf)
        sides = read_drawing(rendered.pdf)
    except (AttributeError, KeyError, IndexError, pikepdf.PdfError) as error:
        tagged, sides = Tagged(), []
        return [*_validated(rendered), f"unreadable: {error!r}"]
    checks: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: _validated(rendered),
        lambda: _heard(tagged, what),
        lambda: _hidden(tagged, rendered, what),
        lambda: _file(rendered, what),
        lambda: _copied(rendered, what),
        lambda: _seen(sides, what),
        lambda: _glyphs(sides),
        lambda: _digits(sides),
        lambda: _codes(sides, what),
        lambda: _colours(sides, what),
        lambda: _places(sides, what),
    )
    return [fault for check in checks for fault in check()]


def _validated(rendered: Rendered) -> Iterator[str]:
    try:
        report = page_validation.validate_pdf_bytes(rendered.pdf, profile="ua1")
    except page_validation.PageError as error:
        yield f"pdf/ua: {error}"
        return
    for failure in report.failures:
        yield f"pdf/ua: {failure.message}"


def _heard(tagged: Tagged, what: Expected) -> Iterator[str]:
    """Yield where the tags do not tell the source: its words, their order, kinds, languages, and what stands for pictures."""
    if tagged.untagged.strip():
        yield f"untagged: {tagged.untagged!r}"
    for lost in tagged.lost:
        yield f"lost: {lost}"
    got, wanted = heard(tagged.parts), told(what.story.blocks, what.lang)
    if len(got) != len(wanted):
        yield f"heard: {len(got)} parts of {len(wanted)}"
    for one, other in zip(got, wanted, strict=False):
        if one != other:
            yield f"heard: {one} where {other} stands"
            break
    for part in tagged.parts:
        if part.tags[-1] in _WORDED and not part.text.strip():
            yield f"empty: {part.tags[-1]} has no words"
        if part.tags[-1] == "Figure" and (not part.alt.strip() or _FILE_NAME.search(part.alt)):
            yield f"alt: {part.alt!r} does not describe a picture"


def _hidden(tagged: Tagged, rendered: Rendered, what: Expected) -> Iterator[str]:
    """Yield what stands on paper and is kept from readers of tags, but for the foot of the pages and the copies of a card."""
    if what.sheet.cards:
        copies = len(what.sheet.copies(rendered.pages, right_to_left=what.words.right_to_left)) - 1
        if _bare("".join(tagged.artifacts)) != _bare("".join(part.text for part in tagged.parts)) * copies:
            yield "hidden: the copies of the card are not the card"
        return
    pages = str(rendered.pages)
    title = what.story.file_title
    numbers = [what.words.say("page", page=str(number), pages=pages) for number in range(1, rendered.pages + 1)]
    words = title.split()
    titles = {"", title, *(" ".join(words[:end]) + "…" for end in range(1, len(words)))}
    allowed = {_bare(text + number) for text in titles for number in ("", *numbers)}
    for text in tagged.artifacts:
        if _bare(text) not in allowed:
            yield f"hidden: {text!r}"
    for number in numbers:
        if _bare(number) not in _bare("".join(tagged.artifacts)):
            yield f"hidden: {number!r} is not on its page"


def _file(rendered: Rendered, what: Expected) -> Iterator[str]:
    """Yield what the file says wrongly of itself: language, title, contents list, headers of tables, addresses behind links."""
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        root = document.Root
        langs = {str(root.get("/Lang", "")), str(root.StructTreeRoot.K.get("/Lang", ""))}
        about = root.Metadata.read_bytes().decode("utf-8")
        langs.add(next(iter(re.findall(r"<dc:language>\s*<rdf:Bag>\s*<rdf:li>([^<]*)", about)), ""))
        if langs != {what.lang}:
            yield f"language: {langs} instead of {what.lang}"
        if str(document.docinfo.get("/Title", "")) != what.story.file_title:
            yield "title: the file has another"
        opened = [str(area.A.URI) for side in document.pages for area in side.get("/Annots", [])]
        if set(opened) != set(links(what.story.blocks)):
            yield f"link: {opened}"
        for address in opened:
            if not _LEADS.match(address):
                yield f"link: {address} leads nowhere"
        for table in _elements(root.StructTreeRoot.K, "/Table"):
            if not any(_elements(table, "/TD")):
                yield "table: headings and no cells"
        for row in _elements(root.StructTreeRoot.K, "/TR"):
            cells = [str(cell.S) for cell in row.K]
            heads = [cell for cell in row.K if str(cell.S) == "/TH"]
            if not heads or any("/Scope" not in cell.get("/A", {}) for cell in heads):
                yield f"table: a row of {cells} has no header"
    reader = pypdfium2.PdfDocument(rendered.pdf)
    listed = [flat(bookmark.get_title()) for bookmark in reader.get_toc()]
    reader.close()
    # beside the page of a discreet leaflet a contents list would name what its cover does not
    headings = [part.text for part in told(what.story.blocks, what.lang) if part.tag[0] == "H" and not what.story.discreet]
    if listed != headings:
        yield f"contents: {listed} instead of {headings}"


def _elements(node: Any, tag: str) -> Iterator[Any]:
    if str(node.S) == tag:
        yield node
    for child in node.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from _elements(child, tag)


def _copied(rendered: Rendered, what: Expected) -> Iterator[str]:
    """Yield the numbers and addresses that two readers do not copy as they are."""
    reader = pypdfium2.PdfDocument(rendered.pdf)
    by_pdfium = " ".join(side.get_textpage().get_text_range() for side in reader)
    reader.close()
    by_pypdf = " ".join(side.extract_text() for side in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages)
    # a reader that goes by places copies a label on the other side between the lines of an address
    label = _bare(what.words.say("where"))
    words = "\n".join(part.text for part in told(what.story.blocks, what.lang))
    for name, copied in (("pdfium", flat(by_pdfium)), ("pypdf", flat(by_pypdf))):
        for number in dict.fromkeys(what.numbers):
            # readers turn what they copy from the right by rules of their own: none knows letters in a number, pypdf no plus
            right = what.words.right_to_left
            least = 1 if right and re.search("[a-z]", number) else _least(number, words)
            wanted = number.lstrip("+") if right and name == "pypdf" else number
            if _times(wanted, copied) < least:
                yield f"copied: {name} has {number} {_times(wanted, copied)} times instead of {least}"
        for address in what.addresses:
            if _bare(address) not in _bare(copied).replace(label, ""):
                yield f"copied: {name} has no {address}"


def _times(number: str, text: str) -> int:
    return len(re.findall(rf"(?<!\d){re.escape(number)}(?!\d)", text))


def _least(number: str, words: str) -> int:
    """Return how often a number must be found: a short one runs into the figures of the cell beside it, and counts once."""
    return max(_times(number, words), 1) if len(number) > len("999") else 1


def _seen(sides: list[Drawn], what: Expected) -> Iterator[str]:
    """Yield the numbers that the eye does not find from left to right on a line each time that they are told."""
    lines = "\n".join(flat(line) for side in sides for line in side.lines())
    words = "\n".join(part.text for part in told(what.story.blocks, what.lang))
    for number in dict.fromkeys(what.numbers):
        found = _times(number, lines)
        if found < _least(number, words) and found + _torn(number, sides) < _least(number, words):
            yield f"seen: {number} stands on {found} lines instead of {_least(number, words)}"


def _torn(number: str, sides: list[Drawn]) -> int:
    """Return how often a number that is wider than its cell stands there in parts, each on the line under the one before."""
    runs = [run for side in sides for run in side.runs if run.text.strip()]
    wanted, times = _bare(number), 0
    for i, first in enumerate(runs):
        got, low = _bare(first.text), first.y
        for run in runs[i + 1 :]:
            if len(got) >= len(wanted) or not wanted.startswith(got) or run.y >= low - 1:
                break
            got, low = got + _bare(run.text), run.y
        times += got == wanted and low < first.y
    return times


def _glyphs(sides: list[Drawn]) -> Iterator[str]:
    """Yield what is drawn as a box or as nothing, and codes that stand for no text."""
    runs = [run for side in sides for run in side.runs]
    for run in runs:
        if 0 in run.codes or "\ufffd" in run.text:
            yield f"glyph: a box in {run.text!r}"
        for code in run.codes:
            text = run.font.texts.get(code, "")
            if code in run.font.empty and text.isprintable() and text.strip():
                yield f"glyph: {text!r} is not drawn"
    for font in {id(run.font): run.font for run in runs}.values():
        if any("\x00" in text or not text for text in font.texts.values()):
            yield "text: a code stands for U+0000 or for nothing"


def _digits(sides: list[Drawn]) -> Iterator[str]:
    """Yield digits that look on paper like another digit than the text behind them says."""
    fonts = {run.font.name: run.font for side in sides for run in side.runs}
    for name, font in fonts.items():
        for digit, (area, x, y) in font.digits.items():
            drawn = _drawn_by_the_face(name)[digit]
            if abs(drawn[0] - area) > 0.005 or max(abs(drawn[1] - x), abs(drawn[2] - y)) > 0.02:
                yield f"digit: {digit} is drawn as something else"


@functools.cache
def _drawn_by_the_face(name: str) -> dict[str, Shape]:
    """Return the digits of a face as its own file has them."""
    (path,) = (path for path in (RESOURCES / "fonts").iterdir() if path.stem.replace("_", "-") == name)
    face = TTFont(path)
    return {digit: shape_of(face, face.getBestCmap()[ord(digit)]) for digit in "0123456789"}


def _codes(sides: list[Drawn], what: Expected) -> Iterator[str]:
    """Yield a code that a camera does not read, or that opens another address than the one beside it."""
    read = [_read_code(side.figures) for side in sides if side.figures]
    if read != ([what.code] if what.code else []):
        yield f"code: {read} instead of {what.code}"


def _read_code(painted: list[tuple[Area, tuple[float, ...]]]) -> str:
    ground, _ = painted[0]
    scale = 3
    paper = Image.new("RGB", (int(ground.width * scale), int(ground.height * scale)))
    brush = ImageDraw.Draw(paper)
    for area, colour in painted:
        left, top = (area.left - ground.left) * scale, (ground.bottom + ground.height - area.bottom - area.height) * scale
        box = (round(left), round(top), round(left + area.width * scale) - 1, round(top + area.height * scale) - 1)
        brush.rectangle(box, fill=tuple(round(part * 255) for part in colour))
    return " ".join(code.text for code in zxingcpp.read_barcodes(paper))


def _colours(sides: list[Drawn], what: Expected) -> Iterator[str]:
    """Yield text that does not stand out from what is painted under it, or is smaller than it may be."""
    floor = what.style.size if what.style.size >= LARGE else FLOOR
    for run in (run for side in sides for run in side.runs):
        if not run.ground or contrast(_three(run.colour), _three(run.ground)) < LEAST_CONTRAST - 0.01:
            yield f"contrast: {run.text!r}"
        if run.size < floor:
            yield f"size: {run.text!r} is {run.size:g} points"


def _places(sides: list[Drawn], what: Expected) -> Iterator[str]:
    """Yield text outside its page or panel, and text over other text."""
    for side in sides:
        shown = [run for run in side.runs if run.text.strip()]
        for run in shown:
            yield from _outside(run, what)
            for area in side.areas:
                if area.height < run.size or not area.bottom < run.y < area.bottom + area.height:
                    continue
                meets = run.x < area.left + area.width - _SLACK and run.right > area.left + _SLACK
                if meets and (run.x < area.left - _SLACK or run.right > area.left + area.width + _SLACK):
                    yield f"overflow: {run.text!r} runs out of its panel"
        yield from _over_each_other(shown)


def _outside(run: Run, what: Expected) -> Iterator[str]:
    style, sheet = what.style, what.sheet
    wide, high = style.page
    left, top = sheet.corner(next(iter(sheet.places(1))))
    column = int((run.x - left + style.side) // wide) if sheet.across > 1 else 0
    start = left + column * wide
    if run.x < start + style.side - _SLACK or run.right > start + wide - style.side + _SLACK:
        yield f"overflow: {run.text!r} runs over the margin"
    row = int((sheet.size[1] - top - run.y) // high) if sheet.down > 1 else 0
    ceiling = sheet.size[1] - top - row * high
    low = ceiling - high + (style.foot if not run.artifact or sheet.cards else _EDGE + 0.3 * run.size)
    if run.y < low - _SLACK or run.y > ceiling - style.top:
        yield f"overflow: {run.text!r} runs over the foot or the top"


def _over_each_other(runs: list[Run]) -> Iterator[str]:
    rows = sorted(runs, key=lambda run: run.y)
    for number, run in enumerate(rows):
        for other in rows[number + 1 :]:
            if other.y - run.y > 0.5 * min(run.size, other.size):
                break
            if min(run.right, other.right) - max(run.x, other.x) > _SLACK:
                yield f"overlap: {run.text!r} and {other.text!r}"


def _three(colour: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = colour
    return red, green, blue


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
