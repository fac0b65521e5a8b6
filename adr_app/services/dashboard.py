"""The leadership's numbers: each with its list behind it, none of which costs more as the log grows."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from adr_app.domain.decisions import Status
from adr_app.domain.permissions import Act, Role
from adr_app.domain.standing import UNREAD
from adr_app.domain.worktime import local_day
from adr_app.models import debt as debt_tables
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review, RiskAcceptance
from adr_app.services import dashboard_queries as asking
from adr_app.services import engagements, people, restricted
from adr_app.services.dashboard_queries import SHOWN, WAITING, WITHOUT_INPUT
from adr_app.services.decision_rows import whose
from adr_app.services.leads import Asked, with_advice
from adr_app.services.list_filters import MADE_HERE
from adr_app.services.mandates import ending_soon
from adr_app.services.overhead import Contested, Overhead, contested, overhead
from adr_app.services.people import Viewer

MONTHS = 12
QUARTER = 3
SOON = timedelta(days=14)
ENDING = timedelta(days=30)

INPUT_LAYERS = {
    "before": "before",
    "meeting": "meeting",
    "after": "after",
    "none": "none",
    "none-engaged": "none",
}
"""Which layer of the picture each class of vCISO input belongs to; the others are not drawn."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of all decisions had input before they were made."""

    before: int
    all: int


@dataclass
class Dashboard:
    """Everything one page shows, as it stood at `at`; lists hold at most a handful, counts are whole."""

    at: datetime
    without_input: int
    unread: int
    breakdown: Counter[str]
    oldest: SpanRow | None
    other_flags: Counter[str]
    months: list[date]
    layers: dict[str, list[int]]
    quarter: Share
    quarter_before: Share
    waiting: int
    reviews: list[tuple[Review, Decision]]
    undecided: int
    oldest_undecided: Decision | None
    due_soon: list[Decision]
    due_soon_all: int
    recent: list[tuple[Decision, SpanRow | None]]
    made_this_month: int
    debt: debt_tables.MonthlyCost
    questions: list[tuple[Asked, Decision]] = field(default_factory=list)
    ending: list[tuple[RiskAcceptance, Decision]] = field(default_factory=list)
    overhead: Overhead = field(default_factory=Overhead)
    contested: list[tuple[Contested, Decision]] = field(default_factory=list)
    both_hats: list[str] = field(default_factory=list)
    roles_ending: list[Engagement] = field(default_factory=list)
    updating: bool = False


def dashboard(viewer: Viewer, *, at: datetime) -> Dashboard:
    """Return the company's dashboard as it stands at `at`."""
    company = viewer.company
    today = local_day(at, company.zone)
    hidden = restricted.hidden_from(viewer)
    flags = restricted.running(viewer, hidden, "flag", at)
    standings = restricted.running(viewer, hidden, "standing", at)
    statuses = restricted.running(viewer, hidden, "status", at)
    months = last_months(today, MONTHS)
    by_month = restricted.inputs_by_month(viewer, hidden, [f"{m:%Y-%m}" for m in months])
    this_month = by_month[f"{months[-1]:%Y-%m}"]
    layers = input_layers(months, by_month)
    breakdown = Counter({why: n for (code, why), n in flags.items() if code == WITHOUT_INPUT})
    due_soon, due_soon_all = _due_soon(viewer, today)
    return Dashboard(
        at=at,
        without_input=breakdown.total(),
        unread=standings[(UNREAD.code, "")],
        breakdown=breakdown,
        oldest=_oldest_open(company.id, hidden, at) if breakdown else None,
        other_flags=_others(flags),
        months=months,
        layers=layers,
        quarter=_share(layers, slice(-QUARTER, None)),
        quarter_before=_share(layers, slice(-2 * QUARTER, -QUARTER)),
        waiting=sum(n for (code, _), n in standings.items() if code in WAITING),
        reviews=_waiting_reviews(viewer, hidden, at),
        undecided=statuses[(Status.PROPOSED, "")] + statuses[(Status.DRAFT, "")],
        oldest_undecided=_oldest_undecided(viewer),
        due_soon=due_soon,
        due_soon_all=due_soon_all,
        recent=_recent(viewer, at),
        made_this_month=sum(this_month[code] for code in MADE_HERE),
        debt=debt_tables.monthly_cost(company.id),
        questions=_questions(viewer, hidden, at),
        ending=_ending(viewer, hidden, at),
        overhead=overhead(viewer, at),
        contested=_contested(viewer),
        both_hats=engagements.warnings(company, at),
        roles_ending=ending_soon(people.engagement_rows(company.id, Role.CTO, Role.VCISO, Role.LEADER), at),
        updating=company.stale_since is not None,
    )


