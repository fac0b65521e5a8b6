"""Writing in the browser: two ways to begin, what was typed is never lost, two people at once, previews."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from adr_app.models.decisions import Decision, Revision, WorkingCopy
from adr_app.models.reviews import Claim
from adr_app.services import drafts, engagements
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in
from tests.conftest import START, Clock

LIST = "/larkspur-dental/decisions"


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur Dental with somebody in every role."""
    with quick_passwords():
        yield cast_of("Larkspur Dental", START)


@pytest.fixture
def cto(app: Flask, here: Cast) -> FlaskClient:
    """The CTO's browser."""
    return sign_in(app.test_client(), here.cto)


def newest() -> Revision:
    return Revision.select().order_by(Revision.id.desc()).get()


def test_the_first_question_is_whether_it_is_decided(app: Flask, here: Cast, cto: FlaskClient) -> None:
    page = cto.get(f"{LIST}/new").text
    assert "Not decided yet" in page and "Already decided" in page
    member = sign_in(app.test_client(), here.member)
    page = member.get(f"{LIST}/new").text
    assert f"{LIST}/new/undecided" in page and f"{LIST}/new/decided" not in page
    assert member.get(f"{LIST}/new/decided").status_code == 403


def test_a_title_is_enough_for_a_draft(cto: FlaskClient) -> None:
    answer = send(cto, f"{LIST}/new/undecided", title="Move billing", whole="yes")
    assert answer.headers["Location"] == f"{LIST}/AD-0001"
    assert Decision.get().status == "draft" and Decision.get().level is None


def test_everything_that_was_typed_arrives(cto: FlaskClient) -> None:
    send(
        cto,
        f"{LIST}/new/undecided",
        **{
            "whole": "yes", "title": "Move", "kind": "vendor", "plain_words": "p", "context": "c",
            "drivers": "d", "decision": "x", "consequences": "y", "systems": "Billing, Portal",
            "vendors": "Stripe",
            "data": ["payment", "health"], "undo": "hard", "cost_of_not_deciding": "z",
            "decide_by": "2026-12-01",
            "accountable": "Priya", "consulted": "Mia", "informed": "All", "tags": "money",
            "option-0-title": "Stripe", "option-0-pros": "fast", "option-3-title": "Ours",
            "option-3-cons": "slow",
            "option-7-title": " ", "option-chosen": "3", "answer-data": "yes", "answer-q3": "sensitive",
            "answer-access": "no", "answer-q2": "changes",
        },
    )  # fmt: skip
    fields = newest().fields
    assert fields["options"] == [
        {"title": "Stripe", "pros": "fast", "cons": "", "chosen": False},
        {"title": "Ours", "pros": "", "cons": "slow", "chosen": True},
    ]
    assert (fields["data"], fields["systems"]) == (["health", "payment"], ["Billing", "Portal"])
    assert all(fields[name] for name in fields if name not in ("decided_on", "decided_by"))
    # The follow-up behind a no was not on the screen, so its answer does not count.
    assert newest().answers == {"access": "no", "data": "yes", "q3": "sensitive"}


def test_a_refused_form_keeps_every_word_and_leads_to_what_is_wrong(cto: FlaskClient) -> None:
    answer = send(
        cto,
        f"{LIST}/new/undecided",
        **{"whole": "yes", "title": "t" * 300, "context": "My <long> text", "option-0-title": "Stripe",
           "option-0-pros": "fast", "answer-data": "yes", "answer-q3": "personal", "tags": "money"},
    )  # fmt: skip
    page = answer.text
    assert answer.status_code == 422
    assert 'href="#f-title"' in page and "it has 300" in page
    for kept in ("t" * 300, "My &lt;long&gt; text", "Stripe", "fast", 'value="money"'):
        assert kept in page
    assert 'name="answer-q3" value="personal" checked' in page
    assert not Decision.select().exists()


def test_an_answer_that_is_not_offered_is_named_by_its_question(cto: FlaskClient) -> None:
    answer = send(cto, f"{LIST}/new/undecided", whole="yes", title="A", **{"answer-undo": "perhaps"})
    assert answer.status_code == 422 and 'href="#f-answer-undo"' in answer.text


@pytest.mark.parametrize("title", ["", "   ", "a\x00b"])
def test_a_title_that_cannot_be_saved_is_refused_in_words(cto: FlaskClient, title: str) -> None:
    answer = send(cto, f"{LIST}/new/undecided", whole="yes", title=title, context="kept")
    assert answer.status_code == 422 and "kept" in answer.text


