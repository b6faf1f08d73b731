import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from askbot.matching.normalise import LONGEST, normalise, plain
from askbot.matching.numerals import with_digits

WRITINGS = [
    ("３０８線", "308线", "full width and traditional"),
    ("三百零八省道", "308省道", "a number in words"),
    ("三零八", "308", "a number digit by digit"),
    ("二十四小时", "24小时", "tens"),
    ("一起去", "一起去", "a single digit that is none"),
    ("千万别走", "千万别走", "a unit without a digit"),
    ("十字街", "十字街", "ten that counts nothing"),
    ("S308", "s308", "case"),
    ("能走吗吗吗[玫瑰]??", "能走吗 ?", "repeats, a platform's code, marks"),
    ("主播主播看下", "主播看下", "a word said twice"),
    ("封路😭😭了没", "封路 了没", "emoji"),
    ("0000-5510000", "0000-5510000", "digits are never repeats"),
    ("東關大橋", "东关大桥", "traditional"),
]


@pytest.mark.parametrize(("typed", "read", "why"), WRITINGS)
def test_one_writing_for_all_ways_of_typing(typed: str, read: str, why: str) -> None:
    assert plain(typed) == read, why


def test_names_after_an_at_are_taken_out_and_the_host_is_nobody() -> None:
    assert normalise("@张三 你家封了没").to == ("张三",)
    assert normalise("@主播 大桥通了吗").to == ()
    assert normalise("@主播 大桥通了吗").text == "大桥通了吗"


@given(st.text(max_size=60))
@example("十一百二十三")
@example("一二一二三零八零八零八")
@example("Ⅷ①㈠㍿ﷺ")
@example("\u0345ΐİẞ")
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = plain(typed)
    assert plain(once) == once


@given(st.text(alphabet="零一二三四五六七八九十百千两〇幺点号路", max_size=12))
def test_numbers_in_words_never_break(typed: str) -> None:
    assert isinstance(with_digits(typed), str)


def test_a_line_is_read_up_to_its_limit() -> None:
    assert len(normalise("路" + "封通" * LONGEST).text) <= LONGEST
