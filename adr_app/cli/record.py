"""`adr-app verify`: recompute the record of each company and name the first entry that was changed."""

import sys
from dataclasses import asdict

import click

from adr_app.cli.running import FAILED, as_json, chosen, configured, opened, say, telling
from adr_app.services.verification import LIMITS, verify


@click.command("verify")
@click.option("--company", "slug", help="Only this company (its address).")
@click.option("--json", "json_wanted", is_flag=True, help="Print the report as JSON.")
@telling
def verify_command(slug: str | None, json_wanted: bool) -> None:
    """Check that nothing in the record was changed after it was written.

    Events, the tree over them, every version of a text and every answer of a vCISO are recomputed. Exits
    with 1 where one does not verify, naming the first entry and the kind of change.

    \b
    Examples:
      adr-app verify
      adr-app verify --company larkspur-dental --json
    """
    with opened(configured()):
        reports = [verify(company) for company in chosen(slug)]
    if json_wanted:
        as_json({"limits": LIMITS, "companies": [asdict(report) for report in reports]})
    else:
        for report in reports:
            held = f"{report.events} entries, {report.revisions} versions, {report.verdicts} answers"
            say(f"{report.company}: {held}")
            say(f"  {report.broken.kind}: {report.broken.message}" if report.broken else "  all verify")
        say(LIMITS)
    if any(report.broken for report in reports):
        sys.exit(FAILED)


COMMANDS = (verify_command,)
