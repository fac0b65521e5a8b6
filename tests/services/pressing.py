"""What tests type into the forms of the register of pressures and of duties."""

from typing import Any

FIRM = {
    "kind": "platform_migration",
    "name": "Move off the old host",
    "loses": "Two clinics that leave with it",
    "consequence": "lost_contract",
    "level": "3",
    "when": "day",
    "bites_on": "2026-12-24",
    "evidence": "The host's letter of 3 November",
}
AUDIT = {
    "kind": "customer_audit",
    "name": "Audit by the clinics",
    "loses": "The contract of the clinics",
    "consequence": "failed_audit",
    "level": "3",
    "when": "day",
    "bites_on": "2027-06-12",
    "evidence": "Part 9 of the contract",
}
SALE = {
    "kind": "blocked_sale",
    "name": "Brightwater waits",
    "loses": "A year's turnover",
    "consequence": "sale_delayed",
    "level": "2",
    "when": "now",
    "evidence": "Their questionnaire of 200 lines",
    "deal": "Brightwater, 40 seats",
    "deal_value": "120,000",
    "waiting_since": "2026-11-03",
}
DUTY = {
    "name": "Yearly risk analysis",
    "source": "law",
    "reference": "164.308(a)(1)",
    "asks": "Look for risks to patient data and write down what was found.",
    "kind": "regulatory_requirement",
    "consequence": "liability",
    "loses": "The right to hold patient data",
    "level": "3",
    "first_on": "2027-01-31",
    "months": "12",
}
PROFILE: dict[str, Any] = {
    "sector": "health",
    "stage": "growth",
    "data": ["health"],
    "markets": ["assurance"],
    "jurisdictions": "Colorado, EU",
}
