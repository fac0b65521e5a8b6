"""Technical debt from the ten-second note to its end, on both engines."""

from datetime import UTC, datetime, timedelta

import pytest

from adr_app.domain.debt import ESTIMATE, State
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from adr_app.models import debt as tables
from adr_app.models.debt import DebtItem, DebtLink, MonthlyCost
from adr_app.models.debt_pages import SORTS, page_of
from adr_app.models.events import Event
from adr_app.models.people import Engagement, System
from adr_app.services import debt, debt_estimates, debt_history, debt_links, systems
from adr_app.services.debt_rows import owners, stamp
from adr_app.services.people import Viewer
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def noted(by: Viewer, title: str = "Backups were never tried") -> DebtItem:
    return debt.note(by, title=title, at=AT)


def estimate(by: Viewer, item: DebtItem, fix: str = "12", loss: str = "1.5", **more: str) -> DebtItem:
    typed = {
        "system": "Billing",
        "owner": str(by.person.id),
        "intent": "inadvertent",
        "care": "prudent",
        **more,
    }
    return debt_estimates.analyse(by, item.number, fix_days=fix, monthly_loss=loss, at=LATER, **typed)


def events_of(item: DebtItem) -> list[Event]:
    query = Event.select().where(Event.subject_type == "debt", Event.subject_id == item.id)
    return list(query.order_by(Event.seq))


def test_a_title_alone_notes_a_debt_under_the_next_number(here: Cast) -> None:
    first, second = noted(here.mia), noted(here.vera, "  Two \n lines ")
    other = noted(here.olga)
    assert (first.ref, second.ref, other.ref) == ("TD-0001", "TD-0002", "TD-0001")
    assert second.title == "Two lines"
    assert debt.find(here.ray, 1).state == State.IDENTIFIED
    assert [event.kind for event in events_of(first)] == ["debt.noted"]
    assert events_of(first)[0].data == {"number": 1, "row": first.row_digest, "called": None}


