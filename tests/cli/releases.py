"""A later version of the product: this one with one more migration, as a program of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATER = "9001_notes"
MIGRATION = """
def up(migrator, db):
    db.execute_sql("CREATE TABLE note (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)")
    db.execute_sql("INSERT INTO note (id, text) VALUES (1, 'from the later version')")
"""
# Waits in the middle until the test has opened the other end of a pipe, where one is named.
SLOW = """
import os

def up(migrator, db):
    if pipe := os.environ.get("HELD_BY"):
        print("begun", flush=True)
        open(pipe).read()
    db.execute_sql("CREATE TABLE note (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)")
"""
FAILING = MIGRATION + "    raise RuntimeError('the migration is wrong')\n"


class Release:
    """The product in a folder of its own, with a migration that this version does not have."""

    def __init__(self, folder: Path, migration: str = MIGRATION) -> None:
        self.folder = folder / "later"
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "adr_app", self.folder / "adr_app", ignore=leave)
        shutil.copytree(ROOT / "templates", self.folder / "templates", ignore=leave)
        (self.folder / "adr_app" / "models" / "migrations" / f"{LATER}.py").write_text(migration)

    def start(self, settings: dict[str, str], *words: str) -> "subprocess.Popen[str]":
        """Start one of its commands as a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ADR_")}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "adr_app", *words],
            env=kept | settings | {"PYTHONPATH": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )

    def run(self, settings: dict[str, str], *words: str) -> tuple[int, str, str]:
        """Run one of its commands to its end; return the exit code and what it printed."""
        process = self.start(settings, *words)
        out, err = process.communicate()
        return process.returncode, out, err
