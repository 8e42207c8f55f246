"""Pictures of the pages."""

from __future__ import annotations

from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.preview import page_images
from tests.support.leaflet_orders import an_order


def test_there_is_a_picture_of_every_page_as_wide_as_asked(press: Press) -> None:
    rendered = press.render(an_order())
    pictures = page_images(rendered.pdf, 300)
    assert len(pictures) == rendered.pages
    assert all(picture.width == 300 and len(picture.rgba) == picture.width * picture.height * 4 for picture in pictures)


def test_a_page_is_white_paper_with_something_on_it(press: Press) -> None:
    picture = page_images(press.render(an_order()).pdf, 200)[0]
    assert picture.rgba[:4] == b"\xff\xff\xff\xff"
    assert min(picture.rgba) < 64


def test_a_picture_can_be_saved_as_png(press: Press) -> None:
    assert page_images(press.render(an_order()).pdf, 100)[0].png().startswith(b"\x89PNG")
