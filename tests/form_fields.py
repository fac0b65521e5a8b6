"""Fields of forms that hold a choice of the page: those that name a thing, and those that name nothing."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

Field = tuple[str, str]
"""The endpoint that a form is sent to, and the name of a field."""


IDS_IN_FORMS = {
    "mandates.end_role": ("engagement", {}),
    "mandates.hand_over": ("engagement", {"note": "Words"}),
    "mandates.note_letter": (
        "engagement",
        {"letter_title": "L", "letter_place": "P", "letter_on": ""},
    ),
    "people.invite_again": ("engagement", {}),
    "people.appoint": ("engagement", {"role": "reader"}),
    "people.new_password_link": ("engagement", {}),
    "debt.note": ("decision", {"title": "A debt"}),
    "debt.analyse": ("owner", {"fix_days": "3", "monthly_loss": "1"}),
    "debt.repay": ("repaid_by", {"actual_days": "2"}),
    "debt.link": ("decision", {"role": "incurred"}),
    "debt.unlink": ("decision", {"role": "incurred"}),
    "debt_reports.report_chosen": ("item", {"lost": "2"}),
    "debt_reports.take_back": ("report", {}),
    "debt_reports.unlink_ticket": ("ticket", {}),
    "readings.take": ("system", {}),
    "readings.take_back": ("taking", {"system": "Billing"}),
    "links.add": ("to", {"kind": "relates"}),
    "links.remove": ("link", {}),
    "risks.put": ("of", {"question": "May we?", "answer_by": "2026-12-01"}),
    "in_advance.end": ("rule", {"reason": "We changed host."}),
    "systems.put_inside": ("system", {}),
    "systems.describe": ("system", {"rebuild": "40"}),
    "systems.take_out": ("system", {}),
    "vendors.describe": ("firm", {"data": "health"}),
    "vendors.agree": ("firm", {"kind": "health", "reference": "Drawer"}),
    "vendors.assess": ("firm", {"risk": "low", "valid_until": "2027-12-01"}),
    "vendors.end_agreement": ("agreement", {}),
    "safeguards.map_to": ("safeguard", {"effect": "supports"}),
    "safeguards.unmap": ("safeguard", {}),
    "safeguards.follow": ("framework", {}),
    "safeguards.leave": ("framework", {}),
    "account.end_session": ("session", {}),
    "api_keys.make": ("where", {"name": "Build", "days": "30"}),
    "api_keys.end": ("key", {}),
    "mail.choose": ("company", {"review-asked": "daily"}),
}
"""Forms that name something of the company in a field: the field, and what else they need to get that far."""

COPIES = {("drafts.draft", "copy"), ("drafts.record", "copy"), ("drafts.preview", "copy")}
"""What is named here is dropped once it is saved, so these have a test of their own."""

SYSTEMS = {("readings.take_back", "system")}
"""Fields beside another that names a thing; tests/web/test_readings.py tries them."""

SUCCESSORS = {("mandates.end_role", "successor"), ("mandates.hand_over", "successor")}
"""Fields beside another that names a thing; tests/web/test_mandates.py tries them."""

NAMING_NOTHING = re.compile(
    r"allow-\w+|severity-[\w-]+|try|csrf_token|kind|risk|effect|role|level|mode|choice|answer|status|implementation"
    r"|base|seen|whole|keep|how|days"
    r"|preview_of|fault|undo|data|week|intent|care|growth|security|confidence|detailed|gone|criticality|goal"
    r"|(\w-)?(kind|level|when)|place-[\w-]+|consequence|source|gains|followed|follows|sector|stage|markets|here|due_on"
    r"|both|emergency|from|asks|advice|part|replaces_part|took_part|option-chosen|next|email|remember|answer-\w+|base-\d+|page|why|(todo-\d+-)?before_go_live"
    r"|\w+-(asked|made|given|answered|raised|waits)"
)
"""Fields whose value is one of a list of words, a version's number, or repeats what was typed."""


def unknown(fields: set[Field]) -> set[Field]:
    """Return the fields that may name a thing of somebody's and are tried by no test."""
    known = (
        COPIES | SUCCESSORS | SYSTEMS | {(endpoint, field) for endpoint, (field, _) in IDS_IN_FORMS.items()}
    )
    return {field for field in fields - known if not NAMING_NOTHING.fullmatch(field[1])}


class _Forms(HTMLParser):
    """Collects (address, field) of every hidden input, list, radio button, check box and named button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.action = ""
        self.found: set[tuple[str, str]] = set()
        self._fields: set[str] = set()
        self._elsewhere: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.action = (
                values.get("action") or self.page if values.get("method", "").lower() == "post" else ""
            )
            self._fields, self._elsewhere = set(), set()
        if not self.action:
            return
        chosen = tag == "select" or (tag == "input" and values.get("type") in ("hidden", "radio", "checkbox"))
        if (chosen or tag == "button") and values.get("name"):
            self._fields.add(values["name"])
        if values.get("formaction"):
            self._elsewhere.add(values["formaction"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.action:
            for action in (self.action, *self._elsewhere):
                self.found |= {(action, name) for name in self._fields}
            self.action = ""


def choices_of(app: Flask, address: str, page: str) -> set[Field]:
    """Return which fields with a choice of the page its forms send, and to which endpoint."""
    forms = _Forms(address)
    forms.feed(page)
    found = set()
    for action, name in forms.found:
        try:
            endpoint, _ = app.url_map.bind("localhost").match(urlsplit(action).path, "POST")
        except HTTPException:
            endpoint = action
        found.add((str(endpoint), name))
    return found
