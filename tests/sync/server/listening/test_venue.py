"""A laptop serves a venue's network by itself: a certificate of its own, its fingerprint typed at joining, the same rounds."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from cryptography import x509

from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.history import fetch_history
from ewb_desktop.syncing.troubles import UntrustedServer, WrongAddress, WrongFingerprint
from ewb_desktop.syncing.wire import checked_address
from sync.server.certificates import own_hosts
from sync.server.cli import main
from tests.support.encrypted import encrypted
from tests.support.laptops import open_laptop

FINGERPRINT = re.compile(r"Fingerprint: ((?:[0-9a-f]{4} ?){8})")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words]) == 0
    return capsys.readouterr().out


def made(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    found = FINGERPRINT.search(told(capsys, "certificate", str(folder), *words))
    assert found is not None
    return found[1].strip()


def second_address() -> str:
    """Return the address of this machine on its network; where it has none, another one of its own."""
    return ([*own_hosts(), "127.0.0.2"])[1]


def rounds(store: Store) -> tuple[int, int, str]:
    outcome = Engine(store, "0.1.0", lambda _sealed: None).run()
    return outcome.sent, outcome.received, outcome.trouble.name if outcome.trouble else ""


def test_two_laptops_join_over_the_venues_network_and_share_a_member(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint = made(capsys, tmp_path / "tls")
    pair = (tmp_path / "tls/certificate.pem", tmp_path / "tls/key.pem")
    monkeypatch.setenv("EWB_DATABASE", f"sqlite:///{tmp_path / 'server.db'}")
    told(capsys, "organisation", "stretford", "--name", "Made up")
    monkeypatch.setenv("EWB_TLS_CERTIFICATE", str(pair[0]))
    monkeypatch.setenv("EWB_TLS_KEY", str(pair[1]))
    codes = []
    for name in ("Rowan Oak", "Amina Khan"):
        said = told(capsys, "invite", "stretford", "--name", name, "--role", "connector", "--areas", "stretford")
        assert f"Fingerprint: {fingerprint}" in said
        codes.append(said.split()[1])
    with (
        encrypted(tmp_path, "--host", "0.0.0.0") as server,  # noqa: S104 - the whole venue is to reach it
        open_laptop(tmp_path, "rowan") as rowan,
        open_laptop(tmp_path, "amina") as amina,
    ):
        near, far = server.url, f"https://{second_address()}:{server.port}"
        with pytest.raises(UntrustedServer):
            enrol(rowan.store, far, codes[0], "Rowan's laptop")
        with pytest.raises(UntrustedServer):
            enrol(rowan.store, f"{far}#{'0' * 32}", codes[0], "Rowan's laptop")
        enrol(rowan.store, f"{far}#{fingerprint.upper()}", codes[0], "Rowan's laptop")
        enrol(amina.store, f"{near}#{fingerprint}", codes[1], "Amina's laptop")
        with rowan.store.write() as writing:
            person = writing.add(Person(area="stretford", preferred_name="Grace"))
        assert rounds(rowan.store)[0] == 1
        assert rounds(amina.store)[2] == ""
        with amina.store.read() as connection:
            assert connection.exec_driver_sql("SELECT preferred_name FROM person WHERE id = ?", (person,)).scalar() == "Grace"
        assert fetch_history(amina.store, person) > 0
        with rowan.store.read() as connection:
            kept = read_enrolment(connection)
        assert kept is not None
        assert kept.address == f"{far}#{fingerprint.replace(' ', '')}"


def test_another_certificate_at_the_same_address_gets_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, other = tmp_path / "known", tmp_path / "other"
    fingerprint = made(capsys, known, "--for", "127.0.0.1")
    made(capsys, other, "--for", "127.0.0.1")
    monkeypatch.setenv("EWB_DATABASE", f"sqlite:///{tmp_path / 'server.db'}")
    told(capsys, "organisation", "stretford", "--name", "Made up")
    code = told(capsys, "invite", "stretford", "--name", "Ada", "--role", "connector", "--areas", "sale").split()[1]
    options = ("--certificate", str(other / "certificate.pem"), "--key", str(other / "key.pem"))
    with encrypted(tmp_path, *options) as server, open_laptop(tmp_path, "ada") as ada, pytest.raises(UntrustedServer):
        enrol(ada.store, f"{server.url}#{fingerprint}", code, "Ada's laptop")
    assert "/v1/enrol" not in server.log.read_text()


def test_a_certificate_is_never_written_over_another_and_its_key_is_its_owners_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(capsys, tmp_path / "tls", "--for", "venue.local", "192.168.1.20")
    certificate = x509.load_pem_x509_certificate((tmp_path / "tls/certificate.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["venue.local", "192.168.1.20"]
    assert stat.S_IMODE((tmp_path / "tls/key.pem").stat().st_mode) == 0o600
    before = (tmp_path / "tls/key.pem").read_bytes()
    assert main(["certificate", str(tmp_path / "tls")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "tls/key.pem").read_bytes() == before


def test_an_address_takes_a_fingerprint_only_whole_and_only_over_an_encrypted_line() -> None:
    typed = "ABCD:" * 7 + "abcd"
    assert checked_address(f" https://venue.local:8461/ # {typed} ") == f"https://venue.local:8461#{'abcd' * 8}"
    assert checked_address(f"https://venue.local#{'ab' * 32}") == f"https://venue.local#{'ab' * 16}"
    for none in ("", "abcd", "g" * 32):
        with pytest.raises(WrongFingerprint):
            checked_address(f"https://venue.local#{none}")
    with pytest.raises(WrongAddress):
        checked_address(f"http://127.0.0.1#{'ab' * 16}")
