"""Writes a file whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class ChangedError(Exception):
    """Somebody else changed the file meanwhile: theirs stays."""


def write_whole(path: Path, data: bytes, *, instead_of: bytes | None = None) -> None:
    """Replace a file's content at once: a crash leaves the old or the new, never a part. Keeps its mode and owner.

    Raises OSError when it cannot be written, ChangedError when it is not (any longer) `instead_of`.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _keep_standing(path, name)
        _still(path, instead_of)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _still(path: Path, instead_of: bytes | None) -> None:
    if instead_of is not None and path.read_bytes() != instead_of:
        raise ChangedError


def _keep_standing(path: Path, name: str) -> None:
    """Give the new file the mode of the one that it replaces, and its owner where that is allowed."""
    try:
        old = path.stat()
    except FileNotFoundError:
        Path(name).chmod(0o644)
        return
    with suppress(OSError):  # only root may give a file away: else it is the writer's
        os.chown(name, old.st_uid, old.st_gid)
    Path(name).chmod(old.st_mode & 0o7777)
