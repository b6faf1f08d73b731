"""Knowledge files (知识文件): folder → checked knowledge, in one code for `askbot check` and the service.

Knows no request, store or matcher; the YAML itself is read by `yaml_marks`.
"""

from collections.abc import Collection
from datetime import tzinfo
from pathlib import Path

from askbot.domain.faults import Fault
from askbot.domain.knowledge import Knowledge
from askbot.knowledge_files.assembling import assemble
from askbot.knowledge_files.collecting import PAUSE
from askbot.knowledge_files.reading import FileReading, Reading, parse_file, read_folder

__all__ = ["FileReading", "Reading", "assemble", "load_folder", "parse_file", "read_folder"]


def load_folder(
    path: Path, tz: tzinfo, rooms: Collection[str] | None = None, *, compare: bool = False
) -> tuple[Knowledge | None, tuple[Fault, ...]]:
    """The knowledge of a folder, or None when a file has an error; and all faults of all files.

    With `compare` the phrasings are compared with one another too, as `askbot check` does: it gives warnings only.
    Raises OSError when the folder cannot be listed.
    """
    with PAUSE:
        return assemble(read_folder(path).files, tz, rooms, compare=compare)
