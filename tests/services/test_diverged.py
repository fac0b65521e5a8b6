"""A decision and its file both changed: both are shown, a person chooses, nothing comes back by itself."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from adr_app.domain.three_way import MARKERS, Who
from adr_app.models.decisions import Decision, ImportedFile, Link
from adr_app.models.diverged import DivergedFile
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.services import (
    decision_rows,
    decisions,
    diverged,
    drafts,
    exports,
    flags,
    imports,
    reviews,
    stating,
    syncs,
    verification,
)
from adr_app.services.diverged_choices import Shown, keep, look, put_together, take
from adr_app.services.diverged_choices import shown as shown_of
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.services import records

CTO_FILES = ("0001-a.md", "0002-b.md", "0003-c.md")


def record(number: int, status: str = "Accepted", more: str = "", day: str = "2024-01-05") -> str:
    return records.record(number, status, more, day)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three accepted records."""
    root = tmp_path / "adr"
    root.mkdir()
    for number, name in enumerate(CTO_FILES, 1):
        (root / name).write_text(record(number))
    return root


def run(viewer: Viewer, root: Path, **more: Any) -> dict[str, Any]:
    return imports.run(viewer, root, at=START, **more)


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["created"], report["updated"], report["diverged"], report["unchanged"]


def body(viewer: Viewer, number: int) -> str:
    return str(decision_rows.revision(decision_rows.find(viewer, number)).fields["body"])


def ours(viewer: Viewer, number: int, old: str = "Fine.", new: str = "Fine, we think.") -> None:
    """Change a line of a decision's text here."""
    decision = decision_rows.find(viewer, number)
    text = body(viewer, number)
    assert old in text
    drafts.revise(viewer, number, {}, base=decision.latest, body=text.replace(old, new), at=START)


def theirs(root: Path, number: int, more: str = " Theirs.", **given: Any) -> None:
    (root / CTO_FILES[number - 1]).write_text(record(number, more=more, **given))


def shown(viewer: Viewer, number: int) -> Shown:
    found = look(viewer, number)
    assert found is not None
    return shown_of(found)


def both(viewer: Viewer, root: Path, number: int = 2) -> Shown:
    """Change a decision here and in its file, import, and return what its page shows."""
    run(viewer, root)
    ours(viewer, number)
    theirs(root, number)
    assert counts(run(viewer, root)) == (0, 0, 1, 2)
    return shown(viewer, number)


def last(cast: Cast) -> Event:
    return Event.select().where(Event.company == cast.company.id).order_by(Event.seq.desc()).first()


def assert_sound(cast: Cast) -> None:
    company = Company.get_by_id(cast.company.id)
    assert flags.check(company).different == [] and verification.verify(company).broken is None


def test_what_diverged_is_kept_and_its_page_is_named(cto: Viewer, cast: Cast, folder: Path) -> None:
    both(cto, folder)
    report = run(cto, folder)
    (warning,) = [row for row in report["warnings"] if row["code"] == "diverged"]
    assert warning["page"] == "/larkspur/decisions/AD-0002/file-change"
    found = look(cto, 2)
    assert found is not None and look(cto, 1) is None
    by = {p.who: p for p in found.passages}
    assert by.keys() == {Who.NOBODY, Who.HERE, Who.THERE}
    assert "we think" in by[Who.HERE].here and "Theirs." in by[Who.THERE].there
    assert "we think" in found.merged and "Theirs." in found.merged
    assert DivergedFile.select().count() == 1
    assert_sound(cast)


def test_a_file_that_changes_again_takes_the_place_of_what_was_kept_of_it(cto: Viewer, folder: Path) -> None:
    before = both(cto, folder)
    theirs(folder, 2, " Theirs again.")
    run(cto, folder)
    found = look(cto, 2)
    assert found is not None and "Theirs again." in found.there.body
    assert DivergedFile.select().count() == 1
    with pytest.raises(Stale):
        take(cto, 2, before, at=START)


@pytest.mark.parametrize("back", ["as it was", "gone"])
def test_a_file_put_back_or_gone_no_longer_waits(cto: Viewer, folder: Path, back: str) -> None:
    both(cto, folder)
    if back == "gone":
        (folder / CTO_FILES[1]).unlink()
    else:
        theirs(folder, 2, "")
    run(cto, folder)
    assert look(cto, 2) is None and DivergedFile.select().count() == 0


