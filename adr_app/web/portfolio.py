"""An adviser's companies side by side, those first that need them most."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from adr_app.domain.permissions import ROLE_NAMES, Public
from adr_app.services import homes, portfolio
from adr_app.services.homes import Mine
from adr_app.services.portfolio import Client
from adr_app.web.access import me, needs, now
from adr_app.web.addresses import company_page
from adr_app.web.filters import ago_days, day, due_day
from adr_app.web.layout import mine

pages = Blueprint("portfolio", __name__, url_prefix="/companies")

DATE_WORDS = {"decide": "decide by", "risk": "a risk taken ends", "todo": "to-do due"}
"""What is to happen on a date, as it stands before the day."""


@pages.get("")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show the companies that the person advises as CTO or vCISO, one line each."""
    person: Any = me()  # signed in: the declaration above saw to it
    mine_now = homes.mine(person, mine(), now())
    typed = request.args.get("page", "")
    found = portfolio.portfolio(mine_now, int(typed) if typed.isdecimal() and len(typed) < 6 else 1)
    return render_template(
        "portfolio/show.html",
        nav="portfolio",
        found=found,
        rows=[_row(mine_now, client) for client in found.clients],
        newer=url_for("portfolio.show", page=found.place - 1) if found.place > 1 else "",
        older=url_for("portfolio.show", page=found.place + 1) if found.place < found.pages else "",
    )


def _row(mine_now: Mine, client: Client) -> dict[str, Any]:
    """Return one line: each number with the list that it is the count of."""
    company = client.company
    slug, today = company.slug, mine_now.today(company.id)
    until, following = client.waiting_until, client.next
    return {
        "name": company.name,
        "href": company_page("dashboard.show", slug),
        "roles": " and ".join(ROLE_NAMES[role] for role in client.roles),
        "needs": client.needs,
        "needs_href": f"{url_for('desk.show')}?company={slug}" if client.to_answer else url_for("home.show"),
        "without": client.without_input,
        "without_href": company_page("decisions.index", slug, mark="without-input", status="accepted"),
        "waiting": due_day(until, company.zone, today) if until else "",
        "late": client.is_late,
        "waiting_href": company_page("decisions.index", slug, mark="waiting-vciso"),
        "next": f"{day(following.on, today)}: {DATE_WORDS[following.what]}" if following else "",
        "debt": client.debt,
        "capacity": company.capacity_days,
        "debt_href": company_page("debt.index", slug),
        "recorded": ago_days(client.recorded, today, company.zone) if client.recorded else "",
    }
