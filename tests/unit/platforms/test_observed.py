"""A client that remembers: what counts as reachable."""

from datetime import UTC, datetime

import pytest

from askbot.domain.replies import Channel, OutgoingReply
from askbot.errors import DeliveryError
from askbot.platforms.observed import ObservedClient

REPLY = OutgoingReply(
    id="r", room="main", channel="x", text="x", in_reply_to=(), mentions=(), askers=1, attempt=1, expires_at=datetime(2026, 2, 12, tzinfo=UTC)
)  # fmt: skip


class Fake:
    """Fails as it is told."""

    channel = Channel(name="x")
    failure: DeliveryError | None = None
    closed = False

    async def send(self, reply: OutgoingReply) -> None:
        assert reply is REPLY
        if self.failure:
            raise self.failure

    async def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("failure", "reachable", "problem"),
    [
        (None, True, None),
        (DeliveryError("no answer", permanent=False), False, "no answer"),
        (DeliveryError("answered 400", permanent=True), True, "answered 400"),  # a refusal is an answer
    ],
)
async def test_how_it_went(failure: DeliveryError | None, reachable: bool, problem: str | None) -> None:
    fake = Fake()
    client = ObservedClient(fake)
    assert (client.reachable, client.channel) == (None, fake.channel)
    fake.failure = failure
    if failure is None:
        await client.send(REPLY)
    else:
        with pytest.raises(DeliveryError):
            await client.send(REPLY)
    assert (client.reachable, client.problem) == (reachable, problem)
    fake.failure = None
    await client.send(REPLY)
    assert (client.reachable, client.problem) == (True, None)
    await client.close()
    assert fake.closed
