"""What a laptop was told in an epoch that is over says no more, in the one that follows, than that it knew how that one began."""

from __future__ import annotations

from typing import Final

from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES

_KNOWN: Final = 1
"""The lowest number of a record that the server has told: without one it would count as never sent."""


def count_as_before(writing: Writing, began: int) -> None:
    """Let no record, and no edit that waits, say that numbers after ``began`` were heard: the server gives them anew.

    Else an edit would be taken for one that knew what a colleague wrote under the same numbers since, and pass over it.
    """
    connection = writing.connection
    connection.exec_driver_sql("UPDATE journal SET base = ?1 WHERE settled_at IS NULL AND base > ?1", (began,))
    for entity in ENTITIES:
        # number is no field, so no trigger watches it
        connection.exec_driver_sql(
            f"UPDATE {entity} SET number = ?1 WHERE number > ?1",  # noqa: S608 - a name of the protocol
            (max(began, _KNOWN),),
        )
