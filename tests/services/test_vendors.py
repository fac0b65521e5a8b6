"""Outside firms: made by being named, what is recorded of them, and the flag where a contract lacks."""

from datetime import date, timedelta
from typing import Any

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.base import FOREVER
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.vendors import DecisionVendor, Vendor, VendorAgreement
from adr_app.services import company_log, decisions, drafts, flags, vendor_acts, vendor_pages, vendors
from adr_app.services.people import Viewer
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.plans import along

FLAG = "vendor-no-agreement"
DAY = timedelta(days=1)


def recorded(cto: Viewer, firms: list[str], at: Any = START) -> Decision:
    day = at.date().isoformat()
    return decisions.record_decided(cto, {"title": "A", "vendors": firms, "decided_on": day}, at=at)


def spans(decision: Decision) -> list[tuple[Any, Any]]:
    rows = SpanRow.select().where(SpanRow.subject_id == decision.id, SpanRow.code == FLAG)
    return [(row.starts, row.ends) for row in rows.order_by(SpanRow.starts)]


def test_a_firm_named_by_a_decision_is_in_the_register_and_flagged_until_its_contract_is_there(
    cast: Cast, cto: Viewer
) -> None:
    made = recorded(cto, ["Pay  well", "pay well", "Cloud"])
    assert [row.name for row in Vendor.select().order_by(Vendor.id)] == ["Pay well", "Cloud"]
    assert DecisionVendor.select().count() == 2 and spans(made) == []
    vendor_acts.describe(cto, "PAY WELL", does="Takes payments", data=["health"], at=START + DAY)
    assert spans(made) == [(START + DAY, FOREVER)]
    ends_on = (START + 9 * DAY).date()
    two = START + 2 * DAY
    vendor_acts.agree(cto, "Pay well", kind="service", reference="Not the one", at=two)
    first = vendor_acts.agree(cto, "Pay well", kind="health", reference="D 1", ends_on=ends_on, at=two)
    again = spans(made)[1][0]
    assert spans(made) == [(START + DAY, two), (again, FOREVER)] and again.date() >= ends_on
    later = recorded(cto, ["Pay well"], START + 3 * DAY)  # what is known of the firm by then counts
    assert spans(later) == [(again, FOREVER)]
    vendor_acts.end_agreement(cto, first.id, at=START + 4 * DAY)
    assert spans(made)[-1][0] == START + 4 * DAY == spans(later)[0][0]
    drafts.revise(cto, made.number, {"vendors": ["Cloud"]}, base=1, at=START + 5 * DAY)
    assert spans(made)[-1][1] == FOREVER  # the text in force still names the firm
    company = Company.get_by_id(cast.company.id)
    assert not flags.check(company).different and verify(company).broken is None


def test_what_is_asked_for_is_refused_with_what_to_do(cast: Cast, cto: Viewer, vciso: Viewer) -> None:
    with quick_passwords():
        other = cast_of("Ostara", START).viewer("cto", START)
    vendor_acts.add(cto, "Pay well", does="Takes payments", at=START)
    theirs = vendor_acts.add(other, "Cloud", at=START)
    agreed = vendor_acts.agree(other, "Cloud", kind="health", reference="D 1", at=START)
    named: dict[str, Any] = {"at": START}
    with pytest.raises(Invalid):
        vendor_acts.add(cto, "pay  WELL", **named)
    for name in ("", "A, B", "x" * 201):
        with pytest.raises(Invalid):
            vendor_acts.add(cto, name, **named)
    with pytest.raises(Invalid) as refused:
        vendor_acts.agree(
            cto, "Pay well", kind="none", reference=" ", signed_on=date(2999, 1, 1), ends_on=date(2001, 1, 1),
            **named,
        )  # fmt: skip
    assert set(refused.value.fields) == {"kind", "reference", "signed_on", "ends_on"}
    with pytest.raises(Invalid) as refused:
        vendor_acts.assess(vciso, "Pay well", risk="", text="", assessed_on=None, valid_until=None, **named)
    assert set(refused.value.fields) == {"risk", "valid_until"}
    with pytest.raises(NotAllowed):
        vendor_acts.add(cast.viewer("reader", START), "New", **named)
    with pytest.raises(NotAllowed):
        day = date(2027, 1, 1)
        member = cast.viewer("member", START)
        vendor_acts.assess(
            member, "Pay well", risk="low", text="", assessed_on=None, valid_until=day, **named
        )
    for name in ("Cloud", "Nobody"):  # another company's firm, and its agreement, are missing here
        with pytest.raises(NotFound):
            vendor_acts.describe(cto, name, does="", data=["health"], **named)
    for key in (agreed.id, 4711):
        with pytest.raises(NotFound):
            vendor_acts.end_agreement(cto, key, **named)
    assert VendorAgreement.get_by_id(agreed.id).ended_at is None and not Vendor.get_by_id(theirs.id).data
    vendor_acts.end_agreement(other, agreed.id, **named)
    with pytest.raises(WrongState):
        vendor_acts.end_agreement(other, agreed.id, **named)


