"""POST /hooks/{source}: verified on raw bytes, read, and taken durably before the 200. The hot path of the service.

Knows no platform: a codec says who sent it and what it holds, the intake does the rest.
"""

import asyncio
import hmac
from collections.abc import Mapping
from time import monotonic, perf_counter

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from askbot.errors import AskbotError, ForbiddenError, NotFoundError, OverloadError, PayloadError
from askbot.ports.platform import HookReply, Parsed, Push
from askbot.services.intake import Receipt
from askbot.web.clients import address_of, within
from askbot.web.parts import HookSource, Parts

LOG = structlog.get_logger(__name__)
MOST_BYTES = 256 * 1024
PATIENCE = 10.0
"""Seconds that a body may take to arrive."""
TOLD_EVERY = 10.0
"""Seconds between two log lines about refusals of one source."""
TAKEN = b'{"status":"taken"}'


class Hooks:
    """The handler of all webhook addresses."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._told: dict[tuple[str, str], float] = {}

    async def handle(self, request: web.Request) -> web.Response:
        """Take one push; the platform's own form of "taken", or an error."""
        parts = self._parts
        source = self._source(request)
        start = perf_counter()
        outcome = "error"
        try:
            response = await self._take(request, source)
            outcome = "taken"
        except AskbotError as error:
            outcome = error.code
            self._tell(source.name, error.code)
            raise
        finally:
            parts.metrics.hook_outcome(source.name, outcome).inc()
        parts.metrics.hook_time(source.name).observe(perf_counter() - start)
        return response

    def _source(self, request: web.Request) -> HookSource:
        """The source of this address; what is wrong about an address tells nothing about the right one."""
        info = request.match_info
        source = self._parts.sources.get(info["source"])
        if source is None:
            raise NotFoundError("there is no such source", code="unknown_source")
        given = info.get("path_key")
        if source.path_key is None and given is None:
            return source
        fits = hmac.compare_digest((given or "").encode("utf-8", "surrogatepass"), source.path_key or b"")
        if not fits or not given or source.path_key is None:
            raise NotFoundError("there is no such source", code="unknown_source")
        return source

    async def _take(self, request: web.Request, source: HookSource) -> web.Response:
        parts = self._parts
        if parts.background.stopping:
            raise OverloadError("the service is stopping", code="stopping")
        if source.allow:
            self._admit(request, source)
        body = await read_body(request, MOST_BYTES)
        push = Push(headers=plain_headers(request), body=body, received=parts.clock())
        source.codec.verify(push)
        parsed = source.codec.parse(push)
        source.limit.take()
        receipt = await parts.receive(parsed.messages)
        self._count(source.name, parsed, receipt)
        return _answer(parsed.reply)

    def _admit(self, request: web.Request, source: HookSource) -> None:
        address = address_of(request, self._parts.trusted_proxies)
        if address is None or not within(address, source.allow):
            raise ForbiddenError("this address may not call this source", code="not_allowed")

    def _count(self, source: str, parsed: Parsed, receipt: Receipt) -> None:
        metrics = self._parts.metrics
        if receipt.taken:
            metrics.message_outcome(source, "taken").inc(receipt.taken)
        if receipt.repeated:
            metrics.message_outcome(source, "repeated").inc(receipt.repeated)
        if receipt.changed:
            metrics.message_outcome(source, "changed").inc(receipt.changed)
        for kind, number in parsed.counted.items():
            metrics.platform_events.labels(source, kind[:64]).inc(number)

    def _tell(self, source: str, code: str) -> None:
        """One line now and then: an operator must see a wrong secret, an attacker must not fill the disk."""
        now = monotonic()
        if now - self._told.get((source, code), -TOLD_EVERY) >= TOLD_EVERY:
            self._told[source, code] = now
            LOG.warning("hook.refused", source=source, code=code)


async def read_body(request: web.Request, most: int) -> bytes:
    """The body's raw bytes. PayloadError 413 over `most` without reading on, 415 when compressed, 408 when too slow."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise PayloadError("compressed bodies are not taken", code="unsupported_media_type", status=415)
    if (request.content_length or 0) > most:
        raise PayloadError(f"at most {most} bytes are taken", code="too_large", status=413)
    content = request.content
    if content.is_eof():
        body = content.read_nowait()
    else:
        body = await _arriving(request, most)
    if len(body) > most:
        raise PayloadError(f"at most {most} bytes are taken", code="too_large", status=413)
    return body


async def _arriving(request: web.Request, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                chunks.append(chunk)
                size += len(chunk)
                if size > most:
                    break
    except TimeoutError:
        raise PayloadError("the body did not arrive in time", code="timeout", status=408) from None
    except (ConnectionError, web.RequestPayloadError, HttpProcessingError):
        raise PayloadError("the body broke off", code="bad_request", status=400) from None
    return b"".join(chunks)


def plain_headers(request: web.Request) -> Mapping[str, str]:
    """Header names in lower case; of a repeated header the first counts."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers.setdefault(name.lower(), value)
    return headers


def _answer(reply: HookReply | None) -> web.Response:
    if reply is None:
        return web.Response(body=TAKEN, content_type="application/json")
    return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)
