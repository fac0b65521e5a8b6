"""The pages of technical debt: noted in ten seconds, estimated, closed, and never losing what was typed."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.services import debt, debt_estimates, debt_links, drafts
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in


@pytest.fixture
def cast(app, clock):
    """Everybody at Larkspur."""
    with quick_passwords():
        yield cast_of("Larkspur", clock())


@pytest.fixture
def member(cast: Cast, clock) -> Viewer:
    """Somebody of the team, for acts beside the pages."""
    return cast.viewer("member", clock())


@pytest.fixture
def page(cast: Cast, client: FlaskClient) -> FlaskClient:
    """The browser of somebody of the team."""
    return sign_in(client, cast.member)


def flashed(client: FlaskClient, address: str) -> str:
    return client.get(address).text


def field(text: str, name: str) -> str:
    """Return what a text field of a page holds."""
    return re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)[1]


def test_a_debt_is_noted_with_one_field_and_its_page_says_so(page):
    answer = send(page, "/larkspur/debt/new", title="Backups were never tried")
    assert (answer.status_code, answer.location) == (302, "/larkspur/debt/TD-0001")
    shown = flashed(page, answer.location)
    assert "Noted as TD-0001: Backups were never tried" in shown
    assert "Not estimated yet" in shown


def test_the_form_asks_for_nothing_but_a_title(page):
    shown = page.get("/larkspur/debt/new").text
    assert re.findall(r'name="(\w+)"[^>]* required', shown.replace("\n", " ")) == ["title", "kind"]
    assert '<details class="fold">' in shown


def test_a_title_too_long_is_refused_and_everything_typed_is_kept(page):
    typed = {"title": "x" * 300, "system": "Bill & Co <b>", "symptoms": "Slow\nvery", "kind": "code"}
    answer = send(page, "/larkspur/debt/new", back="/larkspur/debt", **typed)
    assert answer.status_code == 422
    assert "Shorten this to 200 characters; it has 300." in answer.text
    assert 'href="#f-title"' in answer.text
    assert "x" * 300 in answer.text
    assert 'value="Bill &amp; Co &lt;b&gt;"' in answer.text and "Slow\nvery</textarea>" in answer.text
    assert '<option value="code" selected>' in answer.text
    assert field(answer.text, "back") == "/larkspur/debt"
    assert not DebtItem.select().exists()


@pytest.mark.parametrize(
    ("title", "says"), [("", "Say in one line"), ("a\x00b", "U+0000"), (" \t", "Say in one line")]
)
def test_a_title_that_says_nothing_or_cannot_be_shown_is_refused(page, title, says):
    answer = send(page, "/larkspur/debt/new", title=title)
    assert answer.status_code == 422 and says in answer.text


def test_a_note_from_a_decision_is_linked_and_goes_back_there(page, cast, clock):
    drafts.draft(cast.viewer("cto", clock()), {"title": "Keep the old queue"}, at=clock())
    address = "/larkspur/debt/new?decision=AD-0001&next=/larkspur/decisions/AD-0001"
    form = page.get(address).text
    named = field(form, "decision")
    assert named == "AD-0001 Keep the old queue"
    answer = send(page, "/larkspur/debt/new", title="Two queues", decision=named, back=field(form, "back"))
    assert answer.location == "/larkspur/decisions/AD-0001"
    shown = page.get("/larkspur/debt/TD-0001").text
    assert "Incurred by" in shown and "Keep the old queue" in shown


def test_the_decision_behind_a_debt_is_chosen_by_its_title_and_is_there_when_one_comes_from_it(
    page, cast, clock
):
    for title in ("Keep the old queue", "Move billing"):
        drafts.draft(cast.viewer("cto", clock()), {"title": title}, at=clock())
    offered = page.get("/larkspur/debt/new").text
    assert re.findall(r'<option value="(AD[^"]*)">', offered) == [
        "AD-0002 Move billing",
        "AD-0001 Keep the old queue",
    ]
    assert field(offered, "decision") == ""
    for led in ("", "/review", "/versions"):
        came = {"Referer": f"http://localhost/larkspur/decisions/AD-0001{led}"}
        assert (
            field(page.get("/larkspur/debt/new", headers=came).text, "decision")
            == "AD-0001 Keep the old queue"
        )
    for elsewhere in ("/larkspur/decisions", "/larkspur/decisions/AD-0099", "/ostara/decisions/AD-0001"):
        came = {"Referer": f"http://localhost{elsewhere}"}
        assert "AD-0001 Keep" not in field(page.get("/larkspur/debt/new", headers=came).text, "decision")


def test_a_note_goes_back_to_the_page_that_led_to_it_and_to_no_other_site(page):
    def back_from(referrer: str, query: str = "") -> str | None:
        text = page.get(f"/larkspur/debt/new{query}", headers={"Referer": referrer}).text
        return field(text, "back") if 'name="back"' in text else None

    assert back_from("http://localhost/larkspur/debt?mine=yes") == "/larkspur/debt?mine=yes"
    assert back_from("http://localhost/larkspur/debt/new") is None
    assert back_from("http://elsewhere.example/x") is None
    assert back_from("", "?next=//elsewhere.example") == "/"
    for back in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        assert send(page, "/larkspur/debt/new", title="Noted", back=back).location == "/"


def test_two_numbers_become_a_sentence_and_money_only_where_a_day_has_a_price(page, member, cast, clock):
    debt.note(member, title="Slow tests", at=clock())
    typed = {"system": "Build", "fix_days": "12", "monthly_loss": "1,5", "owner": member.person.id}
    typed |= {"intent": "inadvertent", "care": "prudent"}
    answer = send(page, "/larkspur/debt/TD-0001/estimate", **typed)
    assert answer.location == "/larkspur/debt/TD-0001"
    shown = page.get(answer.location).text
    assert "A fix pays for itself after 8 months, by" in shown
    assert "€" not in shown
    Company.update(day_rate=80_000).where(Company.id == cast.company.id).execute()
    assert "About €1,200" in page.get(answer.location).text
    assert "About €1,200 a month" in page.get("/larkspur/debt").text


def test_an_estimate_that_cannot_be_read_is_kept_and_says_what_to_do(page, member, clock):
    debt.note(member, title="Slow tests", at=clock())
    typed = {"system": "", "fix_days": "NaN", "monthly_loss": "1,000", "owner": ""}
    answer = send(page, "/larkspur/debt/TD-0001/estimate", **typed)
    assert answer.status_code == 422
    assert (field(answer.text, "fix_days"), field(answer.text, "monthly_loss")) == ("NaN", "1,000")
    for name in ("system", "fix_days", "monthly_loss", "owner"):
        assert f'href="#f-{name}"' in answer.text


def test_the_second_of_two_editors_sees_both_texts_and_may_then_save(page, member, cast, clock):
    debt.note(member, title="Before", at=clock())
    seen = field(page.get("/larkspur/debt/TD-0001/edit").text, "seen")
    debt.revise(cast.viewer("cto", clock()), 1, title="Theirs", kind="other", at=clock())
    answer = send(page, "/larkspur/debt/TD-0001/edit", title="Mine", kind="other", seen=seen)
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text and "Theirs" in answer.text
    assert field(answer.text, "title") == "Mine"
    again = send(
        page, "/larkspur/debt/TD-0001/edit", title="Mine", kind="other", seen=field(answer.text, "seen")
    )
    assert again.status_code == 302
    assert debt.find(member, 1).title == "Mine"


def test_a_refused_form_does_not_forget_what_it_had_seen(page, member, cast, clock):
    debt.note(member, title="Before", at=clock())
    seen = field(page.get("/larkspur/debt/TD-0001/edit").text, "seen")
    debt.revise(cast.viewer("cto", clock()), 1, title="Theirs", kind="other", at=clock())
    refused = send(page, "/larkspur/debt/TD-0001/edit", title="", kind="other", seen=seen)
    assert refused.status_code == 422
    mended = send(
        page, "/larkspur/debt/TD-0001/edit", title="M", kind="other", seen=field(refused.text, "seen")
    )
    assert mended.status_code == 409


def test_the_page_offers_only_what_is_possible_now(page, member, clock):
    debt.note(member, title="Slow tests", at=clock())
    shown = page.get("/larkspur/debt/TD-0001").text
    assert "It is repaid" in shown and "It is no debt after all" in shown and "Open it again" not in shown
    assert send(page, "/larkspur/debt/TD-0001/repay", actual_days="3").status_code == 302
    shown = page.get("/larkspur/debt/TD-0001").text
    assert (
        "Open it again" in shown
        and "It is repaid" not in shown
        and "Estimate" not in shown.split("What happened")[0]
    )
    assert "It took 3 working days." in shown
    assert send(page, "/larkspur/debt/TD-0001/repay").status_code == 409
    assert send(page, "/larkspur/debt/TD-0001/reopen", reason=" ").status_code == 422
    assert send(page, "/larkspur/debt/TD-0001/reopen", reason="It came back").status_code == 302
    assert "It came back" in page.get("/larkspur/debt/TD-0001").text


def test_a_refused_act_opens_its_form_again_with_what_was_typed(page, member, clock):
    debt.note(member, title="Slow tests", at=clock())
    answer = send(page, "/larkspur/debt/TD-0001/repay", actual_days="soon", repaid_by="AD-0001")
    assert answer.status_code == 422
    assert field(answer.text, "actual_days") == "soon" and field(answer.text, "repaid_by") == "AD-0001"
    assert answer.text.count(" open>") == 1


def test_a_decision_is_linked_by_its_reference_and_unlinked_by_a_button(page, member, cast, clock):
    drafts.draft(cast.viewer("cto", clock()), {"title": "Keep the old queue"}, at=clock())
    debt.note(member, title="Two queues", at=clock())
    assert send(page, "/larkspur/debt/TD-0001/link", decision="ad-1", role="incurred_by").status_code == 302
    again = send(page, "/larkspur/debt/TD-0001/link", decision="ad-1", role="incurred_by")
    assert again.status_code == 422 and "is linked so already" in again.text
    assert send(page, "/larkspur/debt/TD-0001/link", decision="", role="incurred_by").status_code == 422
    assert "Remove" in page.get("/larkspur/debt/TD-0001").text
    assert send(page, "/larkspur/debt/TD-0001/unlink", decision=1, role="incurred_by").status_code == 302
    assert "No decision is linked." in page.get("/larkspur/debt/TD-0001").text
    for nothing in ("x", "0", "-1", "9" * 40, 1):
        assert (
            send(page, "/larkspur/debt/TD-0001/unlink", decision=nothing, role="incurred_by").status_code
            == 404
        )


def test_a_restricted_decision_answers_the_team_as_a_missing_one(page, member, cast, clock):
    cto = cast.viewer("cto", clock())
    hidden = drafts.draft(cto, {"title": "Breach at a vendor"}, at=clock())
    Decision.update(restricted=True).where(Decision.id == hidden.id).execute()
    debt.note(cto, title="Keys everywhere", decision=hidden.number, at=clock())
    for address in ("/larkspur/debt/TD-0001", "/larkspur/debt"):
        shown = page.get(address).text
        assert "Breach" not in shown and "AD-0001" not in shown.replace("such as AD-0012", "")
    answers = [
        send(page, "/larkspur/debt/TD-0001/link", decision=named, role="incurred_by")
        for named in ("AD-0001", "AD-0999")
    ]
    first, second = (re.sub(r"AD-0(001|999)", "REF", answer.text) for answer in answers)
    assert first == second and {answer.status_code for answer in answers} == {422}


def test_who_may_only_read_sees_the_page_without_its_buttons_and_cannot_post(client, cast, member, clock):
    debt.note(member, title="Slow tests", at=clock())
    reader = sign_in(client, cast.reader)
    shown = reader.get("/larkspur/debt/TD-0001").text
    assert "Slow tests" in shown
    assert "/larkspur/debt/TD-0001/" not in shown
    before = Event.select().count()
    for act in ("edit", "estimate", "repay", "not-debt", "reopen", "link", "unlink"):
        assert send(reader, f"/larkspur/debt/TD-0001/{act}", title="x", reason="x").status_code == 403
    assert reader.get("/larkspur/debt/new").status_code == 403
    assert Event.select().count() == before


@pytest.mark.parametrize(
    "reference", ["TD-0002", "TD-1", "td-0001", "TD-00001", "TD-9999999999", "AD-0001", "x"]
)
def test_what_is_no_item_of_the_company_is_not_found(page, member, clock, reference):
    debt.note(member, title="Slow tests", at=clock())
    missing = page.get("/larkspur/debt/TD-0404")
    answer = page.get(f"/larkspur/debt/{reference}")
    assert (answer.status_code, answer.data) == (404, missing.data)


def test_another_companys_item_is_not_found_in_the_same_bytes(page, clock):
    with quick_passwords():
        ostara = cast_of("Ostara", clock())
    debt.note(ostara.viewer("cto", clock()), title="Theirs", at=clock())
    missing = page.get("/larkspur/debt/TD-0404")
    for address in ("/ostara/debt/TD-0001", "/larkspur/debt/TD-0001", "/ostara/debt"):
        answer = page.get(address)
        assert (answer.status_code, answer.data) == (404, missing.data)


def test_the_list_leads_with_what_costs_most_and_says_what_is_not_estimated(page, member, clock):
    costs(member, clock(), "1", "3", None)
    shown = page.get("/larkspur/debt").text
    assert re.findall(r'/debt/(TD-\d+)"', shown) == ["TD-0002", "TD-0001", "TD-0003"]
    assert "1 item without an estimate" in shown
    assert re.search(r'stat-value">4\b', shown)
    assert "read it as an upper figure" in shown


def test_the_list_is_narrowed_and_a_choice_that_does_not_exist_is_the_usual_one(page, member, clock):
    costs(member, clock(), "1", "3", None)
    debt.repay(member, 1, at=clock())

    def listed(query: str) -> list[str]:
        return re.findall(r'/debt/(TD-\d+)"', page.get(f"/larkspur/debt?{query}").text)

    assert listed("state=repaid") == ["TD-0001"]
    assert listed("state=all&sort=reference") == ["TD-0003", "TD-0002", "TD-0001"]
    assert listed("mine=yes") == ["TD-0002"]
    assert listed("system=SYSTEM+3") == ["TD-0002"]
    assert listed("system=nowhere") == []
    assert listed("state=x&sort=y&mine=z&after=zz&before=%00") == ["TD-0002", "TD-0003"]


def test_a_long_list_is_read_page_by_page(page, member, clock):
    costs(member, clock(), *[None] * 51)
    first = page.get("/larkspur/debt").text
    assert len(re.findall(r'/debt/TD-\d+"', first)) == 50
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = page.get(older).text
    assert re.findall(r'/debt/(TD-\d+)"', second) == ["TD-0001"]
    newer = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
    assert re.findall(r'/debt/(TD-\d+)"', page.get(newer).text) == re.findall(r'/debt/(TD-\d+)"', first)


def test_a_company_without_debt_is_told_how_to_note_the_first(page):
    shown = page.get("/larkspur/debt").text
    assert "No debt is noted yet" in shown and "Note the first one" in shown


def test_what_was_typed_is_shown_as_text_never_as_markup(page, member, clock):
    nasty = "<script>alert(1)</script>"
    debt.note(member, title=nasty, system=nasty, symptoms=f"{nasty}\nnext\n\nlast", at=clock())
    for address in ("", "/TD-0001", "/TD-0001/edit", "/TD-0001/estimate", "/new"):
        assert nasty not in page.get(f"/larkspur/debt{address}").text
    assert "next</p><p>last</p>" in page.get("/larkspur/debt/TD-0001").text


def costs(viewer: Viewer, at: datetime, *losses: str | None) -> None:
    """Note one item per loss a month, and estimate it where there is one."""
    for loss in losses:
        item = debt.note(viewer, title="Owed", at=at)
        if loss is not None:
            debt_estimates.analyse(
                viewer,
                item.number,
                system=f"System {loss}",
                fix_days="2",
                intent="inadvertent",
                care="prudent",
                monthly_loss=loss,
                owner=str(viewer.person.id),
                at=at,
            )


def test_a_decision_says_what_the_debt_it_caused_costs_in_days_and_in_money(page, cast, clock):
    cto, at = cast.viewer("cto", clock()), clock()
    drafts.draft(cto, {"title": "Keep the old queue"}, at=at)
    address = "/larkspur/decisions/AD-0001"
    for number, fix in ((1, "9"), (2, "3"), (3, "")):
        debt.note(cto, title=f"Queue {number}", system="Booking", decision=1, at=at)
        if fix:
            typed = {"fix_days": fix, "monthly_loss": "1", "system": "Booking", "owner": str(cto.person.id)}
            debt_estimates.analyse(cto, number, **typed, intent="inadvertent", care="prudent", at=at)
    shown = page.get(address).text
    assert (
        "12 working days to fix, and 2 working days lost each month. An upper figure: items overlap." in shown
    )
    assert "1 item without an estimate." in shown
    Company.update(day_rate=80_000).where(Company.id == cast.company.id).execute()
    assert (
        "12 working days (€9,600) to fix, and 2 working days (€1,600) lost each month."
        in page.get(address).text
    )
    debt.repay(cto, 2, actual_days="4", at=at)
    shown = page.get(address).text
    assert "9 working days (€7,200)" in shown
    assert "Repaid so far: 1 item, which took 4 working days (€3,200)." in shown
    for role, says in (("revealed_by", "Showed"), ("accepted_by", "Lives with")):
        debt_links.link(cto, 3, 1, role, at=at)
        assert says in page.get(address).text
