"""Keeps Python's garbage collector from searching a growing tree again and again while knowledge is read.

What is read is a tree without cycles: the collector can find nothing in it, and costs two thirds of the time.
"""

import gc
from threading import Lock
from types import TracebackType

from askbot.knowledge_files.reading import Reading
from askbot.yaml_marks.marked import Listing


class Pause:
    """A context in which no collection starts by itself; may be entered from several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._was_enabled = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._was_enabled:
                gc.enable()


PAUSE = Pause()
"""The one pause of the process: the collector is the process's too."""


def dismantle(reading: Reading) -> None:
    """Take a reading apart piece by piece, so that other threads may run in between.

    A tree of a million nodes that is let go at once is freed in one go: nothing else runs meanwhile.
    """
    for file in reading.files:
        if file.record is None:
            continue
        for name in ("entries", "silent", "synonyms"):
            _empty(file.record.values.get(name))
            _empty(file.record.nodes.get(name))
        for _key, node, items in (file.record.get("lists") or {}).values():
            _empty(items)
            _empty(node)


def _empty(pieces: object) -> None:
    elements = pieces.items if isinstance(pieces, Listing) else pieces
    while isinstance(elements, list) and elements:
        elements.pop()
