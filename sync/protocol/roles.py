"""Which classes of record each role receives: one table, so that laptops never hand on more than the server would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sync.protocol.entities import ENTITIES, Sensitivity

EVERY_AREA = "*"

WIDE = frozenset({Sensitivity.OPEN, Sensitivity.STAFF})
"""Classes that every area shares: nothing in them is about a member."""

_MEMBERS = WIDE | {Sensitivity.CONTACT, Sensitivity.CARE}

READS: Mapping[str, frozenset[Sensitivity]] = MappingProxyType(
    {
        "volunteer": frozenset({Sensitivity.OPEN}),
        "peer": _MEMBERS,
        "connector": _MEMBERS,
        "clinician": _MEMBERS | {Sensitivity.SAFEGUARDING},
        "governance": WIDE,
        "administrator": WIDE,
    }
)
"""Classes by role. A role that is not here receives nothing."""

MATCHED_ONLY = frozenset({"peer"})
"""Roles that hold, of the members of their areas, those alone who are matched to them: coordinated or supported by them."""

MADE_BY_SERVER = frozenset({"laptop", "worker"})
"""Kinds of record that only the server writes. Who works here, as what and where decides what laptops may do: none says it."""

OPENS = frozenset({"connector", "clinician"})
"""Roles that may open a member's records in an area that is not theirs, for hours and with a reason: never other classes."""


def may_hold(role: str, areas: Sequence[str], entity: str, area: str, *, is_matched: bool = True) -> bool:
    """Tell whether a worker of this role in these areas may hold a record of ``entity`` in ``area``; unknown kinds nobody.

    ``is_matched``: whether the member whom it is about is matched to her, where her role holds nobody else.
    """
    known = ENTITIES.get(entity)
    if known is None or known.sensitivity not in READS.get(role, frozenset()):
        return False
    if known.sensitivity in WIDE:
        return True
    return (EVERY_AREA in areas or area in areas) and (is_matched or role not in MATCHED_ONLY)
