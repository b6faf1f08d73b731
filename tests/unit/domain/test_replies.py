"""Share, back-off, and values that refuse nonsense."""

from datetime import timedelta

import pytest

from askbot.domain.replies import ReplyPolicy, backoff


@pytest.mark.parametrize(
    ("messages", "said", "left"),
    [
        (0, 0, 6),  # a quiet room still gets six a minute
        (29, 5, 1),  # .2 × 29 = 5, the floor is 6
        (100, 6, 14),
        (100, 20, 0),
        (10, 50, 0),  # the room went quiet after a flood: never below nothing
    ],
)
def test_allowance_is_the_share_but_at_least_six(messages: int, said: int, left: int) -> None:
    assert ReplyPolicy(room_share=0.2).allowance(messages=messages, said=said) == left


@pytest.mark.parametrize(
    ("attempt", "roll", "seconds"),
    [(1, 0.0, 0.25), (1, 1.0, 0.5), (2, 1.0, 1.0), (5, 1.0, 8.0), (6, 1.0, 10.0), (60, 0.0, 5.0)],
)
def test_backoff_doubles_with_jitter_up_to_a_bound(attempt: int, roll: float, seconds: float) -> None:
    assert backoff(attempt, roll=lambda: roll) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "wrong",
    [{"cooldown": timedelta(seconds=-1)}, {"max_age": timedelta(0)}, {"room_share": 1.1}, {"room_share": -0.1}],
)
def test_a_policy_refuses_nonsense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ReplyPolicy(**wrong)  # type: ignore[arg-type]
