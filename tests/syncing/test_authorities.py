"""A service's own authority: its certificate is read from a file, and it alone vouches for the server then."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ewb_desktop.syncing.authorities import MARK, read_authority
from ewb_desktop.syncing.troubles import (
    AuthorityHoldsKey,
    OtherCertificate,
    UntrustedServer,
    WrongAddress,
    WrongAuthority,
    kind_of,
)
from ewb_desktop.syncing.wire import Wire, checked_address
from sync.packing import pack
from sync.protocol.messages import Page, RoundReply, RoundRequest, Scope
from sync.protocol.version import PROTOCOL
from tests.support.certificates import Authority, Pair, make_authority
from tests.support.scripted import answer

NOW = "2026-11-21T14:05:09.123Z"
REQUEST = RoundRequest(protocol=PROTOCOL, program="0.1.0", device_time=NOW, cursor=0)
SCOPE = Scope(organisation="o", worker="w", role="connector", areas=("*",), classes=("open",))
REPLY = RoundReply(protocol=PROTOCOL, server_time=NOW, epoch="e", scope=SCOPE, page=Page(next=0))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority()


def whole_request(line: ssl.SSLSocket) -> bytes:
    """Return a request with its body: a line that is closed with bytes unread takes the answer with it."""
    said = b""
    while piece := line.recv(1 << 16):
        said += piece
        head, end, body = said.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if end and len(body) >= int(length[1] if length else 0):
            break
    return said


@contextlib.contextmanager
def serving(pair: Pair) -> Iterator[tuple[str, list[bytes]]]:
    """Answer rounds over an encrypted line with this certificate; lend the address and what was heard."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _who = listening.accept()
                # whoever does not trust the certificate hangs up in mid-greeting
                with contextlib.suppress(ssl.SSLError, ConnectionError), context.wrap_socket(plain, server_side=True) as line:
                    heard.append(whole_request(line))
                    line.sendall(answer(pack(REPLY)))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{listening.getsockname()[1]}", heard
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            thread.join(5)


def ask(address: str) -> RoundReply:
    wire = Wire(address, "a credential")
    try:
        return wire.post_round(REQUEST)
    finally:
        wire.close()


def test_a_server_of_the_chosen_authority_is_trusted_and_no_other(tmp_path: Path, authority: Authority) -> None:
    own = read_authority(authority.write(tmp_path / "ca.pem").read_bytes())
    other = read_authority(make_authority().write(tmp_path / "other.pem").read_bytes())
    with serving(authority.certificate_for("127.0.0.1", tmp_path)) as (address, heard):
        assert ask(f"{address}#{own.behind}") == REPLY
        assert len(heard) == 1
        for nobody in (address, f"{address}#{other.behind}"):
            with pytest.raises(UntrustedServer):
                ask(nobody)
        assert len([said for said in heard if said]) == 1


def test_a_certificate_with_another_fingerprint_than_was_typed_is_told_as_that(tmp_path: Path, authority: Authority) -> None:
    with serving(authority.certificate_for("127.0.0.1", tmp_path)) as (address, heard):
        with pytest.raises(OtherCertificate):
            ask(f"{address}#0123456789abcdef0123456789abcdef")
        assert not any(heard)


def test_the_chosen_authority_vouches_for_a_name_not_for_every_server_it_ever_signed(
    tmp_path: Path, authority: Authority
) -> None:
    own = read_authority(authority.write(tmp_path / "ca.pem").read_bytes())
    pair = authority.certificate_for("somewhere.example.org", tmp_path)
    with serving(pair) as (address, _heard), pytest.raises(UntrustedServer):
        ask(f"{address}#{own.behind}")


def test_the_authorities_that_come_with_the_program_vouch_for_nothing_beside_a_chosen_one(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = make_authority().write(tmp_path / "listed.pem")
    pair = make_authority_pair(listed, tmp_path, monkeypatch)
    own = read_authority(authority.write(tmp_path / "ca.pem").read_bytes())
    with serving(pair) as (address, _heard):
        assert ask(address) == REPLY
        with pytest.raises(UntrustedServer):
            ask(f"{address}#{own.behind}")


def make_authority_pair(listed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Put an authority of ours in the place of the program's list, and return a server's certificate by it."""
    public = make_authority()
    public.write(listed)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(listed))
    with contextlib.suppress(AttributeError):
        # newer releases read the list once, when they are imported
        monkeypatch.setattr(requests.adapters, "_preloaded_ssl_context", ssl.create_default_context(cafile=str(listed)))
    return public.certificate_for("127.0.0.1", folder, name="public")


def test_a_file_may_be_text_or_not_and_hold_several_certificates(tmp_path: Path, authority: Authority) -> None:
    text = authority.write(tmp_path / "ca.pem").read_bytes()
    binary = authority.certificate.public_bytes(Encoding.DER)
    server = authority.certificate_for("127.0.0.1", tmp_path).certificate.read_bytes()
    assert read_authority(text) == read_authority(binary)
    assert read_authority(text).name == "Authority of a test"
    assert read_authority(b"Bag Attributes\r\n" + server + text).name == "Authority of a test"


def test_a_file_with_a_key_or_without_an_authority_is_not_taken(tmp_path: Path, authority: Authority) -> None:
    pair = authority.certificate_for("127.0.0.1", tmp_path)
    key = authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(AuthorityHoldsKey, match="must stay with your service"):
        read_authority(authority.write(tmp_path / "ca.pem").read_bytes() + key)
    for file in (
        pair.certificate.read_bytes(),
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        b"0" * 99999,
    ):
        with pytest.raises(WrongAuthority, match="no authority's certificate"):
            read_authority(file)


def test_an_address_takes_an_authority_only_whole_and_only_over_an_encrypted_line(tmp_path: Path, authority: Authority) -> None:
    behind = read_authority(authority.write(tmp_path / "ca.pem").read_bytes()).behind
    assert checked_address(f" https://ewb.example.org/#{behind} ") == f"https://ewb.example.org#{behind}"
    for none in (MARK, f"{MARK}abcd", f"{behind[:-40]}", f"{MARK}!!"):
        with pytest.raises(WrongAuthority):
            checked_address(f"https://ewb.example.org#{none}")
    with pytest.raises(WrongAddress):
        checked_address(f"http://127.0.0.1#{behind}")
    assert kind_of("authority_holds_key") is AuthorityHoldsKey
