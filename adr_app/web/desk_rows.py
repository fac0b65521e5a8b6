"""The rows of the desk: what each line says, and the one act at its end."""

from adr_app.domain.decisions import STATUS_NAMES, Status
from adr_app.domain.worktime import local_day
from adr_app.services.homes import Mine, Row
from adr_app.web import exception_rows, home_rows
from adr_app.web.addresses import page_of
from adr_app.web.filters import day
from adr_app.web.lines import Line
from adr_app.web.standings import fact_of


def line(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of any queue."""
    return _LINES[row.what](mine, row, several)


def _check(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of a to-do that is said to be done."""
    todo, name = row.about
    line = home_rows.line_of(mine, row, several)
    today, zone = mine.today(row.company.id), row.company.zone
    by = f" by {home_rows.first_name(name)}" if name else ""
    line |= {"when": f"Done {day(local_day(todo.done_at, zone), today)}{by}", "why": todo.text}
    return _to_review(line, row, "Check it", "to-dos")


def _answered(mine: Mine, row: Row, several: bool) -> Line:
    """Return one line of an answer that was given: what it was, and what became of the decision."""
    given, verdict, standing, taken_back = row.about
    line = home_rows.line_of(mine, row, several)
    today, zone = mine.today(row.company.id), row.company.zone
    on = day(local_day(given.at, zone), today)
    said = f"You {verdict.record} on {on}"
    line["when"] = f"{said}, and took it back" if taken_back else said
    now_is = STATUS_NAMES[Status(row.decision.status)]
    if row.decision.status == Status.ACCEPTED and row.decision.decided_on:
        now_is = f"{now_is} {day(row.decision.decided_on, today)}"
    line["why"] = " · ".join(
        filter(None, (f"Now: {now_is[:1].lower()}{now_is[1:]}", fact_of(standing, today, zone)))
    )
    if given.text:
        line["advice"] = [("You", home_rows.short(given.text))]
    return _to_review(line, row, "Open")


def _to_review(line: Line, row: Row, label: str, anchor: str | None = None) -> Line:
    href = page_of("reviews.show", row.company.slug, row.decision.number, anchor)
    line |= {"href": href, "act": Line(label=label, href=href)}
    return line


_LINES = {
    "review": home_rows.answer,
    "question": home_rows.waits_for_them,
    "claim": home_rows.claim,
    "requested": exception_rows.requested,
    "check": _check,
    "declared": home_rows.declared,
    "answered": _answered,
}
