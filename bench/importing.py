"""Measures the import of many files against what adr-viewer takes for them, and importing them again.

Every figure is the processor time (user and system) of a whole command in a process of its own, starting
Python included, and the most memory it held.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from adr_app.models.base import database, open_database
from adr_app.models.schema import upgrade
from adr_app.services import companies, engagements, people
from bench.profiling import of_import
from bench.records import write_records

VIEWER_TIMES = 1.0
"""The first import may cost so many times what adr-viewer takes for the same files."""

GROWTH = 1.0
"""Kilobytes of memory that the first import may take more for each file more: paths and the report's rows.

They are counted from half of the files on: up to some thousand the database's own memory fills.
"""

AGAIN_TIMES = 10
"""Importing the same files again has to be so many times cheaper than the first time."""

SLUG, CTO = "measured", "cto@measured.example"


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds of processor, and megabytes of memory at its highest."""

    what: str
    seconds: float
    megabytes: float


def measure(files: int, folder: Path, corpus: Path | None, *, profile: bool) -> dict[str, Any]:
    """Return what each command took and what is reached; what is not, with the profile of the import."""
    folder.mkdir(parents=True, exist_ok=True)
    viewer, trouble = _adr_viewer(folder.resolve() / "adr-viewer")
    with tempfile.TemporaryDirectory(dir=folder.resolve()) as place:
        found = _measured(Path(place), files, corpus, viewer)
        if viewer is None:
            found["adr_viewer_missing"] = trouble
        if profile or not all(row["reached"] is not False for row in found["wanted"]):
            url = _empty_log(Path(place) / "profiled.db")
            found["profile"] = of_import(url, SLUG, CTO, Path(place) / "adr")
    return found


def _measured(place: Path, files: int, corpus: Path | None, viewer: Path | None) -> dict[str, Any]:
    records = place / "adr"
    if corpus is None:
        write_records(records, files)
    else:
        _repeat(corpus, records, files)
    half = place / "half"
    half.mkdir()
    for file in sorted(records.iterdir())[: files // 2]:
        shutil.copy(file, half)
    url = _empty_log(place / "log.db")
    imported = [sys.executable, "-m", "adr_app", "import", str(records), "--company", SLUG, "--json"]
    environment = os.environ | {
        "ADR_DATABASE_URL": url,
        "ADR_DATA_DIR": str(place),
        "ADR_SECRET_KEY": "a key for the benchmark only, forty letters",
    }
    spent = []
    if viewer is not None:
        page = str(place / "index.html")
        spent.append(_run("adr-viewer", [str(viewer), "--adr-path", str(records), "--output", page], place))
    other = environment | {"ADR_DATABASE_URL": _empty_log(place / "half.db")}
    one_half = [str(half) if part == str(records) else part for part in imported]
    spent.append(_run("first import of half", one_half, place, other))
    told = place / "report.json"
    spent.append(_run("first import", imported, place, environment, told))
    counts = json.loads(told.read_text())
    spent.append(_run("unchanged import", imported, place, environment))
    changed = sorted(records.iterdir())[files // 2]
    changed.write_text(changed.read_text() + "\nOne more line.\n")
    spent.append(_run("one file changed", imported, place, environment))
    return {
        "files": counts["files"],
        "decisions": counts["created"],
        "megabytes_of_text": round(sum(file.stat().st_size for file in records.iterdir()) / 1e6, 1),
        "commands": [vars(one) for one in spent],
        "wanted": [
            *_wanted({one.what: one.seconds for one in spent}),
            _growth({one.what: one.megabytes for one in spent}, files - files // 2),
        ],
    }


def _wanted(seconds: dict[str, float]) -> Iterator[dict[str, Any]]:
    first, again = seconds["first import"], seconds["unchanged import"]
    if "adr-viewer" in seconds:
        times = first / seconds["adr-viewer"]
        yield {
            "what": "first import, times adr-viewer",
            "times": round(times, 2),
            "wanted": f"at most {VIEWER_TIMES}",
            "reached": times <= VIEWER_TIMES,
        }
    times = first / again
    yield {
        "what": "unchanged import, times cheaper than the first",
        "times": round(times, 1),
        "wanted": f"at least {AGAIN_TIMES}",
        "reached": times >= AGAIN_TIMES,
    }


def _growth(megabytes: dict[str, float], files: int) -> dict[str, Any]:
    more = (megabytes["first import"] - megabytes["first import of half"]) * 1000 / files
    return {
        "what": "first import, kilobytes of memory for each file more",
        "times": round(more, 1),
        "wanted": f"at most {GROWTH}",
        "reached": more <= GROWTH,
    }


def _run(
    what: str,
    command: list[str],
    place: Path,
    environment: dict[str, str] | None = None,
    output: Path = Path(os.devnull),
) -> Spent:
    """Run a command that has to succeed and return what it took, its own children included."""
    with output.open("w") as told:
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=told)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{what} failed; the lines above say why")
    # macOS counts bytes, everybody else kilobytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Spent(what, round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / unit, 1))


def _empty_log(file: Path) -> str:
    """Make an SQLite log with one company and its CTO, and return its URL."""
    url, at = f"sqlite:///{file}", datetime.now(UTC).replace(microsecond=0)
    database.initialize(open_database(url))
    with database.connection_context():
        upgrade(database)
        leader = people.known("leader@measured.example", "Lea Leader", at=at)
        made = companies.found(SLUG.title(), at=at, first=leader, roles=["leader"])
        engagements.appoint(
            people.viewer(leader, made.slug, at), role="cto", email=CTO, name="Sam Okafor", at=at
        )
    return url


def _repeat(corpus: Path, folder: Path, count: int) -> None:
    """Copy the Markdown files below a folder into one, again and again under other names, until enough.

    adr-viewer stops at a file that is not UTF-8, so those are left out.
    """
    texts = [text for file in sorted(corpus.rglob("*.md")) if file.is_file() and (text := _text(file))]
    if not texts:
        raise SystemExit(f"There is no Markdown file below {corpus}.")
    folder.mkdir()
    for number, text in enumerate(islice(cycle(texts), count), start=1):
        (folder / f"{number:05}-record.md").write_text(text, encoding="utf-8")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _adr_viewer(place: Path) -> tuple[Path | None, str]:
    """Return adr-viewer's command in an environment of its own, made once, or None and why not."""
    command = place / "bin" / "adr-viewer"
    if command.exists():
        return command, ""
    try:
        venv.create(place, clear=True, with_pip=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "adr-viewer"]
        subprocess.run(pip, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(place, ignore_errors=True)
        lines = str(error.stderr or error.output or error).strip().splitlines()
        return None, lines[-1] if lines else str(error)
    return command, ""


def tell(found: dict[str, Any]) -> None:
    """Print what was measured as tables."""
    print(
        f"\n{found['files']} files, {found['megabytes_of_text']} MB; {found['decisions']} decisions in them"
    )
    if "adr_viewer_missing" in found:
        print(f"adr-viewer could not be had, so nothing is compared with it: {found['adr_viewer_missing']}")
    print(f"\n{'':22}{'processor s':>12}{'memory MB':>12}")
    for row in found["commands"]:
        print(f"{row['what']:22}{row['seconds']:>12}{row['megabytes']:>12}")
    print()
    for row in found["wanted"]:
        reached = "reached" if row["reached"] else "NOT REACHED"
        print(f"{row['what']}: {row['times']} (wanted: {row['wanted']})  {reached}")
    if "profile" in found:
        print(f"\nThe first import: where its time goes, by own time of each function\n{found['profile']}")
