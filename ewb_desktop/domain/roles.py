"""What each role may do, so that the window offers nothing that its worker may not hold or write."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ewb_desktop.domain.lists import BadList, WordList


class Duty(StrEnum):
    """One thing that a role may do. Source: who sits at the keyboard, in the design, and what the server takes from whom."""

    COUNT = "count"
    """Count visits and prints, and note what is wrong with a service: nothing in it is about a member."""
    DIRECTORY = "directory"
    """Write places, services, and the organisation's own leaflets."""
    MEMBERS = "members"
    """Hold and write who a member is, how to reach them, and what they share."""
    CARE = "care"
    """Hold and write what was said, asked, planned and done with a member."""
    SAFEGUARDING = "safeguarding"
    """Hold and write concerns about harm by others."""
    ERASE = "erase"
    """Destroy a record for good, when the law asks for it."""
    OPEN = "open"
    """Open a member's records outside the own area, for three hours and with a reason."""
    REPORTS = "reports"
    """Review how the service does, without names."""


WITHOUT_LIST = frozenset({Duty.COUNT})
"""What anybody may do while no list says what roles may do: nothing in it is about a member."""

NO_LIST = (
    "The file that says what each role may do cannot be used, so members' records stay closed for now. What you wrote is safe "
    "on this laptop and is sent as always; crisis help (F2), the directory and leaflets work. Install the program again, or "
    "ask your administrator."
)
"""What a worker reads while that is so."""


def roles(words: WordList) -> Mapping[str, frozenset[Duty]]:
    """Return what each role of the list ``words`` may do. Raises ``BadList`` for one that does not say so."""
    return MappingProxyType({entry.key: _duties(entry.key, entry.more.get("may")) for entry in words.entries})


def _duties(role: str, may: object) -> frozenset[Duty]:
    if not isinstance(may, list):
        raise BadList(f"'{role}' needs a list called may")
    known = {str(duty) for duty in Duty}
    unknown = [str(each) for each in may if str(each) not in known]
    if unknown:
        raise BadList(f"'{role}' may '{unknown[0]}', which this program does not know")
    return frozenset(Duty(each) for each in may)


_REASONS: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.COUNT: "count visits or write notes",
        Duty.DIRECTORY: "change the directory or our own leaflets",
        Duty.MEMBERS: "hold or write members' records",
        Duty.CARE: "hold or write members' records",
        Duty.SAFEGUARDING: "hold or write concerns about harm",
        Duty.ERASE: "destroy records",
        Duty.OPEN: "open records outside your area",
        Duty.REPORTS: "see reports",
    }
)


def why_not(duty: Duty) -> str:
    """Return the sentence for a worker whose role has no such duty: what happened, what it means, and what to do next."""
    return (
        f"Your role does not {_REASONS[duty]} on this laptop, so nothing was written and nothing was changed. "
        "Ask a colleague whose role does. If your work has changed, ask your administrator to change your role."
    )
