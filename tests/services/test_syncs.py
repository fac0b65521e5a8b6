"""A folder and the log are kept in step: what changed on one side goes to the other, never over a change."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from adr_app.domain.documents.reading import read_records
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.decisions import Decision, ImportedFile
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import (
    decisions,
    drafts,
    exports,
    flags,
    imports,
    links,
    reviews,
    stating,
    syncs,
    verification,
)
from adr_app.services.decision_rows import find, revision
from adr_app.services.decoding import decode
from adr_app.services.export_folder import LIST
from adr_app.services.people import Viewer
from adr_app.services.signing import signer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START

QUEUE = b"""---
status: accepted
date: 2026-10-01
---

# Use a queue

## Context and Problem Statement

Mails get lost.

## Decision Outcome

A queue.
"""
TYPED = {
    "title": "Keep files with Northfold",
    "context": "Why.\n\n## A heading in it",
    "drivers": "The lease ends.",
    "options": [
        {"title": "Northfold", "pros": "- known\n- cheap", "cons": "slow", "chosen": True},
        {"title": "Our own", "pros": "", "cons": "- dear"},
    ],
    "decision": "We take it.",
    "consequences": "More rows.",
    "plain_words": "Files move out.",
    "systems": ["Billing"],
    "vendors": ["Northfold"],
    "data": ["health"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team's folder with one record."""
    root = tmp_path / "product" / "decisions"
    root.mkdir(parents=True)
    (root / "0001-use-a-queue.md").write_bytes(QUEUE)
    return root


def sync(viewer: Viewer, folder: Path, **more: Any) -> dict[str, Any]:
    return syncs.run(viewer, folder, at=START, **more)


def names(rows: list[dict[str, str]]) -> list[str]:
    return [row["path"] for row in rows]


def read(folder: Path) -> dict[str, Any]:
    """Return the records of a folder by path, as our reader takes them."""
    found = {file.name: decode(file.read_bytes()) for file in sorted(folder.glob("*.md"))}
    return {record.path: record for record in read_records(found, {}, {}).records}  # type: ignore[arg-type]


def in_order(cast: Cast) -> bool:
    """Return whether the record and what was worked out from it hold."""
    company = Company.get_by_id(cast.company.id)
    return verification.verify(company).broken is None and not flags.check(company).different


def running(cast: Cast, decision: int) -> list[str]:
    """Return the flags that a decision has now."""
    rows = SpanRow.running(cast.company.id, "flag", START).where(SpanRow.subject_id == decision)
    return [row.code for row in rows]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_record_of_the_folder_comes_into_the_log_and_a_decision_of_the_log_into_the_folder(
    cto: Viewer, folder: Path, cast: Cast
) -> None:
    drafts.draft(cto, TYPED, at=START)
    done = sync(cto, folder)
    assert (len(done["created"]), len(done["updated"])) == (1, 0)
    assert names(done["written"]) == ["0002-keep-files-with-northfold.md"] and not done["conflicts"]
    assert (folder / "0001-use-a-queue.md").read_bytes() == QUEUE
    record = read(folder)["0002-keep-files-with-northfold.md"]
    assert (record.title, record.status) == ("Keep files with Northfold", "draft")
    assert [d.title for d in Decision.select().order_by(Decision.number)] == [TYPED["title"], "Use a queue"]
    assert in_order(cast)


