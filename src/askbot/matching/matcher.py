"""The matcher (判断器): one immutable index for one knowledge version, and the way of a line through it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from askbot.domain.chat import REMEMBERED_NEEDS, Conversation, PastNeed
from askbot.domain.decision import Clarify, Decision, Ignore, action_of
from askbot.domain.knowledge import Knowledge
from askbot.matching import needs
from askbot.matching.bars import Bars
from askbot.matching.judge import Judge, ignored
from askbot.matching.need import Need
from askbot.matching.normalise import normalise
from askbot.matching.question import Judgement, Question
from askbot.matching.rank import Ranked, rank
from askbot.matching.snapshot import Snapshot
from askbot.matching.speech import Acts, ear

LONGEST_KEPT = 200
"""Characters of a line that a decision keeps as its need."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A need and the entries that come near it."""

    need: Need
    ranked: Sequence[Ranked]

    @property
    def best(self) -> float:
        """The best confidence."""
        return self.ranked[0].confidence if self.ranked else 0.0


class Matcher:
    """Decides about lines of chat by one knowledge version. Deterministic; threads may share it."""

    def __init__(self, snapshot: Snapshot, bars: Bars) -> None:
        self.snapshot = snapshot
        self.bars = bars

    @classmethod
    def build(cls, knowledge: Knowledge, *, bars: Bars | None = None, blocked: Iterable[str] = ()) -> "Matcher":
        """The matcher of a knowledge version; `blocked` are words that are never repeated to a citizen."""
        return cls(Snapshot(knowledge, blocked), bars or Bars())

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge version that it decides by."""
        return self.snapshot.knowledge

    def decide(self, question: Question) -> Judgement:
        """The decisions about a line, one per need, and the conversation to keep."""
        decided = self.consider(question)
        return Judgement(
            decisions=tuple(d for d, _ in decided), conversation=_remembering(question, [p for p in decided if p[1]])
        )

    def consider(self, question: Question) -> list[tuple[Decision, Weighing | None]]:
        """The decisions, each with the need and the ranking that it came from (none for what is ignored)."""
        typed = question.text.strip()[:LONGEST_KEPT]
        clean = normalise(question.text)
        kind = ear().plain_chatter(clean)
        if kind:
            return [(ignored(typed, kind), None)]
        acts = ear().acts(clean)
        if acts.rhetorical or acts.chatter == "viewer":
            return [(ignored(typed, acts.chatter or "opinion"), None)]
        past = question.conversation.at(question.at)
        if not acts.wants and not (past.needs and not acts.chatter and needs.may_complete(clean.text)):
            return [(ignored(typed, acts.chatter or "statement"), None)]
        weighings = self._weighings(typed, clean.text, acts, question, past)
        if not weighings:
            return [(ignored(typed, acts.chatter or "statement"), None)]
        judge = Judge(self.snapshot, self.bars, question.at)
        decided: list[tuple[Decision, Weighing | None]] = []
        for weighing in weighings:
            kind = self._chatter(acts, weighing)
            if kind:
                decided.append((ignored(weighing.need.typed, kind), None))
            else:
                decided += [(d, weighing) for d in judge.decide(weighing.need, weighing.ranked)]
        return decided

    def _chatter(self, acts: Acts, weighing: Weighing) -> str | None:
        """The kind of chatter that a line turns out to be, seen how near any entry comes."""
        if weighing.need.earlier is not None and weighing.best >= self.bars.clarify:
            return None
        if not acts.wants:
            return acts.chatter or "statement"
        if acts.chatter and weighing.best < self.bars.clarify:
            return acts.chatter
        return None

    def _weigh(self, need: Need, room: str) -> Weighing:
        return Weighing(need, rank(need, self.snapshot, room))

    def _weighings(self, typed: str, text: str, acts: Acts, question: Question, past: Conversation) -> list[Weighing]:
        need = needs.whole(typed, text, acts, self.snapshot)
        follow = self._pointed(need, past, question) if past.needs else None
        if follow or not acts.wants:
            return [follow] if follow else []
        alone = self._weigh(need, question.room)
        joined = self._completed(need, alone, past, question) if past.needs else None
        if joined:
            return [joined]
        parts = needs.parts(need, acts, self.snapshot)
        return self._split(alone, [self._weigh(p, question.room) for p in parts]) if parts else [alone]

    def _split(self, alone: Weighing, parts: list[Weighing]) -> list[Weighing]:
        """The parts where each asks something of its own, the whole otherwise."""
        sure = [p for p in parts if p.best >= self.bars.answer]
        distinct: dict[tuple[str, tuple[str, ...]], Weighing] = {}
        for part in sure:
            entry = part.ranked[0].profile.entry
            named = tuple(m.text for m in part.need.names if m.of(entry.list_name))
            if entry.list_name and not named and any(e == entry.id for e, _ in distinct):
                continue
            if named and (entry.id, ()) in distinct:
                del distinct[entry.id, ()]
            distinct.setdefault((entry.id, named if entry.list_name else ()), part)
        return list(distinct.values()) if len(distinct) > 1 else [alone]

    def _pointed(self, need: Need, past: Conversation, question: Question) -> Weighing | None:
        """The need as one that only says which: an offer by its place, or a name for the question before."""
        last = past.needs[-1]
        picked = needs.chosen(need.text, past)
        if picked:
            last = replace(last, entry=picked.entry, item=picked.item)
        entry = self.knowledge.entry(last.entry) if last.entry else None
        completed = needs.completing(need, last, self.snapshot) if entry else None
        if completed is None or entry is None:
            return None
        if picked:
            return self._forced(completed, entry.id, question.room)
        ending = () if need.mentions else needs.by_ending(need, last, self.snapshot)
        if ending:
            return self._forced(replace(completed, mentions=ending), entry.id, question.room)
        strange = self.snapshot.strangers(need, entry.list_name)
        completed = replace(completed, inherited=()) if strange else completed
        only = bool(need.mentions or strange) and needs.only_a_name(need, strange)
        return self._forced(completed, entry.id, question.room) if only else None

    def _completed(self, need: Need, alone: Weighing, past: Conversation, question: Question) -> Weighing | None:
        """The need in the light of the one before, when that explains it better than it explains itself."""
        missing = bool(alone.ranked and alone.ranked[0].features.missing)
        if alone.best >= self.bars.answer and not missing:
            return None
        completed = needs.completing(need, past.needs[-1], self.snapshot)
        if completed is None:
            return None
        joined = self._weigh(completed, question.room)
        return joined if joined.best > alone.best else None

    def _forced(self, need: Need, entry_id: str, room: str) -> Weighing | None:
        """The ranking with that entry first: the citizen said which one."""
        ranked = rank(need, self.snapshot, room)
        meant = next((r for r in ranked if r.profile.entry.id == entry_id), None)
        if meant is None:
            return None
        first = Ranked(meant.profile, meant.features, max(meant.confidence, 0.9))
        rest = [Ranked(r.profile, r.features, min(r.confidence, 0.1)) for r in ranked if r is not meant]
        return Weighing(need, (first, *rest))


def _remembering(question: Question, decided: list[tuple[Decision, Weighing | None]]) -> Conversation:
    """The conversation with the new needs; the very same object when there are none."""
    fresh = [
        PastNeed(
            text=needs.kept(weighing.need),
            at=question.at,
            action=action_of(decision),
            entry=getattr(decision, "entry", None),
            item=getattr(decision, "item", None),
            unlisted=getattr(decision, "unlisted", None),
        )
        for decision, weighing in decided
        if weighing and not isinstance(decision, Ignore)
    ]
    if not fresh:
        return question.conversation
    last = decided[-1][0]
    offered = last.candidates if isinstance(last, Clarify) else ()
    before = question.conversation.at(question.at).needs
    return Conversation(needs=(*before, *fresh)[-REMEMBERED_NEEDS:], offered=offered)
