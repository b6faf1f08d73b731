"""How long the event loop was held up (卡顿): the longest stall of the last minute, and since the start."""

import asyncio
from collections.abc import Callable
from time import monotonic

EVERY = 0.02
SPAN = 10.0
KEPT = 6
"""Spans that make the window: a minute."""


class StallMeter:
    """`run` is a background loop; it sleeps a little and sees how much later it wakes."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._spans: list[float] = [0.0]
        self._span_end = clock() + SPAN
        self.longest = 0.0

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = self._clock()
            await asyncio.sleep(EVERY)
            self.saw(self._clock() - before - EVERY)

    def saw(self, stall: float) -> None:
        """Note a stall, in seconds."""
        self._roll()
        self._spans[-1] = max(self._spans[-1], stall)
        self.longest = max(self.longest, stall)

    def recent(self) -> float:
        """The longest of the last minute, in seconds."""
        self._roll()
        return max(self._spans)

    def _roll(self) -> None:
        now = self._clock()
        while now >= self._span_end:
            behind = int((now - self._span_end) // SPAN)
            self._spans = [*self._spans, 0.0][-KEPT:] if behind < KEPT else [0.0]
            self._span_end += SPAN * (1 if behind < KEPT else behind + 1)
