"""What is wrong with what was typed: one sentence for each field, raised before anything is written."""

from __future__ import annotations

from collections.abc import Mapping


class FaultyFields(ValueError):
    """Some fields need another look. ``sentences`` holds one for each, by the field's name; nothing has been saved or lost."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)
