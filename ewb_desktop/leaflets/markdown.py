"""Markdown to blocks: only what may stand in a leaflet, and every fault with its line."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ewb_desktop.leaflets.blocks import Block, Grid, Heading, Paragraph, Picture, Points, Spans
from ewb_desktop.leaflets.errors import Fault, PictureError
from ewb_desktop.leaflets.pictures import Beside, Pictures
from ewb_desktop.leaflets.text.spans import Span, keep_numbers_whole

_NAMES = {
    "html_block": "HTML",
    "html_inline": "HTML",
    "code_block": "code (text that begins with four spaces)",
    "fence": "code",
    "code_inline": "code",
    "blockquote_open": "a quotation",
    "hr": "a rule",
}
_DEEPEST = 3
_MOST_COLUMNS = 12
"""The columns of a table that stand beside each other in clear print on A4, each some four letters wide."""
_OPENS = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
"""What a link of a leaflet may lead to, on paper and on a screen."""
_SPACES = re.compile("[\t\x0b\x0c\x1c-\x1f\x85\u1680\u2028\u2029]+")
"""White space of other kinds, which prints as a space."""


def parse(
    text: str, file: Path, first_line: int = 1, pictures: Pictures | None = None
) -> tuple[tuple[Block, ...], tuple[Fault, ...]]:  # fmt: skip
    """Return the blocks of the Markdown ``text`` and every fault found.

    ``first_line`` is the line of the file at which ``text`` begins; pictures are looked for among ``pictures``, else beside
    ``file``.
    """
    reader = _Reader(file.name, first_line, pictures or Beside(file.parent))
    reader.read(MarkdownIt("commonmark", {"html": True}).enable("table").parse(text))
    return tuple(reader.blocks), tuple(reader.faults)


class _Reader:
    """Goes through the tokens once, keeping blocks and faults apart."""

    def __init__(self, file: str, first_line: int, pictures: Pictures) -> None:
        self.blocks: list[Block] = []
        self.faults: list[Fault] = []
        self._file = file
        self._pictures = pictures
        self._offset = first_line
        self._level = 0

    def read(self, tokens: list[Token]) -> None:
        i = 0
        while i < len(tokens):
            end = _end_of(tokens, i)
            self._block(tokens[i : end + 1])
            i = end + 1

    def _fault(self, token: Token, words: str) -> None:
        line = self._offset + (token.map[0] if token.map else 0)
        self.faults.append(Fault(self._file, line, words))

    def _block(self, tokens: list[Token]) -> None:
        first = tokens[0]
        match first.type:
            case "heading_open":
                self._heading(first, tokens[1])
            case "paragraph_open":
                self._paragraph(tokens[1])
            case "bullet_list_open" | "ordered_list_open":
                self._points(tokens)
            case "table_open":
                self._grid(tokens)
            case _:
                self._fault(first, f"{_NAMES.get(first.type, first.type)} cannot stand in a leaflet. Take it out.")

    def _heading(self, opening: Token, inline: Token) -> None:
        level = int(opening.tag[1])
        if level > _DEEPEST:
            self._fault(opening, f"a heading may have one to {_DEEPEST} # signs, this one has {level}.")
        elif level > self._level + 1:
            above = f"the one before it has {self._level}" if self._level else "it is the first"
            self._fault(opening, f"this heading has {level} # signs but {above}. Use {self._level + 1}.")
        elif level == 1 and self._level:
            self._fault(opening, "there is already a title. Use two # signs here.")
        self._level = max(1, min(level, _DEEPEST))
        if not inline.content.strip():
            self._fault(opening, "this heading has no words. Write them after the # signs, or take it out.")
        self.blocks.append(Heading(self._level, self._spans(inline)))

    def _paragraph(self, inline: Token) -> None:
        pictures = [child for child in inline.children or [] if child.type == "image"]
        if not pictures:
            self.blocks.append(Paragraph(self._spans(inline)))
            return
        if any(child.type != "image" and child.content.strip() for child in inline.children or []):
            self._fault(inline, "a picture and words share a paragraph. Leave an empty line between them.")
        for picture in pictures:
            self._picture(inline, picture)

    def _picture(self, inline: Token, picture: Token) -> None:
        description = picture.content.strip()
        address = unquote(str(picture.attrGet("src") or ""))
        if not description:
            self._fault(inline, "the picture has no description. Write it between the square brackets.")
        elif description.lower() == Path(address).name.lower():
            self._fault(inline, "the picture's description is only its file name. Say what it shows.")
        try:
            found = self._pictures.find(address)
        except PictureError as error:
            self._fault(inline, str(error))
        else:
            self.blocks.append(Picture(found.path, description, content=found.content))

    def _points(self, tokens: list[Token]) -> None:
        items: list[Spans] = []
        filled = True
        for token in tokens[1:]:
            if token.type == "list_item_open":
                filled, point = False, token
            elif token.type == "list_item_close" and not filled:
                self._fault(point, "this point of a list is empty. Write its words, or take it out.")
            elif token.type == "inline":
                if filled:
                    self._fault(token, "a point of a list may hold one paragraph only. Make it a point of its own.")
                else:
                    items.append(self._spans(token))
                filled = True
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self._fault(token, "a list cannot stand inside a list. Make it one list.")
            elif token.type == "heading_open":
                self._fault(token, "a heading cannot stand in a list. Take the # signs out, or put an empty line round it.")
            elif token.type in _NAMES:
                self._fault(token, f"{_NAMES[token.type]} cannot stand in a list.")
        ordered = tokens[0].type == "ordered_list_open"
        self.blocks.append(Points(tuple(items), ordered, start=int(tokens[0].attrs.get("start", 1))))

    def _grid(self, tokens: list[Token]) -> None:
        rows: list[list[Spans]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._spans(token))
                if not token.content.strip() and (len(rows) == 1 or len(rows[-1]) == 1):
                    self._fault(token, "a heading of the table is empty. Say what the row or column holds.")
        if len(rows) == 1:
            self._fault(tokens[0], "this table has no rows under its headings. Write them, or take the table out.")
        if len(rows[0]) > _MOST_COLUMNS:
            words = f"this table has {len(rows[0])} columns, and there is room for {_MOST_COLUMNS} at most."
            self._fault(tokens[0], f"{words} Make several tables of it.")
        self.blocks.append(Grid(tuple(rows[0]), tuple(tuple(row) for row in rows[1:])))

    def _spans(self, inline: Token) -> Spans:
        spans: list[Span] = []
        bold = 0
        link, begun = "", 0
        for child in inline.children or []:
            match child.type:
                case "text":
                    spans.append(Span(keep_numbers_whole(_SPACES.sub(" ", child.content)), bold > 0, link))
                case "softbreak" | "hardbreak":
                    spans.append(Span(" ", bold > 0, link))
                case "strong_open":
                    bold += 1
                case "strong_close":
                    bold -= 1
                case "em_open" | "em_close":
                    pass  # clear print has no italics; the words stay
                case "link_open":
                    link, begun = str(child.attrGet("href") or ""), len(spans)
                case "link_close":
                    self._look_at_link(inline, link, spans[begun:])
                    link = ""
                case "image":
                    self._fault(inline, "a picture cannot stand here. Give it a paragraph of its own.")
                case _:
                    self._fault(inline, f"{_NAMES.get(child.type, child.type)} cannot stand in a leaflet. Take it out.")
        if any(child.type == "text" and "](" in child.content for child in inline.children or []):
            # an address of another kind than of the web leaves the signs of a link in the words
            self._fault(inline, "the address of a link or picture here cannot be used. Write it anew, or take it out.")
        return tuple(_joined(spans))

    def _look_at_link(self, inline: Token, link: str, words: list[Span]) -> None:
        if not _OPENS.match(link):
            self._fault(inline, f"the link to “{unquote(link)}” leads nowhere. Write an address such as https://www.nhs.uk/.")
        if not any(span.text.strip() for span in words):
            self._fault(inline, "a link here has no words. Write them between the square brackets.")


def _joined(spans: list[Span]) -> list[Span]:
    """Return ``spans`` with neighbours that print alike made one, so that numbers are seen whole."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and (joined[-1].bold, joined[-1].link, joined[-1].lang) == (span.bold, span.link, span.lang):
            joined[-1] = Span(keep_numbers_whole(joined[-1].text + span.text), span.bold, span.link, span.lang)
        else:
            joined.append(span)
    return joined


def _end_of(tokens: list[Token], start: int) -> int:
    """Return the index of the token that closes the block opened at ``start``."""
    if tokens[start].nesting != 1:
        return start
    depth = 0
    for i in range(start, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i
    return len(tokens) - 1
