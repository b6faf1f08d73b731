"""How needs become tickets: joined with their likes, or opened; a batch at a time, with few queries.

On the path of every tenth message. Knows the queue's store and the rules of joining, no platform and no knowledge.
"""

import base64
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from askbot.domain.decision import Gist
from askbot.domain.ticket_wording import NAME_LIMIT, TEXT_LIMIT, WHY_LIMIT, clearness, tidy
from askbot.domain.tickets import FLOOD_LIMIT, FLOOD_SPAN, Cause, NewNeed, Ticket
from askbot.domain.workdays import Calendar
from askbot.ports.queue import Growth, Opening
from askbot.ports.storage import UnitOfWork

Near = Callable[[Gist, Gist], bool]
"""Whether two texts with equal places, numbers and polarity ask the same; matching's."""
CANDIDATES = 200
"""Latest open tickets of a bucket that a need is compared with: bounds the cost of one need."""
FLOOD_WHY = f"这位观众一小时内的新问题已超过{FLOOD_LIMIT}个，之后的归并在这一张工单里。"


def new_ticket_id() -> str:
    """Twelve characters of [a-z2-7], 60 random bits: unique across processes without asking them."""
    return base64.b32encode(secrets.token_bytes(8)).decode().lower()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """Puts needs into the queue. Use `register`."""

    calendar: Calendar
    near: Near
    new_id: Callable[[], str] = new_ticket_id

    def register(self, uow: UnitOfWork, needs: Sequence[NewNeed], at: datetime) -> list[str]:
        """Give each need its ticket; the tickets' ids, in the order of the needs. Their rooms must be locked."""
        batch = _Batch(rules=self, uow=uow, at=at)
        shown = [_bounded(need) for need in needs]
        batch.look_up(shown)
        placed = [batch.place(need) for need in shown]
        batch.write()
        return placed


