"""The press: an order goes in, a finished leaflet comes out. It keeps faces and leaflets warm between orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from ewb_desktop.leaflets.blocks import Picture
from ewb_desktop.leaflets.card import tell_card
from ewb_desktop.leaflets.catalogue import CARD, Catalogue
from ewb_desktop.leaflets.errors import LeafletError, OrderError
from ewb_desktop.leaflets.html import html_text
from ewb_desktop.leaflets.key_sheet import tell_key
from ewb_desktop.leaflets.layout.build import build
from ewb_desktop.leaflets.layout.foot import draw_foot
from ewb_desktop.leaflets.layout.pages import PageBoxes, paginate
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.own import Own, OwnRead, Rules, read_own
from ewb_desktop.leaflets.palettes import Palette, load_palettes
from ewb_desktop.leaflets.pictures import is_picture
from ewb_desktop.leaflets.plain import plain_text
from ewb_desktop.leaflets.plain_numbers import with_plain_numbers
from ewb_desktop.leaflets.sheets import Sheet, load_sheets
from ewb_desktop.leaflets.story import ENGLISH, Story, tell
from ewb_desktop.leaflets.styles import Style, load_styles
from ewb_desktop.leaflets.tagging.file import TaggedFile
from ewb_desktop.leaflets.typed import fit_for_print
from ewb_desktop.leaflets.wording import Wording, Wordings

_AIR = (1.0, 0.85, 0.7)
"""How much of the spaces between blocks is kept, in the order in which it is tried."""
_NEARLY_EMPTY = 0.35
"""A last page filled less than this is worth saving."""
_CUT = 0.5
"""How thick the lines are along which cards are cut and folded, in points."""
_TAGS = {"en": "en-GB", "cmn": "zh-Hans"}
"""The language as the file names it, where it is more exact than the leaflet's own code."""


class Press:
    """Makes leaflets. One thread at a time."""

    def __init__(
        self, catalogue: Catalogue, styles: dict[str, Style], palettes: dict[str, Palette], sheets: dict[str, Sheet],
        wordings: Wordings, shipped_pictures: Path,
    ) -> None:  # fmt: skip
        self.catalogue = self.shipped = catalogue
        self.rules = Rules(styles, wordings.languages(), shipped_pictures)
        self.own: tuple[OwnRead, ...] = ()
        """What became of each of the organisation's own files."""
        self.logo: Picture | None = None
        self.styles = styles
        self.palettes = palettes
        self.sheets = sheets
        self.wordings = wordings

    @classmethod
    def open(cls, resources: Path) -> Press:
        """Read the leaflets, styles, faces and words of ``resources``.

        A broken leaflet is left out and named in ``catalogue.faults``. Raises ``LeafletError`` for a broken style.
        """
        palettes, sheets = load_palettes(resources / "styles" / "palettes"), load_sheets(resources / "styles" / "sheets")
        styles: dict[str, Style] = {}
        if palettes and sheets:
            plain, white = next(iter(sheets.values())), next(iter(palettes.values()))
            styles = load_styles(resources / "styles", resources / "fonts", plain, white)
        if not styles:
            raise LeafletError("There is no style to print leaflets in. The program is not whole: install it again.")
        catalogue = Catalogue.load((resources / "leaflets",))
        leaflets = resources / "leaflets"
        return cls(catalogue, styles, palettes, sheets, Wordings.load(leaflets / "words"), leaflets / "pictures")

    def with_own(self, own: Own) -> Press:
        """Return a press that prints the organisation's own leaflets and logo as well, with the same warm faces.

        A leaflet of its own stands in for one that came with the program; a broken one is named in ``own`` and in
        ``catalogue.faults``, and what came with the program is printed in its place.
        """
        made = Press(self.shipped, self.styles, self.palettes, self.sheets, self.wordings, self.rules.shipped_pictures)
        made.own = read_own(own, self.rules)
        used = [read.leaflet for read in made.own if read.leaflet is not None]
        made.catalogue = self.shipped.with_others(used, (fault for read in made.own for fault in read.faults))
        logo = own.logo
        if logo is not None and is_picture(logo.content):
            made.logo = Picture(Path(logo.name), logo.description, content=logo.content, look="logo")
        return made

    def styles_for(self, topic: str, language: str) -> list[Style]:
        """Return the styles in which ``topic`` can be printed in ``language``, clear print first, then by size."""
        card = next((card for card in self.catalogue.topics() if card.id == topic), None)
        easy = card is not None and language in card.easy
        able = [
            style for style in self.styles.values() if (not style.topics or topic in style.topics) and (easy or not style.source)
        ]
        return sorted(able, key=lambda style: (bool(style.asked), style.size, style.id))

    def text(self, order: LeafletOrder) -> str:
        """Return the leaflet as plain text in reading order. Raises ``OrderError``."""
        return plain_text(self._story(order)[0].blocks, lang=order.language)

    def words(self, order: LeafletOrder) -> str:
        """Return the words for a message or a file: of the code only its address, for there is no square to point at.

        Raises ``OrderError``.
        """
        return plain_text(self._story(order)[0].blocks, codes=False, lang=order.language)

    def html(self, order: LeafletOrder) -> str:
        """Return the leaflet as one HTML file for e-mail: nothing is fetched, no script, the order of the paper's tags.

        Raises ``OrderError`` as :meth:`render` does.
        """
        story, _ = self._story(order)
        style, _ = self._style(order)
        return html_text(story, style, _TAGS.get(story.lang, story.lang))

    def render(self, order: LeafletOrder) -> Rendered:
        """Return the finished leaflet; two equal orders give the same bytes.

        Raises ``OrderError`` for what does not exist and ``MissingGlyphError`` for a character that cannot be printed.
        """
        style, sheet = self._style(order)
        return _print(*self._story(order), style, sheet)

    def _style(self, order: LeafletOrder) -> tuple[Style, Sheet]:
        """Return the style of an order on its paper and in its colours. Raises ``OrderError`` where they do not fit together."""
        style = _known(self.styles, order.style, "style")
        palette = _known(self.palettes, order.palette, "colours")
        sheet = _known(self.sheets, order.sheet, "paper")
        if sheet.id not in style.sheets:
            raise OrderError(f"{style.name} does not fit on {sheet.name}. Choose other paper.")
        if style.topics and order.topic not in style.topics:
            raise OrderError(f"This leaflet cannot be made as “{style.name}”. Choose another format.")
        return style.on(sheet, palette), sheet

    def render_key(self, groups: Sequence[str], printed_on: date) -> Rendered:
        """Return the sheet of paper with the ``groups`` of a recovery key, in English."""
        words = self.wordings.wording(ENGLISH)
        style = min((style for style in self.styles.values() if not style.asked), key=lambda style: style.size)
        return _print(tell_key(groups, printed_on, words), words, style, next(iter(self.sheets.values())))

    def _story(self, order: LeafletOrder) -> tuple[Story, Wording]:
        order = fit_for_print(order)
        words = self.wordings.wording(order.language)
        style = self.styles.get(order.style)
        leaflet = self.catalogue.leaflet(order.topic, order.language, style.source if style is not None else "")
        cards = order.sheet in self.sheets and self.sheets[order.sheet].cards
        if cards and self.catalogue.has(order.topic, order.language, CARD):
            leaflet = self.catalogue.leaflet(order.topic, order.language, CARD)
        leaflet = replace(leaflet, address=self.catalogue.address(leaflet))
        english = self.wordings.wording(ENGLISH)
        story = tell_card(order, leaflet, words, english) if cards else tell(order, leaflet, words, english, self.logo)
        return (replace(story, blocks=with_plain_numbers(story.blocks)) if words.right_to_left else story), words


