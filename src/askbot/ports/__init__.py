"""What the inside asks of the outside, as Protocols: the clock, the store, a platform. Implementations are adapters."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
