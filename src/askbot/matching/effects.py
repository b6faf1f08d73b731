"""What an entry does once it is meant (生效): validity, escalation, freshness, variants, in the format's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from askbot.domain.decision import Answer, Candidate, Clarify, Decision, Escalate, Reason
from askbot.domain.knowledge import Entry, EscalateMode, Item
from askbot.domain.wording import Wording
from askbot.matching import wordings
from askbot.matching.explain import why
from askbot.matching.gist import gist_of_need
from askbot.matching.need import Need
from askbot.matching.rank import Ranked
from askbot.matching.snapshot import Snapshot

CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An entry that is meant, about an item, a name that is none, or nothing named; `items` may be several."""

    need: Need
    ranked: Ranked
    others: Sequence[Candidate]
    items: tuple[Item, ...]
    unlisted: str | None
    at: datetime
    snapshot: Snapshot
    bar: float
    notes: tuple[str, ...] = ()

    @property
    def entry(self) -> Entry:
        """The entry that is meant."""
        return self.ranked.profile.entry

    @property
    def item(self) -> Item | None:
        """The one item that is meant, if there is exactly one."""
        return self.items[0] if len(self.items) == 1 else None

    @property
    def own(self) -> Candidate:
        """The entry as a candidate."""
        name = self.item.name if self.item else None
        return Candidate(entry=self.entry.id, item=name, unlisted=self.unlisted, confidence=self.ranked.confidence)

    def offers(self) -> tuple[Candidate, ...]:
        """Up to three candidates, this one first."""
        rest = [c for c in self.others if (c.entry, c.item) != (self.own.entry, self.own.item)]
        return (self.own, *rest)[:CANDIDATES]

    def reason(self, *notes: str) -> str:
        """The line that says why."""
        return why(self.need, self.ranked, self.bar, (*self.notes, *notes))


def carried_out(case: Case) -> Decision:
    """The decision that the entry's own rules lead to."""
    when = out_of_force(case.entry, case.at)
    if when:
        return _out_of_force(case, when)
    if case.entry.escalate is EscalateMode.ONLY:
        return escalated(case, Reason.ALWAYS, "这一条总是转人工", _holding(case))
    if len(case.items) > 1:
        return _which(case)
    if case.unlisted is not None:
        return _unlisted(case)
    if case.entry.list_name and case.item is None:
        return _unspecified(case)
    return _told(case)


def out_of_force(entry: Entry, at: datetime) -> Reason | None:
    """Whether the entry is not yet or no longer in force."""
    if entry.valid.start and at < entry.valid.start:
        return Reason.NOT_YET
    return Reason.EXPIRED if entry.valid.end and at > entry.valid.end else None


def escalated(case: Case, reason: Reason, note: str, wording: Wording | None = None) -> Escalate:
    """The case as a ticket."""
    return Escalate(
        need=case.need.typed,
        reason=reason,
        entry=case.entry.id,
        item=case.own.item,
        unlisted=case.unlisted,
        confidence=case.ranked.confidence,
        wording=wording,
        why=case.reason(note),
        candidates=case.offers(),
        gist=gist_of_need(case.need, case.snapshot),
    )


def _answered(case: Case, wording: Wording, note: str) -> Answer:
    return Answer(
        need=case.need.typed,
        entry=case.entry.id,
        item=case.own.item,
        unlisted=case.unlisted,
        confidence=case.ranked.confidence,
        wording=wording,
        why=case.reason(note),
        also_escalate=case.entry.escalate is EscalateMode.ALSO,
    )


def _out_of_force(case: Case, when: Reason) -> Decision:
    said = case.entry.early if when is Reason.NOT_YET else case.entry.expired
    note = "还没到有效期" if when is Reason.NOT_YET else "已过有效期"
    text = wordings.filled(said, case.entry, case.item, case.snapshot.knowledge.tz) if said else None
    wording = Wording.plain(text, case.entry.source) if text else None
    if case.entry.escalate is EscalateMode.ONLY:
        return escalated(case, Reason.ALWAYS, f"这一条总是转人工（{note}）", wording)
    return _answered(case, wording, note) if wording else escalated(case, when, note)