T = TypeVar("T")


def _known(there: Mapping[str, T], asked: str, kind: str) -> T:
    """Return what was asked for by its id. Raises ``OrderError`` naming it."""
    found = there.get(asked)
    if found is None:
        raise OrderError(f"There is no {kind} “{asked}”. Choose another.")
    return found


def _print(story: Story, words: Wording, style: Style, sheet: Sheet) -> Rendered:
    lang = _TAGS.get(story.lang, story.lang)
    file, pages = _laid_out(story, style, sheet, lang)
    copies = sheet.copies(len(pages), right_to_left=words.right_to_left)
    if not copies:
        raise OrderError("There is too much on this card for its paper. Take the next step off, or choose another format.")
    sides = [file.new_page() for _ in range(sheet.sides(len(pages)))]
    for side in sides:
        side.fill(0, 0, *sheet.size, style.paper)
    for copy, places in enumerate(copies):
        for number, (boxes, place) in enumerate(zip(pages, places, strict=True), start=1):
            page = sides[place.side]
            page.shift, page.drop = sheet.corner(place)
            page.silent = copy > 0
            for box, top in boxes:
                box.draw(page, style.side, style.top + top, style.measure)
            if sheet.cards:
                continue
            title = "" if story.discreet and number == 1 else story.file_title
            draw_foot(page, style, words, title, words.say("page", page=str(number), pages=str(len(pages))))
    for slot in sheet.slots():
        sides[0].shift, sides[0].drop = sheet.corner(slot)
        sides[0].frame(0, 0, *style.page, style.accent, _CUT)
    return Rendered(file.finish(), len(pages), story.file_title, plain_text(story.blocks, lang=story.lang))


def _laid_out(story: Story, style: Style, sheet: Sheet, lang: str) -> tuple[TaggedFile, list[PageBoxes]]:
    """Return the file to draw in and its pages. Spaces are made smaller where that saves a nearly empty last page."""
    room = style.page[1] - style.top - style.foot
    first: tuple[TaggedFile, list[PageBoxes]] | None = None
    for air in _AIR:
        file = TaggedFile(title=story.file_title, author=story.author, lang=lang, size=sheet.size)
        pages = paginate(build(story.blocks, style, file, story.lang, air, bookmarks=not story.discreet), style.measure, room)
        if first is None:
            first = file, pages
        if len(pages) < len(first[1]) or _filled(pages[-1], style) > room * _NEARLY_EMPTY:
            return file, pages
    return first or (file, pages)


def _filled(page: PageBoxes, style: Style) -> float:
    """Return how far down ``page`` is filled, in points."""
    last, top = page[-1]
    return top + last.measure(style.measure)
