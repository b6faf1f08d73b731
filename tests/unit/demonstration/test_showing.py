"""What the terminal gets: a stranger's text is on one line, bounded, and obeyed by nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.demonstration.receiver import Said
from askbot.demonstration.service import COUNTY_TIME
from askbot.demonstration.showing import Painter, harmless, summary
from askbot.demonstration.verdict import Verdict
from askbot.demonstration.watching import SeenMessage

HOSTILE = [
    ("\x1b[31m红\x1b[0m", "<001B>[31m红<001B>[0m"),
    ("a\nb\rc\td", "a<000A>b<000D>c<0009>d"),
    ("\u202e反\u202c", "<202E>反<202C>"),
    ("零\u200b宽", "零<200B>宽"),
    ("\ud800", "<D800>"),
    ("字" * 100, "字" * 59 + "…"),
    ("好 [玫瑰] 👍", "好 [玫瑰] 👍"),
]
PLAIN, COLOURED = Painter(colours=False), Painter(colours=True)
NINE = COUNTY_TIME.timestamp()


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_hostile_text_is_made_harmless(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = harmless(text)
    assert all(character == " " or unicodedata.category(character)[0] not in "CZ" for character in shown)


def test_a_message_and_its_way_into_the_queue() -> None:
    decision = {"action": "escalate", "reason": "stale", "entry": "price"}
    message = SeenMessage(id="m", text="橘子\x07多少钱", user_name="赵", decisions=[decision])
    assert list(PLAIN.message(NINE, message)) == [
        "09:00:00 弹幕  赵：橘子<0007>多少钱",
        "         进队列  待核实，最接近 price",
    ]


def test_chatter_is_dimmed_on_a_terminal_only() -> None:
    message = SeenMessage(id="m", text="666", user_name="赵", decisions=[{"action": "ignore"}])
    assert list(PLAIN.message(NINE, message)) == ["09:00:00 弹幕  赵：666"]
    (line,) = COLOURED.message(NINE, message)
    assert line == "\x1b[2m09:00:00 弹幕  赵：666\x1b[0m"


def test_a_reply_names_some_and_counts_all() -> None:
    said = Said(id="r", text="封了\n", in_reply_to=(), mentions=("甲", "乙", "丙", "丁"), askers=4)
    assert PLAIN.reply(NINE, said) == "09:00:00 回复  @甲、@乙、@丙 等4人 封了<000A>"


def test_the_summary_tells_what_is_missing_but_not_without_end() -> None:
    verdict = Verdict(
        delivered=3, messages=2, actions={"answer": 1}, said=1, told=1, dropped=0, repeats=0, tickets=0,
        missing=tuple(f"m{n}" for n in range(30)),
    )  # fmt: skip
    lines = list(summary(verdict))
    assert lines[0] == "送来 3 条（含重复投递），存下 2 条"
    assert "回答 1，反问 0" in lines[1]
    assert lines[-1] == "缺：另有 10 处"
