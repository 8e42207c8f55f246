"""Our own leaflets through their page: looked at, used, replaced, stopped and used again; pictures and the logo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.own_leaflets import bring_leaflet
from ewb_desktop.storage.cards.own_leaflets import leaflet_files, own_in_use
from ewb_desktop.ui.ownleaflets.view import OwnLeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.text import Label
from tests.support.own_leaflets import GARDEN, Chooser, own_page, png, write

Page = OwnLeafletsPage


def press(page: Page, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button), name
    assert button.isVisibleTo(page), name
    button.click()


def shown(page: Page, name: str) -> bool:
    widget = page.findChild(QWidget, name)
    return widget is not None and widget.isVisibleTo(page)


def words(page: Page) -> str:
    """Return all words in sight."""
    # what was laid out anew is seen once the events of that have run
    QApplication.processEvents()
    labels = [part.text() for part in page.findChildren(Label) if part.isVisibleTo(page)]
    buttons = [part.text() for part in page.findChildren(Button) if part.isVisibleTo(page)]
    return "\n".join((*labels, *buttons))


def trouble(page: Page) -> str:
    notice = page.findChild(Notice, "ownleaflets.trouble")
    assert isinstance(notice, Notice)
    return f"{notice.title.text()}. {notice.text.text()}" if notice.isVisibleTo(page) else ""


def sources(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [file.source for file in own_in_use(connection).files]


def looking(qtbot: QtBot, desk: Desk, folder: Path, text: str = GARDEN) -> Page:
    """Return the page with a file that was just looked at."""
    page = own_page(qtbot, desk, Chooser(leaflet=str(write(folder, text))))
    press(page, "ownleaflets.add")
    return page


def test_a_sound_file_is_shown_on_paper_before_it_is_used(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = looking(qtbot, desk, tmp_path)
    text = page.findChild(QPlainTextEdit, "leaflets.text")
    assert text is not None
    assert "We drink tea at three." in text.toPlainText()
    assert "Reading age" in words(page)
    assert sources(desk) == []
    press(page, "ownleaflets.use")
    assert sources(desk) == [GARDEN]
    assert "Come to our garden" in words(page)
    assert "Printed" in words(page)


def test_each_message_leads_to_its_line_in_the_file(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = looking(qtbot, desk, tmp_path, GARDEN.replace("We dig and water.", "![](garden.png)"))
    assert "Line 15: the picture has no description. Write it between the square brackets." in words(page)
    assert not shown(page, "ownleaflets.use")
    press(page, "ownleaflets.messages.open.0")
    source = page.findChild(QPlainTextEdit, "ownleaflets.source")
    assert source is not None
    assert source.hasFocus()
    assert source.textCursor().selectedText() == "![](garden.png) We drink tea at three."


def test_a_mended_file_is_looked_at_again(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = looking(qtbot, desk, tmp_path, "no head")
    assert "does not begin with a head" in words(page)
    write(tmp_path)
    action = page.findChild(QAction, "ownleaflets.again_action")
    assert action is not None
    action.trigger()
    press(page, "ownleaflets.use")
    assert sources(desk) == [GARDEN]


def test_a_newer_version_takes_the_place_of_the_one_before_which_is_kept(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    bring_leaflet(desk, "garden.md", GARDEN)
    newer = GARDEN.replace('version = "1"', 'version = "2"')
    page = looking(qtbot, desk, tmp_path, newer)
    assert "It takes the place of “Come to our garden”, version 1, which is kept." in words(page)
    press(page, "ownleaflets.use")
    assert sources(desk) == [newer]
    press(page, "ownleaflets.former.act.0")
    assert sources(desk) == [GARDEN]


def test_one_that_takes_the_place_of_ours_says_how_ours_comes_back(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = looking(qtbot, desk, tmp_path, GARDEN.replace("our-garden", "sleep"))
    assert "Stop using it, and that one comes back." in words(page)
    press(page, "ownleaflets.use")
    press(page, "ownleaflets.in_use.act.0")
    assert sources(desk) == []
    with desk.store.read() as connection:
        assert len(leaflet_files(connection)) == 1


def test_a_broken_one_from_another_laptop_is_named_beside_the_others(qtbot: QtBot, desk: Desk) -> None:
    bring_leaflet(desk, "broken.md", GARDEN.replace("We dig", "> We dig").replace("our-garden", "choir"))
    bring_leaflet(desk, "garden.md", GARDEN)
    told = words(own_page(qtbot, desk, Chooser()))
    assert "It is not printed. broken.md, line 15: a quotation cannot stand in a leaflet. Take it out." in told
    assert "Printed" in told


def test_what_is_in_use_can_be_read_and_nothing_offers_to_use_it_twice(qtbot: QtBot, desk: Desk) -> None:
    bring_leaflet(desk, "garden.md", GARDEN)
    page = own_page(qtbot, desk, Chooser())
    press(page, "ownleaflets.in_use.open.0")
    assert "Reading age" in words(page)
    assert not shown(page, "ownleaflets.use")
    assert not shown(page, "ownleaflets.again")
    press(page, "ownleaflets.close")
    assert shown(page, "ownleaflets.in_use")


def test_a_file_that_is_let_go_over_the_page_is_looked_at(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = own_page(qtbot, desk, Chooser())
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(write(tmp_path)))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, carried, left, none))
    assert shown(page, "ownleaflets.use")


def test_a_file_that_cannot_be_opened_is_told_with_what_to_do(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = own_page(qtbot, desk, Chooser(leaflet=str(tmp_path / "gone.md")))
    press(page, "ownleaflets.add")
    assert trouble(page) == (
        "The file could not be opened. The computer says: No such file or directory. Nothing was changed. "
        "Check the file and choose it again."
    )


def test_the_example_is_saved_and_is_itself_sound(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    saved = tmp_path / "example.md"
    chooser = Chooser(save_as=str(saved), leaflet=str(saved))
    page = own_page(qtbot, desk, chooser)
    press(page, "ownleaflets.example")
    assert chooser.offered == ["example leaflet.md"]
    press(page, "ownleaflets.add")
    assert shown(page, "ownleaflets.use")


def test_an_example_that_cannot_be_saved_there_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = own_page(qtbot, desk, Chooser(save_as=str(tmp_path / "no folder" / "example.md")))
    press(page, "ownleaflets.example")
    assert trouble(page).startswith("The example could not be saved there. The computer says: No such file or directory.")
    assert not (tmp_path / "no folder").exists()


def picture_form(qtbot: QtBot, desk: Desk, folder: Path, button: str, name: str = "our garden.PNG") -> Page:
    (folder / name).write_bytes(png())
    page = own_page(qtbot, desk, Chooser(picture=str(folder / name)))
    press(page, button)
    return page


def type_into(page: Page, name: str, typed: str) -> None:
    field = page.findChild(TextField, name)
    assert isinstance(field, TextField)
    field.value = typed
    field.edited.emit()


def test_a_picture_is_kept_with_what_it_shows_and_who_allows_it(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = picture_form(qtbot, desk, tmp_path, "ownleaflets.add_picture")
    press(page, "ownleaflets.keep_picture")
    assert "Error: Write what the picture shows, for people who cannot see it." in words(page)
    assert "Error: Write who made the picture, and who allows us to print it." in words(page)
    type_into(page, "ownleaflets.description", "The garden")
    type_into(page, "ownleaflets.credit", "The club")
    press(page, "ownleaflets.keep_picture")
    with desk.store.read() as connection:
        assert [(each.name, each.description) for each in own_in_use(connection).pictures] == [("our-garden.png", "The garden")]
    assert not shown(page, "ownleaflets.picture")


def test_what_was_typed_of_a_picture_is_there_again_after_a_lock(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = picture_form(qtbot, desk, tmp_path, "ownleaflets.add_picture")
    type_into(page, "ownleaflets.description", "The gar")
    page.leaving()
    again = own_page(qtbot, desk, Chooser())
    field = again.findChild(TextField, "ownleaflets.description")
    assert isinstance(field, TextField)
    assert field.isVisibleTo(again)
    assert field.value == "The gar"


def test_the_logo_needs_words_and_no_credit(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = picture_form(qtbot, desk, tmp_path, "ownleaflets.set_logo")
    type_into(page, "ownleaflets.description", "Northside, our service")
    press(page, "ownleaflets.keep_picture")
    with desk.store.read() as connection:
        logo = own_in_use(connection).logo
    assert logo is not None
    assert logo.description == "Northside, our service"
    press(page, "ownleaflets.logo.act.0")
    with desk.store.read() as connection:
        assert own_in_use(connection).logo is None


def test_a_picture_that_is_none_is_told_in_words(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    page = own_page(qtbot, desk, Chooser(picture=str(tmp_path / "a.png")))
    press(page, "ownleaflets.add_picture")
    assert trouble(page).startswith("This picture cannot be used. “a.png” is not a PNG or JPEG picture, whatever its name says.")
    assert not shown(page, "ownleaflets.picture")


@pytest.mark.parametrize("text", [GARDEN, "no head"])
def test_the_keyboard_is_on_what_comes_next(qtbot: QtBot, desk: Desk, tmp_path: Path, text: str) -> None:
    page = looking(qtbot, desk, tmp_path, text)
    focused = page.focusWidget()
    assert focused is not None
    assert focused.objectName() == ("ownleaflets.use" if text == GARDEN else "ownleaflets.messages.open.0")
