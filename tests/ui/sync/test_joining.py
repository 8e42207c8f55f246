"""Joining a server: a whole invitation pasted into one field, and a service's own certificate authority."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.syncing.authorities import read_authority
from ewb_desktop.ui.authority_field import AuthorityField
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from sync.invitation import line_of
from tests.support.certificates import Authority, make_authority

CODE = "stretford-7K2QD-M41XA-90HTB"
PRINT = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority()


@pytest.fixture
def chosen(tmp_path: Path, authority: Authority) -> list[Path | None]:
    """What the file dialog answers, the next first."""
    return [authority.write(tmp_path / "authority.pem")]


@pytest.fixture
def page(qtbot: QtBot, chosen: list[Path | None]) -> SyncPage:
    def choose(_parent: QWidget) -> Path | None:
        return chosen[0]

    page = SyncPage(choose_authority=choose)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    return page


def field(page: QWidget, name: str) -> TextField:
    found = page.findChild(TextField, name)
    assert isinstance(found, TextField)
    return found


def paste(part: TextField, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    part.line.paste()


def press(page: QWidget, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


@pytest.mark.parametrize("where", ["sync.code", "sync.address"])
def test_an_invitation_pasted_into_either_field_fills_in_all(page: SyncPage, where: str) -> None:
    paste(field(page, where), line_of("https://venue.local:8461", CODE, PRINT) + "\n")
    assert [field(page, f"sync.{name}").value for name in ("address", "code")] == ["https://venue.local:8461", CODE]
    assert field(page, "sync.fingerprint").value.replace(" ", "") == PRINT


def test_a_code_alone_stays_in_its_field(page: SyncPage) -> None:
    field(page, "sync.address").value = "https://typed.example.org"
    paste(field(page, "sync.code"), CODE)
    assert [field(page, f"sync.{name}").value for name in ("address", "code")] == ["https://typed.example.org", CODE]


def joins(qtbot: QtBot, page: SyncPage) -> str:
    field(page, "sync.address").value, field(page, "sync.code").value = "https://ewb.example.org", CODE
    with qtbot.waitSignal(page.joined_asked) as asked:
        press(page, "sync.join")
    assert asked.args is not None
    return str(asked.args[0])


def test_a_chosen_authority_goes_with_the_address_until_it_is_left_out(
    qtbot: QtBot, page: SyncPage, chosen: list[Path | None]
) -> None:
    press(page, "sync.authority.choose")
    assert chosen[0] is not None
    assert joins(qtbot, page) == f"https://ewb.example.org#{read_authority(chosen[0].read_bytes()).behind}"
    # closing the dialog without a file changes nothing
    chosen[0] = None
    press(page, "sync.authority.choose")
    assert "#authority=" in joins(qtbot, page)
    press(page, "sync.authority.leave")
    assert joins(qtbot, page) == "https://ewb.example.org"


def test_a_fingerprint_says_more_than_an_authority(qtbot: QtBot, page: SyncPage) -> None:
    press(page, "sync.authority.choose")
    field(page, "sync.fingerprint").value = PRINT
    assert joins(qtbot, page) == f"https://ewb.example.org#{PRINT}"


@pytest.mark.parametrize(
    ("kept", "said"),
    [(b"hello", "no authority's certificate"), (b"-----BEGIN PRIVATE KEY-----", "private key"), (None, "cannot be read")],
)
def test_a_file_that_is_no_authority_is_told_at_its_field_and_the_one_before_stays(
    page: SyncPage, chosen: list[Path | None], tmp_path: Path, kept: bytes | None, said: str
) -> None:
    press(page, "sync.authority.choose")
    part = page.findChild(AuthorityField, "sync.authority")
    assert isinstance(part, AuthorityField)
    before = part.behind
    other = tmp_path / "other.pem"
    chosen[0] = other
    if kept is not None:
        other.write_bytes(kept)
    press(page, "sync.authority.choose")
    assert said in part.error.text()
    assert part.behind == before != ""
