"""`python -m bench.calibration`: the levels that the security questions ask of 40 real decisions.

The sample follows a rule that was fixed before any record was read. Of the projects which the list of real
records calls a team's: every record that this reader reads as accepted, in English, with a body. They stand
by the SHA-256 of their path, at most two of a project, and the first 40 are taken which decide something
about a system. Set aside, each by name and for one of these reasons alone: the record decides only how the
project works (that it keeps such records, how it writes or meets), it is no record (a template or a list),
or it repeats one already taken.

`calibration.json` holds for each path the answers, as the project's CTO would give them, and why. They are
about what the decision changes and what that part can reach, not about the whole product. Figures for running
a system are no audit log. `inside` says that the system is a government's or is sold as compliant. Where
another answer can be defended and would change the level, `milder` or `graver` has it. `again` are the
answers of a second reading, for every fourth record. `reworded` is what the record would be answered since
decision 0032 offers one more answer.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from adr_app.domain.documents import Record
from adr_app.domain.security import LEVEL_NAMES, Assessment, level_of
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.services.folders import read_folder

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ANSWERS = Path(__file__).with_suffix(".json")
OF_A_PROJECT, WANTED = 2, 40
SET_ASIDE = frozenset(
    {"digital-land__digital-land/content/architecture/decisions/0001-record-architecture-decisions.md"}
)
"""Records passed over: this one decides only that such records are kept."""

SHORTEST = 100
"""Words that a record has at least to be one with a body."""

ENGLISH = 0.05
"""Share of its words that are among the plainest English ones, at least, in an English record."""

AIM_LOW, AIM_HIGH = 0.60, 0.10
"""At least so many are to need no OK, and at most so many the full review."""

_PLAIN = frozenset(["the", "of", "and", "to", "is", "a", "in", "that", "for", "with", "we", "will", "be"])

Answers = dict[str, str]
Row = dict[str, Any]


def rows() -> list[Row]:
    """Return what was answered for each record of the sample, in order."""
    found: list[Row] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return found


def assessed(row: Row, *over: str) -> Assessment:
    """Return what a record's answers ask for; the readings named (as `milder`) replace some answers."""
    answers: Answers = dict(row["answers"])
    for reading in over:
        answers |= row.get(reading, {})
    return level_of(answers, inside_boundary=row["inside"])


def mix(found: Iterable[Assessment]) -> list[int]:
    """Return how many decisions each level has, from 0 to 3."""
    counted = Counter(one.level for one in found)
    return [counted[level] for level in sorted(LEVEL_NAMES)]


def mixes() -> dict[str, list[int]]:
    """Return the mix of levels under each way to read the sample."""
    all_rows = rows()
    return {
        "as first answered": mix(assessed(row) for row in all_rows),
        "unknown not counted": mix(assessed(_known(row)) for row in all_rows),
        "with the answer that 0032 adds": mix(assessed(row, "reworded") for row in all_rows),
        "every doubt read mildly": mix(assessed(row, "reworded", "milder") for row in all_rows),
        "every doubt read gravely": mix(assessed(row, "reworded", "graver") for row in all_rows),
        "personal data were patients'": mix(assessed(_patients(row), "reworded") for row in all_rows),
    }


def agreement() -> tuple[int, int, int, int]:
    """Return of the records read twice how many have the same level, of how many; and so for answers."""
    twice = [row for row in rows() if "again" in row]
    levels = sum(assessed(row).level == assessed(row, "again").level for row in twice)
    answers = [row["again"].get(code) == answer for row in twice for code, answer in row["answers"].items()]
    return levels, len(twice), sum(answers), len(answers)


def _known(row: Row) -> Row:
    """Return the record with the mildest answer in place of each unknown one."""
    mild = {code: QUESTIONS[code].answers[0].code for code, a in row["answers"].items() if a == UNKNOWN}
    return {**row, "answers": row["answers"] | mild}


def _patients(row: Row) -> Row:
    """Return the record as a company would answer whose personal data are patients'."""
    graver = {
        ("q3", "personal"): "sensitive",
        ("q4", "new-personal"): "new-sensitive",
        ("q6", "data"): "sensitive",
    }
    answers = {code: graver.get((code, answer), answer) for code, answer in row["answers"].items()}
    return {**row, "answers": answers}


def in_order(corpus: Path) -> list[str]:
    """Return the paths of the sample, by the rule."""
    fit = [path for path in _fitting(corpus) if path not in SET_ASIDE]
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


def main() -> None:
    """Print each decision with its level and what set it, then the mixes and how often two readings agree."""
    parser = argparse.ArgumentParser(prog="bench.calibration", description="Levels of 40 real decisions.")
    parser.add_argument("--sample", action="store_true", help="list the sample by its rule instead")
    if parser.parse_args().sample:
        print("\n".join(in_order(CORPUS)))
        return
    for number, row in enumerate(rows(), 1):
        found = assessed(row, "reworded")
        print(f"{number:>2}  {found.level}  {','.join(found.because):<12}{row['path']}\n{'':19}{row['why']}")
    print(f"\n{'':34}{'0':>4}{'1':>4}{'2':>4}{'3':>4}   0 and 1       3")
    for words, counts in mixes().items():
        low, high = sum(counts[:2]) / sum(counts), counts[3] / sum(counts)
        said = "reached" if low >= AIM_LOW and high <= AIM_HIGH else "NOT REACHED"
        print(f"{words:<34}{''.join(f'{n:>4}' for n in counts)}   {low:>7.1%} {high:>7.1%}  {said}")
    asked = [code for row in rows() for code, answer in row["answers"].items() if answer == UNKNOWN]
    levels, records, answers, of_answers = agreement()
    print(f"\nAnswered unknown: {len(asked)} ({', '.join(asked)})")
    print(f"Read twice: {levels} of {records} levels agree, {answers} of {of_answers} answers")
    print("Set the full review, alone or with others: " + ", ".join(_setting(3)))


def _setting(level: int) -> list[str]:
    """Return the questions that set a level, with how many decisions each, the most first."""
    found = (assessed(row, "reworded") for row in rows())
    counted = Counter(code for one in found if one.level == level for code in one.because)
    return [f"{code} {count}" for code, count in counted.most_common()]


if __name__ == "__main__":
    main()
