"""What a run puts in order before it sends: old entries go, mended ones are tried again, so are rows that were set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from ewb_desktop.storage.exchange.incoming import count_aside, try_aside_again
from ewb_desktop.storage.exchange.journal import forget_settled
from ewb_desktop.storage.exchange.laptops import has_keys, make_keys
from ewb_desktop.storage.exchange.looks import forget_told
from ewb_desktop.storage.exchange.remaking import mended, retry
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.settling.brought_held import forget_carried
from ewb_desktop.storage.settling.copied import ask_about, copied_and_held
from ewb_desktop.storage.writing import Writing

FORGOT_ON: Final = "sync.forgot_on"
"""The note that says on which day old entries were looked for last."""


@dataclass(frozen=True, slots=True)
class Untidy:
    """What is to be put in order: ids of entries to try again, and whether the other things are due."""

    to_retry: tuple[str, ...] = ()
    has_aside: bool = False
    lacks_keys: bool = False
    is_new_day: bool = False
    """What is over 90 days old is looked for once a day: the whole journal has to be read for it."""
    to_ask: tuple[str, ...] = ()
    """What the server did not take and an administrator may have taken in since, by id."""

    @property
    def is_anything(self) -> bool:
        """Say whether something is to be done."""
        return bool(self.to_retry) or self.has_aside or self.lacks_keys or self.is_new_day


def read_untidy(connection: Connection, today: date) -> Untidy:
    """Return what is to be put in order."""
    is_new_day = read_note(connection, FORGOT_ON) != today.isoformat()
    return Untidy(
        to_retry=tuple(mended(connection)),
        has_aside=count_aside(connection) > 0,
        lacks_keys=not has_keys(connection),
        is_new_day=is_new_day,
        to_ask=copied_and_held(connection) if is_new_day else (),
    )


def tidy(writing: Writing, untidy: Untidy) -> None:
    """Put these things in order."""
    if untidy.is_new_day:
        server_time = read_progress(writing.connection).server_time
        forget_settled(writing, server_time)
        forget_carried(writing, server_time)
        forget_told(writing, server_time)
        writing.note(FORGOT_ON, writing.clock.today().isoformat())
    if untidy.to_ask:
        ask_about(writing, untidy.to_ask)
    if untidy.to_retry:
        retry(writing, untidy.to_retry)
    if untidy.lacks_keys:
        make_keys(writing)
    if untidy.has_aside:
        try_aside_again(writing)
