"""Who may do what (权限): tokens kept as digests, and one table of role × right. Knows no request.

What a caller may do is asked here and nowhere else, whether the caller came with a token or by another door.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from askbot.domain.tickets import Move, Ticket
from askbot.errors import ForbiddenError
from askbot.ports.storage import Row, UnitOfWork

PREFIX = "askbot_"
"""So that a scanner for leaked secrets can know one."""


class Role(StrEnum):
    """主持人 host, 助理 assistant, 办事员 clerk (of one department), 管理员 admin."""

    HOST = "host"
    ASSISTANT = "assistant"
    CLERK = "clerk"
    ADMIN = "admin"


class Right(StrEnum):
    """A kind of operation."""

    LOOK = "look"  # rooms and their counters
    CHAT = "chat"  # messages, replies, live events: they name viewers
    QUEUE = "queue"  # tickets; of a clerk's own department only
    MOVE = "move"  # moves of tickets, as MOVES_OF says
    SWITCH = "switch"  # a room's mode
    MUTE = "mute"  # an entry
    BLOCK = "block"  # a viewer
    ASK = "ask"  # try a question
    KNOWLEDGE = "knowledge"  # version, files, faults
    RELOAD = "reload"  # read the knowledge anew


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.HOST: frozenset({Right.LOOK, Right.CHAT, Right.QUEUE, Right.MOVE, Right.SWITCH, Right.ASK}),
        Role.ASSISTANT: frozenset(Right) - {Right.RELOAD},
        Role.CLERK: frozenset({Right.LOOK, Right.QUEUE, Right.MOVE, Right.ASK, Right.KNOWLEDGE, Right.RELOAD}),
        Role.ADMIN: frozenset(Right),
    }
)
MOVES_OF: Mapping[Role, frozenset[Move]] = MappingProxyType(
    {
        Role.HOST: frozenset(Move),
        Role.ASSISTANT: frozenset(Move),
        Role.CLERK: frozenset({Move.ANSWER, Move.RETURN, Move.UNDO}),
        Role.ADMIN: frozenset(Move),
    }
)
"""A clerk answers or returns what was forwarded to the department; the stream's own queue is the stream's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who acts: `name` is what the history shows."""

    name: str
    role: Role
    department: str | None = None

    def need(self, right: Right) -> None:
        """ForbiddenError unless the role has it."""
        if right not in RIGHTS[self.role]:
            raise ForbiddenError(f"the role {self.role.value} may not do this")

    def may_see(self, ticket: Ticket) -> bool:
        """Whether this ticket is the caller's business: a clerk's is the department's."""
        return self.role is not Role.CLERK or self.own_department == (ticket.forwarded_to or ticket.department)

    @property
    def own_department(self) -> str | None:
        """The department that a clerk is bound to ("" for a clerk without one, who sees nothing); None: all."""
        return (self.department or "") if self.role is Role.CLERK else None

    def need_move(self, move: Move, ticket: Ticket) -> None:
        """ForbiddenError unless the caller may make this move of this ticket."""
        own = self.own_department
        if move not in MOVES_OF[self.role] or (own is not None and own != ticket.forwarded_to):
            raise ForbiddenError(f"the role {self.role.value} may not make this move of this ticket")


def new_token() -> tuple[str, str]:
    """A fresh token of 256 random bits, and the digest under which it is kept."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of a token. A random text of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def caller_with(uow: UnitOfWork, digest: str, at: datetime) -> Caller | None:
    """Whose token it is; None when it is not known, was revoked or has expired."""
    row = uow.tokens.by_digest(digest)
    if row is None or not _in_force(row, at):
        return None
    return Caller(name=row["name"], role=Role(row["role"]), department=row["department"])


def _in_force(row: Row, at: datetime) -> bool:
    expires: datetime | None = row["expires_at"]
    return row["revoked_at"] is None and (expires is None or at < expires)
