"""`adr-app sync`: keep a folder of records and the log in step, both ways."""

import sys
from pathlib import Path
from typing import Any

import click

from adr_app.cli.running import acting_as, as_json, clock, configured, of_company, only, opened, say, telling
from adr_app.domain.documents.writers import FORMATS
from adr_app.secret_key import signing_seed_for
from adr_app.services import syncs
from adr_app.services.signing import signer


@click.command("sync")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="decisions")
@of_company("syncs")
@click.option(
    "--format",
    "code",
    type=click.Choice(list(FORMATS)),
    default="madr4",
    show_default=True,
    help="Of the files of decisions written in the log; others keep theirs.",
)
@click.option("--sign-offs", is_flag=True, help="Write the vCISO's signed OK beside each file, for the gate.")
@click.option("--restricted", is_flag=True, help="Write restricted decisions too, as far as you see them.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, in the log and in FOLDER.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the whole report as JSON.")
@telling
def sync_command(
    folder: Path,
    slug: str | None,
    email: str | None,
    code: str,
    sign_offs: bool,
    restricted: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Bring FOLDER (decisions by default) and the log in step: what changed in one goes into the other.

    New and changed files are imported; what was written, decided or linked in the log is written to its
    file, and a decision without a file gets one. What changed on both sides since the last time is
    reported, left as it is, and makes the command end with 1. No file is ever removed but what the log
    itself wrote and may no longer give. Commit FOLDER with the list in it (.adr-app-export.json), so that
    every copy of the repository knows what both sides last agreed on.

    \b
    Examples:
      adr-app sync --company larkspur-dental
      adr-app sync docs/adr --dry-run
      adr-app sync docs/adr --sign-offs && git add docs/adr
    """
    config = configured()
    is_new = not folder.exists()
    with opened(config):
        at = clock()
        done = syncs.run(
            acting_as(only(slug), email, at),
            folder,
            code=code,
            restricted=restricted,
            key=signer(signing_seed_for(config)) if sign_offs else None,
            dry_run=dry_run,
            at=at,
        )
    if json_wanted:
        as_json(done)
    else:
        _summary(done, dry_run, is_new=is_new)
    if done["conflicts"]:
        sys.exit(1)


def _summary(done: dict[str, Any], dry_run: bool, *, is_new: bool) -> None:
    would = "would be " if dry_run else ""
    say(f"{done['folder']} and the log:" + (" (the folder is new)" if is_new else ""))
    for count, words in (
        (len(done["created"]), f"{would}taken into the log as new"),
        (len(done["updated"]), f"{would}taken into the log as newer texts"),
        (len(done["renamed"]), f"{would}followed to a new name"),
        (len(done["written"]), f"{would}written to the folder"),
        (done["in_step"], "in step"),
        (len(done["conflicts"]), "changed on both sides, left as they are"),
        (len(done["removed"]), "without their file, left as they are"),
        (done["left_out"], "restricted, not written (--restricted writes those you may see)"),
        (done["elsewhere"], "came from another folder and stay there"),
    ):
        if count:
            say(f"  {count} {words}")
    for title, rows in (
        ("Taken in as new", [{"path": path} for path in done["created"]]),
        ("Taken in as newer texts", [{"path": path} for path in done["updated"]]),
        ("New names", [row | {"message": f"before: {row['from']}"} for row in done["renamed"]]),
        ("Written", done["written"]),
        ("On both sides", done["conflicts"]),
        ("Without their file", done["removed"]),
        ("Skipped", done["skipped"]),
        ("Warnings", done["warnings"]),
    ):
        if rows:
            say(f"{title} ({len(rows)}):")
        for row in rows:
            place = f"{row['path']}:{row['line']}" if "line" in row else row["path"]
            said = row.get("message") or row.get("reason") or ""
            say(": ".join(part for part in (place, row.get("ref", ""), said) if part).join(("  ", "")))


COMMANDS = (sync_command,)
