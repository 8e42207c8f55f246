"""The words for what a comparison of this laptop with the server found."""

from __future__ import annotations

from datetime import date

from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.settling.digests import Checked
from ewb_desktop.syncing.report import SyncStatus, when_words

CHECK_LATER = "Something is still on its way. Send and receive first, then check again."
_SAME = "Everything on this laptop is as it is on the server."
_SAME_BUT = "All that was sent is on this laptop as it is on the server. What waits here was not compared."


def check_words(checked: Checked, today: date) -> str:
    """Return when both ends were compared last, and whether they were the same."""
    at = checked.at if checked.has_compared else None
    when = when_words(at, today)
    found = "" if at is None else ": all as on the server" if checked.is_clean else ": something was put right"
    return f"{when[:1].upper()}{when[1:]}{found}"


def check_notes(checked: Checked) -> list[str]:
    """Return what the last comparison put right, each in a sentence or two; nothing when both ends held the same."""
    told: list[str] = []
    if checked.repaired:
        told.append(
            f"{count_words(checked.repaired, 'record')} on this laptop did not match the server and came again. "
            "What you wrote and have not sent was not touched."
        )
    if checked.taken_away:
        told.append(f"{count_words(checked.taken_away, 'record')} left this laptop: others look after them now.")
    if checked.offered:
        lost = count_words(checked.offered, "record was", "records were")
        told.append(f"{lost} missing on the server. Nothing is lost: it is sent again.")
    if checked.kept:
        lost = count_words(checked.kept, "record is", "records are")
        told.append(
            f"{lost} missing on the server and cannot be sent from here. Nothing is lost: it is kept on this laptop. "
            "Tell your administrator."
        )
    return told


def outcome_words(checked: Checked, status: SyncStatus) -> str:
    """Return what a comparison found, in one line; what is not at the server yet was not compared."""
    waits = status.to_send or status.to_bring or status.quarantined
    return " ".join(check_notes(checked)) or (_SAME_BUT if waits else _SAME)
