"""What comes into the matching room and what leaves it."""

from dataclasses import dataclass
from datetime import datetime

from askbot.domain.chat import Conversation
from askbot.domain.decision import Decision

NOTHING_SAID = Conversation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A line of chat to decide about. `at` is when askbot took it; `conversation` is the viewer's, in this room."""

    text: str
    room: str
    at: datetime
    conversation: Conversation = NOTHING_SAID

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a question needs an aware time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One decision per need, in the order of the message, and the conversation to keep.

    `conversation` is the very object that came in when there is nothing new to remember.
    """

    decisions: tuple[Decision, ...]
    conversation: Conversation
