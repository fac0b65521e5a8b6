"""Makes up folders of decision records in three formats, as long as real ones are."""

import random
from pathlib import Path

_WORDS = (
    *("service", "queue", "order", "patient", "data", "store", "region", "client", "cost", "team"),
    *("backup", "failure", "release", "library", "interface", "request", "policy", "storage", "event"),
)

_REPLACED_EVERY = 30


def write_records(folder: Path, count: int) -> None:
    """Write records of 2 to 4 kB in MADR 4 and in the formats of adr-tools and log4brains."""
    folder.mkdir(parents=True)
    chance = random.Random(7)
    for number in range(1, count + 1):
        kind = _nygard if number % 3 == 0 else _log4brains if number % 4 == 0 else _madr
        (folder / name_of(number)).write_text(kind(number, chance))


def name_of(number: int) -> str:
    """Return the name of a record's file."""
    return f"{number:05}-use-thing-{number}.md"


def _prose(chance: random.Random, sentences: int) -> str:
    said = (" ".join(chance.choices(_WORDS, k=14)).capitalize() + "." for _ in range(sentences))
    return " ".join(said)


def _day(number: int) -> str:
    return f"2024-0{number % 9 + 1}-1{number % 9}"


def _options(chance: random.Random) -> str:
    return "\n\n".join(
        f"### Thing {each}\n\n* Good, because {_prose(chance, 1)}\n* Bad, because {_prose(chance, 1)}"
        for each in range(3)
    )


def _madr(number: int, chance: random.Random) -> str:
    status = "proposed" if number % 5 == 1 else "accepted"
    options = "\n".join(f"* Thing {each}" for each in range(3))
    link = f"See [an earlier one]({name_of(number - 1)})." if number > 1 else ""
    return (
        f"---\nstatus: {status}\ndate: {_day(number)}\ndecision-makers: Sam, Vera\n---\n\n"
        f"# Use thing {number}\n\n## Context and Problem Statement\n\n{_prose(chance, 6)}\n\n{link}\n\n"
        f'## Considered Options\n\n{options}\n\n## Decision Outcome\n\nChosen option: "Thing 1", because '
        f"{_prose(chance, 3)}\n\n### Consequences\n\n* Good, because {_prose(chance, 1)}\n\n"
        f"## Pros and Cons of the Options\n\n{_options(chance)}\n"
    )


def _nygard(number: int, chance: random.Random) -> str:
    status = "Accepted"
    if number % _REPLACED_EVERY == 0:
        status = f"Superseded by [{number + 3}. Use thing {number + 3}]({name_of(number + 3)})"
    if number % _REPLACED_EVERY == 3 and number > 3:
        status += f"\n\nSupersedes [{number - 3}. Use thing {number - 3}]({name_of(number - 3)})"
    return (
        f"# {number}. Use thing {number}\n\nDate: {_day(number)}\n\n## Status\n\n{status}\n\n"
        f"## Context\n\n{_prose(chance, 12)}\n\n## Decision\n\n{_prose(chance, 8)}\n\n"
        f"## Consequences\n\n{_prose(chance, 8)}\n"
    )


def _log4brains(number: int, chance: random.Random) -> str:
    return (
        f"# Use thing {number}\n\n- Status: accepted\n- Deciders: Sam, Vera\n- Date: {_day(number)}\n"
        f"- Tags: things\n\n## Context and Problem Statement\n\n{_prose(chance, 5)}\n\n"
        f"## Decision Drivers\n\n- {_prose(chance, 1)}\n- {_prose(chance, 1)}\n\n## Considered Options\n\n"
        f'- Thing 0\n- Thing 1\n- Thing 2\n\n## Decision Outcome\n\nChosen option: "Thing 2", because '
        f"{_prose(chance, 3)}\n\n## Pros and Cons of the Options\n\n{_options(chance)}\n"
    )
