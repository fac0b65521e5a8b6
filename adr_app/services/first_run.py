"""The first run: ten minutes of questions that end in which role comes first, kept or only shown."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from adr_app.domain.errors import Invalid
from adr_app.domain.first_role import Inputs, Profile, Seat, advise
from adr_app.domain.first_role_words import Explanation, explain
from adr_app.domain.frameworks import FRAMEWORKS
from adr_app.domain.permissions import Role
from adr_app.domain.pressures import KIND_WORDS, USUALLY, Pressure
from adr_app.domain.values import dataclass
from adr_app.services import pressures, profiles
from adr_app.services.typed import Typed

BLOCKS = ("a-", "b-", "c-", "d-")
"""What the fields of each pressure begin with: four say enough to answer."""

ASKED = ("kind", "name", "loses", "level", "when", "bites_on", "evidence")


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, checked: the profile and what presses, as both are kept."""

    profile: dict[str, Any]
    noted: list[dict[str, Any]]


def checked(fields: Mapping[str, str], data: Collection[str], markets: Collection[str]) -> Answers:
    """Return answers as they are kept; a block without a kind was left out.

    :raises Invalid: naming each field that has to be mended, with what its name begins with.
    """
    problems: dict[str, str] = {}
    profile: dict[str, Any] = {}
    try:
        said = {name: fields.get(name, "") for name in ("sector", "stage", "jurisdictions")}
        profile = profiles.checked(**said, data=data, markets=markets)
    except Invalid as refusal:
        problems |= refusal.fields
    noted = []
    for prefix in BLOCKS:
        block = {name: fields.get(prefix + name, "") for name in ASKED}
        if not any(value.strip() for value in block.values()):
            continue
        try:
            noted.append(_pressure(block))
        except Invalid as refusal:
            problems |= {prefix + name: words for name, words in refusal.fields.items()}
    if problems:
        raise Invalid("This is not complete yet.", problems)
    return Answers(profile, noted)


def _pressure(block: dict[str, str]) -> dict[str, Any]:
    """Return one block as it is kept: a name and what follows are taken from its kind where none is given."""
    kind = block["kind"]
    block["name"] = block["name"].strip() or KIND_WORDS.get(kind, "")
    return pressures.checked({**block, "consequence": USUALLY.get(kind, "")} if kind in USUALLY else block)


def tried(
    answers: Answers, here: Collection[str], follows: Collection[str], today: date
) -> tuple[Inputs, Explanation]:
    """Return the answer for somebody of whom nothing is kept.

    `here` are the roles that are held already, `follows` the standards that have to be kept.
    """
    profile = Profile(
        answers.profile["stage"],
        bool(answers.profile["data"]),
        tuple(sorted(key for key in follows if key in FRAMEWORKS)),
        assurance="assurance" in answers.profile["markets"],
    )
    found = tuple(
        Pressure(
            key=f"pressure-{n}",
            opened_on=today,
            **{
                name: said[name] for name in ("kind", "name", "loses", "level", "bites_on", "now", "evidence")
            },
        )
        for n, said in enumerate(answers.noted)
    )
    # Two people: whether one holds both roles was not asked.
    cto, vciso = (
        Seat(n + 1, today) if str(role) in here else Seat() for n, role in enumerate((Role.CTO, Role.VCISO))
    )
    inputs = Inputs(today, found, profile, cto, vciso)
    return inputs, explain(inputs, advise(inputs))


def gains(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what has to be mended of whether whoever asks gains by the answer, by field."""
    typed = Typed(fields)
    typed.one_of("gains", ("yes", "no"), "Say whether you gain by the answer.")
    if fields.get("gains") == "yes":
        typed.line("interest", "Say in one line what you gain.")
    return typed.problems
