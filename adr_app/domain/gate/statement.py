"""A security OK as a small signed file beside its record: written, read back strictly, and judged offline."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from adr_app.domain.digest import canonical_json
from adr_app.domain.documents.record import file_of
from adr_app.domain.gate.keys import key_id
from adr_app.domain.gate.material import MATERIAL_VERSION
from adr_app.domain.gate.strictly import BadStatement, exactly, moment, short_text, written
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.values import dataclass

STATEMENT_VERSION, OF_A_RULE = 1, 2
"""The second version is that of what a rule allowed in advance: whoever reads only the first refuses it."""

IN_ADVANCE = "allowed-in-advance"
"""What stands in place of the vCISO's answer where a rule of hers cleared a text that she did not read."""

SUFFIX = ".signoff.json"
LARGEST = 16_384
"""Bytes: a statement longer than this is none."""

SKEW = timedelta(minutes=10)
"""How far the clock of whoever checks may be behind that of the installation."""

_SIGNED_AS = b"adr-app security sign-off\n"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_TO_DOS = 100_000
_LONGEST_NAME = 100
"""Letters of a record's own name in that of its statement: file systems allow 255 bytes in all."""

Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether (public key, signature, message) belong together."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """The signer's role at the company: from when, until when (None: it runs on), and who appointed them."""

    role: str
    starts: datetime
    ends: datetime | None
    appointed_by: str

    def covers(self, at: datetime) -> bool:
        """Return whether the role was held at `at`."""
        return self.starts <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rule that allowed a decision in advance: its title, its end, and the digest of what was signed."""

    title: str
    until: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What an installation vouches for: who gave which answer on which text, in which role, until when.

    `company` is the company's address, `record` the file's name (with its folder where it is a read-me),
    `digest` that of the material text; `open_to_dos` counts those to be done before going live. Where a
    `rule` allowed it in advance, `given_at` is when the vCISO signed the rule.
    """

    company: str
    decision: str
    record: str
    digest: str
    verdict: str
    signer: str
    mandate: Mandate
    given_at: datetime
    valid_until: datetime | None
    open_to_dos: int
    rule: Allowance | None = None


def statement_name(record: str) -> str:
    """Return the path of the statement that belongs to the record at `record`.

    That of one of several records in a file has the file's whole name and its own, in letters that any file
    may have in its name; a very long one is cut and told apart by its digest.
    """
    file = file_of(record)
    if file != record:
        name = quote(record[len(file) + 1 :], safe="", errors="replace")
        if len(name) > _LONGEST_NAME:
            same = hashlib.sha256(record[len(file) + 1 :].encode("utf-8", "replace")).hexdigest()
            name = f"{name[: _LONGEST_NAME - 17]}-{same[:16]}"
        return f"{file}.{name}{SUFFIX}"
    stem = record[:-3] if record.casefold().endswith(".md") else record
    return stem + SUFFIX


def record_name(path: str) -> str:
    """Return what a statement calls the record at `path`: its name, after its folder's if it is a read-me.

    One of several records in a file is called by the file's name, `#` and its own.
    """
    file = file_of(path)
    parts = file.split("/")
    is_folder = parts[-1].casefold() in ("readme.md", "index.md")
    return ("/".join(parts[-2:]) if is_folder else parts[-1]) + path[len(file) :]


def _as_plain(statement: Statement) -> dict[str, Any]:
    rule = statement.rule
    held = {"title": rule.title, "until": written(rule.until), "digest": rule.digest} if rule else None
    return {
        **({"rule": held} if held else {}),
        "version": OF_A_RULE if held else STATEMENT_VERSION,
        "company": statement.company,
        "decision": statement.decision,
        "record": statement.record,
        "material": MATERIAL_VERSION,
        "digest": statement.digest,
        "verdict": statement.verdict,
        "signer": {
            "name": statement.signer,
            "role": statement.mandate.role,
            "from": written(statement.mandate.starts),
            "to": written(statement.mandate.ends),
            "appointed_by": statement.mandate.appointed_by,
        },
        "given_at": written(statement.given_at),
        "valid_until": written(statement.valid_until),
        "open_before_go_live": statement.open_to_dos,
    }


