"""Deciding beside `jieba.lcut` of the same texts, with bases of several sizes; each size in a process of its own.

Started as `python -m bench.deciding DIR`, it measures one base and writes JSON.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jieba  # type: ignore[import-untyped]
from bench.bases import write_base
from bench.mix import chatter, question, ways_of_asking

from askbot.demonstration.service import COUNTY_TIME
from askbot.knowledge_files import load_folder
from askbot.matching import Matcher, Question

TEXTS = 400
ROUNDS = 5


def measure(folder: Path, sizes: Sequence[int], tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """One line for each size."""
    results = []
    for size in sizes:
        tell(f"deciding with {size} entries …")
        base = folder / f"base{size}"
        if not base.exists():
            write_base(base, size)
        done = subprocess.run(
            [sys.executable, "-m", "bench.deciding", str(base)], capture_output=True, text=True, check=True
        )
        results.append({"entries": size, **json.loads(done.stdout)})
    return results


def main() -> None:
    base = Path(sys.argv[1])
    begun = time.perf_counter()
    knowledge, _faults = load_folder(base, ZoneInfo("Asia/Shanghai"))
    assert knowledge is not None
    loaded = time.perf_counter()
    matcher = Matcher.build(knowledge)
    built = time.perf_counter()
    with tempfile.TemporaryDirectory() as private:
        words = jieba.Tokenizer()
        words.tmp_dir = private  # a cache in the shared folder would be read unchecked
        words.initialize()
    dice = random.Random(7)
    ways = ways_of_asking(base)
    kinds = {
        "chatter": [chatter(dice) for _ in range(TEXTS)],
        "question": list(islice((question(dice, ways) for _ in iter(int, 1)), TEXTS)),
    }
    result: dict[str, Any] = {"load_s": round(loaded - begun, 2), "index_s": round(built - loaded, 2)}
    for kind, texts in kinds.items():
        result[kind] = _compare(matcher, words, texts)
    print(json.dumps(result))


def _compare(matcher: Matcher, words: jieba.Tokenizer, texts: list[str]) -> dict[str, Any]:
    """Microseconds a text for both, the fastest of several rounds that take turns; and how they were decided."""
    at = COUNTY_TIME + timedelta(minutes=1)
    questions = [Question(text=text, room="main", at=at) for text in texts]
    deciding, cutting = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for one in questions:
            matcher.decide(one)
        between = time.perf_counter()
        for text in texts:
            words.lcut(text)
        deciding.append(between - begun)
        cutting.append(time.perf_counter() - between)
    ours, theirs = min(deciding) / len(texts) * 1e6, min(cutting) / len(texts) * 1e6
    return {"us": round(ours, 1), "jieba_us": round(theirs, 1), "ratio": round(ours / theirs, 2)}


if __name__ == "__main__":
    main()
