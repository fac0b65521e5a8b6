"""The record: everything that was done at a company, newest first, in sentences."""

from flask import Blueprint, g, render_template, request, url_for

from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.services import company_log, record_checks
from adr_app.services.company_log import Line
from adr_app.services.verification import LIMITS, WHAT_FOR, current
from adr_app.web import history, receipts
from adr_app.web.access import needs

pages = Blueprint("record", __name__)


@pages.get("/<slug>/record")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show a page of the company's record, before an entry where one is named."""
    log = company_log.page(g.viewer, before=_before())
    older = url_for("record.index", slug=slug, before=log.older) if log.older else ""
    return render_template(
        "record/index.html",
        nav="record",
        lines=[(line, _sentence(line, log)) for line in log.lines],
        older=older,
        newest="" if log.newest else url_for("record.index", slug=slug),
        entries=g.viewer.company.last_seq,
        limits=LIMITS,
        to_keep=current(g.viewer.company),
        what_for=WHAT_FOR,
        alarm=receipts.alarm(record_checks.latest(g.viewer.company.id)),
    )


def _before() -> int | None:
    """Return the entry before which the page begins, or None for the newest; anything else is refused.

    :raises Invalid: when it is no entry's number.
    """
    typed = request.args.get("before", "")
    if not typed:
        return None
    try:
        return check_integer(typed, "before", low=1)
    except Invalid:
        raise Invalid("That is no place in the record. Open the record from its first page.") from None


def _sentence(line: Line, log: company_log.Log) -> str:
    """Return what happened, without what it happened to: that stands beside it as a link."""
    actor = log.history.name(line.event.actor_id)
    words = history.verb(line.event, line.data, log.history)
    person = line.data.get("person")
    if person is not None:
        role = line.data.get("role")
        words += f" {log.history.names.get(person, 'somebody')}"
        words += f" ({ROLE_NAMES[Role(role)]})" if role in set(Role) else ""
    return f"{actor} {words}"
