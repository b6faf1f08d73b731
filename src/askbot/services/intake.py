"""A message's way in (接收): taken once, decided, and written with all that follows from it in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from askbot.domain.chat import ChatMessage, Conversation
from askbot.domain.decision import Decision, Defer, Escalate, action_of, decision_form
from askbot.matching import Matcher, Question
from askbot.ports import Clock
from askbot.ports.storage import Asker, DecidedMessage, MessageKey, Store, UnitOfWork
from askbot.services.brain import Brain
from askbot.services.effects import Decided, Effects

NOBODY = Conversation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a push: messages taken, repeats, and repeats whose text had changed (the first text stands)."""

    taken: int = 0
    repeated: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes messages. What it gives back is durable."""

    store: Store
    brain: Brain
    clock: Clock
    effects: Effects

    async def receive(self, messages: Sequence[ChatMessage]) -> Receipt:
        """Take the messages of one push; the receipt once all is durable.

        Raises OverloadError when too much waits, StoreError when storing is impossible; then nothing was taken.
        """
        if not messages:
            return Receipt()
        rooms = {message.room for message in messages}
        return await self.store.write(self.take, messages, rooms=rooms, weight=len(messages))

    def take(self, uow: UnitOfWork, pushes: Sequence[Sequence[ChatMessage]]) -> list[Receipt]:
        """The store's handler: many pushes in one transaction, in the order in which they came.

        Within it the rooms are ours, so to look first and insert then is as sure as to insert and see; and the
        decisions stand in the row at once. The table's unique key remains the judge should this ever be wrong.
        """
        known = dict(uow.messages.known({message.key for push in pushes for message in push}))
        fresh: list[ChatMessage] = []
        receipts = [_sift(push, known, fresh) for push in pushes]
        if fresh:
            self._decide(uow, fresh)
        return receipts

    def _decide(self, uow: UnitOfWork, messages: Sequence[ChatMessage]) -> None:
        matcher, now = self.brain(), self.clock()
        before = uow.messages.conversations({message.asker for message in messages})
        after = dict(before)
        decided = [Decided(message, _judge(matcher, message, now, after)) for message in messages]
        version = matcher.knowledge.version
        uow.messages.add([_stored(d, now, version) for d in decided])
        uow.messages.remember({asker: c for asker, c in after.items() if c is not before.get(asker)}, now)
        self.effects.apply(uow, decided, matcher=matcher, now=now)
        _count(uow, decided)


def _count(uow: UnitOfWork, decided: Sequence[Decided]) -> None:
    """The rooms' durable counters, and one event a room for those who watch."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in decided:
        room = one.message.room
        counts[room, "messages"] += 1
        for decision in one.decisions:
            counts[room, f"decisions.{action_of(decision)}"] += 1
            if isinstance(decision, Escalate | Defer):
                counts[room, f"decisions.{action_of(decision)}.{decision.reason.value}"] += 1
    for (room, name), number in counts.items():
        uow.events.count(room, name, number)
    for room in {one.message.room for one in decided}:
        uow.events.append(room, "messages", "")


def _sift(push: Sequence[ChatMessage], known: dict[MessageKey, str], fresh: list[ChatMessage]) -> Receipt:
    """Put what is new into `fresh` and `known`, count the rest."""
    taken = changed = 0
    for message in push:
        text = known.get(message.key)
        if text is None:
            known[message.key] = message.text
            fresh.append(message)
            taken += 1
        elif text != message.text:
            changed += 1
    return Receipt(taken=taken, repeated=len(push) - taken, changed=changed)


def _judge(
    matcher: Matcher, message: ChatMessage, now: datetime, conversations: dict[Asker, Conversation]
) -> tuple[Decision, ...]:
    """Decide one message in the light of its sender's last needs, and keep what is to be remembered."""
    past = conversations.get(message.asker, NOBODY)
    judgement = matcher.decide(Question(text=message.text, room=message.room, at=now, conversation=past))
    if judgement.conversation is not past:
        conversations[message.asker] = judgement.conversation
    return judgement.decisions


def _stored(decided: Decided, now: datetime, version: str) -> DecidedMessage:
    forms: Sequence[Mapping[str, object]] = tuple(decision_form(decision) for decision in decided.decisions)
    return DecidedMessage(message=decided.message, taken_at=now, decisions=tuple(forms), knowledge_version=version)
