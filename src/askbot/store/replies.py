"""The outbox's rows. Which reply may leave when is decided in services/dispatch.py; here it is only kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from askbot.domain.replies import ReplyKind, ReplyState
from askbot.ports.storage import ReplyRequest, Row
from askbot.store.base import dicts
from askbot.store.messages import chunks
from askbot.store.tables import REPLIES, REPLY_ASKERS, TRAFFIC, key_of

_R, _A = REPLIES.c, REPLY_ASKERS.c
_WAITING = _R.state == ReplyState.WAITING.value
_BY_BOT = _R.kind != ReplyKind.MANUAL.value
_LEFT = or_(_R.state.in_([ReplyState.SAID.value, ReplyState.SENDING.value]), _R.attempts > 0)
"""Said, being said, or tried at least once (it may have been heard although no answer came)."""
_UNTRIED = select(_R.id, _R.room, _R.channel, _R.key).where(
    _R.room.in_(bindparam("rooms", expanding=True)),
    _R.key.in_(bindparam("keys", expanding=True)),
    _WAITING,
    _R.attempts == 0,
)
_JOIN = (
    update(REPLIES)
    .where(_R.id == bindparam("reply"))
    .values(text=bindparam("said"), knowledge_version=bindparam("known"), expires_at=bindparam("expires"))
)
_LAST_SAID = (
    select(_R.channel, _R.key, func.max(_R.said_at).label("at"))
    .where(
        _R.room == bindparam("room"),
        _R.key.in_(bindparam("keys", expanding=True)),
        _LEFT,
        _R.said_at > bindparam("since"),
    )
    .group_by(_R.channel, _R.key)
)
_SAID_SINCE = select(func.count()).where(_R.room == bindparam("room"), _R.said_at > bindparam("since"), _LEFT, _BY_BOT)
_MESSAGES_SINCE = select(func.coalesce(func.sum(TRAFFIC.c.messages), 0)).where(
    TRAFFIC.c.room == bindparam("room"), TRAFFIC.c.second > bindparam("second")
)
_ASKERS = (
    select(REPLY_ASKERS)
    .where(_A.reply.in_(bindparam("replies", expanding=True)), _A.dropped.is_(False))
    .order_by(_A.seq)
)
_DUE = or_(
    and_(_WAITING, or_(_R.due_at <= bindparam("now"), _R.expires_at <= bindparam("now"))),
    and_(_R.state == ReplyState.SENDING.value, _R.lease_until <= bindparam("now")),
)
"""To be sent, to be dropped, or left behind by a process whose lease has run out."""
_ROOMS_DUE = select(_R.room).where(_DUE).distinct()
_DUE_OF_ROOM = select(REPLIES).where(_DUE, _R.room == bindparam("room")).order_by(_R.created_at, _R.seq)
Group = tuple[str, str, str]
"""(room, channel, digest of the key)"""


class SqlReplies:
    """See ports.storage.ReplyStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def request(self, requests: Sequence[ReplyRequest], *, at: datetime) -> None:
        """Queue them: each joins the reply of its room, channel and key that still waits untried, or starts one."""
        groups: dict[Group, list[ReplyRequest]] = {}
        for request in requests:
            groups.setdefault((request.room, request.channel, key_of(request.key)), []).append(request)
        joined = self._untried(groups)
        ids = {group: joined.get(group) or f"r_{uuid4().hex}" for group in groups}
        fresh = [_reply(ids[g], g, asked, at) for g, asked in groups.items() if g not in joined]
        if fresh:
            self._connection.execute(REPLIES.insert(), fresh)
        if joined:
            self._connection.execute(_JOIN, [_joining(ids[group], groups[group]) for group in joined])
        rows = [_asker(ids[group], request) for group, asked in groups.items() for request in asked]
        if rows:
            self._connection.execute(REPLY_ASKERS.insert(), rows)

    def _untried(self, groups: Collection[Group]) -> dict[Group, str]:
        found: dict[Group, str] = {}
        rooms, keys = {room for room, _, _ in groups}, {key for _, _, key in groups}
        for some in chunks(keys):
            for row in self._connection.execute(_UNTRIED, {"rooms": list(rooms), "keys": some}):
                found[row.room, row.channel, row.key] = row.id
        return {group: reply for group, reply in found.items() if group in groups}

    def rooms_due(self, at: datetime) -> Sequence[str]:
        """Rooms that have a reply to be sent, retried, taken over from a dead process, or dropped."""
        return list(self._connection.execute(_ROOMS_DUE, {"now": at}).scalars())

    def due(self, room: str, at: datetime) -> Sequence[Row]:
        """Those replies of the room, the longest waiting first, whatever their channel."""
        return dicts(self._connection.execute(_DUE_OF_ROOM, {"now": at, "room": room}))

    def askers(self, replies: Collection[str]) -> Mapping[str, Sequence[Row]]:
        """Who asked, by reply id, in the order of asking; those dropped already are left out."""
        found: dict[str, list[Row]] = {reply: [] for reply in replies}
        for some in chunks(replies):
            for row in dicts(self._connection.execute(_ASKERS, {"replies": some})):
                found[row["reply"]].append(row)
        return found

    def last_said(
        self, room: str, keys: Collection[tuple[str, str]], *, since: datetime
    ) -> Mapping[tuple[str, str], datetime]:
        """When a (channel, key) was last said or taken for sending, if since then."""
        values = {"room": room, "keys": list({key for _, key in keys}), "since": since}
        return {(row.channel, row.key): row.at for row in self._connection.execute(_LAST_SAID, values)}

    def said_since(self, room: str, since: datetime) -> int:
        """How many replies the bot has said or is saying in the room since then (manual ones not counted)."""
        return int(self._connection.execute(_SAID_SINCE, {"room": room, "since": since}).scalar_one())

    def messages_since(self, room: str, since: datetime) -> int:
        """How many messages the room has had since then."""
        values = {"room": room, "second": int(since.timestamp())}
        return int(self._connection.execute(_MESSAGES_SINCE, values).scalar_one())

    def change(self, reply: str, values: Mapping[str, Any]) -> None:
        """Set columns of a reply."""
        self._connection.execute(update(REPLIES).where(_R.id == reply).values(**values))

    def drop_askers(self, askers: Collection[int]) -> None:
        """Mark these askers (by seq) as dropped: they waited too long."""
        for some in chunks(askers):
            self._connection.execute(update(REPLY_ASKERS).where(_A.seq.in_(some)).values(dropped=True))

    def waiting(self, *, room: str | None = None, entry: str | None = None) -> Sequence[Row]:
        """The bot's replies that wait (untried or between tries) in a room and/or of an entry."""
        query = select(REPLIES).where(_WAITING, _BY_BOT).order_by(_R.seq)
        if room is not None:
            query = query.where(_R.room == room)
        if entry is not None:
            query = query.where(_R.entry == entry)
        return dicts(self._connection.execute(query))

    def withdraw_ticket(self, ticket: str) -> int:
        """Withdraw the ticket's reply if it has not begun to leave; how many were withdrawn."""
        statement = update(REPLIES).where(_R.ticket == ticket, _WAITING, _R.attempts == 0)
        return self._connection.execute(statement.values(state=ReplyState.WITHDRAWN.value, note="undone")).rowcount

    def get(self, reply: str) -> Row | None:
        """One reply."""
        return next(iter(dicts(self._connection.execute(select(REPLIES).where(_R.id == reply)))), None)

    def page(self, room: str, *, after: int, limit: int) -> Sequence[Row]:
        """Replies of a room with a sequence number above `after`, oldest first, each with its `askers` rows."""
        query = select(REPLIES).where(_R.room == room, _R.seq > after).order_by(_R.seq).limit(limit)
        rows = dicts(self._connection.execute(query))
        askers: dict[str, list[Row]] = {row["id"]: [] for row in rows}
        for some in chunks(askers):
            found = select(REPLY_ASKERS).where(_A.reply.in_(some)).order_by(_A.seq)
            for asker in dicts(self._connection.execute(found)):
                askers[asker["reply"]].append(asker)
        return [{**row, "askers": askers[row["id"]]} for row in rows]

    def lengths(self) -> Mapping[str, int]:
        """How many replies wait or are being sent, by state."""
        query = select(_R.state, func.count().label("n")).where(
            _R.state.in_([ReplyState.WAITING.value, ReplyState.SENDING.value])
        )
        return {row.state: row.n for row in self._connection.execute(query.group_by(_R.state))}


