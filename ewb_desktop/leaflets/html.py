"""A story as one HTML file for e-mail: pictures inside it, nothing fetched, no script, the same order as on paper."""

from __future__ import annotations

import base64
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from html import escape

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
from ewb_desktop.leaflets.codes import EDGE, square_code
from ewb_desktop.leaflets.html_look import sheet_of_looks
from ewb_desktop.leaflets.story import Story
from ewb_desktop.leaflets.styles import Style
from ewb_desktop.leaflets.text.numbers import figures_in
from ewb_desktop.leaflets.text.spans import RIGHT_TO_LEFT, Span, numbers_across

_OPENS = re.compile(r"(?:https?|mailto|tel|sms):", re.IGNORECASE)
"""What a link may open; the words of any other stay, without their link."""
_NUMBER = '<bdi dir="ltr">{}</bdi>'
"""A number is read from the left and stays on one line, whatever joins its groups and whatever stands round it."""
_PNG = b"\x89PNG"
"""How the bytes of a PNG picture begin, whatever its name says."""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a reader is told to fetch: nothing. Pictures and looks are in the file."""


def html_text(story: Story, style: Style, lang: str) -> str:
    """Return ``story`` as a whole HTML file that looks like ``style``; ``lang`` is the language as HTML names it."""
    teller = _Teller(easy=style.source == EASY)
    head = (
        '<meta charset="utf-8">',
        f"<title>{_safe(story.file_title)}</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        *((f'<meta name="author" content="{_safe(story.author)}">',) if story.author else ()),
        f"<style>\n{sheet_of_looks(style, story.lang)}</style>",
    )
    opening = f'<!DOCTYPE html>\n<html lang="{_safe(lang)}" dir="{_direction(story.lang)}">'
    lines = (opening, "<head>", *head, "</head>", "<body>", "<main>", *teller.told(story.blocks), "</main>", "</body>", "</html>")
    return "\n".join(lines) + "\n"


class _Teller:
    """Tells blocks as elements. In an ``easy`` leaflet a picture stands beside what is said of it."""

    def __init__(self, *, easy: bool) -> None:
        self._easy = easy

    def told(self, blocks: Iterable[Block]) -> Iterator[str]:
        waiting = deque(blocks)
        while waiting:
            block = waiting.popleft()
            if isinstance(block, Picture) and self._easy and block.look == "text":
                beside: list[Block] = []
                while waiting and isinstance(waiting[0], Paragraph | Points):
                    beside.append(waiting.popleft())
                words = "".join(self.told(beside))
                yield f'<div class="beside">{_picture(block)}<div>{words}</div></div>'
            else:
                yield self._block(block)

    def _block(self, block: Block) -> str:
        match block:
            case Heading(level=level, spans=spans, lang=lang):
                return f"<h{level}{_marked(lang)}>{_words(spans)}</h{level}>"
            case Paragraph(spans=spans, lang=lang, look=look):
                named = "" if look == "text" else f' class="{look}"'
                return f"<p{named}{_marked(lang)}>{_words(spans)}</p>"
            case Points(items=items, ordered=ordered, lang=lang, start=start):
                tag = "ol" if ordered else "ul"
                first = f' start="{start}"' if ordered and start != 1 else ""
                return f"<{tag}{first}{_marked(lang)}>{''.join(f'<li>{_words(item)}</li>' for item in items)}</{tag}>"
            case Facts(rows=rows):
                return f'<table class="facts"><tbody>{"".join(map(_fact, rows))}</tbody></table>'
            case Grid():
                return _grid(block)
            case Picture():
                return f"<p>{_picture(block)}</p>"
            case Panel(look=look, blocks=inner, lang=lang):
                return "\n".join((f'<div class="{look}"{_marked(lang)}>', *self.told(inner), "</div>"))
            case WebCode(blocks=inner):
                return "\n".join((f'<div class="beside">{_code(block)}<div>', *self.told(inner), "</div></div>"))
            case NewPage():
                return '<div class="page"></div>'


def _fact(fact: Fact) -> str:
    return f'<tr{_marked(fact.lang)}><th scope="row">{_words(fact.label)}</th><td>{_words(fact.value)}</td></tr>'


def _grid(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{_words(heading)}</th>' for heading in grid.headings)
    rows = "".join(f"<tr>{_row(row)}</tr>" for row in grid.rows)
    look = "form" if grid.is_form else "grid"
    return f'<table class="{look}"{_marked(grid.lang)}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(cells: Sequence[Spans]) -> str:
    named, *others = map(_words, cells)
    return f'<th scope="row">{named}</th>' + "".join(f"<td>{cell}</td>" for cell in others)


def _picture(picture: Picture) -> str:
    read = picture.read()
    content = base64.b64encode(read).decode("ascii")
    kind = "image/png" if read.startswith(_PNG) else "image/jpeg"
    look = ' class="logo"' if picture.look == "logo" else ""
    return f'<img{look} src="data:{kind};base64,{content}" alt="{_safe(picture.description)}"{_marked(picture.lang)}>'


def _code(block: WebCode) -> str:
    """Return the code as a drawing: it can be read from the screen, or when the file is printed."""
    squares, runs = square_code(block.address)
    side = squares + 2 * EDGE
    path = "".join(f"M{EDGE + column} {EDGE + row}h{many}v1h-{many}z" for row, column, many in runs)
    return (
        f'<svg class="code" role="img" aria-label="{_safe(block.description)}" viewBox="0 0 {side} {side}">'
        f'<path fill="#ffffff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>'
    )


def _words(spans: Spans) -> str:
    told = ""
    for number, stretch in numbers_across(spans):
        words = "".join(_span(span, number=number) for span in stretch)
        told += _NUMBER.format(words) if number else words
    return told


def _span(span: Span, *, number: bool) -> str:
    told = _safe(span.text) if number else _numbered(span.text)
    marked = _marked(span.lang)
    address = span.link or span.call
    if span.bold:
        told = f"<strong{'' if address else marked}>{told}</strong>"
    if _OPENS.match(address):
        # a number on a screen is read from the left, whatever stands round it
        way = marked or (' dir="ltr"' if span.call else "")
        return f'<a href="{_safe(address)}"{way}>{told}</a>'
    return f"<span{marked}>{told}</span>" if marked and not span.bold else told


def _numbered(text: str) -> str:
    told, done = "", 0
    for start, end in figures_in(text):
        told += _safe(text[done:start]) + _NUMBER.format(_safe(text[start:end]))
        done = end
    return told + _safe(text[done:])


def _marked(lang: str) -> str:
    """Return the attributes that say in which language, and so in which direction, something is read."""
    return f' lang="{_safe(lang)}" dir="{_direction(lang)}"' if lang else ""


def _direction(lang: str) -> str:
    return "rtl" if lang in RIGHT_TO_LEFT else "ltr"


def _safe(text: str) -> str:
    return escape(text, quote=True)