def _told(case: Case) -> Decision:
    entry, item = case.entry, case.item
    updated = (item.updated if item else None) or entry.updated
    if wordings.stale(updated, entry.max_age, case.at):
        return escalated(case, Reason.STALE, "情况待核实（超过时效）")
    variant = next((v for v in entry.answer if v.holds(item)), None)
    text = wordings.filled(variant.text, entry, item, case.snapshot.knowledge.tz) if variant else None
    if text is None:
        return escalated(case, Reason.NO_VARIANT, "没有适合这一项的说法")
    return _answered(case, Wording.plain(text, entry.source), f"名录项：{item.name}" if item else "")


def _unlisted(case: Case) -> Decision:
    entry, name = case.entry, case.unlisted
    if entry.unlisted is None:
        return escalated(case, Reason.UNLISTED, f"“{name}”不在名录里")
    if wordings.stale(entry.updated, entry.max_age, case.at):
        return escalated(case, Reason.STALE, "情况待核实（超过时效）")
    if not may_repeat(name or "", entry, case.snapshot):
        return escalated(case, Reason.UNLISTED, "名字不宜由政府账号复述")
    text = wordings.filled(entry.unlisted, entry, None, case.snapshot.knowledge.tz, name)
    if text is None:
        return escalated(case, Reason.UNLISTED, f"“{name}”不在名录里")
    return _answered(case, Wording.plain(text, entry.source), f"“{name}”不在名录里")


def may_repeat(name: str, entry: Entry, snapshot: Snapshot) -> bool:
    """Whether a name as asked may be said again: short, letters and digits, a known ending, nothing blocked."""
    return (
        0 < len(name) <= 12  # noqa: PLR2004 - the format's limit
        and name.isalnum()
        and bool(entry.list_name)
        and snapshot.endings.has(entry.list_name or "", name)
        and not any(word in name for word in snapshot.blocked)
    )


def _unspecified(case: Case) -> Decision:
    entry, knowledge = case.entry, case.snapshot.knowledge
    table = knowledge.lists.get(entry.list_name or "")
    if entry.unspecified is not None and wordings.stale(entry.updated, entry.max_age, case.at):
        return escalated(case, Reason.STALE, "情况待核实（超过时效）")
    wording = wordings.unspecified(entry, table, case.at, knowledge.tz)
    if wording is not None:
        return _answered(case, wording, "没有点名，用未指明的说法")
    return _which(case)


def _which(case: Case) -> Clarify:
    names = [item.name for item in case.items[:CANDIDATES]]
    offers = tuple(
        Candidate(entry=case.entry.id, item=n, confidence=case.ranked.confidence / len(names)) for n in names
    )
    return Clarify(
        need=case.need.typed,
        entry=case.entry.id,
        confidence=case.ranked.confidence,
        wording=wordings.which_item(case.entry.list_name or "", names),
        why=case.reason("名字可能指几项，反问" if names else "没有点名，反问是哪一个"),
        candidates=offers or (case.own,),
    )


def _holding(case: Case) -> Wording | None:
    """What is said meanwhile (仅转 never asks back); None when the entry has no words for this item."""
    entry, tz = case.entry, case.snapshot.knowledge.tz
    if case.unlisted is not None:
        fit = entry.unlisted and may_repeat(case.unlisted, entry, case.snapshot)
        text = wordings.filled(entry.unlisted or "", entry, None, tz, case.unlisted) if fit else None
    elif entry.list_name and case.item is None and entry.unspecified:
        return wordings.unspecified(entry, case.snapshot.knowledge.lists.get(entry.list_name), case.at, tz)
    else:
        variant = next((v for v in entry.answer if v.holds(case.item)), None)
        text = wordings.filled(variant.text, entry, case.item, tz) if variant else None
    return Wording.plain(text, entry.source) if text else None
