"""An official's answer: spoken on the stream, or typed and queued as one reply to all who ask."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from askbot.domain.replies import Channel, Mode, ReplyKind
from askbot.domain.tickets import Ticket
from askbot.errors import ConflictError, InputError
from askbot.ports.queue import TicketNeed
from askbot.ports.storage import ReplyRequest
from askbot.services.desk_moves import Moved, Turn, standing

ChannelOf = Callable[[str], Channel]
"""Source → where its replies go."""


def answer(turn: Turn, channel_of: ChannelOf, max_age: timedelta) -> Moved:
    """Answer it. A text goes to every asker who can be reached, at the latest `max_age` from now.

    ConflictError `room_off` for a text in a room that is switched off; InputError when the text does not fit a channel.
    """
    order, ticket = turn.order, turn.ticket
    if order.spoken:
        after = turn.finish({"spoken": True, "offset_seconds": order.offset}, spoken=True, spoken_offset=order.offset)
        turn.uow.tickets.attract(after.id, None)
        return Moved(ticket=after)
    if turn.uow.switches.load([ticket.room]).modes.get(ticket.room) is Mode.OFF:
        raise ConflictError("the room is switched off: nothing leaves", code="room_off", details=standing(ticket))
    text = order.text or ""
    askers = _reachable(turn.uow.tickets.needs(ticket.id))
    channels = {need.source: channel_of(need.source) for need in askers}
    _fits(text, channels.values())
    expires = order.at + max_age
    requests = [_request(ticket, need, text, channels[need.source].name, expires) for need in askers]
    replies = len({channel.name for channel in channels.values()})
    after = turn.finish({"text": text, "replies": replies}, answer=text, spoken=False, spoken_offset=None)
    turn.uow.tickets.attract(after.id, None)
    if requests:
        turn.uow.replies.request(requests, at=order.at)
    return Moved(ticket=after, replies=replies)


def _reachable(needs: Sequence[TicketNeed]) -> list[TicketNeed]:
    """Each asker's last message, in the order of asking; who was pseudonymised or forgotten is reached no more."""
    last = {need.asker: need for need in needs if not need.anonymous}
    return sorted(last.values(), key=lambda need: need.seq)


def _fits(text: str, channels: Iterable[Channel]) -> None:
    for channel in channels:
        if (length := channel.measure(text)) > channel.limit:
            raise InputError(
                f"text counts {length} on {channel.name}, at most {channel.limit} are taken", code="too_long"
            )


def _request(ticket: Ticket, need: TicketNeed, text: str, channel: str, expires: datetime) -> ReplyRequest:
    return ReplyRequest(
        room=ticket.room,
        channel=channel,
        key=f"ticket:{ticket.id}",
        kind=ReplyKind.MANUAL,
        text=text,
        entry=None,
        item=None,
        knowledge_version=ticket.knowledge_version,
        source=need.source,
        message_id=need.message_id,
        user_id=need.user_id,
        user_name=need.user_name,
        need=need.text,
        asked_at=need.at,
        expires_at=expires,
        ticket=ticket.id,
    )
