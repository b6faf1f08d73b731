"""Clerks' mistakes as files: every one is named, at the place where it must be mended, and nothing else is said."""

import json
from datetime import UTC
from pathlib import Path

import pytest

from askbot.knowledge_files import assemble, parse_file

TRAPS = Path(__file__).parents[2] / "golden" / "traps"
EXPECTED: dict[str, list[str]] = json.loads((TRAPS / "expected.json").read_text(encoding="utf-8"))


def found(name: str, data: bytes) -> list[str]:
    _knowledge, faults = assemble([parse_file(name, data)], UTC)
    return sorted(f"{fault.line}:{fault.column}:{fault.code}" for fault in faults)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_trap(name: str) -> None:
    assert found(name, (TRAPS / name).read_bytes()) == sorted(EXPECTED[name])


def test_there_are_enough_and_none_is_silent() -> None:
    assert len(EXPECTED) >= 60
    assert all(EXPECTED.values())
    assert {path.name for path in TRAPS.glob("*.yaml")} == set(EXPECTED)


def test_every_trap_says_how_to_mend_it_in_chinese() -> None:
    for name in EXPECTED:
        _knowledge, faults = assemble([parse_file(name, (TRAPS / name).read_bytes())], UTC)
        for fault in faults:
            assert any("\u4e00" <= c <= "\u9fff" for c in fault.message), name
            assert any("\u4e00" <= c <= "\u9fff" for c in fault.hint), name
