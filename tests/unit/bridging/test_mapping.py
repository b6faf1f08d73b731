"""The mapping file: what it may say, and how its faults are told."""

import json
from pathlib import Path

import pytest

from askbot.bridging.lines import read_line
from askbot.bridging.mapping import load_mapping, read_mapping
from askbot.domain.faults import Fault
from askbot.errors import SettingsError

YOUTUBE = b"""\
messages: items[]
only: {snippet.type: [textMessageEvent]}
text: snippet.displayMessage
user.id: authorDetails.channelId
user.name: {path: authorDetails.displayName, default: somebody}
sent_at: {path: snippet.publishedAt, unit: iso}
"""
FAULTY = [
    (b"idd: x\n", 1, 1, "unknown_key"),
    (b"text: x\nid: a..b\n", 2, 5, "bad_path"),
    (b"id: {path: a, unit: hours}\n", 1, 21, "bad_choice"),
    (b"only: {a..b: c}\n", 1, 8, "bad_path"),
    (b"only: {a: {b: c}}\n", 1, 11, "wrong_type"),
    (b"text:\n", 1, 1, "empty_value"),
    (b"- a\n", 1, 1, "wrong_type"),
]


def test_a_mapping_of_youtubes_chat() -> None:
    mapping = read_mapping("youtube.yaml", YOUTUBE)
    item = {
        "id": "yt1",
        "snippet": {"type": "textMessageEvent", "displayMessage": "308通了吗", "publishedAt": "2026-02-12T01:00:00Z"},
        "authorDetails": {"channelId": "UC1"},
    }
    other = {"id": "yt2", "snippet": {"type": "superChatEvent"}}
    (line,), over = read_line(1, json.dumps({"items": [item, other]}).encode(), mapping)
    assert (line.id, line.text, line.user_id, line.user_name, over) == ("yt1", "308通了吗", "UC1", "somebody", 1)
    assert line.sent_at is not None


@pytest.mark.parametrize(("data", "line", "column", "code"), FAULTY)
def test_a_fault_stands_at_its_place(data: bytes, line: int, column: int, code: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_mapping("map.yaml", data)
    assert [(f.line, f.column, f.code) for f in caught.value.faults if isinstance(f, Fault)] == [(line, column, code)]


def test_an_empty_or_missing_file_is_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        read_mapping("map.yaml", b"")
    with pytest.raises(SettingsError, match="cannot read"):
        load_mapping(tmp_path / "none.yaml")