@dataclass(slots=True, kw_only=True)
class _Batch:
    """One call: what is known of the queue, and what this batch adds to it."""

    rules: Registering
    uow: UnitOfWork
    at: datetime
    by_key: dict[str, str] = field(default_factory=dict)
    by_text: dict[str, dict[str, tuple[str, Gist]]] = field(default_factory=dict)
    opened_by: Counter[str] = field(default_factory=Counter)
    openings: dict[str, Opening] = field(default_factory=dict)
    groups: dict[str, list[NewNeed]] = field(default_factory=dict)

    def look_up(self, needs: Sequence[NewNeed]) -> None:
        """Ask once for all that the batch may join."""
        keys = {need.join_key for need in needs} - {None}
        self.by_key = dict(self.uow.tickets.joinable([key for key in keys if key]))
        for bucket, gist in {need.bucket: need.gist for need in needs if need.join_key is None}.items():
            texts = self.by_text[bucket] = {}
            alike = gist or Gist(text="")
            for text, ticket in self.uow.tickets.alike(bucket, limit=CANDIDATES):
                texts.setdefault(text, (ticket, replace(alike, text=text)))  # the rest is equal: it is one bucket
        self.opened_by.update(self.uow.tickets.opened_since({need.asker for need in needs}, self.at - FLOOD_SPAN))

    def place(self, need: NewNeed) -> str:
        """The need's ticket: one that asks the same, or a new one."""
        ticket = self._known(need) or self._open(need)
        self.groups.setdefault(ticket, []).append(need)
        return ticket

    def _known(self, need: NewNeed) -> str | None:
        """The ticket that asks the same: of the same entry and item, or with near text and all else equal."""
        if need.join_key is not None:
            return self.by_key.get(need.join_key)
        texts, gist, text = self.by_text[need.bucket], need.gist, _text_of(need)
        if text in texts:
            return texts[text][0]
        near = self.rules.near
        return next((ticket for ticket, other in texts.values() if near(gist, other)), None) if gist else None

    def _open(self, need: NewNeed) -> str:
        if self.opened_by[need.asker] >= FLOOD_LIMIT:
            return self._collect(need)
        self.opened_by[need.asker] += 1
        ticket = self._new(need, need.join_key)
        if need.join_key is not None:
            self.by_key[need.join_key] = ticket
        else:
            self.by_text[need.bucket][_text_of(need)] = (ticket, need.gist or Gist(text=""))
        return ticket

    def _collect(self, need: NewNeed) -> str:
        """What one viewer asks too much stands in one ticket, which nobody else joins."""
        key = need.flood_key
        if key not in self.by_key:
            self.by_key.update(self.uow.tickets.joinable([key]))
        if key not in self.by_key:
            plain = {"entry": None, "item": None, "unlisted": None, "suggestion": None, "topic": None}
            collecting = replace(need, reason=Cause.FLOOD, why=FLOOD_WHY, candidates=(), **plain)  # type: ignore[arg-type]
            self.by_key[key] = self._new(collecting, key)
        return self.by_key[key]

    def _new(self, need: NewNeed, key: str | None) -> str:
        ticket = _ticket(need, self.rules.new_id(), self.at, self.rules.calendar)
        self.openings[ticket.id] = Opening(
            ticket=ticket,
            join_key=key,
            bucket=need.bucket if key is None else None,
            gist_text=_text_of(need),
            opener=need.asker,
            opened_at=self.at,
        )
        return ticket.id

    def write(self) -> None:
        """Store what the batch adds, and tell of it."""
        grown = self.uow.tickets.get_many([ticket for ticket in self.groups if ticket not in self.openings])
        newcomers = self._newcomers(grown)
        opened = [self._filled(opening) for opening in self.openings.values()]
        self.uow.tickets.open(opened)
        self.uow.tickets.grow([self._growth(ticket, newcomers[ticket.id]) for ticket in grown.values()])
        self.uow.tickets.add_needs([(ticket, need) for ticket, needs in self.groups.items() for need in needs])
        for opening in opened:
            self._tell(opening.ticket, opening.ticket.askers, "tickets.opened")
        for ticket in grown.values():
            self._tell(ticket.settled(self.at), ticket.askers + newcomers[ticket.id], "tickets.joined")

    def _newcomers(self, tickets: Collection[str]) -> Counter[str]:
        """By ticket that stood before: how many ask it for the first time."""
        pairs = {(ticket, need.asker) for ticket in tickets for need in self.groups[ticket]}
        asked = self.uow.tickets.asked(pairs) if pairs else frozenset()
        return Counter(ticket for ticket, _ in pairs - asked)

    def _filled(self, opening: Opening) -> Opening:
        ticket, needs = opening.ticket, self.groups[opening.ticket.id]
        counted = replace(
            ticket,
            askers=len({need.asker for need in needs}),
            messages=len(needs),
            first_at=min(need.at for need in needs),
            last_at=max(need.at for need in needs),
            wording=_clearest(ticket.wording, needs),
        )
        return replace(opening, ticket=counted)

    def _growth(self, ticket: Ticket, newcomers: int) -> Growth:
        needs = self.groups[ticket.id]
        suggestion, version = ticket.suggestion, ticket.knowledge_version
        for need in needs:
            fresher = need.reason == ticket.reason and need.knowledge_version != version
            if need.suggestion is not None and (suggestion is None or fresher):
                suggestion, version = need.suggestion, need.knowledge_version
        return Growth(
            ticket=ticket.id,
            askers=newcomers,
            messages=len(needs),
            last_at=max(ticket.last_at, *(need.at for need in needs)),
            wording=_clearest(ticket.wording, needs),
            suggestion=suggestion,
            knowledge_version=version,
        )

    def _tell(self, ticket: Ticket, askers: int, counter: str) -> None:
        data = {"state": ticket.state.value, "version": ticket.version, "askers": askers}
        self.uow.events.append(ticket.room, "ticket", ticket.id, data)
        self.uow.events.count(ticket.room, counter)


def _bounded(need: NewNeed) -> NewNeed:
    """The need with a stranger's words made harmless; what it joins depends on the words that are kept."""
    gist = need.gist and replace(need.gist, text=tidy(need.gist.text))
    return replace(
        need,
        text=tidy(need.text, TEXT_LIMIT),
        unlisted=None if need.unlisted is None else tidy(need.unlisted, NAME_LIMIT),
        why=tidy(need.why, WHY_LIMIT),
        gist=gist,
    )


def _text_of(need: NewNeed) -> str:
    return need.gist.text if need.gist else ""


def _clearest(wording: str, needs: Sequence[NewNeed]) -> str:
    for need in needs:
        if need.text != wording and clearness(need.text, need.marks) > clearness(wording, need.marks):
            wording = need.text
    return wording


def _ticket(need: NewNeed, ticket: str, at: datetime, calendar: Calendar) -> Ticket:
    return Ticket(
        id=ticket,
        room=need.room,
        askers=1,
        messages=1,
        first_at=need.at,
        last_at=need.at,
        changed_at=at,
        wording=need.text,
        reason=need.reason,
        why=need.why,
        entry=need.entry,
        item=need.item,
        unlisted=need.unlisted,
        candidates=need.candidates,
        suggestion=need.suggestion,
        topic=need.topic,
        department=need.department,
        priority=need.priority,
        due=calendar.due(need.priority, at),
        knowledge_version=need.knowledge_version,
    )
