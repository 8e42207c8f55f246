"""The only line out of the laptop: one configured server, encrypted, no detours; everything that can go wrong has a name."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import HTTPError

from ewb_desktop.syncing.authorities import certificates_of, is_authority
from ewb_desktop.syncing.sockets import DirectAdapter, Lines, OtherFingerprint, open_session, request_to, speaks_encrypted
from ewb_desktop.syncing.troubles import (
    BY_TROUBLE,
    AnswerTooLarge,
    AskedToWait,
    CutShort,
    EncryptedOnly,
    FindsByBirthOnly,
    NameNotFound,
    NoAnswer,
    NoLine,
    NotListening,
    NotTaken,
    OtherCertificate,
    PlainServer,
    ProgramTooOld,
    RoundFailed,
    ServerFault,
    ServerTooOld,
    ServerTrouble,
    SignInPage,
    SnapshotGone,
    TooLarge,
    UntrustedServer,
    WrongAddress,
    WrongFingerprint,
)
from sync.fingerprint import read_fingerprint
from sync.packing import MEDIA_TYPE, TooMuch, Unreadable, pack, squeeze, unpack
from sync.protocol.messages import (
    DigestReply,
    DigestRequest,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    HistoryRequest,
    OpenReply,
    OpenRequest,
    RecordsReply,
    RecordsRequest,
    RoundReply,
    RoundRequest,
    TroubleReply,
    in_number,
    is_understood,
)
from sync.protocol.version import OLDEST_SPOKEN, PROTOCOL

CONNECT_SECONDS: Final = 5.0
"""A lock must not wait long for a line that is only being opened: this part cannot be broken off."""
SILENCE_SECONDS: Final = 30.0
"""Longest wait for the next byte: a page takes a moment to make, a half-open line never sends one."""
ANSWER_SECONDS: Final = 120.0
"""Longest a whole answer may trickle: a full page on a line of 128 kbit/s takes half of it."""
ANSWER_BYTES: Final = 64 << 20
"""Most bytes of one answer, before and after decompression: 10,000 rows with long notes."""

FETCHED_BYTES: Final = 1 << 16
"""Most bytes of a snapshot that are taken from the line in one piece."""
FETCH_SECONDS: Final = 600.0
"""Longest that a snapshot may trickle in one go: the next round goes on at the byte, and what waits to be sent goes first."""
SNAPSHOT_TYPE: Final = "application/vnd.ewb.snapshot"

_ROUND: Final = "/v1/round"
_NO_LINE: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_NOT_TLS: Final = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
"""What OpenSSL, from 1.1 to 3.5, calls the first bytes of something that is no TLS."""
_Reply = TypeVar("_Reply", bound=BaseModel)


class Wire:
    """The line to one server. ``credential`` is None until the laptop is enrolled.

    Raises :class:`WrongAddress` for an address without TLS, except on loopback. Nothing but this address is ever asked:
    no redirects, no proxies, no certificates or names from the environment. An address with ``#`` and a fingerprint trusts
    the server with exactly that certificate.

    ``spoken`` is the protocol number in which the server is spoken to: the highest, until a server says that it is older, and
    again when it does not speak that older one any more.
    """

    def __init__(self, address: str, credential: str | None, session: requests.Session | None = None) -> None:
        self.address = checked_address(address)
        self.spoken = PROTOCOL
        self._credential = credential
        self._url, _, vouched = self.address.partition("#")
        self._lines = Lines()
        self._session = session if session is not None else open_session(self._lines, vouched)

    def dial(self) -> None:
        """Open the line for a round that follows at once; raises a :class:`RoundFailed` that says what was in the way."""
        try:
            adapter = self._session.get_adapter(self._url)
            if isinstance(adapter, DirectAdapter):
                adapter.dial(request_to(self._url + _ROUND, "POST", {}), CONNECT_SECONDS, self._session.verify)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._named(error) from error

    def post_round(self, request: RoundRequest, changes: bytes = b"") -> RoundReply:
        """Send one round and return its answer; raises a :class:`RoundFailed` that says what was in the way.

        ``changes`` is what it pushes, as JSON that is ready made; empty, the request's own ``changes`` are sent.
        """
        return self._post(_ROUND, request, RoundReply, changes)

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        """Exchange a one-time code for this laptop's credential; raises a :class:`RoundFailed`."""
        return self._post("/v1/enrol", request, EnrolReply)

    def fetch(self, snapshot: str, place: int) -> Iterator[bytes]:
        """Give the bytes of a sealed snapshot from ``place`` on, as they come.

        Raises :class:`SnapshotGone` when there is no such snapshot, else a :class:`RoundFailed` that says what was in the way.
        """
        headers = {"Authorization": f"Bearer {self._credential}"}
        if place:
            headers |= {"Range": f"bytes={place}-", "If-Range": f'"{snapshot}"'}
        try:
            with self._sent(request_to(f"{self._url}/v1/snapshot/{snapshot}", "GET", headers)) as response:
                _check_part(response, place)
                # whatever has come is taken at once: nothing of it is lost when the line breaks in the next moment
                ends = time.monotonic() + FETCH_SECONDS
                while piece := response.raw.read1(FETCHED_BYTES):
                    yield piece
                    if time.monotonic() > ends:
                        raise NoAnswer
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._named(error) from error

    def history(self, request: HistoryRequest) -> HistoryReply:
        """Ask who changed a record; raises a :class:`RoundFailed`."""
        return self._post("/v1/history", request, HistoryReply)

    def digest(self, request: DigestRequest) -> DigestReply:
        """Compare what this laptop holds with what it should hold; raises a :class:`RoundFailed`."""
        return self._post("/v1/digest", request, DigestReply)

    def records(self, request: RecordsRequest) -> RecordsReply:
        """Ask for records by their ids; raises a :class:`RoundFailed`."""
        return self._post("/v1/records", request, RecordsReply)

    def open(self, request: OpenRequest) -> OpenReply:
        """Ask for a member outside the worker's area; raises a :class:`RoundFailed`."""
        return self._post("/v1/open", request, OpenReply)

    def hang_up(self) -> None:
        """Break off what is under way, from any thread: the waiting call ends with a :class:`LineTrouble`."""
        self._lines.shut()

    def close(self) -> None:
        """Give the sockets back."""
        self._session.close()

    def _post(self, path: str, request: BaseModel, kind: type[_Reply], changes: bytes = b"") -> _Reply:
        try:
            return self._post_understood(path, request, kind, changes)
        except ProgramTooOld:
            if self.spoken >= PROTOCOL:
                raise
            # the number of an older server, which was updated since and speaks it no more: perhaps it speaks a higher one of ours
            self.spoken = PROTOCOL
            return self._post_understood(path, request, kind, changes)

    def _post_understood(self, path: str, request: BaseModel, kind: type[_Reply], changes: bytes) -> _Reply:
        try:
            return self._post_once(path, self._said(request, changes), kind)
        except ServerTooOld as older:
            if older.speaks is None or not OLDEST_SPOKEN <= older.speaks < self.spoken:
                raise
            # nothing was taken: the same is said once more, as an older end understands it
            self.spoken = older.speaks
            return self._post_once(path, self._said(request, changes), kind)

    def _said(self, request: BaseModel, changes: bytes) -> bytes:
        if not is_understood(request, self.spoken):
            raise FindsByBirthOnly
        return body_of(in_number(request, self.spoken), changes)

    def _post_once(self, path: str, body: bytes, kind: type[_Reply]) -> _Reply:
        headers = {"Content-Type": MEDIA_TYPE}
        if self._credential is not None:
            headers["Authorization"] = f"Bearer {self._credential}"
        try:
            with self._sent(request_to(self._url + path, "POST", headers, body)) as response:
                return _reply(response, b"".join(_chunks(response)), kind)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._named(error) from error

    def _sent(self, request: requests.PreparedRequest) -> requests.Response:
        patience = (CONNECT_SECONDS, SILENCE_SECONDS)
        return self._session.send(request, timeout=patience, allow_redirects=False, stream=True, proxies={})

    def _named(self, error: Exception) -> RoundFailed:
        trouble = named(error)
        # a server with a certificate hangs up on a plain line without a word
        if isinstance(trouble, CutShort) and not self._lines.is_shut and speaks_encrypted(self._url):
            return EncryptedOnly()
        return trouble


