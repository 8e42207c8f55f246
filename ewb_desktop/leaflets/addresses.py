"""Addresses of the web as leaflets may carry them: short enough for a code on paper, and for somebody who types them."""

from __future__ import annotations

import re

LONGEST_ADDRESS = 150
"""A longer one makes a code that a telephone cannot read from paper, and that nobody types."""
_ADDRESS = re.compile(rf"(?=.{{10,{LONGEST_ADDRESS}}}$)https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/[\x21-\x7e]*)?", re.ASCII)


class BadAddress(ValueError):
    """What was typed is no address of a page; the text says what one looks like."""


def is_address(text: str) -> bool:
    """Say whether ``text`` is a whole address of a page."""
    return _ADDRESS.fullmatch(text) is not None


def whole_address(typed: str) -> str:
    """Return what somebody typed as a whole address; people leave its beginning out. Raises :class:`BadAddress`."""
    text = typed.strip()
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    if not is_address(address):
        raise BadAddress(
            f"Write the address of a page, such as www.example.org/help: no spaces, {LONGEST_ADDRESS} letters at most."
        )
    return address
