"""What the worker is told about sending and receiving, in words; nothing is called sent that was not acknowledged by its id."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import AHEAD, DAYS, MONTHS, clock_words, count_words
from ewb_desktop.storage.cards.conflicts import count_open_conflicts
from ewb_desktop.storage.errors import DamagedFile, FullDisk, StorageTrouble
from ewb_desktop.storage.exchange.incoming import count_aside
from ewb_desktop.storage.exchange.journal import count_behind, counts
from ewb_desktop.storage.exchange.sync_state import read_arriving, read_enrolment, read_progress, read_sealed_files, read_trouble
from ewb_desktop.storage.settling.brought_held import count_unsettled
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.troubles import LineTrouble, NeedsSomebody, UnknownLaptop, kind_of
from sync.fingerprint import grouped, read_fingerprint

NEVER_SENT = "Practice: nothing is sent."

CLOCK_MINUTES = 10
"""From this difference on the worker is told that the laptop's clock is off."""
CLOCK_DAYS = 12 * 60
"""From this difference on, in minutes, every page may show the wrong day: it is told at the foot of the window too."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How this file stands with its server, at one moment."""

    server: str = ""
    """The server's address, empty while this laptop is not enrolled."""
    fingerprint: str = ""
    """Of the one certificate that the server has to show, in groups as it is read out; empty where others vouch for it."""
    organisation: str = ""
    to_send: int = 0
    behind: int = 0
    """How many of these wait for another change that the server has not taken."""
    to_bring: int = 0
    """How many changes of colleagues this laptop carries that the server has not acknowledged yet."""
    quarantined: int = 0
    """How many changes the server did not take: this worker's own, and those that she carries."""
    set_aside: int = 0
    conflicts: int = 0
    more_to_receive: bool = False
    is_more_told: bool = True
    """Whether there is more was told by the server, and is not only to be asked."""
    arrived: int = 0
    to_arrive: int = 0
    """How many records a first pull brings in all, 0 when none is under way, and how many of them are in the file."""
    received: float | None = None
    """What part of it has come down the line in the try that is under way, 0 to 1; None while nothing comes."""
    last_exchange: datetime | None = None
    last_sent: datetime | None = None
    trouble: str | None = None
    """The name of what was in the way of the last round, None when it came about."""
    trouble_since: datetime | None = None
    next_try: datetime | None = None
    """When the next round begins by itself, None when none is planned."""
    tries_soon: bool = False
    """Whether that was less than a minute away when this was told: its time of day would name the minute that it is."""
    clock_off_minutes: int = 0
    sealed_files: tuple[Path, ...] = ()
    """Files of sealed work that the worker may no longer send and her administrator can open."""
    file_trouble: str = ""
    """Why the last round could not write into the worker's own file, in sentences; empty when it could."""
    is_working: bool = False
    is_practice: bool = False
    """Everyone in this file is made up, and nothing of it is ever sent."""

    @property
    def is_enrolled(self) -> bool:
        """Say whether there is a server to send to."""
        return bool(self.server)

    @property
    def is_all_sent(self) -> bool:
        """Say whether the server has acknowledged every change of this file, and none lies in a sealed file beside it."""
        waits = self.to_send or self.to_bring or self.quarantined or self.sealed_files
        return self.is_enrolled and self.last_exchange is not None and not waits


def read_status(store: Store, *, is_working: bool = False, is_practice: bool = False) -> SyncStatus:
    """Read how ``store`` stands with its server; takes milliseconds."""
    with store.read() as connection:
        enrolment, progress, trouble = read_enrolment(connection), read_progress(connection), read_trouble(connection)
        waiting, arriving = counts(connection), read_arriving(connection)
        to_bring, brought_held = count_unsettled(connection)
        return SyncStatus(
            server=enrolment.address.partition("#")[0] if enrolment else "",
            fingerprint=grouped(read_fingerprint(enrolment.address.partition("#")[2]) or "") if enrolment else "",
            organisation=enrolment.organisation_name if enrolment else "",
            to_send=waiting.to_send,
            behind=count_behind(connection),
            to_bring=to_bring,
            quarantined=waiting.quarantined + brought_held,
            set_aside=count_aside(connection),
            conflicts=count_open_conflicts(connection),
            more_to_receive=progress.more_to_receive,
            is_more_told=progress.is_more_told,
            arrived=arriving.laid if arriving else 0,
            to_arrive=arriving.records if arriving else 0,
            last_exchange=progress.last_exchange,
            last_sent=progress.last_sent,
            trouble=trouble.name if trouble else None,
            trouble_since=trouble.since if trouble else None,
            clock_off_minutes=progress.clock_off_minutes,
            sealed_files=read_sealed_files(connection),
            is_working=is_working,
            is_practice=is_practice,
        )


