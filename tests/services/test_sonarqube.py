"""Asking SonarQube: tried against a real server of this machine that answers well, badly, slowly or not."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest

from adr_app.domain.errors import Invalid
from adr_app.services import sonarqube
from adr_app.services.sonarqube import Unreachable
from tests.sonarqube_server import Answer, Sonar, answer

TOKEN = "squ_0123456789"


@pytest.fixture
def sonar() -> Iterator[Sonar]:
    server = Sonar()
    yield server
    server.close()


def read(sonar: Sonar, project: str = "billing", token: str = TOKEN, **more: object):
    return sonarqube.measures(sonarqube.server(sonar.url, token), project, **more)


def test_a_projects_measures_come_with_version_and_rules(sonar: Sonar) -> None:
    found = read(sonar, branch="main", metrics=["ncloc"])
    assert (found.tool, found.version) == ("SonarQube", "10.4.1.88267")
    assert found.settings == "Java: Sonar way, 510 rules, changed 2026-03-01; py: Own"
    assert [(one.metric, one.value) for one in found.measures] == [("ncloc", 1_200_000)]
    path, asked, who = sonar.asked[0]
    assert (path, who) == ("/api/measures/component", f"Bearer {TOKEN}")
    assert asked == {"component": ["billing"], "metricKeys": ["ncloc"], "branch": ["main"]}


def test_an_older_server_knows_the_token_as_the_name_of_a_user(sonar: Sonar) -> None:
    basic = "Basic " + base64.b64encode(f"{TOKEN}:".encode()).decode()
    sonar.knows = lambda who: who == basic
    assert read(sonar).version == "10.4.1.88267"
    assert [who for _, _, who in sonar.asked] == [f"Bearer {TOKEN}", *[basic] * 3]


def test_without_a_token_nothing_is_said_of_who_asks(sonar: Sonar) -> None:
    read(sonar, token="")
    assert {who for _, _, who in sonar.asked} == {""}


def test_a_server_below_a_path_is_asked_there(sonar: Sonar) -> None:
    sonar.answers = {f"/quality{path}": found for path, found in sonar.answers.items()}
    where = sonarqube.server(f"{sonar.url}/quality/", "")
    assert sonarqube.measures(where, "billing").measures


def test_a_token_that_may_not_see_the_rules_still_reads_and_says_so(sonar: Sonar) -> None:
    sonar.answers["/api/qualityprofiles/search"] = answer({"errors": [{"msg": "no"}]}, 403)
    assert read(sonar).settings == "profiles not readable with this token"


@pytest.mark.parametrize(
    ("path", "found", "told"),
    [
        ("measures/component", answer(b"", 302, Location="http://127.0.0.1:9/"), "points to another address"),
        ("server/version", answer(b"", 307, Location="http://127.0.0.1:9/"), "points to another address"),
        (
            "measures/component",
            answer({"errors": [{"msg": "Component key not found"}]}, 404),
            "key not found",
        ),
        ("measures/component", answer(b"", 403), "the token is missing or may not"),
        ("measures/component", answer(b"[]", 500), "status 500"),
        ("measures/component", answer(b"<html>", 200), "does not answer with JSON"),
        ("measures/component", answer(b"[" * 200_000, 200), "does not answer with JSON"),
        ("measures/component", answer([]), "does not answer as SonarQube"),
        ("measures/component", answer({"component": {"measures": []}}), "no measure"),
        ("measures/component", answer(b" " * (2 * 1024 * 1024 + 1)), "more than a reading can be"),
        ("server/version", answer(b"<html>Sign in</html>"), "does not say which version"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_what_to_do(
    sonar: Sonar, path: str, found: Answer, told: str
) -> None:
    sonar.answers[f"/api/{path}"] = found
    with pytest.raises(Unreachable, match=told) as refusal:
        read(sonar)
    assert TOKEN not in str(refusal.value)
    assert all(urlsplit(asked).path.startswith("/api/") for asked, _, _ in sonar.asked)


def test_a_redirect_is_not_followed_so_the_token_stays(sonar: Sonar) -> None:
    other = Sonar()
    sonar.answers["/api/measures/component"] = answer(
        b"", 302, Location=f"{other.url}/api/measures/component"
    )
    with pytest.raises(Unreachable):
        read(sonar)
    other.close()
    assert other.asked == [] and len(sonar.asked) == 1


def test_a_server_that_drips_or_never_ends_does_not_hold_us(sonar: Sonar) -> None:
    released = threading.Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        released.wait(30)

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not released.wait(0.05):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            return

    for held in (silent, dripping):
        sonar.answers["/api/measures/component"] = held
        with pytest.raises(Unreachable, match="in time"):
            read(sonar, seconds=0.4)
    released.set()


def test_nobody_there_and_half_an_answer_are_told_apart_from_our_own_faults(sonar: Sonar) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"nonsense\r\n\r\n")

    sonar.answers["/api/measures/component"] = cut
    with pytest.raises(Unreachable, match="cannot be reached"):
        read(sonar)
    gone = Sonar()
    gone.close()
    with pytest.raises(Unreachable, match="cannot be reached"):
        sonarqube.measures(sonarqube.server(gone.url, ""), "billing")


@pytest.mark.parametrize(
    ("url", "token", "told"),
    [
        ("", "", "must be such as"),
        ("sonarqube.example.com", "", "must be such as"),
        ("file:///etc/passwd", "", "must be such as"),
        ("https://", "", "must be such as"),
        ("https://h:x", "", "is no address"),
        ("https://[::1", "", "is no address"),
        ("https://user:word@h", "", "variable of its own"),
        ("https://h/?x=1", "", "must end after"),
        ("https://h/a b", "", "plain characters"),
        ("https://h", "line\nbreak", "plain characters"),
        ("http://sonarqube.internal", TOKEN, "could be read on the way"),
    ],
)
def test_an_address_or_token_that_will_not_do_is_refused(url: str, token: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        sonarqube.server(url, token)


def test_a_token_goes_unencrypted_only_where_somebody_says_so() -> None:
    assert sonarqube.server("http://sonarqube.internal", TOKEN, plain=True).port == 80
    assert sonarqube.server("http://localhost:9000", TOKEN).port == 9000
    assert sonarqube.server("http://sonarqube.internal", "").port == 80
    assert TOKEN not in repr(sonarqube.server("https://h", TOKEN))


@pytest.mark.parametrize("project", ["", "a b", "a&metricKeys=x", "../x", "a/b", "x" * 401])
def test_what_is_no_key_of_a_project_is_never_asked_for(sonar: Sonar, project: str) -> None:
    with pytest.raises(Invalid, match="no key"):
        read(sonar, project)
    with pytest.raises(Invalid, match="no metric"):
        read(sonar, metrics=["ncloc", "x&y"])
    assert sonar.asked == []
