"""The log tells where the program failed, and nothing of what was typed."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.logs import LOG, describe, start_logs


@pytest.fixture
def told() -> list[BaseException]:
    return []


@pytest.fixture
def log(tmp_path: Path, told: list[BaseException]) -> Iterator[Path]:
    end = start_logs(tmp_path / "logs" / "program.log", also_tell=told.append)
    yield tmp_path / "logs" / "program.log"
    end()


def stumble() -> None:
    try:
        raise KeyError("Grace Mensah")
    except KeyError as error:
        raise ValueError("born 1961, lives at 5 Elm Road") from error


def test_an_error_that_nobody_caught_is_its_type_and_place(log: Path, told: list[BaseException]) -> None:
    try:
        stumble()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = log.read_text()
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_logs.py" in text
    assert "stumble" in text
    assert "Grace" not in text
    assert "Elm" not in text
    assert [type(error) for error in told] == [ValueError]


def test_an_error_in_a_thread_is_noted_too(log: Path, told: list[BaseException]) -> None:
    thread = threading.Thread(target=stumble)
    thread.start()
    thread.join()
    assert "ValueError" in log.read_text()
    assert len(told) == 1


def test_a_logged_exception_shows_no_words_of_it(log: Path) -> None:
    try:
        stumble()
    except ValueError:
        LOG.exception("could not save")
    text = log.read_text()
    assert "could not save" in text
    assert "stumble" in text
    assert "Elm" not in text


def test_it_is_for_this_user_alone_and_ends(tmp_path: Path) -> None:
    before = sys.excepthook, list(LOG.handlers)
    end = start_logs(tmp_path / "program.log")
    assert (tmp_path / "program.log").stat().st_mode & 0o777 == 0o600
    end()
    assert (sys.excepthook, LOG.handlers) == before


def test_a_cause_that_points_at_itself_ends() -> None:
    error = ValueError()
    error.__context__ = KeyError()
    error.__context__.__context__ = error
    assert describe(error).count("ValueError") <= 100


def test_nothing_is_written_below_information(log: Path) -> None:
    LOG.debug("quiet")
    logging.getLogger("ewb_desktop.storage").info("loud")
    assert "quiet" not in log.read_text()
    assert "loud" in log.read_text()


def test_a_full_page_is_turned_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "program.log"
    end = start_logs(path)
    for number in range(6):
        LOG.info("page %d %s", number, "x" * 600_000)
    end()
    kept = [path, *(tmp_path / f"program.log.{number}" for number in (1, 2, 3))]
    assert sorted(tmp_path.glob("program.log*")) == kept
    assert [file.read_text().partition("page ")[2][0] for file in kept] == ["5", "4", "3", "2"]
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}
