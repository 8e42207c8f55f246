"""An invitation on one line: what is written is read again, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.fingerprint import grouped
from sync.invitation import Invited, line_of, read_line
from sync.server.admission.credentials import new_code

PRINT = "0123456789abcdef0123456789abcdef"
CODE = "stretford-7K2QD-M41XA-90HTB"


@given(
    address=st.sampled_from(
        ("https://ewb.example.org", "https://[2001:db8::1]:8461", "http://127.0.0.1:8461", "https://a.org/ewb")
    ),
    organisation=st.from_regex(r"[a-z0-9]{2,20}", fullmatch=True),
    fingerprint=st.sampled_from(("", PRINT)),
    before=st.sampled_from(("", "  ", "QR-Code: ")),
    after=st.sampled_from(("", "\n", " \r\n", " (read today)")),
)
def test_what_is_written_is_read_again(address: str, organisation: str, fingerprint: str, before: str, after: str) -> None:
    code = new_code(organisation)
    line = line_of(address, code, fingerprint)
    assert "\n" not in line
    assert read_line(before + line + after) == Invited(address, code, grouped(fingerprint))


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE,
        "https://ewb.example.org",
        f"ewb.example.org {CODE}",
        f"https://ewb.example.org{CODE}",
        f"https://ewb.example.org {CODE[:-1]}",
        f"https://ewb.example.org {CODE}7",
        f"https://ewb.example.org#0123 {CODE}",
        f"{CODE} https://ewb.example.org",
    ],
)
def test_what_is_no_whole_invitation_is_left_as_it_was_typed(text: str) -> None:
    assert read_line(text) is None
