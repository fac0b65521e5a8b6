"""A security OK as a small signed file beside its record: written, read back strictly, and judged offline."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from adr_app.domain.digest import canonical_json
from adr_app.domain.documents.record import file_of
from adr_app.domain.gate.keys import key_id
from adr_app.domain.gate.material import MATERIAL_VERSION
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.values import dataclass

STATEMENT_VERSION = 1
SUFFIX = ".signoff.json"
LARGEST = 16_384
"""Bytes: a statement longer than this is none."""

SKEW = timedelta(minutes=10)
"""How far the clock of whoever checks may be behind that of the installation."""

_SIGNED_AS = b"adr-app security sign-off\n"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_MOST_TO_DOS = 100_000
_LONGEST_NAME = 100
"""Letters of a record's own name in that of its statement: file systems allow 255 bytes in all."""

Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether (public key, signature, message) belong together."""


class BadStatement(ValueError):
    """A file that is no statement; the text says why in words for a person."""


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
class Statement:
    """What an installation vouches for: who gave which answer on which text, in which role, until when.

    `company` is the company's address, `record` the file's name (with its folder where it is a read-me),
    `digest` that of the material text; `open_to_dos` counts those to be done before going live.
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
    return {
        "version": STATEMENT_VERSION,
        "company": statement.company,
        "decision": statement.decision,
        "record": statement.record,
        "material": MATERIAL_VERSION,
        "digest": statement.digest,
        "verdict": statement.verdict,
        "signer": {
            "name": statement.signer,
            "role": statement.mandate.role,
            "from": _written(statement.mandate.starts),
            "to": _written(statement.mandate.ends),
            "appointed_by": statement.mandate.appointed_by,
        },
        "given_at": _written(statement.given_at),
        "valid_until": _written(statement.valid_until),
        "open_before_go_live": statement.open_to_dos,
    }


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    _exactly(whole, {"statement", "key", "signature"})
    return Signed(
        _from_plain(whole["statement"]), _text(whole["key"]), _signature(whole["signature"]), signed
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadStatement("it names something twice")
    return found


def _no_number(text: str) -> Any:
    raise BadStatement(f"it holds “{text[:20]}”, which no statement does")


def _exactly(value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise BadStatement("it does not have the parts of a statement")
    return value


def _signature(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadStatement("its signature is no signature") from error


def _from_plain(value: Any) -> Statement:
    keys = {"version", "company", "decision", "record", "material", "digest", "verdict", "signer", "given_at"}
    plain = _exactly(value, keys | {"valid_until", "open_before_go_live"})
    signer = _exactly(plain["signer"], {"name", "role", "from", "to", "appointed_by"})
    if plain["version"] != STATEMENT_VERSION or plain["material"] != MATERIAL_VERSION:
        raise BadStatement("it was written by a newer version of the product")
    to_dos = plain["open_before_go_live"]
    if type(to_dos) is not int or not 0 <= to_dos <= _MOST_TO_DOS:
        raise BadStatement("it counts no to-dos")
    if not _DIGEST.fullmatch(_text(plain["digest"])):
        raise BadStatement("its digest is no digest")
    return Statement(
        company=_text(plain["company"]),
        decision=_text(plain["decision"]),
        record=_text(plain["record"]),
        digest=plain["digest"],
        verdict=_text(plain["verdict"]),
        signer=_text(signer["name"]),
        mandate=Mandate(
            _text(signer["role"]),
            _moment(signer["from"]),
            _moment(signer["to"]) if signer["to"] is not None else None,
            _text(signer["appointed_by"]),
        ),
        given_at=_moment(plain["given_at"]),
        valid_until=_moment(plain["valid_until"]) if plain["valid_until"] is not None else None,
        open_to_dos=to_dos,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise BadStatement("it holds something that should be a short text")
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise BadStatement("it holds something that should be a moment")
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadStatement("it names a day that does not exist") from error


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
    found = [
        ("signoff-other-company", said.company, said.company != trust.company),
        ("signoff-other-record", said.record, said.record != record_name(record)),
        ("signoff-text-changed", "", said.digest != digest),
        (
            "signoff-not-ok",
            verdict.record if verdict else said.verdict,
            verdict is None or not verdict.clears,
        ),
        ("signoff-early", _written(said.given_at), said.given_at > at + SKEW),
        ("signoff-ran-out", _day(said.valid_until), said.valid_until is not None and said.valid_until <= at),
        ("signoff-no-mandate", said.signer, not said.mandate.covers(said.given_at)),
    ]
    return [(code, detail or "") for code, detail, wrong in found if wrong]


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.day} {at:%B %Y}"
