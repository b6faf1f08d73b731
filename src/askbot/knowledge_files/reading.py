"""A folder of knowledge files → what each file says, with its faults; no file's faults hide another's.

Hidden files, editors' temporary files and everything that is not *.yaml or *.yml are passed over. A file that is
reached twice (ConfigMap mounts link every file through a hidden folder) is read once.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from askbot.domain.faults import Fault, errors_of
from askbot.knowledge_files.table import FILE, KEYS
from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.reading import Document, read_yaml
from askbot.yaml_marks.shapes import Record
from askbot.yaml_marks.source import MAX_BYTES, Source

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """One file: `file` is its path below the folder with slashes; `record` what it says, None when nothing is sure.

    `lost` is text of the file that could not be read: what others name may stand there. `data` is None when the bytes
    could not be had.
    """

    file: str
    data: bytes | None
    source: Source | None
    record: Record | None
    faults: tuple[Fault, ...]
    lost: str = ""

    @property
    def good(self) -> bool:
        """Whether the file by itself has no error."""
        return not errors_of(self.faults)

    @property
    def digest(self) -> str:
        """A hash of the bytes."""
        return hashlib.sha256(self.data or b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All files of a folder, in the order of their paths."""

    files: tuple[FileReading, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that each file has by itself."""
        return tuple(fault for file in self.files for fault in file.faults)


def read_folder(folder: Path) -> Reading:
    """Read every knowledge file below `folder`; raises OSError only when the folder itself cannot be listed."""
    return Reading(files=tuple(_read(name, path) for name, path in knowledge_paths(folder)))


def knowledge_paths(folder: Path) -> list[tuple[str, Path]]:
    """The knowledge files below a folder, as (path below it, path), sorted by the former; each folder once."""
    found: dict[str, Path] = {}
    seen: set[str] = set()
    waiting = [("", os.fspath(folder))]
    links: list[tuple[str, str]] = []
    while waiting or links:
        prefix, path = (waiting or links).pop()
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        for below in _list(prefix, path, found, top=not prefix):
            (links if Path(below[1]).is_symlink() else waiting).append(below)
    return sorted(found.items())


def _list(prefix: str, folder: str, found: dict[str, Path], *, top: bool) -> list[tuple[str, str]]:
    below: list[tuple[str, str]] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        if top:
            raise
        found[prefix.rstrip("/")] = Path(folder)
        return below
    for entry in entries:
        name = prefix + entry.name
        if _ignored(entry.name):
            continue
        if entry.name.endswith(SUFFIXES):
            found[name] = Path(entry.path)
        elif entry.is_dir():
            below.append((name + "/", entry.path))
    return below


def _ignored(name: str) -> bool:
    return name.startswith((".", "#", "~")) or name.endswith("~")


def _read(name: str, path: Path) -> FileReading:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        return _unread(name, "not_a_file", "这是文件夹，却有 .yaml 的名字", "给文件夹换个名字，去掉 .yaml")
    except OSError as error:
        return _unread(
            name, "unreadable_file", f"文件读不了（{error.strerror}）", "检查文件的权限，或链接指向的文件是否还在"
        )
    return parse_file(name, data)


def _unread(name: str, code: str, message: str, hint: str) -> FileReading:
    faults = FaultList(name)
    faults.error(Place(1, 1), code, message, hint)
    return FileReading(file=name, data=None, source=None, record=None, faults=tuple(faults.faults))


def _together(document: Document, faults: FaultList) -> tuple[Fault, ...]:
    """The faults of the YAML and of what it says; of two at one place the first is the cause of the other."""
    told = {(fault.line, fault.column) for fault in document.faults}
    more = [fault for fault in faults.faults if (fault.line, fault.column) not in told]
    return (*document.faults, *(document.source.first_cause(more) if document.source else more))


def parse_file(name: str, data: bytes) -> FileReading:
    """What a file's bytes say; never raises, whatever the bytes."""
    document = read_yaml(name, data, KEYS)
    faults = FaultList(name)
    faults.partial = document.partial
    record = None
    if document.root is not None:
        read = FILE.read(document.root, faults)
        record = read if isinstance(read, Record) else None
    elif not document.faults:
        faults.error(Place(1, 1), "empty_file", "文件是空的", "写上内容，或删掉这个文件")
    return FileReading(
        file=name,
        data=data,
        source=document.source,
        record=record,
        faults=_together(document, faults),
        lost=document.lost,
    )
