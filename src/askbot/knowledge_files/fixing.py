"""Mends the mechanical mistakes in the files of a folder and keeps every other byte; writes whole files or nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from askbot.domain.faults import Fault
from askbot.knowledge_files.reading import knowledge_paths, reason
from askbot.knowledge_files.table import KEYS
from askbot.knowledge_files.writing import ChangedError, write_whole
from askbot.yaml_marks.reading import repaired
from askbot.yaml_marks.source import MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What was mended in one file; `problem` is why it could not be written, if so."""

    file: str
    faults: tuple[Fault, ...]
    problem: str | None = None


def fix_folder(folder: Path) -> list[Fixed]:
    """Mend what leaves no doubt: full-width colons behind keys, tabs, full-width spaces. Says what it did."""
    done = []
    for name, path in knowledge_paths(folder):
        try:
            data = path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_BYTES else b""
        except OSError:
            continue  # the check that follows says so
        mended, faults = repaired(data, KEYS)
        if mended == data:
            continue
        done.append(Fixed(file=name, faults=faults, problem=_written(path, data, mended)))
    return done


def _written(path: Path, data: bytes, mended: bytes) -> str | None:
    if not os.access(path, os.W_OK):
        return "没有写的权限"
    try:
        write_whole(Path(os.path.realpath(path)), mended, instead_of=data)
    except ChangedError:
        return "刚刚有人改了它，再来一次"
    except OSError as error:
        return reason(error)
    return None
