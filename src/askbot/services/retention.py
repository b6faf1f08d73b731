"""Retention (留存): names go after one time, texts after another; what is only of the moment goes within the hour."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

import structlog

from askbot.domain.chat import CONVERSATION_SPAN
from askbot.errors import OverloadError, StoreError
from askbot.ports import Clock
from askbot.ports.storage import Store, UnitOfWork

LOG = structlog.get_logger(__name__)
EVERY = 600.0
"""Seconds between two rounds."""
BATCH = 500
"""Rows a transaction: retention must not hold up the chat."""
MOMENT = max(timedelta(hours=1), 2 * CONVERSATION_SPAN)
"""How long conversations, traffic and events are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How long names and texts of viewers are kept."""

    names: timedelta = timedelta(days=7)
    texts: timedelta = timedelta(days=30)


def pseudonym_maker(key: bytes) -> Callable[[str, str], str]:
    """Pseudonyms that stay the same for a viewer, and that nobody without the key can compute from the id."""

    def pseudonym(source: str, user_id: str) -> str:
        digest = blake2b(f"{source}\x00{user_id}".encode("utf-8", "surrogatepass"), key=key[:64], digest_size=9)
        return f"~{digest.hexdigest()}"

    return pseudonym


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Erases what is too old; `run` is a background task."""

    store: Store
    policy: RetentionPolicy
    clock: Clock
    pseudonym: Callable[[str, str], str]

    async def run(self) -> None:
        """A round now and every ten minutes, until cancelled."""
        while True:
            try:
                await self.round()
            except (StoreError, OverloadError) as error:
                LOG.warning("retention.failed", code=error.code)
            await asyncio.sleep(EVERY)

    async def round(self) -> int:
        """Erase all that is due, in small transactions; how many rows."""
        total = 0
        while changed := await self.store.write(self._erase, None, rooms=()):
            total += changed
            await asyncio.sleep(0)
        await self.store.write(self._tidy, None, rooms=())
        if total:
            LOG.info("retention.erased", rows=total)
        return total

    def _erase(self, uow: UnitOfWork, asked: Sequence[None]) -> list[int]:
        now = self.clock()
        names, texts = now - self.policy.names, now - self.policy.texts
        changed = uow.personal.pseudonymise_before(names, self.pseudonym, limit=BATCH)
        changed += uow.personal.erase_texts_before(texts, limit=BATCH)
        return [changed] * len(asked)

    def _tidy(self, uow: UnitOfWork, asked: Sequence[None]) -> list[int]:
        now = self.clock()
        uow.tickets.pseudonymise_before(now - self.policy.names, self.pseudonym)
        uow.tickets.erase_text_before(now - self.policy.texts)
        return [uow.personal.tidy_before(now - MOMENT)] * len(asked)


async def forget(store: Store, source: str, user_id: str) -> int:
    """Erase at once what is kept of one viewer (被遗忘); how many rows."""
    return await store.write(_forget, (source, user_id), rooms=())


def _forget(uow: UnitOfWork, viewers: Sequence[tuple[str, str]]) -> list[int]:
    return [uow.personal.forget(*viewer) + uow.tickets.forget_user(*viewer) for viewer in viewers]
