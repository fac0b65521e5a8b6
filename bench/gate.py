"""`python -m bench.gate`: what the gate costs for each file, and how its memory grows with their number.

Each figure comes from a process of its own: processor time of the check alone (not of starting Python), and
the highest memory the process had.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.records import name_of, write_records

WANTED_MS = 1.0
"""Milliseconds of processor time a file may take."""

MANY, WANTED_MB = 100_000, 60
"""So many files may take so many megabytes more than none."""

_MEASURED = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from adr_app.services import gate_check
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
report = gate_check.check(Path(sys.argv[1]), since=sys.argv[2] or None, at=datetime(2026, 11, 26, tzinfo=UTC))
spent = time.process_time() - started
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"files": report.files, "records": report.records, "found": len(report.found),
                  "seconds": spent, "grown_kb": after - before}))
"""


def main() -> None:
    """Measure and report; nothing is asserted, so a busy machine breaks no build."""
    parser = argparse.ArgumentParser(prog="bench.gate", description="Measure adr-app check.")
    parser.add_argument("--files", type=int, default=10_000, help="how many records")
    parser.add_argument("--folder", type=Path, help="measure this folder instead of made-up records")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    wanted = parser.parse_args()
    if wanted.folder:
        rows = [{"what": str(wanted.folder), **measured(wanted.folder)}]
    else:
        with tempfile.TemporaryDirectory() as place:
            rows = list(_made_up(Path(place), wanted.files))
    for row in rows:
        row["ms_per_file"] = round(row["seconds"] * 1000 / max(row["files"], 1), 3)
        row["reached"] = row["ms_per_file"] < WANTED_MS
    if wanted.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"Wanted: below {WANTED_MS} ms of processor time a file, and {WANTED_MB} MB for {MANY:,} files.\n")
    print(f"{'':28}{'files':>8}{'found':>8}{'ms a file':>11}{'memory MB':>11}")
    for row in rows:
        figures = f"{row['files']:>8}{row['found']:>8}{row['ms_per_file']:>11}{row['grown_kb'] / 1024:>11.1f}"
        print(f"{row['what']:28}{figures}  {'reached' if row['reached'] else 'NOT REACHED'}")
    if not wanted.folder:
        megabytes = _for_many(rows)
        said = "reached" if megabytes < WANTED_MB else "NOT REACHED"
        print(f"\nMemory for {MANY:,} files at that rate: {megabytes:.0f} MB  {said}")


def _for_many(rows: list[dict[str, Any]]) -> float:
    """Return the megabytes that very many files would take, from what more files took than fewer."""
    few, many = rows[:2]
    each = (many["grown_kb"] - few["grown_kb"]) / (many["files"] - few["files"])
    return float((few["grown_kb"] + each * (MANY - few["files"])) / 1024)


def _made_up(place: Path, count: int) -> Any:
    for size in (count // 10, count):
        folder = place / str(size) / "adr"
        write_records(folder, size)
        yield {"what": "all records", **measured(folder)}
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "One")
    for number in range(1, count, 100):
        path = folder / name_of(number)
        path.write_text(path.read_text().replace("status: proposed", "status: accepted"))
    yield {"what": "a change to every hundredth", **measured(folder, "HEAD")}


def measured(folder: Path, since: str = "") -> dict[str, Any]:
    """Return what checking a folder took."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(folder), since], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main()
