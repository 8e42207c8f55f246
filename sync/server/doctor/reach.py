"""What the doctor says of what decides who is given which records."""

from __future__ import annotations

from collections.abc import Iterator

from sync.server.damage.reach import Reach
from sync.server.doctor.finding import BACKUP, NAMED, Finding, numbered


def reach(found: Reach) -> Iterator[Finding]:
    """Tell of records that laptops would be given though they are not for them, and of workers who may do what nobody typed."""
    altered = "somebody, or the disk, altered this outside this program"
    if found.records:
        words = f"{numbered('records', found.records)} would be given to others than those they are for: {altered}; {BACKUP}"
        yield Finding("scope", False, words)
    if found.workers:
        to_do = "look at `ewb-server workers`, and say with `ewb-server worker` what is right"
        named = ", ".join(found.workers[:NAMED])
        yield Finding("workers", False, f"{len(found.workers)} may do or see other than was typed ({named}): {altered}; {to_do}")
    if found.laptops:
        to_do = "sign each off with `ewb-server revoke` and let it join again by a code of its own worker's"
        named = ", ".join(found.laptops[:NAMED])
        told = f"{len(found.laptops)} count as another worker's than they told ({named})"
        yield Finding("laptops", False, f"{told}: {altered}; {to_do}")
    if found.answers:
        words = f"{numbered('answers', found.answers)} are about another member than the questionnaire to which they belong"
        to_do = "if `doctor --all` names records that say what no laptop sent, see there; else correct them on a laptop"
        yield Finding("answers", False, f"{words}: a laptop sent them so, or one was altered: {to_do}")
    if found.members:
        again = "the server matches them as the record says when a peer support worker's laptop compares, or sends about them"
        words = f"to {numbered('members', found.members)} others are matched than their records say: {altered}; {again}; "
        words += f"look again after a day, and if it stays: {BACKUP}"
        yield Finding("matches", False, words)