def test_yesterdays_meeting_takes_four_fields_and_claims_the_vciso(cto: FlaskClient) -> None:
    page = cto.get(f"{LIST}/new/decided").text
    assert 'value="2026-11-24"' in page and 'value="Cto"' in page
    assert "Was Vciso, security (vCISO), part of it?" in page
    answer = send(
        cto, f"{LIST}/new/decided", whole="yes", title="Keep the export", decided_on="2026-11-24",
        decided_by="Cto", drivers="Finance needs it", took_part="yes",
    )  # fmt: skip
    assert answer.status_code == 302
    assert Claim.get().yes is None
    page = cto.get(f"{LIST}/AD-0001").text
    assert "claimed, not confirmed" in page and "and said that Vciso took part" in page


def test_a_day_that_has_not_come_is_refused_and_the_claim_stays_ticked(cto: FlaskClient) -> None:
    answer = send(
        cto, f"{LIST}/new/decided", whole="yes", title="Done", decided_on="2027-01-01", took_part="yes"
    )
    assert answer.status_code == 422 and "That day has not come yet" in answer.text
    assert 'name="took_part" value="yes" checked' in answer.text


def test_what_was_decided_already_replaces_an_earlier_decision_whole_or_in_part(cto: FlaskClient) -> None:
    old = {"whole": "yes", "title": "Old <way>", "decided_on": "2026-11-20"}
    send(cto, f"{LIST}/new/decided", **old)
    page = cto.get(f"{LIST}/new/decided").text
    assert (
        "Does it replace an earlier decision?" in page and '<option value="AD-0001 Old &lt;way&gt;">' in page
    )
    new = {"whole": "yes", "title": "New way", "decided_on": "2026-11-24", "drivers": "Why not"}
    for typed in ("the old one", "AD-0099"):
        refused = send(cto, f"{LIST}/new/decided", **new, replaces=typed, replaces_note="n")
        assert refused.status_code == 422 and 'href="#f-replaces"' in refused.text
        assert f'value="{typed}"' in refused.text and "Why not" in refused.text
    part = send(cto, f"{LIST}/new/decided", **new, replaces="AD-0001", replaces_part="yes")
    assert part.status_code == 422 and 'href="#f-replaces_note"' in part.text
    assert 'name="replaces_part" value="yes" checked' in part.text
    send(cto, f"{LIST}/new/decided", **new, replaces="AD-0001 Old <way>")
    page = cto.get(f"{LIST}/AD-0001").text
    assert "Replaced by AD-0002" in page and "recorded AD-0002, which replaces this one" in page


def test_what_a_kept_form_replaces_is_kept_with_it(cto: FlaskClient) -> None:
    typed = {"replaces": "AD-0007", "replaces_part": "yes", "replaces_note": "backups"}
    send(cto, f"{LIST}/new/decided", whole="yes", title="New", keep="yes", **typed)
    there = cto.get(f"{LIST}/kept/{WorkingCopy.get().id}").headers["Location"]
    page = cto.get(there).text
    assert 'value="AD-0007"' in page and 'value="backups"' in page
    assert 'name="replaces_part" value="yes" checked' in page


def test_a_claim_that_nobody_can_confirm_any_more_is_refused_and_nothing_typed_is_lost(
    cto: FlaskClient, here: Cast, clock: Clock
) -> None:
    leader = here.viewer("leader", clock())
    engagements.end(leader, here.viewer("vciso", clock()).vciso_engagement, at=clock())
    typed = {"whole": "yes", "title": "Keep it", "decided_on": "2026-11-24", "drivers": "Finance"}
    refused = send(cto, f"{LIST}/new/decided", **typed, took_part="yes")
    assert refused.status_code == 422 and 'id="f-took_part"' in refused.text
    for words in ("nobody can confirm it", 'value="Keep it"', "Finance"):
        assert words in refused.text
    assert send(cto, f"{LIST}/new/decided", **typed).status_code == 302


def test_what_is_kept_for_later_is_found_finished_and_gone(app: Flask, here: Cast, cto: FlaskClient) -> None:
    answer = send(cto, f"{LIST}/new/undecided", whole="yes", title="", context="half a thought", keep="yes")
    assert answer.status_code == 302
    kept = WorkingCopy.get()
    assert "Without a title" in cto.get(f"{LIST}/new").text
    there = cto.get(f"{LIST}/kept/{kept.id}").headers["Location"]
    page = cto.get(there).text
    assert "half a thought" in page and f'name="copy" value="{kept.id}"' in page
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Whole", context="a thought", copy=str(kept.id))
    assert not WorkingCopy.select().exists()
    other = sign_in(app.test_client(), here.member)
    assert other.get(f"{LIST}/kept/{kept.id}").status_code == 404


