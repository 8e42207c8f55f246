"""The structure tree: what a screen reader reads, in the order of the source and not of the drawing.

The tree is built with the story. A box that is split over pages only adds more marked content to its own element, so
no page break can change the order.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a page's drawing that belongs to an element: the page's index and its number on that page."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class LinkArea:
    """A place on a page that can be pressed: the page's index and the annotation's index on that page."""

    page: int
    annotation: int


@dataclass(eq=False, slots=True)
class Element:
    """A structure element. ``lang`` is empty where the language is that of the parent."""

    tag: str
    lang: str = ""
    alt: str = ""
    attributes: dict[str, str | int] = field(default_factory=dict)
    children: list[Element | Marked | LinkArea] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None

    def add(self, tag: str, *, lang: str = "", alt: str = "", attributes: dict[str, str | int] | None = None) -> Element:
        """Append a child element and return it."""
        child = Element(tag, lang, alt, attributes or {})
        self.children.append(child)
        return child

    @property
    def first_page(self) -> int | None:
        """The page on which the element's own content begins, or None when only its children have content."""
        for child in self.children:
            if not isinstance(child, Element):
                return child.page
        return None
