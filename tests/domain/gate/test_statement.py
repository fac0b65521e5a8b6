"""A security OK in a file is believed only whole, by a pinned key, for this company, record and text."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.gate.keys import key_id, key_line, read_key
from adr_app.domain.gate.statement import (
    IN_ADVANCE,
    LARGEST,
    Allowance,
    BadStatement,
    Mandate,
    Statement,
    Trust,
    problems,
    read_statement,
    record_name,
    statement_name,
    write_statement,
)
from adr_app.services.signing import signer, verify

GIVEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT = GIVEN + timedelta(days=2)
KEY, OTHER = signer(b"k" * 32), signer(b"o" * 32)
DIGEST = "ab" * 32
SAID = Statement(
    company="larkspur",
    decision="AD-0007",
    record="0007-use-a-queue.md",
    digest=DIGEST,
    verdict="approve",
    signer="Vera Lind",
    mandate=Mandate("security (vCISO)", GIVEN - timedelta(days=90), None, "Priya Rao"),
    given_at=GIVEN,
    valid_until=GIVEN + timedelta(days=700),
    open_to_dos=2,
)
TRUST = Trust("larkspur", (KEY.public,), verify)
PATH = "adr/0007-use-a-queue.md"


def written(said: Statement = SAID, key: Any = KEY) -> bytes:
    return write_statement(said, key.public, key.sign).encode()


def codes(
    content: bytes, *, path: str = PATH, digest: str = DIGEST, trust: Trust = TRUST, at: datetime = AT
) -> list[str]:
    return [code for code, _ in problems(read_statement(content), path, digest, trust, at)]


def test_what_is_written_is_read_back_and_holds() -> None:
    assert read_statement(written()).statement == SAID
    assert codes(written()) == []
    assert written() == written()


def test_the_statement_stands_beside_its_record_and_names_it() -> None:
    assert statement_name("adr/0007-x.md") == "adr/0007-x.signoff.json"
    assert record_name("adr/0007-x.md") == "0007-x.md"
    assert record_name("adr/0007-x/README.md") == "0007-x/README.md"


MANDATE = SAID.mandate


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"company": "ostara"}, "signoff-other-company"),
        ({"record": "0008-use-a-queue.md"}, "signoff-other-record"),
        ({"digest": "cd" * 32}, "signoff-text-changed"),
        ({"verdict": "advise"}, "signoff-not-ok"),
        ({"verdict": "deny"}, "signoff-not-ok"),
        ({"verdict": "unheard-of"}, "signoff-not-ok"),
        ({"valid_until": AT}, "signoff-ran-out"),
        ({"given_at": AT + timedelta(hours=1)}, "signoff-early"),
        ({"mandate": replace(MANDATE, ends=GIVEN)}, "signoff-no-mandate"),
        ({"mandate": replace(MANDATE, starts=GIVEN + timedelta(seconds=1))}, "signoff-no-mandate"),
    ],
)
def test_each_failure_has_its_own_name(change: dict[str, Any], code: str) -> None:
    assert codes(written(replace(SAID, **change))) == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "approve-with-conditions"},
        {"verdict": "not-relevant"},
        {"valid_until": None},
        {"valid_until": AT + timedelta(seconds=1)},
        {"mandate": replace(MANDATE, ends=GIVEN + timedelta(seconds=1))},
        {"given_at": AT + timedelta(minutes=5), "mandate": MANDATE},
    ],
)
def test_what_clears_and_still_holds_is_an_ok(change: dict[str, Any]) -> None:
    assert codes(written(replace(SAID, **change))) == []


RULE = Allowance("Internal tools", GIVEN + timedelta(days=100), "ef" * 32)
OF_RULE = replace(SAID, verdict=IN_ADVANCE, valid_until=RULE.until, open_to_dos=0, rule=RULE)


def test_a_rule_that_allowed_a_text_in_advance_is_named_with_its_end_and_clears_only_while_it_holds() -> None:
    assert read_statement(written(OF_RULE)).statement == OF_RULE
    assert codes(written(OF_RULE)) == codes(written(replace(OF_RULE, valid_until=None))) == []
    assert codes(written(OF_RULE), at=RULE.until) == ["signoff-ran-out"]
    for change in (
        {"verdict": "approve"},
        {"valid_until": RULE.until + timedelta(seconds=1)},
        {"rule": replace(RULE, until=GIVEN), "valid_until": None},
    ):
        assert codes(written(replace(OF_RULE, **change))) == ["signoff-not-ok"]
    assert codes(written(replace(SAID, verdict=IN_ADVANCE))) == ["signoff-not-ok"], "no rule is named"
    assert codes(written(OF_RULE), digest="cd" * 32) == ["signoff-text-changed"]


def test_the_two_versions_of_a_statement_are_not_taken_for_each_other() -> None:
    plain, ruled = json.loads(written()), json.loads(written(OF_RULE))
    assert (plain["statement"]["version"], ruled["statement"]["version"]) == (1, 2)
    wrong = [{**plain["statement"], "version": 2}, {**ruled["statement"], "version": 1}]
    wrong += [
        {**ruled["statement"], "rule": held} for held in (None, {}, {**ruled["statement"]["rule"], "x": 1})
    ]
    wrong.append({**ruled["statement"], "rule": {**ruled["statement"]["rule"], "digest": "short"}})
    for statement in wrong:
        with pytest.raises(BadStatement):
            read_statement(json.dumps({**plain, "statement": statement}).encode())


def test_a_key_that_is_not_pinned_is_nobody() -> None:
    assert codes(written(key=OTHER)) == ["signoff-foreign-key"]
    assert codes(written(), trust=Trust("larkspur", (), verify)) == ["signoff-foreign-key"]
    assert codes(written(key=OTHER), trust=Trust("larkspur", (KEY.public, OTHER.public), verify)) == []


def test_naming_a_pinned_key_is_not_signing_with_it() -> None:
    whole = json.loads(written(key=OTHER))
    whole["key"] = key_id(KEY.public)
    assert codes(json.dumps(whole).encode()) == ["signoff-forged"]


def test_every_value_of_a_statement_is_signed() -> None:
    whole = json.loads(written())
    changed = {
        "company": "ostara",
        "decision": "AD-0008",
        "record": "x.md",
        "digest": "cd" * 32,
        "verdict": "deny",
        "given_at": "2026-11-25T09:00:00Z",
        "valid_until": None,
        "open_before_go_live": 0,
    }
    for key, value in changed.items():
        one = {**whole, "statement": {**whole["statement"], key: value}}
        assert codes(json.dumps(one).encode()) == ["signoff-forged"], key
    for key, value in {
        "name": "Sam",
        "role": "x",
        "from": "2020-01-01T00:00:00Z",
        "appointed_by": "x",
    }.items():
        signed_by = {**whole["statement"]["signer"], key: value}
        one = {**whole, "statement": {**whole["statement"], "signer": signed_by}}
        assert codes(json.dumps(one).encode()) == ["signoff-forged"], key
    assert set(changed) | {"version", "material", "signer"} == set(whole["statement"])


def test_layout_and_order_do_not_count() -> None:
    whole = json.loads(written())
    assert codes(json.dumps(whole, indent=7).encode()) == []
    assert codes(written().replace(b"\n", b"\r\n")) == []


TEXT = written().decode()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 5_000,
        TEXT[:-20],
        TEXT.replace('"verdict": "approve"', '"verdict": "deny", "verdict": "approve"'),
        TEXT.replace('"key":', '"key": "x", "key":'),
        TEXT.replace('"verdict": "approve"', '"verdict": "approve", "note": "x"'),
        TEXT.replace('"version": 1', '"version": 2'),
        TEXT.replace('"version": 1', '"version": 1.0'),
        TEXT.replace('"material": 1', '"material": 9'),
        TEXT.replace('"open_before_go_live": 2', '"open_before_go_live": -1'),
        TEXT.replace('"open_before_go_live": 2', '"open_before_go_live": true'),
        TEXT.replace('"open_before_go_live": 2', '"open_before_go_live": NaN'),
        TEXT.replace('"open_before_go_live": 2', '"open_before_go_live": ' + "9" * 5_000),
        TEXT.replace("2026-11-24T09:00:00Z", "2026-02-30T09:00:00Z"),
        TEXT.replace("2026-11-24T09:00:00Z", "yesterday"),
        TEXT.replace(DIGEST, DIGEST.upper()),
        TEXT.replace('"Vera Lind"', "7"),
        TEXT.replace('"Vera Lind"', '"\\ud800"'),
        TEXT.replace('"signature": "', '"signature": "!'),
        TEXT + " " * LARGEST,
    ],
)
def test_what_is_no_statement_is_refused_with_the_reason(content: str) -> None:
    with pytest.raises(BadStatement, match=r"^its? "):
        read_statement(content.encode())


@given(st.binary(max_size=300))
def test_no_file_is_too_odd(content: bytes) -> None:
    with pytest.raises(BadStatement):
        read_statement(content)


@given(st.integers(0, len(written()) - 1), st.binary(min_size=1, max_size=1))
def test_no_byte_can_be_changed_to_another_effect(at: int, byte: bytes) -> None:
    content = written()[:at] + byte + written()[at + 1 :]
    try:
        signed = read_statement(content)
    except BadStatement:
        return
    assert codes(content) != [] or signed.statement == SAID


def test_a_pinned_line_is_a_key_or_refused() -> None:
    assert read_key(key_line(KEY.public)) == KEY.public
    for line in (
        "",
        "ed25519:",
        "ed25519:AAAA",
        "rsa:" + key_line(KEY.public)[8:],
        key_line(KEY.public) + "A",
    ):
        with pytest.raises(ValueError, match="no key"):
            read_key(line)


def test_a_signer_shows_no_secret() -> None:
    assert "sign" not in repr(KEY).replace("Signer", "")


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("adr/all.md#DECISION-DB-001", "adr/all.md.DECISION-DB-001.signoff.json"),
        ("adr/all.json#7", "adr/all.json.7.signoff.json"),
        ("all.json#a/b: ü", "all.json.a%2Fb%3A%20%C3%BC.signoff.json"),
        ("all.json#..", "all.json....signoff.json"),
    ],
)
def test_one_of_several_records_has_a_statement_of_its_own_beside_the_file(record: str, name: str) -> None:
    assert statement_name(record) == name


def test_a_very_long_name_is_cut_and_told_apart() -> None:
    one, other = (statement_name("all.json#" + "x" * 500 + end) for end in "ab")
    assert one != other
    assert len(one.encode()) < 200


def test_a_statement_calls_one_of_several_by_its_files_name_and_its_own() -> None:
    assert record_name("adr/all.md#DECISION-DB-001") == "all.md#DECISION-DB-001"
    assert record_name("adr/all.json#a/b") == "all.json#a/b"
    assert record_name("0007-x/README.md#DECISION-1") == "0007-x/README.md#DECISION-1"