def foot_words(status: SyncStatus, today: date) -> str:
    """Return the line at the foot of the window, such as "Working offline. Last sent Tuesday 16:40. 3 changes to send."."""
    if status.is_practice:
        return NEVER_SENT
    parts: list[str] = []
    if not status.is_enrolled:
        parts.append("Working on this laptop only")
    elif status.is_working:
        parts.append("Sending and receiving")
    else:
        parts += [trouble_words(status), again_words(status)]
    if status.file_trouble and not status.is_practice:
        parts.append("This laptop's file or disk needs a look: see Send and receive")
    if status.quarantined:
        # before what is only of interest: at twice the text the end of the line is cut
        parts.append(f"{count_words(status.quarantined, 'change needs', 'changes need')} a look")
    is_arriving = status.to_arrive > 0
    if status.is_enrolled and status.is_all_sent and not status.is_working and not is_arriving:
        parts.append("Everything is sent")
    if status.is_enrolled and not status.is_working and (not is_arriving or status.last_sent is not None):
        parts.append(_last(status, today))
    if abs(status.clock_off_minutes) >= CLOCK_DAYS:
        parts.append(f"This laptop's clock is {_off_words(status)}: days here are wrong")
    if is_arriving:
        parts.append(arrival_words(status))
    elif status.more_to_receive and status.is_enrolled:
        more = receive_words(status)
        parts.append(f"{more[:1].upper()}{more[1:]}")
    parts += _waiting(status)
    return ". ".join(part for part in parts if part) + "."


def _waiting(status: SyncStatus) -> list[str]:
    """Return what is not at the server yet, or not settled, each in a few words."""
    told: list[str] = []
    if status.to_send and status.is_enrolled:
        told.append(f"{count_words(status.to_send, 'change')} to send")
    if status.to_bring and status.is_enrolled:
        told.append(f"{count_words(status.to_bring, 'change')} from colleagues to send")
    if status.sealed_files:
        told.append("Some work is in a sealed file for your administrator: see Send and receive")
    if status.conflicts:
        # how many questions that makes, the page says: fields that were answered in one step are asked as one
        told.append("Something waits for you to choose")
    return told


def arrival_words(status: SyncStatus) -> str:
    """Return how much of a first pull is here, such as "12,000 of the first 45,000 records are here".

    So many are in the snapshot. What was written since it was made follows, and nobody knows before it is asked how much that is.
    Records are put in their place some hundreds at a time, once they have come: on a slow line it is told before how much has
    come, in tenths, as it is read out. That is of all bytes: what is needed first is small, and many records of it come early.
    """
    if status.received is None:
        return f"{status.arrived:,} of the first {status.to_arrive:,} records are here"
    percent = math.floor(status.received * 10) * 10
    if not status.arrived and percent < 100:
        return f"{percent}% of the data of the first {status.to_arrive:,} records has arrived"
    return f"{percent}% of the data has arrived, {status.arrived:,} of the first {status.to_arrive:,} records are in place"


def trouble_words(status: SyncStatus) -> str:
    """Return in a few words what is in the way, or was in the way before the try that is under way; empty when nothing is."""
    if status.trouble is None:
        return ""
    is_line = issubclass(kind_of(status.trouble), LineTrouble)
    if status.trouble == UnknownLaptop.name:
        return "A new code is needed to send and receive"
    if status.is_working:
        return "The last try did not work"
    return "Working offline" if is_line else "Sending and receiving do not work at the moment"


