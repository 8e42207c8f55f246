"""Blocks to boxes: every block gets its element in the structure tree and its look from the style."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from ewb_desktop.leaflets.blocks import (
    Block,
    Fact,
    Facts,
    Grid,
    Heading,
    NewPage,
    Panel,
    Paragraph,
    Picture,
    Points,
    Spans,
    WebCode,
)
from ewb_desktop.leaflets.catalogue import EASY
from ewb_desktop.leaflets.errors import OrderError
from ewb_desktop.leaflets.layout.beside_box import BesideBox
from ewb_desktop.leaflets.layout.boxes import Box
from ewb_desktop.leaflets.layout.code_box import CodeBox
from ewb_desktop.leaflets.layout.looks import Looks, panel_look
from ewb_desktop.leaflets.layout.pages import PageEnd
from ewb_desktop.leaflets.layout.panel_boxes import PanelBox, PictureBox, RowBox, RuleBox, SpaceBox, WriteBox
from ewb_desktop.leaflets.layout.text_box import Label, TextBox, TextLook
from ewb_desktop.leaflets.styles import Style
from ewb_desktop.leaflets.tagging.file import TaggedFile
from ewb_desktop.leaflets.tagging.pictures import PictureFile
from ewb_desktop.leaflets.tagging.structure import Element
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT, plain

_WIDEST_LABEL = 0.4
"""The most of the width that labels on one line take from the values beside them."""
_WRAPPED_LABEL = 0.3
"""What labels take when they are so long that they need more lines anyway."""
_COVER_TOP = 0.2
"""How far down the page the words of a cover stand, as a part of its height."""
_BROKEN_LABEL = 0.45
"""The most that labels take so that none of their words is broken."""
_NAMED = 0.38
"""The part of the width that the names of the rows take in a table that is written in by hand."""
_NARROWEST = 2.0
"""The least width of a column, in sizes of the text: some four letters."""
_WRITTEN = 3.2
"""The least height of a row that is written in by hand, in sizes of the text: two lines of a large hand."""
_PEN = 1.45
"""The room for a pen on a line to write on, in sizes of the text."""
_BESIDE = 0.2
"""The part of the width that a picture takes beside its sentence."""
_HIGHEST_PICTURE = 0.45
"""The most of the page's height that a picture takes."""
_LOGO = 4.0
"""How high a logo is at most, in sizes of the text: its words are read where the text is."""


def build(
    blocks: Sequence[Block], style: Style, file: TaggedFile, lang: str, air: float = 1.0, *, bookmarks: bool = True
) -> list[Box | PageEnd]:  # fmt: skip
    """Return the boxes of ``blocks`` and grow the structure tree of ``file`` with them, in the same order.

    Spaces between blocks are times ``air``. Headings are ``bookmarks`` too, unless a viewer should not show them beside the page.
    """
    return _Builder(style, file, lang, air, bookmarks=bookmarks).boxes(blocks, file.root, lang, style.measure)


