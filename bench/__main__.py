"""`make bench`: measures everything in one run, prints a table, writes bench/out/bench.json.

The whole takes less than 8 minutes, `--quick` (make bench BENCH=--quick) less than 90 seconds. Loopback only.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import deciding, intake, replaying, starting
from bench.report import table

PARTS = ("hooks", "deciding", "starting", "replay")
OUT = Path("bench/out/bench.json")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be given several times)")
    parser.add_argument("--knowledge", default="knowledge", help="the base that webhooks and replay are measured with")
    parser.add_argument("--out", default=str(OUT), help="the JSON file")
    args = parser.parse_args()
    chosen = args.only or list(PARTS)
    begun = time.perf_counter()
    failed: list[str] = []
    results: dict[str, Any] = {"machine": machine(), "at": datetime.now(UTC).isoformat(), "quick": args.quick}
    with tempfile.TemporaryDirectory(prefix="askbot-bench-", ignore_cleanup_errors=True) as place:
        for part in chosen:
            try:
                results[part] = run(part, Path(place), Path(args.knowledge).resolve(), quick=args.quick)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                failed.append(part)
                tell(f"{part} could not be measured: {error}")
    results["took_s"] = round(time.perf_counter() - begun, 1)
    out = Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for line in table(results):
        print(line)
    print(f"\n{out} · {results['took_s']} s")
    return 1 if failed else 0


def run(part: str, place: Path, knowledge: Path, *, quick: bool) -> Any:  # noqa: ANN401 (JSON)
    if part == "hooks":
        return intake.measure(place, knowledge, intake.QUICK if quick else intake.FULL, tell)
    if part == "deciding":
        return deciding.measure(place, (180, 1000) if quick else (180, 1000, 10_000), tell)
    if part == "starting":
        return starting.measure(place, (1000,) if quick else (1000, 10_000), tell)
    tell("replay …")
    return replaying.measure(place, knowledge, 10_000 if quick else 50_000)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }


if __name__ == "__main__":
    sys.exit(main())