def test_a_number_that_a_file_has_already_is_not_given_again(cto: Viewer, folder: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    assert names(sync(cto, folder)["written"]) == ["0002-keep-files-with-northfold.md"]
    assert find(cto, 1).title == "Keep files with Northfold"


def test_syncing_again_changes_nothing_on_either_side(cto: Viewer, folder: Path, cast: Cast) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    again = sync(cto, folder)
    assert not again["written"] and not again["created"] and not again["updated"] and again["in_step"] == 2
    assert before == {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert Decision.select().count() == 2 and in_order(cast)


def test_what_is_decided_in_the_log_is_written_to_the_file_it_came_from(
    cto: Viewer, vciso: Viewer, folder: Path, cast: Cast
) -> None:
    edit(folder / "0001-use-a-queue.md", "status: accepted", "status: proposed")
    sync(cto, folder)
    reviews.ask(cto, 1, at=START)
    reviews.answer(vciso, 1, "approve", base=1, at=START)
    decisions.accept(cto, 1, base=1, at=START)
    assert names(sync(cto, folder)["written"]) == ["0001-use-a-queue.md"]
    record = read(folder)["0001-use-a-queue.md"]
    assert record.status == "accepted" and "Mails get lost." in record.body
    assert not sync(cto, folder)["written"] and in_order(cast)


def test_a_changed_file_changes_its_decision(cto: Viewer, folder: Path, cast: Cast) -> None:
    sync(cto, folder)
    edit(folder / "0001-use-a-queue.md", "Mails get lost.", "Mails and letters get lost.")
    done = sync(cto, folder)
    assert len(done["updated"]) == 1 and not done["written"] and not done["conflicts"]
    assert "letters" in revision(find(cto, 1)).fields["body"] and in_order(cast)


def test_a_decision_of_fields_stays_one_when_its_file_is_changed(
    cto: Viewer, folder: Path, cast: Cast
) -> None:
    drafts.draft(cto, TYPED, at=START)
    before = revision(find(cto, 1))
    sync(cto, folder)
    file = folder / "0002-keep-files-with-northfold.md"
    edit(file, "We take it.", "We take it, for a year.")
    edit(file, "* Bad, because slow", "* Bad, because slow\n* Bad, because far")
    done = sync(cto, folder)
    assert len(done["updated"]) == 1 and not done["conflicts"], done
    now = revision(find(cto, 1))
    changed = {name for name in now.fields if now.fields[name] != before.fields[name]}
    assert now.form == "fields" and changed == {"decision", "options"}
    assert now.fields["options"][0]["cons"] == "- slow\n- far" and now.answers == before.answers
    assert now.fields["options"][0]["pros"] == "- known\n- cheap"
    assert not sync(cto, folder)["written"] and in_order(cast)


def test_a_file_that_says_more_than_our_fields_hold_is_kept_whole(
    cto: Viewer, folder: Path, cast: Cast
) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    edit(
        folder / "0002-keep-files-with-northfold.md",
        "## In Plain Words",
        "## Rollback\n\nBack.\n\n## In Plain Words",
    )
    sync(cto, folder)
    now = revision(find(cto, 1))
    assert now.form == "text" and "## Rollback" in now.fields["body"] and now.fields["systems"] == ["Billing"]
    assert not sync(cto, folder)["written"] and in_order(cast)


def test_what_changed_on_both_sides_is_reported_and_left(cto: Viewer, folder: Path, cast: Cast) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    file = folder / "0002-keep-files-with-northfold.md"
    edit(file, "We take it.", "We leave it.")
    drafts.revise(cto, 1, {"decision": "We take two."}, base=1, at=START)
    for _ in range(2):
        before = file.read_bytes()
        done = sync(cto, folder)
        assert names(done["conflicts"]) == [file.name] and file.read_bytes() == before
        assert revision(find(cto, 1)).fields["decision"] == "We take two." and in_order(cast)
    edit(file, "We leave it.", "We take it.")
    assert names(sync(cto, folder)["written"]) == [file.name]
    assert "We take two." in file.read_text()


def test_a_conflict_does_not_hold_up_the_others(cto: Viewer, folder: Path) -> None:
    sync(cto, folder)
    edit(folder / "0001-use-a-queue.md", "A queue.", "Two queues.")
    drafts.revise(cto, 1, {"title": "Use a queue or two"}, base=1, at=START)
    drafts.draft(cto, {"title": "Another"}, at=START)
    (folder / "0007-third.md").write_bytes(QUEUE.replace(b"Use a queue", b"Third"))
    done = sync(cto, folder)
    assert names(done["conflicts"]) == ["0001-use-a-queue.md"]
    assert names(done["written"]) == ["0002-another.md"] and len(done["created"]) == 1


def test_a_removed_file_is_told_and_not_written_again(cto: Viewer, folder: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    for file in folder.glob("*.md"):
        file.unlink()
    for _ in range(2):
        done = sync(cto, folder)
        assert len(done["removed"]) == 2 and not done["written"]
    assert not list(folder.glob("*.md")) and Decision.select().count() == 2


def test_a_decision_accepted_in_the_folder_alone_is_flagged(cto: Viewer, folder: Path, cast: Cast) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    edit(folder / "0002-keep-files-with-northfold.md", "status: draft", "status: accepted")
    assert len(sync(cto, folder)["updated"]) == 1
    found = find(cto, 1)
    assert found.status == "accepted" and in_order(cast)
    assert running(cast, found.id) == ["accepted-no-input"]


def test_a_sign_off_is_written_beside_its_text_and_goes_when_it_holds_no_more(
    cto: Viewer, vciso: Viewer, folder: Path
) -> None:
    key = signer(b"s" * 32)
    drafts.draft(cto, TYPED, at=START)
    reviews.ask(cto, 1, at=START)
    reviews.answer(vciso, 1, "approve", base=1, at=START)
    sync(cto, folder, key=key)
    statement = folder / "0002-keep-files-with-northfold.signoff.json"
    assert statement.is_file()
    assert sync(cto, folder, key=key)["in_step"] == 2
    sync(cto, folder)
    assert statement.is_file(), "a run that writes no sign-offs leaves those that are there"
    drafts.revise(cto, 1, {"decision": "Something else."}, base=1, at=START)
    sync(cto, folder, key=key)
    assert not statement.exists()


def test_a_status_that_changed_in_the_folder_alone_is_taken(cto: Viewer, folder: Path, cast: Cast) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    edit(folder / "0002-keep-files-with-northfold.md", "status: draft", "status: rejected")
    done = sync(cto, folder)
    assert len(done["updated"]) == 1 and not done["conflicts"] and find(cto, 1).status == "rejected"
    again = sync(cto, folder)
    assert not again["conflicts"] and not again["written"] and in_order(cast)


@pytest.mark.parametrize("ended", ["deprecated", "superseded by [ADR-0002](0002-use-two.md)"])
def test_what_the_team_writes_where_it_ends_a_decision_stays_in_its_file(
    cto: Viewer, folder: Path, cast: Cast, ended: str
) -> None:
    (folder / "0002-use-two.md").write_bytes(QUEUE.replace(b"a queue", b"two"))
    sync(cto, folder)
    path = folder / "0001-use-a-queue.md"
    edit(path, "status: accepted", f"status: {ended}")
    edit(path, "Mails get lost.", "Mails got lost, until May.")
    content = path.read_bytes()
    done = sync(cto, folder)
    assert done["updated"] == [path.name] and not done["written"] and not done["conflicts"]
    assert path.read_bytes() == content
    decision = find(cto, 1)
    assert decision.status == ended.split()[0]
    assert "until May" in revision(decision).fields["body"]
    again = sync(cto, folder)
    assert not again["updated"] and not again["written"] and in_order(cast)


def test_what_another_folder_holds_is_not_written_here(cto: Viewer, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "adr"
    other.mkdir(parents=True)
    (other / "0001-other.md").write_bytes(QUEUE.replace(b"Use a queue", b"Other"))
    imports.run(cto, other, at=START)
    done = sync(cto, folder)
    assert done["elsewhere"] == 1 and not done["written"] and len(list(folder.glob("*.md"))) == 1


def test_a_dry_run_changes_neither_side(cto: Viewer, folder: Path, cast: Cast) -> None:
    drafts.draft(cto, TYPED, at=START)
    done = sync(cto, folder, dry_run=True)
    assert len(done["created"]) == 1 and len(done["written"]) == 1
    assert sorted(file.name for file in folder.iterdir()) == ["0001-use-a-queue.md"]
    assert Decision.select().count() == 1 and ImportedFile.select().count() == 0 and in_order(cast)


def test_a_new_folder_is_filled(cto: Viewer, tmp_path: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    assert names(sync(cto, tmp_path / "decisions")["written"]) == ["0001-keep-files-with-northfold.md"]


def test_restricted_decisions_are_written_only_when_asked_for(cto: Viewer, folder: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    Decision.update(restricted=True).execute()
    done = sync(cto, folder)
    assert not done["written"] and done["left_out"] == 1
    assert len(sync(cto, folder, restricted=True)["written"]) == 1
    assert not sync(cto, folder)["written"] and not (folder / "0002-keep-files-with-northfold.md").exists()


def test_relations_recorded_in_the_log_are_written_to_both_files(
    cto: Viewer, vciso: Viewer, folder: Path
) -> None:
    sync(cto, folder)
    second = drafts.draft(cto, TYPED, at=START).number
    links.link(cto, second, 1, "supersedes", at=START)
    reviews.ask(cto, second, at=START)
    reviews.answer(vciso, second, "approve", base=1, at=START)
    decisions.accept(cto, second, base=1, at=START)
    sync(cto, folder)
    records = read(folder)
    newer = records["0002-keep-files-with-northfold.md"]
    assert newer.related("supersedes", inward=False) == ["0001-use-a-queue.md"]
    assert records["0001-use-a-queue.md"].status == "superseded"
    assert not sync(cto, folder)["written"]


def test_a_list_that_another_log_wrote_is_not_believed(cto: Viewer, folder: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    listed = folder / LIST
    listed.write_text(listed.read_text().replace(revision(find(cto, 1)).digest, "0" * 64))
    done = sync(cto, folder)
    assert revision(find(cto, 1)).number == 1 and not done["updated"]


def test_only_who_may_import_syncs(cast: Cast, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        sync(cast.viewer("reader", START), folder)


def test_a_format_of_one_file_for_all_is_refused(cto: Viewer, folder: Path) -> None:
    with pytest.raises(Invalid):
        sync(cto, folder, code="csv")


ACTS = st.lists(
    st.tuples(st.sampled_from(("file", "log", "sync")), st.integers(1, 2), st.integers(0, 3)), max_size=8
)


@hypothesis.settings(max_examples=12, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.example(acts=[("file", 2, 1), ("sync", 1, 0), ("log", 2, 0), ("sync", 1, 0), ("file", 2, 1)])
@hypothesis.given(acts=ACTS)
def test_no_change_of_either_side_is_ever_lost(
    fresh_database: Any, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]
) -> None:
    with fresh_database(), quick_passwords():
        cto = cast_of("Larkspur", START).viewer("cto", START)
        folder = tmp_path_factory.mktemp("step") / "decisions"
        for number in (1, 2):
            drafts.draft(cto, {"title": f"Number {number}", "decision": "Words 0."}, at=START)
        sync(cto, folder)
        both = dict.fromkeys((1, 2), "Words 0.")
        agreed, here, there, moved = dict(both), dict(both), dict(both), set[int]()
        for side, number, word in [*acts, ("sync", 1, 0)]:
            if side == "file":
                edit(folder / f"000{number}-number-{number}.md", there[number], f"Words {word}.")
                there[number] = f"Words {word}."
            elif side == "log":
                latest = find(cto, number).latest
                if drafts.revise(cto, number, {"decision": f"Words {word}."}, base=latest, at=START):
                    moved.add(number)
                here[number] = f"Words {word}."
            else:
                done = sync(cto, folder)
                left = {n for n in moved if len({agreed[n], here[n], there[n]}) == 3}
                for n in both.keys() - left:
                    agreed[n] = here[n] = there[n] = here[n] if here[n] != agreed[n] else there[n]
                moved &= left
                assert left == {int(row["ref"][-4:]) for row in done["conflicts"]}
            for n in both:
                assert here[n] == revision(find(cto, n)).fields["decision"]
                assert there[n] in (folder / f"000{n}-number-{n}.md").read_text()


def test_records_in_hidden_folders_are_kept_in_step_too(cto: Viewer, folder: Path) -> None:
    hidden = folder / ".github" / "adr"
    hidden.mkdir(parents=True)
    (hidden / "0005-hidden.md").write_bytes(QUEUE.replace(b"Use a queue", b"Hidden"))
    for _ in range(2):
        done = sync(cto, folder)
        assert not done["removed"] and not done["written"] and done["in_step"] == 2


def test_a_record_among_several_in_a_file_is_reported_where_the_log_changed_it(
    cto: Viewer, folder: Path, tmp_path: Path
) -> None:
    with quick_passwords():
        others = cast_of("Ostara", START).viewer("cto", START)
    for title in ("One", "Two"):
        drafts.draft(others, {"title": title, "decision": "Yes."}, at=START)
    exports.run(others, tmp_path / "out", code="json-adr", at=START)
    (tmp_path / "out" / "decisions.json").rename(folder / "decisions.json")
    report = sync(cto, folder)
    assert len(report["created"]) == 3 and not report["conflicts"] and not report["removed"]
    one = Decision.get(Decision.company == cto.company.id, Decision.title == "One").number
    drafts.revise(cto, one, {"title": "Another one"}, base=1, at=START)
    before = (folder / "decisions.json").read_bytes()
    (told,) = sync(cto, folder)["conflicts"]
    assert "holds several" in told["message"] and told["path"].startswith("decisions.json#")
    assert (folder / "decisions.json").read_bytes() == before


def test_a_folder_of_one_company_is_never_written_for_another(cto: Viewer, folder: Path) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with quick_passwords():
        others = cast_of("Ostara", START).viewer("cto", START)
    drafts.draft(others, {"title": "Theirs"}, at=START)
    for act in (lambda: sync(others, folder), lambda: sync(others, folder, dry_run=True)):
        with pytest.raises(WrongState, match="kept for “larkspur”"):
            act()
    with pytest.raises(WrongState, match="kept for “larkspur”"):
        exports.run(others, folder, code="madr4", at=START)
    assert before == {file: file.read_bytes() for file in folder.iterdir()}
    assert Decision.select().where(Decision.company == others.company.id).count() == 1


def test_what_a_file_claims_of_security_is_replaced_by_what_the_log_says(
    cto: Viewer, folder: Path, cast: Cast
) -> None:
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    file = folder / "0002-keep-files-with-northfold.md"
    for more in ("", "\n\n## Rollback\n\nBack.\n"):
        edit(file, "security-review: Not asked yet", "security-review: Checked")
        edit(file, "## In Plain Words", f"{more.strip()}\n\n## In Plain Words".strip())
        sync(cto, folder)
        text = file.read_text()
        assert "security-review: Not asked yet" in text and "Checked" not in text
        assert text.count("security-review:") == 1 and not sync(cto, folder)["written"]
    assert revision(find(cto, 1)).form == "text" and in_order(cast)


def test_an_edited_text_does_not_keep_the_words_of_an_earlier_review(
    cto: Viewer, vciso: Viewer, folder: Path
) -> None:
    edit(folder / "0001-use-a-queue.md", "status: accepted", "status: proposed")
    sync(cto, folder)
    reviews.ask(cto, 1, at=START)
    reviews.answer(vciso, 1, "approve", base=1, at=START)
    decisions.accept(cto, 1, base=1, at=START)
    sync(cto, folder)
    file = folder / "0001-use-a-queue.md"
    assert "security-review: Checked" in file.read_text()
    edit(file, "Mails get lost.", "Mails are sent unencrypted.")
    sync(cto, folder)
    text = file.read_text()
    assert "unencrypted" in text and "security-review: Changed since the security OK" in text


def test_a_change_that_waits_in_the_log_is_named_where_the_file_changes_too(
    cto: Viewer, folder: Path
) -> None:
    sync(cto, folder)
    drafts.revise(cto, 1, {}, body="Another text.", base=1, at=START)
    sync(cto, folder)
    edit(folder / "0001-use-a-queue.md", "A queue.", "Two queues.")
    (told,) = sync(cto, folder)["conflicts"]
    assert "a change waits in the log" in told["message"]


def test_no_sign_off_is_written_beside_a_file_that_is_gone(cto: Viewer, vciso: Viewer, folder: Path) -> None:
    key = signer(b"s" * 32)
    drafts.draft(cto, TYPED, at=START)
    sync(cto, folder)
    reviews.ask(cto, 1, at=START)
    reviews.answer(vciso, 1, "approve", base=1, at=START)
    (folder / "0002-keep-files-with-northfold.md").unlink()
    sync(cto, folder, key=key)
    assert not list(folder.glob("*.signoff.json"))


@pytest.mark.parametrize("stated", [None, "accepted"])
def test_new_words_in_a_file_that_states_no_status_are_taken_and_stay(
    cto: Viewer, folder: Path, cast: Cast, stated: str | None
) -> None:
    file = folder / "0001-use-a-queue.md"
    file.write_bytes(QUEUE.replace(b"status: accepted\n", b""))
    sync(cto, folder)
    if stated:
        stating.state_status(cto, 1, status=stated, at=START)
        sync(cto, folder)
    edit(file, "Mails get lost.", "Mails get lost at night.")
    edit(file, "A queue.", "A queue of our own.")
    for _ in range(2):
        done = sync(cto, folder)
        assert not done["conflicts"]
        assert "at night" in file.read_text() and "of our own" in file.read_text()
    assert "of our own" in revision(find(cto, 1)).fields["body"]
    assert in_order(cast)
