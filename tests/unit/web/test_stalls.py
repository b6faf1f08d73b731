"""Stalls of the event loop: the longest of the last minute, and since the start."""

import pytest

from askbot.web.stalls import StallMeter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("stalls", "at", "recent", "longest"),
    [
        ({}, 0, 0.0, 0.0),
        ({1: 0.2}, 5, 0.2, 0.2),
        ({1: 0.2, 30: 0.1}, 45, 0.2, 0.2),  # the longest, not the last
        ({1: 0.2, 30: 0.1}, 75, 0.1, 0.2),  # a minute later it is forgotten
        ({1: 0.2}, 10_000, 0.0, 0.2),  # nothing happened for long
    ],
)
def test_the_window(stalls: dict[int, float], at: int, recent: float, longest: float) -> None:
    clock = Clock()
    meter = StallMeter(clock)
    for moment, stall in stalls.items():
        clock.now = moment
        meter.saw(stall)
    clock.now = at
    assert (meter.recent(), meter.longest) == (recent, longest)
