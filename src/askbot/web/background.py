"""Background loops of the service: started together, watched, and ended in order. One that dies turns readiness off."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

LOG = structlog.get_logger(__name__)
Loop = Callable[[], Awaitable[None]]


class Background:
    """Keeps the loops. `stopping` is true from the moment that the service takes no more."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.stopping = False

    def start(self, name: str, loop: Loop) -> None:
        """Run the loop until `stop`."""
        self._tasks[name] = asyncio.create_task(self._watched(name, loop), name=f"askbot {name}")

    async def _watched(self, name: str, loop: Loop) -> None:
        try:
            await loop()
        except Exception:
            LOG.exception("background.died", loop=name)
            raise
        if not self.stopping:
            LOG.error("background.ended", loop=name)

    def alive(self) -> Mapping[str, bool]:
        """Which of the loops still run."""
        return {name: not task.done() for name, task in self._tasks.items()}

    async def stop(self, name: str, *, within: float) -> None:
        """Cancel a loop and wait until it has ended, at most `within` seconds."""
        task = self._tasks.pop(name, None)
        if task is None:
            return
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=within)
        if not done:
            LOG.error("background.stuck", loop=name)
        elif not task.cancelled():
            task.exception()  # told when it died
