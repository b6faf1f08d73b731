"""A reply that waits and shall not be said by the bot any more becomes a ticket with the text as suggestion."""

from collections.abc import Sequence
from datetime import datetime

from askbot.domain.replies import ReplyState
from askbot.matching import Matcher
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.effects import Register
from askbot.services.needs import needs_of_reply

WHY = {
    "suggested": "自动回复已暂停：答案不自动发出，由值班人员处理。",
    "muted": "这一条知识已停用自动回复，由值班人员处理。",
}
"""By cause, what an assistant reads."""


def withdraw(
    uow: UnitOfWork, row: Row, askers: Sequence[Row], *, cause: str, matcher: Matcher, register: Register, at: datetime
) -> None:
    """Withdraw a waiting reply and put its askers' needs into the queue. `cause`: suggested or muted."""
    uow.replies.change(row["id"], {"state": ReplyState.WITHDRAWN.value, "note": cause, "lease_until": None})
    uow.events.count(row["room"], f"replies.withdrawn.{cause}")
    uow.events.append(row["room"], "reply", row["id"], {"state": ReplyState.WITHDRAWN.value})
    needs = needs_of_reply(matcher.knowledge, row, askers, reason=cause, why=WHY[cause], at=at)
    if needs:
        register(uow, needs, at)
