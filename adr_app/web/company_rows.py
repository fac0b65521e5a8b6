"""Rows of first screens that are about a whole company: a silent one, and one with older decisions."""

from flask import url_for

from adr_app.models.people import Company
from adr_app.web.access import full_address
from adr_app.web.filters import plural
from adr_app.web.lines import Line


def quiet(company: Company, days: int) -> Line:
    """Return one line of a company where nobody recorded a decision for long, with a line to ask by."""
    words = f"no decision recorded for {plural(days, 'day')}"
    address = full_address("drafts.new", slug=company.slug)
    return Line(
        company="",
        ref="",
        title=company.name,
        href=url_for("decisions.index", slug=company.slug),
        when=f"{words[:1].upper()}{words[1:]}",
        act=Line(
            label="Ask what was decided",
            line=f"{company.name}: {words}. What was decided? – {address}",
            line_label=f"One line for {company.name}",
            line_id=f"ask-{company.slug}",
        ),
    )


def older(company: Company, count: int) -> Line:
    """Return one line of a company with decisions older than its log, which are sorted on a page of it."""
    return Line(
        company="",
        ref="",
        title=company.name,
        href="",
        when=f"{count:,} older than this log, not checked",
        act=Line(label="Sort them", href=url_for("older.index", slug=company.slug)),
    )
