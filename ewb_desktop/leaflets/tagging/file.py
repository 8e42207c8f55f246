"""The file as a whole: pages, structure tree, fonts, bookmarks and what it says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from ewb_desktop.leaflets.tagging.page import Area, Bookmark, Page
from ewb_desktop.leaflets.tagging.pictures import PictureFile
from ewb_desktop.leaflets.tagging.structure import Element, LinkArea
from ewb_desktop.leaflets.text.embedding import FontUse
from ewb_desktop.leaflets.text.faces import Face

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
    "<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>"
    "<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>\n'
)


class TaggedFile:
    """A file being made. Draw the pages, then take ``finish()`` once. The same drawing gives the same bytes."""

    def __init__(self, *, title: str, author: str, lang: str, size: tuple[float, float]) -> None:
        self.root = Element("Document", lang)
        self._pages: list[Page] = []
        self._marks: list[Bookmark] = []
        self._fonts: dict[Face, FontUse] = {}
        self._pictures: dict[PictureFile, str] = {}
        self._title, self._author, self._lang, self._size = title, author, lang, size
        self._document = pdfdoc.PDFDocument(invariant=1, pdfVersion=(1, 7), lang=lang)
        self._catalogue: Any = self._document.Catalog  # type: ignore[attr-defined]

    def new_page(self) -> Page:
        """Begin another page and return it."""
        page = Page(len(self._pages), *self._size, self._use)
        page.bookmarks = self._marks  # of all pages as they are read: in a booklet the sheets' sides come in another order
        self._pages.append(page)
        return page

    def picture(self, picture: PictureFile) -> str:
        """Return the name by which pages draw ``picture``; it is stored in the file once."""
        return self._pictures.setdefault(picture, f"P{len(self._pictures) + 1}")

    def finish(self) -> bytes:
        """Return the finished file."""
        document = self._document
        codes = [page.code() for page in self._pages]
        resources = _reference(document, self._resources())
        pages = _dictionary(Type=_name("Pages"), Count=len(self._pages))
        pages_reference = _reference(document, pages)
        page_references = [_reference(document, _dictionary(Type=_name("Page"))) for _ in self._pages]
        pages.dict["Kids"] = _Array(page_references)
        area_references = self._write_pages(codes, page_references, pages_reference, resources)
        self._write_structure(page_references, area_references)
        self._write_catalogue(pages, page_references)
        for code in codes:
            document.updateSignature(code)
        return bytes(document.format())

    def _use(self, face: Face) -> FontUse:
        if face not in self._fonts:
            self._fonts[face] = FontUse(face, f"F{len(self._fonts) + 1}")
        return self._fonts[face]

    def _resources(self) -> Any:
        fonts = _dictionary(**{use.name: self._font(use) for use in self._fonts.values()})
        pictures = _dictionary(**{name: _reference(self._document, picture.stream()) for picture, name in self._pictures.items()})
        return _dictionary(Font=fonts, XObject=pictures)

    def _font(self, use: FontUse) -> Any:
        document, scale = self._document, 1000 / use.face.units
        program, box = use.program()
        name = _name(f"AAAAAA+{use.face.name}")
        descriptor = _dictionary(
            Type=_name("FontDescriptor"),
            FontName=name,
            Flags=4,
            ItalicAngle=0,
            CapHeight=700,
            StemV=80,
            FontBBox=_Array([int(side * scale) for side in box]),
            Ascent=int(use.face.ascent * scale),
            Descent=int(use.face.descent * scale),
            FontFile2=_reference(document, _stream(program, Length1=len(program))),
        )
        system = _dictionary(Registry=_string("Adobe"), Ordering=_string("Identity"), Supplement=0)
        descendant = _dictionary(
            Type=_name("Font"),
            Subtype=_name("CIDFontType2"),
            BaseFont=name,
            CIDToGIDMap=_name("Identity"),
            CIDSystemInfo=system,
            FontDescriptor=_reference(document, descriptor),
            DW=1000,
            W=_Array([0, _Array(use.widths())]),
        )
        font = _dictionary(
            Type=_name("Font"),
            Subtype=_name("Type0"),
            BaseFont=name,
            Encoding=_name("Identity-H"),
            DescendantFonts=_Array([_reference(document, descendant)]),
            ToUnicode=_reference(document, _stream(use.to_unicode())),
        )
        return _reference(document, font)

    def _write_pages(self, codes: list[str], references: list[Any], parent: Any, resources: Any) -> list[list[Any]]:
        """Fill the page dictionaries; return the references of each page's annotations."""
        document = self._document
        after_pages = len(self._pages)
        areas: list[list[Any]] = []
        for page, code, reference in zip(self._pages, codes, references, strict=True):
            mine = []
            for area in page.areas:
                mine.append(_reference(document, _annotation(area, after_pages)))
                after_pages += 1
            areas.append(mine)
            page_object: Any = document.idToObject[reference.name]
            page_object.dict.update(
                Parent=parent,
                MediaBox=_Array([0, 0, page.width, page.height]),
                Resources=resources,
                Contents=_reference(document, _stream(code.encode("ascii"))),
                StructParents=page.index,
                Tabs=_name("S"),
            )
            if mine:
                page_object.dict["Annots"] = _Array(mine)
        return areas

    def _write_structure(self, pages: list[Any], areas: list[list[Any]]) -> None:
        document = self._document
        tree = _dictionary(Type=_name("StructTreeRoot"))
        written: dict[Element, int] = {}
        page_numbers = [_number(document, page) for page in pages]
        area_numbers = [[_number(document, area) for area in mine] for mine in areas]
        root = _number(document, _reference(document, tree))
        tree.dict["K"] = f"{self._write_element(self.root, root, page_numbers, area_numbers, written)} 0 R"
        numbers: list[str] = []
        for page in self._pages:
            numbers += [str(page.index), _listed([f"{written[element]} 0 R" for element in page.marked])]
        links = [area.element for page in self._pages for area in page.areas]
        for number, element in enumerate(links, start=len(self._pages)):
            numbers += [str(number), f"{written[element]} 0 R"]
        tree.dict["ParentTree"] = _reference(document, _dictionary(Nums=_listed(numbers)))
        tree.dict["ParentTreeNextKey"] = len(self._pages) + len(links)
        self._catalogue.StructTreeRoot = tree

    def _write_element(
        self, element: Element, parent: int, pages: list[int], areas: list[list[int]], written: dict[Element, int]
    ) -> int:
        """Write ``element`` and all in it, and return its number in the file; ``pages`` and ``areas`` are such numbers too."""
        entry = _Written()
        own = written[element] = _number(self._document, _reference(self._document, entry))
        first = element.first_page
        children: list[str] = []
        for child in element.children:
            if isinstance(child, Element):
                children.append(f"{self._write_element(child, own, pages, areas, written)} 0 R")
            elif isinstance(child, LinkArea):
                place = areas[child.page][child.annotation]
                children.append(f"<</Obj {place} 0 R /Pg {pages[child.page]} 0 R /Type /OBJR>>")
            elif child.page == first:
                children.append(str(child.number))
            else:
                children.append(f"<</MCID {child.number} /Pg {pages[child.page]} 0 R /Type /MCR>>")
        about = f" /Pg {pages[first]} 0 R" if first is not None else ""
        if element.lang:
            about += f" /Lang {_text(element.lang)}"
        if element.alt:
            about += f" /Alt {_text(element.alt)}"
        attributes = {key: f"/{value}" if isinstance(value, str) else str(value) for key, value in element.attributes.items()}
        if element.box:
            attributes |= {"O": "/Layout", "Placement": "/Block", "BBox": _listed([f"{side:.2f}" for side in element.box])}
        if attributes:
            about += f" /A <<{' '.join(f'/{key} {value}' for key, value in attributes.items())}>>"
        entry.content = f"<</Type /StructElem /S /{element.tag} /P {parent} 0 R{about} /K {_listed(children)}>>".encode("latin-1")
        return own

    def _write_catalogue(self, pages_object: Any, pages: list[Any]) -> None:
        document = self._document
        catalogue = self._catalogue
        catalogue.Pages = pages_object
        catalogue.Outlines = self._outline(pages)
        catalogue.MarkInfo = _dictionary(Marked="true")
        catalogue.ViewerPreferences = _dictionary(DisplayDocTitle="true")
        words = {"title": self._title, "author": self._author, "lang": self._lang}
        about = _XMP.format(**{key: escape(value) for key, value in words.items()})
        catalogue.Metadata = pdfdoc.PDFStream(
            dictionary=_dictionary(Type=_name("Metadata"), Subtype=_name("XML")), content=about.encode("utf-8")
        )
        document.info.title = document.info.subject = self._title
        document.info.author = self._author
        document.info.creator = "EWB Desktop"

    def _outline(self, pages: list[Any]) -> Any:
        """Return the contents list as a tree, or None when there is nothing to list."""
        if not self._marks:
            return None
        top = _dictionary(Type=_name("Outlines"))
        above: list[tuple[int, Any]] = [(0, top)]
        for mark in self._marks:
            while above[-1][0] >= mark.level:
                above.pop()
            parent = above[-1][1]
            place = _Array([pages[mark.page], _name("XYZ"), mark.x, self._size[1] - mark.y, "null"])
            entry = _dictionary(Title=_string(mark.words), Dest=place, Parent=_reference(self._document, parent))
            reference = _reference(self._document, entry)
            if "Last" in parent.dict:
                entry.dict["Prev"] = parent.dict["Last"]
                before: Any = self._document.idToObject[parent.dict["Last"].name]
                before.dict["Next"] = reference
            else:
                parent.dict["First"] = reference
            parent.dict["Last"] = reference
            for _, ancestor in above:
                ancestor.dict["Count"] = ancestor.dict.get("Count", 0) + 1
            above.append((mark.level, entry))
        return top


