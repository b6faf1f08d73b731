"""Strangers' words made harmless, and the best wording of a cluster."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askbot.domain.ticket_wording import best_wording, tidy, unsayable


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        ("308现在能走不？", "308现在能走不？", "plain text stays"),
        ("a\x00b\x1bc", "a b c", "control characters are gaps"),
        ("一\n二\t三\u2028四", "一 二 三 四", "one line"),
        ("\u202eabc\u2066d\u200b", "abcd", "nothing turns or hides"),
        ("e" + "\u0301" * 9, "e\u0301\u0301", "marks do not pile up"),
        ("好\ud800的", "好的", "no lone surrogate"),
        ("  a　 b  ", "a b", "full-width gaps too"),
        ("长" * 400, "长" * 299 + "…", "bounded, and says so"),
        ("👍好", "👍好", "emoji stay"),
        ("\x00\u200b", "", "nothing is left of nothing"),
    ],
)
def test_tidy(text: str, shown: str, reason: str) -> None:
    assert tidy(text) == shown, reason


@given(st.text(st.characters(), max_size=700))
def test_tidy_is_idempotent_bounded_and_storable(text: str) -> None:
    shown = tidy(text)
    assert tidy(shown) == shown
    assert len(shown) <= 300
    shown.encode()
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs"}
    assert unsayable(shown) is None


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "\u202eabc", "\u2067x", "\ud800", "a\u2028b", "\x7f"])
def test_unsayable(text: str) -> None:
    assert unsayable(text) is not None


def test_sayable() -> None:
    assert unsayable("已开通👨‍👩‍👧，ñ é，请绕行！") is None


@pytest.mark.parametrize(
    ("texts", "marks", "best", "reason"),
    [
        (
            ["那308呢", "省道308线现在能走吗", "请问领导省道308线现在到底能不能走啊急"],
            ["省道308线"],
            "省道308线现在能走吗",
            "the shortest whole one",
        ),
        (["现在能走吗", "308现在能走不"], ["省道308线"], "308现在能走不", "the item's number names it"),
        (
            ["省道307线能走不", "它能走不能走呀呀呀"],
            ["省道308线"],
            "省道307线能走不",
            "none names it: the first of equals",
        ),
        (["308呢", "308能走"], ["308"], "308能走", "of fragments the longest"),
        (["x" * 50, "x" * 45], [], "x" * 45, "of long ones the shortest"),
        (["", "停水到几点"], [], "停水到几点", "an erased text is none"),
        ([], [], "", "none"),
    ],
)
def test_best_wording(texts: list[str], marks: list[str], best: str, reason: str) -> None:
    assert best_wording(texts, marks) == best, reason
