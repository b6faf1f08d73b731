"""A wording loses its source first, then names from its list, and never a word of its own."""

import pytest

from askbot.domain.wording import NameList, Wording
from askbot.errors import TooLongError

ROADS = Wording(parts=("封闭：", NameList(names=("甲路", "乙路", "丙路")), "。"), source="通告3号")


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (99, "封闭：甲路、乙路、丙路。（通告3号）"),
        (18, "封闭：甲路、乙路、丙路。（通告3号）"),
        (17, "封闭：甲路、乙路、丙路。"),  # the source goes first
        (12, "封闭：甲路、乙路、丙路。"),
        (11, "封闭：甲路等3处。"),  # 甲路、乙路等3处 would have 12
        (9, "封闭：甲路等3处。"),
    ],
)
def test_fits_by_giving_up_source_then_names(limit: int, text: str) -> None:
    assert ROADS.fitted(limit) == text


def test_never_cuts_a_sentence() -> None:
    with pytest.raises(TooLongError):
        ROADS.fitted(8)


def test_counts_as_the_platform_counts() -> None:
    wording = Wording.plain("限行")
    with pytest.raises(TooLongError):
        wording.fitted(5, lambda text: len(text.encode()))
    assert wording.fitted(6, lambda text: len(text.encode())) == "限行"


def test_full_shows_everything_that_cannot_be_cut() -> None:
    assert Wording.plain("长" * 500, "据").full() == "长" * 500
