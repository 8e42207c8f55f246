"""The file of settings: one a line, read by the program itself, so that it says the same to the service and to whoever types."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_LINE: Final = re.compile(r"(EWB_[A-Z_]+)\s*=(.*)")


def read_settings(file: Path, faults: list[str]) -> dict[str, str]:
    """Return the settings in ``file``, by name; what is wrong with it comes to ``faults``.

    A value is all that stands behind the first ``=``, as it is: nothing in it is put in place of anything else. What surrounds
    it goes, and a pair of quotes round the whole of it. Empty lines, and those that begin with ``#``, say nothing.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is no text"
        faults.append(f"the file of settings {file} cannot be read ({why})")
        return {}
    told: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            # the line itself may hold a password
            faults.append(f"line {number} of {file} is no setting such as EWB_PORT=8461")
        elif found[1] in told:
            faults.append(f"line {number} of {file} says {found[1]} once more")
        else:
            told[found[1]] = _bare(found[2].strip())
    return told


def _bare(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
