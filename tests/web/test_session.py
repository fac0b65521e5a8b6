"""Signing in by the page: where it leads, what it keeps, and what it never shows."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from werkzeug.datastructures import MultiDict

from adr_app.domain.errors import NotAllowed
from adr_app.models.people import Session
from adr_app.services import companies, forgotten, invitations, session
from adr_app.web.access import COOKIE
from adr_app.web.account import device_words
from tests.casts import PASSWORD, cast_of, csrf_token, quick_passwords, send, sign_in

HERE = {"Origin": "http://localhost"}


class Fields(HTMLParser):
    """What the one main form of a page would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.action = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag == "form":
            self.action = known.get("action", "")
        if tag == "input" and known.get("name"):
            self.sent.append((known["name"], known.get("value") or ""))


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(cast, client):
    answer = send(client, "/sign-in", email=cast.cto.email, password=PASSWORD)
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Max-Age" not in cookie and "Secure" not in cookie


def test_the_cookie_is_for_https_only_where_the_product_is_served_by_https(cast, app, client):
    app.config["SESSION_COOKIE_SECURE"] = True
    with client.session_transaction(base_url="https://localhost") as state:
        state["csrf"] = "token"
    fields = {"email": cast.cto.email, "password": PASSWORD, "csrf_token": "token"}
    answer = client.post("/sign-in", data=fields, base_url="https://localhost")
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))


def test_a_remembered_device_keeps_its_cookie_for_thirty_days(cast, client):
    answer = send(client, "/sign-in", email=cast.cto.email, password=PASSWORD, remember="yes")
    assert any(f"Max-Age={30 * 24 * 3600}" in one for one in answer.headers.getlist("Set-Cookie"))


def test_a_wrong_password_is_refused_and_the_e_mail_kept(cast, client):
    answer = send(client, "/sign-in", email=cast.cto.email, password="wrong")
    assert answer.status_code == 403
    assert session.WRONG in answer.text and cast.cto.email in answer.text and "wrong" not in answer.text
    assert not Session.select().exists()


def test_signing_in_returns_to_the_page_that_was_wanted(cast, client):
    asked = client.get("/larkspur/people?x=1")
    assert asked.status_code == 302
    page = Fields(client.get(asked.location).text)
    fields = {**dict(page.sent), "email": cast.cto.email, "password": PASSWORD}
    assert client.post("/sign-in", data=fields).location == "/larkspur/people?x=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/\t/evil",
        "",
        "evil",
        "/a\r\nX: y",
    ],
)
def test_signing_in_never_leads_to_another_site(cast, client, elsewhere):
    answer = send(client, "/sign-in", email=cast.cto.email, password=PASSWORD, next=elsewhere)
    assert answer.location == "/"
    assert client.get("/sign-in", query_string={"next": elsewhere}).location == "/"


def test_the_form_token_changes_when_somebody_signs_in(cast, client):
    before = csrf_token(client)
    sign_in(client, cast.cto)
    assert csrf_token(client) != before


def test_signing_out_ends_the_session_on_the_server_too(cast, client, clock):
    sign_in(client, cast.cto)
    token = client.get_cookie(COOKIE).value
    assert send(client, "/sign-out").status_code == 302
    assert session.open_session(token, at=clock()) is None
    assert client.get("/account").status_code == 302


def test_one_sees_ones_devices_and_signs_another_out(cast, app, client):
    sign_in(client, cast.cto)
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = "A phone <b>"
    sign_in(phone, cast.cto)
    page = client.get("/account").text
    assert "A phone &lt;b&gt;" in page
    other = Session.get(Session.device == "A phone <b>")
    assert send(client, "/account/end-session", session=other.id).status_code == 302
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/141 Safari/537 Edg/141", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537 Chrome/141 Mobile Safari/537", "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/605",
            "Safari on an iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", "A browser that gave no name"),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert device_words(agent) == words


