"""Posts `chat.reply`, signed; says whether a failure is for good. No retry here: that is the outbox's."""

import json

import aiohttp

from askbot.domain.replies import Channel, OutgoingReply
from askbot.errors import DeliveryError
from askbot.platforms.standard.signing import sign
from askbot.ports import Clock

TIMEOUT = aiohttp.ClientTimeout(total=5)
SLOW_DOWN = frozenset({408, 429})
"""4xx that mean "later", not "never"."""


class StandardClient:
    """See ports.platform.PlatformClient. The session is shared and closed by its owner."""

    def __init__(self, *, name: str, url: str, key: bytes, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._channel = Channel(name=name)
        self._url = url
        self._key = key
        self._session = session
        self._clock = clock

    @property
    def channel(self) -> Channel:
        """The source's own chat."""
        return self._channel

    async def send(self, reply: OutgoingReply) -> None:
        """Post it; 2xx is said. The receiver knows a repeat by `webhook-id`, which is the reply's id."""
        now = self._clock()
        body = reply_body(reply, now.isoformat(timespec="seconds").replace("+00:00", "Z"))
        seconds = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": reply.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign(self._key, reply.id, seconds, body),
        }
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                _judge(response.status)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise DeliveryError(f"no answer: {type(error).__name__}", permanent=False) from error

    async def close(self) -> None:
        """Nothing of its own to release."""


def reply_body(reply: OutgoingReply, timestamp: str) -> bytes:
    """The JSON of a `chat.reply`."""
    data = {
        "reply_id": reply.id,
        "room": reply.room,
        "text": reply.text,
        "in_reply_to": list(reply.in_reply_to),
        "mentions": [{"id": mention.id, "name": mention.name} for mention in reply.mentions],
        "askers": reply.askers,
    }
    form = {"type": "chat.reply", "timestamp": timestamp, "data": data}
    return json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _judge(status: int) -> None:
    """Nothing for 2xx; 3xx is a failure that may pass, 4xx but 408 and 429 is one for good."""
    if status // 100 == 2:  # noqa: PLR2004 (the class of success)
        return
    permanent = status // 100 == 4 and status not in SLOW_DOWN  # noqa: PLR2004 (the class of refusal)
    raise DeliveryError(f"the receiver answered {status}", permanent=permanent)
