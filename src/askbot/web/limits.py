"""How much a source may send: a token bucket per source, on a monotonic clock that is given."""

import math
from collections.abc import Callable
from time import monotonic

from askbot.errors import OverloadError


class TokenBucket:
    """At most `count` at once and `count` per `seconds` in the long run. For one event loop."""

    __slots__ = ("_at", "_clock", "_count", "_left", "_per_second")

    def __init__(self, count: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._count = float(count)
        self._per_second = count / seconds
        self._clock = clock
        self._left = self._count
        self._at = clock()

    def take(self) -> None:
        """Take one; OverloadError (429) with the seconds to wait when there is none."""
        now = self._clock()
        left = min(self._count, self._left + (now - self._at) * self._per_second)
        self._at = now
        if left < 1.0:
            self._left = left
            wait = max(1, math.ceil((1.0 - left) / self._per_second))
            raise OverloadError("this source sends too much", code="rate_limited", status=429, retry_after=wait)
        self._left = left - 1.0
