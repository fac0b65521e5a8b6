"""The systems of a company: whether each is inside what an auditor looks at."""

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.permissions import Act
from adr_app.services import systems
from adr_app.web.access import Answer, needs, now

pages = Blueprint("systems", __name__, url_prefix="/<slug>/systems")


@pages.post("/inside")
@needs(Act.RAISE_LEVEL)
def put_inside(slug: str) -> Answer:
    """Say that a system is inside what an auditor looks at."""
    return _marked(inside=True)


@pages.post("/outside")
@needs(Act.LOWER_LEVEL)
def take_out(slug: str) -> Answer:
    """Say that a system is not inside what an auditor looks at."""
    return _marked(inside=False)


def _marked(*, inside: bool) -> Answer:
    system = systems.mark_boundary(g.viewer, request.form.get("system", ""), inside, at=now())
    where = "inside" if inside else "outside"
    flash(f"{system.name} is {where} what an auditor looks at.", "success")
    return redirect(url_for("companies.settings", slug=g.viewer.company.slug, _anchor="systems"))