def checked_address(address: str) -> str:
    """Return ``address`` without a closing slash; raises :class:`WrongAddress` if work must not be sent there.

    Behind a ``#`` may stand the fingerprint of the server's own certificate, or the service's own authority: raises
    :class:`WrongFingerprint` or :class:`WrongAuthority` when it is none.
    """
    cleaned, mark, typed = address.strip().partition("#")
    cleaned = cleaned.strip().rstrip("/")
    try:
        parts = urlsplit(cleaned)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise WrongAddress from error
    if not host or parts.username is not None or parts.query:
        raise WrongAddress
    if mark:
        if parts.scheme != "https":
            raise WrongAddress
        if is_authority(typed):
            certificates_of(typed)
            return f"{cleaned}#{typed}"
        fingerprint = read_fingerprint(typed)
        if fingerprint is None:
            raise WrongFingerprint
        return f"{cleaned}#{fingerprint}"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return cleaned
    raise WrongAddress


def body_of(request: BaseModel, changes: bytes = b"") -> bytes:
    """Return what travels of a request; ``changes`` stand in it as they are, in the place of its own."""
    if not changes:
        return pack(request)
    # the last member of the object: a day's changes are written once, where they are read from the file
    hello = request.model_dump_json(exclude={"changes"}).encode()
    return squeeze(hello.removesuffix(b"}") + b',"changes":' + changes + b"}")