def test_a_note_without_a_title_changes_nothing(here: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        debt.note(here.mia, title="  ", system="x" * 201, at=AT)
    assert set(refusal.value.fields) == {"title", "system"}
    assert not DebtItem.select().exists()
    assert not System.select().exists()


def test_who_only_reads_may_not_note_or_change_a_debt(here: Cast) -> None:
    item = noted(here.mia)
    acts = (
        lambda: debt.note(here.ray, title="No", at=AT),
        lambda: debt.revise(here.ray, 1, title="No", kind="other", at=AT),
        lambda: estimate(here.ray, item),
        lambda: debt.repay(here.ray, 1, at=AT),
        lambda: debt.mark_not_debt(here.ray, 1, reason="No", at=AT),
        lambda: debt.reopen(here.ray, 1, reason="No", at=AT),
        lambda: debt_links.link(here.ray, 1, 1, "incurred_by", at=AT),
        lambda: debt_links.unlink(here.ray, 1, 1, "incurred_by", at=AT),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert len(events_of(item)) == 1


def test_another_companys_item_is_as_missing_as_one_that_never_was(here: Cast) -> None:
    noted(here.mia)
    for number in (1, 2, 0, -1, 2**31, 2**80):
        with pytest.raises(NotFound, match=r"^There is no such item\.$"):
            debt.find(here.olga, number)
    with pytest.raises(NotFound):
        debt.repay(here.olga, 1, at=AT)


def test_changing_what_it_says_tells_which_fields(here: Cast) -> None:
    item = debt.note(here.mia, title="Old", system="Billing", at=AT)
    seen = stamp(debt.find(here.mia, 1), debt.TEXT)
    changed = debt.revise(here.vera, 1, title="New", kind="security", system=" billing ", seen=seen, at=LATER)
    assert (changed.title, changed.kind, changed.system_name) == ("New", "security", "Billing")
    assert changed.changed_at == LATER
    told = events_of(item)[-1].data
    assert told["fields"] == ["title", "kind"] and told["row"] == changed.row_digest


def test_a_save_that_changes_nothing_is_no_act(here: Cast) -> None:
    item = debt.note(here.mia, title="Same", system="Billing", at=AT)
    kept = debt.revise(here.mia, 1, title="Same", kind="other", system="BILLING", at=LATER)
    assert kept.changed_at == AT
    assert len(events_of(item)) == 1


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(here: Cast) -> None:
    noted(here.mia, "Before")
    seen = stamp(debt.find(here.mia, 1), debt.TEXT)
    debt.revise(here.vera, 1, title="Hers", kind="other", seen=seen, at=AT)
    with pytest.raises(Stale):
        debt.revise(here.mia, 1, title="Mine", kind="other", seen=seen, at=LATER)
    assert debt.find(here.mia, 1).title == "Hers"
    estimate(here.vera, debt.find(here.vera, 1))
    assert stamp(debt.find(here.mia, 1), debt.TEXT) != seen


def test_an_estimate_made_meanwhile_is_not_overwritten(here: Cast) -> None:
    item = noted(here.mia)
    seen = stamp(debt.find(here.mia, 1), ESTIMATE)
    estimate(here.vera, item)
    with pytest.raises(Stale):
        estimate(here.mia, item, fix="3", seen=seen)
    assert debt.find(here.mia, 1).fix_days == 1200


def test_an_estimate_names_everything_that_is_missing_at_once(here: Cast) -> None:
    noted(here.mia)
    with pytest.raises(Invalid) as refusal:
        debt_estimates.analyse(here.mia, 1, system="", fix_days="-1", monthly_loss="", owner="", at=AT)
    assert set(refusal.value.fields) == {"system", "fix_days", "monthly_loss", "owner", "intent", "care"}
    assert debt.find(here.mia, 1).state == State.IDENTIFIED
    assert not System.select().exists()


def test_an_estimate_may_be_made_anew_and_both_stay_in_the_record(here: Cast) -> None:
    item = noted(here.mia)
    estimate(here.vera, item)
    again = estimate(here.mia, item, fix="0,5", loss="0", system="billing")
    assert (again.state, again.fix_days, again.monthly_loss) == (State.ANALYSED, 50, 0)
    assert (again.system_name, again.owner_name) == ("Billing", "Mia")
    told = [event.data for event in events_of(item)][1:]
    assert [data["fix_days"] for data in told] == [1200, 50]
    assert System.select().count() == 1


def test_only_somebody_with_a_role_here_now_answers_for_an_item(here: Cast) -> None:
    item = noted(here.mia)
    messages = []
    for stranger in (here.olga.person.id, 999_999):
        with pytest.raises(Invalid) as refusal:
            estimate(here.mia, item, owner=str(stranger))
        messages.append(refusal.value.fields)
    assert messages[0] == messages[1] == {"owner": "Choose somebody who has a role here now."}
    Engagement.update(ends_at=LATER).where(Engagement.person == here.ray.person.id).execute()
    assert "Ray" in dict(owners(here.mia, AT)).values()
    with pytest.raises(Invalid):
        estimate(here.mia, item, owner=str(here.ray.person.id))


def test_a_repaid_item_says_how_long_it_took_and_by_which_decision(here: Cast) -> None:
    item = noted(here.mia)
    decision = here.decision(here.sam, "Replace the backup tool")
    done = debt.repay(here.mia, 1, actual_days="3,5", decision=decision.number, at=LATER)
    assert (done.state, done.actual_days, done.closed_at) == (State.REPAID, 350, LATER)
    assert [(role, d.ref) for role, d in debt_links.decisions_of(here.mia, item)] == [
        ("repaid_by", "AD-0001")
    ]
    with pytest.raises(WrongState, match="“repaid” now"):
        debt.repay(here.mia, 1, at=LATER)
    with pytest.raises(WrongState):
        estimate(here.mia, item)


def test_closing_as_no_debt_and_opening_again_each_need_a_reason(here: Cast) -> None:
    item = estimate(here.mia, noted(here.mia))
    for empty in ("", "  \n "):
        with pytest.raises(Invalid):
            debt.mark_not_debt(here.mia, item.number, reason=empty, at=LATER)
    closed = debt.mark_not_debt(here.mia, item.number, reason="It is on purpose", at=LATER)
    assert (closed.state, closed.closed_at) == (State.NOT_DEBT, LATER)
    with pytest.raises(Invalid):
        debt.reopen(here.mia, item.number, reason="", at=LATER)
    opened = debt.reopen(here.mia, item.number, reason="The auditor disagrees", at=LATER)
    assert (opened.state, opened.closed_at, opened.fix_days) == (State.ANALYSED, None, 1200)
    with pytest.raises(WrongState):
        debt.reopen(here.mia, item.number, reason="Again", at=LATER)
    details = [entry.detail for entry in debt_history.entries(here.ray, item)]
    assert details[:2] == ["The auditor disagrees", "It is on purpose"]


def test_an_item_repaid_without_an_estimate_opens_again_without_one(here: Cast) -> None:
    noted(here.mia)
    debt.repay(here.mia, 1, actual_days="2", at=AT)
    opened = debt.reopen(here.mia, 1, reason="It came back", at=LATER)
    assert (opened.state, opened.actual_days) == (State.IDENTIFIED, None)


def test_a_note_from_a_decision_is_linked_to_it_in_one_act(here: Cast) -> None:
    decision = here.decision(here.sam, "Keep the old queue")
    item = debt.note(here.mia, title="Two queues to run", decision=decision.number, at=LATER)
    assert [event.kind for event in events_of(item)] == ["debt.noted"]
    assert [(role, owed.ref) for role, owed in debt_links.for_decision(item.company_id, decision.id)] == [
        ("incurred_by", "TD-0001")
    ]
    assert debt_history.entries(here.mia, item)[0].detail == "Incurred by AD-0001 Keep the old queue"


def test_a_link_is_made_once_and_can_be_removed(here: Cast) -> None:
    item = noted(here.mia)
    here.decision(here.sam, "Keep the old queue")
    debt_links.link(here.vera, 1, 1, "incurred_by", at=LATER)
    with pytest.raises(Invalid, match="cannot be saved"):
        debt_links.link(here.vera, 1, 1, "incurred_by", at=LATER)
    debt_links.link(here.vera, 1, 1, "repaid_by", at=LATER)
    debt_links.unlink(here.mia, 1, 1, "incurred_by", at=LATER)
    with pytest.raises(NotFound):
        debt_links.unlink(here.mia, 1, 1, "incurred_by", at=LATER)
    assert [role for role, _ in debt_links.decisions_of(here.mia, item)] == ["repaid_by"]
    assert [event.kind for event in events_of(item)] == [
        "debt.noted",
        "debt.linked",
        "debt.linked",
        "debt.unlinked",
    ]
    with pytest.raises(Invalid):
        debt_links.link(here.mia, 1, 1, "supersedes", at=LATER)


def test_a_link_never_reaches_into_another_company(here: Cast) -> None:
    noted(here.olga)
    here.decision(here.sam, "Ours")
    with pytest.raises(NotFound):
        debt_links.link(here.olga, 1, 1, "incurred_by", at=LATER)
    assert not DebtLink.select().exists()


def test_a_restricted_decision_shows_nowhere_on_an_item_to_the_team(here: Cast) -> None:
    item = noted(here.mia)
    secret = here.decision(here.sam, "Breach at a vendor", restricted=True)
    debt_links.link(here.sam, 1, secret.number, "incurred_by", at=LATER)
    debt.repay(here.sam, 1, decision=secret.number, at=LATER)
    assert [d.title for _, d in debt_links.decisions_of(here.vera, item)] == ["Breach at a vendor"] * 2
    assert debt_links.decisions_of(here.mia, item) == []
    told = debt_history.entries(here.mia, item)
    assert [entry.sentence for entry in told] == ["Sam repaid it.", "Mia noted it."]
    assert not any("Breach" in entry.detail or "AD-" in entry.detail for entry in told)
    assert len(debt_history.entries(here.vera, item)) == 3
    with pytest.raises(NotFound):
        debt_links.unlink(here.mia, 1, secret.number, "incurred_by", at=LATER)
    hidden, missing = (pytest.raises(Invalid), pytest.raises(Invalid))
    with hidden as first:
        debt_links.typed_decision(here.mia, secret.ref)
    with missing as second:
        debt_links.typed_decision(here.mia, "AD-0999")
    assert first.value.fields == second.value.fields


@pytest.mark.parametrize("typed", ["AD-0001", "ad-1", " 1 ", "AD-0001 Keep the old queue", "0001"])
def test_a_decision_is_named_as_people_write_it(here: Cast, typed: str) -> None:
    here.decision(here.sam, "Keep the old queue")
    assert debt_links.typed_decision(here.mia, typed) == 1


@pytest.mark.parametrize("typed", ["queue", "AD-", "TD-0001", "0", "9" * 30, "AD-1234567890", "-1"])
def test_what_names_no_decision_is_refused(here: Cast, typed: str) -> None:
    here.decision(here.sam, "Keep the old queue")
    with pytest.raises(Invalid, match="cannot be saved"):
        debt_links.typed_decision(here.mia, typed)
    assert debt_links.typed_decision(here.mia, " ") is None


def test_the_monthly_cost_counts_open_items_and_says_how_many_are_not_estimated(here: Cast) -> None:
    company = here.sam.company.id
    assert tables.monthly_cost(company) == MonthlyCost(0, 0, 0)
    estimate(here.mia, noted(here.mia), loss="1.5")
    estimate(here.mia, noted(here.mia), loss="0")
    noted(here.mia)
    gone = estimate(here.mia, noted(here.mia), loss="40")
    debt.repay(here.mia, gone.number, at=LATER)
    estimate(here.olga, noted(here.olga), loss="7")
    assert tables.monthly_cost(company) == MonthlyCost(total=150, estimated=2, unestimated=1)
    assert tables.counts(company, AT.date()) == dict.fromkeys(State, 0) | {
        State.IDENTIFIED: 1,
        State.ANALYSED: 2,
        State.REPAID: 1,
    }


def test_a_decision_answers_for_the_open_debt_it_incurred_and_for_no_other(here: Cast) -> None:
    decision = here.decision(here.sam, "Keep the old queue")
    company = here.sam.company.id
    for loss in ("1", "2"):
        item = debt.note(here.mia, title=f"Costs {loss}", decision=decision.number, at=AT)
        estimate(here.mia, item, loss=loss)
    repaid = estimate(here.mia, noted(here.mia), loss="8")
    debt_links.link(here.mia, repaid.number, decision.number, "repaid_by", at=LATER)
    assert debt_links.caused_by(company, decision.id) == MonthlyCost(300, 2, 0)


def test_names_of_systems_are_one_where_only_case_and_spaces_differ(here: Cast) -> None:
    company = here.sam.company.id
    made = systems.named(company, ["Billing", " billing ", "", "Patient  app"])
    assert [system.name for system in made] == ["Billing", "Patient app"]
    again = systems.named(company, ["PATIENT APP", "BILLING"])
    assert [system.id for system in again] == [made[1].id, made[0].id]
    assert systems.names(here.sam) == ["Billing", "Patient app"]
    assert systems.names(here.olga) == []


def test_only_the_vciso_takes_a_system_out_of_a_compliance_boundary(here: Cast) -> None:
    systems.named(here.sam.company.id, ["Billing"])
    assert systems.mark_boundary(here.mia, "billing", True, at=LATER).inside_boundary
    systems.mark_boundary(here.mia, "billing", True, at=LATER)
    with pytest.raises(NotAllowed):
        systems.mark_boundary(here.sam, "billing", False, at=LATER)
    assert not systems.mark_boundary(here.vera, "billing", False, at=LATER).inside_boundary
    assert Event.select().where(Event.kind == "system.added").count() == 2
    with pytest.raises(NotFound):
        systems.mark_boundary(here.olga, "billing", True, at=LATER)


def walk(query: object, sort: str, size: int) -> tuple[list[str], list[str]]:
    """Return the references met walking a list to its end and back again."""
    there, back = [], []
    page = page_of(query, sort=sort, size=size)
    assert page.before == ""
    while True:
        there.extend(item.ref for item in page.items)
        if not page.after:
            break
        page = page_of(query, sort=sort, size=size, after=page.after)
    while True:
        back = [item.ref for item in page.items] + back
        if not page.before:
            break
        page = page_of(query, sort=sort, size=size, before=page.before)
    return there, back


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 50])
def test_pages_show_every_item_once_there_and_back(here: Cast, sort: str, size: int) -> None:
    for loss in ("1", "", "3", "1", "", "0"):
        item = noted(here.mia)
        if loss:
            estimate(here.mia, item, loss=loss)
    noted(here.olga)
    there, back = walk(tables.listed(here.sam.company.id, states=State, today=AT.date()), sort, size)
    assert there == back
    assert sorted(there) == [f"TD-000{number}" for number in range(1, 7)]
    if sort == "cost":
        assert there == ["TD-0003", "TD-0004", "TD-0001", "TD-0006", "TD-0005", "TD-0002"]
    if sort == "reference":
        assert there == sorted(there, reverse=True)