def test_keeping_what_the_log_says_is_one_act_and_the_file_counts_as_seen(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    page = both(cto, folder)
    before, seq = body(cto, 2), last(cast).seq
    keep(cto, 2, page, at=START)
    event = last(cast)
    assert (event.kind, event.seq) == ("decision.text-kept", seq + 1)
    assert event.data == {"fingerprint": page.fingerprint}
    assert body(cto, 2) == before and look(cto, 2) is None
    row = DivergedFile.get()
    assert (row.kept, bytes(row.content), bytes(row.read)) == (True, b"", b""), "the text is not kept"
    for _ in range(2):
        assert counts(run(cto, folder)) == (0, 0, 0, 3)
    assert last(cast).seq == seq + 1
    assert_sound(cast)


def test_what_was_passed_over_waits_again_once_the_file_changes_again(cto: Viewer, folder: Path) -> None:
    keep(cto, 2, both(cto, folder), at=START)
    run(cto, folder)
    theirs(folder, 2, " Theirs again.")
    assert counts(run(cto, folder)) == (0, 0, 1, 2)
    assert look(cto, 2) is not None and DivergedFile.select().count() == 1


def test_what_was_passed_over_is_not_what_an_export_gives_back(
    cto: Viewer, cast: Cast, folder: Path, tmp_path: Path
) -> None:
    run(cto, folder)
    decision = decision_rows.find(cto, 2)
    decisions.deprecate(cto, 2, at=START)
    theirs(folder, 2)
    run(cto, folder)
    keep(cto, 2, shown(cto, 2), at=START)
    exports.run(cto, tmp_path / "out", code="adr-tools", at=START)
    text = "".join(file.read_text() for file in (tmp_path / "out").rglob("0002*.md"))
    assert "Theirs." not in text and "Why 2." in text and decision.ref == "AD-0002"


def test_taking_the_file_s_text_is_an_act_of_its_own_and_an_acceptance(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    page = both(cto, folder)
    seq = last(cast).seq
    decision = take(cto, 2, page, at=START)
    assert (last(cast).kind, last(cast).seq) == ("decision.reimported", seq + 1)
    assert (decision.status, decision.latest, decision.in_force) == ("accepted", 3, 3)
    assert "Theirs." in body(cto, 2) and "we think" not in body(cto, 2)
    assert DivergedFile.select().count() == 0
    assert counts(run(cto, folder)) == (0, 0, 0, 3)
    assert_sound(cast)


def spans(company: Company, number: int) -> set[tuple[str, str, Any, Any]]:
    decision = Decision.get(Decision.company == company.id, Decision.number == number)
    rows = SpanRow.select().where(SpanRow.company == company.id, SpanRow.subject_id == decision.id)
    return {(row.kind, row.code, row.starts, row.ends) for row in rows if row.subject_type == "decision"}


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("status", ["Accepted", "Proposed", "Rejected", ""])
def test_a_text_taken_is_flagged_as_one_imported_into_a_log_that_changed_nothing(
    cto: Viewer, cast: Cast, folder: Path, tmp_path: Path, checked: bool, status: str
) -> None:
    """A decision in force, checked by the vCISO or not, whose file says something new."""
    with quick_passwords():
        other = cast_of("Ostara", START)
    for company in (cast, other):
        viewer, vera = company.viewer("cto", START), company.viewer("vciso", START)
        theirs(folder, 2, "", day="2026-11-24")
        run(viewer, folder)
        if checked:
            reviews.ask(viewer, 2, at=START)
            reviews.answer(vera, 2, "approve", base=1, text="", at=START)
        if company is cast:
            ours(viewer, 2)
        theirs(folder, 2, day="2026-11-24", status=status or "See the minutes")
        run(viewer, folder)
    take(cto, 2, shown(cto, 2), at=START)
    assert spans(cast.company, 2) == spans(other.company, 2)
    assert body(cto, 2) == body(other.viewer("cto", START), 2)
    assert_sound(cast)


def test_a_text_in_force_that_was_checked_is_changed_since_once_the_file_s_is_taken(
    cto: Viewer, vciso: Viewer, cast: Cast, folder: Path
) -> None:
    theirs(folder, 2, "", day="2026-11-24")
    run(cto, folder)
    reviews.ask(cto, 2, at=START)
    reviews.answer(vciso, 2, "approve", base=1, text="", at=START)
    ours(cto, 2)
    theirs(folder, 2, day="2026-11-24")
    run(cto, folder)
    take(cto, 2, shown(cto, 2), at=START)
    decision = decision_rows.find(cto, 2)
    running = SpanRow.running(cast.company.id, "flag", START).where(SpanRow.subject_id == decision.id)
    assert "changed-after-signoff" in {row.code for row in running}


def test_answers_that_ask_for_less_than_none_do_not_go_with_the_file_s_text(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    run(cto, folder)
    no = dict.fromkeys(("data", "access", "outside", "undo"), "no")
    yes = no | {"data": "yes", "access": "yes", "undo": "yes"}
    for number, answers in ((1, no), (2, yes)):
        drafts.revise(cto, number, {"systems": ["Billing"]}, base=1, answers=answers, at=START)
        theirs(folder, number)
    run(cto, folder)
    for number in (1, 2):
        take(cto, number, shown(cto, number), at=START)
    first, second = (decision_rows.revision(decision_rows.find(cto, n)) for n in (1, 2))
    assert first.answers == {} and second.answers == yes
    assert first.fields["systems"] == second.fields["systems"] == ["Billing"]
    assert_sound(cast)


def test_what_no_file_states_is_exported_with_a_text_that_was_taken(
    cto: Viewer, folder: Path, tmp_path: Path
) -> None:
    run(cto, folder)
    drafts.revise(cto, 2, {"systems": ["Billing"]}, base=1, at=START)
    theirs(folder, 2)
    run(cto, folder)
    take(cto, 2, shown(cto, 2), at=START)
    exports.run(cto, tmp_path / "out", code="adr-tools", at=START)
    (text,) = [file.read_text() for file in (tmp_path / "out").rglob("0002*.md")]
    assert "Theirs." in text and "Billing" in text
    for written in (1, 0):
        done = syncs.run(cto, folder, at=START)
        assert len(done["written"]) == written and not done["conflicts"] and not done["updated"]


def test_a_status_changed_here_gives_way_to_the_file_s_only_when_it_is_taken(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    theirs(folder, 2, "", status="Proposed")
    run(cto, folder)
    decisions.reject(cto, 2, at=START)
    theirs(folder, 2, status="Accepted")
    assert counts(run(cto, folder)) == (0, 0, 1, 2)
    found = look(cto, 2)
    assert found is not None and found.statuses == ("proposed", "rejected", "accepted")
    assert {p.who for p in found.passages} == {Who.NOBODY, Who.THERE}
    take(cto, 2, shown(cto, 2), at=START)
    assert decision_rows.find(cto, 2).status == "accepted"
    assert_sound(cast)


def test_what_was_put_together_is_a_version_that_waits_beside_the_text_in_force(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    page = both(cto, folder)
    found = look(cto, 2)
    assert found is not None
    seq = last(cast).seq
    written = put_together(cto, 2, page, "Ours and theirs", found.merged, at=START)
    assert written is not None and (last(cast).kind, last(cast).seq) == ("decision.revised", seq + 1)
    assert last(cast).data["fingerprint"] == page.fingerprint
    decision = decision_rows.find(cto, 2)
    assert (decision.latest, decision.in_force, decision.status) == (3, 1, "accepted")
    assert "we think" in body(cto, 2) and "Theirs." in body(cto, 2)
    assert look(cto, 2) is None
    assert counts(run(cto, folder)) == (0, 0, 0, 3)
    assert_sound(cast)


def test_what_only_the_file_changed_beside_its_text_comes_with_it(cto: Viewer, folder: Path) -> None:
    run(cto, folder)
    ours(cto, 2)
    theirs(folder, 2, day="2024-02-02")
    run(cto, folder)
    found = look(cto, 2)
    assert found is not None and found.facts["decided_on"] == (Who.THERE, "2024-02-02")
    put_together(cto, 2, shown(cto, 2), "Use thing 2", found.merged, at=START)
    assert decision_rows.revision(decision_rows.find(cto, 2)).fields["decided_on"] == "2024-02-02"


def test_a_text_in_which_both_sides_still_stand_is_not_saved(cto: Viewer, cast: Cast, folder: Path) -> None:
    run(cto, folder)
    ours(cto, 2, "We use 2.", "We use 2 of them.")
    (folder / CTO_FILES[1]).write_text(record(2).replace("We use 2.", "We use two."))
    run(cto, folder)
    found = look(cto, 2)
    assert found is not None and set(found.merged.splitlines()) >= MARKERS
    seq = last(cast).seq
    with pytest.raises(Invalid) as refusal:
        put_together(cto, 2, shown(cto, 2), "Use", found.merged, at=START)
    assert "text" in refusal.value.fields and last(cast).seq == seq and look(cto, 2) is not None


def test_putting_together_what_the_log_says_already_keeps_it(cto: Viewer, cast: Cast, folder: Path) -> None:
    page = both(cto, folder)
    title = decision_rows.revision(decision_rows.find(cto, 2)).title
    assert put_together(cto, 2, page, title, body(cto, 2), at=START) is None
    assert last(cast).kind == "decision.text-kept" and look(cto, 2) is None


def test_a_closed_decision_is_not_put_together_and_can_be_chosen_all_the_same(
    cto: Viewer, folder: Path
) -> None:
    run(cto, folder)
    decisions.deprecate(cto, 2, at=START)
    theirs(folder, 2)
    run(cto, folder)
    with pytest.raises(WrongState):
        put_together(cto, 2, shown(cto, 2), "Use", "Text", at=START)
    assert take(cto, 2, shown(cto, 2), at=START).status == "accepted"


Choice = Callable[[Viewer, int, Shown], Any]
CHOICES: dict[str, Choice] = {
    "keep": lambda viewer, number, page: keep(viewer, number, page, at=START),
    "take": lambda viewer, number, page: take(viewer, number, page, at=START),
    "parts": lambda viewer, number, page: put_together(viewer, number, page, "Title", "Text.", at=START),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_only_who_may_import_chooses(cto: Viewer, cast: Cast, folder: Path, choice: str) -> None:
    page = both(cto, folder)
    for role in ("member", "vciso", "leader", "reader", "admin"):
        with pytest.raises(NotAllowed):
            CHOICES[choice](cast.viewer(role, START), 2, page)
    CHOICES[choice](cast.viewer("delegate", START), 2, page)


@pytest.mark.parametrize("choice", CHOICES)
def test_another_company_s_file_cannot_be_chosen(cto: Viewer, folder: Path, choice: str) -> None:
    page = both(cto, folder)
    with quick_passwords():
        other = cast_of("Ostara", START).viewer("cto", START)
    with pytest.raises(NotFound):
        CHOICES[choice](other, 2, page)
    drafts.draft(other, {"title": "One"}, at=START)
    drafts.draft(other, {"title": "Two"}, at=START)
    with pytest.raises(Stale):
        CHOICES[choice](other, 2, page)
    assert look(other, 2) is None


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("moved", ["file", "text", "status", "answer", "settled"])
def test_nothing_is_done_from_a_page_that_is_no_longer_true(
    cto: Viewer, cast: Cast, folder: Path, choice: str, moved: str
) -> None:
    page = both(cto, folder)
    match moved:
        case "file":
            theirs(folder, 2, " More.")
            run(cto, folder)
        case "text":
            ours(cto, 2, "We use 2.", "We use 3.")
        case "status":
            decisions.deprecate(cto, 2, at=START)
        case "answer":
            vera = cast.viewer("vciso", START)
            reviews.answer(vera, 2, "deny", base=2, text="No.", at=START)
        case _:
            keep(cto, 2, page, at=START)
    seq, rows = last(cast).seq, list(DivergedFile.select().tuples())
    with pytest.raises(Stale, match="nothing was done"):
        CHOICES[choice](cto, 2, page)
    assert last(cast).seq == seq and list(DivergedFile.select().tuples()) == rows


def test_an_import_that_read_the_file_before_somebody_chose_does_not_bring_it_back(
    cto: Viewer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = both(cto, folder)
    source = imports.source_of(folder)
    read, ties, known, _, outcome = imports.planned(cto, folder, source)
    edges = imports.edges_of(cto.company.id, ties, known)
    take(cto, 2, page, at=START)
    diverged.store(cto, source, read, ties, edges, outcome, whole=True, at=START)
    assert look(cto, 2) is None


@pytest.mark.parametrize("change", [{"kept": True}, {"fingerprint": "0" * 64}, {"decision_id": 1}])
def test_a_text_that_counts_as_seen_without_anybody_having_seen_it_is_found(
    cto: Viewer, cast: Cast, folder: Path, change: dict[str, Any]
) -> None:
    page = both(cto, folder)
    if "kept" not in change:
        keep(cto, 2, page, at=START)
    assert_sound(cast)
    DivergedFile.update(**change).execute()
    broken = verification.verify(Company.get_by_id(cast.company.id)).broken
    assert broken is not None and broken.kind == "file passed over"


@pytest.mark.parametrize("choice", CHOICES)
def test_bytes_that_are_not_those_that_were_read_are_not_chosen(
    cto: Viewer, folder: Path, choice: str
) -> None:
    page = both(cto, folder)
    DivergedFile.update(content=b"x").execute()
    with pytest.raises(WrongState, match="Import it again"):
        CHOICES[choice](cto, 2, page)
    run(cto, folder)
    CHOICES[choice](cto, 2, page)


def test_what_other_files_say_of_it_and_it_of_them_comes_with_its_text(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    run(cto, folder)
    ours(cto, 2)
    more = "Accepted\n\nAmends [1. Use thing 1](0001-a.md)\n\nSuperseded by [3. Use thing 3](0003-c.md)"
    theirs(folder, 2, status=more)
    run(cto, folder)
    assert Link.select().count() == 0
    take(cto, 2, shown(cto, 2), at=START)
    ids = {path: ImportedFile.get(ImportedFile.path == path).decision_id for path in CTO_FILES}
    a, b, c = (ids[path] for path in CTO_FILES)
    found = {(edge.from_id, edge.kind, edge.to_id, edge.effective) for edge in Link.select()}
    assert found == {(b, "amends", a, True), (c, "supersedes", b, True)}
    assert decision_rows.find(cto, 2).status == "superseded"
    assert counts(run(cto, folder)) == (0, 0, 0, 3)
    assert_sound(cast)


def test_what_a_file_said_and_no_longer_says_goes_when_its_text_is_taken(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    theirs(folder, 2, "", status="Accepted\n\nAmends [1. Use thing 1](0001-a.md)")
    theirs(folder, 1, "", status="Accepted\n\nDepends on [3. Use thing 3](0003-c.md)")
    run(cto, folder)
    assert Link.select().count() == 2
    ours(cto, 2)
    theirs(folder, 2)
    run(cto, folder)
    take(cto, 2, shown(cto, 2), at=START)
    assert [edge.kind for edge in Link.select()] == ["depends"]
    assert_sound(cast)


def test_what_a_text_that_was_passed_over_says_of_others_is_not_followed(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    run(cto, folder)
    ours(cto, 3)
    theirs(folder, 3, status="Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)")
    run(cto, folder)
    keep(cto, 3, shown(cto, 3), at=START)
    theirs(folder, 1)
    assert counts(run(cto, folder)) == (0, 1, 0, 2)
    assert decision_rows.find(cto, 1).status == "accepted"
    assert_sound(cast)


def test_a_status_that_the_file_leaves_open_stays_as_it_is_here(
    cto: Viewer, cast: Cast, folder: Path
) -> None:
    theirs(folder, 2, "", status="See the minutes")
    run(cto, folder)
    assert decision_rows.find(cto, 2).status == "unstated"
    stating.state_status(cto, 2, "accepted", at=START)
    ours(cto, 2)
    theirs(folder, 2, status="See the minutes")
    run(cto, folder)
    decision = take(cto, 2, shown(cto, 2), at=START)
    # The file's text is a draft beside what was decided here, as with any import.
    assert (decision.status, decision.latest, decision.in_force) == ("accepted", 3, 1)
    assert counts(run(cto, folder)) == (0, 0, 0, 3)
    assert_sound(cast)


TYPED = {
    "title": "Keep files with Northfold",
    "context": "Why.",
    "decision": "We take it.",
    "consequences": "More rows.",
    "systems": ["Billing"],
    "decided_by": "Sam",
}


@pytest.fixture
def exported(cto: Viewer, tmp_path: Path) -> Path:
    """A folder with a decision that was written here, changed there and here since."""
    out = tmp_path / "out"
    drafts.draft(cto, TYPED, at=START)
    exports.run(cto, out, code="madr4", at=START)
    (file,) = out.glob("0*.md")
    file.write_text(file.read_text().replace("Why.", "Why, they ask."))
    drafts.revise(cto, 1, {"consequences": "More rows, we think."}, base=1, at=START)
    assert counts(run(cto, out)) == (0, 0, 1, 0)
    return out


def test_a_decision_written_here_is_compared_as_its_file_spells_it(cto: Viewer, exported: Path) -> None:
    found = look(cto, 1)
    assert found is not None
    changed = [p for p in found.passages if p.who is not Who.NOBODY]
    assert [p.who for p in changed] == [Who.THERE, Who.HERE]
    assert found.facts == {} and found.there.form == "fields"


@pytest.mark.parametrize("choice", ["keep", "take", "parts"])
def test_a_decision_written_here_is_chosen_like_any_other(
    cto: Viewer, cast: Cast, exported: Path, choice: str
) -> None:
    page, found = shown(cto, 1), look(cto, 1)
    assert found is not None
    if choice == "parts":
        put_together(cto, 1, page, found.title, found.merged, at=START)
    else:
        CHOICES[choice](cto, 1, page)
    now = decision_rows.revision(decision_rows.find(cto, 1))
    assert now.form == "fields" and now.fields["systems"] == ["Billing"]
    assert now.fields["decided_by"] == ["Sam"] and now.title == TYPED["title"]
    assert ("they ask" in now.fields["context"]) == (choice != "keep")
    assert ("we think" in now.fields["consequences"]) == (choice != "take")
    for _ in range(2):
        assert counts(run(cto, exported)) == (0, 0, 0, 1)
    assert_sound(cast)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("written_here", [False, True])
def test_a_sync_comes_to_rest_after_every_choice(
    cto: Viewer, cast: Cast, folder: Path, choice: str, written_here: bool
) -> None:
    if written_here:
        for file in folder.glob("*.md"):
            file.unlink()
        drafts.draft(cto, TYPED, at=START)
    syncs.run(cto, folder, at=START)
    number = 1 if written_here else 2
    (file,) = folder.glob("0001*.md") if written_here else [folder / CTO_FILES[1]]
    if written_here:
        drafts.revise(cto, 1, {"consequences": "More rows, we think."}, base=1, at=START)
        file.write_text(file.read_text().replace("Why.", "Why, they ask."))
    else:
        ours(cto, 2)
        theirs(folder, 2)
    (told,) = syncs.run(cto, folder, dry_run=True, at=START)["conflicts"]
    assert "page" not in told and not DivergedFile.select().exists()
    (told,) = syncs.run(cto, folder, at=START)["conflicts"]
    assert told["page"] == f"/larkspur/decisions/{told['ref']}/file-change"
    before = file.read_text()
    found = look(cto, number)
    assert found is not None
    if choice == "parts":
        put_together(cto, number, shown(cto, number), found.title, found.merged, at=START)
    else:
        CHOICES[choice](cto, number, shown(cto, number))
    done = syncs.run(cto, folder, at=START)
    assert not done["conflicts"] and not done["created"] and not done["updated"]
    if choice == "keep" or (choice == "parts" and not written_here):
        assert file.read_text() != before, "what the log says went into the folder"
    again = syncs.run(cto, folder, at=START)
    assert not again["conflicts"] and not again["written"] and not again["updated"]
    text = file.read_text()
    if choice == "keep":
        assert "Theirs." not in text and "they ask" not in text
    if choice == "take":
        assert "we think" not in text and ("Theirs." in text or "they ask" in text)
    if choice == "parts" and written_here:
        assert "we think" in text and "they ask" in text
    assert_sound(cast)


FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())


@pytest.mark.either_database
@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_records_of_every_family_are_chosen_like_any_other(
    cto: Viewer, cast: Cast, tmp_path: Path, case: Path
) -> None:
    root = tmp_path / case.name
    shutil.copytree(case, root)
    run(cto, root)
    for decision in Decision.select():
        text = body(cto, decision.number)
        if decision.status in drafts.EDITABLE:
            drafts.revise(cto, decision.number, {}, base=1, body=f"{text}\n\nOurs.", at=START)
    for file in root.rglob("*.md*"):
        file.write_bytes(file.read_bytes().rstrip() + b"\n\nTheirs.\n")
    report = run(cto, root)
    found = list(DivergedFile.select().order_by(DivergedFile.id))
    assert len(found) == report["diverged"]
    for row, choice in zip(found, itertools.cycle(CHOICES)):
        number = Decision.get_by_id(row.decision_id).number
        sides = look(cto, number)
        assert sides is not None and any(passage.who is not Who.NOBODY for passage in sides.passages)
        CHOICES[choice](cto, number, shown(cto, number))
    again = run(cto, root)
    assert (again["diverged"], again["updated"], again["created"]) == (0, 0, 0)
    assert_sound(cast)
