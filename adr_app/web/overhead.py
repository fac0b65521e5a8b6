"""What security's to-dos cost: the page behind the number, with every to-do that it is made of."""

from flask import Blueprint, g, render_template, request, url_for

from adr_app.domain.conditions import binds
from adr_app.domain.debt import in_money
from adr_app.domain.permissions import Act
from adr_app.services import overhead
from adr_app.web import todo_rows
from adr_app.web.access import needs, now

pages = Blueprint("overhead", __name__)

MONTHS_A_YEAR = 12


@pages.get("/<slug>/to-dos")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show what the to-dos ask of the company, and each of them with what it costs."""
    at, viewer = now(), g.viewer
    found, place = overhead.overhead(viewer, at), request.args.get("after", "")
    page = overhead.page(viewer, place)
    rate = viewer.company.day_rate
    return render_template(
        "overhead/index.html",
        nav="dashboard",
        found=found,
        a_year=in_money(found.run * MONTHS_A_YEAR, rate) if rate and found.run else None,
        rows=[
            (
                todo,
                decision,
                todo_rows.tag_of(todo, binds(todo.state, todo.binds_at, at), at.date()),
                todo_rows.when_words(todo),
            )
            for todo, decision in page.rows
        ],
        first=url_for("overhead.index", slug=slug) if place else "",
        following=url_for("overhead.index", slug=slug, after=page.after) if page.after else "",
    )
