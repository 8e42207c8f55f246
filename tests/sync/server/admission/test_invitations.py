"""The QR code of an invitation: a camera reads the very line from the terminal and from the picture."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from sync.fingerprint import grouped
from sync.invitation import read_line
from sync.server import certificates
from sync.server.admission.invitations import address_of, invitation_line, show, write_picture
from sync.server.cli import main
from sync.server.settings import Settings, SettingsIncomplete, from_environment

LINE = "https://ewb.example.org#0123456789abcdef0123456789abcdef stretford-7K2QD-M41XA-90HTB"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Settings(database="sqlite:///x.db")


class Screen(io.TextIOWrapper):
    """A terminal with an encoding."""

    def __init__(self, encoding: str) -> None:
        self.kept = io.BytesIO()
        super().__init__(self.kept, encoding=encoding, write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        return self.kept.getvalue().decode(self.encoding)


def photographed(text: str) -> str:
    """Return what a camera reads from half blocks: a letter is two modules, one over the other, white on black."""
    rows = [row for row in text.splitlines() if row]
    picture = Image.new("L", (len(rows[0]), 2 * len(rows)), 0)
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            upper, lower = {" ": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}[letter]
            picture.putpixel((x, 2 * y), upper)
            picture.putpixel((x, 2 * y + 1), lower)
    return read_code(picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST))


def read_code(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text


def test_a_camera_reads_the_line_from_the_terminal_whatever_its_colours() -> None:
    screen = Screen("utf-8")
    assert show(LINE, screen)
    rows = screen.shown.splitlines()
    # white on black by its own colours, and those of the terminal afterwards
    assert all(row.startswith("\x1b[97;40m") and row.endswith("\x1b[0m") for row in rows)
    assert photographed("\n".join(row[8:-4] for row in rows)) == LINE


def test_a_terminal_without_blocks_shows_nothing_broken() -> None:
    screen = Screen("ascii")
    assert not show(LINE, screen)
    assert screen.shown == ""


def test_a_camera_reads_the_line_from_the_picture_and_nobody_else_may_open_it(tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    write_picture(LINE, file)
    assert read_code(Image.open(file)) == LINE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_picture(LINE, file)
    drawing = tmp_path / "code.svg"
    write_picture(LINE, drawing)
    assert drawing.read_text().startswith("<?xml")


def test_an_invitation_names_the_server_as_laptops_call_it(tmp_path: Path) -> None:
    assert address_of(PLAIN) == "http://127.0.0.1:8461"
    assert address_of(replace(PLAIN, address="https://ewb.example.org")) == "https://ewb.example.org"
    behind = from_environment({"EWB_PROXIES": "10.0.0.1"})
    assert (address_of(behind), invitation_line(behind, "stretford-7K2QD-M41XA-90HTB")) == ("", "")
    made = certificates.make(tmp_path, ["venue.local", "192.168.1.20"], NOW)
    own = replace(PLAIN, certificate=made.certificate, key=made.key)
    invited = read_line(invitation_line(own, "stretford-7K2QD-M41XA-90HTB"))
    assert invited is not None
    assert (invited.address, invited.fingerprint) == ("https://192.168.1.20:8461", grouped(made.fingerprint))


@pytest.mark.parametrize("address", ["ewb.example.org", "http://ewb.example.org", "https://", "https://a b", "https://a.org#x"])
def test_an_address_that_no_laptop_could_call_is_told_at_once(address: str) -> None:
    with pytest.raises(SettingsIncomplete, match="EWB_ADDRESS"):
        from_environment({"EWB_ADDRESS": address})


Invite = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Invite:
    """Return what invites Ada with more words behind, and gives the status and what was said and complained of."""
    database = f"sqlite:///{tmp_path / 'server.db'}"
    assert main(["--database", database, "organisation", "stretford", "--name", "Stretford Wellbeing (made up)"]) == 0

    def typed(*more: str) -> tuple[int, str, str]:
        worker = ["--name", "Ada Okafor", "--role", "connector", "--areas", "stretford"]
        status = main(["--database", database, "invite", "stretford", *worker, *more])
        told = capsys.readouterr()
        return status, told.out, told.err

    return typed


def test_an_administrator_prints_the_line_its_code_and_a_picture(
    tmp_path: Path, invite: Invite, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "ada.png"
    status, said, _ = invite("--address", "https://ewb.example.org", "--qr", str(picture))
    assert status == 0
    invited = read_line(said)
    assert invited is not None
    assert f"Code: {invited.code}\n" in said
    line = f"https://ewb.example.org {invited.code}"
    assert read_code(Image.open(picture)) == line
    assert photographed("\n".join(row for row in said.splitlines() if set(row) <= set(" ▀▄█"))) == line
    # nothing is made when the picture could not be: no worker without a code in somebody's hand
    assert "must be a new file" in invite("--address", "https://ewb.example.org", "--qr", str(picture))[2]
    assert "must be a new file" in invite("--qr", str(tmp_path / "ada.jpg"))[2]
    database = f"sqlite:///{tmp_path / 'server.db'}"
    assert main(["--database", database, "backup", str(tmp_path / "one.ewb-backup")]) == 0
    assert "1 records" in capsys.readouterr().out


def test_an_address_that_only_this_computer_can_call_is_said_to_be_one(invite: Invite) -> None:
    assert "Only a laptop on this very computer" in invite()[1]
    status, said, _ = invite("--address", "https://ewb.example.org", "--same-name")
    assert status == 0
    assert "Only a laptop" not in said


def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path, invite: Invite, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificates.make(tmp_path, ["venue.local"], NOW)
    monkeypatch.setenv("EWB_TLS_CERTIFICATE", str(made.certificate))
    monkeypatch.setenv("EWB_TLS_KEY", str(made.key))
    assert "cannot be read here" not in invite()[1]
    made.certificate.write_text("not a certificate")
    assert f"The certificate {made.certificate} cannot be read here" in invite("--same-name")[1]