def last_months(today: date, count: int) -> list[date]:
    """Return the first days of the last `count` months, this one last."""
    months = []
    year, month = today.year, today.month
    for _ in range(count):
        months.append(date(year, month, 1))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return months[::-1]


def input_layers(months: list[date], by_month: dict[str, Counter[str]]) -> dict[str, list[int]]:
    """Return, for each layer of the picture, one count for each month."""
    layers: dict[str, list[int]] = {name: [] for name in dict.fromkeys(INPUT_LAYERS.values())}
    for month in months:
        counted: Counter[str] = Counter()
        for why, n in by_month[f"{month:%Y-%m}"].items():
            if why in INPUT_LAYERS:
                counted[INPUT_LAYERS[why]] += n
        for name, counts in layers.items():
            counts.append(counted[name])
    return layers


def _share(layers: dict[str, list[int]], part: slice) -> Share:
    before = sum(layers["before"][part]) + sum(layers["meeting"][part])
    return Share(before, sum(sum(counts[part]) for counts in layers.values()))


def _others(flags: Counter[tuple[str, str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (code, _), n in flags.items():
        if code not in (WITHOUT_INPUT, "review-waiting"):
            found[code] += n
    return found


def _oldest_open(company_id: int, hidden: list[int], at: datetime) -> SpanRow | None:
    return asking.OLDEST_OPEN.first(company=company_id, hidden=hidden, at=_second(at))


def _waiting_reviews(viewer: Viewer, hidden: list[int], at: datetime) -> list[tuple[Review, Decision]]:
    """Return the first due of the reviews that `waiting` counts: those whose decision stands as waiting."""
    rows = asking.WAITING_REVIEWS.rows(company=viewer.company.id, hidden=hidden, at=_second(at))
    return _with_decisions(viewer, rows)


def _with_decisions(viewer: Viewer, rows: list) -> list:
    """Pair rows with their decisions; what this person may not see is left out."""
    ids = sorted({row.decision_id for row in rows})
    seen = {d.id: d for d in asking.THESE.rows(**whose(viewer), ids=ids)} if ids else {}
    return [(row, seen[row.decision_id]) for row in rows if row.decision_id in seen]


def _oldest_undecided(viewer: Viewer) -> Decision | None:
    found = [
        asking.OLDEST_WITH_STATUS.first(**whose(viewer), status=str(status))
        for status in (Status.PROPOSED, Status.DRAFT)
    ]
    return min((d for d in found if d is not None), key=lambda d: d.created_at, default=None)


def _due_soon(viewer: Viewer, today: date) -> tuple[list[Decision], int]:
    """Return the first proposals with a near or past day to decide by, and how many there are in all."""
    until = (today + SOON).isoformat()
    shown = asking.DUE_SOON.rows(**whose(viewer), until=until)
    return shown, len(shown) if len(shown) < SHOWN else asking.due_by(viewer, until).count()


def _recent(viewer: Viewer, at: datetime) -> list[tuple[Decision, SpanRow | None]]:
    """Return what was decided last, by the day of the decision: later acts do not make it newer."""
    rows = asking.RECENT.rows(**whose(viewer))
    standings = standings_of([viewer.company.id], [row.id for row in rows], at)
    return [(row, standings.get(row.id)) for row in rows]


def _questions(viewer: Viewer, hidden: list[int], at: datetime) -> list[tuple[Asked, Decision]]:
    """Return every question put to this leader, or to any for whoever leads not: none may be missed."""
    mine = {"leader": viewer.person.id, "alone": viewer.may(Act.ACCEPT_RISK)}
    rows = asking.QUESTIONS.rows(company=viewer.company.id, **mine, hidden=hidden, at=_second(at))
    asked = {one.question.id: one for one in with_advice([viewer.company.id], rows)}
    return [(asked[row.id], decision) for row, decision in _with_decisions(viewer, rows)]


def _ending(viewer: Viewer, hidden: list[int], at: datetime) -> list[tuple[RiskAcceptance, Decision]]:
    until = _second(at + ENDING)
    rows = asking.ENDING.rows(company=viewer.company.id, hidden=hidden, at=_second(at), until=until)
    return _with_decisions(viewer, rows)


def _contested(viewer: Viewer) -> list[tuple[Contested, Decision]]:
    rows = contested([viewer.company.id])
    seen = {decision.id: decision for _, decision in _with_decisions(viewer, [row.todo for row in rows])}
    return [(row, seen[row.todo.decision_id]) for row in rows if row.todo.decision_id in seen]


def _second(at: datetime) -> int:
    return int(at.timestamp())
