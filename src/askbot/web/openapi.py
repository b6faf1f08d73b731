"""OpenAPI 3.1, made from the table of operations: what is described is what is routed."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from askbot import __version__
from askbot.web.models import ErrorForm
from askbot.web.operations import Operation

_REF = "#/components/schemas/{model}"
PATH_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "room": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
    "ticket": {"type": "string", "pattern": "^[a-z2-7]{12}$"},
    "entry": {"type": "string", "pattern": r"^[A-Za-z0-9._\u4e00-\u9fff-]{1,200}$"},
}
REFUSALS: Mapping[int, str] = {
    401: "No token, or one that is not in force.",
    403: "The token's role may not do this.",
    404: "There is no such thing.",
    409: "Somebody was first, or the state does not allow it; `details` tell who and what stands now.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A value is wrong; the message names it.",
    503: "The database is away, or too much waits; try again after Retry-After seconds.",
}
INTRODUCTION = (
    "Errors are {error, message, details?}. Lists are {items, next}: give `next` as `after` to go on. "
    "Times are ISO 8601 in UTC. GET /api/v1/events is a stream of server-sent events, see docs/api.md."
)


def document(operations: Sequence[Operation]) -> Mapping[str, Any]:
    """The whole description."""
    answers: set[type[BaseModel]] = {ErrorForm, *(operation.result for operation in operations)}
    bodies = {operation.body for operation in operations if operation.body is not None}
    wanted: list[tuple[type[BaseModel], Any]] = [
        *((model, "serialization") for model in sorted(answers, key=lambda model: model.__name__)),
        *((model, "validation") for model in sorted(bodies, key=lambda model: model.__name__)),
    ]
    names, schemas = models_json_schema(wanted, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "askbot", "version": __version__, "description": INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(operation: Operation, names: Mapping[Any, Any]) -> Mapping[str, Any]:
    form: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.text,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": {
            "200": _content("Done.", names[operation.result, "serialization"]),
            **_refusals(operation, names),
        },
    }
    if operation.body is not None:
        schema = names[operation.body, "validation"]
        form["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return form


def _path_parameters(operation: Operation) -> list[Mapping[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_SCHEMAS[name]} for name in operation.path_names
    ]


def _query_parameters(operation: Operation) -> list[Mapping[str, Any]]:
    return [
        {"name": query.name, "in": "query", "required": False, "description": query.text, "schema": query.schema}
        for query in operation.query
    ]


def _refusals(operation: Operation, names: Mapping[Any, Any]) -> Mapping[str, Any]:
    statuses = {401, 403, 503} | operation.refusals
    if operation.path_names or operation.body is not None:
        statuses.add(404)
    if operation.body is not None:
        statuses |= {413, 415, 422}
    if operation.query:
        statuses.add(422)
    schema = names[ErrorForm, "serialization"]
    return {str(status): _content(REFUSALS[status], schema) for status in sorted(statuses)}


def _content(text: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
