"""Mends the mechanical mistakes in the files of a folder and keeps every other byte; writes whole files or nothing."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from askbot.domain.faults import Fault
from askbot.knowledge_files.reading import knowledge_paths
from askbot.knowledge_files.table import KEYS
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
        done.append(Fixed(file=name, faults=faults, problem=_written(path, mended)))
    return done


def _written(path: Path, data: bytes) -> str | None:
    try:
        write_whole(Path(os.path.realpath(path)), data)
    except OSError as error:
        return error.strerror or str(error)
    return None


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file's content at once: a crash leaves the old or the new, never a part. Keeps the file's mode."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
