"""Where things are on this computer: records, settings and the log, for the worker's own use and for practice apart from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

_NAME = "EWB Desktop"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one profile. None of them is made before something is written there."""

    data: Path
    config: Path
    logs: Path

    @property
    def vaults(self) -> Path:
        """One folder for each worker's encrypted file."""
        return self.data / "workers"

    @property
    def settings(self) -> Path:
        """The settings of this laptop, which say nothing about a member."""
        return self.config / "settings.toml"

    @property
    def log(self) -> Path:
        """The log, which says nothing about a member."""
        return self.logs / "ewb-desktop.log"


def paths(profile: str = "", root: Path | None = None) -> Paths:
    """Return the folders of ``profile`` (empty: real use; ``practice``: made-up members), all under ``root`` when it is given.

    Data is kept where the system does not copy it to other computers.
    """
    if profile and not profile.replace("-", "").isalnum():
        raise ValueError("a profile's name has letters, figures and hyphens")
    if root is not None:
        home = root / (profile or "work")
        return Paths(home / "data", home / "config", home / "logs")
    name = f"{_NAME} {profile}" if profile else _NAME
    dirs = platformdirs.PlatformDirs(name, appauthor=False, roaming=False)
    return Paths(dirs.user_data_path, dirs.user_config_path, dirs.user_log_path)


def make_private(folder: Path) -> Path:
    """Make ``folder`` if need be, for this user alone, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
