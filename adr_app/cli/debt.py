"""`adr-app debt`: note a debt and report time lost to one, from a terminal."""

import re
from dataclasses import asdict
from pathlib import Path

import click

from adr_app.cli.running import (
    WrongUse,
    acting_as,
    as_json,
    clock,
    configured,
    of_company,
    only,
    opened,
    say,
    telling,
)
from adr_app.domain.debt_csv import MOST_BYTES, Unreadable
from adr_app.domain.debt_reports import time_text
from adr_app.services import debt, debt_csv, debt_reports

_REFERENCE = re.compile(r"(?:TD-)?0*([0-9]{1,9})", re.IGNORECASE)


@click.group("debt")
def debt_group() -> None:
    """Note technical debt, and report time that is lost to it.

    \b
    Examples:
      adr-app debt note "Backups were never tried" --system Billing
      adr-app debt report TD-0007 45min "Waited for the build"
    """


@debt_group.command("note")
@click.argument("title")
@click.option("--system", default="", help="The system it is in.")
@click.option("--symptoms", default="", help="What it looks like.")
@of_company("notes it")
@click.option("--json", "json_wanted", is_flag=True, help="Print the item as JSON.")
@telling
def note_command(
    title: str, system: str, symptoms: str, slug: str | None, email: str | None, json_wanted: bool
) -> None:
    """Note a debt in one line: TITLE says what is owed.

    \b
    Example:
      adr-app debt note "Backups were never tried" --system Billing --company larkspur-dental
    """
    with opened(configured()):
        at, company = clock(), only(slug)
        viewer = acting_as(company, email, at)
        item = debt.note(viewer, title=title, system=system, symptoms=symptoms, at=at)
    if json_wanted:
        as_json({"ref": item.ref, "title": item.title, "company": company.slug})
        return
    say(f"Noted as {item.ref}: {item.title}")


@debt_group.command("report")
@click.argument("item")
@click.argument("lost")
@click.argument("words", required=False, default="")
@click.option("--fault", is_flag=True, help="It caused a fault that others noticed.")
@click.option(
    "--on", default="", help="The day on which the time was lost, as 2026-11-24; today unless told."
)
@of_company("lost it")
@click.option("--json", "json_wanted", is_flag=True, help="Print the report as JSON.")
@telling
def report_command(
    item: str,
    lost: str,
    words: str,
    fault: bool,
    on: str,
    slug: str | None,
    email: str | None,
    json_wanted: bool,
) -> None:
    """Report time LOST to ITEM, such as 2 (hours), 0.5, 45min or 1:30, with a few WORDS if you like.

    \b
    Examples:
      adr-app debt report TD-0007 2 --company larkspur-dental --as mia@example.com
      adr-app debt report TD-0007 45min "Waited for the build" --on 2026-11-24
    """
    found = _REFERENCE.fullmatch(item.strip())
    if found is None:
        raise WrongUse(f"“{item}” is no item. Give its reference, such as TD-0007.")
    with opened(configured()):
        at, company = clock(), only(slug)
        viewer = acting_as(company, email, at)
        typed = {"lost": lost, "text": words, "on": on} | ({"fault": "yes"} if fault else {})
        made = debt_reports.report(viewer, int(found[1]), typed, at=at)
        owed = debt.find(viewer, int(found[1]))
    if json_wanted:
        as_json({"item": owed.ref, "minutes": made.minutes, "on": made.lost_on, "fault": made.fault})
        return
    say(f"Noted: {time_text(made.minutes)} lost to {owed.ref} {owed.title}")


@debt_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@of_company("exports")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was done as JSON.")
@telling
def export_command(file: Path, slug: str | None, email: str | None, json_wanted: bool) -> None:
    """Write every item with all its fields into FILE, a table (CSV) that a spreadsheet opens.

    \b
    Example:
      adr-app debt export debt.csv --company larkspur-dental
    """
    with opened(configured()):
        at, company = clock(), only(slug)
        lines = list(debt_csv.export(acting_as(company, email, at), at))
    file.write_text("".join(lines), encoding="utf-8", newline="")
    if json_wanted:
        as_json({"file": str(file), "items": len(lines) - 1})
        return
    say(f"{len(lines) - 1} items written to {file}")


@debt_group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@of_company("fills it in")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was done as JSON.")
@telling
def template_command(file: Path, slug: str | None, email: str | None, json_wanted: bool) -> None:
    """Write a table to fill in into FILE, with one row as an example.

    \b
    Example:
      adr-app debt template debt.csv
    """
    with opened(configured()):
        text = debt_csv.template(acting_as(only(slug), email, clock()))
    file.write_text(text, encoding="utf-8", newline="")
    if json_wanted:
        as_json({"file": str(file)})
        return
    say(f"Written to {file}; take out the example row.")


@debt_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@of_company("imports")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and store nothing.")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was done as JSON.")
@telling
def import_command(file: Path, slug: str | None, email: str | None, dry_run: bool, json_wanted: bool) -> None:
    """Import the table FILE (CSV): all of it, or nothing where a cell is wrong.

    A row without a reference notes an item; one with a reference changes that item.

    \b
    Examples:
      adr-app debt import debt.csv --dry-run
      adr-app debt import debt.csv --company larkspur-dental
    """
    with opened(configured()):
        at, company = clock(), only(slug)
        with file.open("rb") as opened_file:
            content = opened_file.read(MOST_BYTES + 1)
        try:
            done = debt_csv.load(acting_as(company, email, at), content, at=at, dry=dry_run)
        except Unreadable as refusal:
            done = debt_csv.Outcome(problems=list(refusal.problems))
            if not done.problems:
                raise
    if json_wanted:
        as_json(asdict(done))
    else:
        say(f"new {done.new}, changed {done.changed}, as it was {done.same}")
        say("Stored." if done.stored else "Nothing was stored.")
    for one in done.problems:
        click.echo(f"row {one.row}, {one.column or 'the row'}: {one.message}", err=True)
    if done.problems:
        raise click.exceptions.Exit(1)


COMMANDS = (debt_group,)
