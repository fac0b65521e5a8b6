"""The page on which somebody chooses between a decision and its file, and what leads there."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision
from adr_app.services import decision_rows, diverged_choices, drafts, import_jobs, imports
from adr_app.services.import_places import Place
from tests.casts import Cast, send, sign_in
from tests.conftest import START
from tests.services.test_archives import zipped
from tests.web.test_imports import upload

FIELDS = ("base", "seen", "status", "answer")
PAGE = "/larkspur/decisions/AD-0001"
CHOICE = f"{PAGE}/file-change"
TEXT = (
    "# Use a queue\n\nDate: {day}\n\n## Status\n\n{status}\n\n## Context\n\nMails get {lost}.\n\n"
    "## Decision\n\n{what}\n\n## Consequences\n\nIt costs <b>little</b>.\n"
)


def record(
    status: str = "Accepted", day: str = "2024-03-01", lost: str = "lost", what: str = "A queue."
) -> str:
    return TEXT.format(status=status, day=day, lost=lost, what=what)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "adr" / "0001-use-a-queue.md"


def diverge(
    cast: Cast, file: Path, *, here: str = "A queue, we think.", there: str = "", status: str = "Accepted"
) -> None:
    """Import a decision, change it here and in its file, and import again."""
    viewer = cast.viewer("cto", START)
    file.parent.mkdir()
    file.write_text(record())
    imports.run(viewer, file.parent, source="docs", at=START)
    text = record(what=here)
    drafts.revise(viewer, 1, {}, base=1, body=text, at=START)
    file.write_text(there or record(status, "2024-03-02", lost="lost on Mondays"))
    imports.run(viewer, file.parent, source="docs", at=START)


def sent(page: str) -> dict[str, str]:
    """Return what the page's forms say of what it shows."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in FIELDS}
    return {name: match[1] for name, match in found.items() if match}


def latest() -> str:
    return str(decision_rows.revision(Decision.get()).fields["body"])


def test_the_decision_says_that_its_file_changed_and_leads_to_what_differs(
    cast: Cast, sam: FlaskClient, file: Path
) -> None:
    diverge(cast, file)
    page = sam.get(PAGE).text
    assert "Its file has changed too." in page and f'href="{CHOICE}"' in page
    page = sam.get(CHOICE).text
    assert page.count("Only the log changed this") == 1 and page.count("Only the file changed this") == 3
    assert re.search(r"<ins>[^<]*we think", page) and re.search(r"<ins>[^<]*on Mondays", page)
    assert "Fri 1 Mar" in page and "Sat 2 Mar" in page
    assert "&lt;b&gt;little&lt;/b&gt;" in page and "<b>little" not in page
    assert "acceptance of its text" in page


@pytest.mark.parametrize("role", ["member", "vciso", "leader", "reader", "admin"])
def test_whoever_may_not_choose_reads_what_differs_and_who_can(
    app: Flask, cast: Cast, file: Path, role: str
) -> None:
    diverge(cast, file)
    client = sign_in(app.test_client(), getattr(cast, role))
    page = client.get(CHOICE).text
    assert "on Mondays" in page and "can choose" in page and "<form" not in page.split("<main")[1]
    for act in ("keep", "take", "parts"):
        assert (
            send(client, f"{CHOICE}/{act}", base=2, seen="x", status="accepted", answer=0).status_code == 403
        )


