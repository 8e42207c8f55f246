"""Why something was not done: a sentence for each field that needs another look, or what the worker's role does not do."""

from __future__ import annotations

from collections.abc import Mapping

from ewb_desktop.domain.roles import NO_LIST, Duty, why_not
from ewb_desktop.storage.errors import WorkerCanAct


class FaultyFields(ValueError):
    """Some fields need another look. ``sentences`` holds one for each, by the field's name; nothing has been saved or lost."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)


class NotForThisRole(WorkerCanAct):
    """The worker's role does not do this, and the server would not take it. Raised before anything is written.

    ``is_known`` is False when no list says what the role does.
    """

    def __init__(self, duty: Duty, *, is_known: bool = True) -> None:
        super().__init__(why_not(duty) if is_known else f"{NO_LIST} Nothing was written and nothing was changed.")
        self.duty = duty
