"""The store: one durable place, written in transactions that are grouped, read by snapshots.

A use case hands `Store.write` a handler and its payload. The writer collects what has arrived, opens one transaction,
locks the rooms that are concerned, calls each handler once with all its payloads, and commits (group commit). A
handler is a plain function of a UnitOfWork and a list of payloads; it gives one result for each, and talks to no
network. Within the transaction the rooms it named are its own: no other process writes to them meanwhile.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from askbot.domain.chat import ChatMessage, Conversation
from askbot.domain.replies import Mode, ReplyKind
from askbot.ports.queue import TicketStore

P = TypeVar("P")
R = TypeVar("R")
MessageKey = tuple[str, str, str]
"""(source, room, message id)"""
Asker = tuple[str, str, str]
"""(source, room, user id)"""
Row = Mapping[str, Any]
"""A row as it is read: column name → value; times are aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedMessage:
    """A message with its decisions in their JSON form, as it is stored."""

    message: ChatMessage
    taken_at: datetime
    decisions: tuple[Mapping[str, object], ...]
    knowledge_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """Something to be said to one asker; merged with a waiting reply of the same room, channel and key.

    `key` is what cools down: the entry with its item or unlisted name, or the ticket of a manual reply. Only the
    asker's own age counts toward `expires_at`.
    """

    room: str
    channel: str
    key: str
    kind: ReplyKind
    text: str
    entry: str | None
    item: str | None
    unlisted: str | None = None
    knowledge_version: str
    source: str
    message_id: str
    user_id: str
    user_name: str
    need: str
    asked_at: datetime
    expires_at: datetime
    ticket: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The stop switches in force: modes of rooms (auto where none is set), muted entries, blocked (source, user id)."""

    modes: Mapping[str, Mode] = field(default_factory=dict)
    muted: frozenset[str] = frozenset()
    blocked: frozenset[tuple[str, str]] = frozenset()


class MessageStore(Protocol):
    """Messages with their decisions, and the conversations of their senders."""

    def known(self, keys: Collection[MessageKey]) -> Mapping[MessageKey, str]:
        """Those of the keys that are stored already, with their texts."""

    def add(self, messages: Sequence[DecidedMessage]) -> None:
        """Store them, and count them in the rooms' traffic; none of them may be known."""

    def conversations(self, askers: Collection[Asker]) -> Mapping[Asker, Conversation]:
        """What is remembered of these askers; who is missing has nothing."""

    def remember(self, conversations: Mapping[Asker, Conversation], at: datetime) -> None:
        """Keep these conversations in place of the old."""

    def page(self, room: str, *, after: int, limit: int) -> Sequence[Row]:
        """Messages of a room with a sequence number above `after`, oldest first; `decisions` as JSON text."""

    def totals(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, float]]:
        """Counters of rooms since the beginning: messages, and decisions by `action` and `action.reason`."""


class ReplyStore(Protocol):
    """The outbox (待发): replies in all their states. Rules of time and share are services/outbox.py's."""

    def request(self, requests: Sequence[ReplyRequest], *, at: datetime) -> None:
        """Queue them: each joins the reply of its room, channel and key that still waits untried, or starts one."""

    def rooms_due(self, at: datetime) -> Sequence[str]:
        """Rooms that have a reply to be sent, retried, taken over from a dead process, or dropped."""

    def due(self, room: str, at: datetime) -> Sequence[Row]:
        """Those replies of the room, the longest waiting first, whatever their channel."""

    def askers(self, replies: Collection[str]) -> Mapping[str, Sequence[Row]]:
        """Who asked, by reply id, in the order of asking; those dropped already are left out."""

    def last_said(
        self, room: str, keys: Collection[tuple[str, str]], *, since: datetime
    ) -> Mapping[tuple[str, str], datetime]:
        """When a (channel, key) was last said or taken for sending, if since then."""

    def said_since(self, room: str, since: datetime) -> int:
        """How many replies the bot has said or is saying in the room since then (manual ones not counted)."""

    def messages_since(self, room: str, since: datetime) -> int:
        """How many messages the room has had since then."""

    def change(self, reply: str, values: Mapping[str, Any]) -> None:
        """Set columns of a reply."""

    def drop_askers(self, askers: Collection[int]) -> None:
        """Mark these askers (by seq) as dropped: they waited too long."""

    def waiting(self, *, room: str | None = None, entry: str | None = None) -> Sequence[Row]:
        """The bot's replies that wait (untried or between tries) in a room and/or of an entry."""

    def withdraw_ticket(self, ticket: str) -> int:
        """Withdraw the ticket's reply if it has not begun to leave; how many were withdrawn."""

    def get(self, reply: str) -> Row | None:
        """One reply."""

    def page(self, room: str, *, after: int, limit: int) -> Sequence[Row]:
        """Replies of a room with a sequence number above `after`, oldest first, each with its `askers` rows."""

    def lengths(self) -> Mapping[str, int]:
        """How many replies wait or are being sent, by state."""


