"""What a platform must offer: a codec (bytes in, values out; no I/O) and, where it can post, a client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from askbot.domain.chat import ChatMessage
from askbot.domain.replies import Channel, OutgoingReply


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One webhook call as it came: header names in lower case, the body's raw bytes, the time of arrival."""

    headers: Mapping[str, str]
    body: bytes
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HookReply:
    """What the platform expects back when the messages are durable (a challenge's echo, its own form of "taken")."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a push held: chat messages, and how many of what else (gifts, likes, unknown rooms), by a short name."""

    messages: tuple[ChatMessage, ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
    reply: HookReply | None = None


class PlatformCodec(Protocol):
    """Verifies and parses; plain functions of the push, no clock, no network."""

    def verify(self, push: Push) -> None:
        """Return if the push is from the platform and fresh; raise SignatureError otherwise, whatever the garbage."""

    def parse(self, push: Push) -> Parsed:
        """The messages of a verified push; raise PayloadError when it is not what the platform sends."""


class PlatformClient(Protocol):
    """Says replies on the platform."""

    @property
    def channel(self) -> Channel:
        """Its name, length limit and how it counts."""

    async def send(self, reply: OutgoingReply) -> None:
        """Say it; raise DeliveryError (permanent or not) when it did not leave."""

    async def close(self) -> None:
        """Release connections."""
