"""Good files that look unusual: the check says nothing about them, not even a warning, and `--fix` leaves them alone."""

from datetime import UTC
from pathlib import Path

import pytest

from askbot.knowledge_files import assemble, parse_file, read_folder
from askbot.knowledge_files.table import KEYS
from askbot.yaml_marks.reading import repaired

UNUSUAL = Path(__file__).parents[2] / "golden" / "unusual"
CASES = sorted(path.name for path in UNUSUAL.iterdir())


@pytest.mark.parametrize("name", CASES)
def test_no_false_alarm(name: str) -> None:
    path = UNUSUAL / name
    files = read_folder(path).files if path.is_dir() else (parse_file(name, path.read_bytes()),)
    knowledge, faults = assemble(files, UTC)
    assert [f"{f.file}:{f.line}:{f.column}:{f.code}" for f in faults] == []
    assert knowledge is not None


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith(".yaml")])
def test_nothing_is_mended(name: str) -> None:
    data = (UNUSUAL / name).read_bytes()
    assert repaired(data, KEYS) == (data, ())


def test_there_are_many() -> None:
    assert len(CASES) >= 50
