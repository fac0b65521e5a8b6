"""Real git repositories with decision records, for tests that need a past."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


def record(number: int, status: str = "Accepted", more: str = "") -> str:
    """Return a record in the format of adr-tools."""
    return (
        f"# {number}. Use thing {number}\n\nDate: 2024-01-0{number % 9 + 1}\n\n## Status\n\n{status}\n\n"
        f"## Context\n\nWhy {number}.{more}\n\n## Decision\n\nWe use {number}.\n\n## Consequences\n\nFine.\n"
    )


@dataclass(frozen=True)
class Repository:
    """A working tree with its records in the folder `adr`."""

    root: Path

    @property
    def adr(self) -> Path:
        return self.root / "adr"

    def git(self, *arguments: str) -> str:
        """Run git here, as somebody, and return what it says."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", "-C", str(self.root), "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=clean | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        """Write a file below the records' folder."""
        path = self.adr / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def commit(self, message: str = "Work") -> str:
        """Commit everything and return the commit."""
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def repository(root: Path) -> Repository:
    """Make an empty repository with a folder for records."""
    (root / "adr").mkdir(parents=True)
    made = Repository(root)
    made.git("init", "-q", "-b", "main")
    return made


def several(*records: str) -> str:
    """Return a file of several records, in the format of Decision Guardian."""
    return "# Our decisions\n\nAll of them.\n\n" + "\n---\n\n".join(records)


def one_of_several(name: str, status: str = "Active", why: str = "It fits.") -> str:
    """Return one of several records in a file."""
    return (
        f"<!-- DECISION-{name} -->\n\n## Decision: Use {name}\n\n**Status**: {status}\n**Date**: 2024-01-02\n"
        f"**Severity**: Critical\n\n**Files**:\n- `src/{name}/*`\n\n### Context\n\n{why}\n"
    )


def json_list(*entries: dict[str, object]) -> str:
    """Return a file of records in JSON-ADR."""
    return json.dumps({"version": "1.0.0", "adrs": list(entries)}, indent=2, ensure_ascii=False) + "\n"
