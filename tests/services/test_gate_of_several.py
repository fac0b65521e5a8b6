"""Of several records in one file each has its own security OK: what happens to the others is no matter."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.documents import Reader
from adr_app.domain.gate.keys import key_line
from adr_app.domain.gate.material import record_digest
from adr_app.domain.gate.statement import Mandate, Statement, record_name, statement_name, write_statement
from adr_app.services import gate_check
from adr_app.services.reading import Sources
from adr_app.services.signing import signer
from tests.repositories import Repository, json_list, one_of_several, record, repository, several

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KEY = signer(b"k" * 32)


def signed(repo: Repository, path: str, at: str = "") -> None:
    """Write the OK that the vCISO gave on a record's text as it stands, or on another at that of `at`."""
    (digest,) = (record_digest(x) for x in Reader(Sources(repo.adr)).records() if x.path == path)
    mandate = Mandate("security (vCISO)", AT - timedelta(days=90), None, "Priya Rao")
    given = ("approve", "Vera Lind", mandate, AT - timedelta(days=2), None, 0)
    said = Statement("larkspur", "AD-0007", record_name(path), digest, *given)
    repo.write(at or statement_name(path), write_statement(said, KEY.public, KEY.sign))


def in_markdown(repo: Repository, *records: tuple[str, str, str]) -> None:
    repo.write("all.md", several(*(one_of_several(f"DB-00{name}", *rest) for name, *rest in records)))


def in_json(repo: Repository, *records: tuple[str, str, str]) -> None:
    entries = (
        {"number": int(name), "title": f"Use {name}", "status": status, "context": why, "decision": "Yes."}
        for name, status, why in records
    )
    repo.write("all.json", json_list(*entries))


Write = Callable[..., None]
NAMES: dict[Write, str] = {in_markdown: "all.md#DECISION-DB-00{}", in_json: "all.json#{}"}


@pytest.fixture(params=NAMES, ids=lambda write: write.__name__)
def write(request: pytest.FixtureRequest) -> Write:
    """Puts records of a name, a status and a reason into one file."""
    found: Write = request.param
    return found


@pytest.fixture
def repo(tmp_path: Path, write: Write) -> Iterator[Repository]:
    """One file with an old accepted record and two proposals, the first of which has the vCISO's OK."""
    made = repository(tmp_path / "product")
    (made.root / ".adr-app.toml").write_text(
        f'[gate]\ncompany = "larkspur"\nkeys = ["{key_line(KEY.public)}"]\n'
    )
    write(made, ("1", "Accepted", "It fits."), ("2", "Proposed", "Why."), ("3", "Proposed", "Why."))
    signed(made, NAMES[write].format(2))
    made.commit()
    return made


def codes(repo: Repository, since: str | None = "HEAD", **given: Any) -> list[tuple[str, str]]:
    report = gate_check.check(repo.adr, since=since, at=AT, **given)
    return [(x.finding.path.partition("#")[2][-1:], x.finding.code) for x in report.found]


def test_accepting_the_one_that_has_an_ok_passes(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why."))
    assert codes(repo) == []
    assert codes(repo, None, everything=True) == [("1", "signoff-missing")]


def test_accepting_another_of_the_file_needs_an_ok_of_its_own(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Accepted", "Why."))
    assert codes(repo) == [("3", "signoff-missing")]
    signed(repo, NAMES[write].format(2), at=statement_name(NAMES[write].format(3)))
    assert ("3", "signoff-other-record") in codes(repo)
    signed(repo, NAMES[write].format(3))
    assert codes(repo) == []


def test_its_own_changed_word_loses_the_ok(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "What."), ("3", "Proposed", "Why."))
    assert codes(repo) == [("2", "signoff-text-changed")]


def test_a_neighbour_that_is_changed_added_or_removed_does_not(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Proposed", "No."), ("2", "Accepted", "Why."), ("3", "Draft", "Because."))
    assert codes(repo) == []
    write(
        repo,
        *(("1", "Accepted", "It fits."), ("4", "Proposed", "New."), ("2", "Accepted", "Why.")),
        *(("3", "Proposed", "Why."), ("5", "Proposed", "New.")),
    )
    assert codes(repo) == []
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."))
    assert codes(repo) == [("", "record-removed")]


def test_each_is_compared_with_what_it_was_itself(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why."))
    repo.commit()
    write(repo, ("1", "Accepted", "It fits well."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why not."))
    assert codes(repo) == [("1", "accepted-text-changed")]
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why not."), ("3", "Proposed", "Why."))
    assert codes(repo) == [("2", "signoff-text-changed")]
    (repo.adr / statement_name(NAMES[write].format(2))).unlink()
    assert codes(repo) == [("2", "signoff-missing")]


def test_removing_the_ok_alone_is_seen(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why."))
    repo.commit()
    (repo.adr / statement_name(NAMES[write].format(2))).unlink()
    assert codes(repo) == [("2", "signoff-missing")]


def test_file_and_oks_copied_together_to_another_folder_are_refused(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why."))
    (repo.adr / "copy").mkdir()
    for file in [x for x in repo.adr.iterdir() if x.is_file()]:
        (repo.adr / "copy" / file.name).write_bytes(file.read_bytes())
    assert ("2", "signoff-reused") in codes(repo)


def test_a_file_that_is_moved_takes_its_oks_along(repo: Repository, write: Write) -> None:
    write(repo, ("1", "Accepted", "It fits."), ("2", "Accepted", "Why."), ("3", "Proposed", "Why."))
    repo.commit()
    (repo.adr / "old").mkdir()
    for file in [x.name for x in repo.adr.iterdir() if x.is_file()]:
        repo.git("mv", f"adr/{file}", f"adr/old/{file}")
    assert codes(repo) == []


def test_a_number_is_used_once_in_a_list_and_may_be_that_of_a_file_beside_it(tmp_path: Path) -> None:
    made = repository(tmp_path / "product")
    in_json(made, ("1", "Accepted", "It fits."), ("2", "Accepted", "It fits."))
    made.write("0001-a.md", record(1))
    assert codes(made, None) == []
    in_json(made, ("1", "Accepted", "It fits."), ("1", "Accepted", "It fits."))
    assert [code for _, code in codes(made, None)] == ["number-twice", "number-twice"]


def test_statements_and_other_json_are_no_records(tmp_path: Path) -> None:
    made = repository(tmp_path / "product")
    made.write("0001-a.md", record(1))
    made.write("0001-a.signoff.json", '{"adrs": [{"title": "Sneaked in", "status": "accepted"}]}')
    made.write("package.json", '{"name": "x"}')
    made.write("broken.json", '{"adrs": [')
    report = gate_check.check(made.adr, at=AT)
    assert (report.records, report.found) == (1, ())
