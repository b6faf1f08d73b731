"""A folder of knowledge files → what each file says, with its faults; no file's faults hide another's.

Hidden files, editors' temporary files and everything that is not *.yaml or *.yml are passed over. A file that is
reached twice (ConfigMap mounts link every file through a hidden folder) is read once.
"""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from askbot.domain.faults import Fault, errors_of
from askbot.knowledge_files.table import FILE, KEYS
from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.reading import Document, read_yaml
from askbot.yaml_marks.shapes import Record
from askbot.yaml_marks.source import MAX_BYTES, Source

SUFFIXES = (".yaml", ".yml")
_MISNAMED = tuple(f"{suffix}.txt" for suffix in SUFFIXES)
_REASONS = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
}


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
        if entry.name.lower().endswith((*SUFFIXES, *_MISNAMED)):
            found[name] = Path(entry.path)
        elif entry.is_dir():
            below.append((name + "/", entry.path))
    return below


def _ignored(name: str) -> bool:
    return name.startswith((".", "#", "~")) or name.endswith("~")


def _read(name: str, path: Path) -> FileReading:
    faults = FaultList(name)
    start = Place(1, 1)
    if name.lower().endswith(_MISNAMED):
        message = "文件名以 .txt 结尾，不会被采用（Windows 可能没有显示最后的 .txt）"
        faults.warning(start, "misnamed_file", message, "改名，去掉最后的 .txt")
        return _unread(name, faults)
    try:
        data = _bytes(path)
    except IsADirectoryError:
        faults.error(start, "not_a_file", "这是文件夹，却有 .yaml 的名字", "给文件夹换个名字，去掉 .yaml")
    except OSError as error:
        hint = "检查文件的权限，或链接指向的文件是否还在"
        faults.error(start, "unreadable_file", f"文件读不了（{reason(error)}）", hint)
    else:
        if data is not None:
            return parse_file(name, data)
        faults.error(start, "not_a_file", "这不是普通文件，却有 .yaml 的名字", "给它换个名字，去掉 .yaml")
    return _unread(name, faults)


def _bytes(path: Path) -> bytes | None:
    """The file's bytes, up to one more than is allowed; None for a pipe or the like, which might never end."""
    with open(path, "rb", opener=_without_waiting) as file:
        regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        return file.read(MAX_BYTES + 1) if regular else None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def reason(error: OSError) -> str:
    """Why something could not be read or written, in a clerk's words where they are known."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def _unread(name: str, faults: FaultList) -> FileReading:
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