def write_statement(statement: Statement, public: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Return the file of a signed statement; the same statement and key always give the same text."""
    plain = _as_plain(statement)
    signature = base64.b64encode(sign(_signed_bytes(plain))).decode("ascii")
    whole = {"statement": plain, "key": key_id(public), "signature": signature}
    return json.dumps(json.loads(canonical_json(whole)), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _signed_bytes(plain: Mapping[str, Any]) -> bytes:
    return _SIGNED_AS + canonical_json(plain)


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as read from a file: nothing in it is to be believed before its signature is verified."""

    statement: Statement
    key: str
    signature: bytes
    signed: bytes


def read_statement(content: bytes) -> Signed:
    """Return the statement in a file.

    :raises BadStatement: when it is none: too large, not UTF-8, no JSON, a key twice, one too many or too
        few, or a value of the wrong shape.
    """
    if len(content) > LARGEST:
        raise BadStatement(f"it is larger than {LARGEST // 1024} kB")
    try:
        whole = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        signed = (
            _signed_bytes(whole["statement"]) if isinstance(whole, dict) and "statement" in whole else b""
        )
    except BadStatement:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise BadStatement("it is not JSON as the product writes it") from error
    exactly(whole, {"statement", "key", "signature"})
    return Signed(
        _from_plain(whole["statement"]), short_text(whole["key"]), _signature(whole["signature"]), signed
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadStatement("it names something twice")
    return found


def _no_number(text: str) -> Any:
    raise BadStatement(f"it holds “{text[:20]}”, which no statement does")


def _signature(value: Any) -> bytes:
    try:
        return base64.b64decode(short_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadStatement("its signature is no signature") from error


def _from_plain(value: Any) -> Statement:
    keys = {"version", "company", "decision", "record", "material", "digest", "verdict", "signer", "given_at"}
    ruled = {"rule"} if isinstance(value, dict) and value.get("version") == OF_A_RULE else set()
    plain = exactly(value, keys | ruled | {"valid_until", "open_before_go_live"})
    signer = exactly(plain["signer"], {"name", "role", "from", "to", "appointed_by"})
    known = (OF_A_RULE if ruled else STATEMENT_VERSION, MATERIAL_VERSION)
    if (plain["version"], plain["material"]) != known:
        raise BadStatement("it was written by a newer version of the product")
    to_dos = plain["open_before_go_live"]
    if type(to_dos) is not int or not 0 <= to_dos <= _MOST_TO_DOS:
        raise BadStatement("it counts no to-dos")
    if not _DIGEST.fullmatch(short_text(plain["digest"])):
        raise BadStatement("its digest is no digest")
    return Statement(
        company=short_text(plain["company"]),
        decision=short_text(plain["decision"]),
        record=short_text(plain["record"]),
        digest=plain["digest"],
        verdict=short_text(plain["verdict"]),
        signer=short_text(signer["name"]),
        mandate=Mandate(
            short_text(signer["role"]),
            moment(signer["from"]),
            moment(signer["to"]) if signer["to"] is not None else None,
            short_text(signer["appointed_by"]),
        ),
        given_at=moment(plain["given_at"]),
        valid_until=moment(plain["valid_until"]) if plain["valid_until"] is not None else None,
        open_to_dos=to_dos,
        rule=_rule(plain["rule"]) if ruled else None,
    )


def _rule(value: Any) -> Allowance:
    held = exactly(value, {"title", "until", "digest"})
    if not _DIGEST.fullmatch(short_text(held["digest"])):
        raise BadStatement("the digest of its rule is no digest")
    return Allowance(short_text(held["title"]), moment(held["until"]), held["digest"])


@dataclass(frozen=True, slots=True)
class Trust:
    """What a repository believes: its company's address, its pinned keys, and how signatures are verified."""

    company: str
    keys: tuple[bytes, ...]
    verify: Verify


def problems(signed: Signed, record: str, digest: str, trust: Trust, at: datetime) -> list[tuple[str, str]]:
    """Return why a statement is no security OK for this record's text at `at`: rule codes with details.

    An empty list means that it is one. What a statement says is looked at only once its signature holds.
    """
    keys = [key for key in trust.keys if key_id(key) == signed.key]
    if not keys:
        return [("signoff-foreign-key", signed.key[:64])]
    if not any(trust.verify(key, signed.signature, signed.signed) for key in keys):
        return [("signoff-forged", "")]
    said = signed.statement
    verdict = VERDICTS.get(said.verdict)
    clears = verdict is not None and verdict.clears
    if said.rule is not None:  # it clears only while it holds, whatever else is said
        ends = said.valid_until
        clears = said.verdict == IN_ADVANCE and said.given_at < said.rule.until
        clears = clears and (ends is None or ends <= said.rule.until)
    found = [
        ("signoff-other-company", said.company, said.company != trust.company),
        ("signoff-other-record", said.record, said.record != record_name(record)),
        ("signoff-text-changed", "", said.digest != digest),
        (
            "signoff-not-ok",
            verdict.record if verdict else said.verdict,
            not clears,
        ),
        ("signoff-early", written(said.given_at), said.given_at > at + SKEW),
        ("signoff-ran-out", _day(said.valid_until), said.valid_until is not None and said.valid_until <= at),
        ("signoff-no-mandate", said.signer, not said.mandate.covers(said.given_at)),
    ]
    return [(code, detail or "") for code, detail, wrong in found if wrong]


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.day} {at:%B %Y}"
