"""What a company chooses: when a security OK is needed first, its first day here, its name and numbers."""

from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.debt_estimates import MOST_MONTHS, parse_share
from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid
from adr_app.domain.flag_rule import SEVERITIES
from adr_app.domain.flag_rules import RULES
from adr_app.domain.money import minor_units
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import day_of, local_day
from adr_app.models.events import Event, about
from adr_app.models.people import USUAL_RECKONING, Company
from adr_app.models.spelled import Spelled
from adr_app.services import people
from adr_app.services.companies import DEFAULT_POLICY, check_settings
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

MODES = ("advise", "enforce")
HIGHEST_RATE = 10**12
MOST_DISCOUNT = 5_000
"""Basis points a year beyond which a discount is a slip."""


@dataclass(frozen=True, slots=True)
class Moved:
    """That somebody (by name) moved the first day of a log, when, from which day to which."""

    was: date | None
    on: date | None
    by: str
    at: datetime


def set_policy(viewer: Viewer, level: int | str, mode: str, *, at: datetime) -> bool:
    """Choose for one level whether a missing security OK warns or stops; return whether that is new.

    Appends `company.policy-set`.

    :raises NotAllowed: when the viewer is not in leadership.
    :raises Invalid: for another level than 1, 2, 3 or another mode.
    """
    viewer.require(Act.SET_POLICY)
    key = str(level)
    if key not in DEFAULT_POLICY or mode not in MODES:
        message = "Choose one of the two answers."
        raise Invalid(message, {f"policy_{key}": message})
    if viewer.company.policy.get(key) == mode:
        return False
    with acting_as(viewer, at=at) as ledger:
        ledger.company.policy = {**ledger.company.policy, key: mode}
        told = {"level": int(key), "mode": mode, "row": ledger.company.row_digest}
        ledger.append("company.policy-set", ("company", ledger.company.id), told)
    return True


def set_severity(viewer: Viewer, code: str, severity: str, *, at: datetime) -> bool:
    """Make a flag graver than the product has it, or as grave again; return whether that is new.

    Appends `company.severity-set`; what was flagged before stays as grave as it was.

    :raises NotAllowed: when the viewer is not in leadership.
    :raises Invalid: for no such flag, or where it would be less grave than the product has it.
    """
    viewer.require(Act.SET_POLICY)
    rule = RULES.get(code)
    if rule is None or severity not in SEVERITIES or severity > rule.severity:
        message = "A flag can be made graver than it is, and not less grave. Choose from the list."
        raise Invalid(message, {f"severity-{code}": message})
    if viewer.company.severities.get(code, rule.severity) == severity:
        return False
    with acting_as(viewer, at=at) as ledger:
        ledger.company.severities = {**ledger.company.severities, code: severity}
        told = {"code": code, "severity": severity}
        ledger.append("company.severity-set", ("company", ledger.company.id), told)
    return True


def set_go_live(viewer: Viewer, on: date, *, at: datetime) -> bool:
    """Move the day this log went live; return whether that is new. Appends `company.go-live-set`.

    :raises NotAllowed: when the viewer is not in leadership.
    :raises Invalid: for a day nobody can mean.
    """
    viewer.require(Act.SET_POLICY)
    check_settings(go_live_on=on)
    if on > local_day(at, viewer.company.zone):
        # Until such a day everything decided here would count as older than the log.
        message = "Choose today or an earlier day: this log is in use already."
        raise Invalid(message, {"go_live_on": message})
    if viewer.company.go_live_on == on:
        return False
    with acting_as(viewer, at=at) as ledger:
        ledger.company.go_live_on = on
        told = {"on": on.isoformat(), "row": ledger.company.row_digest}
        ledger.append("company.go-live-set", ("company", ledger.company.id), told)
    return True


