"""Tickets (工单): their states, the one table of moves, the value itself, its rank, and the needs that make it.

Knows no store and nobody's rights; who may move is asked above. Time comes in as a parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

from askbot.domain.decision import Candidate, Gist, Reason
from askbot.domain.knowledge import Priority

LEASE = timedelta(seconds=90)
UNDO_SPAN = timedelta(seconds=10)
FLOOD_SPAN = timedelta(hours=1)
FLOOD_LIMIT = 10
"""New tickets that one viewer may open within FLOOD_SPAN; the rest is collected in one."""
URGENCY = MappingProxyType({Priority.NORMAL: 1, Priority.HIGH: 3, Priority.URGENT: 10})


class State(StrEnum):
    """待处理 new, 处理中 claimed, 已答 answered, 已转办 forwarded, 已退回 returned, 稍后 deferred.

    已忽略 dismissed, 已合并 merged.
    """

    NEW = "new"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    DEFERRED = "deferred"
    DISMISSED = "dismissed"
    MERGED = "merged"


OPEN = frozenset({State.NEW, State.CLAIMED, State.FORWARDED, State.RETURNED, State.DEFERRED})
"""States in which a ticket still waits for something, and takes in those who ask the same."""


class Move(StrEnum):
    """认领 claim, 续期 renew, 放回 release, 回答 answer, 转办 forward, 退回 return, 稍后 defer.

    忽略 dismiss, 合并 merge, 拆分 split, 撤销 undo.
    """

    CLAIM = "claim"
    RENEW = "renew"
    RELEASE = "release"
    ANSWER = "answer"
    FORWARD = "forward"
    RETURN = "return"
    DEFER = "defer"
    DISMISS = "dismiss"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.NEW, Move.CLAIM): State.CLAIMED,
        (State.NEW, Move.ANSWER): State.ANSWERED,
        (State.NEW, Move.FORWARD): State.FORWARDED,
        (State.NEW, Move.DEFER): State.DEFERRED,
        (State.NEW, Move.DISMISS): State.DISMISSED,
        (State.NEW, Move.MERGE): State.MERGED,
        (State.NEW, Move.SPLIT): State.NEW,
        (State.CLAIMED, Move.CLAIM): State.CLAIMED,  # the holder's second key press renews
        (State.CLAIMED, Move.RENEW): State.CLAIMED,
        (State.CLAIMED, Move.RELEASE): State.NEW,
        (State.CLAIMED, Move.ANSWER): State.ANSWERED,
        (State.CLAIMED, Move.FORWARD): State.FORWARDED,
        (State.CLAIMED, Move.DEFER): State.DEFERRED,
        (State.CLAIMED, Move.DISMISS): State.DISMISSED,
        (State.CLAIMED, Move.MERGE): State.MERGED,
        (State.CLAIMED, Move.SPLIT): State.CLAIMED,
        (State.FORWARDED, Move.ANSWER): State.ANSWERED,
        (State.FORWARDED, Move.FORWARD): State.FORWARDED,  # to another department
        (State.FORWARDED, Move.RETURN): State.RETURNED,
        (State.FORWARDED, Move.DISMISS): State.DISMISSED,
        (State.FORWARDED, Move.MERGE): State.MERGED,
        (State.FORWARDED, Move.SPLIT): State.FORWARDED,
        (State.RETURNED, Move.CLAIM): State.CLAIMED,
        (State.RETURNED, Move.ANSWER): State.ANSWERED,
        (State.RETURNED, Move.FORWARD): State.FORWARDED,
        (State.RETURNED, Move.DEFER): State.DEFERRED,
        (State.RETURNED, Move.DISMISS): State.DISMISSED,
        (State.RETURNED, Move.MERGE): State.MERGED,
        (State.RETURNED, Move.SPLIT): State.RETURNED,
        (State.DEFERRED, Move.CLAIM): State.CLAIMED,
        (State.DEFERRED, Move.ANSWER): State.ANSWERED,
        (State.DEFERRED, Move.FORWARD): State.FORWARDED,
        (State.DEFERRED, Move.DEFER): State.DEFERRED,
        (State.DEFERRED, Move.DISMISS): State.DISMISSED,
        (State.DEFERRED, Move.MERGE): State.MERGED,
        (State.DEFERRED, Move.SPLIT): State.DEFERRED,
    }
)
"""(from, move) → to: what is not here is not allowed. `undo` alone leads back to wherever the last move began."""


class Cause(StrEnum):
    """Why a ticket is there, beside the reasons of a decision: 待确认, 并转, 未送达, 已停用, 过长, 刷屏归并."""

    SUGGESTED = "suggested"
    ALSO = "also"
    UNDELIVERED = "undelivered"
    MUTED = "muted"
    TOO_LONG = "too_long"
    FLOOD = "flood"


REASONS = frozenset({*(reason.value for reason in Reason), *(cause.value for cause in Cause)})
"""Every word that can stand as a ticket's reason."""


def digest(*parts: str | None) -> str:
    """32 hex digits that stand for these parts together; None and an empty text differ."""
    whole = blake2b(digest_size=16)
    for part in parts:
        data = b"" if part is None else part.encode("utf-8", "surrogatepass")
        whole.update((0xFFFFFFFF if part is None else len(data)).to_bytes(4, "big"))
        whole.update(data)
    return whole.hexdigest()