def _annotation(area: Area, parent_number: int) -> Any:
    return _dictionary(
        Type=_name("Annot"),
        Subtype=_name("Link"),
        Rect=_Array([round(side, 2) for side in (area.left, area.bottom, area.right, area.top)]),
        Border=_Array([0, 0, 0]),
        F=4,
        StructParent=parent_number,
        Contents=_string(area.words),
        A=_dictionary(S=_name("URI"), URI=_string(area.address)),
    )


class _Dictionary(pdfdoc.PDFDictionary):
    """A dictionary whose keys are plain names: reportlab looks at every letter of them each time."""

    def format(self, document: Any, IND: bytes = b"") -> bytes:  # noqa: ARG002, N803 - as reportlab calls it
        """Return the dictionary as the file holds it, its keys in one order."""
        entries = sorted(self.dict.items())
        return b"<<" + b"\n".join(f"/{key} ".encode("ascii") + _formatted(value, document) for key, value in entries) + b">>"


class _Written(pdfdoc.PDFObject):
    """An object that is bytes already: the structure tree has hundreds, and each is written once."""

    content = b""

    def format(self, document: Any) -> bytes:  # noqa: ARG002 - as reportlab calls it
        """Return the object as the file holds it."""
        return self.content


class _Array(pdfdoc.PDFArray):
    """A list that writes whole numbers and references without reportlab's rules for every other kind of thing."""

    def format(self, document: Any, IND: bytes = b"") -> bytes:  # noqa: ARG002, N803 - as reportlab calls it
        """Return the list as the file holds it, ten things to a line."""
        return _listed([_formatted(value, document).decode("latin-1") for value in self.sequence]).encode("latin-1")


