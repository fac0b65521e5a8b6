"""Security OKs are written beside files only where the record bears them out, and the gate believes them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.gate.keys import key_line
from adr_app.domain.gate.statement import Allowance, Statement, Trust, problems, read_statement
from adr_app.models.decisions import Decision, ImportedFile
from adr_app.models.people import Engagement
from adr_app.models.standing_rules import StandingRule
from adr_app.services import (
    answers,
    decision_rows,
    decisions,
    drafts,
    engagements,
    gate_check,
    imports,
    people,
    reviews,
    standing_rules,
)
from adr_app.services.signing import signer, verify
from adr_app.services.statements import NoSignOff, Outcome, statement_for, write_beside
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.repositories import Repository, json_list, one_of_several, record, repository, several

KEY = signer(b"k" * 32)
LATER_BY = timedelta(days=1)
LATER = START + LATER_BY


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """A repository that pins the installation's key, with one old record and two proposals."""
    made = repository(tmp_path / "product")
    pinned = f'[gate]\ncompany = "larkspur"\nkeys = ["{key_line(KEY.public)}"]\n'
    (made.root / ".adr-app.toml").write_text(pinned)
    made.write("0001-a.md", record(1))
    made.write("0002-b.md", record(2, "Proposed"))
    made.write("0003-c.md", "---\nstatus: proposed\nscope: billing\n---\n" + record(3, "Proposed"))
    made.commit()
    return made


def imported(cast: Cast, repo: Repository) -> None:
    imports.run(cast.viewer("cto", START), repo.adr, at=START)


def number(path: str) -> int:
    return Decision.get_by_id(ImportedFile.get(ImportedFile.path == path).decision_id).number


def answered(cast: Cast, path: str, code: str = "approve", at: datetime = START, **given: Any) -> None:
    which = number(path)
    latest = Decision.get(Decision.number == which).latest
    reviews.answer(cast.viewer("vciso", at), which, code, base=latest, at=at, **given)


def written(cast: Cast, repo: Repository, at: datetime = LATER) -> Outcome:
    return write_beside(cast.company, repo.adr, KEY, at=at)


def codes(repo: Repository, since: str = "HEAD", at: datetime = LATER) -> list[tuple[str, str]]:
    return [(x.finding.path, x.finding.code) for x in gate_check.check(repo.adr, since=since, at=at).found]


def test_from_import_to_merge(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    assert written(cast, repo).written == ["0002-b.md"]
    repo.commit()
    repo.write("0002-b.md", record(2))
    assert codes(repo) == []
    repo.write("0002-b.md", record(2, more=" And more."))
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]


