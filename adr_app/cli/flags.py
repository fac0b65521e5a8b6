"""`adr-app flags`: what is flagged on a day, whether the stored flags are right, and building them anew."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import click

from adr_app.cli.running import (
    FAILED,
    WrongUse,
    a_day,
    as_json,
    chosen,
    clock,
    configured,
    opened,
    say,
    telling,
)
from adr_app.domain.decisions import reference
from adr_app.domain.flag_rule import GRAVITY
from adr_app.domain.flag_rules import RULES, Rule
from adr_app.domain.worktime import end_of_day
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import flags

STALE = 3
INTERRUPTED = 130
SAID_EVERY = 60.0
"""Seconds between two lines of progress where nobody watches a terminal."""


@click.command("flags")
@click.option("--company", "slug", help="Only this company (its address).")
@click.option(
    "--at", "day", metavar="DATE", help="How it stood at the end of this day (YYYY-MM-DD); now by default."
)
@click.option(
    "--check", is_flag=True, help="Recompute every flag from the acts: 0 equal, 1 different, 3 behind."
)
@click.option("--rebuild", is_flag=True, help="Recompute and store every flag, in batches.")
@click.option("--continue", "go_on", is_flag=True, help="With --rebuild: only what was left behind.")
@click.option("--rules", "rules", is_flag=True, help="Print the table of rules as Markdown.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the report as JSON.")
@telling
def flags_command(
    slug: str | None, day: str | None, check: bool, rebuild: bool, go_on: bool, rules: bool, json_wanted: bool
) -> None:
    """List what is flagged, now or as it stood at the end of a day in each company's zone.

    \b
    Examples:
      adr-app flags
      adr-app flags --company larkspur-dental --at 2026-09-30 --json
      adr-app flags --check
      adr-app flags --rebuild --continue
    """
    if sum((check, rebuild, rules, day is not None)) > 1:
        raise WrongUse("Use one of --at, --check, --rebuild and --rules.")
    if go_on and not rebuild:
        raise WrongUse("--continue goes with --rebuild.")
    if rules:
        say(rule_table().rstrip())
        return
    wanted = None if day is None else a_day(day)
    with opened(configured()):
        companies = chosen(slug)
        if rebuild:
            _rebuild(companies, json_wanted, go_on)
        elif check:
            _check(companies, json_wanted)
        else:
            _list(companies, wanted, json_wanted)


def _list(companies: list[Company], wanted: date | None, json_wanted: bool) -> None:
    now = clock()
    rows = [row for company in companies for row in _running(company, wanted, now)]
    if json_wanted:
        as_json({"at": wanted.isoformat() if wanted else now.isoformat(), "flags": rows})
        return
    for row in rows:
        say(f"{row['company']}  {row['ref'] or '(company)'}  {row['title']}  since {row['since'][:10]}")
    say("Nothing is flagged." if not rows else "1 flag." if len(rows) == 1 else f"{len(rows)} flags.")


def _running(company: Company, day: date | None, now: datetime) -> list[dict[str, Any]]:
    # A day's end is the first second of the next one; a flag that begins there is not yet of this day.
    at = now if day is None else datetime.fromtimestamp(end_of_day(day, company.zone).timestamp() - 1, UTC)
    spans = list(
        SpanRow.running(company.id, "flag", at).order_by(
            SpanRow.subject_type, SpanRow.subject_id, SpanRow.code
        )
    )
    decisions = {
        row.id: row
        for row in Decision.select(Decision.id, Decision.number, Decision.title).where(
            Decision.company == company.id
        )
    }
    debts = {
        row.id: row
        for row in DebtItem.select(DebtItem.id, DebtItem.number, DebtItem.title).where(
            DebtItem.company == company.id,
            DebtItem.id.in_({span.subject_id for span in spans if span.subject_type == "debt"}),
        )
    }
    rows = []
    for span in spans:
        debt = debts.get(span.subject_id) if span.subject_type == "debt" else None
        decision = decisions.get(span.subject_id) if span.subject_type == "decision" else None
        rows.append(
            {
                "company": company.slug,
                "ref": debt.ref if debt else reference(decision.number) if decision else None,
                "decision": decision.title if decision else None,
                "debt": debt.title if debt else None,
                "code": span.code,
                "severity": span.severity,
                "title": RULES[span.code].title,
                "why": span.why,
                "since": span.starts.isoformat(),
                "detail": span.detail,
            }
        )
    return rows


def _check(companies: list[Company], json_wanted: bool) -> None:
    found = [flags.check(company) for company in companies]
    if json_wanted:
        as_json([asdict(difference) for difference in found])
    else:
        for difference in found:
            wrong, behind = len(difference.different), difference.stale
            state = "equal" if not wrong and not behind else f"{wrong} different, {behind} behind"
            say(f"{difference.company}: {difference.checked} checked, {state}")
    # What is behind is no difference: it is known, and evaluated anew in a moment.
    if any(difference.different for difference in found):
        sys.exit(FAILED)
    if any(difference.stale for difference in found):
        sys.exit(STALE)


def _rebuild(companies: list[Company], json_wanted: bool, go_on: bool) -> None:
    rebuilt: dict[str, int] = {}
    for company in companies:
        with _progress(company.slug) as told:
            rebuilt[company.slug] = flags.rebuild(company.id, go_on=go_on, told=told)
    if json_wanted:
        as_json(rebuilt)
    else:
        for slug, count in rebuilt.items():
            say(f"{slug}: {count} decisions evaluated anew")


@contextmanager
def _progress(slug: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what tells how far it is: one line rewritten on a terminal, a line each minute elsewhere."""
    on_terminal, last = sys.stderr.isatty(), time.monotonic()

    def told(done: int, whole: int) -> None:
        nonlocal last
        if on_terminal:
            click.echo(f"\r{slug}: {done:,} of {whole:,}", nl=done == whole, err=True)
        elif time.monotonic() - last >= SAID_EVERY:
            last = time.monotonic()
            click.echo(f"{slug}: {done:,} of {whole:,}", err=True)

    try:
        yield told
    except KeyboardInterrupt:
        # The batch that was under way is undone; all before it are stored.
        click.echo("\nStopped. “adr-app flags --rebuild --continue” goes on where it was.", err=True)
        sys.exit(INTERRUPTED)


def rule_table() -> str:
    """Return every rule in Markdown, as docs/flags.md holds it."""
    head = "| flag | what it says | how grave | on for | what ends it | why it is a rule |"
    rows = [
        f"| **{rule.title}** (`{rule.code}`) | {rule.sentence} | {gravity_of(rule)} | {rule.switched_on_by} "
        f"| {rule.clears_by} | {rule.grounding} |"
        for rule in RULES.values()
    ]
    return "\n".join([head, "| --- | --- | --- | --- | --- | --- |", *rows]) + "\n"


def gravity_of(rule: Rule) -> str:
    """Return how grave a rule is, and what may be done about that, in words."""
    words = GRAVITY[rule.severity]
    if rule.grave_from is not None:
        words += f", red from review level {rule.grave_from}"
    if rule.kind == "fact":
        return f"{words}; a fact"
    return f"{words}; may be set aside" if rule.may_be_set_aside else words


COMMANDS = (flags_command,)
