"""Every line is JSON that names nobody, also when a library writes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from sync.server.logs import JsonLines, start_logging
from sync.server.trouble import LineCut


def line(name: str, message: str, *arguments: object, fault: BaseException | None = None) -> dict[str, str]:
    told = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, told)
    found: dict[str, str] = orjson.loads(JsonLines().format(record))
    return found


def test_what_a_library_puts_into_its_words_is_left_out() -> None:
    said = line("uvicorn.error", "Invalid request: %s", "GET /?name=Zuleika")
    assert said["message"] == "uvicorn.error: Invalid request: %s"


def test_of_what_a_library_writes_in_several_lines_the_first_is_written() -> None:
    said = line("uvicorn.error", "Traceback (most recent call last):\nValueError: Zuleika wants to sleep")
    assert said["message"] == "uvicorn.error: Traceback (most recent call last):"


def test_our_own_words_are_written_whole() -> None:
    assert line("ewb_server", "%s answered", "1")["message"] == "1 answered"


def test_of_a_fault_its_place_is_written_and_none_of_its_words() -> None:
    try:
        raise ValueError("Zuleika wants to sleep")
    except ValueError as fault:
        said = line("sqlalchemy", "failed", fault=fault)
    assert (said["fault"], said["where"].split(":")[0]) == ("ValueError", "test_logs.py")
    assert "Zuleika" not in str(said)


def test_a_time_is_written_as_everywhere_else() -> None:
    assert line("ewb_server", "x")["at"].endswith("Z")


@pytest.mark.parametrize(("fault", "is_written"), [(LineCut(), False), (ConnectionError(), True)])
def test_a_line_that_the_server_cut_on_purpose_is_no_fault(
    capsys: pytest.CaptureFixture[str], fault: ConnectionError, is_written: bool
) -> None:
    with logging_as_before():
        start_logging()
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=fault)
    assert ("ASGI" in capsys.readouterr().err) is is_written


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Put back afterwards what :func:`start_logging` changes for the whole process."""
    root, own = logging.root, logging.getLogger("ewb_server")
    kept = [(each, each.handlers, each.level, each.propagate) for each in (root, own)]
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        for each, handlers, level, propagate in kept:
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)
