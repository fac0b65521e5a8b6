"""The demonstration: two companies and their people, played through the product's own acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import (
    companies,
    company_settings,
    condition_words,
    conditions,
    debt,
    decisions,
    demonstration_debt,
    drafts,
    engagements,
    exceptions,
    imports,
    links,
    people,
    reviews,
    session,
    vendor_acts,
    working_copies,
)
from adr_app.services import demonstration_texts as texts
from adr_app.services.people import Viewer

PASSWORD = "try-the-demonstration"  # noqa: S105 - printed at every start; only loopback serves a demonstration
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast: address, name and what they are."""

    email: str
    name: str
    what: str


SAM = Member("sam@example.com", "Sam Okafor", "fractional CTO of both companies")
VERA = Member("vera@example.com", "Vera Lindqvist", "vCISO of both companies")
PRIYA = Member("priya@example.com", "Priya Nair", "leads Larkspur Dental")
OMAR = Member("omar@example.com", "Omar Haddad", "leads Ostara Software")
TOMAS = Member("tomas@example.com", "Tomás Rey", "on Larkspur's team")
ADVISED = {"sam": SAM, "vera": VERA, "priya": PRIYA, "tomas": TOMAS}
CAST = (SAM, VERA, PRIYA, OMAR, TOMAS)

NO, YES = "no", "yes"


def seed(*, at: datetime, decisions: Path | None = None) -> None:
    """Fill an empty database with the demonstration, as it would have grown until `at`.

    `decisions` is a folder of records that Ostara imports: this project's own, where there is one.

    :raises WrongState: when the database holds anything.
    """
    companies.mark_demonstration(at=at - timedelta(days=80))
    everybody = {
        member.email: people.known(member.email, member.name, at=at - timedelta(days=80)) for member in CAST
    }
    for person in everybody.values():
        session.set_password(person, PASSWORD)
    _Larkspur(everybody, at).play()
    _Ostara(everybody, at).play(decisions)