def test_a_form_kept_as_decided_comes_back_as_decided(cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/decided", whole="yes", title="Done", took_part="yes", keep="yes")
    page = cto.get(cto.get(f"{LIST}/kept/{WorkingCopy.get().id}").headers["Location"]).text
    assert "What was decided?" in page and 'name="took_part" value="yes" checked' in page


@pytest.mark.parametrize("copy", ["0", "99", "9" * 10, "9" * 40])
def test_what_nobody_kept_is_missing(cto: FlaskClient, copy: str) -> None:
    assert cto.get(f"{LIST}/kept/{copy}").status_code == 404
    assert send(cto, f"{LIST}/kept/{copy}/drop").status_code == 404


def test_what_is_kept_can_be_given_up(cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Kafka", keep="yes")
    send(cto, f"{LIST}/kept/{WorkingCopy.get().id}/drop")
    assert not WorkingCopy.select().exists()


def test_a_decision_like_an_older_one_takes_its_text_and_answers_and_not_its_days(cto: FlaskClient) -> None:
    send(
        cto, f"{LIST}/new/undecided", whole="yes", title="Move", context="The text", decide_by="2026-12-01",
        systems="Billing", **{"answer-data": "no"},
    )  # fmt: skip
    page = cto.get(f"{LIST}/new/undecided?like=AD-0001").text
    assert "The text" in page and 'value="Billing"' in page and 'value="2026-12-01"' not in page
    assert 'name="answer-data" value="no" checked' in page
    assert cto.get(f"{LIST}/new/undecided?like=AD-0099").status_code == 404


def test_a_version_is_saved_and_no_change_is_said(cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move", context="one")
    saved = send(cto, f"{LIST}/AD-0001/edit", whole="yes", base="1", title="Move", context="two")
    assert "Saved as version 2." in cto.get(saved.headers["Location"]).text
    same = send(cto, f"{LIST}/AD-0001/edit", whole="yes", base="2", title="Move", context="two")
    assert "Nothing was changed" in cto.get(same.headers["Location"]).text
    assert newest().number == 2


def test_the_second_to_save_sees_both_and_loses_nothing(app: Flask, here: Cast, cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move", context="Ten people use it.", drivers="now")
    member = here.viewer("member", START)
    drafts.revise(member, 1, {"context": "Eleven people use it.", "tags": "theirs"}, base=1, at=START)
    mine = {"whole": "yes", "title": "Move", "context": "Ten people hate it.", "drivers": "mine"}
    answer = send(cto, f"{LIST}/AD-0001/edit", base="1", **mine)
    page = answer.text
    assert answer.status_code == 409
    assert "Member saved version 2 while you were writing" in page
    assert "<del>Ten</del><ins>Eleven</ins>" in page
    assert "Ten people hate it." in page, "what was typed is in the form"
    assert 'value="theirs"' in page, "what only the other changed is taken over"
    assert "You both changed: What is the situation?" in page
    assert newest().number == 2
    assert 'name="base" value="2"' in page
    send(cto, f"{LIST}/AD-0001/edit", base="2", tags="theirs", **mine)
    assert (newest().number, newest().fields["context"]) == (3, "Ten people hate it.")
    assert newest().fields["tags"] == ["theirs"]


def test_a_kept_edit_comes_back_even_when_the_text_moved_on(here: Cast, cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move", context="one")
    send(cto, f"{LIST}/AD-0001/edit", whole="yes", base="1", title="Move", context="mine", keep="yes")
    assert newest().number == 1
    drafts.revise(here.viewer("member", START), 1, {"tags": "x"}, base=1, at=START)
    page = cto.get(f"{LIST}/AD-0001/edit").text
    assert "mine" in page and 'name="base" value="1"' in page
    assert 'name="base" value="2"' in cto.get(f"{LIST}/AD-0001/edit?newest=yes").text


@pytest.mark.parametrize("base", ["", "0", "-1", "two", "9" * 40])
def test_a_base_that_is_no_version_saves_nothing(cto: FlaskClient, base: str) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move")
    answer = send(cto, f"{LIST}/AD-0001/edit", whole="yes", title="Other", base=base)
    assert answer.status_code in (404, 422)
    assert newest().number == 1


def test_the_preview_is_made_by_the_renderer_that_stores(cto: FlaskClient) -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n<script>alert(1)</script>"
    page = send(cto, f"{LIST}/preview", preview_of="context", context=text).text
    assert "<table>" in page and 'type="checkbox"' in page and "alert(1)</script>" not in page
    assert "data-preview-body" in page
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move", context="a *b*")
    stored = newest().html["context"]
    assert stored in send(cto, f"{LIST}/preview", preview_of="context", context="a *b*").text


def test_who_only_reads_is_offered_no_form(app: Flask, here: Cast, cto: FlaskClient) -> None:
    send(cto, f"{LIST}/new/undecided", whole="yes", title="Move")
    reader = sign_in(app.test_client(), here.reader)
    for path in ("/new", "/new/undecided", "/new/decided", "/AD-0001/edit"):
        assert reader.get(LIST + path).status_code == 403
    assert send(reader, f"{LIST}/AD-0001/edit", base="1", title="x").status_code == 403
