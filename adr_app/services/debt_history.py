"""What happened to a debt item, as sentences for whoever reads its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.days import MONTHS, spoken_day
from adr_app.domain.debt import LINK_ROLES, effort_text
from adr_app.domain.debt_estimates import share_text
from adr_app.domain.debt_reports import time_text
from adr_app.domain.events import KINDS, Happening
from adr_app.models.debt import DebtItem, DebtRemark
from adr_app.models.debt_carries import DebtCarry
from adr_app.models.decisions import Decision
from adr_app.models.events import about
from adr_app.services import decision_rows, people
from adr_app.services.people import Viewer

FIELD_WORDS = {
    "title": "title",
    "kind": "kind",
    "system": "system",
    "symptoms": "what it looks like",
    "impact": "what it does to the business",
    "benefit": "what was gained",
    "intent": "whether it was taken on knowingly",
    "care": "whether it was thought through",
    "security": "whether it concerns security",
    "review_on": "day to look at it again",
    "obligation_on": "day by which it must be fixed",
}


ASK_AGAIN = "With that the wish to live with it is over: security was asked about less than this."
"""What is said of a change after which somebody has to ask anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history: when, a sentence, and a detail or the reason given (may be empty)."""

    at: datetime
    sentence: str
    detail: str


def entries(viewer: Viewer, item: DebtItem) -> list[Entry]:
    """Return an item's history, newest first, without links to decisions this person may not know of."""
    acts = [event.happening() for event in about(item.company_id, "debt", item.id)]
    names = people.names({act.actor for act in acts if act.actor} | {o for act in acts if (o := _owner(act))})
    known = _known_decisions(viewer, {key for act in acts if (key := act.data.get("decision"))})
    reasons = {
        remark.seq: remark.text
        for remark in DebtRemark.select().where(
            DebtRemark.company == item.company_id, DebtRemark.debt_id == item.id
        )
    }
    reasons |= _said_of_carrying(item, acts)
    lines = []
    for act in reversed(acts):
        if act.kind in ("debt.linked", "debt.unlinked") and act.data["decision"] not in known:
            continue
        who = names.get(act.actor or 0, "The product")
        detail = reasons.get(act.seq) or _detail(act, names, known)
        if act.kind in ("debt.revised", "debt.analysed") and act.data.get("carry"):
            detail = f"{detail} {ASK_AGAIN}".strip()
        lines.append(Entry(act.at, f"{who} {KINDS[act.kind].sentence}.", detail))
    return lines


def _said_of_carrying(item: DebtItem, acts: list[Happening]) -> dict[int, str]:
    """Return what was said about living with an item, by the number of the act that said it."""
    said = {
        row.id: row
        for row in DebtCarry.select().where(
            DebtCarry.company == item.company_id, DebtCarry.debt_id == item.id
        )
    }
    found = {}
    for act in acts:
        row = said.get((act.data.get("carry") or {}).get("carry"))
        if row is not None and act.kind == "debt.carry-answered":
            found[act.seq] = f"{_answered(act)} {row.security_says}"
        elif row is not None and act.kind == "debt.carry-asked":
            found[act.seq] = f"{_until(act)} {row.reason}"
    return found


def _owner(act: Happening) -> int | None:
    return act.data.get("owner")


def _known_decisions(viewer: Viewer, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = decision_rows.visible(viewer).where(Decision.id.in_(sorted(ids)))
    return {decision.id: f"{decision.ref} {decision.title}" for decision in rows}


def _detail(act: Happening, names: dict[int, str], known: dict[int, str]) -> str:
    """Return what the act carried, in words: the estimate, the fields, the decision."""
    if act.kind == "debt.analysed":
        told = f"{days(act.data['fix_days'])} to fix, {days(act.data['monthly_loss'])} lost each month"
        owner = names.get(act.data.get("owner") or 0)
        return f"{told}; {owner} answers for it." if owner else f"{told}."
    if act.kind == "debt.reported":
        on = date.fromisoformat(act.data["on"])
        return f"{time_text(act.data['minutes'])}, on {spoken_day(on, act.at.date())}."
    if act.kind == "debt.revised":
        words = [FIELD_WORDS[name] for name in act.data["fields"]]
        return f"Changed: {', '.join(words)}." if words else ""
    if act.kind in _SPOKEN:
        return _SPOKEN[act.kind](act)
    parts = []
    if act.data.get("actual_days") is not None:
        parts.append(f"It took {days(act.data['actual_days'])}.")
    if decision := known.get(act.data.get("decision") or 0):
        role = act.data.get("role", "repaid_by")
        parts.append(f"{LINK_ROLES[role]} {decision}")
    return " ".join(parts)


def _planned(act: Happening) -> str:
    return f"From {month_words(act.data['starts_on'])} on, {days(act.data['monthly_work'])} a month."


def _spoken(day: str, act: Happening) -> str:
    """Return a recorded day as people say it, with its year where that is not the act's."""
    return spoken_day(date.fromisoformat(day), act.at.date())


def _until(act: Happening) -> str:
    return f"Until {_spoken(act.data['until'], act)}."


def _answered(act: Happening) -> str:
    return "Yes." if act.data["agrees"] else "No."


def _left(act: Happening) -> str:
    left = act.data["left_over"]
    return f"{share_text(left)} % of the loss is left." if left else "All of the loss has gone."


_SPOKEN: dict[str, Callable[[Happening], str]] = {
    "debt.scheduled": _planned,
    "debt.carry-asked": _until,
    "debt.carried": _until,
    "debt.carry-answered": _answered,
    "debt.verified": _left,
    "debt.written-off": lambda act: f"Its system is switched off on {_spoken(act.data['on'], act)}.",
}
"""What an act carried, in words, by its kind."""


def month_words(day: str) -> str:
    """Return the month of a recorded day, such as “November 2026”."""
    on = date.fromisoformat(day)
    return f"{MONTHS[on.month - 1]} {on.year}"


def days(hundredths: int) -> str:
    """Return an effort with its unit: `1 working day`, `2.5 working days`."""
    return f"{effort_text(hundredths)} working day{'' if hundredths == 100 else 's'}"
