"""Paths into JSON: what they find, and what is no path."""

import pytest

from askbot.bridging.paths import parse_path

VALUE = {"a": {"b": [{"c": 1}, {"c": 2}]}, "n": None, "汉": {"字": "x"}}
FOUND = [
    ("a.b[0].c", [1]),
    ("a.b[-1].c", [2]),
    ("a.b[].c", [1, 2]),
    ("a.b[2].c", []),  # beyond the end
    ("a.b.c", []),  # a list has no keys
    ("a[].b", []),  # a mapping has no elements
    ("n", [None]),  # present and null
    ("n.x", []),
    ("汉.字", ["x"]),
    ("missing", []),
]
WRONG = ["", ".", "a.", ".a", "a..b", "a.[0]", "a[", "a[x]", "a]b", "a[0]b", ".".join("a" * 21)]


@pytest.mark.parametrize(("path", "values"), FOUND)
def test_a_path_finds(path: str, values: list[object]) -> None:
    assert parse_path(path).find(VALUE) == values


@pytest.mark.parametrize("path", WRONG)
def test_no_path(path: str) -> None:
    with pytest.raises(ValueError):
        parse_path(path)


def test_a_path_may_begin_with_an_element() -> None:
    assert parse_path("[].id").find([{"id": 1}, {"id": 2}]) == [1, 2]
