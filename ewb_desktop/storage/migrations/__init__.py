"""The steps from one version of the encrypted file to the next; a fresh file is made by schema.py at the newest version.

A step is a module ``step_NNNN.py`` with ``run(connection)``, which is given the driver's connection inside a transaction.
It never uses the tables of ``tables.py``, which move on; ``adopting.adopt_column`` gives a table a new field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ewb_desktop.storage.migrations import (
    step_0002,
    step_0003,
    step_0004,
    step_0005,
    step_0006,
    step_0007,
    step_0008,
    step_0009,
    step_0010,
    step_0011,
    step_0012,
    step_0013,
)


def _first(connection: Any) -> None:
    """Version 1 is the first schema: nothing leads to it."""


STEPS: Mapping[int, Callable[[Any], None]] = MappingProxyType(
    {
        1: _first,
        2: step_0002.run,
        3: step_0003.run,
        4: step_0004.run,
        5: step_0005.run,
        6: step_0006.run,
        7: step_0007.run,
        8: step_0008.run,
        9: step_0009.run,
        10: step_0010.run,
        11: step_0011.run,
        12: step_0012.run,
        13: step_0013.run,
    }
)
"""Each step by the version it leads to."""
