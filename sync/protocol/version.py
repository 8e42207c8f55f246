"""The protocol's number, and which other numbers can still be spoken with."""

from __future__ import annotations

PROTOCOL = 4
"""Raised by one when a laptop and a server of different numbers could misunderstand each other.

1: rounds, snapshots, digests, openings. 2: a laptop tells who looked at what (``looks``); a server tells whom a laptop lets go
of (``leaving``). 3: a laptop that met a restored server names its epoch with what it offers again (``offers_for``).
4: whom a worker asks to open may be named by a telephone number or a postcode in place of a day of birth.
"""

OLDEST_SPOKEN = 1
"""The oldest number that this program still answers, and falls back to where the other end is older."""

LOOKS_SINCE = 2
"""The first number in which looks travel."""

OFFERS_SINCE = 3
"""The first number in which a laptop says for which restored server it offers its work again."""

KNOWN_BY_SINCE = 4
"""The first number in which a member is found by more than a day of birth."""

LOOKS = 500
"""Most looks in one request."""

MARK = 60
"""Most signs of a mark."""

PAGE_ROWS = 2_000
"""Rows in one page of an answer: larger pages gain nothing and cost more when a line is cut."""

LONG_PULL_ROWS = 10_000
"""Rows in a page once a laptop knows that there are many more: each page is one commit, and fewer commits write less."""

UNKNOWN_FIELDS = 200
"""Most fields of one record that a server carries without knowing them: five times as many as the widest kind of record has.
Each is a column of its own in a page, empty in all other rows."""

PUSH_CHANGES = 500
"""Most changes in one request."""

HANDED_RECORDS = 5_000
"""Most records that one request tells were handed to another laptop."""

PUSH_BYTES = 1 << 20
"""Most bytes of one request, after decompression."""

SNAPSHOT_ROWS = 200
"""From more rows than these on a laptop that has nothing yet is given a snapshot, not pages: it goes on at the byte where the
line was cut, and says how far it has come. Fewer are a second on a line of 128 kbit/s."""

OPENED = 20
"""Most members that a laptop holds opened at once."""