def gist_bucket(room: str, gist: Gist) -> str:
    """What needs of a room with equal places, numbers and polarity share."""
    return digest("gist", room, gist.fixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNeed:
    """A need that a person must see. `text` as asked, `at` when it was taken, `suggestion` what one key would send."""

    room: str
    source: str
    message_id: str
    user_id: str
    user_name: str
    text: str
    at: datetime
    reason: str
    entry: str | None = None
    item: str | None = None
    unlisted: str | None = None
    gist: Gist | None = None
    candidates: tuple[Candidate, ...] = ()
    suggestion: str | None = None
    topic: str | None = None
    department: str | None = None
    priority: Priority = Priority.NORMAL
    why: str = ""
    knowledge_version: str = ""

    def __post_init__(self) -> None:
        if not (self.room and self.source and self.user_id):
            raise ValueError("a need has a room, a source and an asker")
        if self.at.tzinfo is None:
            raise ValueError("a need has an aware time")
        if self.reason not in REASONS:
            raise ValueError(f"{self.reason} is no reason for a ticket")

    @property
    def asker(self) -> str:
        """A digest of who asks: (source, user id)."""
        return digest(self.source, self.user_id)

    @property
    def join_key(self) -> str | None:
        """What it shares with those that ask the same of an entry; None when the entry is not sure.

        Where nothing but the entry is known, the suggestion counts as well: one key must send every asker their own.
        """
        if self.reason == Reason.UNSURE or (self.entry is None and self.suggestion is None):
            return None
        said = None if self.item or self.unlisted else self.suggestion
        return digest("entry", self.room, self.entry, self.item, self.unlisted, said)

    @property
    def bucket(self) -> str:
        """What needs that are compared by text share: places, numbers and polarity (the text itself without a gist)."""
        if self.gist is None:
            return digest("text", self.room, self.text)
        return gist_bucket(self.room, self.gist)

    @property
    def flood_key(self) -> str:
        """Of the ticket that collects what this viewer asks too much, one per room."""
        return digest("flood", self.room, self.source, self.user_id)

    @property
    def marks(self) -> tuple[str, ...]:
        """What a clear wording names: item or name as asked, places, numbers."""
        gist = self.gist or Gist(text="")
        return tuple(mark for mark in (self.item, self.unlisted, *gist.places, *gist.numbers) if mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it is stored. `version` counts moves, not joining askers: a crowd must not void a decision.

    `due` by its level since it was opened, `forward_due` the department's; `note` is the reason of the last return or
    dismissal; `spoken_offset` in seconds from the stream's start.
    """

    id: str
    seq: int = 0
    room: str
    state: State = State.NEW
    version: int = 1
    askers: int
    messages: int
    first_at: datetime
    last_at: datetime
    changed_at: datetime
    wording: str
    reason: str
    why: str = ""
    entry: str | None = None
    item: str | None = None
    unlisted: str | None = None
    candidates: tuple[Candidate, ...] = ()
    suggestion: str | None = None
    topic: str | None = None
    department: str | None = None
    priority: Priority = Priority.NORMAL
    due: datetime
    holder: str | None = None
    lease_until: datetime | None = None
    returns: int = 0
    forwarded_to: str | None = None
    forward_due: datetime | None = None
    deferred_until: datetime | None = None
    answer: str | None = None
    spoken: bool = False
    spoken_offset: float | None = None
    note: str | None = None
    merged_into: str | None = None
    knowledge_version: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.CLAIMED) != (self.holder is not None and self.lease_until is not None):
            raise ValueError("a claim has a holder and a lease, and nothing else has")
        if self.state is State.DEFERRED and self.deferred_until is None:
            raise ValueError("a deferred ticket has a time")
        if self.version < 1 or self.askers < 0 or self.messages < self.askers:
            raise ValueError("versions count from 1, and every asker has a message")

    def settled(self, at: datetime) -> "Ticket":
        """What it is at that time: a claim whose lease ran out and a deferral whose time has come are new again."""
        if self.state is State.CLAIMED and self.lease_until is not None and self.lease_until <= at:
            return replace(self, state=State.NEW, holder=None, lease_until=None)
        if self.state is State.DEFERRED and self.deferred_until is not None and self.deferred_until <= at:
            return replace(self, state=State.NEW, deferred_until=None)
        return self

    def minutes(self, at: datetime) -> int:
        """Whole minutes waited since it was first asked, at least 1."""
        return max(1, (int(at.timestamp()) - int(self.first_at.timestamp())) // 60)

    def rank(self, at: datetime) -> int:
        """Askers × minutes waited × urgency (普通 1, 重要 3, 紧急 10)."""
        return self.askers * self.minutes(at) * URGENCY[self.priority]

    def overdue(self, at: datetime) -> bool:
        """Whether it should be done by now (超期): by its department once forwarded, else by its level."""
        term = self.forward_due if self.state is State.FORWARDED and self.forward_due else self.due
        return self.state in OPEN and at > term


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a ticket's history (流转记录): never changed. `op` joins the lines of one move over several tickets.

    `before` is what undo restores; `side` marks the other ticket of a merge or split.
    """

    seq: int = 0
    op: str
    ticket: str
    at: datetime
    by: str
    move: Move
    from_state: State
    to_state: State
    version: int
    payload: Mapping[str, object]
    before: Mapping[str, object]
    side: bool = False
