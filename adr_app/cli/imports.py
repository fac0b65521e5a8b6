"""`adr-app import`: read a folder of decision records, and store them unless it is a dry run."""

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from adr_app.cli.running import (
    acting_as,
    as_json,
    clock,
    configured,
    of_company,
    only,
    opened,
    say,
    telling,
    uncollected,
)
from adr_app.services import import_reports, imports


@click.command("import")
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@of_company("imports")
@click.option("--source", default="", help="A name for where the files come from (the folder's place).")
@click.option("--dry-run", is_flag=True, help="Only say what would be read; needs no database.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the whole report as JSON.")
@telling
def import_command(
    path: Path, slug: str | None, email: str | None, source: str, dry_run: bool, json_wanted: bool
) -> None:
    """Read every decision record at or below PATH: MADR, adr-tools, log4brains and hand-written ones.

    No status is ever invented, nothing is skipped without a reason, and importing again changes only what
    changed in the files. What changed on both sides is left as it is, and reported with the address of the
    page on which somebody chooses. The end says how many of the decisions are flagged as made without vCISO
    input, and how many are older than the log.

    \b
    Examples:
      adr-app import docs/adr --dry-run
      adr-app import ../product/docs --company larkspur-dental
      adr-app import . --company larkspur-dental --json > report.json
    """
    if dry_run:
        with uncollected():
            report = import_reports.dry_run(path)
    else:
        with opened(configured()), uncollected():
            at = clock()
            company = only(slug)
            with _told() as progress:
                report = imports.run(
                    acting_as(company, email, at), path, source=source, progress=progress, at=at
                )
    if json_wanted:
        as_json(report)
    else:
        _summary(report, dry_run)


@contextmanager
def _told() -> Iterator[imports.Progress]:
    """Say on a terminal how far a long import is; Ctrl-C ends it between two steps, a second one at once."""
    stopped: list[int] = []
    shown = sys.stderr.isatty()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.append(number)
        signal.signal(signal.SIGINT, before)

    def progress(done: int, total: int) -> None:
        if stopped:
            click.echo(nl=shown, err=True)
            said = f"{done} of {total} files are stored, each whole; import again to go on."
            raise click.ClickException(f"Stopped. {said if done else 'Nothing is stored.'}")
        if shown and total > imports.BATCH:
            click.echo(f"\r{done} of {total} stored\033[K", nl=done + imports.BATCH >= total, err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield progress
    finally:
        signal.signal(signal.SIGINT, before)


def _summary(report: dict[str, Any], dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    say(f"{report['files']} Markdown files read.")
    for name, words in (
        ("created", "new"),
        ("updated", "updated"),
        ("diverged", "changed on both sides, left as they are"),
        ("unchanged", "unchanged"),
    ):
        if report[name]:
            say(f"  {report[name]} {would}{words}")
    if report["renamed"]:
        say(f"  {len(report['renamed'])} {would}followed to a new name")
    statuses: dict[str, int] = {}
    for row in report["decisions"]:
        key = row["status"] or "no status stated"
        statuses[key] = statuses.get(key, 0) + 1
    say(
        "  " + ", ".join(f"{n} {key}" for key, n in sorted(statuses.items()))
        if statuses
        else "  no decisions"
    )
    for line in import_reports.counted(report):
        say(f"  {line}")
    for name, reasons in sorted(_formats(report).items()):
        others = f" (and {len(reasons) - 1} other reasons)" if len(reasons) > 1 else ""
        say(f"  {sum(reasons.values())} read as {name}: {reasons.most_common(1)[0][0]}{others}")
    flagged = report.get("flagged") or {}
    for key, words in (
        ("without_input", "flagged as made without vCISO input"),
        ("older_than_log", "older than this log, and not checked"),
    ):
        if flagged.get(key):
            say(f"  {flagged[key]} {words}")
    for title, key in (("New names", "renamed"), ("Skipped", "skipped"), ("Warnings", "warnings")):
        if report[key]:
            say(f"{title} ({len(report[key])}):")
        for row in report[key]:
            place = f"{row['path']}:{row['line']}" if "line" in row else row["path"]
            choose = f" Choose at {row['page']}." if "page" in row else ""
            said = row.get("reason") or row.get("message") or f"before: {row['from']}"
            say(f"  {place}: {said}{choose}")


def _formats(report: dict[str, Any]) -> dict[str, Counter[str]]:
    """Return how often each format was recognised for which reason."""
    found: dict[str, Counter[str]] = {}
    for row in report["decisions"]:
        found.setdefault(row["format"], Counter())[row["format_reason"]] += 1
    return found


COMMANDS = (import_command,)
