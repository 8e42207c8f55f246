"""What stands in this project: the files that are kept in it, read once."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def kept_files() -> tuple[Path, ...]:
    """Return every file that is kept in the project, without what was built or is ignored."""
    try:
        said = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z"],  # noqa: S607 - whichever git there is
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        files = [ROOT / name for name in said.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        # an unpacked archive has no history
        built = {".venv", "build", "__pycache__", ".git"}
        files = [each for each in ROOT.rglob("*") if each.is_file() and not built & set(each.relative_to(ROOT).parts)]
    return tuple(sorted(file for file in files if file.is_file()))


def kept(*endings: str, under: str = "") -> list[Path]:
    """Return the kept files with one of these endings, inside a folder of the project if one is named."""
    return [file for file in kept_files() if file.suffix in endings and file.is_relative_to(ROOT / under)]


def shown(file: Path) -> str:
    """Return how a file is named inside the project."""
    return file.relative_to(ROOT).as_posix()