def test_another_persons_session_cannot_be_ended(cast, app, client):
    sign_in(client, cast.cto)
    other = app.test_client()
    sign_in(other, cast.vciso)
    theirs = Session.get(Session.person == cast.vciso.id)
    for number in (theirs.id, 10**6, 10**30, "x", ""):
        assert send(client, "/account/end-session", session=number).status_code == 404
    assert other.get("/account").status_code == 200


def test_the_password_is_changed_on_the_account_page(cast, client, clock):
    sign_in(client, cast.cto)
    new = "another fine password"
    wrong = send(client, "/account/change-password", old="wrong", new=new, again=new)
    assert wrong.status_code == 422 and "not your password" in wrong.text
    assert send(client, "/account/change-password", old=PASSWORD, new=new, again=new).status_code == 302
    assert session.sign_in(cast.cto.email, new, at=clock())


def expired(cast, client, clock, path="/larkspur/people/invite", **fields):
    """Send a form twelve hours after its page was opened; return the answer."""
    sign_in(client, cast.leader)
    token = csrf_token(client)
    clock.advance(hours=12)
    return client.post(path, data={"csrf_token": token, **fields})


def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(cast, client, clock):
    typed = {
        "name": "Zoë\r\n<b>",
        "email": "zoe@example.com",
        "role": "member",
        "starts_on": "",
        "ends_on": "",
    }
    answer = expired(cast, client, clock, **typed)
    assert answer.status_code == 403
    assert "Your text is kept" in answer.text and "zoe@example.com" not in answer.text

    sent = dict(Fields(answer.text).sent) | {"email": cast.leader.email, "password": PASSWORD}
    back = client.post("/sign-in", data=sent)
    form = Fields(back.text)
    assert "Your text was kept" in back.text and form.action == "/larkspur/people/invite"
    carried = dict(form.sent)
    assert carried.pop("csrf_token") == csrf_token(client)
    assert carried == typed

    again = client.post(form.action, data=MultiDict(form.sent))
    assert again.status_code == 200 and "/join/" in again.text


def test_kept_text_is_never_shown_to_somebody_else(cast, client, clock):
    answer = expired(cast, client, clock, name="a secret plan")
    sent = dict(Fields(answer.text).sent) | {"email": cast.vciso.email, "password": PASSWORD}
    back = client.post("/sign-in", data=sent)
    assert back.status_code == 302 and "a secret plan" not in back.text


def test_kept_text_ends_after_a_day_and_cannot_be_made_up(cast, client, clock):
    answer = expired(cast, client, clock, name="old")
    kept = dict(Fields(answer.text).sent)["kept"]
    clock.advance(hours=25)
    for made_up in (kept, kept[:-2] + "xx", "nonsense", ""):
        back = send(client, "/sign-in", email=cast.leader.email, password=PASSWORD, kept=made_up)
        assert back.status_code == 302
        send(client, "/sign-out")


def test_a_wrong_password_keeps_the_kept_text(cast, client, clock):
    answer = expired(cast, client, clock, name="long work")
    sent = dict(Fields(answer.text).sent) | {"email": cast.leader.email, "password": "wrong"}
    refused = client.post("/sign-in", data=sent)
    sent = dict(Fields(refused.text).sent) | {"email": cast.leader.email, "password": PASSWORD}
    assert "long work" in client.post("/sign-in", data=sent).text


def test_passwords_are_never_kept(cast, client, clock):
    answer = expired(
        cast, client, clock, "/account/change-password", old="one", new="two", again="two", note="x"
    )
    sent = dict(Fields(answer.text).sent) | {"email": cast.leader.email, "password": PASSWORD}
    names = {name for name, _ in Fields(client.post("/sign-in", data=sent).text).sent}
    assert names == {"csrf_token", "note"}