def test_firms_of_restricted_decisions_are_hidden_as_they_are(cast: Cast, cto: Viewer) -> None:
    made = recorded(cto, ["Secret bank"])
    Decision.update(restricted=True).where(Decision.id == made.id).execute()
    vendor_acts.describe(cto, "Secret bank", does="", data=["health"], at=START)
    member = cast.viewer("member", START)
    assert [s.vendor.name for s in vendors.sheets(cto, START)] == ["Secret bank"]
    assert vendors.sheets(member, START) == []
    with pytest.raises(NotFound):
        vendors.find(member, "Secret bank")
    with pytest.raises(Invalid) as refused:  # listing it would show what was said of it in confidence
        vendor_acts.add(member, "secret BANK", at=START)
    assert "leadership has to list this firm" in refused.value.fields["name"]
    recorded(cto, ["Secret bank"])
    (sheet,) = vendors.sheets(member, START)
    assert sheet.decisions == 1 and not sheet.lacks_contract, "what was said in confidence stays there"


def test_whoever_names_a_firm_of_a_restricted_decision_reads_nothing_that_was_said_of_it_there(
    cast: Cast, cto: Viewer
) -> None:
    secret = recorded(cto, ["Secret bank"])
    Decision.update(restricted=True).where(Decision.id == secret.id).execute()
    vendor_acts.describe(cto, "Secret bank", does="Buys us", data=["health"], at=START)
    hidden = vendor_acts.agree(cto, "Secret bank", kind="data", reference="Safe 1", at=START)
    found = {"risk": "high", "assessed_on": None, "valid_until": START.date() + 99 * DAY}
    vendor_acts.assess(cto, "Secret bank", text="Their books", **found, at=START)

    member = cast.viewer("member", START)
    drafts.draft(member, {"title": "Ask a bank", "vendors": ["secret bank"]}, at=START + DAY)
    assert read(member) == ("", [], [], []), "as of a firm that nobody said anything of"
    assert read(cto)[:2] == ("Buys us", ["health"])
    told = [line.firm for line in company_log.page(member).lines if line.event.kind.startswith("vendor.")]
    assert told == [], "nor does the record tell that somebody said something"
    later = {"at": START + DAY}
    refusals = (
        (lambda: vendor_acts.add(member, "Secret bank", **later), Invalid),
        (lambda: vendor_acts.describe(member, "Secret bank", does="A bank", data=[], **later), Invalid),
        (lambda: vendor_acts.end_agreement(member, hidden.id, **later), NotFound),
    )
    for act, refused in refusals:
        with pytest.raises(refused):
            act()

    made = vendor_acts.agree(member, "Secret bank", kind="service", reference="Drawer", **later)
    vendor_acts.assess(cto, "Secret bank", text="Asked them", **found, **later)
    assert read(member) == ("", [], [made.id], ["Asked them"]), "what is said beside the open one is open"
    vendor_acts.add(cto, "Secret bank", at=START + 2 * DAY)
    assert (
        read(member)
        == read(cto)
        == ("Buys us", ["health"], [made.id, hidden.id], ["Asked them", "Their books"])
    )
    assert len(company_log.page(member).lines) == len(company_log.page(cto).lines) - 1


def read(viewer: Viewer) -> tuple[str, list[str], list[int], list[str]]:
    (sheet,) = vendors.sheets(viewer, START + 2 * DAY)
    papers = [one.id for one in sheet.agreements], [one.text for one in sheet.assessments]
    return sheet.vendor.does, sheet.vendor.data, *papers


def test_the_register_asks_no_more_queries_for_many_firms(cto: Viewer) -> None:
    vendor_acts.add(cto, "Firm", at=START)
    with count_queries() as few:
        vendors.sheets(cto, START)
    for number in range(20):
        recorded(cto, [f"Firm {number}"])
        vendor_acts.agree(cto, f"Firm {number}", kind="data", reference="D", at=START)
    with count_queries() as many:
        assert len(vendors.sheets(cto, START)) == 21
    assert many.count == few.count


def test_the_register_is_paged_along_an_index_and_what_wants_something_done_stands_first(
    cto: Viewer, cast: Cast, database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_pages, "PAGE", 2)
    for name in ("Alder", "birch", "Cedar", "Damson", "Elm", "Fir"):
        vendor_acts.add(cto, name, data=["health"] if name in ("Elm", "Fir") else [], at=START)
    vendor_acts.agree(cto, "Elm", kind="health", reference="Drawer", at=START)
    valid = {"assessed_on": date(2026, 11, 1), "valid_until": date(2026, 11, 30)}
    vendor_acts.assess(cast.viewer("vciso", START), "Cedar", risk="low", text="", at=START, **valid)
    later, seen, place, costs = START + timedelta(days=30), [], "", set()
    while True:
        with count_queries() as counted:
            page = vendor_pages.page(cto, later, place)
        seen += [one.vendor.name for one in page.sheets]
        costs.add(counted.count)
        place = page.after
        if not place:
            break
    assert seen == ["Fir", "Cedar", "Alder", "birch", "Damson", "Elm"] and max(costs) <= 8
    assert [s.vendor.name for s in vendor_pages.page(cto, later, "nonsense").sheets] == seen[:2]
    plan = along(database, vendor_pages.by_name(cto, set(), "b", 3))
    assert "vendor_company_id_folded" in plan and "TEMP B-TREE" not in plan and "Sort" not in plan, plan
