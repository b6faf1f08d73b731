"""`askbot replay` of a stream's mix, as a user runs it."""

import json
import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from bench.mix import mixed, ways_of_asking


def measure(folder: Path, knowledge: Path, lines: int) -> dict[str, Any]:
    """The wall time of the whole command, with its start."""
    dice = random.Random(3)
    file = folder / "stream.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number, text in enumerate(islice(mixed(dice, ways_of_asking(knowledge)), lines)):
            line = {"id": f"m{number}", "text": text, "room": "main", "user": f"u{dice.randrange(3000)}"}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    answers = folder / "decisions.jsonl"
    begun = time.perf_counter()
    subprocess.run(
        [
            *(sys.executable, "-m", "askbot", "replay", str(file), "--knowledge", str(knowledge)),
            *("--at", "2026-02-12T09:00", "--out", str(answers)),
        ],
        check=True,
    )
    took = time.perf_counter() - begun
    with answers.open("rb") as decided:
        assert sum(1 for _ in decided) == lines
    return {"lines": lines, "seconds": round(took, 2), "lines_per_s": round(lines / took)}