class SwitchStore(Protocol):
    """Stop switches: modes, muted entries, blocked viewers."""

    def load(self, rooms: Collection[str]) -> Switches:
        """What is in force now for these rooms; mutes and blocks are global."""

    def set_mode(self, room: str, mode: Mode, *, by: str, at: datetime) -> None:
        """Set a room's mode."""

    def set_muted(self, entry: str, muted: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001 (a switch)
        """Mute or unmute an entry."""

    def set_blocked(self, source: str, user_id: str, blocked: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001
        """Block or unblock a viewer."""


class EventStore(Protocol):
    """The log of changes that live pages follow; numbered without gaps in the order of commit."""

    def append(self, room: str, kind: str, ref: str, data: Mapping[str, object] | None = None) -> None:
        """Tell that something changed; written at the end of the transaction."""

    def after(self, event_id: int, *, limit: int) -> Sequence[Row]:
        """Events with a larger number, oldest first."""

    def last(self) -> int:
        """The largest number, 0 when there is none."""

    def count(self, room: str, name: str, by: float = 1) -> None:
        """Add to a room's durable counter (replies.said, replies.dropped.too_late, messages …)."""


class TokenStore(Protocol):
    """API tokens, by the hash of their text."""

    def add(self, row: Mapping[str, object]) -> None:
        """Keep a new token (id, name, role, department, digest, created_at, expires_at)."""

    def by_digest(self, digest: str) -> Row | None:
        """The token of that digest, revoked or not."""

    def all(self) -> Sequence[Row]:
        """All tokens, newest first, without digests."""

    def revoke(self, token_id: str, *, at: datetime) -> bool:
        """Revoke it; False when there is none or it is revoked already."""


class PersonalData(Protocol):
    """What is known of viewers, for retention and for those who ask to be forgotten."""

    def pseudonymise_before(self, at: datetime, pseudonym: Callable[[str, str], str], *, limit: int) -> int:
        """Names away and user ids replaced in at most `limit` messages and askers older than `at`; how many."""

    def erase_texts_before(self, at: datetime, *, limit: int) -> int:
        """Texts away in at most `limit` messages and replies' askers older than `at`; how many."""

    def tidy_before(self, at: datetime) -> int:
        """Delete what is only of the moment and older: conversations, traffic, events; how many."""

    def forget(self, source: str, user_id: str) -> int:
        """Erase names and texts of this viewer everywhere but in tickets (TicketStore.forget_user); how many rows."""


class UnitOfWork(Protocol):
    """One transaction. What raises inside is rolled back whole."""

    @property
    def messages(self) -> MessageStore:
        """Messages and conversations."""

    @property
    def replies(self) -> ReplyStore:
        """The outbox."""

    @property
    def tickets(self) -> TicketStore:
        """The queue."""

    @property
    def switches(self) -> SwitchStore:
        """Stop switches."""

    @property
    def events(self) -> EventStore:
        """The log of changes, and durable counters."""

    @property
    def tokens(self) -> TokenStore:
        """API tokens."""

    @property
    def personal(self) -> "PersonalData":
        """Retention and forgetting."""


Handler = Callable[[UnitOfWork, Sequence[P]], Sequence[R]]


class Store(Protocol):
    """Durable storage, shared by all processes."""

    async def write(self, handler: Handler[P, R], payload: P, *, rooms: Collection[str], weight: int = 1) -> R:
        """Run the handler in the next group's transaction; return its result for this payload once it is durable.

        Raises OverloadError when the queue is full, StoreError when the database fails, and what the handler raised.
        """

    def subscribe(self, hint: Callable[[], None]) -> Callable[[], None]:
        """Call `hint` on the event loop after each commit of this process; the result unsubscribes."""

    async def read(self, query: Callable[[UnitOfWork], R]) -> R:
        """Run a query on a consistent snapshot, off the event loop. Raises StoreError."""
