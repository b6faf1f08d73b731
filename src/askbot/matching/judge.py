"""Deciding about one need (裁决): bars and guards over the ranked entries, then the entry's own rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from askbot.domain.decision import Answer, Candidate, Clarify, Decision, Escalate, Reason
from askbot.domain.knowledge import EscalateMode, Item
from askbot.matching import wordings
from askbot.matching.bars import Bars
from askbot.matching.effects import CANDIDATES, Case, carried_out, escalated, out_of_force
from askbot.matching.explain import why
from askbot.matching.gist import gist_of_need
from askbot.matching.guards import objections
from askbot.matching.need import Need
from askbot.matching.rank import Ranked
from askbot.matching.snapshot import Snapshot

_JOINTS = frozenset("和跟与、及 或,")
IN_FORCE_SHARE = 0.35
"""Of two entries that fit alike: how near the one in force must come to the one that is not."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The snapshot, the bars and the moment."""

    snapshot: Snapshot
    bars: Bars
    at: datetime

    def decide(self, need: Need, ranked: Sequence[Ranked]) -> tuple[Decision, ...]:
        """The decisions about a need: one, or one per item that it names."""
        best = self._best(ranked)
        if best is None or best.confidence < self.bars.near:
            return (self._nobody(need, best),)
        objected = objections(need, best.profile, self.snapshot)
        if best.confidence < self.bars.clarify or objected:
            return (self._unsure(need, best, ranked, objected),)
        return tuple(self._settled(need, best, ranked, items, name) for items, name in self._targets(need, best))

    def _best(self, ranked: Sequence[Ranked]) -> Ranked | None:
        """The first, or one in force that comes near it when it is not."""
        if not ranked:
            return None
        first = ranked[0]
        if out_of_force(first.profile.entry, self.at):
            for other in ranked[1:CANDIDATES]:
                near = other.confidence >= first.confidence * IN_FORCE_SHARE
                if near and not out_of_force(other.profile.entry, self.at):
                    return Ranked(other.profile, other.features, max(first.confidence, other.confidence))
        return first

    def _targets(self, need: Need, best: Ranked) -> list[tuple[tuple[Item, ...], str | None]]:
        """The items that the need names, each with its namesakes; names that are none; or nothing."""
        entry = best.profile.entry
        targets: list[tuple[tuple[Item, ...], str | None]] = []
        if entry.list_name is None:
            return [((), None)]
        for mention in need.names:
            items = mention.of(entry.list_name)
            if items and (items, None) not in targets:
                targets.append((items, None))
        strangers = self.snapshot.strangers(need, entry.list_name)
        if targets:
            return targets + [((), s) for s in self._joined(need, entry.list_name)]
        return [((), s.text) for s in strangers] or [((), None)]

    def _joined(self, need: Need, list_name: str) -> list[str]:
        """Names that are no items but stand joined to one (306和318)."""
        taken = tuple((m.start, m.end) for m in need.mentions)
        found = self.snapshot.endings.strangers(list_name, need.text, self.snapshot.vocabulary, taken)
        return [
            s.text
            for s in found
            if any(
                set(need.text[min(s.end, e) : max(s.start, b)]) <= _JOINTS
                for b, e in taken
                if e <= s.start or s.end <= b
            )
            and any(0 < s.start - e <= 2 or 0 < b - s.end <= 2 for b, e in taken)  # noqa: PLR2004 - a joint or two
        ]

    def _settled(
        self, need: Need, best: Ranked, ranked: Sequence[Ranked], items: tuple[Item, ...], name: str | None
    ) -> Decision:
        case = self._case(need, best, ranked, items, name)
        decision = carried_out(case)
        rival = self._rival(best, ranked)
        sure = best.confidence >= self.bars.answer and rival is None
        if sure:
            return decision
        if not isinstance(decision, Answer):  # what the holding reply says (已登记, 已转…) may be about another matter
            return replace(decision, wording=None) if isinstance(decision, Escalate) else decision
        if rival is not None and best.profile.entry.escalate is not EscalateMode.ONLY:
            return self._between(case, rival)
        return escalated(case, Reason.UNSURE, "把握不够")

    def _rival(self, best: Ranked, ranked: Sequence[Ranked]) -> Ranked | None:
        """A brother entry that fits nearly as well."""
        others = [r for r in ranked if r.profile is not best.profile and not out_of_force(r.profile.entry, self.at)]
        if others and best.confidence - others[0].confidence < self.bars.margin:
            return others[0]
        return next((r for r in others[:CANDIDATES] if _asks_better(r, best)), None)

    def _between(self, case: Case, rival: Ranked) -> Clarify:
        entry = case.entry
        other = self._named(case.need, rival)
        texts = [wordings.asked(entry, case.item), wordings.asked(rival.profile.entry, case.item)]
        return Clarify(
            need=case.need.typed,
            entry=entry.id,
            item=case.own.item,
            confidence=case.ranked.confidence,
            wording=wordings.which_entry(texts),
            why=case.reason(f"与 {rival.profile.entry.id} 难分，反问"),
            candidates=(case.own, other),
        )

    def _case(
        self, need: Need, best: Ranked, ranked: Sequence[Ranked], items: tuple[Item, ...], name: str | None
    ) -> Case:
        others = [self._named(need, r) for r in ranked[: CANDIDATES + 1] if r.confidence >= self.bars.near / 2]
        return Case(
            need=need,
            ranked=best,
            others=others,
            items=items,
            unlisted=name,
            at=self.at,
            snapshot=self.snapshot,
            bar=self.bars.answer,
            notes=tuple(dict.fromkeys(f"“{m.text}”按{m.how}认出" for m in need.names if m.how != "名称")),
        )

    def _named(self, need: Need, ranked: Ranked) -> Candidate:
        """An entry as a candidate, with the item or name that the need gives it."""
        entry = ranked.profile.entry
        items = next((m.of(entry.list_name) for m in need.names if m.of(entry.list_name)), ())
        strangers = [] if items else self.snapshot.strangers(need, entry.list_name)
        return Candidate(
            entry=entry.id,
            item=items[0].name if len(items) == 1 else None,
            unlisted=strangers[0].text if strangers else None,
            confidence=min(1.0, ranked.confidence),
        )

    def _unsure(self, need: Need, best: Ranked, ranked: Sequence[Ranked], objected: tuple[str, ...]) -> Decision:
        items, name = self._targets(need, best)[0]
        case = self._case(need, best, ranked, items if len(items) == 1 else (), name)
        if objected:
            return escalated(case, Reason.UNSURE, "；".join(objected))
        if best.profile.entry.escalate is EscalateMode.ONLY and best.confidence >= self.bars.clarify / 2:
            return carried_out(case)
        return escalated(case, Reason.UNSURE, "把握不够")

    def _nobody(self, need: Need, best: Ranked | None) -> Escalate:
        return Escalate(
            need=need.typed,
            reason=Reason.NO_ENTRY,
            confidence=best.confidence if best else 0.0,
            why=why(need, best, self.bars.answer, ("没有条目说到这件事",)),
            gist=gist_of_need(need, self.snapshot),
        )


def _asks_better(other: Ranked, best: Ranked) -> bool:
    """Whether a brother entry fits the question word (几时, 多少钱) that the best one does not fit."""
    brothers = other.profile.entry.list_name == best.profile.entry.list_name
    same_topic = other.profile.entry.topic == best.profile.entry.topic
    fits = other.features.asks == 1.0 and best.features.against > 0
    return brothers and same_topic and fits and other.features.way * 2 >= best.features.way
