"""What the server is told from outside, read once, checked as a whole before anything starts."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import platformdirs
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from sync.protocol.version import LONG_PULL_ROWS, PUSH_BYTES
from sync.server.settings_file import read_settings

PREFIX: Final = "EWB_"
_FILE: Final = "EWB_SETTINGS"
"""Names the file with the other settings."""
_NUMBERS: Final = {
    "EWB_PORT": 8461,
    "EWB_WORKERS": 1,
    "EWB_THREADS": 8,
    "EWB_BODY_BYTES": PUSH_BYTES,
    "EWB_PAGE_ROWS": LONG_PULL_ROWS,
    "EWB_PAGE_BYTES": 4 << 20,
    "EWB_CHANGE_BYTES": 128 << 10,
    "EWB_SECONDS": 30,
    "EWB_BURST": 120,
    "EWB_PER_MINUTE": 300,
    "EWB_ENROL_BURST": 20,
    "EWB_ENROL_PER_MINUTE": 10,
    "EWB_CONNECTIONS": 1000,
    "EWB_OPENINGS_PER_HOUR": 10,
}
_WORDS: Final = (
    "EWB_DATABASE",
    "EWB_HOST",
    "EWB_TLS_CERTIFICATE",
    "EWB_TLS_KEY",
    "EWB_PROXIES",
    "EWB_METRICS_TOKEN",
    "EWB_BACKUP_KEY_FILE",
    "EWB_SNAPSHOTS",
    "EWB_ADDRESS",
    "EWB_SIGNED_OFF",
)
_SHORTEST_TOKEN: Final = 24
_MOST: Final = {"EWB_PORT": 65535, "EWB_WORKERS": 1000, "EWB_THREADS": 1000, "EWB_SECONDS": 3600}
"""The largest values that mean anything; PostgreSQL takes no limit of time that is much longer."""
_PLACES: Final = ("EWB_TLS_CERTIFICATE", "EWB_TLS_KEY", "EWB_BACKUP_KEY_FILE", "EWB_SNAPSHOTS", "EWB_SIGNED_OFF")
_NEAR: Final = 0.8
"""How much of a name must be as in a setting's, by :mod:`difflib`, to be taken for a slip of the pen."""
_EMBEDDED: Final = "sqlite:///"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsIncomplete(ValueError):
    """Nothing is begun: something that the server was told is missing or wrong; ``faults`` names each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("A setting is missing or wrong: " + "; ".join(faults) + ".")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the server needs to know. Made by :func:`from_environment`, or by hand in a test."""

    database: str = field(repr=False)
    """``sqlite:///FILE`` or ``postgresql+psycopg://...``; it may hold a password, so it is never printed."""
    host: str = "127.0.0.1"
    port: int = 8461
    workers: int = 1
    threads: int = 8
    """Requests answered at one time by one process; forty gained nothing and took 749 MB."""
    body_bytes: int = PUSH_BYTES
    """Most bytes of one request, as it travels and again as it unpacks."""
    page_rows: int = LONG_PULL_ROWS
    page_bytes: int = 4 << 20
    change_bytes: int = 128 << 10
    seconds: int = 30
    """Longest that a request may take to arrive, and a question to the database to be answered."""
    burst: int = 120
    per_minute: int = 300
    """Rounds of one laptop, at once and then a minute. Each worker process counts for itself: N of them allow up to N times."""
    enrol_burst: int = 20
    enrol_per_minute: int = 10
    """Tries of one address to be let in, counted in the same way."""
    connections: int = 1000
    """Lines open to one process at one time; whoever comes after them is asked to wait."""
    openings_per_hour: int = 10
    """Members outside the area that one worker may open in an hour; looking for somebody may be tried three times as often."""
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[Network, ...] = ()
    """Proxies in front of the server, which alone are believed when they say where a request comes from."""
    metrics_token: str = field(default="", repr=False)
    """Who has it sees the figures; without one they are shown to this machine only."""
    backup_key: Path | None = None
    """The file of the key that backups are sealed under."""
    snapshots: Path | None = None
    """Where snapshots lie, sealed; None: beside the embedded file, or in the account's cache."""
    signed_off: Path | None = None
    """The list of sign-offs that a restore does again; None: beside the embedded file, or with the account's data."""
    address: str = ""
    """What laptops call the server by, for invitations: a proxy or a router in front of it may have another name and port."""

    @property
    def is_embedded(self) -> bool:
        """True when the database is a file of this machine."""
        return self.database.startswith("sqlite")

    @property
    def at_once(self) -> int:
        """Requests that one process begins at one time: on PostgreSQL one beside another process, and two where it is alone.

        Those that wait to write in the embedded file share a commit.
        """
        if self.is_embedded:
            return self.threads
        return 1 if self.workers > 1 else 2

    @property
    def file(self) -> Path | None:
        """The embedded database; None on PostgreSQL."""
        return Path(self.database.removeprefix(_EMBEDDED)) if self.is_embedded else None

    @property
    def snapshot_folder(self) -> Path:
        """Where snapshots lie."""
        if self.snapshots is not None:
            return self.snapshots
        if self.file is not None:
            return self.file.with_name(self.file.name + "-snapshots")
        return platformdirs.user_cache_path("ewb-server") / "snapshots"

    @property
    def sign_offs(self) -> Path:
        """The list of sign-offs; not called as the embedded file is, so that it stays where that one is put aside."""
        if self.signed_off is not None:
            return self.signed_off
        if self.file is not None:
            return self.file.with_name(f"{self.file.stem}.signed-off")
        return platformdirs.user_data_path("ewb-server") / "signed-off"


