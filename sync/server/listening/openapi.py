"""The server's OpenAPI: what each address takes and answers, from the messages themselves, for whoever tests it.

It is printed by ``ewb-server openapi`` and not served: laptops need none, and a page of it would load scripts from elsewhere.
Bodies travel as zstd of JSON (:mod:`sync.packing`); the schemas are those of the JSON within.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sync.packing import MEDIA_TYPE
from sync.protocol import messages
from sync.protocol.version import OLDEST_SPOKEN, PROTOCOL
from sync.server.trouble import STATUS

_REFERENCE: Final = "#/components/schemas/{model}"


def _spoken() -> Mapping[str, tuple[type[BaseModel], type[BaseModel]]]:
    """Return what each address that takes a message takes and answers: ``/v1/round`` takes a ``RoundRequest``, and so on."""
    kinds = {name: kind for name, kind in vars(messages).items() if isinstance(kind, type) and issubclass(kind, BaseModel)}
    words = [name.removesuffix("Request") for name in kinds if name.endswith("Request")]
    return MappingProxyType({f"/v1/{word.lower()}": (kinds[f"{word}Request"], kinds[f"{word}Reply"]) for word in words})


SPOKEN: Final = _spoken()


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI of ``app``: FastAPI's own, with the messages in it."""
    told: dict[str, Any] = app.openapi()
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    kinds = [kind for pair in SPOKEN.values() for kind in pair] + [messages.TroubleReply]
    _, made = models_json_schema([(kind, "validation") for kind in kinds], ref_template=_REFERENCE)
    schemas |= made["$defs"]
    for asks, _ in SPOKEN.values():
        # a number that is not spoken here is answered, and takes nothing
        schemas[asks.__name__]["properties"]["protocol"] |= {"minimum": OLDEST_SPOKEN, "maximum": PROTOCOL}
    told["components"]["securitySchemes"] = {"laptop": {"type": "http", "scheme": "bearer"}}
    for path, operations in told["paths"].items():
        for operation in operations.values():
            _tell(path, operation)
    return told


def _tell(path: str, operation: dict[str, Any]) -> None:
    if path in SPOKEN:
        asks, answers = SPOKEN[path]
        operation["requestBody"] = {"required": True, "content": _content(asks)}
        operation["responses"] = {"200": {"description": "What was asked for.", "content": _content(answers)}}
    if path in SPOKEN or path.startswith("/v1/snapshot"):
        trouble = {"description": "Nothing was taken; the body says why.", "content": _content(messages.TroubleReply)}
        operation["responses"] |= {str(status): trouble for status in sorted({*STATUS.values(), 404, 408})}
        operation["security"] = [] if path == "/v1/enrol" else [{"laptop": []}]


def _content(kind: type[BaseModel]) -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=kind.__name__)}}}
