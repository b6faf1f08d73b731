"""Running messages through a matcher in their order, each viewer's lines in a room as one conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from askbot.domain.chat import Conversation
from askbot.domain.decision import Decision, decision_form
from askbot.matching import Matcher, Question
from askbot.replaying.messages import Line

_NOTHING = Conversation()


@dataclass(frozen=True, slots=True)
class Replayed:
    """A message with its decisions."""

    line: Line
    decisions: tuple[Decision, ...]

    def form(self) -> dict[str, object]:
        """The JSON form of replay: the message's own keys untouched, then its decisions."""
        extra: Mapping[str, object] = {k: v for k, v in self.line.data.items() if k != "decisions"}
        return {**extra, "decisions": [decision_form(d) for d in self.decisions]}


@dataclass(slots=True)
class Player:
    """Plays messages one after the other; `at` is the time of those that carry none."""

    matcher: Matcher
    at: datetime
    _conversations: dict[tuple[str, str], Conversation] = field(default_factory=dict)

    def play(self, line: Line) -> Replayed:
        """The decisions about the next message."""
        asker = (line.room, line.user)
        before = self._conversations.get(asker, _NOTHING)
        judged = self.matcher.decide(
            Question(text=line.text, room=line.room, at=line.at or self.at, conversation=before)
        )
        if judged.conversation is not before:
            self._conversations[asker] = judged.conversation
        return Replayed(line, judged.decisions)
