"""Text → marked values: positions, what is refused, and that no bytes raise."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askbot.yaml_marks.marked import Listing, Mapping, Node, Text
from askbot.yaml_marks.reading import read_yaml, repaired
from askbot.yaml_marks.source import MAX_BYTES

TRAPS = Path(__file__).parents[2] / "golden" / "traps"
KEYS = ("主题", "问", "答", "编号")


def plain(node: Node | None) -> object:
    if isinstance(node, Text):
        return f"{node.text}@{node.line}:{node.column}"
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {plain(key): plain(value) for key, value in node}
    return None


MARKS = [
    ("columns count characters", "a: \U0001f600\n", {"a@1:1": "\U0001f600@1:4"}),
    ("after wide characters", "主题: [甲, 乙]\n", {"主题@1:1": ["甲@1:6", "乙@1:9"]}),
    ("a byte order mark has no column", "\ufeffa: b\n", {"a@1:1": "b@1:4"}),
    ("CRLF", "a: b\r\nc: d\r\n", {"a@1:1": "b@1:4", "c@2:1": "d@2:4"}),
    ("a lone CR ends a line", "a: b\rc: d\n", {"a@1:1": "b@1:4", "c@2:1": "d@2:4"}),
    (
        "nothing is resolved",
        "- no\n- 0731\n- 12:30\n- 1e3\n- ~\n- 2026-02-20\n",
        ["no@1:3", "0731@2:3", "12:30@3:3", "1e3@4:3", "~@5:3", "2026-02-20@6:3"],
    ),
    (
        "the first value behind a mended colon",
        "问：  [甲, 乙]\n答: 丙\n",
        {"问@1:1": ["甲@1:6", "乙@1:9"], "答@2:1": "丙@2:4"},
    ),
    ("a quoted text begins at its quote", "a: '甲'\n", {"a@1:1": "甲@1:4"}),
]


@pytest.mark.parametrize(("_why", "text", "tree"), MARKS, ids=[case[0] for case in MARKS])
def test_marks(_why: str, text: str, tree: object) -> None:
    assert plain(read_yaml("x", text.encode(), KEYS).root) == tree


REFUSED = [
    ("NUL", b"a: \x00b\n", "1:4:control_character"),
    ("a separator that editors do not show as a line", "a: b\u2028c\n".encode(), "1:5:control_character"),
    ("a byte order mark inside", "a: b\ufeff\n".encode(), "1:5:control_character"),
    ("a lone surrogate", b"a: \xed\xa0\x80\n", "1:4:not_utf8"),
    ("GBK behind good text", "主题: 甲\n答: ".encode() + "道".encode("gbk") + b"\n", "2:4:not_utf8"),
    ("bad UTF-8 behind a byte order mark", b"\xef\xbb\xbfa: \xff", "1:4:not_utf8"),
    ("one byte too many", b"#" * (MAX_BYTES + 1), "1:1:too_big"),
    ("only brackets", b"[" * MAX_BYTES, "1:21:too_deep"),
    ("only braces", b"{a: " * 1000, "1:81:too_deep"),
    ("only dashes", b"- " * 1000, "1:41:too_deep"),
    ("a billion laughs", b"a: &a [x]\nb: [*a, *a]\n", "1:4:anchor"),
    ("a merge key", b"a: 1\n<<: *b\n", "2:5:alias"),
    ("a directive", b"%TAG x\n---\na: b\n", "1:1:tag"),
    ("a list as a key", b"? [a]\n: b\n", "1:3:complex_key"),
]


@pytest.mark.parametrize(("_why", "data", "first"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(_why: str, data: bytes, first: str) -> None:
    faults = read_yaml("x", data).faults
    assert f"{faults[0].line}:{faults[0].column}:{faults[0].code}" == first


SEEDS = [path.read_bytes() for path in sorted(TRAPS.glob("*.yaml"))]
PIECES = [
    "：",
    "\t",
    "　",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    " #",
    "#",
    ":",
    ": ",
    "- ",
    "\n",
    "|",
    ">",
    "&a",
    "*a",
    "!!x",
    "%",
    "? ",
    ",",
    "---\n",
    "\r",
    "\\",
    "\0",
    "\u2028",
    "问",
    "  ",
    "\ufeff",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        piece = draw(st.one_of(st.binary(max_size=4), st.sampled_from(PIECES).map(str.encode)))
        data = data[:at] + piece + data[at + draw(st.integers(0, 6)) :]
    return data


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")), damaged()
    )
)
@example(b"")
@example(b"\r")
def test_no_bytes_raise_and_every_place_is_in_the_file(data: bytes) -> None:
    document = read_yaml("x", data, KEYS)
    for fault in document.faults:
        assert fault.message
        assert fault.hint
        if document.source is not None:
            assert fault.line <= len(document.source.lines)
            assert fault.column <= len(document.source.line(fault.line)) + 1
    assert (
        document.root is not None or document.faults or not data.strip() or b"#" in data or document.source is not None
    )


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_a_fix_changes_only_what_it_names_and_is_stable(data: bytes) -> None:
    mended, faults = repaired(data, KEYS)
    if not faults:
        assert mended == data
    assert mended.count(b"\n") == data.count(b"\n")
    assert mended.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")


FIXED = [
    ("a full-width colon", "问：甲\r\n答：  乙\r\n", "问: 甲\r\n答:  乙\r\n"),
    ("a tab behind a colon", "问:\t甲\n", "问: 甲\n"),
    ("a tab indent takes its neighbours' width", "- 编号: a\n\t问: b\n", "- 编号: a\n  问: b\n"),
    ("full-width indents are two columns wide", "- 编号: a\n　问: b\n", "- 编号: a\n  问: b\n"),
    ("the rest is left alone", '答: "a"b\n问: {x}y\n', '答: "a"b\n问: {x}y\n'),
    ("a full-width colon inside a text stays", "答: 时间：8点\n", "答: 时间：8点\n"),
    ("a byte order mark stays", "\ufeff问：甲\n", "\ufeff问: 甲\n"),
]


@pytest.mark.parametrize(("_why", "before", "after"), FIXED, ids=[case[0] for case in FIXED])
def test_fixed(_why: str, before: str, after: str) -> None:
    assert repaired(before.encode(), KEYS)[0].decode() == after


def test_all_traps_are_the_ones_expected() -> None:
    assert len(SEEDS) == len(json.loads((TRAPS / "expected.json").read_text(encoding="utf-8")))
