"""What the queue must know of a need that a person shall see, completed from the knowledge."""

from collections.abc import Sequence
from datetime import datetime

from askbot.domain.decision import Candidate, Gist
from askbot.domain.knowledge import Knowledge, Priority
from askbot.domain.tickets import NewNeed
from askbot.ports.storage import Row


def new_need(
    knowledge: Knowledge,
    *,
    room: str,
    source: str,
    message_id: str,
    user_id: str,
    user_name: str,
    text: str,
    at: datetime,
    reason: str,
    why: str,
    entry: str | None = None,
    item: str | None = None,
    unlisted: str | None = None,
    gist: Gist | None = None,
    candidates: tuple[Candidate, ...] = (),
    suggestion: str | None = None,
) -> NewNeed:
    """A need with the topic, department and level of its entry, or of the nearest one where it has none."""
    nearest = entry or next((c.entry for c in candidates), None)
    about = knowledge.entry(nearest) if nearest else None
    return NewNeed(
        room=room,
        source=source,
        message_id=message_id,
        user_id=user_id,
        user_name=user_name,
        text=text,
        at=at,
        reason=reason,
        entry=entry,
        item=item,
        unlisted=unlisted,
        gist=gist,
        candidates=candidates,
        suggestion=suggestion,
        topic=about.topic if about else None,
        department=about.department if about else None,
        priority=about.priority if about and entry else Priority.NORMAL,
        why=why,
        knowledge_version=knowledge.version,
    )


def needs_of_reply(
    knowledge: Knowledge, reply: Row, askers: Sequence[Row], *, reason: str, why: str, at: datetime
) -> list[NewNeed]:
    """The needs of all who wait for this reply: it shall not, or could not, be said by the bot."""
    return [
        new_need(
            knowledge,
            room=reply["room"],
            source=asker["source"],
            message_id=asker["message_id"],
            user_id=asker["user_id"],
            user_name=asker["user_name"],
            text=asker["need"],
            at=at,
            reason=reason,
            why=why,
            entry=reply["entry"],
            item=reply["item"],
            unlisted=reply["unlisted"],
            suggestion=reply["text"],
        )
        for asker in askers
    ]