def named(error: Exception) -> RoundFailed:
    """Return the trouble that ``error`` of the network layer means."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, OtherFingerprint):
            return OtherCertificate()
        if isinstance(cause, ssl.SSLError):
            return UntrustedServer() if isinstance(cause, ssl.SSLCertVerificationError) else _broken_tls(cause)
        if isinstance(cause, socket.gaierror):
            # EAI_AGAIN: the name could not even be asked for
            return NoLine() if cause.errno == socket.EAI_AGAIN else NameNotFound()
        if isinstance(cause, ConnectionRefusedError):
            return NotListening()
        if isinstance(cause, OSError) and cause.errno in _NO_LINE:
            return NoLine()
    if any(isinstance(cause, TimeoutError | requests.Timeout) for cause in causes):
        return NoAnswer()
    if any(isinstance(cause, requests.exceptions.InvalidURL) for cause in causes):
        return WrongAddress()
    return CutShort()


def _broken_tls(cause: ssl.SSLError) -> RoundFailed:
    # an end of file in mid-record is a cut line; anything else means that the other side is not speaking our TLS
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return CutShort()
    return PlainServer() if cause.reason in _NOT_TLS else UntrustedServer()


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        # urllib3 keeps the first cause in ``reason`` or among the arguments
        further = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        waiting.extend(found for found in further if isinstance(found, BaseException))


def _chunks(response: requests.Response) -> Iterator[bytes]:
    ends = time.monotonic() + ANSWER_SECONDS
    taken = 0
    for chunk in response.iter_content(1 << 16):
        taken += len(chunk)
        if taken > ANSWER_BYTES:
            raise AnswerTooLarge
        if time.monotonic() > ends:
            raise NoAnswer
        yield chunk


def _reply(response: requests.Response, body: bytes, kind: type[_Reply]) -> _Reply:
    if _kind(response) != MEDIA_TYPE:
        raise _other_answer(response)
    try:
        plain = unpack(body, ANSWER_BYTES)
    except TooMuch as error:
        raise AnswerTooLarge from error
    except Unreadable as error:
        raise (CutShort() if response.status_code == requests.codes.ok else _by_status(response)) from error
    if response.status_code != requests.codes.ok:
        raise _stated(response, plain)
    _check_protocol(plain)
    try:
        return kind.model_validate(plain)
    except ValidationError as error:
        raise CutShort from error


def _check_part(response: requests.Response, place: int) -> None:
    """Raise what is in the way unless the bytes of a snapshot follow, from ``place`` on."""
    status = response.status_code
    if status in {requests.codes.ok, requests.codes.partial_content}:
        if _kind(response) != SNAPSHOT_TYPE:
            raise SignInPage
        begins = 0 if status == requests.codes.ok else _first_byte(response)
        if begins != place:
            raise SnapshotGone
        return
    if _kind(response) != MEDIA_TYPE:
        raise _other_answer(response)
    if status in {requests.codes.not_found, requests.codes.requested_range_not_satisfiable}:
        raise SnapshotGone
    _reply(response, b"".join(_chunks(response)), TroubleReply)


def _first_byte(response: requests.Response) -> int:
    told = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(told) if told.isascii() and told.isdigit() else -1


def _kind(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").split(";")[0].strip().lower()


def _check_protocol(plain: Any) -> None:
    spoken = plain.get("protocol") if isinstance(plain, dict) else None
    if not isinstance(spoken, int):
        raise CutShort
    if spoken > PROTOCOL:
        raise ProgramTooOld
    if spoken < OLDEST_SPOKEN:
        raise ServerTooOld


def _stated(response: requests.Response, plain: Any) -> RoundFailed:
    try:
        told = TroubleReply.model_validate(plain)
        trouble = BY_TROUBLE[told.trouble]
    except ValidationError:
        # a newer server may know troubles that we do not
        return _by_status(response)
    if issubclass(trouble, AskedToWait):
        return AskedToWait(_wait_seconds(response), stated=True)
    if issubclass(trouble, ServerTooOld):
        return ServerTooOld(told.protocol)
    return trouble(stated=True) if issubclass(trouble, ServerTrouble) else trouble()


def _other_answer(response: requests.Response) -> RoundFailed:
    """Tell what answered when it was not the server itself."""
    if response.is_redirect or response.status_code in {407, 511}:
        return SignInPage()
    if response.status_code < 400:
        return SignInPage()
    return _by_status(response)


def _by_status(response: requests.Response) -> RoundFailed:
    status = response.status_code
    if status in {429, 503}:
        return AskedToWait(_wait_seconds(response))
    if status >= 500:
        return ServerFault()
    return TooLarge() if status == 413 else NotTaken()


def _wait_seconds(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
