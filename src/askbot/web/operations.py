"""What an API operation is: one table entry from which its route, its checks and its OpenAPI description come."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from json import dumps
from time import perf_counter
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ValidationError

from askbot.errors import AskbotError, InputError, NotFoundError, PayloadError
from askbot.services.access import Caller, Right
from askbot.web.auth import caller_of
from askbot.web.hooks import read_body
from askbot.web.parts import Parts

MOST_BODY = 64 * 1024
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query parameter: `read` gives its value or raises InputError; `schema` says the same for programs."""

    name: str
    text: str
    schema: Schema
    read: Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that passed all checks."""

    parts: Parts
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any


Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation. `path` names parameters in braces; `refusals` are its statuses beside the common ones."""

    name: str
    method: str
    path: str
    text: str
    right: Right
    handler: Callable[[Call], Awaitable[Answer]]
    result: type[BaseModel]
    query: tuple[Query, ...] = ()
    body: type[BaseModel] | None = None
    tolerant: bool = False
    """The body is decoded only; the use case itself judges its fields, so that a missing thing is told before them."""
    refusals: frozenset[int] = field(default=frozenset())

    @property
    def path_names(self) -> list[str]:
        """The parameters in the path."""
        return re.findall(r"{(\w+)}", self.path)


def handler_of(operation: Operation, parts: Parts) -> Handler:
    """The web handler: caller, right, parameters, body; then the operation, counted and timed."""

    async def handle(request: web.Request) -> web.StreamResponse:
        start = perf_counter()
        status = "error"
        try:
            response = await _answered(operation, parts, request)
            status = "ok"
        except AskbotError as error:
            status = error.code
            raise
        finally:
            parts.metrics.api_requests.labels(operation.name, status).inc()
            parts.metrics.api_seconds.labels(operation.name).observe(perf_counter() - start)
        return response

    return handle


async def _answered(operation: Operation, parts: Parts, request: web.Request) -> web.Response:
    caller = await caller_of(request, parts)
    caller.need(operation.right)
    call = Call(
        parts=parts,
        caller=caller,
        path={name: path_value(request.match_info[name]) for name in operation.path_names},
        query={query.name: _query(query, request) for query in operation.query},
        body=await _body(operation, request),
    )
    return json_response(await operation.handler(call))


def json_response(body: Answer) -> web.Response:
    """JSON, with every character as it is."""
    text = dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(body=text.encode("utf-8", "replace"), content_type="application/json")


def path_value(text: str) -> str:
    """A name in the path; what no name can be is the name of nothing."""
    if not text.isprintable() or len(text) > 256:  # noqa: PLR2004 (longer than any name of ours)
        raise NotFoundError("there is no such thing")
    return text


def _query(query: Query, request: web.Request) -> Any:  # noqa: ANN401 (each parameter has its own values)
    given = request.query.getall(query.name, [])
    if len(given) > 1:
        raise InputError(f"{query.name} is given more than once")
    return query.read(given[0]) if given else None


async def _body(operation: Operation, request: web.Request) -> Any:  # noqa: ANN401 (each operation has its own body)
    if operation.body is None:
        return None
    kind = request.content_type
    if kind not in ("application/json", "application/octet-stream"):  # the latter: no type was told
        raise PayloadError("the body must be application/json", code="unsupported_media_type", status=415)
    raw = await read_body(request, MOST_BODY)
    if operation.tolerant:
        return _decoded(raw)
    try:
        return operation.body.model_validate_json(raw)
    except ValidationError as error:
        raise InputError(_worded(error)) from None


def _decoded(raw: bytes) -> object:
    from pydantic_core import from_json

    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise InputError("the body is no JSON") from None


def _worded(error: ValidationError) -> str:
    """The first fault's place and nature, without the value."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in fault["loc"])[:100]
    if fault["type"] == "json_invalid":
        return "the body is no JSON"
    return f"{place}: {fault['msg']}" if place else fault["msg"]
