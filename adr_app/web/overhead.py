"""What security's to-dos cost: the page behind the number, with every to-do that it is made of."""

from flask import Blueprint, g, render_template

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
    found = overhead.overhead(viewer, at)
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
            for todo, decision in overhead.inputs(viewer)
        ],
        most=overhead.LISTED,
    )
