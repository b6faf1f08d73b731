"""Scoring a run against gold labels (评分), as docs/matching.md defines the measures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from askbot.domain.decision import Answer, Clarify, Decision, Escalate, Ignore, action_of
from askbot.errors import InputError
from askbot.replaying.messages import Line
from askbot.replaying.running import Replayed

ACTIONS = frozenset({"answer", "clarify", "escalate", "defer", "ignore"})
PERMUTED = 6
"""Needs of a message up to which every pairing is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is right for a need; `also` are labels that are equally right."""

    action: str
    entry: str | None = None
    item: str | None = None
    unlisted: bool = False
    also: tuple["Label", ...] = ()

    def every(self) -> tuple["Label", ...]:
        """It and those that are equally right."""
        return (self, *self.also)

    @property
    def target(self) -> tuple[str | None, str | None, bool]:
        """What an answer must be about."""
        return (self.entry, self.item, self.unlisted)


def labels_of(line: Line) -> tuple[Label, ...]:
    """The gold labels of a message; InputError when it has none or they are malformed."""
    gold = line.data.get("gold")
    if not isinstance(gold, list) or not gold:
        raise InputError(f"第{line.number}行没有标注 gold")
    return tuple(_label(g, line.number) for g in gold)


def _label(typed: object, number: int) -> Label:
    if not isinstance(typed, dict) or typed.get("action") not in ACTIONS:
        raise InputError(f"第{number}行的标注 gold 里 action 应是 {'、'.join(sorted(ACTIONS))} 之一")
    also = typed.get("also") or []
    if not isinstance(also, list):
        raise InputError(f"第{number}行的标注 also 应是列表")
    return Label(
        action=str(typed["action"]),
        entry=typed.get("entry"),
        item=typed.get("item"),
        unlisted=typed.get("unlisted") is not None,
        also=tuple(_label(a, number) for a in also),
    )


def target_of(thing: object) -> tuple[str | None, str | None, bool]:
    """What a decision or candidate is about: (entry, item, whether its name is unlisted)."""
    return (getattr(thing, "entry", None), getattr(thing, "item", None), getattr(thing, "unlisted", None) is not None)


def agrees(decision: Decision, label: Label) -> bool:
    """Whether a decision is what the label (or one equally right) says."""
    return any(_agrees(decision, one) for one in label.every())


def _agrees(decision: Decision, label: Label) -> bool:
    if action_of(decision) != label.action:
        return False
    if isinstance(decision, Answer):
        return target_of(decision) == label.target
    return isinstance(decision, Ignore) or label.entry is None or getattr(decision, "entry", None) == label.entry


def paired(labels: Sequence[Label], decisions: Sequence[Decision]) -> list[tuple[Label | None, Decision | None]]:
    """Needs and decisions one to one so that most agree; what is left over stands alone."""
    worth = [[_worth(d, label) for d in decisions] for label in labels]
    size = max(len(labels), len(decisions))
    if size > PERMUTED:
        chosen = _greedy(worth, len(labels), len(decisions))
    else:
        orders = permutations(range(size), len(labels))
        chosen = list(max(orders, key=lambda o: sum(worth[i][j] for i, j in enumerate(o) if j < len(decisions))))
    pairs: list[tuple[Label | None, Decision | None]] = [
        (label, decisions[j] if j < len(decisions) else None) for label, j in zip(labels, chosen, strict=True)
    ]
    return pairs + [(None, d) for j, d in enumerate(decisions) if j not in chosen]


def _worth(decision: Decision, label: Label) -> int:
    if agrees(decision, label):
        return 100
    same = any(getattr(decision, "entry", None) == one.entry for one in label.every())
    return 10 if same else int(not isinstance(decision, Ignore))


def _greedy(worth: list[list[int]], needs: int, decisions: int) -> list[int]:
    order = sorted(((worth[i][j], -i, -j) for i in range(needs) for j in range(decisions)), reverse=True)
    chosen: dict[int, int] = {}
    for _, i, j in order:
        if -i not in chosen and -j not in chosen.values():
            chosen[-i] = -j
    return [chosen.get(i, decisions + i) for i in range(needs)]


@dataclass(slots=True)
class Tally:
    """Counts of a run (or of one tag's share of it)."""

    messages: int = 0
    answers: int = 0
    wrong: int = 0
    answerable: int = 0
    covered: int = 0
    asked_back: int = 0
    assisted: int = 0
    needs: int = 0
    missed: int = 0
    quiet: int = 0
    noise: int = 0
    routable: int = 0
    routed: int = 0
    unclear: int = 0
    clarified: int = 0
    steps: list[tuple[float, bool]] = field(default_factory=list)

    def rates(self) -> dict[str, float | None]:
        """The measures, None where there is nothing to measure."""
        return {
            "wrong_answer_rate": _share(self.wrong, self.answers),
            "coverage": _share(self.covered, self.answerable),
            "assisted": _share(self.assisted, self.answerable),
            "asked_back": _share(self.asked_back, self.answerable),
            "missed": _share(self.missed, self.needs),
            "noise": _share(self.noise, self.quiet),
            "routing": _share(self.routed, self.routable),
            "clarify": _share(self.clarified, self.unclear),
        }

    def curve(self) -> list[tuple[float, float, float]]:
        """(bar, wrong-answer rate, coverage) at every confidence at which an answer drops out, highest first."""
        points: list[tuple[float, float, float]] = []
        given = wrong = 0
        ordered = sorted(self.steps, key=lambda s: -s[0])
        for place, (bar, right) in enumerate(ordered):
            given, wrong = given + 1, wrong + (not right)
            if place + 1 == len(ordered) or ordered[place + 1][0] < bar:
                points.append((bar, wrong / given, (given - wrong) / self.answerable if self.answerable else 0.0))
        return points

    def coverage_at(self, rate: float) -> float:
        """The largest coverage whose wrong-answer rate is at most `rate`."""
        return max((covered for _, wrong, covered in self.curve() if wrong <= rate), default=0.0)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


@dataclass(slots=True)
class Score:
    """The tally of a run, and one for each tag."""

    all: Tally = field(default_factory=Tally)
    tags: dict[str, Tally] = field(default_factory=dict)

    def add(self, replayed: Replayed) -> list[str]:
        """Count a message; what was wrong with it, in English words for a file of errors."""
        labels = labels_of(replayed.line)
        tags = replayed.line.data.get("tags")
        names = [t for t in tags if isinstance(t, str)] if isinstance(tags, list) else []
        tallies = [self.all, *(self.tags.setdefault(name, Tally()) for name in dict.fromkeys(names))]
        errors: list[str] = []
        for tally in tallies:
            errors = score_message(tally, labels, replayed.decisions)
        return errors


def score_message(tally: Tally, labels: Sequence[Label], decisions: Sequence[Decision]) -> list[str]:
    """Add a message to a tally; the names of the measures that it spoils."""
    errors: list[str] = []
    tally.messages += 1
    if all(label.action == "ignore" for label in labels):
        tally.quiet += 1
        if not all(isinstance(d, Ignore) for d in decisions):
            tally.noise += 1
            errors.append("noise")
    for label, decision in paired(labels, decisions):
        errors += _count_answer(tally, label, decision)
        if label is not None:
            errors += _count_need(tally, label, decision)
    return list(dict.fromkeys(errors))


def _count_answer(tally: Tally, label: Label | None, decision: Decision | None) -> list[str]:
    if not isinstance(decision, Answer):
        return []
    right = label is not None and agrees(decision, label)
    tally.answers += 1
    tally.wrong += not right
    tally.steps.append((decision.confidence, right))
    return [] if right else ["wrong"]


def _count_need(tally: Tally, label: Label, decision: Decision | None) -> list[str]:
    errors: list[str] = []
    if label.action in {"answer", "clarify", "escalate"}:
        tally.needs += 1
        if decision is None or isinstance(decision, Ignore):
            tally.missed += 1
            errors.append("missed")
    if label.action == "answer":
        errors += _count_answerable(tally, label, decision)
    elif label.action == "escalate" and label.entry:
        tally.routable += 1
        routed = isinstance(decision, Escalate) and any(decision.entry == one.entry for one in label.every())
        tally.routed += routed
        errors += [] if routed else ["routing"]
    elif label.action == "clarify":
        tally.unclear += 1
        right = decision is not None and agrees(decision, label)
        tally.clarified += right
        errors += [] if right else ["clarify"]
    return errors


def _count_answerable(tally: Tally, label: Label, decision: Decision | None) -> list[str]:
    tally.answerable += 1
    targets = [one.target for one in label.every() if one.action == "answer"]
    right = isinstance(decision, Answer) and agrees(decision, label)
    tally.covered += right
    if isinstance(decision, Clarify) and decision.entry in {entry for entry, _, _ in targets}:
        tally.asked_back += 1
    offered: Iterable[object] = getattr(decision, "candidates", ())
    tally.assisted += right or any(target_of(c) in targets for c in offered)
    return [] if right else ["not_covered"]


def summary(score: Score) -> Mapping[str, object]:
    """The scores as one JSON object."""
    tally = score.all
    return {
        "messages": tally.messages,
        "answers": tally.answers,
        **tally.rates(),
        **{f"coverage_at_{percent}": round(tally.coverage_at(percent / 100), 4) for percent in (1, 2, 5)},
        "tags": {name: {"messages": t.messages, **t.rates()} for name, t in sorted(score.tags.items())},
    }
