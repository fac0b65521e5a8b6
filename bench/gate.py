"""`python -m bench.gate`: what the gate costs for each file, and whether its memory grows with their number.

Each figure comes from a process of its own: processor time of the check alone (not of starting Python), and
the highest memory the process had.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WANTED_MS = 1.0
"""Milliseconds of processor time a file may take."""

_WORDS = (
    *("service", "queue", "order", "patient", "data", "store", "region", "client", "cost", "team"),
    *("backup", "failure", "release", "library", "interface", "request", "policy", "storage", "event"),
)

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
    print(f"Wanted: below {WANTED_MS} ms of processor time a file.\n")
    print(f"{'':28}{'files':>8}{'found':>8}{'ms a file':>11}{'memory MB':>11}")
    for row in rows:
        figures = f"{row['files']:>8}{row['found']:>8}{row['ms_per_file']:>11}{row['grown_kb'] / 1024:>11.1f}"
        print(f"{row['what']:28}{figures}  {'reached' if row['reached'] else 'NOT REACHED'}")


def _made_up(place: Path, count: int) -> Any:
    for size in (count // 10, count):
        folder = place / str(size) / "adr"
        write_records(folder, size)
        yield {"what": "all records", **measured(folder)}
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "One")
    for number in range(1, count, 100):
        path = folder / _name(number)
        path.write_text(path.read_text().replace("status: proposed", "status: accepted"))
    yield {"what": "a change to every hundredth", **measured(folder, "HEAD")}


def measured(folder: Path, since: str = "") -> dict[str, Any]:
    """Return what checking a folder took."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(folder), since], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write_records(folder: Path, count: int) -> None:
    """Write records in MADR 4 and in the format of adr-tools, of 2 to 4 kB as real ones are."""
    folder.mkdir(parents=True)
    chance = random.Random(7)
    for number in range(1, count + 1):
        text = _madr(number, chance) if number % 3 else _nygard(number, chance)
        (folder / _name(number)).write_text(text)


def _name(number: int) -> str:
    return f"{number:05}-use-thing-{number}.md"


def _prose(chance: random.Random, sentences: int) -> str:
    said = (" ".join(chance.choices(_WORDS, k=14)).capitalize() + "." for _ in range(sentences))
    return " ".join(said)


def _day(number: int) -> str:
    return f"2024-0{number % 9 + 1}-1{number % 9}"


def _madr(number: int, chance: random.Random) -> str:
    status = "proposed" if number % 5 == 1 else "accepted"
    options = "\n".join(f"* Thing {each}" for each in range(3))
    pros = "\n\n".join(
        f"### Thing {each}\n\n* Good, because {_prose(chance, 1)}\n* Bad, because {_prose(chance, 1)}"
        for each in range(3)
    )
    link = f"See [an earlier one]({_name(number - 1)})." if number > 1 else ""
    return (
        f"---\nstatus: {status}\ndate: {_day(number)}\ndecision-makers: Sam, Vera\n---\n\n"
        f"# Use thing {number}\n\n## Context and Problem Statement\n\n{_prose(chance, 6)}\n\n{link}\n\n"
        f'## Considered Options\n\n{options}\n\n## Decision Outcome\n\nChosen option: "Thing 1", because '
        f"{_prose(chance, 3)}\n\n### Consequences\n\n* Good, because {_prose(chance, 1)}\n\n"
        f"## Pros and Cons of the Options\n\n{pros}\n"
    )


def _nygard(number: int, chance: random.Random) -> str:
    return (
        f"# {number}. Use thing {number}\n\nDate: {_day(number)}\n\n## Status\n\nAccepted\n\n"
        f"## Context\n\n{_prose(chance, 12)}\n\n## Decision\n\n{_prose(chance, 8)}\n\n"
        f"## Consequences\n\n{_prose(chance, 8)}\n"
    )


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main()
