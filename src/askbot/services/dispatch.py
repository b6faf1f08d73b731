"""Which replies of a room may leave now: decided under the room's lock, so that all processes obey the same rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from askbot.domain.replies import (
    SCREEN,
    SHARE_WINDOW,
    Mention,
    Mode,
    OutgoingReply,
    ReplyKind,
    ReplyPolicy,
    ReplyState,
)
from askbot.ports import Clock
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.brain import Brain
from askbot.services.effects import Register
from askbot.services.withdrawal import withdraw

SENDERS = 16
"""Replies that one process has on their way at once through each channel: one that hangs holds up no other."""
RoomAndBusy = tuple[str, Mapping[str, int]]
"""A room, and how many replies the caller has on their way, by channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Takes replies for sending: leased to `owner`, their askers settled."""

    policy: ReplyPolicy
    clock: Clock
    brain: Brain
    register: Register
    owner: str
    lease: timedelta

    def take(self, uow: UnitOfWork, rooms: Sequence[RoomAndBusy]) -> list[list[OutgoingReply]]:
        """The store's handler: for each room the replies to be sent now by the caller."""
        return [self._take(uow, room, busy) for room, busy in rooms]

    def _take(self, uow: UnitOfWork, room: str, busy: Mapping[str, int]) -> list[OutgoingReply]:
        now = self.clock()
        due = uow.replies.due(room, now)
        patient = self._drop_late(uow, due, now)
        allowed = self._switched(uow, room, patient, now)
        round_ = _Round(self, uow, room, allowed, now)
        taken, outgoing = Counter(busy), list[OutgoingReply]()
        for row, askers in allowed:
            channel = row["channel"]
            if taken[channel] >= SENDERS or not round_.may_leave(row):
                continue
            if channel == SCREEN:
                self._show(uow, row, askers, now)
            else:
                taken[channel] += 1
                outgoing.append(self._send(uow, row, askers, now))
        return outgoing

    def _drop_late(self, uow: UnitOfWork, due: Sequence[Row], now: datetime) -> list[tuple[Row, Sequence[Row]]]:
        """Leave out askers who waited longer than max_age, and replies that have none left; all of it counted."""
        askers = uow.replies.askers([row["id"] for row in due])
        patient: list[tuple[Row, Sequence[Row]]] = []
        for row in due:
            mine = askers[row["id"]]
            untried = row["attempts"] == 0
            living = [a for a in mine if a["expires_at"] > now] if untried else mine
            if living and (untried or row["expires_at"] > now):
                late = [a["seq"] for a in mine if a["expires_at"] <= now] if untried else []
                patient.append((row, living))
            else:
                late = [a["seq"] for a in mine]
                values = {"state": ReplyState.DROPPED.value, "note": "too_late", "lease_until": None}
                uow.replies.change(row["id"], values)
                uow.events.count(row["room"], "replies.dropped.too_late")
                uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.DROPPED.value})
            if late:
                uow.replies.drop_askers(late)
                uow.events.count(row["room"], "askers.dropped.too_late", len(late))
        return patient

    def _switched(
        self, uow: UnitOfWork, room: str, due: Sequence[tuple[Row, Sequence[Row]]], now: datetime
    ) -> list[tuple[Row, Sequence[Row]]]:
        """Obey the stop switches: the bot's own replies become tickets; in `off` a person's are held as well."""
        switches = uow.switches.load({room})
        mode = switches.modes.get(room, Mode.AUTO)
        kept: list[tuple[Row, Sequence[Row]]] = []
        for row, askers in due:
            muted = row["entry"] in switches.muted
            if row["kind"] != ReplyKind.MANUAL.value and (mode is not Mode.AUTO or muted):
                cause = "muted" if muted else "suggested"
                withdraw(uow, row, askers, cause=cause, matcher=self.brain(), register=self.register, at=now)
            elif mode is not Mode.OFF:
                kept.append((row, askers))
        return kept

    def _show(self, uow: UnitOfWork, row: Row, askers: Sequence[Row], now: datetime) -> None:
        """The screen page reads the database: shown is said."""
        uow.replies.change(row["id"], {"state": ReplyState.SAID.value, "said_at": now, "attempts": row["attempts"] + 1})
        uow.events.count(row["room"], "replies.said")
        uow.events.count(row["room"], "askers.replied", len(askers))
        uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.SAID.value})

    def _send(self, uow: UnitOfWork, row: Row, askers: Sequence[Row], now: datetime) -> OutgoingReply:
        expires = row["expires_at"] if row["attempts"] else min(a["expires_at"] for a in askers)
        values = {
            "state": ReplyState.SENDING.value,
            "lease_owner": self.owner,
            "lease_until": now + self.lease,
            "attempts": row["attempts"] + 1,
            "expires_at": expires,
            "said_at": now,
        }
        uow.replies.change(row["id"], values)
        uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.SENDING.value})
        people = {(a["source"], a["user_id"]): a["user_name"] for a in askers}
        return OutgoingReply(
            id=row["id"],
            room=row["room"],
            channel=row["channel"],
            text=row["text"],
            in_reply_to=tuple(a["message_id"] for a in askers),
            mentions=tuple(Mention(id=user, name=name) for (_, user), name in people.items()),
            askers=len(people),
            attempt=row["attempts"] + 1,
            expires_at=expires,
        )


class _Round:
    """One look at a room: what was said lately, and how much more the share allows."""

    def __init__(
        self, dispatch: Dispatch, uow: UnitOfWork, room: str, due: Sequence[tuple[Row, Sequence[Row]]], now: datetime
    ) -> None:
        self._uow = uow
        self._cooldown = dispatch.policy.cooldown
        keys = {(row["channel"], row["key"]) for row, _ in due}
        last = uow.replies.last_said(room, keys, since=now - self._cooldown) if keys else {}
        self._last = dict(last)
        self._now = now
        since = now - SHARE_WINDOW
        self._left = (
            dispatch.policy.allowance(
                messages=uow.replies.messages_since(room, since), said=uow.replies.said_since(room, since)
            )
            if due
            else 0
        )

    def may_leave(self, row: Row) -> bool:
        """Whether this reply leaves now; if its answer cools down it is put off until the end of that."""
        if row["kind"] == ReplyKind.MANUAL.value or row["attempts"]:
            return True  # a person's words wait for nobody; a retry was allowed once
        key = (row["channel"], row["key"])
        if key in self._last:
            self._uow.replies.change(row["id"], {"due_at": self._last[key] + self._cooldown})
            return False
        if self._left <= 0:
            return False
        self._left -= 1
        self._last[key] = self._now
        return True
