"""The library that comes with the program, read once for the rules' tests."""

from __future__ import annotations

import pytest

from ewb_desktop.domain.questionnaire import Questionnaire
from ewb_desktop.library import Library, open_library


@pytest.fixture(scope="session")
def library() -> Library:
    return open_library()


@pytest.fixture(scope="session")
def phq_9(library: Library) -> Questionnaire:
    return library.questionnaire("phq-9")
