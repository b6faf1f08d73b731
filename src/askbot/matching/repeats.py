"""Keeping what was worked out for the last lines: a chat says the same few short things again and again."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, TypeVarTuple

More = TypeVarTuple("More")
R = TypeVar("R")
REPEATED = 40
"""Characters of a line that is likely to be said again; longer ones would only fill the memory."""


def kept(most: int) -> Callable[[Callable[[str, *More], R]], Callable[[str, *More], R]]:
    """Keep the results of a pure function of a line for the last `most` short lines; threads may share it."""

    def decorate(function: Callable[[str, *More], R]) -> Callable[[str, *More], R]:
        keeping = lru_cache(maxsize=most)(function)

        def call(text: str, *more: *More) -> R:
            return keeping(text, *more) if len(text) <= REPEATED else function(text, *more)

        return call

    return decorate
