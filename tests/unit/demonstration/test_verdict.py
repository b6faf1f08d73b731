"""The verdict: what counts as missing, and what does not."""

from dataclasses import replace

import pytest

from askbot.bridging.lines import ChatLine
from askbot.demonstration.receiver import Said
from askbot.demonstration.recording import Recorded
from askbot.demonstration.verdict import Outcome, judge
from askbot.demonstration.watching import SeenMessage, SeenReply


def recorded(name: str, text: str = "308封了没") -> Recorded:
    return Recorded(at=0.0, line=ChatLine(number=1, id=name, text=text, user_id="u", user_name="甲"))


def stored(name: str, *actions: str, text: str = "308封了没") -> SeenMessage:
    decisions = [
        {"action": a, "entry": None if a == "ignore" else "road", "item": None, "reason": None} for a in actions
    ]
    return SeenMessage(id=name, text=text, user_name="甲", decisions=decisions)


def queued(name: str, state: str, answers: set[str], dropped: set[str] = frozenset(), entry: str = "road") -> SeenReply:  # type: ignore[assignment]
    return SeenReply(
        id=name, state=state, channel="demo", kind="answer", text="封了", entry=entry, item=None,
        answers=frozenset(answers), dropped=frozenset(dropped),
    )  # fmt: skip


def arrived(name: str, *answers: str) -> Said:
    return Said(id=name, text="封了", in_reply_to=answers, mentions=("甲",), askers=len(answers))


GOOD = Outcome(
    recording=[recorded("a"), recorded("b"), recorded("c"), recorded("a")],
    messages=[stored("a", "answer"), stored("b", "ignore"), stored("c", "answer", "escalate")],
    replies=[queued("r1", "said", {"a", "c"})],
    tickets=1,
    said={"r1": arrived("r1", "a", "c")},
)
WRONG = [
    (replace(GOOD, messages=GOOD.messages[1:]), "a：存了 0 次"),
    (replace(GOOD, messages=[*GOOD.messages, stored("b", "ignore")]), "b：存了 2 次"),
    (replace(GOOD, messages=[stored("a", "answer"), stored("b"), stored("c", "answer")]), "b：没有判定"),
    (replace(GOOD, messages=[*GOOD.messages[:1], stored("b", "ignore", text="x"), GOOD.messages[2]]), "b：存的不是"),
    (replace(GOOD, said={}), "a：answer（road）没有送到"),  # said, says the server, but it never came
    (replace(GOOD, said={"r1": arrived("r1", "a")}), "c：answer（road）没有送到"),  # one asker left out
    (replace(GOOD, replies=[queued("r1", "failed", {"a", "c"})], said={}), "没有送到"),
    (replace(GOOD, replies=[queued("r1", "said", {"a", "c"}, entry="bus")]), "没有送到"),  # an answer to something else
    (replace(GOOD, messages=[GOOD.messages[0], GOOD.messages[1], stored("c", "clarify")], said={}), "c：clarify"),
    (replace(GOOD, refused=1), "签名或格式不对"),
    (replace(GOOD, contradictions=["r1"]), "两种话"),
    (replace(GOOD, said={**GOOD.said, "r9": arrived("r9")}), "不在记录里"),
]
DROPPED = [
    replace(GOOD, replies=[queued("r1", "dropped", {"a", "c"})], said={}),  # the whole reply came too late
    replace(GOOD, replies=[queued("r1", "dropped", set(), {"a", "c"})], said={}),
    replace(GOOD, replies=[queued("r1", "said", {"a"}, {"c"})], said={"r1": arrived("r1", "a")}),  # one asker did
]


def test_all_decided_and_told_is_good() -> None:
    verdict = judge(GOOD)
    assert verdict.missing == ()
    assert (verdict.delivered, verdict.messages, verdict.said, verdict.told, verdict.dropped) == (4, 3, 1, 2, 0)
    assert verdict.actions == {"answer": 2, "ignore": 1, "escalate": 1}


@pytest.mark.parametrize(("outcome", "told"), WRONG)
def test_what_is_missing_is_told(outcome: Outcome, told: str) -> None:
    verdict = judge(outcome)
    assert not verdict.good
    assert any(told in line for line in verdict.missing), verdict.missing


@pytest.mark.parametrize("outcome", DROPPED)
def test_a_counted_drop_is_not_missing(outcome: Outcome) -> None:
    verdict = judge(outcome)
    assert verdict.good, verdict.missing
    assert verdict.dropped > 0
