"""What each flag means, and where it stands now."""

from flask import Blueprint, g, render_template

from adr_app.domain.flag_rules import RULES
from adr_app.domain.permissions import Act
from adr_app.services.flagged import flagged
from adr_app.web.access import needs, now

pages = Blueprint("flags", __name__)

GRAVITY = {"S1": "Leadership sees it", "S2": "A warning", "S3": "A note"}


@pages.get("/<slug>/flags")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show every rule with how often it is on, and the newest decisions it is on for."""
    found = flagged(g.viewer, at=now())
    order = sorted(RULES.values(), key=lambda rule: (rule.code not in found, rule.severity))
    return render_template(
        "flags/index.html",
        nav="dashboard",
        rules=[(rule, GRAVITY[rule.severity], found.get(rule.code)) for rule in order],
    )
