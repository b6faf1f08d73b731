"""A client that remembers how its last sending went, so that an operator sees a platform that cannot be reached."""

from askbot.domain.replies import Channel, OutgoingReply
from askbot.errors import DeliveryError
from askbot.ports.platform import PlatformClient


class ObservedClient:
    """See ports.platform.PlatformClient. `reachable` is None until something was sent; a refusal is an answer too."""

    def __init__(self, client: PlatformClient) -> None:
        self._client = client
        self.reachable: bool | None = None
        self.problem: str | None = None

    @property
    def channel(self) -> Channel:
        """The client's."""
        return self._client.channel

    async def send(self, reply: OutgoingReply) -> None:
        """Send, and remember how it went; raises what the client raises."""
        try:
            await self._client.send(reply)
        except DeliveryError as error:
            self.reachable, self.problem = error.permanent, error.message
            raise
        self.reachable, self.problem = True, None

    async def close(self) -> None:
        """Release the client's connections."""
        await self._client.close()
