"""Whether everything that was played was decided, and every asker was answered or counted as dropped. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from askbot.demonstration.receiver import Said
from askbot.demonstration.recording import Recorded
from askbot.demonstration.watching import SeenMessage, SeenReply

SPOKEN = frozenset({"answer", "clarify"})
"""Actions after which the asker is to hear something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known at the end: from the recording, from the API, and from the receiver of replies."""

    recording: Sequence[Recorded]
    messages: Sequence[SeenMessage]
    replies: Sequence[SeenReply]
    tickets: int
    said: Mapping[str, Said]
    repeats: int = 0
    refused: int = 0
    contradictions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The demo's summary. `missing` says, in Chinese, what should have happened and did not."""

    delivered: int
    messages: int
    actions: Mapping[str, int]
    said: int
    told: int
    dropped: int
    repeats: int
    tickets: int
    missing: Sequence[str] = field(default_factory=tuple)

    @property
    def good(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def judge(outcome: Outcome) -> Verdict:
    """Compare what came with what became of it."""
    told = {message for said in outcome.said.values() for message in said.in_reply_to}
    dropped = {message for reply in outcome.replies for message in _dropped(reply)}
    return Verdict(
        delivered=len(outcome.recording),
        messages=len(outcome.messages),
        actions=Counter(str(d["action"]) for message in outcome.messages for d in message.decisions),
        said=len(outcome.said),
        told=len(told),
        dropped=len(dropped),
        repeats=outcome.repeats,
        tickets=outcome.tickets,
        missing=(*_undecided(outcome), *_untold(outcome), *_odd(outcome)),
    )


def _undecided(outcome: Outcome) -> Iterator[str]:
    """Messages that are not stored once, as they first came, with their decisions."""
    texts: dict[str, str] = {}
    for one in outcome.recording:
        texts.setdefault(one.line.id, one.line.text)
    times = Counter(message.id for message in outcome.messages)
    stored = {message.id: message for message in outcome.messages}
    for name, text in texts.items():
        if times[name] != 1:
            yield f"{name}：存了 {times[name]} 次"
        elif not stored[name].decisions:
            yield f"{name}：没有判定"
        elif _visible(stored[name].text) != _visible(text):
            yield f"{name}：存的不是先到的那句"


def _visible(text: str) -> str:
    """The text without what a store may clean away."""
    return "".join(character for character in text if character.isprintable())


def _untold(outcome: Outcome) -> Iterator[str]:
    """Askers that are neither in a reply that arrived nor in one that was dropped."""
    by_message: dict[str, list[SeenReply]] = {}
    for reply in outcome.replies:
        for name in reply.answers | reply.dropped:
            by_message.setdefault(name, []).append(reply)
    for message in outcome.messages:
        for decision in message.decisions:
            if decision["action"] in SPOKEN and not _served(message.id, decision, by_message, outcome.said):
                about = decision.get("entry") or "无条目"
                yield f"{message.id}：{decision['action']}（{about}）没有送到，也没有记为放弃"


def _served(
    name: str,
    decision: Mapping[str, Any],
    by_message: Mapping[str, Sequence[SeenReply]],
    said: Mapping[str, Said],
) -> bool:
    for reply in by_message.get(name, ()):
        about = (reply.entry, reply.item) == (decision.get("entry"), decision.get("item"))
        arrived = reply.id in said and name in said[reply.id].in_reply_to
        if about and (arrived or name in _dropped(reply)):
            return True
    return False


def _dropped(reply: SeenReply) -> frozenset[str]:
    return reply.answers | reply.dropped if reply.state == "dropped" else reply.dropped


def _odd(outcome: Outcome) -> Iterator[str]:
    if outcome.refused:
        yield f"有 {outcome.refused} 次回复的签名或格式不对"
    for name in outcome.contradictions:
        yield f"回复 {name} 用同一个编号说了两种话"
    known = {reply.id for reply in outcome.replies}
    for name in set(outcome.said) - known:
        yield f"回复 {name} 送到了，却不在记录里"
