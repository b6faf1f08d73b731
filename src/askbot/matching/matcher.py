"""The matcher (判断器): one immutable index for one knowledge version, and the way of a line through it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from askbot.domain.chat import REMEMBERED_NEEDS, Conversation, PastNeed
from askbot.domain.decision import Clarify, Decision, Ignore, action_of
from askbot.domain.knowledge import Entry, Knowledge
from askbot.matching import needs
from askbot.matching.bars import Bars
from askbot.matching.hearing import hear, ignored
from askbot.matching.judge import Judge
from askbot.matching.need import Need
from askbot.matching.question import Judgement, Question
from askbot.matching.rank import Ranked, rank
from askbot.matching.snapshot import Snapshot
from askbot.matching.speech import Acts
from askbot.matching.weighing import Weigher, Weighing, weigh


class Matcher:
    """Decides about lines of chat by one knowledge version. Deterministic; threads may share it."""

    def __init__(self, snapshot: Snapshot, bars: Bars) -> None:
        self.snapshot = snapshot
        self.bars = bars
        self._weigher = Weigher(snapshot, bars)

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
        heard = hear(question.text)
        if heard.settled:
            return Judgement(decisions=(heard.chatter,), conversation=question.conversation)
        decided = self.consider(question)
        return Judgement(
            decisions=tuple(d for d, _ in decided), conversation=_remembering(question, [p for p in decided if p[1]])
        )

    def consider(self, question: Question) -> list[tuple[Decision, Weighing | None]]:
        """The decisions, each with the need and the ranking that it came from (none for what is ignored)."""
        heard = hear(question.text)
        acts, past = heard.acts, question.conversation.at(question.at)
        if heard.settled or not (acts.wants or past.needs):
            return [(heard.chatter, None)]
        weighings = self._weighings(question, acts, past)
        if not weighings:
            return [(heard.chatter, None)]
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

    def _weighings(self, question: Question, acts: Acts, past: Conversation) -> Sequence[Weighing]:
        if past.needs:
            need = self._weigher.whole(question.text)
            follow = self._pointed(need, past, question)
            if follow or not acts.wants:
                return [follow] if follow else []
            joined = self._completed(need, past, question)
            if joined:
                return [joined]
        return self._weigher.parted(question.text, question.room)

    def _pointed(self, need: Need, past: Conversation, question: Question) -> Weighing | None:
        """The need as one that only says which: an offer by its place, or a name for the question before."""
        last = past.needs[-1]
        picked = needs.chosen(need.text, past)
        if picked:
            last = replace(last, entry=picked.entry, item=picked.item)
        entry = self.knowledge.entry(last.entry) if last.entry else None
        if entry is None or not needs.may_complete(need.text):
            return None
        if picked:
            return self._forced(needs.completing(need, last, self.snapshot), entry.id, question.room)
        named = self._only_names(need, last, entry)
        return self._forced(named, entry.id, question.room) if named else None

    def _only_names(self, need: Need, last: PastNeed, entry: Entry) -> Need | None:
        """The need before it about another name, where the need says little more than that name."""
        ending = () if need.mentions else needs.by_ending(need, last, self.snapshot)
        if ending:
            return replace(needs.completing(need, last, self.snapshot), mentions=ending)
        strange = self.snapshot.strangers(need, entry.list_name)
        ours = any(ref.list_name == entry.list_name for mention in need.mentions for ref in mention.refs)
        if entry.list_name is None or not (ours or strange) or not needs.only_a_name(need, strange):
            return None
        completed = needs.completing(need, last, self.snapshot)
        return replace(completed, inherited=()) if strange else completed

    def _completed(self, need: Need, past: Conversation, question: Question) -> Weighing | None:
        """The need in the light of the one before, when that explains it better than it explains itself."""
        alone = self._weigher.alone(question.text, question.room)
        missing = bool(alone.ranked and alone.ranked[0].features.missing)
        if (alone.best >= self.bars.answer and not missing) or not (
            needs.may_complete(need.text) and needs.elliptic(need)
        ):
            return None
        joined = weigh(needs.completing(need, past.needs[-1], self.snapshot), self.snapshot, question.room)
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
