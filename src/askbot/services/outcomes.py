"""What became of a reply that was sent: kept, retried, or turned into a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass

from askbot.domain.replies import OutgoingReply, ReplyState, backoff
from askbot.ports import Clock
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.brain import Brain
from askbot.services.effects import Register
from askbot.services.needs import needs_of_reply

UNDELIVERED = "回复没能发出，平台拒绝了：{note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """No `failure`: it was said."""

    reply: OutgoingReply
    failure: str | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Keeps outcomes, in the store's transactions."""

    clock: Clock
    brain: Brain
    register: Register
    owner: str

    def keep(self, uow: UnitOfWork, outcomes: Sequence[Outcome]) -> list[None]:
        """The store's handler. What another process has taken over meanwhile is left to it, unless it was said."""
        for outcome in outcomes:
            row = uow.replies.get(outcome.reply.id)
            if row is None or row["state"] == ReplyState.SAID.value:
                continue
            ours = row["state"] == ReplyState.SENDING.value and row["lease_owner"] == self.owner
            if outcome.failure is None:
                self._said(uow, row, outcome)
            elif ours and outcome.permanent:
                self._failed(uow, row, outcome)
            elif ours:
                self._put_off(uow, row, outcome)
        return [None] * len(outcomes)

    def _said(self, uow: UnitOfWork, row: Row, outcome: Outcome) -> None:
        values = {"state": ReplyState.SAID.value, "said_at": self.clock(), "lease_until": None, "note": None}
        uow.replies.change(row["id"], values)
        uow.events.count(row["room"], "replies.said")
        uow.events.count(row["room"], "askers.replied", outcome.reply.askers)
        uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.SAID.value})

    def _put_off(self, uow: UnitOfWork, row: Row, outcome: Outcome) -> None:
        due = self.clock() + backoff(row["attempts"])
        values = {"state": ReplyState.WAITING.value, "due_at": due, "lease_until": None, "note": outcome.failure}
        uow.replies.change(row["id"], values)
        uow.events.count(row["room"], "replies.retried")

    def _failed(self, uow: UnitOfWork, row: Row, outcome: Outcome) -> None:
        now = self.clock()
        uow.replies.change(row["id"], {"state": ReplyState.FAILED.value, "lease_until": None, "note": outcome.failure})
        uow.events.count(row["room"], "replies.failed")
        uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.FAILED.value})
        why = UNDELIVERED.format(note=outcome.failure)
        askers = uow.replies.askers([row["id"]])[row["id"]]
        needs = needs_of_reply(self.brain().knowledge, row, askers, reason="undelivered", why=why, at=now)
        if needs:
            self.register(uow, needs, now)
