"""One accessibility fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A WCAG 2.2 criterion (``i18n`` for mirroring), a short rule name, what is wrong and where."""

    criterion: str
    rule: str
    message: str
    where: str

    def __str__(self) -> str:
        return f"{self.criterion} {self.rule}: {self.message} [{self.where}]"