def test_a_form_from_before_signing_in_again_elsewhere_is_offered_to_be_sent_again(cast, client):
    sign_in(client, cast.leader)
    fields = {"csrf_token": "an older one", "name": "Zoë", "email": "zoe@example.com", "role": "member"}
    answer = client.post("/larkspur/people/invite", data=fields, headers=HERE)
    form = Fields(answer.text)
    assert answer.status_code == 403 and form.action == "/larkspur/people/invite"
    assert client.post(form.action, data=MultiDict(form.sent)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        HERE | {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_that_may_be_another_sites_is_not_offered(cast, client, headers):
    sign_in(client, cast.leader)
    fields = {"csrf_token": "made up", "email": "evil@example.com"}
    answer = client.post("/larkspur/people/invite", data=fields, headers=headers)
    assert answer.status_code == 403 and "evil@example.com" not in answer.text


def test_another_site_cannot_use_even_the_right_token(cast, client):
    sign_in(client, cast.leader)
    fields = {"csrf_token": csrf_token(client)}
    headers = {"Origin": "https://evil.example"}
    assert client.post("/sign-out", data=fields, headers=headers).status_code == 403
    assert client.get("/account").status_code == 200


def test_an_invitation_page_is_the_same_for_somebody_new_and_somebody_known(cast, client, clock):
    other = cast_of("Ostara", clock())
    pages = []
    for email in (other.vciso.email, "nobody@example.com"):
        viewer = cast.viewer("leader", clock())
        token, _ = invitations.invite(viewer, email=email, name="New", role="reader", at=clock())
        pages.append(client.get(f"/join/{token}").text.replace(token, "T").replace(email, "E"))
    assert pages[0] == pages[1]


def test_somebody_new_comes_in_by_the_link(cast, client, clock):
    viewer = cast.viewer("leader", clock())
    token, _ = invitations.invite(viewer, email="zoe@example.com", name="Zoë", role="reader", at=clock())
    short = send(client, f"/join/{token}", password="short")
    assert short.status_code == 422 and "at least 12" in short.text
    assert send(client, f"/join/{token}", password="a fine long password").status_code == 302
    assert client.get("/larkspur/people").status_code == 200
    assert client.get(f"/join/{token}").status_code == 409


def test_a_new_password_is_chosen_by_the_link_and_signs_in(cast, client, clock):
    token = forgotten.reset_link(cast.viewer("leader", clock()), cast.member.id, at=clock())
    assert cast.member.email in client.get(f"/new-password/{token}").text
    new = "a fine long password"
    assert send(client, f"/new-password/{token}", password=new, again="other").status_code == 422
    assert send(client, f"/new-password/{token}", password=new, again=new).status_code == 302
    assert client.get("/account").status_code == 200
    with pytest.raises(NotAllowed):
        session.sign_in(cast.member.email, PASSWORD, at=clock())


def test_asking_for_a_new_password_answers_everybody_alike(cast, client):
    known = send(client, "/forgotten-password", email=cast.member.email)
    nobody = send(client, "/forgotten-password", email="nobody@example.com")
    assert known.status_code == 200 and known.text == nobody.text


def test_a_demonstration_is_entered_by_one_click_from_this_machine(app, client, clock):
    companies.mark_demonstration(at=clock())
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    page = client.get("/sign-in").text
    assert f"Enter as {cast.vciso.name}" in page
    assert send(client, "/enter", person=cast.vciso.id).status_code == 302
    assert cast.vciso.email in client.get("/account").text


@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"REMOTE_ADDR": ""}],
)
def test_a_demonstration_is_not_entered_from_elsewhere(app, client, clock, elsewhere):
    companies.mark_demonstration(at=clock())
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    client.environ_base.update(elsewhere)
    assert "Enter as" not in client.get("/sign-in").text
    assert send(client, "/enter", person=cast.vciso.id).status_code == 404


def test_a_database_that_is_no_demonstration_is_not_entered(cast, client):
    assert "Enter as" not in client.get("/sign-in").text
    assert send(client, "/enter", person=cast.vciso.id).status_code == 404
    assert client.get("/account").status_code == 302


def test_a_session_past_its_time_is_over(cast, client, clock):
    sign_in(client, cast.cto)
    clock.now += timedelta(hours=12) - timedelta(seconds=1)
    assert client.get("/account").status_code == 200
    clock.advance(seconds=1)
    assert client.get("/account").status_code == 302
