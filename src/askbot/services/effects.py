"""What follows from a decision: a reply in the outbox, a ticket in the queue, both, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from askbot.domain.chat import ChatMessage
from askbot.domain.decision import Answer, Candidate, Clarify, Decision, Defer, Escalate, Gist, Ignore
from askbot.domain.replies import Channel, Mode, ReplyKind, ReplyPolicy
from askbot.domain.tickets import NewNeed
from askbot.domain.wording import Wording
from askbot.errors import TooLongError
from askbot.matching import Matcher
from askbot.ports.storage import ReplyRequest, Switches, UnitOfWork
from askbot.services.needs import new_need

Register = Callable[[UnitOfWork, Sequence[NewNeed], datetime], object]
"""Puts needs into the queue; services/desk.py's."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A message and its decisions."""

    message: ChatMessage
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Turns decisions into replies and tickets, within the transaction that stores them."""

    policy: ReplyPolicy
    channel_of: Callable[[str], Channel]
    register: Register

    def apply(self, uow: UnitOfWork, decided: Sequence[Decided], *, matcher: Matcher, now: datetime) -> None:
        """Queue what is to be said and what a person must see. The stop switches are read here, under the lock."""
        if all(isinstance(decision, Ignore) for d in decided for decision in d.decisions):
            return
        switches = uow.switches.load({d.message.room for d in decided})
        requests: list[ReplyRequest] = []
        needs: list[NewNeed] = []
        for one in decided:
            scene = _Scene(message=one.message, switches=switches, matcher=matcher, now=now, effects=self)
            for decision in one.decisions:
                for outcome in scene.outcomes(decision):
                    if isinstance(outcome, ReplyRequest):
                        requests.append(outcome)
                    else:
                        needs.append(outcome)
        if requests:
            uow.replies.request(requests, at=now)
        needs = [need for need in needs if (need.source, need.user_id) not in switches.blocked]
        if needs:
            self.register(uow, needs, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """One message under the switches in force."""

    message: ChatMessage
    switches: Switches
    matcher: Matcher
    now: datetime
    effects: Effects

    def outcomes(self, decision: Decision) -> Iterator[ReplyRequest | NewNeed]:
        """What follows from this decision."""
        match decision:
            case Answer():
                yield from self._spoken(decision, ReplyKind.ANSWER, decision.unlisted)
                if decision.also_escalate:
                    yield self._need(decision, "also", suggestion=None)
            case Clarify():
                yield from self._spoken(decision, ReplyKind.CLARIFY, None)
            case Escalate() | Defer():
                yield self._need(decision, decision.reason.value, suggestion=None)
                if decision.wording is not None and self._held(decision.entry) is None:
                    yield from self._reply(decision, decision.wording, ReplyKind.HOLDING, decision.unlisted)
            case Ignore():
                pass
            case _:
                assert_never(decision)

    def _spoken(
        self, decision: Answer | Clarify, kind: ReplyKind, unlisted: str | None
    ) -> Iterator[ReplyRequest | NewNeed]:
        """Say it; or, where a switch or its length forbids that, put it before a person as a suggestion."""
        cause = self._held(decision.entry)
        said = () if cause else tuple(self._reply(decision, decision.wording, kind, unlisted))
        yield from said
        if not said:
            yield self._need(decision, cause or "too_long", suggestion=decision.wording.full())

    def _held(self, entry: str | None) -> str | None:
        """Why the bot may not say it by itself; None when it may."""
        if entry is not None and entry in self.switches.muted:
            return "muted"
        if self.switches.modes.get(self.message.room, Mode.AUTO) is not Mode.AUTO:
            return "suggested"
        return None

    def _reply(
        self, decision: Answer | Clarify | Escalate | Defer, wording: Wording, kind: ReplyKind, unlisted: str | None
    ) -> Iterator[ReplyRequest]:
        channel = self.effects.channel_of(self.message.source)
        try:
            text = wording.fitted(channel.limit, channel.measure)
        except TooLongError:
            return
        about = (decision.entry or "", decision.item or "", unlisted or "")
        yield ReplyRequest(
            room=self.message.room,
            channel=channel.name,
            key="\x1f".join((kind.value, *about, text if kind is ReplyKind.CLARIFY else "")),
            kind=kind,
            text=text,
            entry=decision.entry,
            item=decision.item,
            unlisted=unlisted,
            knowledge_version=self.matcher.knowledge.version,
            source=self.message.source,
            message_id=self.message.id,
            user_id=self.message.user_id,
            user_name=self.message.user_name,
            need=decision.need,
            asked_at=self.now,
            expires_at=self.now + self.effects.policy.max_age,
        )

    def _need(self, decision: Answer | Clarify | Escalate | Defer, cause: str, *, suggestion: str | None) -> NewNeed:
        candidates: tuple[Candidate, ...] = () if isinstance(decision, Answer) else decision.candidates
        gist: Gist | None = decision.gist if isinstance(decision, Escalate | Defer) else None
        return new_need(
            self.matcher.knowledge,
            room=self.message.room,
            source=self.message.source,
            message_id=self.message.id,
            user_id=self.message.user_id,
            user_name=self.message.user_name,
            text=decision.need,
            at=self.now,
            reason=cause,
            entry=decision.entry,
            item=decision.item,
            unlisted=None if isinstance(decision, Clarify) else decision.unlisted,
            gist=gist,
            candidates=candidates,
            suggestion=suggestion,
            why=decision.why,
        )