def _joining(reply: str, asked: Sequence[ReplyRequest]) -> dict[str, object]:
    """A waiting reply says the newest words, and waits for its most patient asker."""
    newest = asked[-1]
    return {
        "reply": reply,
        "said": newest.text,
        "known": newest.knowledge_version,
        "expires": max(request.expires_at for request in asked),
    }


def _reply(reply: str, group: Group, asked: Sequence[ReplyRequest], at: datetime) -> dict[str, object]:
    newest = asked[-1]
    room, channel, key = group
    return {
        "id": reply,
        "room": room,
        "channel": channel,
        "key": key,
        "kind": newest.kind.value,
        "state": ReplyState.WAITING.value,
        "text": newest.text,
        "entry": newest.entry,
        "item": newest.item,
        "unlisted": newest.unlisted,
        "ticket": newest.ticket,
        "knowledge_version": newest.knowledge_version,
        "created_at": at,
        "due_at": at,
        "expires_at": max(r.expires_at for r in asked),
        "attempts": 0,
    }


def _asker(reply: str, request: ReplyRequest) -> dict[str, object]:
    return {
        "reply": reply,
        "source": request.source,
        "message_id": request.message_id,
        "user_id": request.user_id,
        "user_name": request.user_name,
        "need": request.need,
        "asked_at": request.asked_at,
        "expires_at": request.expires_at,
        "dropped": False,
    }