def test_what_has_no_ok_is_told_with_the_reason(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md", "deny", text="Codes can be stolen.")
    repo.write("0009-new.md", record(9))
    repo.write("0010-draft.md", record(10, "Draft"))
    found = written(cast, repo)
    assert found.none == {
        "0001-a.md": "the vCISO has given no answer that counts",
        "0002-b.md": "the vCISO said no",
        "0003-c.md": "the vCISO has given no answer that counts",
        "0009-new.md": "no decision of this company came from it; import it first",
    }
    assert not list(repo.adr.glob("*.json"))


def test_an_unchanged_statement_is_not_written_again(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    written(cast, repo)
    file = repo.adr / "0002-b.signoff.json"
    before = file.stat()
    found = written(cast, repo)
    assert (found.written, found.unchanged) == ([], ["0002-b.md"])
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_status_changed_since_the_import_is_no_other_text(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0003-c.md")
    text = (repo.adr / "0003-c.md").read_text()
    repo.write(
        "0003-c.md", text.replace("status: proposed", "status: accepted").replace("Proposed", "Accepted")
    )
    assert written(cast, repo).written == ["0003-c.md"]


@pytest.mark.parametrize(
    ("old", "new"), [("Why", "What"), ("# 3. Use", "# 3. Drop"), ("billing", "everything")]
)
def test_another_text_than_the_one_reviewed_gets_none(
    cast: Cast, repo: Repository, old: str, new: str
) -> None:
    imported(cast, repo)
    answered(cast, "0003-c.md")
    repo.write("0003-c.md", (repo.adr / "0003-c.md").read_text().replace(old, new))
    found = written(cast, repo)
    assert found.none["0003-c.md"] == "its text is not the one that got the security OK"


def test_a_title_changed_in_the_log_is_another_text_than_the_files(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    drafts.revise(cast.viewer("cto", START), number("0002-b.md"), {"title": "Ours"}, base=1, at=START)
    answered(cast, "0002-b.md")
    assert "0002-b.md" in written(cast, repo).none


def test_a_newer_text_that_means_the_same_has_the_ok_too(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    repo.write("0002-b.md", record(2, "Proposed", more=" Indeed."))
    imports.run(cast.viewer("cto", START), repo.adr, at=START)
    assert "0002-b.md" in written(cast, repo).none
    answers.same_meaning(cast.viewer("vciso", START), number("0002-b.md"), base=2, at=START)
    assert written(cast, repo).written == ["0002-b.md"]


def test_a_renumbered_file_is_found_by_its_path_and_a_renamed_one_by_its_number(
    cast: Cast, repo: Repository
) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    repo.git("mv", "adr/0002-b.md", "adr/0002-thing.md")
    assert written(cast, repo).written == ["0002-thing.md"]
    assert codes(repo) == []


def test_an_ok_that_ran_out_is_not_written(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md", level=3)
    assert (
        written(cast, repo, START + timedelta(days=800))
        .none["0002-b.md"]
        .startswith("the security OK ran out")
    )


def test_a_statement_tells_who_by_what_mandate_and_what_is_left_to_do(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    todo = {"text": "Change the keys", "risk": "Old keys", "before_go_live": True, "owner": "Sam"}
    answered(cast, "0002-b.md", "approve-with-conditions", todos=[todo])
    leader = cast.viewer("leader", LATER)
    vciso = next(e for e in people.engagement_rows(cast.company.id) if e.role == "vciso")
    engagements.end(leader, vciso.id, at=LATER)
    written(cast, repo, LATER + timedelta(days=1))
    said = read_statement((repo.adr / "0002-b.signoff.json").read_bytes()).statement
    assert (said.company, said.decision, said.record) == ("larkspur", "AD-0002", "0002-b.md")
    assert (said.signer, said.verdict, said.open_to_dos) == ("Vciso", "approve-with-conditions", 1)
    assert said.mandate.appointed_by == "Leader"
    assert said.mandate.covers(said.given_at)
    assert said.mandate.ends == LATER
    repo.commit()
    repo.write("0002-b.md", record(2))
    assert codes(repo) == [("0002-b.md", "to-dos-open")]


def test_a_restricted_decision_is_not_written_about(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    Decision.update(restricted=True).where(Decision.number == number("0002-b.md")).execute()
    assert "restricted" in written(cast, repo).none["0002-b.md"]


def test_a_file_of_another_company_is_nobodys_here(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    with quick_passwords():
        other = cast_of("Ostara", START)
    found = write_beside(other.company, repo.adr, KEY, at=LATER)
    assert found.none["0002-b.md"] == "no decision of this company came from it; import it first"


def test_a_link_in_the_place_of_a_statement_is_replaced_not_followed(cast: Cast, repo: Repository) -> None:
    imported(cast, repo)
    answered(cast, "0002-b.md")
    victim = repo.root / "victim"
    victim.write_text("mine")
    (repo.adr / "0002-b.signoff.json").symlink_to(victim)
    assert written(cast, repo).written == ["0002-b.md"]
    assert victim.read_text() == "mine"


def test_what_was_written_here_gets_a_statement_for_the_text_it_is_exported_as(cast: Cast) -> None:
    viewer = cast.viewer("cto", START)
    made = drafts.draft(viewer, {"title": "Move billing", "context": "Why"}, at=START)
    text = "---\nstatus: proposed\n---\n\n# Move billing\n\n## Context and Problem Statement\n\nWhy\n"
    with pytest.raises(NoSignOff, match="no answer that counts"):
        statement_for(made, text, LATER, path="0001-move-billing.md", key=KEY)
    reviews.answer(cast.viewer("vciso", START), made.number, "approve", base=1, at=START)
    said = statement_for(Decision.get_by_id(made.id), text, LATER, path="0001-move-billing.md", key=KEY)
    trust = Trust("larkspur", (KEY.public,), verify)
    signed = read_statement(said.encode())
    assert problems(signed, "x/0001-move-billing.md", signed.statement.digest, trust, LATER) == []
    drafts.revise(viewer, made.number, {"context": "Why not"}, base=1, at=LATER)
    with pytest.raises(NoSignOff, match="not the one"):
        statement_for(Decision.get_by_id(made.id), text, LATER, path="0001-move-billing.md", key=KEY)


HARMLESS = dict.fromkeys(("data", "access", "outside", "undo"), "no")


def allow(cast: Cast, until: str = "2027-03-01") -> StandingRule:
    rule = {"title": "Internal tools", "reason": "Nothing leaves the house.", "until": until}
    return standing_rules.sign(cast.viewer("vciso", START), {"data": ["no"]}, **rule, at=START)


def test_what_a_rule_allowed_in_advance_has_a_statement_that_names_the_rule_and_its_end(cast: Cast) -> None:
    rule, viewer = allow(cast), cast.viewer("cto", START)
    made = drafts.draft(viewer, {"title": "A second queue"}, answers=HARMLESS, at=START)
    text = "---\nstatus: proposed\n---\n\n# A second queue\n"

    def said(at: datetime) -> Statement:
        text_of = statement_for(Decision.get_by_id(made.id), text, at, path="0001-a.md", key=KEY)
        signed = read_statement(text_of.encode())
        found = problems(signed, "0001-a.md", signed.statement.digest, trust, at)
        assert found == [], "the gate believes it"
        return signed.statement

    trust = Trust("larkspur", (KEY.public,), verify)
    before = said(START)
    assert before.rule == Allowance("Internal tools", rule.until, rule.digest)
    assert (before.signer, before.given_at, before.valid_until) == ("Vciso", START, rule.until)
    assert said(LATER) == before, "the same statement while nothing changes"
    with pytest.raises(NoSignOff, match="no answer that counts"):
        said(rule.until)
    decisions.propose(viewer, made.number, at=LATER)
    decisions.accept(viewer, made.number, base=1, at=LATER)
    after = said(rule.until + LATER_BY)
    assert (after.valid_until, after.rule) == (None, before.rule), "decided while it held, it stays cleared"
    drafts.revise(viewer, made.number, {"context": "More"}, answers=HARMLESS, base=1, at=LATER)
    assert said(LATER) == after, "a draft beside it changes nothing of the text in force"
    reviews.answer(cast.viewer("vciso", LATER), made.number, "approve", base=2, at=LATER)
    assert said(LATER).rule is None, "what the vCISO said on the decision itself comes first"


def test_a_rule_that_ends_with_its_signers_role_clears_no_longer_than_that(cast: Cast) -> None:
    allow(cast)
    role = next(e for e in people.engagement_rows(cast.company.id) if e.role == "vciso")
    Engagement.update(ends_at=LATER).where(Engagement.id == role.id).execute()
    made = drafts.draft(cast.viewer("cto", START), {"title": "A queue"}, answers=HARMLESS, at=START)
    said = statement_for(Decision.get_by_id(made.id), "# A queue\n", START, path="1.md", key=KEY)
    signed = read_statement(said.encode())
    trust = Trust("larkspur", (KEY.public,), verify)
    assert signed.statement.valid_until == LATER
    assert [c for c, _ in problems(signed, "1.md", signed.statement.digest, trust, LATER)] == [
        "signoff-ran-out"
    ]


def test_from_a_rule_to_a_merge_the_gate_lets_pass_what_was_allowed_in_advance_and_says_so(
    cast: Cast, repo: Repository
) -> None:
    imported(cast, repo)
    which, cto = number("0002-b.md"), cast.viewer("cto", START)
    latest = Decision.get(Decision.number == which).latest
    body = read_body(which)
    drafts.revise(cto, which, {}, body=body, answers=HARMLESS, base=latest, at=START)
    assert "no answer that counts" in written(cast, repo).none["0002-b.md"]
    allow(cast)
    assert written(cast, repo).written == ["0002-b.md"]
    repo.commit()
    repo.write("0002-b.md", record(2))
    assert codes(repo) == [("0002-b.md", "allowed-in-advance")]
    repo.write("0002-b.md", record(2, more=" And more."))
    assert codes(repo) == [("0002-b.md", "signoff-text-changed")]
    repo.write("0002-b.md", record(2))
    over = datetime(2027, 3, 3, tzinfo=UTC)
    assert ("0002-b.md", "signoff-ran-out") in codes(repo, at=over)


def read_body(which: int) -> str:
    decision = Decision.get(Decision.number == which)
    return decision_rows.revision(decision).fields["body"]


def test_acceptance_in_the_log_keeps_the_statement(cast: Cast) -> None:
    viewer = cast.viewer("cto", START)
    made = drafts.draft(viewer, {"title": "Move billing"}, at=START)
    decisions.propose(viewer, made.number, at=START)
    reviews.answer(cast.viewer("vciso", START), made.number, "approve", base=1, at=START)
    text = "# Move billing\n"
    before = statement_for(Decision.get_by_id(made.id), text, LATER, path="1.md", key=KEY)
    decisions.accept(viewer, made.number, base=1, at=LATER)
    assert statement_for(Decision.get_by_id(made.id), text, LATER, path="1.md", key=KEY) == before


def in_markdown(first: str, second: str, why: str) -> tuple[str, str]:
    return "all.md", several(one_of_several("A-001", first, why), one_of_several("A-002", second))


def in_json(first: str, second: str, why: str) -> tuple[str, str]:
    entries = (
        {"number": number, "title": f"Use {number}", "status": status, "context": why, "decision": "Yes."}
        for number, status, why in ((8, first, why), (9, second, "It fits."))
    )
    return "all.json", json_list(*entries)


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        (in_markdown, ("all.md#DECISION-A-001", "all.md#DECISION-A-002")),
        (in_json, ("all.json#8", "all.json#9")),
    ],
    ids=["markdown", "json"],
)
def test_one_of_several_records_in_a_file_is_signed_for_itself(
    cast: Cast, repo: Repository, file: Callable[[str, str, str], tuple[str, str]], paths: tuple[str, str]
) -> None:
    first, second = paths
    repo.write(*file("Proposed", "Proposed", "Why."))
    repo.commit()
    imported(cast, repo)
    answered(cast, first)
    found = written(cast, repo)
    assert found.written == [first]
    assert found.none[second] == "the vCISO has given no answer that counts"
    repo.commit()
    repo.write(*file("Accepted", "Accepted", "Why."))
    assert codes(repo) == [(second, "signoff-missing")]
    repo.write(*file("Accepted", "Proposed", "Why not."))
    assert codes(repo) == [(first, "signoff-text-changed")]
    assert written(cast, repo).none[first] == "its text is not the one that got the security OK"
    repo.write(*file("Accepted", "Rejected", "Why."))
    assert codes(repo) == []
    assert written(cast, repo).unchanged == [first]
