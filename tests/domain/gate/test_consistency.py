"""What records say is checked each by itself and all together, and every rule can find something."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from adr_app.domain.documents import Source, read_records
from adr_app.domain.gate.consistency import Checks, of_skipped
from adr_app.domain.gate.facts import Facts, facts_of
from adr_app.services.decoding import decode


def record(number: int, status: str = "Accepted", more: str = "") -> str:
    return (
        f"# {number}. Use thing {number}\n\nDate: 2024-01-0{number % 9 + 1}\n\n## Status\n\n{status}\n\n"
        f"## Context\n\nWhy {number}.{more}\n\n## Decision\n\nWe use {number}.\n\n## Consequences\n\nFine.\n"
    )


def found(
    files: Mapping[str, str], required: tuple[str, ...] = (), there: frozenset[str] = frozenset()
) -> list[tuple[str, int, str, str]]:
    facts: dict[str, Facts] = {}
    sources: dict[str, Source | str] = {path: decode(text.encode()) for path, text in files.items()}

    def keep(one):
        facts[one.path] = facts_of(one, required)
        return facts[one.path].record

    reading = read_records(sources, keep=keep)
    checks = Checks(lambda path: path in files or path in there)
    told = [
        finding
        for r in reading.records
        for finding in checks.of_one(r.path, replace(facts[r.path], record=r))
    ]
    told = sorted(told + checks.of_all())
    for path, reason in reading.skipped:
        told += of_skipped(path, reason)
    return [(x.path, x.line, x.code, x.detail) for x in told]


def codes(files: Mapping[str, str], **given: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(path, code) for path, _, code, _ in found(files, **given)]


def test_good_records_are_not_reproached() -> None:
    old = record(1, "Superseded by [2. Use thing 2](0002-b.md)")
    new = record(2, "Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)")
    assert found({"0001-a.md": old, "0002-b.md": new}, ("context", "decision", "consequences")) == []


def test_a_number_is_used_once_in_a_folder() -> None:
    files = {"a/0001-x.md": record(1), "a/1-y.md": record(1), "b/0001-x.md": record(1)}
    assert codes(files) == [("a/0001-x.md", "number-twice"), ("a/1-y.md", "number-twice")]


def test_a_folder_for_each_record_has_numbers_too() -> None:
    files = {"0001-x/README.md": record(1), "0001-y/README.md": record(1), "0002-z/README.md": record(2)}
    assert [path for path, _ in codes(files)] == ["0001-x/README.md", "0001-y/README.md"]


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("[a](0009-gone.md)", True),
        ("[a](./0009-gone.md#part)", True),
        ("![a](pictures/gone.png)", True),
        ("[a](<0009 gone.md>)", True),
        ("[a](0009%20gone.md)", True),
        ("[a](0002-b.md)", False),
        ("[a](0002-b.md#part)", False),
        ("[a](#part)", False),
        ("[a](https://example.com/x.md)", False),
        ("[a](mailto:a@b.example)", False),
        ("[a](/site/x.md)", False),
        ("`[a](0009-gone.md)`", False),
        ("```\n[a](0009-gone.md)\n```", False),
        ("<!-- [a](0009-gone.md) -->", False),
    ],
)
def test_a_link_leads_somewhere(link: str, broken: bool) -> None:
    files = {"0001-a.md": record(1, more=f"\n\n{link}\n"), "0002-b.md": record(2)}
    assert [(line, code) for _, line, code, _ in found(files)] == ([(13, "link-broken")] if broken else [])


def test_a_replacement_that_leads_nowhere_is_a_broken_link() -> None:
    assert codes({"0001-a.md": record(1, "Superseded by ADR-0077")}) == [("0001-a.md", "link-broken")]


def test_both_records_say_that_one_replaced_the_other() -> None:
    new = record(2, "Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)")
    assert codes({"0001-a.md": record(1), "0002-b.md": new}) == [("0002-b.md", "replaced-one-sided")]
    old = record(1, "Superseded by [2. Use thing 2](0002-b.md)")
    assert codes({"0001-a.md": old, "0002-b.md": record(2)}) == [("0001-a.md", "replaced-one-sided")]


def test_a_proposal_need_not_be_named_by_what_it_would_replace() -> None:
    new = record(2, "Proposed\n\nSupersedes [1. Use thing 1](0001-a.md)")
    assert codes({"0001-a.md": record(1), "0002-b.md": new}) == []


@pytest.mark.parametrize("status", ["Proposed", "Draft", "Rejected"])
def test_only_a_decision_in_force_replaces_another(status: str) -> None:
    old = record(1, "Superseded by [2. Use thing 2](0002-b.md)")
    new = record(2, f"{status}\n\nSupersedes [1. Use thing 1](0001-a.md)")
    assert codes({"0001-a.md": old, "0002-b.md": new}) == [("0001-a.md", "replaced-too-early")]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Bloogy", "status-unknown"),
        ("\N{CYRILLIC CAPITAL LETTER A}ccepted", "status-unknown"),
        ("", "status-unstated"),
        ("proposed | accepted | rejected | deprecated | superseded", "template-unfilled"),
    ],
)
def test_a_status_is_one_that_everybody_knows(status: str, code: str) -> None:
    assert codes({"0001-a.md": record(1, status)}) == [("0001-a.md", code)]


def test_a_status_written_in_two_places_must_agree() -> None:
    text = "---\nstatus: proposed\n---\n\n" + record(1)
    assert codes({"0001-a.md": text}) == [("0001-a.md", "status-twice")]


@pytest.mark.parametrize(
    "more",
    [
        "\n## Status\n\nAccepted\n",
        "\nStatus\n------\n\nAccepted\n",
        "\n## Notes\n\n**Status**: Accepted\n",
        "\n## Notes\n\n> Status: approved.\n",
    ],
)
def test_a_status_further_down_is_no_way_to_seem_accepted(more: str) -> None:
    assert codes({"0001-a.md": record(1, "Proposed") + more}) == [("0001-a.md", "status-twice")]
    assert codes({"0001-a.md": record(1, "Accepted") + more}) == []
    assert codes({"0001-a.md": record(1, "Proposed") + f"\n```\n{more}\n```\n"}) == []


def test_front_matter_states_each_key_once() -> None:
    text = "---\nstatus: proposed\ndate: 2024-01-05\nstatus: accepted\n---\n\n# Use a\n\n## Context\n\nx\n"
    assert ("0001-a.md", "key-twice") in codes({"0001-a.md": text})


def test_entries_of_a_list_in_front_matter_may_have_the_same_keys() -> None:
    comments = "comments:\n    - author: Ann\n      date: today\n    - author: Bob\n      date: today\n"
    text = f"---\nstatus: proposed\ndate: 2024-01-05\n{comments}---\n\n# Use a\n\n## Context\n\nx\n"
    assert codes({"0001-a.md": text}) == []
    again = text.replace("comments:", "Status: proposed\ncomments:")
    assert codes({"0001-a.md": again}) == [("0001-a.md", "key-twice")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## Consequences\n\nFine.\n", ""),
        ("Fine.", ""),
        ("Fine.", "{describe what follows}"),
        ("Fine.", "<!-- what follows -->"),
        ("Fine.", "TODO"),
        ("Fine.", "* [consequence]"),
    ],
)
def test_a_required_part_is_there_and_written(old: str, new: str) -> None:
    text = record(1).replace(old, new)
    assert codes({"0001-a.md": text}, required=("consequences",)) == [("0001-a.md", "section-missing")]


def test_any_part_may_be_required_of_what_is_decided_or_about_to_be() -> None:
    required = ("title", "date", "status", "deciders", "options", "rollback plan")
    missing = [detail for *_, code, detail in found({"0001-a.md": record(1)}, required)]
    assert missing == ["deciders", "options", "rollback plan"]
    plan = record(1) + "\n## Rollback plan\n\nBack.\n"
    assert codes({"0001-a.md": plan}, required=("rollback plan",)) == []
    assert codes({"0001-a.md": record(1, "Draft")}, required=required) == []


@pytest.mark.parametrize(
    ("day", "code"), [("2024-02-30", "date-impossible"), ("05/04/2024", "date-ambiguous")]
)
def test_a_day_is_one_and_can_be_told(day: str, code: str) -> None:
    text = record(1).replace("2024-01-02", day)
    assert codes({"0001-a.md": text}) == [("0001-a.md", code)]


def test_a_template_left_as_it_was_is_no_record() -> None:
    text = (
        "# [short title of solved problem and solution]\n\n"
        "* Status: [proposed | rejected | accepted | deprecated]\n\n## Context\n\nx\n"
    )
    assert codes({"0001-a.md": text}) == [("0001-a.md", "template-unfilled")]
    assert codes({"template.md": text}) == []


def test_a_record_that_names_its_successor_is_called_superseded() -> None:
    old = record(1, "Accepted\n\nSuperseded by [2. Use thing 2](0002-b.md)")
    new = record(2, "Accepted\n\nSupersedes [1. Use thing 1](0001-a.md)")
    assert codes({"0001-a.md": old, "0002-b.md": new}) == []
    header = (
        "# Use a\n\n* Status: accepted\n\n## Context\n\n"
        + "x\n\n" * 20
        + "## Links\n\n* Superseded by [2](0002-b.md)\n"
    )
    assert codes({"0001-a.md": header, "0002-b.md": new}) == [("0001-a.md", "status-left-behind")]
