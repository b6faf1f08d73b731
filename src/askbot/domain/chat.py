"""Chat as it comes in (弹幕), and what is remembered of a viewer's last needs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from askbot.domain.decision import Candidate

CONVERSATION_SPAN = timedelta(minutes=2)
REMEMBERED_NEEDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One line of chat. `id` is the platform's, unique within (source, room); `sent_at` as the platform tells it.

    Everything that depends on time (validity, max_age, follow-ups) counts from when askbot took the message, not from
    `sent_at`: what is told now must be true now, and a platform's clock is not ours.
    """

    source: str
    room: str
    id: str
    user_id: str
    user_name: str
    text: str
    sent_at: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.source and self.room and self.id and self.user_id):
            raise ValueError("a chat message needs source, room, id and user_id")
        if self.sent_at is not None and self.sent_at.tzinfo is None:
            raise ValueError("a chat message needs an aware time")

    @property
    def key(self) -> tuple[str, str, str]:
        """What decides whether a message is a repeat: (source, room, id)."""
        return (self.source, self.room, self.id)

    @property
    def asker(self) -> tuple[str, str, str]:
        """Whose conversation this is: (source, room, user id)."""
        return (self.source, self.room, self.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNeed:
    """A need that the same viewer had a moment ago, as far as a follow-up (那218呢) needs it."""

    text: str
    at: datetime
    action: str
    entry: str | None = None
    item: str | None = None
    unlisted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A viewer's last needs in a room, newest last, and what the bot offered when it asked back (第二个)."""

    needs: tuple[PastNeed, ...] = ()
    offered: tuple[Candidate, ...] = field(default=())

    def at(self, moment: datetime) -> "Conversation":
        """What of it still counts at that moment: needs of the last two minutes."""
        needs = tuple(n for n in self.needs if timedelta(0) <= moment - n.at <= CONVERSATION_SPAN)
        return self if needs == self.needs else Conversation(needs=needs, offered=self.offered if needs else ())
