"""The bars (门槛) that a score must pass; `tune` may set them for a county."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What a confidence must reach.

    `answer`: the bot answers; `margin`: how much better than the next entry it must be; `clarify`: an entry is taken
    to be meant, so that its item may be asked back; `near`: an entry is offered as a candidate.
    """

    answer: float = 0.62
    margin: float = 0.12
    clarify: float = 0.5
    near: float = 0.12

    def __post_init__(self) -> None:
        if not 0.0 <= self.near <= self.clarify <= self.answer <= 1.0 or not 0.0 <= self.margin <= 1.0:
            raise ValueError("bars must hold 0 ≤ near ≤ clarify ≤ answer ≤ 1 and 0 ≤ margin ≤ 1")
