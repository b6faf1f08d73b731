"""A quick look at a folder that tells whether any of its knowledge files may have changed."""

from pathlib import Path

from askbot.knowledge_files.reading import knowledge_paths

Stamps = tuple[tuple[str, int, int, int, int], ...]


def stamps(folder: Path) -> Stamps:
    """What tells whether anything may have changed: each file's path, device, inode, size and time. Empty when gone."""
    found = []
    try:
        for name, path in knowledge_paths(folder):
            try:
                told = path.stat()
            except OSError:
                found.append((name, 0, 0, 0, 0))
                continue
            found.append((name, told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns))
    except OSError:
        return ()
    return tuple(found)
