"""Reads a tagged PDF as assistive technology does: its text through the structure tree, in the tree's order."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_BLOCKS = frozenset(("P", "H1", "H2", "H3", "Lbl", "LBody", "TH", "TD", "Figure"))


@dataclass
class Part:
    """One block of the tree: its tags from the root on, its language, its text, and what stands for a picture."""

    tags: tuple[str, ...]
    lang: str
    text: str
    alt: str = ""
    spans: list[tuple[str, str]] = field(default_factory=list)
    """What is marked as being in a language of its own: the language and the words."""


@dataclass
class Tagged:
    """What a tag reader gets from a file, and what it never hears."""

    parts: list[Part] = field(default_factory=list)
    untagged: str = ""
    artifacts: list[str] = field(default_factory=list)
    owners: dict[tuple[Any, int], Any] = field(default_factory=dict)
    """The element that each marked stretch of each page belongs to, going down the tree."""
    lost: list[str] = field(default_factory=list)
    """Stretches that a reader coming from the page cannot find in the tree."""

    @property
    def text(self) -> str:
        """The whole text in the order of the tree, with ordinary single spaces."""
        return flat(" ".join(part.text for part in self.parts))


def flat(text: str) -> str:
    """Return ``text`` with every run of white space made one ordinary space."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def read_tags(pdf: bytes) -> Tagged:
    """Return the text of ``pdf`` as its tags tell it."""
    found = Tagged()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages: dict[Any, dict[int, str]] = {}
        for page in document.pages:
            marked, untagged, artifacts = _page_text(page)
            pages[page.objgen] = marked
            found.untagged += untagged
            found.artifacts += artifacts
        root = document.Root.StructTreeRoot.K
        _walk(root, (), str(document.Root.get("/Lang", "")), None, pages, found)
        _look_up_from_pages(document, found)
    return found


def _walk(node: Any, tags: tuple[str, ...], lang: str, page: Any, pages: dict[Any, dict[int, str]], found: Tagged) -> None:
    tags = (*tags, str(node.S)[1:])
    lang = str(node.get("/Lang", lang))
    page = node.Pg.objgen if "/Pg" in node else page
    is_block = tags[-1] in _BLOCKS
    if is_block:
        found.parts.append(Part(tags, lang, "", str(node.get("/Alt", ""))))
    for child in node.get("/K", []):
        if isinstance(child, int):
            found.parts[-1].text += pages[page].get(child, "")
            found.owners[page, child] = node.objgen
        elif child.get("/Type") == "/MCR":
            found.parts[-1].text += pages[child.Pg.objgen].get(int(child.MCID), "")
            found.owners[child.Pg.objgen, int(child.MCID)] = node.objgen
        elif child.get("/Type") != "/OBJR":
            before = len(found.parts[-1].text) if found.parts else 0
            _walk(child, tags, lang, page, pages, found)
            if str(child.S) == "/Span" and "/Lang" in child:
                found.parts[-1].spans.append((str(child.Lang), flat(found.parts[-1].text[before:])))


def _look_up_from_pages(document: Any, found: Tagged) -> None:
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    by_number = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    rows = {page.objgen: by_number.get(int(page.obj.get("/StructParents", -1))) for page in document.pages}
    for (page, number), owner in found.owners.items():
        row = rows[page]
        if row is None or number >= len(row) or row[number].objgen != owner:
            found.lost.append(f"stretch {number} of page {page}")


def _page_text(page: Any) -> tuple[dict[int, str], str, list[str]]:
    maps = {name: character_map(font) for name, font in page.Resources.Font.items()}
    marked: dict[int, str] = {}
    untagged, artifacts, current = "", [], {}
    stack: list[tuple[int | str | None, bool]] = []
    steps: Any = pikepdf.parse_content_stream(page)
    for operands, operator in steps:
        name = str(operator)
        if name == "Tf":
            current = maps[str(operands[0])]
        elif name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            number = int(properties["/MCID"]) if "/MCID" in properties else None
            artifact = str(operands[0]) == "/Artifact"
            if artifact:
                artifacts.append("")
            if number is not None:
                marked[number] = ""
            stack.append(("artifact" if artifact else number, str(operands[0]) == "/ReversedChars"))
        elif name == "EMC":
            stack.pop()
        elif name == "TJ":
            text = _shown(operands[0], current)
            text = text[::-1] if any(reverse for _, reverse in stack) else text
            owner = next((owner for owner, _ in reversed(stack) if owner is not None), None)
            if owner is None:
                untagged += text
            elif isinstance(owner, str):
                artifacts[-1] += text
            else:
                marked[owner] += text
    return marked, untagged, [text for text in artifacts if text.strip()]


def _shown(array: Any, current: dict[int, str]) -> str:
    text = ""
    for item in array:
        if isinstance(item, pikepdf.String):
            raw = bytes(item)
            text += "".join(current.get(raw[i] * 256 + raw[i + 1], "\ufffd") for i in range(0, len(raw), 2))
    return text


def character_map(font: Any) -> dict[int, str]:
    """Return what each code of ``font`` stands for, by its ToUnicode map alone."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]*)>$", table, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs if (code, text) != ("0000", "FFFF")}
