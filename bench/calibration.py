"""`python -m bench.calibration`: the levels that the security questions ask of 40 real decisions.

The sample follows a rule that was fixed before any record was read. Of the projects which the list of real
records calls a team's: every record that this reader reads as accepted, in English, with a body. They stand
by the SHA-256 of their path, at most two of a project, and the first 40 are taken which decide something
about a system. Set aside, each by name and for one of these reasons alone: the record decides only how the
project works (that it keeps such records, how it writes or meets), it is no record (a template or a list),
or it repeats one already taken.
"""

from collections import Counter
from hashlib import sha256
from pathlib import Path

from adr_app.domain.documents import Record
from adr_app.services.reading import read_folder

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
OF_A_PROJECT, WANTED = 2, 40
SHORTEST = 100
"""Words that a record has at least to be one with a body."""

ENGLISH = 0.05
"""Share of its words that are among the plainest English ones, at least, in an English record."""

_PLAIN = frozenset("the of and to is a in that for with we will be".split())


def in_order(corpus: Path, passed: frozenset[str] = frozenset()) -> list[str]:
    """Return the paths of the sample, before those set aside by a reader (`passed`) are left out."""
    fit = [path for path in _fitting(corpus) if path not in passed]
    fit.sort(key=lambda path: sha256(path.encode()).hexdigest())
    taken: Counter[str] = Counter()
    chosen = []
    for path in fit:
        project = path.split("/", 1)[0]
        if taken[project] < OF_A_PROJECT:
            taken[project] += 1
            chosen.append(path)
    return chosen[:WANTED]


def _fitting(corpus: Path) -> list[str]:
    found = []
    for line in (corpus / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        repository, _, _, kind = line.split("\t")[:4]
        folder = repository.replace("/", "__")
        if kind == "team":
            records = read_folder(corpus / folder).reading.records
            found += [f"{folder}/{record.path}" for record in records if _fits(record)]
    return found


def _fits(record: Record) -> bool:
    words = record.body.lower().split()
    plain = sum(word in _PLAIN for word in words)
    return record.status == "accepted" and len(words) >= SHORTEST and plain >= ENGLISH * len(words)


if __name__ == "__main__":
    print("\n".join(in_order(CORPUS)))
