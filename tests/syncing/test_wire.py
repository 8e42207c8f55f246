"""The line: every way in which it can fail has its own name, and nobody but the server is ever asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from ewb_desktop.syncing import troubles, wire
from ewb_desktop.syncing.troubles import RoundFailed
from ewb_desktop.syncing.wire import Wire
from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import Page, RoundReply, RoundRequest, Scope, TroubleReply
from sync.protocol.version import PROTOCOL
from tests.support.certificates import make_authority
from tests.support.scripted import ScriptedServer, answer, scripted

REQUEST = RoundRequest(protocol=PROTOCOL, program="0.1.0", device_time="2026-11-21T14:05:09.123Z", cursor=0)
SCOPE = Scope(organisation="o", worker="w", role="connector", areas=("*",), classes=("open",))


def reply(protocol: int = PROTOCOL) -> RoundReply:
    return RoundReply(protocol=protocol, server_time="2026-11-21T14:05:09.123Z", epoch="e", scope=SCOPE, page=Page(next=0))


Serve = Callable[[bytes | None], ScriptedServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with contextlib.ExitStack() as ending:
        yield lambda said: ending.enter_context(scripted(said))


@pytest.fixture
def ask() -> Iterator[Callable[[str], RoundReply]]:
    lines: list[Wire] = []

    def post(address: str) -> RoundReply:
        lines.append(Wire(address, "a credential"))
        return lines[-1].post_round(REQUEST)

    yield post
    for line in lines:
        line.close()


def test_a_round_is_answered_and_the_credential_travels_in_its_header(serve: Serve, ask: Callable[[str], RoundReply]) -> None:
    server = serve(answer(pack(reply())))
    assert ask(server.address) == reply()
    assert b"Authorization: Bearer a credential\r\n" in server.heard[0]
    assert server.heard[0].startswith(b"POST /v1/round ")


def trouble(code: Trouble) -> bytes:
    return pack(TroubleReply(trouble=code, protocol=PROTOCOL))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer(b"<html>Sign in to the cafe</html>", media="text/html; charset=utf-8"), troubles.SignInPage),
        (answer(b"<html>Sign in</html>", "511 Network Authentication Required", "text/html"), troubles.SignInPage),
        (answer(b"", "302 Found", "text/html", "Location: http://127.0.0.1:9/portal\r\n"), troubles.SignInPage),
        (answer(b"<html>oh no</html>", "502 Bad Gateway", "text/html"), troubles.ServerFault),
        (answer(b"{}", "500 Internal Server Error", "application/json"), troubles.ServerFault),
        (answer(b"{}", "404 Not Found", "application/json"), troubles.NotTaken),
        (answer(b"", "413 Payload Too Large", "text/plain"), troubles.TooLarge),
        (answer(b"", "429 Too Many Requests", "text/plain"), troubles.AskedToWait),
        (answer(trouble(Trouble.REVOKED), "403 Forbidden"), troubles.Revoked),
        (answer(trouble(Trouble.UNKNOWN_LAPTOP), "401 Unauthorized"), troubles.UnknownLaptop),
        (answer(trouble(Trouble.PROTOCOL_TOO_OLD), "409 Conflict"), troubles.ProgramTooOld),
        (answer(trouble(Trouble.PROTOCOL_TOO_NEW), "409 Conflict"), troubles.ServerTooOld),
        (answer(trouble(Trouble.TOO_LARGE), "413 Payload Too Large"), troubles.TooLarge),
        (answer(pack({"trouble": "of a newer kind", "protocol": 9}), "422 Unprocessable"), troubles.NotTaken),
        (answer(pack(reply(PROTOCOL + 1))), troubles.ProgramTooOld),
        (answer(pack(reply(0))), troubles.ServerTooOld),
        (answer(pack(reply())[:20]), troubles.CutShort),
        (answer(pack(reply())[:20], length=400), troubles.CutShort),
        (answer(pack({"protocol": PROTOCOL, "page": 3})), troubles.CutShort),
        (answer(pack({"words": "no number"})), troubles.CutShort),
        (b"", troubles.CutShort),
        (b"SSH-2.0-OpenSSH_9.2\r\n", troubles.CutShort),
    ],
)
def test_every_answer_that_is_none_has_a_name(
    said: bytes, kind: type[RoundFailed], serve: Serve, ask: Callable[[str], RoundReply]
) -> None:
    with pytest.raises(kind) as caught:
        ask(serve(said).address)
    assert type(caught.value) is kind


def test_an_answer_larger_than_any_of_ours_is_called_that(
    serve: Serve, ask: Callable[[str], RoundReply], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ANSWER_BYTES", 10)
    with pytest.raises(troubles.AnswerTooLarge):
        ask(serve(answer(pack(reply()))).address)


def test_so_is_one_that_is_so_large_only_once_it_is_unpacked(
    serve: Serve, ask: Callable[[str], RoundReply], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = pack({**reply().model_dump(mode="json"), "words": "n" * 5_000})
    monkeypatch.setattr(wire, "ANSWER_BYTES", 4_000)
    assert len(said) < 4_000
    with pytest.raises(troubles.AnswerTooLarge):
        ask(serve(answer(said)).address)


def test_a_redirect_is_not_followed(serve: Serve, ask: Callable[[str], RoundReply]) -> None:
    elsewhere = serve(answer(pack(reply())))
    here = serve(answer(b"", "307 Temporary Redirect", "text/html", f"Location: {elsewhere.address}/v1/round\r\n"))
    with pytest.raises(troubles.SignInPage):
        ask(here.address)
    assert elsewhere.heard == []


def test_the_server_says_how_long_to_wait(serve: Serve, ask: Callable[[str], RoundReply]) -> None:
    server = serve(answer(trouble(Trouble.TOO_MANY), "429 Too Many Requests", more="Retry-After: 17\r\n"))
    with pytest.raises(troubles.AskedToWait) as caught:
        ask(server.address)
    assert caught.value.wait_seconds == 17


def test_a_half_open_line_ends_after_the_longest_silence(
    serve: Serve, ask: Callable[[str], RoundReply], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.05)
    with pytest.raises(troubles.NoAnswer):
        ask(serve(None).address)


def test_nobody_listening_is_not_the_same_as_no_line(ask: Callable[[str], RoundReply]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(troubles.NotListening):
        ask(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "temporary failure"), troubles.NoLine),
        (socket.gaierror(socket.EAI_NONAME, "not known"), troubles.NameNotFound),
        (OSError(101, "Network is unreachable"), troubles.NoLine),
        (OSError(113, "No route to host"), troubles.NoLine),
        (ConnectionResetError(104, "reset"), troubles.CutShort),
        (TimeoutError(), troubles.NoAnswer),
    ],
)
def test_trouble_beneath_the_line_is_told_apart(cause: Exception, kind: type[RoundFailed]) -> None:
    outer = requests.ConnectionError("the layer above")
    outer.__cause__ = cause
    assert type(wire.named(outer)) is kind


def test_a_plain_server_behind_an_encrypted_address_is_not_trusted(serve: Serve, ask: Callable[[str], RoundReply]) -> None:
    server = serve(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(troubles.UntrustedServer):
        ask(server.address.replace("http://", "https://"))


def test_a_plain_server_is_told_from_one_with_another_s_certificate(serve: Serve, ask: Callable[[str], RoundReply]) -> None:
    server = serve(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(troubles.PlainServer):
        ask(server.address.replace("http://", "https://"))


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[str]:
    """Lend the address, without its scheme, of a server that speaks over encrypted lines only, and says nothing on them."""
    pair = make_authority().certificate_for("127.0.0.1", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    line, _who = listening.accept()
                except OSError:
                    return
                with line, contextlib.suppress(OSError), context.wrap_socket(line, server_side=True):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_plain_address_of_a_server_that_speaks_over_an_encrypted_line_is_told_as_that(
    encrypted: str, ask: Callable[[str], RoundReply]
) -> None:
    with pytest.raises(troubles.EncryptedOnly, match="its address begins with https://"):
        ask(f"http://{encrypted}")


def test_a_snapshot_from_a_plain_address_is_told_as_that_too(encrypted: str) -> None:
    line = Wire(f"http://{encrypted}", "a credential")
    with pytest.raises(troubles.EncryptedOnly):
        list(line.fetch("a snapshot", 0))
    line.close()


def test_hanging_up_ends_the_call_that_waits(serve: Serve) -> None:
    server = serve(None)
    line = Wire(server.address, "a credential")
    ended: list[BaseException] = []

    def call() -> None:
        try:
            line.post_round(REQUEST)
        except troubles.LineTrouble as error:
            ended.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    assert server.connected.wait(5)
    line.hang_up()
    thread.join(5)
    assert not thread.is_alive()
    assert len(ended) == 1
    line.close()


@pytest.mark.parametrize(
    "address",
    ["", "server", "http://sync.example.org", "ftp://127.0.0.1", "https://", "https://a:b@sync.example.org", "https://h:port",
     "http://127.0.0.1.example.org", "https://sync.example.org?x=1"],
)  # fmt: skip
def test_work_is_never_sent_in_the_open_or_to_no_address(address: str) -> None:
    with pytest.raises(troubles.WrongAddress):
        Wire(address, None)


@pytest.mark.parametrize(
    "address", ["https://sync.example.org", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:8000"]
)
def test_an_encrypted_address_or_this_very_computer_is_right(address: str) -> None:
    line = Wire(address + "/", None)
    assert line.address == address
    line.close()


def test_proxies_of_the_environment_are_not_used(
    serve: Serve, ask: Callable[[str], RoundReply], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = serve(answer(b"", "500 Internal Server Error", "text/plain"))
    monkeypatch.setenv("http_proxy", elsewhere.address)
    monkeypatch.setenv("no_proxy", "")
    assert ask(serve(answer(pack(reply()))).address) == reply()
    assert elsewhere.heard == []


def test_every_trouble_of_the_protocol_has_its_name_here() -> None:
    assert set(troubles.BY_TROUBLE) == set(Trouble)


def test_every_trouble_says_what_becomes_of_the_work() -> None:
    for name in ("no_line", "name_not_found", "not_listening", "no_answer", "cut_short", "sign_in_page", "untrusted_server"):
        assert "Your work is safe here" in troubles.words_for(name)
    assert troubles.words_for("of a newer program") == RoundFailed.words


def test_a_snapshot_that_trickles_without_end_is_broken_off_and_what_came_is_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "FETCHED_BYTES", 4)
    monkeypatch.setattr(wire, "FETCH_SECONDS", -1.0)
    server = serve(answer(b"sealed bytes", media=wire.SNAPSHOT_TYPE))
    line, came = Wire(server.address, "a credential"), list[bytes]()
    with pytest.raises(troubles.NoAnswer):
        came.extend(line.fetch("s", 0))
    line.close()
    assert came
    assert b"sealed bytes".startswith(b"".join(came))
