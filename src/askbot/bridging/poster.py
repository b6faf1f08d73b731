"""Posts chat to a `standard` source: signed, in batches, again and again until it is taken. Re-sends change nothing.

Whether a message is a repeat is decided by its id on the other side, so that a lost answer is simply asked for again.
Knows neither where the messages come from nor who reads the outcome.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

import aiohttp

from askbot.bridging.lines import ChatLine
from askbot.bridging.reasons import network_reason
from askbot.domain.replies import backoff
from askbot.errors import DeliveryError
from askbot.platforms.standard.signing import sign

BATCH = 500
"""Messages that one push may hold."""
BATCH_BYTES = 200_000
"""Bytes of a push's body, with room to spare below the 256 KiB that the server takes."""
TIMEOUT = 15.0
LONGEST_WAIT = 60.0
"""Seconds that a Retry-After may ask for."""
GIVE_UP = 600.0

SPLIT = frozenset(
    {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
)
"""Nothing of such a push was taken: it is split, so that one bad message keeps no other out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A message that the server does not take, and why (its error code, or the status)."""

    line: ChatLine
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of messages: how many were taken, which were not, how often it was tried again."""

    taken: int = 0
    refused: tuple[Refusal, ...] = ()
    retries: int = 0

    def __add__(self, other: "Receipt") -> "Receipt":
        return Receipt(
            taken=self.taken + other.taken,
            refused=self.refused + other.refused,
            retries=self.retries + other.retries,
        )


class UndeliveredError(DeliveryError):
    """Going on is useless. `receipt` is what became of the messages before that; the rest was not taken."""

    def __init__(self, message: str, *, permanent: bool, receipt: Receipt) -> None:
        super().__init__(message, permanent=permanent)
        self.receipt = receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """How the server answered: `status` 0 when it did not. `wait` is its Retry-After, in seconds."""

    status: int
    why: str
    wait: float = 0.0

    @property
    def good(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def passing(self) -> bool:
        """Whether it may be better in a moment."""
        return (
            self.status == 0
            or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            or self.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """Posts to `{url}/hooks/{source}`. `clock` gives seconds since 1970; `give_up` is how long one push is tried.

    `tell` hears of each failed attempt: what it was, and the seconds until the next.
    """

    session: aiohttp.ClientSession
    url: str
    source: str
    secret: bytes
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    give_up: float = GIVE_UP
    tell: Callable[[str, float], None] = lambda _why, _wait: None

    async def post(self, lines: Sequence[ChatLine]) -> Receipt:
        """Post messages in one push (at most BATCH); what the server cannot read is found by halving.

        Raises UndeliveredError when going on is useless: the signature or the source is refused, or nothing was taken
        for `give_up` seconds.
        """
        parts, done = [lines], Receipt()
        while parts:
            part = parts.pop()
            answer, retries = await self._push(part)
            done += Receipt(retries=retries)
            if answer.good:
                done += Receipt(taken=len(part))
            elif answer.status not in SPLIT:
                raise UndeliveredError(answer.why, permanent=not answer.passing, receipt=done)
            elif len(part) == 1:
                done += Receipt(refused=(Refusal(line=part[0], why=answer.why),))
            else:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
        return done

    async def _push(self, lines: Sequence[ChatLine]) -> tuple[_Answer, int]:
        """One push until it is answered for good; the answer and the number of failed attempts before it."""
        body = self._body(lines)
        name = f"bridge_{sha256(body).hexdigest()[:32]}"
        waited, attempt = 0.0, 1
        while True:
            answer = await self._attempt(name, body)
            if not answer.passing or waited >= self.give_up:
                return answer, attempt - 1
            wait = max(min(answer.wait, LONGEST_WAIT), backoff(attempt).total_seconds())
            self.tell(answer.why, wait)
            await self.sleep(wait)
            waited, attempt = waited + wait, attempt + 1

    def _body(self, lines: Sequence[ChatLine]) -> bytes:
        moment = datetime.fromtimestamp(self.clock(), UTC).isoformat().replace("+00:00", "Z")
        form = {"type": "chat.messages", "timestamp": moment, "data": {"messages": [line.wire() for line in lines]}}
        return json.dumps(form, ensure_ascii=False).encode()

    async def _attempt(self, name: str, body: bytes) -> _Answer:
        stamp = int(self.clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(self.secret, name, stamp, body),
        }
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            async with self.session.post(
                f"{self.url.rstrip('/')}/hooks/{self.source}", data=body, headers=headers, timeout=timeout
            ) as response:
                raw = await response.content.read(2048)
                return _Answer(
                    status=response.status,
                    why=_reason(response.status, raw),
                    wait=_seconds(response.headers.get("Retry-After", "")),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return _Answer(status=0, why=f"连接不上（{network_reason(error)}）")


def batches(lines: Sequence[ChatLine]) -> list[list[ChatLine]]:
    """Split messages, in their order, so that each part fits one push."""
    parts: list[list[ChatLine]] = []
    size = 0
    for line in lines:
        length = weight(line)
        if not parts or len(parts[-1]) == BATCH or size + length > BATCH_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += length
    return parts


def weight(line: ChatLine) -> int:
    """At most the bytes that a message takes in a push."""
    fields = (line.id, line.text, line.user_id, line.user_name, line.room or "")
    return 160 + sum(len(json.dumps(part, ensure_ascii=False).encode()) for part in fields)


def _reason(status: int, raw: bytes) -> str:
    """The server's error code, bounded, with the status; only the status when it is no error of ours."""
    try:
        error = json.loads(raw)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return str(status)
    known = isinstance(error, str) and error.replace("_", "").isalnum() and error.isascii() and len(error) < 60  # noqa: PLR2004
    return f"{status} {error}" if known else str(status)


def _seconds(text: str) -> float:
    """A Retry-After in seconds; 0 when there is none, or it is a date."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0  # noqa: PLR2004
