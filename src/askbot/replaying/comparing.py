"""What other knowledge would change (对比): decisions of two bases about the same messages, where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.domain.decision import Answer, Decision, decision_form
from askbot.replaying.running import Replayed

MORE, FEWER, OTHER, REST = "多答", "少答", "换了答案", "其他变化"
KINDS = (MORE, FEWER, OTHER, REST)


@dataclass(frozen=True, slots=True)
class Change:
    """A message that the other base decides otherwise, and how: 多答, 少答, 换了答案 or 其他变化."""

    kind: str
    before: Replayed
    after: Replayed

    def form(self) -> dict[str, object]:
        """The JSON form of the change: the message with both decisions."""
        line = self.before.line
        return {
            "kind": self.kind,
            "id": line.id,
            "room": line.room,
            "text": line.text,
            "before": [decision_form(d) for d in self.before.decisions],
            "after": [decision_form(d) for d in self.after.decisions],
        }


def compare(before: Replayed, after: Replayed) -> Change | None:
    """The change between two decisions about the same message, or None when nothing is decided otherwise."""
    old, new = _answers(before.decisions), _answers(after.decisions)
    if old != new:
        gained = len(new) - len(old)
        kind = OTHER if not gained else MORE if gained > 0 else FEWER
        return Change(kind, before, after)
    return None if _plain(before.decisions) == _plain(after.decisions) else Change(REST, before, after)


def _answers(decisions: Sequence[Decision]) -> list[tuple[str, str | None, str | None, str]]:
    return [(d.entry, d.item, d.unlisted, d.wording.full()) for d in decisions if isinstance(d, Answer)]


def _plain(decisions: Sequence[Decision]) -> list[tuple[object, ...]]:
    forms = [decision_form(d) for d in decisions]
    return [(f["action"], f["entry"], f["item"], f["unlisted"], f["reason"], f["reply"]) for f in forms]