@pytest.mark.parametrize("place", ["x", "1", "1.x", "1.99999999999", ".", "--1.2", "9" * 40 + ".1", "١.١"])
def test_a_damaged_place_in_an_address_is_the_start_of_the_list(here: Cast, place: str) -> None:
    noted(here.mia)
    query = tables.listed(here.sam.company.id, states=State, today=AT.date())
    for page in (
        page_of(query, sort="cost", after=place),
        page_of(query, sort="cost", before=place),
    ):
        assert [item.ref for item in page.items] == ["TD-0001"]
        assert (page.before, page.after) == ("", "")


def test_a_list_is_narrowed_by_state_system_and_owner(here: Cast) -> None:
    company = here.sam.company.id
    estimate(here.mia, noted(here.mia))
    estimate(here.vera, noted(here.mia), system="Website")
    debt.repay(here.mia, 2, at=LATER)

    def refs(**narrowed: object) -> list[str]:
        query = tables.listed(company, **{"states": State, "today": AT.date(), **narrowed})
        return sorted(item.ref for item in page_of(query, sort="reference").items)

    assert refs() == ["TD-0001", "TD-0002"]
    assert refs(states={State.REPAID}) == ["TD-0002"]
    assert refs(system="website") == ["TD-0002"]
    assert refs(owner=here.mia.person.id) == ["TD-0001"]


def test_the_history_tells_in_sentences_who_did_what(here: Cast) -> None:
    item = noted(here.mia)
    estimate(here.vera, item, fix="1", loss="2.5")
    debt.revise(here.sam, 1, title="New", kind="code", symptoms="Slow", system="Billing", at=LATER)
    debt.repay(here.mia, 1, actual_days="0.5", at=LATER)
    told = [(entry.sentence, entry.detail) for entry in debt_history.entries(here.ray, item)]
    assert told == [
        ("Mia repaid it.", "It took 0.5 working days."),
        ("Sam changed it.", "Changed: title, kind, what it looks like."),
        (
            "Vera estimated it.",
            "1 working day to fix, 2.5 working days lost each month; Vera answers for it.",
        ),
        ("Mia noted it.", ""),
    ]
