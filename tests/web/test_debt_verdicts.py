"""What a verdict says to whoever has little time, and the numbers that open behind it."""

from datetime import date

import pytest

from adr_app.domain.debt_estimates import DebtSettings, SystemLimits, ThreePoint
from adr_app.domain.debt_verdicts import Owed, judge
from adr_app.web.debt_figures import Figure, curves_of, figures, waiting_rows
from adr_app.web.debt_verdicts import sentence_of, worth
from tests.domain.test_debt_formulas import COMPANY, NO_LIMITS, WORKED
from tests.domain.test_debt_verdicts import TODAY, plain

DUE = date(2027, 3, 1)


def said(estimate, bounds=NO_LIMITS, settings=COMPANY, **more) -> str:
    owed = Owed(7, estimate, bounds, **more)
    return sentence_of(judge(owed, settings, TODAY), owed, settings, "EUR", TODAY)


@pytest.mark.parametrize(
    ("estimate", "more", "sentence"),
    [
        (
            None, {},
            "Two numbers tell what to do: how many days a fix takes, and how many are lost each month.",
        ),
        (
            plain(10, 1), {},
            "A fix pays for itself after 10 months, by 27 Sep 2027, and saves €9,412 within two years.",
        ),
        (
            plain(15, 1), {},
            "A fix saves €5,412 within two years, but pays for itself only after 15 months; "
            "our limit is 12 months.",
        ),
        (
            plain(40, 0.5, months=2), {},
            "A fix pays for itself after 82 months: within two years it costs €23,706 more than it saves.",
        ),
        (plain(40, 0), {}, "Nothing is lost each month, so a fix would not pay for itself."),
        (
            plain(40, 1, left_over=10_000), {},
            "A fix never pays for itself: within two years it costs €32,000 more than it saves.",
        ),
        (
            WORKED, {},
            "A fix pays for itself perhaps after 4.8 months, perhaps only after 25.8 months. "
            "Find out first what is really lost: let the team report it for four weeks.",
        ),
        (
            WORKED, {"due": DUE, "pace": 1600},
            "It must be done by 1 Mar 2027. Work must start by 28 Dec 2026: a fix takes about 8.7 weeks.",
        ),
        (
            WORKED, {"due": date(2027, 1, 4), "pace": 1600},
            "It must be done by 4 Jan 2027, and a fix takes about 8.7 weeks: the start is 25 days late.",
        ),
        (None, {"due": DUE}, "It must be done by 1 Mar 2027. How long a fix takes is not estimated yet."),
        (
            None, {"due": date(2026, 11, 26)},
            "It must be done by 26 Nov 2026. It is 1 day late. How long a fix takes is not estimated yet.",
        ),
    ],
)  # fmt: skip
def test_a_verdict_says_why_with_its_numbers(estimate, more, sentence) -> None:
    assert said(estimate, **more) == sentence


def test_a_system_that_goes_first_makes_a_fix_not_worth_it() -> None:
    ends = SystemLimits(retires_on=date(2027, 3, 1))
    assert said(plain(10, 1), ends) == (
        "Its system is switched off on 1 Mar 2027, before a fix has paid for itself on 27 Sep 2027."
    )
    assert said(plain(10, 0), ends).endswith("before a fix would ever pay for itself.")
    gone = SystemLimits(retires_on=date(2026, 11, 26))
    assert said(plain(10, 1), gone).startswith("Its system was to be switched off on 26 Nov 2026.")


def test_a_range_without_an_end_says_perhaps_never() -> None:
    open_ended = plain(10, 1).__class__(ThreePoint.of(1000), ThreePoint(0, 100, 200))
    assert "perhaps after 5 months, perhaps never." in said(open_ended)


