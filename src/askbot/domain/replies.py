"""What the bot or a person says (回复): its states, its channel, and the pure rules of when it may leave."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from askbot.domain.wording import DEFAULT_LIMIT, Measure

SCREEN = "screen"
"""The channel of a room's screen page (大屏): where a source cannot post, its replies appear there."""

SHARE_WINDOW = timedelta(seconds=60)
SHARE_FLOOR = 6


class ReplyState(StrEnum):
    """waiting → sending → said | failed | dropped; waiting → withdrawn (switched off, muted, undone)."""

    WAITING = "waiting"
    SENDING = "sending"
    SAID = "said"
    FAILED = "failed"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class ReplyKind(StrEnum):
    """An answer of the bot, a question back, a holding reply (仅转), or what a person typed or sent."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HOLDING = "holding"
    MANUAL = "manual"


class Mode(StrEnum):
    """A room's stop switch: auto; suggest (answers become tickets with one-key sending); off (nothing leaves at all).

    In both what the bot would have said becomes tickets, so that no asker is lost.
    """

    AUTO = "auto"
    SUGGEST = "suggest"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where a source's replies go: its own chat, or the screen. `measure` counts as the platform counts."""

    name: str
    limit: int = DEFAULT_LIMIT
    measure: Measure = len


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody a reply speaks to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingReply:
    """A reply on its way out. `id` stays the same at every retry: it is the idempotence key."""

    id: str
    room: str
    channel: str
    text: str
    in_reply_to: tuple[str, ...]
    mentions: tuple[Mention, ...]
    askers: int
    attempt: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPolicy:
    """回复节制: cooldown per (room, channel, entry, item); share of the room's lines; age after which it is useless."""

    cooldown: timedelta = timedelta(seconds=30)
    room_share: float = 0.2
    max_age: timedelta = timedelta(seconds=45)

    def __post_init__(self) -> None:
        if self.cooldown < timedelta(0) or self.max_age <= timedelta(0) or not 0.0 <= self.room_share <= 1.0:
            raise ValueError("cooldown ≥ 0, max_age > 0 and 0 ≤ room_share ≤ 1 are needed")

    def allowance(self, *, messages: int, said: int) -> int:
        """How many more replies may leave, given the room's messages and replies of the last SHARE_WINDOW."""
        return max(0, max(SHARE_FLOOR, int(messages * self.room_share)) - said)


def backoff(
    attempt: int, *, first: float = 0.5, most: float = 10.0, roll: Callable[[], float] = random.random
) -> timedelta:
    """How long to wait after the attempt-th failure (from 1): doubling, with jitter between a half and the whole."""
    span = min(most, first * 2.0 ** (attempt - 1))
    return timedelta(seconds=span * (0.5 + roll() / 2))
