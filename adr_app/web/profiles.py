"""What a company is like: what the answer to which role comes first reads of it, and how its stage went."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.first_role import STAGES
from adr_app.domain.permissions import Act
from adr_app.domain.profiles import MARKETS, SECTORS, SENSITIVE
from adr_app.services import frameworks, profiles
from adr_app.web.access import Answer, needs, now

pages = Blueprint("profiles", __name__, url_prefix="/<slug>/profile")


@pages.get("")
@needs(Act.READ)
def show(slug: str) -> str:
    """Show what the company said of itself."""
    return _page()


@pages.post("/change")
@needs(Act.KEEP_DUTIES)
def change(slug: str) -> Answer:
    """Say what the company is like."""
    form = request.form
    try:
        new = profiles.set_profile(
            g.viewer,
            sector=form.get("sector", ""),
            stage=form.get("stage", ""),
            data=form.getlist("data"),
            markets=form.getlist("markets"),
            jurisdictions=form.get("jurisdictions", ""),
            at=now(),
        )
    except Invalid as refusal:
        return _page(refusal.fields), 422
    flash("Saved." if new else "Nothing was different, so nothing was changed.", "success" if new else "info")
    return redirect(url_for("profiles.show", slug=slug))


def asked() -> dict[str, Any]:
    """Return what every form on a profile offers."""
    return {
        "sectors": list(SECTORS.items()),
        "stages": list(STAGES.items()),
        "data_kinds": list(SENSITIVE.items()),
        "markets": list(MARKETS.items()),
    }


def _page(errors: dict[str, str] | None = None) -> str:
    company = g.viewer.company
    row = profiles.newest(company.id)
    said: dict[str, Any] = {key: getattr(row, key) for key in profiles.EMPTY} if row else dict(profiles.EMPTY)
    shown = [
        ("Sector", SECTORS.get(said["sector"], "")),
        ("Stage", STAGES.get(said["stage"], "")),
        ("Sensitive data", ", ".join(SENSITIVE[code] for code in said["data"])),
        ("Market", ". ".join(MARKETS[code] for code in said["markets"])),
        ("Where we do business", said["jurisdictions"]),
    ]
    if errors:
        form = request.form
        said |= {name: form.get(name, "") for name in ("sector", "stage", "jurisdictions")}
        said |= {name: form.getlist(name) for name in ("data", "markets")}
    return render_template(
        "profiles/show.html",
        nav="people",
        said=said,
        shown=[pair for pair in shown if pair[1]],
        history=[(STAGES.get(one.stage, "Not said"), one.at) for one in profiles.stages(company.id)],
        follows=[one.name for one in frameworks.standards(g.viewer) if one.followed],
        errors=errors or {},
        **asked(),
    )