@pytest.mark.parametrize(
    ("act", "version", "said"),
    [("keep", 2, "What the log says is kept"), ("take", 3, "text is taken"), ("parts", 3, "put together")],
)
def test_a_choice_is_one_click_and_the_decision_no_longer_asks(
    cast: Cast, sam: FlaskClient, file: Path, act: str, version: int, said: str
) -> None:
    diverge(cast, file)
    typed = {"title": "Use a queue", "text": "# Use a queue\n\nBoth of it."} if act == "parts" else {}
    answer = send(sam, f"{CHOICE}/{act}", **sent(sam.get(CHOICE).text), **typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = sam.get(PAGE).text
    assert said in page and "Its file has changed too" not in page
    assert Decision.get().latest == version
    assert sam.get(CHOICE).headers["Location"] == PAGE
    assert ("kept what the log says" in page) == (act == "keep")


def test_the_text_is_offered_with_the_changes_of_both(cast: Cast, sam: FlaskClient, file: Path) -> None:
    diverge(cast, file)
    page = sam.get(CHOICE).text
    offered = page.split('id="f-text"')[1].split("</textarea>")[0]
    assert "we think" in offered and "on Mondays" in offered and "[[" not in offered
    assert "It waits beside version 1, which is in force" in page


def test_what_both_changed_is_shown_twice_and_has_to_be_chosen(
    cast: Cast, sam: FlaskClient, file: Path
) -> None:
    diverge(cast, file, here="Two queues.", there=record(what="No queue."))
    page = sam.get(CHOICE).text
    assert "Both changed this" in page and "1 passage that both changed stands in it twice" in page
    text = diverged_choices.look(cast.viewer("cto", START), 1)
    assert text is not None
    answer = send(sam, f"{CHOICE}/parts", **sent(page), title="Mine", text=text.merged)
    assert answer.status_code == 422
    assert "Both sides still stand in the text" in answer.text and 'value="Mine"' in answer.text
    assert Decision.get().latest == 2


def test_a_text_without_a_title_is_not_saved_and_nothing_typed_is_lost(
    cast: Cast, sam: FlaskClient, file: Path
) -> None:
    diverge(cast, file)
    answer = send(sam, f"{CHOICE}/parts", **sent(sam.get(CHOICE).text), title=" ", text="My own words")
    assert answer.status_code == 422
    assert "Give the decision a title" in answer.text and "My own words" in answer.text
    assert "Its file has changed too." in sam.get(PAGE).text


def test_a_text_that_is_too_long_is_said_at_its_field(cast: Cast, sam: FlaskClient, file: Path) -> None:
    diverge(cast, file)
    page = sam.get(CHOICE).text
    answer = send(sam, f"{CHOICE}/parts", **sent(page), title="Mine", text="word " * 300_000)
    assert answer.status_code == 422
    assert "#f-text" in answer.text and "kilobytes" in answer.text


@pytest.mark.parametrize("act", ["keep", "take", "parts"])
def test_a_page_that_is_no_longer_true_chooses_nothing_and_shows_what_is(
    cast: Cast, sam: FlaskClient, file: Path, act: str
) -> None:
    diverge(cast, file)
    before = sent(sam.get(CHOICE).text)
    file.write_text(record(lost="lost on Tuesdays"))
    imports.run(cast.viewer("cto", START), file.parent, source="docs", at=START)
    answer = send(sam, f"{CHOICE}/{act}", **before, title="A", text="Mine")
    assert answer.status_code == 409
    assert "nothing was done" in answer.text and "on Tuesdays" in answer.text
    assert "we think" in latest() and Decision.get().latest == 2


def test_what_somebody_else_settled_is_said_on_the_decision(cast: Cast, sam: FlaskClient, file: Path) -> None:
    diverge(cast, file)
    before = sent(sam.get(CHOICE).text)
    send(sam, f"{CHOICE}/keep", **before)
    answer = send(sam, f"{CHOICE}/take", **before)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert "nothing was done" in sam.get(PAGE).text and Decision.get().latest == 2


@pytest.mark.parametrize("base", ["", "x", "0", "9" * 30])
def test_a_form_of_nonsense_chooses_nothing(cast: Cast, sam: FlaskClient, file: Path, base: str) -> None:
    diverge(cast, file)
    answer = send(sam, f"{CHOICE}/take", **(sent(sam.get(CHOICE).text) | {"base": base}))
    assert answer.status_code in (409, 422) and Decision.get().latest == 2


def test_a_decision_whose_file_says_nothing_new_has_no_such_page(
    cast: Cast, sam: FlaskClient, file: Path
) -> None:
    drafts.draft(cast.viewer("cto", START), {"title": "One"}, at=START)
    assert sam.get(CHOICE).headers["Location"] == PAGE
    page = sam.get(PAGE).text
    assert "Nothing waits for a choice" in page and "Its file has changed too" not in page


def test_a_status_that_differs_is_shown_as_it_was_here_and_there(
    cast: Cast, sam: FlaskClient, file: Path
) -> None:
    diverge(cast, file, status="Deprecated")
    page = sam.get(CHOICE).text
    row = page.split(">Status</th>")[1].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row)[:2] == ["Accepted", "Accepted"]
    assert "Only the file changed this" in row and "acceptance of its text" not in page


def test_a_closed_decision_offers_no_parts(cast: Cast, sam: FlaskClient, file: Path) -> None:
    diverge(cast, file)
    send(sam, f"{PAGE}/deprecate")
    page = sam.get(CHOICE).text
    assert "Take the file’s text" in page and "Take parts" not in page


def test_the_report_of_an_import_leads_to_the_choice(app: Flask, cast: Cast, sam: FlaskClient) -> None:
    place = Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads")
    for lost in ("lost", "late"):
        upload(sam, zipped({"adr/0001-use-a-queue.md": record(lost=lost).encode()}).getvalue(), "docs")
        send(sam, "/larkspur/import/start")
        import_jobs.wait(place)
        page = sam.get("/larkspur/import").text
        assert (f'href="{CHOICE}"' in page) == (lost == "late")
        send(sam, "/larkspur/import/discard")
        if lost == "lost":
            drafts.revise(cast.viewer("cto", START), 1, {}, base=1, body="# Ours", at=START)
    assert "# Ours" in sam.get(CHOICE).text