def _formatted(value: Any, document: Any) -> bytes:
    if isinstance(value, str | int):
        return str(value).encode("ascii")
    if type(value) is pdfdoc.PDFObjectReference:
        return b"%d %d R" % document.idToObjectNumberAndVersion[value.name]
    made: bytes = pdfdoc.format(value, document)
    return made


def _listed(parts: Sequence[str]) -> str:
    """Return what is written already as a list, ten things to a line."""
    return "[" + "\n".join(" ".join(parts[i : i + 10]) for i in range(0, len(parts), 10)) + "]"


def _text(words: str) -> str:
    """Return ``words`` as an object that is bytes already holds them."""
    made: bytes = pdfdoc.PDFString(words).format(pdfdoc.DummyDoc())
    return made.decode("latin-1")


@cache
def _name(text: str) -> Any:
    return pdfdoc.PDFName(text)


def _string(text: str) -> Any:
    return pdfdoc.PDFString(text)


def _dictionary(**entries: Any) -> Any:
    return _Dictionary(entries)


def _reference(document: Any, thing: Any) -> Any:
    return document.Reference(thing)


def _number(document: Any, reference: Any) -> int:
    """Return the number of what ``reference`` points at."""
    number: int = document.idToObjectNumberAndVersion[reference.name][0]
    return number


def _stream(content: bytes, **entries: Any) -> Any:
    return pdfdoc.PDFStream(dictionary=_dictionary(**entries), content=content, filters=[pdfdoc.PDFZCompress])
