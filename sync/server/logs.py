"""One line of JSON for each request: its id, what it was and how it went. Nothing about anybody, whoever writes the line."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

import orjson

from sync.server.clock import instant_text
from sync.server.trouble import LineCut

_LINE: Final = "\n"
logger: Final = logging.getLogger("ewb_server")


class JsonLines(logging.Formatter):
    """Writes a record's message and its ``facts`` as one line of JSON; of a fault, its place in the program but no values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        # what a library puts into its words may be what somebody typed; the words themselves are its programmers'
        # of several lines the others may be a fault with all that it says
        message = record.getMessage() if record.name == logger.name else f"{record.name}: {str(record.msg).partition(_LINE)[0]}"
        instant = datetime.fromtimestamp(record.created, UTC)
        line = {"at": instant_text(instant), "level": record.levelname, "message": message}
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            # an exception's own words may quote what somebody wrote
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _places(record)
        return orjson.dumps(line, default=str).decode()


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Tell whether a line is written: not the fault that a library makes of a line which the server itself has cut."""
    return not (record.exc_info and isinstance(record.exc_info[1], LineCut))


def _places(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places)


def start_logging() -> None:
    """Send the server's lines to standard error, as JSON, and those of libraries when something is wrong."""
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    lines.addFilter(is_worth_a_line)
    logging.root.handlers = [lines]
    logging.root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    logger.handlers = [lines]
    logger.setLevel(logging.INFO)
    logger.propagate = False