def from_environment(environment: Mapping[str, str] | None = None, *, listens: bool = True) -> Settings:
    """Return the settings in ``environment`` (the process's own when None), and behind it those in the file that it names.

    Raises :class:`SettingsIncomplete` with every fault at once: half a set of settings never starts. What concerns the line to
    laptops is looked at where the program ``listens``: a backup needs no certificate.
    """
    given = {k: v for k, v in (os.environ if environment is None else environment).items() if k.startswith(PREFIX)}
    faults: list[str] = []
    file = given.pop(_FILE, "")
    told = read_settings(Path(file), faults) if file else {}
    faults += _faults_of_places(file, told)
    given = told | given
    faults += [_no_setting(name) for name in sorted(given) if name not in _NUMBERS and name not in _WORDS]
    numbers = {name: _number(name, given, faults) for name in _NUMBERS}
    if given.get("EWB_DATABASE", "-").strip() == "":
        # a name that was to be filled in: another, empty database would be served in its place
        faults.append("EWB_DATABASE is empty: name the database, or leave the line out for a file of this server's own")
    database = given.get("EWB_DATABASE") or f"sqlite:///{platformdirs.user_data_path('ewb-server') / 'ewb-server.db'}"
    if database.startswith("postgresql://"):
        database = "postgresql+psycopg://" + database.removeprefix("postgresql://")
    settings = Settings(
        database=database,
        host=given.get("EWB_HOST") or "127.0.0.1",
        port=numbers["EWB_PORT"],
        workers=numbers["EWB_WORKERS"],
        threads=numbers["EWB_THREADS"],
        body_bytes=numbers["EWB_BODY_BYTES"],
        page_rows=numbers["EWB_PAGE_ROWS"],
        page_bytes=numbers["EWB_PAGE_BYTES"],
        change_bytes=numbers["EWB_CHANGE_BYTES"],
        seconds=numbers["EWB_SECONDS"],
        burst=numbers["EWB_BURST"],
        per_minute=numbers["EWB_PER_MINUTE"],
        certificate=_path(given.get("EWB_TLS_CERTIFICATE")),
        key=_path(given.get("EWB_TLS_KEY")),
        enrol_burst=numbers["EWB_ENROL_BURST"],
        enrol_per_minute=numbers["EWB_ENROL_PER_MINUTE"],
        connections=numbers["EWB_CONNECTIONS"],
        openings_per_hour=numbers["EWB_OPENINGS_PER_HOUR"],
        proxies=_networks(given.get("EWB_PROXIES") or "", faults),
        metrics_token=given.get("EWB_METRICS_TOKEN") or "",
        backup_key=_path(given.get("EWB_BACKUP_KEY_FILE")),
        snapshots=_path(given.get("EWB_SNAPSHOTS")),
        signed_off=_path(given.get("EWB_SIGNED_OFF")),
        address=(given.get("EWB_ADDRESS") or "").strip().rstrip("/"),
    )
    faults += _faults_together(settings)
    if listens:
        faults += _faults_of_line(settings)
    if faults:
        raise SettingsIncomplete(faults)
    return settings


def _no_setting(name: str) -> str:
    """Return what is said of a name that is none, with the one that may be meant."""
    near = get_close_matches(name, (*_NUMBERS, *_WORDS), 1, _NEAR)
    return f"{name} is not a setting of this server{f': is {near[0]} meant?' if near else ''}"


def _number(name: str, given: Mapping[str, str], faults: list[str]) -> int:
    text = given.get(name)
    if not text:
        return _NUMBERS[name]
    most = _MOST.get(name, (1 << 31) - 1)
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= most:
        faults.append(f"{name} must be a whole number from 1 to {most}")
        return _NUMBERS[name]
    return int(text)


