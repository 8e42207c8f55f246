"""Version 7: the count of a print says in which colours, on which paper, with which cover, and what was printed with it."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.migrations.adopting import adopt_column


def run(connection: Any) -> None:
    """Give counted leaflets the fields, with what colleagues who had them already have sent."""
    for name, type_ in (("palette", "TEXT"), ("sheet", "TEXT"), ("discreet", "INTEGER"), ("batch", "TEXT")):
        adopt_column(connection, "print_tally", name, type_)
