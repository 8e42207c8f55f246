"""The settings of this laptop: one small TOML file, typed, written whole; a broken one is set aside and the program starts."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ewb_desktop.whole_file import write_whole

SCHEMES = ("system", "light", "dark", "contrast")
TEXT_SIZES = (90, 100, 115, 130, 150, 175, 200)
"""Per cent of the ordinary size."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody may choose. Nothing here is about a member; workers' own matters are in their encrypted files.

    ``text_size`` is per cent; ``idle_minutes`` is how long the window stays open untouched; ``place`` is the id of the
    venue that was chosen last; ``scheme`` is one of :data:`SCHEMES`; ``window`` is where the window stood;
    ``service_name`` and ``service_telephone`` say on leaflets who gives them, ``service_address`` is their page of the web.
    """

    text_size: int = 100
    scheme: str = "system"
    idle_minutes: int = 5
    place: str = ""
    server: str = ""
    printer: str = ""
    reduced_motion: bool = False
    window: str = ""
    service_name: str = ""
    service_telephone: str = ""
    service_address: str = ""

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES:
            raise ValueError(f"no such colour scheme: {self.scheme}")
        if not TEXT_SIZES[0] <= self.text_size <= TEXT_SIZES[-1]:
            raise ValueError(f"text size {self.text_size} is not between {TEXT_SIZES[0]} and {TEXT_SIZES[-1]}")
        if not 1 <= self.idle_minutes <= 60:
            raise ValueError(f"{self.idle_minutes} minutes is not between 1 and 60")


class SettingsFile:
    """The file in which they are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble: str | None = None
        self._unknown: dict[str, Any] = {}

    def load(self) -> Settings:
        """Return the settings; what is missing or out of bounds is as it comes from the box, and ``trouble`` says so.

        A file that is not TOML is kept beside under another name. Keys of a newer program are kept.
        """
        self.trouble = None
        try:
            kept = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError):
            self._set_aside()
            return Settings()
        kinds: dict[str, type] = {name: type(value) for name, value in asdict(Settings()).items()}
        self._unknown = {name: value for name, value in kept.items() if name not in kinds}
        chosen: dict[str, Any] = {}
        for name, value in kept.items():
            if name not in kinds:
                continue
            try:
                if type(value) is not kinds[name]:
                    raise ValueError(f"{name} is of another kind")
                one: dict[str, Any] = {name: value}
                Settings(**one)
                chosen |= one
            except ValueError:
                self.trouble = "One of your settings could not be read. It is as it was at first; you can set it again."
        return Settings(**chosen)

    def save(self, settings: Settings) -> None:
        """Write the settings whole: after a power cut they are the old ones or these."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        import tomli_w

        write_whole(self.path, tomli_w.dumps({**self._unknown, **asdict(settings)}).encode())

    def _set_aside(self) -> None:
        self.trouble = (
            "The settings file could not be read, so all settings are as they were at first. "
            "No record was touched. The old file is kept beside it."
        )
        try:
            self.path.replace(self.path.with_name(self.path.name + ".broken"))
        except OSError:
            # the next save writes over it; starting matters more
            return
