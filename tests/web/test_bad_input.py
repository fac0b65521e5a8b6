"""Bad input gets a clear message that says what to do and a proper status; nothing is lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from tests import tenancy
from tests.casts import Cast, cast_of, csrf_token, quick_passwords, send, sign_in

HERE = {"Origin": "http://localhost"}
NEW = "/larkspur/decisions/new/undecided"
BEYOND = (2**31, 2**63, 2**64 + 1, 10**30)
SURROGATE = b"\xed\xa0\x80"


@pytest.fixture
def cast(app: Flask, clock: Any) -> Iterator[Cast]:
    with quick_passwords():
        yield cast_of("Larkspur", clock())


@pytest.fixture
def client(app: Flask, cast: Cast) -> FlaskClient:
    return sign_in(app.test_client(), cast.leader)


def body(client: FlaskClient, **fields: bytes) -> bytes:
    """Return a form as bytes, so that what is no text can be in it."""
    parts = [b"csrf_token=" + csrf_token(client).encode()]
    quoted = {name: b"".join(b"%%%02X" % byte for byte in value) for name, value in fields.items()}
    return b"&".join([*parts, *(name.encode() + b"=" + value for name, value in quoted.items())])


def send_bytes(client: FlaskClient, path: str, **fields: bytes) -> Any:
    kind = "application/x-www-form-urlencoded"
    return client.post(path, data=body(client, **fields), content_type=kind, headers=HERE)


def test_a_title_of_300_characters_is_shown_again_with_what_to_do(client: FlaskClient) -> None:
    title, before = "T" * 300, tenancy.snapshot()
    answer = send(client, NEW, title=title, context="kept", whole="1")
    assert answer.status_code == 422
    assert title in answer.text and "kept" in answer.text and re.search(r"Shorten", answer.text)
    assert tenancy.changed(before) == []


def test_a_body_of_5_mb_is_refused_and_the_page_says_so(client: FlaskClient) -> None:
    before = tenancy.snapshot()
    answer = send(client, NEW, title="A title", context="x" * 5 * 1024 * 1024)
    assert answer.status_code == 413 and "Nothing was saved" in answer.text
    assert tenancy.changed(before) == []


@pytest.mark.parametrize("bad", [b"\x00", b"\x07", b"\x1b[31m", SURROGATE, b"\xff\xfe"])
@pytest.mark.parametrize("field", ["title", "context", "tags", "systems"])
def test_what_cannot_be_shown_is_refused_or_replaced_and_never_fails(
    client: FlaskClient, field: str, bad: bytes
) -> None:
    typed = {"title": b"Move billing", "context": b"Because.", field: b"before " + bad + b" after"}
    answer = send_bytes(client, NEW, **typed)
    assert answer.status_code in (302, 422), answer.text
    if answer.status_code == 422:
        assert "cannot be shown or saved" in answer.text and "before" in answer.text
        assert not Decision.select().exists()
    else:
        # Bytes that are no UTF-8 arrive as the replacement character, before the product sees them.
        assert bad in (SURROGATE, b"\xff\xfe")
        assert "\ud800" not in Decision.get().title


@pytest.mark.parametrize("path", ["/%ED%A0%80", "/larkspur/%ED%A0%80", "/larkspur/decisions/AD-0001%00",
                                  "/%00", "/larkspur/decisions/%F0%9F%92%A9", "/larkspur//decisions//AD-0001",
                                  "/larkspur/decisions/AD-00٣٣", "/larkspur/decisions/AD-1",
                                  "/larkspur/decisions/ad-0001", "/LARKSPUR/decisions"])  # fmt: skip
def test_a_wrong_address_is_a_page_that_is_not_there(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 308), path


def test_numbers_beyond_what_is_stored_are_missing_in_every_address(app: Flask, client: FlaskClient) -> None:
    for rule in tenancy.rules(app):
        numbers = [name for name in rule.arguments if name not in ("slug", "token")]
        for name in numbers:
            for number in BEYOND:
                values: dict[str, Any] = dict.fromkeys(numbers, 1) | {"slug": "larkspur", name: number}
                path = tenancy.build_address(
                    app, rule, {k: v for k, v in values.items() if k in rule.arguments}
                )
                for method in tenancy.methods(rule):
                    answer = client.get(path) if method == "GET" else send(client, path)
                    assert answer.status_code in (403, 404), f"{method} {path}: {answer.status_code}"


STRANGE = (
    "", "0", "-1", str(2**31), str(2**64), "9" * 5000, "1e3", "٣", "\x00", "\ud800", "AD-0001", "'", "%",
    "../", "TD-99999999999999999999", "AD-99999999999999999999", "null", "[]", "=", "AAAA", "eyJ9", "e30",
)  # fmt: skip
ASKED = (
    "q", "status", "mark", "kind", "system", "tag", "mine", "order", "page", "copy", "like", "decision",
    "next", "newest", "before", "after", "state", "sort", "emergency", "at", "code", "kind", "cursor",
)  # fmt: skip


def test_strange_values_in_a_query_never_fail_and_change_nothing(app: Flask, client: FlaskClient) -> None:
    before = tenancy.snapshot()
    fixed = [r.rule for r in tenancy.rules(app) if "GET" in tenancy.methods(r) and r.arguments <= {"slug"}]
    for rule in fixed:
        path = rule.replace("<slug>", "larkspur")
        plain = client.get(path).status_code  # 403: a page that this role does not open
        for value in STRANGE:
            asked = dict.fromkeys(ASKED, value.encode("utf-8", "surrogatepass"))
            status = client.get(path, query_string=asked).status_code
            assert status == 403 == plain or status in (200, 302, 404, 422), (
                f"{path} with {value[:30]!r}: {status}"
            )
    assert tenancy.changed(before) == []


@pytest.mark.parametrize("name", ASKED)
def test_each_strange_value_alone_never_fails(client: FlaskClient, name: str) -> None:
    for path in ("/larkspur/decisions", "/larkspur/debt", NEW, "/larkspur/debt/new"):
        for value in STRANGE:
            asked = {name: value.encode("utf-8", "surrogatepass")}
            status = client.get(path, query_string=asked).status_code
            assert status in (200, 302, 404, 422), f"{path} {name}={value[:30]!r}: {status}"


def test_strange_values_in_every_form_never_fail(app: Flask, client: FlaskClient) -> None:
    send(client, NEW, title="A decision", whole="1")
    send(client, "/larkspur/debt/new", title="A debt")
    names = (
        "base", "owner", "decision", "person", "engagement", "link", "to", "copy", "of", "session",
        "level", "due_on", "until", "answer_by", "on", "look_on", "decided_on", "go_live_on", "starts_on",
        "ends_on", "fix_days", "monthly_loss", "actual_days", "seen", "role", "status", "implementation",
        "answer", "choice", "reason", "text", "question", "title", "kind", "number", "capacity_days",
        "day_rate", "debt_limit_days", "currency", "zone", "name", "email", "note", "evidence", "back",
        "part", "option-0-title", "option-99999999999999999999-title", "todo-0-due_on",
    )  # fmt: skip
    skipped = {"session.sign_out", "account.end_session", "mandates.end_role", "session.enter"}
    for rule in tenancy.rules(app):
        if "POST" not in tenancy.methods(rule) or rule.endpoint in skipped or "token" in rule.arguments:
            continue
        values = {n: "larkspur" if n == "slug" else 1 for n in rule.arguments}
        path = tenancy.build_address(app, rule, values)
        for value in ("9" * 400, "-1", "\x00", "0001-01-01", "9999-12-31", "nan", "1e999", "'"):
            status = send(client, path, **dict.fromkeys(names, value)).status_code
            assert status < 500, f"{path} with {value[:20]!r}: {status}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_another_method_is_refused_in_words(client: FlaskClient, method: str) -> None:
    answer = client.open("/larkspur/decisions", method=method, headers=HERE)
    assert answer.status_code in (403, 405) and "<title>" in answer.text


def test_an_unsafe_method_on_a_page_changes_nothing(client: FlaskClient) -> None:
    before = tenancy.snapshot()
    assert send(client, "/larkspur/decisions").status_code == 405
    assert client.head("/larkspur/decisions").status_code == 200
    assert client.get("/larkspur/people/invite-again").status_code == 405
    assert tenancy.changed(before) == []


def test_headers_of_any_size_never_fail(client: FlaskClient) -> None:
    long = "x" * 60_000
    headers = {"User-Agent": long, "Referer": f"http://localhost/{long}", "Accept-Language": long}
    assert client.get("/larkspur/debt/new", headers=headers).status_code == 200


def test_a_form_met_by_an_expired_session_is_kept_and_can_be_sent_again(
    app: Flask, cast: Cast, client: FlaskClient, clock: Any
) -> None:
    text = 'Long thought "quoted" <b>text</b> & more'
    token = csrf_token(client)
    clock.advance(days=2)
    typed = {"csrf_token": token, "title": "Not lost", "context": text}
    asked = client.post(NEW, data=typed, headers=HERE)
    assert asked.status_code == 403
    kept = re.search(r'name="kept" value="([^"]+)"', asked.text)
    assert kept, "the sign-in page carries what was typed"
    back = send(client, "/sign-in", email=cast.leader.email, password="four words make one", kept=kept[1])
    assert back.status_code == 200 and "Not lost" in back.text and "&lt;b&gt;text" in back.text
    assert send(client, NEW, title="Not lost", context=text).status_code == 302
    assert Decision.get().title == "Not lost"


def test_another_sites_form_is_not_carried_past_the_sign_in(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    answer = client.post(NEW, data={"title": "Planted"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403 and "kept" not in answer.text and "Planted" not in answer.text
    answer = client.post(NEW, data={"title": "Planted"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and 'name="kept"' not in answer.text