class _Story:
    """A company's past: each line happens some days before now, during the working day."""

    def __init__(self, everybody: dict[str, Person], now: datetime) -> None:
        self.everybody = everybody
        self.now = now
        self.company: Company | None = None
        self.clock = now - timedelta(days=200)

    def when(self, days_ago: float) -> datetime:
        """Return a moment of a working day that long before now, never before the story's last line.

        Whole days name the day, nine o'clock; the fraction by which it is less is the way to five o'clock.
        """
        whole = ceil(days_ago)
        day = self.working_day(whole)
        morning = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        told = morning + timedelta(seconds=int((whole - days_ago) * 8 * 3600))
        self.clock = max(self.clock + timedelta(minutes=7), told)
        return self.clock

    def found(self, name: str, first: Member, days_ago: float, **settings: Any) -> None:
        """Found the company with its leader as first person."""
        at = self.when(days_ago)
        self.company = companies.found(
            name,
            at=at,
            first=self.everybody[first.email],
            roles=[Role.LEADER, Role.ADMIN],
            zone=ZONE,
            go_live_on=local_day(at, ZONE),
        )
        company_settings.change_settings(
            self.as_(first, at), at=self.when(days_ago), name=name, currency="EUR", **settings
        )

    def as_(self, member: Member, at: datetime) -> Viewer:
        """Return a member of the cast at this company."""
        if self.company is None:
            raise RuntimeError("the company is founded first")
        return people.viewer(self.everybody[member.email], self.company.slug, at)

    def act(
        self, days_ago: float, member: Member, verb: Callable[..., Any], *args: Any, **values: Any
    ) -> Any:
        """Let a member do something at a moment of the story."""
        at = self.when(days_ago)
        return verb(self.as_(member, at), *args, at=at, **values)

    def appoint(self, days_ago: float, by: Member, member: Member, role: Role) -> None:
        """Let somebody appoint a member of the cast."""
        self.act(days_ago, by, engagements.appoint, role=role, email=member.email, name=member.name)

    def id_of(self, member: Member) -> str:
        """Return the id of a member of the cast, as a form would send it."""
        return str(self.everybody[member.email].id)

    def day(self, days_ahead: int) -> date:
        """Return the local day that many days from now (negative: ago)."""
        return local_day(self.now, ZONE) + timedelta(days=days_ahead)

    def working_day(self, days_ago: int) -> date:
        """Return the local day that long ago, or the Friday before it."""
        day = self.day(-days_ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def end_of_march(self) -> date:
        """Return the next last day of March."""
        this = self.day(0).replace(month=3, day=31)
        return this if self.day(0) <= this else this.replace(year=this.year + 1)

    def answers(
        self, data: str = NO, access: str = NO, outside: str = NO, undo: str = NO, **more: str
    ) -> dict[str, str]:
        """Return answers to the four first questions, and to any of those behind them."""
        return {"data": data, "access": access, "outside": outside, "undo": undo, **more}


class _Larkspur(_Story):
    """Larkspur Dental: both advisers at work, one leader who is asked when risk remains."""

    def play(self) -> None:
        """Play the story in the order it happened."""
        self.found("Larkspur Dental", PRIYA, 74, day_rate=80_000, capacity_days="40", debt_limit_days="5")
        for member, role in ((SAM, Role.CTO), (VERA, Role.VCISO), (TOMAS, Role.MEMBER)):
            self.appoint(73.9, PRIYA, member, role)
        demonstration_debt.begin(self, ADVISED)
        self._cleared()
        demonstration_debt.repay(self, ADVISED)
        self._without_input()
        demonstration_debt.go_on(self, ADVISED)
        self._risk()
        self._open()

    def _cleared(self) -> None:
        region = self.act(70, SAM, drafts.draft, texts.REGION, answers=self.answers(YES, NO, NO, YES))
        self.act(69.9, SAM, reviews.ask, region.number)
        said = "Right place, and we can show it."
        self.act(68, VERA, reviews.answer, region.number, "approve", base=1, text=said)
        self.act(67.5, SAM, decisions.accept, region.number, base=1)
        backup = self.act(60, SAM, drafts.draft, texts.BACKUP, answers=self.answers(YES, YES, YES, NO))
        self.act(59.9, SAM, reviews.ask, backup.number)
        todo = {**texts.RESTORE, "due_on": self.day(-40).isoformat(), "owner": TOMAS.name}
        keys = {**texts.KEYS, "due_on": self.day(7).isoformat(), "owner": SAM.name}
        given = self.act(
            57, VERA, reviews.answer, backup.number, "approve-with-conditions", base=1, todos=[todo, keys]
        )
        self.act(56.5, SAM, decisions.accept, backup.number, base=1)
        self._firms()
        first = conditions.of(backup)[0]
        assert given.id == first.verdict_id  # noqa: S101 - the story is about this answer's to-do
        found = "Restored on 9 October, 41 minutes"
        self.act(45, TOMAS, conditions.finish, backup.number, first.id, evidence=found)
        self.act(44, VERA, conditions.verify, backup.number, first.id)

    def _firms(self) -> None:
        firm = texts.BACKUP["vendors"][0]
        self.act(55, SAM, vendor_acts.describe, firm, does="Keeps our backups", data=["health"])
        paper = {"kind": "health", "reference": "Contracts, folder 7", "signed_on": self.working_day(56)}
        self.act(54.9, SAM, vendor_acts.agree, firm, **paper)
        found = {"assessed_on": None, "valid_until": self.day(320), "text": "Read their audit report."}
        self.act(54, VERA, vendor_acts.assess, firm, risk="low", **found)

    def _without_input(self) -> None:
        login = self.act(
            38, SAM, decisions.record_decided,
            {**texts.LOGIN, "decided_on": self.working_day(39).isoformat()},
        )  # fmt: skip
        self.act(
            35,
            VERA,
            reviews.answer,
            login.number,
            "approve",
            base=1,
            text="Good choice; ask me before next time.",
        )
        queue = self.act(33.2, SAM, drafts.draft, texts.QUEUE, answers=self.answers(NO, NO, NO, YES))
        self.act(33.1, SAM, decisions.propose, queue.number)
        self.act(
            33, SAM, decisions.accept, queue.number, base=1, reason="The release could not wait another week."
        )
        hiring = self.act(30.1, SAM, drafts.draft, texts.HIRING, answers=self.answers())
        self.act(30.05, SAM, decisions.propose, hiring.number)
        self.act(30, SAM, decisions.accept, hiring.number, base=1)
        replacing = self.act(24, SAM, drafts.draft, texts.MONITOR, answers=self.answers(NO, YES, YES, NO))
        self.act(23.9, SAM, reviews.ask, replacing.number)
        self.act(22, VERA, reviews.answer, replacing.number, "approve", base=1)
        self.act(21.5, SAM, decisions.accept, replacing.number, base=1)
        self.act(20, TOMAS, links.link, replacing.number, queue.number, "relates")

    def _risk(self) -> None:
        codes = self.act(14, SAM, drafts.draft, texts.CODES, answers=self.answers(YES, YES, YES, NO))
        self.act(13.9, SAM, reviews.ask, codes.number)
        self.act(
            8, VERA, reviews.answer, codes.number, "deny", base=1, level=3,
            text="Codes by text message can be stolen; patient records could then be read.",
            parts=texts.FOUND_ON_CODES,
        )  # fmt: skip
        self.act(
            5, SAM, exceptions.ask, codes.number,
            question="May we keep text-message login codes until the end of March?",
            technology_says="Yes. Replacing them now moves the clinic launch by three weeks.",
            if_wrong="Somebody reads patient records, and we must report it.",
            protects="An alarm on every sign-in from a new place, read each morning.",
            until=self.end_of_march(), answer_by=self.day(3),
        )  # fmt: skip

    def _open(self) -> None:
        renewal = self.act(6, SAM, drafts.draft, {**texts.RENEWAL, "decide_by": self.day(8).isoformat()},
                           answers=self.answers(YES, NO, YES, YES))  # fmt: skip
        self.act(5.9, SAM, reviews.ask, renewal.number)
        todos = [
            {**texts.CONTRACT, "due_on": self.day(20).isoformat(), "owner": PRIYA.name},
            {**texts.OWN_KEY, "before_go_live": True, "owner": SAM.name},
        ]
        self.act(4.5, VERA, reviews.answer, renewal.number, "approve-with-conditions", base=1, todos=todos)
        self.act(
            4.2, SAM, condition_words.contest, renewal.number, conditions.of(renewal)[1].id, why="other-way",
            text="The provider's own key does the same and costs us nothing to keep.",
        )  # fmt: skip
        billing = self.act(4, SAM, drafts.draft, texts.BILLING, answers=self.answers(YES, NO, YES, YES))
        self.act(3.9, SAM, reviews.ask, billing.number)
        reminders = self.act(2.5, SAM, drafts.draft, texts.REMINDERS, answers=self.answers(YES, NO, YES, NO))
        self.act(2.4, SAM, reviews.ask, reminders.number)
        self.act(1.2, VERA, reviews.answer, reminders.number, "question", base=1,
                 text="Where are the telephone numbers stored, and for how long?")  # fmt: skip
        self.act(
            0.9,
            SAM,
            decisions.record_decided,
            {**texts.CHAT, "decided_on": self.working_day(1).isoformat()},
            took_part=True,
        )
        at = self.when(0.5)
        working_copies.keep(
            self.as_(SAM, at), {"title": "One shared calendar for all clinics?"}, base=0, at=at
        )


class _Ostara(_Story):
    """Ostara Software: decided fast, and the vCISO came late."""

    def look_through(self) -> None:
        """Let the vCISO work through what came in decided, all but the last three."""
        company = self.as_(VERA, self.clock).company
        rows = Decision.select(Decision.number).where(Decision.company == company.id, Decision.imported)
        for place, number in enumerate(sorted(number for (number,) in rows.tuples())[:-3]):
            self.act(9.5 - place / 100, VERA, reviews.answer, number, "approve", base=1)

    def play(self, records: Path | None) -> None:
        """Play the story in the order it happened."""
        self.found("Ostara Software", OMAR, 45, capacity_days="60")
        self.appoint(44.9, OMAR, SAM, Role.CTO)
        move = self.act(40.2, SAM, drafts.draft, texts.CLUSTER, answers=self.answers(NO, YES, YES, YES))
        self.act(40.1, SAM, decisions.propose, move.number)
        self.act(40, SAM, decisions.accept, move.number, base=1)
        self.appoint(15, OMAR, VERA, Role.VCISO)
        if records is not None:
            self.act(10, SAM, imports.run, records, source="adr_app")
            self.look_through()
        trial = self.act(8, SAM, drafts.draft, texts.ASSISTANT, answers=self.answers(YES, NO, YES, NO))
        self.act(7.9, SAM, reviews.ask, trial.number)
        provider = self.act(3, SAM, drafts.draft, texts.PROVIDER, answers=self.answers(NO, YES, YES, NO))
        self.act(2, SAM, decisions.propose, provider.number)
        why = "The old contract ended this week."
        self.act(1, SAM, decisions.accept, provider.number, base=1, reason=why)
        self.act(0.8, SAM, debt.note, title="Tests need two hours, so nobody waits for them", system="Build")
