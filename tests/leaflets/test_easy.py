"""Easy read: every topic is there in English, each short sentence with its picture beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from ewb_desktop.leaflets.blocks import Grid, Heading, Paragraph, Picture
from ewb_desktop.leaflets.catalogue import EASY, Catalogue, read_leaflet
from ewb_desktop.leaflets.errors import OrderError, SourceError
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.readability import measure, running_text
from ewb_desktop.leaflets.text.spans import plain
from tests.leaflets.test_catalogue import HEAD
from tests.support.leaflet_orders import RESOURCES, an_order
from tests.support.tags import flat, read_tags

_LONGEST = 16
"""Words in the longest sentence of an easy read leaflet."""
_TOPICS = sorted(path.stem for path in (RESOURCES / "leaflets" / "en").glob("*.md"))


def test_every_topic_is_there_in_easy_read_in_english(press: Press) -> None:
    assert [card.id for card in press.catalogue.topics() if "en" not in card.easy] == []
    assert len(press.catalogue.topics()) == len(_TOPICS)


@pytest.mark.parametrize("topic", _TOPICS)
def test_its_words_are_plain_its_sentences_short_and_each_has_a_picture(press: Press, topic: str) -> None:
    leaflet = press.catalogue.leaflet(topic, "en", EASY)
    said = measure(running_text(block for block in leaflet.blocks if not isinstance(block, Picture)))
    assert said.reading_age <= 9
    assert len(said.longest_sentence.split()) <= _LONGEST
    kinds = [type(block) for block in leaflet.blocks if not isinstance(block, Heading | Grid)]
    assert kinds == [Picture, Paragraph] * (len(kinds) // 2)
    assert leaflet.credit == "OpenMoji, openmoji.org, CC BY-SA 4.0"


def test_a_picture_is_heard_before_its_sentence_and_stands_on_its_left(press: Press) -> None:
    rendered = press.render(an_order(style="easy-16"))
    parts = read_tags(rendered.pdf).parts
    first = next(number for number, part in enumerate(parts) if part.tags[-1] == "Figure")
    assert (parts[first].alt, flat(parts[first + 1].text)) == (
        "A worried face", "Everyone worries at times. It is not your fault.",
    )  # fmt: skip
    document = pypdfium2.PdfDocument(rendered.pdf)
    picture = next(thing for thing in document[0].get_objects() if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
    words = document[0].get_textpage()
    found = words.search("Everyone worries").get_next()
    assert found is not None
    left, bottom, _, top = words.get_charbox(found[0])
    box = picture.get_bounds()
    assert box[2] < left
    assert box[1] < (bottom + top) / 2 < box[3]
    document.close()


def test_who_made_the_pictures_is_said(press: Press) -> None:
    assert "Pictures: OpenMoji, openmoji.org, CC BY-SA 4.0." in press.text(an_order(style="easy-16"))


def test_long_words_beside_a_picture_go_on_to_the_next_page(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(900))
    picture = RESOURCES / "leaflets" / "pictures" / "heart.png"
    (tmp_path / "heart.png").write_bytes(picture.read_bytes())
    head = HEAD.replace("+++\n", '+++\nformat = "easy"\n', 1)
    (tmp_path / "own.md").write_text(f"{head}# Own\n\n![A heart](heart.png)\n\n{words}\n", encoding="utf-8")
    (tmp_path / "plain.md").write_text(f"{HEAD}# Own\n\nWords.\n", encoding="utf-8")
    press = Press.open(RESOURCES)
    press.catalogue = Catalogue.load((tmp_path,))
    assert press.catalogue.faults == ()
    rendered = press.render(replace(an_order("own", style="easy-16"), services=(), next_step=None))
    assert rendered.pages > 2
    assert words in read_tags(rendered.pdf).text


def test_easy_read_in_a_language_that_has_none_is_refused_in_words(press: Press) -> None:
    with pytest.raises(OrderError, match="no easy read leaflet"):
        press.render(an_order(language="pl", style="easy-16"))


def test_a_format_nobody_knows_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(HEAD.replace("+++\n", '+++\nformat = "hard"\n', 1) + "# Own\n", encoding="utf-8")
    with pytest.raises(SourceError, match='line 2: the format can only be "easy"'):
        read_leaflet(tmp_path / "own.md")


def test_a_sentence_is_nothing_but_words(press: Press) -> None:
    for topic in _TOPICS:
        for block in press.catalogue.leaflet(topic, "en", EASY).blocks:
            if isinstance(block, Paragraph):
                assert plain(block.spans).rstrip("”")[-1] in ".?", plain(block.spans)
