"""Decisions are counted once each, by action and reason."""

import pytest

from askbot.web.gauges import split_decisions


@pytest.mark.parametrize(
    ("counters", "split"),
    [
        ({}, []),
        ({"messages": 5.0, "replies.said": 2.0}, []),
        ({"decisions.answer": 3.0}, [("answer", "", 3.0)]),
        (
            {"decisions.escalate": 5.0, "decisions.escalate.unsure": 2.0, "decisions.escalate.no_entry": 3.0},
            [("escalate", "no_entry", 3.0), ("escalate", "unsure", 2.0)],
        ),
        (
            {"decisions.clarify": 4.0, "decisions.clarify.unlisted": 1.0},
            [("clarify", "unlisted", 1.0), ("clarify", "", 3.0)],
        ),
    ],
)
def test_split(counters: dict[str, float], split: list[tuple[str, str, float]]) -> None:
    assert list(split_decisions(counters)) == split
