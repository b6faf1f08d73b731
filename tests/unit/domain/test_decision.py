"""The JSON form of a decision is a contract: ten keys always, null where they do not apply."""

import pytest

from askbot.domain.decision import (
    Answer,
    Candidate,
    Clarify,
    Decision,
    Defer,
    Escalate,
    Gist,
    Ignore,
    Reason,
    decision_form,
)
from askbot.domain.wording import Wording

SAY = Wording.plain("请绕行")
KEYS = {"action", "entry", "item", "unlisted", "reason", "confidence", "reply", "why", "candidates"}


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (
            Answer(need="q", entry="e", item="i", confidence=0.97, wording=SAY, why="w"),
            {"action": "answer", "entry": "e", "item": "i", "reason": None, "confidence": 0.97, "reply": "请绕行"},
        ),
        (
            Clarify(need="q", entry="e", confidence=0.5, wording=SAY, why="w", candidates=(Candidate(entry="e"),)),
            {"action": "clarify", "item": None, "reply": "请绕行"},
        ),
        (
            Escalate(need="q", reason=Reason.UNLISTED, entry="e", unlisted="甲路", why="w", gist=Gist(text="q")),
            {"action": "escalate", "reason": "unlisted", "unlisted": "甲路", "reply": None},
        ),
        (Defer(need="q", why="w", gist=Gist(text="q")), {"action": "defer", "reason": "off_theme"}),
        (Ignore(need="q", kind="greeting", why="w"), {"action": "ignore", "entry": None, "candidates": []}),
    ],
)
def test_form(decision: Decision, expected: dict[str, object]) -> None:
    form = decision_form(decision)
    assert set(form) == KEYS
    assert form["why"] == "w"
    assert {key: form[key] for key in expected} == expected


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_candidate_refuses_a_confidence_that_is_none(confidence: float) -> None:
    with pytest.raises(ValueError):
        Candidate(entry="e", confidence=confidence)
