"""`adr-app verify`: recompute the record of each company and name the first entry that was changed."""

import sys
from dataclasses import asdict

import click

from adr_app.cli.running import (
    FAILED,
    WrongUse,
    as_json,
    chosen,
    clock,
    configured,
    only,
    opened,
    say,
    telling,
)
from adr_app.domain.errors import Invalid
from adr_app.models.people import Company
from adr_app.services import record_checks
from adr_app.services.verification import LIMITS, Kept, Report, kept_root


@click.command("verify")
@click.option("--company", "slug", help="Only this company (its address).")
@click.option("--root", "typed", help="A root that was kept: ENTRIES:ROOT as printed, or the root alone.")
@click.option("--entries", type=int, help="After how many entries the root was kept.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the report as JSON.")
@telling
def verify_command(slug: str | None, typed: str | None, entries: int | None, json_wanted: bool) -> None:
    """Check that nothing in the record was changed after it was written.

    Entries, the tree over them, and every row that people read are compared with what was recorded. Exits
    with 1 where one does not verify, naming the first entry and the kind of change.

    The line “to keep” stands for every entry so far. Kept elsewhere and given back as --root, it shows
    whether the record still begins with the same entries: nobody can write it anew without that showing.

    How each check came out is kept, and shown to the admin and the vCISO where it was not well.

    \b
    Examples:
      adr-app verify
      adr-app verify --company larkspur-dental --json
      adr-app verify --company larkspur-dental --root 57:ab12…
      adr-app verify --company larkspur-dental --root ab12… --entries 57
    """
    kept = _kept(typed, entries)
    with opened(configured()):
        reports = [_checked(company, kept) for company in ([only(slug)] if kept else chosen(slug))]
    if json_wanted:
        companies = [{**asdict(report), "to_keep": str(report.to_keep)} for report in reports]
        as_json({"limits": LIMITS, "companies": companies})
    else:
        for report in reports:
            _tell(report, kept)
        say(LIMITS)
    if any(report.broken for report in reports):
        sys.exit(FAILED)


def _checked(company: Company, kept: Kept | None) -> Report:
    report = record_checks.look(company.id, kept)
    if report.broken is None or report.broken.kind != record_checks.OF_THE_ROOT:
        record_checks.keep(report, company.id, way="command", at=clock())
    return report


def _kept(typed: str | None, entries: int | None) -> Kept | None:
    if typed is None and entries is None:
        return None
    try:
        return kept_root(typed or "", entries)
    except Invalid as error:
        raise WrongUse(str(error)) from error


def _tell(report: Report, kept: Kept | None) -> None:
    say(f"{report.company}: {report.events} entries, {report.revisions} versions, {report.verdicts} answers")
    say(f"  {report.broken.kind}: {report.broken.message}" if report.broken else "  all verify")
    if kept and report.kept:
        say(f"  begins with the root kept after entry {kept.entries}")
    if not report.broken:
        say(f"  to keep: {report.to_keep}")


COMMANDS = (verify_command,)