class _Builder:
    """Makes the boxes of one file in ``lang``: where that is read from the right, all that is in it begins there."""

    def __init__(self, style: Style, file: TaggedFile, lang: str, air: float, *, bookmarks: bool) -> None:
        self._style, self._file, self._air, self._bookmarks = style, file, air, bookmarks
        self._looks = Looks.of(style, air)
        self._mirrored = lang in RIGHT_TO_LEFT

    def boxes(self, blocks: Sequence[Block], parent: Element, lang: str, width: float) -> list[Box | PageEnd]:
        """Return the boxes of ``blocks`` as children of ``parent``, ``width`` points wide."""
        made: list[Box | PageEnd] = []
        waiting = deque(blocks)
        while waiting:
            block = waiting.popleft()
            if isinstance(block, Picture) and block.look == "text" and self._style.source == EASY:
                beside: list[Block] = []
                while waiting and isinstance(waiting[0], Paragraph | Points):
                    beside.append(waiting.popleft())
                made.append(self._beside(block, beside, parent, lang, width))
            else:
                made += self._block(block, parent, lang, width)
        return made

    def _block(self, block: Block, parent: Element, lang: str, width: float) -> list[Box | PageEnd]:
        match block:
            case Heading():
                return self._heading(block, parent, lang)
            case Paragraph(look="cover"):
                return [SpaceBox(self._style.page[1] * _COVER_TOP), self._paragraph(block, parent, lang), self._rule(lang)]
            case Paragraph(look="write"):
                return [WriteBox(self._paragraph(block, parent, lang), self._style.size * _PEN, self._style.accent)]
            case Paragraph():
                return [self._paragraph(block, parent, lang)]
            case Points():
                return self._points(block, parent, lang)
            case Facts(rows=rows):
                return self._facts(rows, parent, lang, width)
            case Grid():
                return self._grid(block, parent, lang, width)
            case Picture():
                return [self._picture(block, parent, lang)]
            case Panel():
                return [self._panel(block, parent, lang, width)]
            case WebCode():
                return [self._code(block, parent, lang, width)]
            case NewPage():
                return [PageEnd()]

    def _text(self, spans: Spans, look: TextLook, element: Element, lang: str, label: Label | None = None) -> TextBox:
        right = lang in RIGHT_TO_LEFT
        return TextBox(spans, look, element, lang, right_to_left=right, from_right=self._right(lang), label=label)

    def _right(self, lang: str) -> bool:
        """Say whether what is in ``lang`` begins at the right."""
        return self._mirrored or lang in RIGHT_TO_LEFT

    def _heading(self, block: Heading, parent: Element, lang: str) -> list[Box | PageEnd]:
        element = parent.add(f"H{block.level}", lang=block.lang)
        here = block.lang or lang
        right, side = here in RIGHT_TO_LEFT, self._right(here)
        look = self._looks.headings[block.level - 1]
        bookmark = block.level if self._bookmarks else 0
        box = TextBox(block.spans, look, element, here, right_to_left=right, from_right=side, bookmark=bookmark)
        if block.level > 1:
            return [box]
        return [box, self._rule(here)] if self._style.rule else [box]

    def _rule(self, lang: str) -> Box:
        """Return the short line under a title."""
        size = self._style.size
        return RuleBox(size * 5, size * 0.3, self._style.accent, size * 1.2, right_to_left=self._right(lang))

    def _paragraph(self, block: Paragraph, parent: Element, lang: str) -> Box:
        return self._text(block.spans, self._looks.paragraphs[block.look], parent.add("P", lang=block.lang), block.lang or lang)

    def _points(self, block: Points, parent: Element, lang: str) -> list[Box | PageEnd]:
        numbering = "Decimal" if block.ordered else "Disc"
        outer = parent.add("L", lang=block.lang, attributes={"O": "List", "ListNumbering": numbering})
        here = block.lang or lang
        indent = self._style.size * (0.7 + 0.6 * max(map(len, block.labels()), default=1))
        made: list[Box | PageEnd] = []
        for number, (item, sign) in enumerate(zip(block.items, block.labels(), strict=True), start=1):
            element = outer.add("LI")
            label = Label(sign, element.add("Lbl"), indent)
            last = number == len(block.items)
            look = replace(self._looks.point, after=self._looks.paragraphs["text"].after) if last else self._looks.point
            made.append(self._text(item, look, element.add("LBody"), here, label))
        return made

    def _facts(self, facts: Sequence[Fact], parent: Element, lang: str, width: float) -> list[Box | PageEnd]:
        table = parent.add("Table")
        rows: list[tuple[TextBox, TextBox]] = []
        for fact in facts:
            row = table.add("TR")
            head = row.add("TH", attributes={"O": "Table", "Scope": "Row"})
            label = self._text(fact.label, self._looks.cell, head, lang)
            rows.append((label, self._text(fact.value, self._looks.cell, row.add("TD"), lang)))
        gap = self._style.size * 0.8
        widest = max(label.natural_width() for label, _ in rows) + 0.5
        natural = widest / (width - gap)
        word = (max(label.longest_word() for label, _ in rows) + 0.5) / (width - gap)
        share = natural if natural <= _WIDEST_LABEL else min(max(_WRAPPED_LABEL, word), _BROKEN_LABEL)
        right = self._right(lang)
        space = self._style.size * 0.4 * self._air
        return [RowBox(row, (share, 1 - share), gap=gap, space=space, right_to_left=right) for row in rows]

    def _grid(self, block: Grid, parent: Element, lang: str, width: float) -> list[Box | PageEnd]:
        table = parent.add("Table", lang=block.lang)
        here = block.lang or lang
        columns = len(block.headings)
        form = block.is_form
        shares = [1 / columns] * columns
        if form and columns > 1:
            shares = [_NAMED, *([(1 - _NAMED) / (columns - 1)] * (columns - 1))]
        gap = self._style.size * 0.8
        if min(shares) * (width - gap * (columns - 1)) < self._style.size * _NARROWEST:
            raise OrderError(
                f"The table that begins with “{plain(block.headings[0])}” has {columns} columns, too many for this print on this "
                "paper. Choose smaller print or larger paper, or write the table with fewer columns."
            )
        made: list[RowBox] = []
        for number, cells in enumerate((block.headings, *block.rows)):
            row = table.add("TR")
            boxes: list[TextBox] = []
            for column, spans in enumerate(cells):
                scope = "Column" if number == 0 else "Row"
                named = number == 0 or column == 0
                cell = row.add("TH", attributes={"O": "Table", "Scope": scope}) if named else row.add("TD")
                shown = tuple(replace(span, bold=True) for span in spans) if named else spans
                boxes.append(self._text(shown, self._looks.cell, cell, here))
            made.append(
                RowBox(
                    boxes,
                    shares,
                    gap=gap,
                    space=self._style.size * 0.6,
                    right_to_left=self._right(here),
                    rule=self._style.accent,
                    least=self._style.size * _WRITTEN if form and number else 0.0,
                )
            )
        made[0].with_next = True
        made[-1].after = max(made[-1].after, self._looks.paragraphs["text"].after) + self._style.size * 0.3
        return list(made)

    def _picture(self, block: Picture, parent: Element, lang: str) -> Box:
        picture = PictureFile.read(block.path, block.content)
        element = parent.add("Figure", lang=block.lang, alt=block.description)
        highest = self._style.size * _LOGO if block.look == "logo" else self._style.page[1] * _HIGHEST_PICTURE
        name = self._file.picture(picture)
        shape, right = (picture.width, picture.height), self._right(lang)
        box = PictureBox(name, shape, highest, self._style.size * 0.8, element, right_to_left=right)
        box.with_next = block.look == "logo"
        return box

    def _beside(self, block: Picture, words: Sequence[Block], parent: Element, lang: str, width: float) -> Box:
        """Return a picture with what is said of it beside it."""
        picture = self._picture(block, parent, lang)
        gap = self._style.size * 1.2
        narrow = width * (1 - _BESIDE) - gap
        boxes = [box for box in self.boxes(words, parent, lang, narrow) if not isinstance(box, PageEnd)]
        right = self._right(block.lang or lang)
        return BesideBox(picture, boxes, share=_BESIDE, gap=gap, space=self._style.size * self._air, right_to_left=right)

    def _code(self, block: WebCode, parent: Element, lang: str, width: float) -> Box:
        """Return a code with its address beside it."""
        code = CodeBox(block.address, parent.add("Figure", alt=block.description))
        gap, share = self._style.size, code.side / width
        boxes = [box for box in self.boxes(block.blocks, parent, lang, width - code.side - gap) if not isinstance(box, PageEnd)]
        right = self._right(lang)
        return BesideBox(code, boxes, share=share, gap=gap, space=self._style.size * self._air, right_to_left=right)

    def _panel(self, block: Panel, parent: Element, lang: str, width: float) -> Box:
        element = parent.add("Sect", lang=block.lang)
        look = panel_look(block.look, self._style, self._air)
        stands_out = look.ground is not None or look.frame is not None
        inner = width - 2 * look.padding if stands_out else width
        boxes = [box for box in self.boxes(block.blocks, element, block.lang or lang, inner) if not isinstance(box, PageEnd)]
        return PanelBox(boxes, look, right_to_left=self._right(block.lang or lang))