def _networks(text: str, faults: list[str]) -> tuple[Network, ...]:
    found: list[Network] = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            faults.append(f"EWB_PROXIES names {part!r}, which is neither an address nor a network")
    if any(network.prefixlen == 0 for network in found):
        faults.append("EWB_PROXIES names every address there is: name the proxies only")
    return tuple(found)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _faults_together(settings: Settings) -> list[str]:
    """Return what is wrong although each setting alone looks right."""
    faults = []
    if not settings.database.startswith((_EMBEDDED, "postgresql+psycopg://")):
        faults.append("EWB_DATABASE must begin with sqlite:/// or postgresql://")
    elif settings.is_embedded and settings.database == _EMBEDDED:
        faults.append("EWB_DATABASE names no file after sqlite:///")
    elif settings.is_embedded and not _is_file(settings.database):
        faults.append(
            "EWB_DATABASE must name a file after sqlite:/// and nothing more, such as sqlite:////var/lib/ewb-server/ewb.db"
        )
    elif not _is_address(settings.database):
        faults.append("EWB_DATABASE is no whole address of a database, such as postgresql://name@host:5432/ewb")
    if settings.is_embedded and settings.workers > 1:
        faults.append("EWB_WORKERS above 1 needs EWB_DATABASE=postgresql://..., because one file has one writer")
    if settings.change_bytes >= settings.body_bytes:
        faults.append("EWB_CHANGE_BYTES must be less than EWB_BODY_BYTES, or a change that is long enough would never arrive")
    if settings.metrics_token and len(settings.metrics_token) < _SHORTEST_TOKEN:
        faults.append(f"EWB_METRICS_TOKEN is too short: use at least {_SHORTEST_TOKEN} letters and digits")
    if settings.address and not _may_be_called(settings.address):
        faults.append("EWB_ADDRESS must be what laptops call the server by, such as https://ewb.example.org")
    return faults


def _faults_of_places(file: str, told: Mapping[str, str]) -> list[str]:
    """Return which files are named in a file of settings so that the service would look elsewhere than whoever types."""
    places = {name: told[name] for name in _PLACES if told.get(name)}
    database = told.get("EWB_DATABASE", "")
    if database.startswith(_EMBEDDED) and _is_file(database):
        places["EWB_DATABASE"] = database.removeprefix(_EMBEDDED)
    lost = sorted(name for name, place in places.items() if not Path(place).is_absolute())
    return [f"{name} in {file} must name its file from the root on: it is read from whatever folder one is in" for name in lost]


def _is_file(database: str) -> bool:
    """Say whether the driver takes all behind sqlite:/// for the name of a file, as everything else here does."""
    name = database.removeprefix(_EMBEDDED)
    try:
        address = make_url(database)
    except (ArgumentError, ValueError):
        return False
    return address.database == name and not address.query and name != ":memory:" and not name.startswith("file:")


def _is_address(database: str) -> bool:
    try:
        make_url(database)
    except (ArgumentError, ValueError):
        return False
    return True


def _may_be_called(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.query or parts.fragment or len(address.split()) != 1:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _faults_of_line(settings: Settings) -> list[str]:
    """Return what keeps laptops from being answered safely."""
    faults = []
    if settings.snapshots is not None and not _may_write_in(settings.snapshots):
        faults.append(f"EWB_SNAPSHOTS names {settings.snapshots}, in which this account cannot write")
    if settings.signed_off is not None and (settings.signed_off.is_dir() or not _may_write_in(settings.signed_off.parent)):
        faults.append(f"EWB_SIGNED_OFF names {settings.signed_off}, which is no file that this account can write")
    if settings.backup_key and not settings.backup_key.is_file():
        faults.append(f"EWB_BACKUP_KEY_FILE names {settings.backup_key}, which is not there: `ewb-server backup-key` makes one")
    if (settings.certificate is None) != (settings.key is None):
        missing = "EWB_TLS_KEY" if settings.key is None else "EWB_TLS_CERTIFICATE"
        faults.append(f"{missing} is missing: a certificate and its key come together")
    files = [path for path in (settings.certificate, settings.key) if path]
    faults += [f"there is no file {path}" for path in files if not path.is_file()]
    if len(files) == 2 and all(path.is_file() for path in files):
        faults += faults_of_pair(*files)
    if not is_loopback(settings.host) and settings.certificate is None and not settings.proxies:
        faults.append(
            "EWB_TLS_CERTIFICATE and EWB_TLS_KEY are missing: off this machine the line must be encrypted "
            "(or name in EWB_PROXIES the proxies in front of the server that do that)"
        )
    return faults


def faults_of_pair(certificate: Path, key: Path) -> list[str]:
    """Return why a certificate and a key are no pair with which a server could answer; nothing where they are."""
    try:
        # a key with a passphrase would ask for it on a terminal that nobody watches
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError:
        return [f"{certificate} and {key} do not belong together, are damaged, or the key has a passphrase"]
    except OSError as fault:
        return [f"{certificate} or {key} cannot be read: {fault.strerror}"]
    return []


def _may_write_in(folder: Path) -> bool:
    """Say whether files can be written in a folder, or the folder be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
