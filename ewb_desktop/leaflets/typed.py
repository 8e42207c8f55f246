"""What people typed or tables brought, made fit for print: white space that no line of a leaflet has, and signs nobody sees."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ewb_desktop.leaflets.order import LeafletOrder, NextStep, ServiceLine

_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_KEPT = "\u00a0\u2000-\u200a\u202f\u3000"
"""Spaces that are of a width or a kind of their own."""
_SPACES = re.compile(rf"[^\S{_KEPT}]+")
_TURN = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What would turn round all that follows on the line: the order of the words is found by what they are."""
_STOPPED = tuple(".,;:!?،؛۔")


def fit_for_print(order: LeafletOrder) -> LeafletOrder:
    """Return ``order`` with its words as they can be printed. What is said of a service and of the next step keeps its lines."""
    step = order.next_step
    return replace(
        order,
        services=tuple(map(_service, order.services)),
        next_step=None if step is None else _step(step),
        service_name=one_line(order.service_name),
        service_telephone=one_line(order.service_telephone),
        service_address=one_line(order.service_address),
    )


def one_line(text: str, join: str = " ") -> str:
    """Return ``text`` as one line; its lines are joined by ``join`` where they do not end with a stop."""
    told = ""
    for line in lines(text):
        told += line if not told else f" {line}" if told.endswith(_STOPPED) else f"{join}{line}"
    return told


def lines(text: str) -> list[str]:
    """Return the lines of ``text`` that hold anything, with single spaces and without signs that control the text."""
    found = (_SPACES.sub(" ", line).strip() for line in _ENDS.split(_TURN.sub("", text)))
    return [line for line in ("".join(c for c in each if unicodedata.category(c) != "Cc") for each in found) if line]


def _service(service: ServiceLine) -> ServiceLine:
    return replace(
        service,
        name=one_line(service.name),
        what="\n".join(lines(service.what)),
        when=one_line(service.when, ", "),
        where=one_line(service.where, ", "),
        telephone=one_line(service.telephone, ", "),
        cost=one_line(service.cost, ", "),
        web=one_line(service.web),
    )


def _step(step: NextStep) -> NextStep:
    return replace(
        step, words="\n".join(lines(step.words)), contact=one_line(step.contact), telephone=one_line(step.telephone, ", ")
    )  # fmt: skip
