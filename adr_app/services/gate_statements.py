"""The security OK beside a record: read from its file, verified, and judged against the record's text."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adr_app.domain.gate.findings import Finding
from adr_app.domain.gate.statement import (
    LARGEST,
    BadStatement,
    Signed,
    Trust,
    problems,
    read_statement,
    statement_name,
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked of the security OK beside a record with this digest of its material text.

    `needed` asks for one; else one that was there (`had`) must still be there and hold, and a text that
    `changed` without ever having had one is told.
    """

    path: str
    digest: str
    needed: bool
    had: bool
    changed: bool


def judge(
    asked: Beside, folder: Path, namesakes: Callable[[], Iterable[str]], trust: Trust, at: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with the security OK beside a record, or with there being none.

    `namesakes` returns the paths of all records that a statement calls what it calls this one.
    """
    try:
        content = content_of(folder / statement_name(asked.path))
        signed = None if content is None else read_statement(content)
    except BadStatement as error:
        yield Finding(asked.path, 1, "signoff-unreadable", str(error))
        return
    if signed is None:
        if asked.needed or asked.had:
            yield Finding(asked.path, 1, "signoff-missing")
        elif asked.changed:
            yield Finding(asked.path, 1, "accepted-text-changed")
        return
    wrong = problems(signed, asked.path, asked.digest, trust, at)
    yield from (Finding(asked.path, 1, code, detail) for code, detail in wrong)
    if not wrong:
        said = signed.statement
        others = (folder / statement_name(other) for other in namesakes() if other != asked.path)
        if any(_is_same(signed, other) for other in others):
            yield Finding(asked.path, 1, "signoff-reused", said.decision)
        if said.rule is not None:
            told = f"{said.signer}: {said.rule.title}, until {said.rule.until:%Y-%m-%d}"
            yield Finding(asked.path, 1, "allowed-in-advance", told)
        if said.open_to_dos:
            yield Finding(asked.path, 1, "to-dos-open", str(said.open_to_dos))


def _is_same(signed: Signed, other: Path) -> bool:
    """Return whether another file holds a security OK of the same decision."""
    try:
        content = content_of(other)
        found = None if content is None else read_statement(content).statement
    except BadStatement:
        return False
    said = signed.statement
    return found is not None and (found.company, found.decision) == (said.company, said.decision)


def content_of(file: Path) -> bytes | None:
    """Return the content of a statement's file, or None where there is none.

    :raises BadStatement: when it is no ordinary file (a symbolic link is none), or cannot be read.
    """
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        kind = "it is a symbolic link" if file.is_symlink() else f"it cannot be read ({error.strerror})"
        raise BadStatement(kind) from error
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise BadStatement("it is no ordinary file")
        return opened.read(LARGEST + 1)
