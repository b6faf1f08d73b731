"""Who may do what: bearer tokens, kept as digests, and one table of role × operation."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from askbot.domain.tickets import Move
from askbot.errors import ForbiddenError
from askbot.ports.storage import Row, UnitOfWork
from askbot.web.errors import UnauthorizedError
from askbot.web.parts import Parts

PREFIX = "askbot_"
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")


class Role(StrEnum):
    """主持人 host, 助理 assistant, 办事员 clerk (of one department), 管理员 admin."""

    HOST = "host"
    ASSISTANT = "assistant"
    CLERK = "clerk"
    ADMIN = "admin"


class Right(StrEnum):
    """A kind of operation."""

    LOOK = "look"  # rooms and counters
    CHAT = "chat"  # messages, replies, live events: they name viewers
    QUEUE = "queue"  # tickets; a clerk's own department's only
    MOVE = "move"  # moves of tickets, as MOVES_OF says
    SWITCH = "switch"  # a room's mode
    MUTE = "mute"  # an entry
    BLOCK = "block"  # a viewer
    ASK = "ask"  # try a question
    KNOWLEDGE = "knowledge"  # version, files, faults
    RELOAD = "reload"  # read the knowledge anew


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.HOST: frozenset({Right.LOOK, Right.CHAT, Right.QUEUE, Right.MOVE, Right.SWITCH, Right.ASK}),
    Role.ASSISTANT: frozenset(Right) - {Right.RELOAD},
    Role.CLERK: frozenset({Right.LOOK, Right.QUEUE, Right.MOVE, Right.ASK, Right.KNOWLEDGE, Right.RELOAD}),
    Role.ADMIN: frozenset(Right),
}
MOVES_OF: Mapping[Role, frozenset[Move]] = {
    Role.HOST: frozenset(Move),
    Role.ASSISTANT: frozenset(Move),
    Role.CLERK: frozenset({Move.ANSWER, Move.RETURN, Move.UNDO}),
    Role.ADMIN: frozenset(Move),
}
"""A clerk answers or returns what was forwarded to the department; the stream's queue is its room's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: `name` is what the history shows."""

    name: str
    role: Role
    department: str | None = None

    def need(self, right: Right) -> None:
        """ForbiddenError unless the role has it."""
        if right not in RIGHTS[self.role]:
            raise ForbiddenError(f"a token of role {self.role.value} may not do this")

    @property
    def own_department(self) -> str | None:
        """The department that a clerk is bound to; None for who sees all."""
        return (self.department or "") if self.role is Role.CLERK else None


def new_token() -> tuple[str, str]:
    """A fresh token of 256 random bits, and the digest under which it is kept."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of a token. A random text of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def bearer(request: web.Request) -> str:
    """The token of the Authorization header; UnauthorizedError when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token):
        raise UnauthorizedError("a bearer token is needed")
    return token


async def caller_of(request: web.Request, parts: Parts) -> Caller:
    """Whose token it is, asked of the database each time: a revoked token ends at once, in every process."""
    digest = digest_of(bearer(request))

    def find(uow: UnitOfWork) -> Row | None:
        return uow.tokens.by_digest(digest)

    row = await parts.store.read(find)
    if row is None or not _in_force(row, parts.clock()):
        raise UnauthorizedError("this token is not known, was revoked or has expired")
    return Caller(name=row["name"], role=Role(row["role"]), department=row["department"])


def _in_force(row: Row, now: datetime) -> bool:
    expires: datetime | None = row["expires_at"]
    return row["revoked_at"] is None and (expires is None or now < expires)
