"""The last good versions of the knowledge files, kept in the data folder across restarts.

One file, written whole: a line that says what follows, a line for each knowledge file, and a last line that says that
nothing is missing. Whatever else stands there is as good as nothing.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from askbot.knowledge_files.writing import write_whole

FILE_NAME = "last_good.jsonl"


class LastGood:
    """The store; `folder` is made when something is first kept."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def read(self) -> dict[str, bytes]:
        """Each file's bytes as they were last taken; empty when nothing is kept or what is kept is damaged."""
        try:
            head, *lines, end = self._path.read_text(encoding="utf-8", errors="strict").splitlines()
            kept = [json.loads(line) for line in lines]
            found = {str(one["file"]): str(one["text"]).encode("utf-8") for one in kept}
            whole = json.loads(head)["files"] == len(found) == json.loads(end)["end"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return found if whole else {}

    def keep(self, version: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Keep these bytes instead of what was kept; raises OSError when they cannot be written."""
        lines = [json.dumps({"file": file, "text": data.decode("utf-8")}) for file, data in files]
        head = json.dumps({"version": version, "files": len(lines)})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, "\n".join([head, *lines, json.dumps({"end": len(lines)}), ""]).encode("utf-8"))


def changed(kept: Mapping[str, bytes], files: Iterable[tuple[str, bytes]]) -> bool:
    """Whether keeping these files would change what is kept."""
    return dict(files) != dict(kept)
