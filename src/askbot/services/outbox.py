"""The outbox (待发): takes replies that may leave, says them through their channels, keeps what became of them.

Which may leave is decided under the room's lock: the stop switches, the cooldown of the same answer, the bot's share
of the room's lines, the askers' patience. Sending happens outside of any transaction, under a lease: when a process
dies in the middle, another takes the reply over with the same id, which is its idempotence key.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import structlog

from askbot.domain.replies import OutgoingReply, ReplyPolicy
from askbot.errors import DeliveryError, OverloadError, StoreError
from askbot.ports import Clock
from askbot.ports.platform import PlatformClient
from askbot.ports.storage import Store
from askbot.services.brain import Brain
from askbot.services.dispatch import Dispatch
from askbot.services.effects import Register
from askbot.services.outcomes import Outcome, Outcomes

LOG = structlog.get_logger(__name__)
TICK = 0.25
"""Seconds after which the outbox looks by itself: other processes' replies, ends of cooldowns."""
PAUSE = 0.05
"""Seconds between two looks however many hints come."""
LEASE = timedelta(seconds=15)
"""Longer than any client's time-out: while a process lives, nobody else says its reply."""
CLOSING = 8.0
"""Seconds that a stop waits for replies on their way."""


class Outbox:
    """Says what waits. `run` is a background task; several processes may run one each on the same database."""

    def __init__(
        self,
        *,
        store: Store,
        clients: Mapping[str, PlatformClient],
        policy: ReplyPolicy,
        clock: Clock,
        brain: Brain,
        register: Register,
        owner: str,
    ) -> None:
        self._store = store
        self._clients = clients
        self._clock = clock
        self._dispatch = Dispatch(policy=policy, clock=clock, brain=brain, register=register, owner=owner, lease=LEASE)
        self._outcomes = Outcomes(clock=clock, brain=brain, register=register, owner=owner)
        self._sending: dict[asyncio.Task[None], str] = {}
        self._hint = asyncio.Event()

    @property
    def sending(self) -> int:
        """Replies on their way."""
        return len(self._sending)

    async def run(self) -> None:
        """Say what may leave until cancelled; then wait a while for what is on its way."""
        unsubscribe = self._store.subscribe(self._hint.set)
        try:
            while True:
                await self._look()
                await asyncio.sleep(PAUSE)
                await self._hinted()
        finally:
            unsubscribe()
            if self._sending:
                await asyncio.wait(self._sending, timeout=CLOSING)

    async def _hinted(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK):  # Python 3.11's wait_for can swallow a cancellation that comes with it
                await self._hint.wait()
        self._hint.clear()

    async def _look(self) -> None:
        """One round over the rooms that have something due; a database that fails is asked again later."""
        try:
            now = self._clock()
            for room in await self._store.read(lambda uow: uow.replies.rooms_due(now)):
                busy = Counter(self._sending.values())
                for reply in await self._store.write(self._dispatch.take, (room, busy), rooms=(room,)):
                    self._start(reply)
        except (StoreError, OverloadError) as error:
            LOG.warning("outbox.look_failed", code=error.code)
            await asyncio.sleep(1.0)

    def _start(self, reply: OutgoingReply) -> None:
        task = asyncio.create_task(self._send(reply), name=f"reply {reply.id}")
        self._sending[task] = reply.channel
        task.add_done_callback(self._sending.pop)

    async def _send(self, reply: OutgoingReply) -> None:
        outcome = await self._say(reply)
        if outcome.failure is not None:
            fact = "reply.failed" if outcome.permanent else "reply.delayed"
            LOG.warning(fact, reply=reply.id, channel=reply.channel, attempt=reply.attempt, cause=outcome.failure)
        try:
            await self._store.write(self._outcomes.keep, outcome, rooms=(reply.room,))
        except (StoreError, OverloadError) as error:  # the lease runs out, and it is sent again under the same id
            LOG.warning("reply.outcome_lost", reply=reply.id, code=error.code)
        self._hint.set()

    async def _say(self, reply: OutgoingReply) -> Outcome:
        client = self._clients.get(reply.channel)
        if client is None:
            return Outcome(reply=reply, failure="this channel is not configured any more", permanent=True)
        try:
            await client.send(reply)
        except DeliveryError as error:
            return Outcome(reply=reply, failure=error.message, permanent=error.permanent)
        except Exception as error:
            LOG.exception("reply.client_broke", reply=reply.id, channel=reply.channel, error=type(error).__name__)
            return Outcome(reply=reply, failure=f"defect: {type(error).__name__}", permanent=False)
        return Outcome(reply=reply)
