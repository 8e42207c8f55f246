"""Says what was typed into a form in the words of the form, for notes that are made of it where nobody has the form."""

from __future__ import annotations

from typing import Any

from ewb_desktop.library import Library
from ewb_desktop.storage.typed_lines import Names, Say
from ewb_desktop.ui.record_words import RecordWords, ids_in


def say_with(library: Library) -> Say:
    """Return what says fields and values with the lists of ``library``; it may be called from any thread."""

    def say(names: Names, entity: str, field: str, value: Any) -> tuple[str, str] | None:
        words = RecordWords(library, names(ids_in(library, entity, [(field, value)])))
        if not words.is_shown(entity, field):
            return None
        return words.field(entity, field), words.value(entity, field, value)

    return say