def again_words(status: SyncStatus) -> str:
    """Return when a line that is down is tried again, such as "Tries again at 14:05"; empty where trying does not help.

    What is named is of use while it stands there: with every try it is told anew.
    """
    if status.trouble is None or status.next_try is None or issubclass(kind_of(status.trouble), NeedsSomebody):
        return ""
    if status.tries_soon:
        return "Tries again in less than a minute"
    return f"Tries again at {clock_words(local(status.next_try).time())}"


def _last(status: SyncStatus, today: date) -> str:
    if status.is_all_sent and (status.trouble is None or status.last_sent is None):
        return f"Last exchange {when_words(status.last_exchange, today)}"
    if status.last_sent is not None:
        return f"Last sent {when_words(status.last_sent, today)}"
    if status.last_exchange is None and status.trouble is None and status.tries_soon:
        return "This laptop begins to receive in a moment"
    return "Nothing was sent yet"


def receive_words(status: SyncStatus) -> str:
    """Return what is to be received, such as "nothing more was waiting"."""
    if status.to_arrive:
        return arrival_words(status)
    if status.last_exchange is None:
        return "being asked for now" if status.is_working else "not asked yet"
    if not status.more_to_receive:
        return "nothing more was waiting"
    if not status.is_more_told:
        return "newer records are being asked for" if status.is_working else "newer records are still to be asked for"
    return "more is on its way" if status.is_working else "more is still to come"


def _off_words(status: SyncStatus) -> str:
    return f"{_length(abs(status.clock_off_minutes))} {'fast' if status.clock_off_minutes > 0 else 'slow'}"


def warnings(status: SyncStatus) -> list[str]:
    """Return what else the worker should know, each in a sentence or two with what to do."""
    told: list[str] = [status.file_trouble] if status.file_trouble else []
    if abs(status.clock_off_minutes) >= CLOCK_MINUTES:
        told.append(
            f"This laptop's clock is {_off_words(status)}. Nothing is lost or put in a wrong order, "
            "but times on screen are wrong. Set the clock in the laptop's own settings."
        )
    if status.sealed_files:
        told.append(
            "Some of your work could not be sent before a role, an area or three hours ended. Nothing is lost: it is sealed for "
            "your administrator. Take it to them on a stick: see below."
        )
    if status.set_aside:
        told.append(
            f"{count_words(status.set_aside, 'record')} from the server could not be read by this program. "
            "The rest is here. Update the program; it tries again each time."
        )
    return told


def file_words(trouble: StorageTrouble) -> str:
    """Return what a worker reads of a round that her own file or its disk ended."""
    match trouble:
        case FullDisk():
            return (
                "The disk of this laptop is full, so what came from the server could not be kept. What you saved is safe here. "
                "Make some room (empty the bin, delete large files); the program then goes on by itself."
            )
        case DamagedFile():
            return (
                "A part of your file on this laptop cannot be read, so sending and receiving stopped. Nothing was written over. "
                'Lock the program, choose "I cannot get in" and bring back your newest backup. What was sent is safe on the '
                "server and comes back by itself; the damaged file is kept beside it."
            )
        case _:
            return (
                "The disk of this laptop did not answer while work was sent and received. What you saved is safe. The program "
                "tries again by itself. If this stays, copy your backups to a stick and have the laptop looked at."
            )


def when_words(instant: datetime | None, today: date) -> str:
    """Return an instant as people here say it: ``today 16:40``, ``Tuesday 16:40``, ``3 November 16:40``, ``not yet``.

    What was noted on a later day than today is said to be so: one of the two clocks was wrong.
    """
    if instant is None:
        return "not yet"
    at = local(instant)
    apart = (today - at.date()).days
    if apart == 0:
        day = "today"
    elif apart == 1:
        day = "yesterday"
    elif 1 < apart < 7:
        day = DAYS[at.weekday()]
    else:
        year = f" {at.year}" if at.year != today.year else ""
        day = f"{at.day} {MONTHS[at.month - 1]}{year}"
    return f"{day} {clock_words(at.time())}" + (AHEAD if apart < 0 else "")


def _length(minutes: int) -> str:
    if minutes < 120:
        return count_words(minutes, "minute")
    hours = round(minutes / 60)
    return count_words(hours, "hour") if hours < 48 else count_words(round(hours / 24), "day")
