"""`python -m bench.peers`: how many stated statuses other readers find in the labelled files.

Each peer is installed from its registry into an environment of its own below the bench folder, and reads the
same files as this reader, in the way it would in life. None of them promised to read all these formats: the
point is what a general importer meets. Where one cannot be had, that is said.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adr_app.services.folders import read_folder

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
PYTHON = {"adr-viewer": "1.4.0", "pyadr": "0.19.0"}
NODE = {"log4brains": "1.1.0"}

_ADR_VIEWER = """
import json, sys
from adr_viewer.parse import parse_adr
found = {}
for path in json.load(sys.stdin):
    try:
        adr = parse_adr(open(path, encoding="utf-8").read())
    except Exception:
        adr = None
    found[path] = adr.status if adr else None
json.dump(found, sys.stdout)
"""
_PYADR = """
import json, sys
from pathlib import Path
from pyadr.content_utils import adr_status_from_file
found = {}
for path in json.load(sys.stdin):
    try:
        found[path] = adr_status_from_file(Path(path))
    except Exception:
        found[path] = None
json.dump(found, sys.stdout)
"""
_MEANT = {
    "accepted": "accepted", "amended": "accepted", "pending": "proposed", "proposed": "proposed",
    "rejected": "rejected", "deprecated": "deprecated", "superseded": "superseded",
    "superseding": "accepted", "draft": "draft",
}  # fmt: skip
"""What the peers call a status, in our words; anything else is none."""

Statuses = dict[str, str | None]


class NotToBeHad(Exception):
    """A peer could not be installed or run; the message says why."""


@dataclass(frozen=True)
class Label:
    """A labelled file: its repository and path, the statuses a careful person could defend."""

    repository: str
    path: str
    wanted: tuple[str | None, ...]

    @property
    def file(self) -> Path:
        """Return where the file is."""
        return CORPUS / self.repository.replace("/", "__") / self.path

    @property
    def key(self) -> str:
        """Return the file's place as text, which names it for all readers."""
        return str(self.file)


def labels() -> list[Label]:
    """Return all labels of the corpus."""
    rows = map(json.loads, (CORPUS / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    return [Label(r["repo"], r["path"], (r["status"], *r.get("status_alt", []))) for r in rows]


def _run(command: list[str], **more: Any) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True, **more)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise NotToBeHad(said[-1] if said else type(error).__name__) from error
    return done.stdout


def _python_peer(name: str, script: str, folder: Path, wanted: list[Label]) -> Statuses:
    place = folder / name
    python = place / "bin" / "python"
    if not python.exists():
        venv.create(place, with_pip=True)
        _run([str(python), "-m", "pip", "install", "--quiet", f"{name}=={PYTHON[name]}"])
    said = _run([str(python), "-c", script], input=json.dumps([label.key for label in wanted]))
    return {key: _meant(status) for key, status in json.loads(said).items()}


def _meant(status: str | None) -> str | None:
    words = (status or "").casefold().split()
    return _MEANT.get(words[0]) if words else None


def adr_viewer(folder: Path, wanted: list[Label]) -> Statuses:
    """Return what adr-viewer's own parser finds."""
    return _python_peer("adr-viewer", _ADR_VIEWER, folder, wanted)


def pyadr(folder: Path, wanted: list[Label]) -> Statuses:
    """Return what pyadr finds."""
    return _python_peer("pyadr", _PYADR, folder, wanted)


def log4brains(folder: Path, wanted: list[Label]) -> Statuses:
    """Return what log4brains lists for a project whose only decisions are these files."""
    place = folder / "log4brains"
    command = place / "node_modules" / ".bin" / "log4brains"
    if not command.exists():
        place.mkdir(parents=True, exist_ok=True)
        packages = [f"{name}@{version}" for name, version in NODE.items()]
        _run([shutil.which("npm") or "npm", "install", "--silent", "--prefix", str(place), *packages])
    with tempfile.TemporaryDirectory() as made:
        project = Path(made)
        (project / "adr").mkdir()
        (project / ".log4brains.yml").write_text("project:\n  name: x\n  tz: Etc/UTC\n  adrFolder: ./adr\n")
        names = {f"{i:08}-x": label.key for i, label in enumerate(wanted)}
        for name, key in names.items():
            shutil.copy(key, project / "adr" / f"{name}.md")
        who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        for act in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
            _run(["git", *act], cwd=project)
        said = _run([str(command), "adr", "list", "--raw"], cwd=project)
    found: Statuses = {label.key: None for label in wanted}
    for line in said.splitlines():
        slug, status, *_ = [*line.split(","), ""]
        if slug in names:
            found[names[slug]] = _meant(status)
    return found


def ours(folder: Path, wanted: list[Label]) -> Statuses:
    """Return what this reader finds, each file within its repository."""
    found: Statuses = {}
    for repository in {label.repository for label in wanted}:
        root = CORPUS / repository.replace("/", "__")
        for record in read_folder(root).reading.records:
            found[str(root / record.path)] = record.status
    return {label.key: found.get(label.key) for label in wanted}


READERS: dict[str, Callable[[Path, list[Label]], Statuses]] = {
    "ours": ours, "adr-viewer": adr_viewer, "pyadr": pyadr, "log4brains": log4brains,
}  # fmt: skip


def score(said: Statuses, wanted: list[Label]) -> dict[str, int]:
    """Count the stated statuses told right, wrong or not at all, and those told of files that state none."""
    count: Counter[str] = Counter()
    for label in wanted:
        status = said.get(label.key)
        if label.wanted == (None,):
            count["invented" if status else "rightly none"] += 1
        elif status in label.wanted:
            count["right"] += 1
        else:
            count["wrong" if status else "missed"] += 1
    return {name: count[name] for name in ("right", "wrong", "missed", "rightly none", "invented")}


def main() -> None:
    """Run all readers and print one line for each."""
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("adr-data/bench/peers"))
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if not CORPUS.is_dir():
        sys.exit(f"There are no labelled files at {CORPUS}.")
    wanted = labels()
    found: dict[str, Any] = {}
    for name, reader in READERS.items():
        try:
            found[name] = score(reader(options.folder.resolve(), wanted), wanted)
        except NotToBeHad as error:
            found[name] = {"not to be had": str(error)[:200]}
    if options.json:
        print(json.dumps({"files": len(wanted), "readers": found}, indent=2))
        return
    print(f"{len(wanted)} labelled files; of those that state a status, and of those that state none\n")
    for name, figures in found.items():
        print(f"{name:12}" + "   ".join(f"{figure} {what}" for what, figure in figures.items()))


if __name__ == "__main__":
    main()