def test_money_is_told_by_the_company_s_own_day_rate_or_not_at_all() -> None:
    assert worth(3200, COMPANY, "EUR") == "€25,600"
    assert worth(3200, DebtSettings(day_rate=80_000), "JPY") == "¥2,560,000"
    assert worth(-3200, DebtSettings(), "EUR") == "−32 working days"
    assert "saves 11.8 working days within two years" in said(plain(10, 1), settings=DebtSettings())


def opened(**more) -> dict[str, Figure]:
    owed = Owed(7, WORKED, NO_LIMITS, pace=1600, **more)
    found = figures(judge(owed, COMPANY, TODAY), owed, COMPANY, lambda effort: worth(effort, COMPANY, "EUR"))
    return {figure.label: figure for figure in found}


def test_the_worked_item_opens_every_number_as_printed() -> None:
    assert {label: figure.value for label, figure in opened().items()} == {
        "What a fix costs": "32 working days",
        "What it costs, each month": "3.6 working days",
        "As much is lost as a fix costs after": "8 months",
        "A fix pays for itself after": "10.3 months (from 4.8 months to 25.8 months)",
        "Saved within two years": "€49,526",
        "Return on the work": "228 %",
        "A month of waiting costs": "€3,136",
        "A fix takes": "8.7 weeks",
    }
    assert opened()["A month of waiting costs"].note == "That is €724 a week."
    assert opened(due=DUE)["Work must start by"].value == "28 Dec 2026"


def test_a_number_shows_what_went_into_it() -> None:
    shown = opened()
    assert shown["What it costs, each month"].inputs == [
        ("At least", "2 working days"),
        ("Likely", "4 working days"),
        ("At most", "9 working days"),
        ("It is felt in so many of the months", "80 %"),
        ("Grows each month by", "3 %"),
    ]
    assert ("A working day costs", "€800") in shown["Saved within two years"].inputs
    assert shown["A fix takes"].inputs[1] == ("Days a month, planned", "16")
    assert all(figure.how.endswith(".") and figure.inputs for figure in shown.values())


def test_limits_and_age_are_said_where_they_count() -> None:
    owed = Owed(7, WORKED, SystemLimits(rebuild=50_00, effort=10_00), age=6)
    verdict = judge(owed, COMPANY, TODAY)
    found = {each.label: each for each in figures(verdict, owed, COMPANY, lambda effort: "")}
    assert ("Building the system anew", "50 working days") in found["What a fix costs"].inputs
    assert ("Months since the estimate", "6") in found["What it costs, each month"].inputs
    assert found["What a fix costs"].value == "34 working days"


def test_waiting_with_the_worked_item_is_told_by_months_in_days_and_money() -> None:
    case = judge(Owed(7, WORKED, NO_LIMITS), COMPANY, TODAY).case
    assert case is not None
    rows = waiting_rows(case, lambda effort: worth(effort, COMPANY, "EUR"))
    assert [(row[0], *row[3:]) for row in rows] == [
        ("now", "32", "€25,600"),
        ("6 months", "57.3", "€45,804"),
        ("12 months", "87.1", "€69,720"),
        ("24 months", "164.6", "€131,653"),
    ]


def test_the_curve_goes_as_far_as_the_company_looks_ahead_or_to_where_it_crosses() -> None:
    worked = curves_of(Owed(7, WORKED, NO_LIMITS), COMPANY)
    assert worked is not None and len(worked.lost) == 25 and worked.has_range
    late = curves_of(Owed(7, plain(30, 1), NO_LIMITS), COMPANY)
    assert late is not None and len(late.lost) == 32 and late.crossing == 30
    never = curves_of(Owed(7, plain(300, 1), NO_LIMITS), COMPANY)
    assert never is not None and len(never.lost) == 25
    assert curves_of(Owed(7, None, NO_LIMITS), COMPANY) is None


def test_what_is_not_estimated_has_no_numbers_to_open() -> None:
    owed = Owed(7, None, NO_LIMITS)
    assert figures(judge(owed, COMPANY, TODAY), owed, COMPANY, lambda effort: "") == []
