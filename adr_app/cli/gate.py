"""`adr-app check`: look at a folder of decision records, and fail where a change to them is wrong."""

import json
import sys
from pathlib import Path

import click

from adr_app import __version__
from adr_app.cli.running import FAILED, WrongUse, as_json, clock, say
from adr_app.domain.gate import outputs
from adr_app.domain.gate.rules import SEVERITIES
from adr_app.domain.gate.settings import BadSettings
from adr_app.services import gate_check
from adr_app.services.gitchanges import NoChange
from adr_app.services.reading import UnreadableFolder


@click.command("check")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--since", metavar="REV", help="Look only at what changed since this revision of the repository."
)
@click.option("--all", "everything", is_flag=True, help="Ask for a security OK on every accepted record.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="error",
    show_default=True,
    help="Exit with 1 from this severity on.",
)
@click.option("--json", "output", flag_value="json", help="Print the findings as JSON.")
@click.option("--sarif", "output", flag_value="sarif", help="Print them as SARIF 2.1.0, for code scanners.")
@click.option(
    "--github", "output", flag_value="github", help="Print them as annotations of a GitHub workflow."
)
def check_command(folder: str, since: str | None, everything: bool, fail_on: str, output: str | None) -> None:
    """Check the decision records below DIR; needs no server and no database.

    Numbers, links, statuses, dates and replacements must be right, the parts your team requires be there,
    and with --since every record that became accepted have a security OK on exactly its text. Exits with 0
    when nothing grave is found, 1 when something is, 2 when used wrongly.

    \b
    Examples:
      adr-app check docs/decisions
      adr-app check docs/decisions --since origin/main
      adr-app check docs/decisions --all --fail-on warning --json
    """
    if since is not None and everything:
        raise WrongUse("Use one of --since and --all.")
    try:
        report = gate_check.check(Path(folder), since=since, everything=everything, at=clock())
    except (NoChange, BadSettings, UnreadableFolder) as error:
        raise WrongUse(str(error)) from error
    _print(report, folder, output)
    if outputs.fails(report.found, fail_on):
        sys.exit(FAILED)


def _print(report: gate_check.Report, folder: str, output: str | None) -> None:
    place = gate_check.placing(folder, report, from_top=output in ("sarif", "github"))
    counts = outputs.counts(report.found)
    if output == "sarif":
        json.dump(outputs.as_sarif(report.found, place, __version__), sys.stdout, indent=2)
        say()
    elif output == "json":
        findings = outputs.as_rows(report.found, place)
        as_json({"files": report.files, "records": report.records, "counts": counts, "findings": findings})
    else:
        for line in (outputs.for_github if output else outputs.for_people)(report.found, place):
            say(line)
        listed = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items())
        say(f"{report.records} records in {report.files} files: {listed}.")


COMMANDS = (check_command,)
