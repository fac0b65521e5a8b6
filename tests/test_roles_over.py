"""Who may act is asked again where the act is recorded: a role that is over by then does nothing."""

import random
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from adr_app.domain.errors import NotAllowed, Refused
from adr_app.models import base
from adr_app.models.events import Event
from adr_app.models.people import Company, Engagement
from adr_app.services import people
from tests.casts import quick_passwords
from tests.test_acts import ACTS, DRAWN, PEOPLE, USUALLY, WAITS, Play

KINDS = 48
STEPS = 300
OPENING = (
    *(("propose", 0, 0), ("ask", 0, 1), ("answer", 0, 6), ("reply", 0, 0), ("answer", 0, 1)),
    *(("accept", 0, 0), ("record", 0, 0), ("import_files", 1, 24), ("revise", 0, 1), ("import_files", 1, 30)),
    *(("draft", 0, 1), ("propose", 0, 0), ("answer", 0, 1), ("accept", 0, 1), ("new_text", 0, 1)),
    *(("draft", 0, 1), ("propose", 0, 0), ("answer", 0, 5), ("ask_leader", 0, 5), ("ask_leader", 0, 0)),
)
"""What opens the way to the rest: an act by its usual person, on the decision of a number, with a choice."""
USUAL = [name for name in DRAWN if name not in {"role", "hand_over", "leave", "import_files", "diverge"}]
A_MOMENT = timedelta(seconds=2)


class Late(Play):
    """People whose page was made some time before they act."""

    since = timedelta(0)

    @property
    def me(self) -> people.Viewer:
        return self.cast.viewer(self.who, self.at - self.since)


@contextmanager
def undone():
    """Let the body act, and take back whatever it did."""
    with base.database.atomic() as everything:
        yield
        everything.rollback()


def entries(company: Play) -> int:
    return Company.get_by_id(company.company_id).last_seq


def kinds_of(company: Late, name: str, what: int, choice: int) -> set[str]:
    """Return which entries this act would make now; none where it is refused."""
    before, who = entries(company), company.who
    with undone():
        with suppress(Refused):
            ACTS[name](company, what, choice)
        made = Event.select(Event.kind).where(Event.company == company.company_id, Event.seq > before)
        kinds = {row.kind for row in made}
    company.who = who
    return kinds


def refused_late(company: Late, name: str, what: int, choice: int) -> None:
    """Check that the act is refused where the roles of whoever does it ended a second ago."""
    before, who, company.since = entries(company), company.who, A_MOMENT
    with undone():
        ended = company.at - timedelta(seconds=1)
        Engagement.update(ends_at=ended).where(Engagement.company == company.company_id).execute()
        with pytest.raises(Refused, match="ended") as refusal:
            ACTS[name](company, what, choice)
        assert isinstance(refusal.value, NotAllowed) or name == "sort_older", "which tells of each decision"
        assert entries(company) == before, f"{name} was refused and recorded something"
    company.who, company.since = who, timedelta(0)


@pytest.mark.either_database
def test_every_act_is_refused_to_whoever_lost_the_role_between_the_page_and_the_act(
    database, tmp_path: Path
) -> None:
    tried, kinds = set(), set()
    with quick_passwords():
        company = Late(tmp_path)
        company.draft(0, 0)
        for n in range(STEPS):
            company.at += A_MOMENT if n < len(OPENING) else WAITS[n % 6] + A_MOMENT
            missing = [name for name in ACTS if name not in tried]
            if not missing and len(kinds) >= KINDS:
                break
            drawn = random.Random(n)
            tries = [(name, what) for name in missing for what in range(4)]
            tries += [(name, drawn.randrange(4)) for name in drawn.choices(list(ACTS), k=6)]
            for name, what in tries:
                company.who = drawn.choice((USUALLY[name], USUALLY[name], drawn.choice(PEOPLE)))
                choice = drawn.randrange(216)
                made = kinds_of(company, name, what, choice)
                if made - kinds or (made and name not in tried):
                    refused_late(company, name, what, choice)
                    tried.add(name)
                    kinds |= made
            name, what, choice = drawn.choice(USUAL), drawn.randrange(4), drawn.randrange(216)
            if n < len(OPENING):
                name, what, choice = OPENING[n]
            company.who = USUALLY[name]
            with suppress(Refused):
                ACTS[name](company, what, choice)
    assert set(ACTS) == tried, f"each was to be tried: {set(ACTS) - tried}"
    assert len(kinds) >= KINDS, sorted(kinds)
