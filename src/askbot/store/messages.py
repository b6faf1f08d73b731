"""Messages with their decisions, the rooms' traffic, and conversations."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select

from askbot.domain.chat import Conversation, PastNeed
from askbot.domain.decision import Candidate, candidate_form
from askbot.ports.storage import Asker, DecidedMessage, MessageKey, Row
from askbot.store.base import dicts
from askbot.store.dialect import adding, replacing
from askbot.store.tables import CONVERSATIONS, COUNTERS, MESSAGES, TRAFFIC, key_of

T = TypeVar("T")
CHUNK = 500
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_KNOWN = select(MESSAGES.c.key, MESSAGES.c.text).where(MESSAGES.c.key.in_(bindparam("keys", expanding=True)))
_STATES = select(CONVERSATIONS.c.key, CONVERSATIONS.c.state).where(
    CONVERSATIONS.c.key.in_(bindparam("keys", expanding=True))
)
_PAGE = (
    select(MESSAGES)
    .where(MESSAGES.c.room == bindparam("room"), MESSAGES.c.seq > bindparam("after"))
    .order_by(MESSAGES.c.seq)
    .limit(bindparam("limit"))
)


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """At most CHUNK at a time: databases bound the parameters of a statement."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


class SqlMessages:
    """See ports.storage.MessageStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, keys: Collection[MessageKey]) -> Mapping[MessageKey, str]:
        """Those of the keys that are stored already, with their texts."""
        digests = {key_of(*key): key for key in keys}
        found: dict[MessageKey, str] = {}
        for some in chunks(digests):
            for digest, text in self._connection.execute(_KNOWN, {"keys": some}):
                found[digests[digest]] = text
        return found

    def add(self, messages: Sequence[DecidedMessage]) -> None:
        """Store new messages and count them; the unique key refuses a repeat even if a caller missed it."""
        if not messages:
            return
        self._connection.execute(MESSAGES.insert(), [_row(decided) for decided in messages])
        traffic = Counter((m.message.room, int(m.taken_at.timestamp())) for m in messages)
        self._connection.execute(
            adding(self._connection, TRAFFIC, "messages"),
            [{"room": room, "second": second, "messages": n} for (room, second), n in traffic.items()],
        )

    def conversations(self, askers: Collection[Asker]) -> Mapping[Asker, Conversation]:
        """What is remembered of these askers; who is missing has nothing."""
        digests = {key_of(*asker): asker for asker in askers}
        found: dict[Asker, Conversation] = {}
        for some in chunks(digests):
            for digest, state in self._connection.execute(_STATES, {"keys": some}):
                found[digests[digest]] = _conversation(json.loads(state))
        return found

    def remember(self, conversations: Mapping[Asker, Conversation], at: datetime) -> None:
        """Keep these conversations in place of the old."""
        if not conversations:
            return
        self._connection.execute(
            replacing(self._connection, CONVERSATIONS),
            [{"key": key_of(*asker), "state": _state(c), "at": at} for asker, c in conversations.items()],
        )

    def page(self, room: str, *, after: int, limit: int) -> Sequence[Row]:
        """Messages of a room with a sequence number above `after`, oldest first; `decisions` as JSON text."""
        return dicts(self._connection.execute(_PAGE, {"room": room, "after": after, "limit": limit}))

    def totals(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, float]]:
        """Counters of rooms since the beginning."""
        totals: dict[str, dict[str, float]] = {room: {} for room in rooms}
        for row in self._connection.execute(select(COUNTERS).where(COUNTERS.c.room.in_(list(rooms)))):
            totals[row.room][row.name] = row.value
        return totals


def _row(decided: DecidedMessage) -> dict[str, object]:
    message = decided.message
    return {
        "key": key_of(*message.key),
        "source": message.source,
        "room": message.room,
        "message_id": message.id,
        "user_id": message.user_id,
        "user_name": message.user_name,
        "text": message.text,
        "sent_at": message.sent_at,
        "taken_at": decided.taken_at,
        "decisions": _COMPACT.encode(decided.decisions),
        "knowledge_version": decided.knowledge_version,
    }


def _state(conversation: Conversation) -> str:
    return json.dumps(
        {
            "needs": [[n.text, n.at.isoformat(), n.action, n.entry, n.item, n.unlisted] for n in conversation.needs],
            "offered": [candidate_form(c) for c in conversation.offered],
        },
        ensure_ascii=False,
    )


def _conversation(state: Mapping[str, list[list[str]]]) -> Conversation:
    needs = tuple(
        PastNeed(text=text, at=datetime.fromisoformat(at), action=action, entry=entry, item=item, unlisted=unlisted)
        for text, at, action, entry, item, unlisted in state["needs"]
    )
    return Conversation(needs=needs, offered=tuple(Candidate(**c) for c in state["offered"]))  # type: ignore[arg-type]
