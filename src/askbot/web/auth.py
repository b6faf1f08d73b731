"""Who calls: the bearer token of a request, looked up each time, so that a revoked one ends at once everywhere."""

import re

from aiohttp import web

from askbot.ports.storage import UnitOfWork
from askbot.services.access import Caller, caller_with, digest_of
from askbot.web.errors import UnauthorizedError
from askbot.web.parts import Parts

_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")


def bearer(request: web.Request) -> str:
    """The token of the Authorization header; UnauthorizedError when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token):
        raise UnauthorizedError("a bearer token is needed")
    return token


async def caller_of(request: web.Request, parts: Parts) -> Caller:
    """Who calls; UnauthorizedError for a token that is not in force."""
    digest, now = digest_of(bearer(request)), parts.clock()

    def find(uow: UnitOfWork) -> Caller | None:
        return caller_with(uow, digest, now)

    caller = await parts.store.read(find)
    if caller is None:
        raise UnauthorizedError("this token is not known, was revoked or has expired")
    return caller