def moves_of_first_day(company_id: int) -> list[Moved]:
    """Return every move of a company's first day, the last one first, as its record has them.

    Whoever moves the day makes decisions older than the log, or takes that from them: everybody may know.
    """
    acts = _FIRST_DAYS.rows(company=company_id)
    names = people.names_at(company_id, {act.actor_id for act in acts[1:] if act.actor_id})
    days = [day_of(act.data.get("on") or act.data.get("go_live_on")) for act in acts]
    moves = [
        Moved(was, on, names.get(act.actor_id, "Somebody"), act.at)
        for act, was, on in zip(acts[1:], days, days[1:], strict=False)
    ]
    return moves[::-1]


_FIRST_DAYS = Spelled(
    lambda company: about(company, "company", company).where(
        Event.kind.in_(("company.founded", "company.go-live-set"))
    )
)


def change_settings(
    viewer: Viewer,
    *,
    at: datetime,
    name: str,
    currency: str,
    day_rate: int | None = None,
    capacity_days: str = "",
    debt_limit_days: str = "",
    discount: str = "",
    horizon: str = "",
    payback_limit: str = "",
    hours_per_day: str = "",
) -> bool:
    """Change a company's name, currency and numbers as typed; return whether anything is new.

    `day_rate` is what a working day costs, in the currency's minor units; the next two are working days
    a month. None or empty is not known. What debt is reckoned with besides is per cent a year, months, and
    hours; empty is as usual.
    The zone stays as founded: due times and local days were computed in it. Appends
    `company.settings-changed` with the names of what changed.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: naming every field that will not do.
    """
    viewer.require(Act.SETTINGS)
    check_settings(currency=currency)
    wanted = {
        "name": people.check_name(name, "name", what="the company's name"),
        "currency": currency,
        "day_rate": None if day_rate is None else check_integer(day_rate, "day_rate", 0, HIGHEST_RATE),
        "capacity_days": _number(capacity_days, "capacity_days", 100_000),
        "debt_limit_days": _number(debt_limit_days, "debt_limit_days", 100_000),
        **_reckoning(discount, horizon, payback_limit, hours_per_day),
    }
    _check_currency(viewer.company, currency, None if day_rate is None else int(day_rate))
    if all(getattr(viewer.company, key) == value for key, value in wanted.items()):
        return False
    with acting_as(viewer, at=at) as ledger:
        what = [key for key, value in wanted.items() if getattr(ledger.company, key) != value]
        for key in what:
            setattr(ledger.company, key, wanted[key])
        told = {"what": what, "row": ledger.company.row_digest}
        ledger.append("company.settings-changed", ("company", ledger.company.id), told)
    return True


def _reckoning(discount: str, horizon: str, payback_limit: str, hours_per_day: str) -> dict[str, int]:
    """Return what debt is reckoned with, as typed; empty is what every company begins with.

    :raises Invalid: under the field that will not do.
    """
    usual = dict(zip(("discount", "horizon", "payback_limit", "hours_per_day"), USUAL_RECKONING, strict=True))
    try:
        share = parse_share(discount, high=MOST_DISCOUNT) if discount.strip() else usual["discount"]
    except Invalid as refusal:
        raise Invalid(str(refusal), {"discount": str(refusal)}) from None
    found = {"discount": share}
    for name, text, high in (
        ("horizon", horizon, MOST_MONTHS),
        ("payback_limit", payback_limit, MOST_MONTHS),
        ("hours_per_day", hours_per_day, 24),
    ):
        found[name] = check_integer(text, name, 1, high) if text.strip() else usual[name]
    return found


def _check_currency(company: Company, currency: str, day_rate: int | None) -> None:
    """Refuse another currency with the price of a day still in the old one.

    :raises Invalid: under `day_rate`.
    """
    if currency == company.currency or day_rate is None or company.day_rate is None:
        return
    same = day_rate * minor_units(company.currency) == company.day_rate * minor_units(currency)
    if same:
        message = f"Type what a working day costs in {currency}, or leave it empty: it was another currency."
        raise Invalid(message, {"day_rate": message})


def _number(text: str, field: str, high: int) -> int | None:
    return check_integer(text, field, 0, high) if text.strip() else None
