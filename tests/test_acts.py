"""Whatever people do, in whatever order: the flags are what the acts give, and the record verifies."""

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adr_app.domain.errors import Refused
from adr_app.domain.flag_rules import RULES
from adr_app.domain.permissions import Role
from adr_app.domain.timeline_states import DecisionState
from adr_app.models import tallies
from adr_app.models.decisions import Decision, Link
from adr_app.models.diverged import DivergedFile
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.readings import ExternalReading
from adr_app.models.reviews import Review
from adr_app.models.schema import TABLES
from adr_app.services import (
    answers,
    away,
    claims,
    comments,
    company_settings,
    concerns,
    condition_words,
    conditions,
    controls,
    debt,
    debt_carries,
    debt_estimates,
    debt_links,
    debt_reports,
    debt_steps,
    debt_tickets,
    decision_rows,
    decisions,
    diverged_choices,
    drafts,
    engagements,
    exceptions,
    first_role,
    flags,
    frameworks,
    gates,
    go_live,
    handovers,
    imports,
    levels,
    links,
    looking_again,
    obligations,
    people,
    pressures,
    profiles,
    readings,
    receipts,
    reviews,
    risks,
    set_aside,
    sorting,
    standing_rules,
    stating,
    taking,
    vendor_acts,
    working_days,
)
from adr_app.services.diverged_choices import Shown
from adr_app.services.verification import verify
from tests.casts import cast_of, quick_passwords
from tests.services.pressing import AUDIT, DUTY, FIRM, PROFILE, SALE
from tests.tenancy import sarif

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PEOPLE = ("leader", "cto", "vciso", "member", "delegate", "reader")
VERDICTS = ("approve", "approve-with-conditions", "not-relevant", "advise", "changes-requested", "deny",
            "question")  # fmt: skip
WAITS = tuple(
    timedelta(**wait)
    for wait in (
        *({"seconds": 0}, {"minutes": 3}, {"minutes": 12}, {"hours": 5}),
        *({"days": 1}, {"days": 6}, {"days": 30}, {"days": 370}),
    )
)
STATED = ("accepted", "proposed", "rejected", "deprecated", "", "superseded by [ADR-0002](0002-b.md)")
DATES = ("", "2020-03-01", "2026-11-03")


class Play:
    """A company whose people act; every act is tried by somebody, on something, with a free choice."""

    def __init__(self, folder: Path) -> None:
        self.at = AT
        self.folder = folder
        self.cast = cast_of("Larkspur", AT, zone="Europe/Berlin", go_live_on=date(2026, 10, 1))
        self.company_id = self.cast.company.id
        self.who = "cto"
        self.done: Counter[str] = Counter()

    @property
    def me(self) -> people.Viewer:
        return self.cast.viewer(self.who, self.at)

    @property
    def today(self) -> date:
        return self.at.date()

    def on(self, what: int) -> Decision:
        """Return one of the decisions there are, the newest for 0; the first act drafts one."""
        rows = list(Decision.select().where(Decision.company == self.company_id).order_by(-Decision.id))
        return rows[what % len(rows)]

    def place(self, decision: Decision) -> int:
        """Return the number under which `on` finds a decision."""
        newer = Decision.select().where(Decision.company == self.company_id, Decision.id > decision.id)
        return newer.count()

    def four(self, choice: int) -> dict[str, str]:
        return (
            {
                name: ("no", "yes", "unknown")[choice // 3**n % 3]
                for n, name in enumerate(("data", "access", "outside", "undo"))
            }
            | ({"q14": "yes"} if choice % 2 else {})
            | ({"q8": "yes"} if choice % 3 else {})
        )

    def typed(self, choice: int) -> dict[str, Any]:
        return {"title": f"Choose the {choice}th way", "context": "Why *now*", "systems": ["Billing"],
                "vendors": ["Paywell"][: choice % 3],
                "kind": "incident" if choice % 4 == 1 else "other"}  # fmt: skip

    # each act takes the number of a decision and a free choice

    def draft(self, what: int, choice: int) -> None:
        drafts.draft(self.me, self.typed(choice), answers=self.four(choice), at=self.at)

    def record(self, what: int, choice: int) -> None:
        day = self.today - timedelta(days=(0, 1, 60, 3000)[choice % 4])
        typed = {**self.typed(choice), "decided_on": day.isoformat()}
        older = self.on(what).number if choice % 5 > 2 else None
        decisions.record_decided(
            self.me, typed, took_part=choice % 3 == 0, replaces=older, part=choice % 5 == 4, note="The keys",
            at=self.at,
        )  # fmt: skip

    def revise(self, what: int, choice: int) -> None:
        decision = self.on(what)
        answers = self.four(choice) if choice % 2 else None
        drafts.revise(
            self.me, decision.number, self.typed(choice % 3), base=decision.latest, answers=answers,
            body="A text" if decision_rows.revision(decision).form == "text" else None, at=self.at,
        )  # fmt: skip

    def propose(self, what: int, choice: int) -> None:
        decisions.propose(self.me, self.on(what).number, at=self.at)

    def ask(self, what: int, choice: int) -> None:
        reviews.ask(self.me, self.on(what).number, emergency=choice % 3 == 0, at=self.at)

    def answer(self, what: int, choice: int) -> None:
        decision = self.on(what)
        reviews.answer(
            self.me, decision.number, VERDICTS[choice % 7], base=decision.latest, text="Because.",
            level=(None, 0, 1, 2, 3)[choice % 5],
            todos=[{"text": "Turn on", "risk": "Theft", "due_on": f"{self.today + timedelta(days=choice)}"}],
            parts={"exposed": "Names."} if choice % 2 else None, at=self.at,
        )  # fmt: skip

    def take_back_answer(self, what: int, choice: int) -> None:
        answers.take_back(self.me, self.on(what).number, at=self.at)

    def look_on(self, what: int, choice: int) -> None:
        reviews.look_on(self.me, self.on(what).number, self.today + timedelta(days=choice), at=self.at)

    def take_review(self, what: int, choice: int) -> None:
        taking.take(self.me, self.on(what).number, at=self.at)

    def hand_over(self, what: int, choice: int) -> None:
        held = people.holders(self.company_id, Role.VCISO, self.at)
        mine = held[choice % len(held)].id if held else 0
        others = [one.id for one in held if one.id != mine and choice % 3]
        to = others[0] if others else None
        handovers.hand_over(self.me, mine, successor=to, note="Ask Mia.", at=self.at)

    def leave(self, what: int, choice: int) -> None:
        if choice % 4 == 0:
            away.come_back(self.me, at=self.at)
        else:
            away.leave(self.me, self.today + timedelta(days=choice % 9), None, at=self.at)

    def reply(self, what: int, choice: int) -> None:
        reviews.reply(self.me, self.on(what).number, "In Frankfurt.", at=self.at)

    def same_meaning(self, what: int, choice: int) -> None:
        decision = self.on(what)
        answers.same_meaning(self.me, decision.number, base=decision.latest, at=self.at)

    def accept(self, what: int, choice: int) -> None:
        decision = self.on(what)
        decisions.accept(
            self.me, decision.number, base=decision.latest, reason="It cannot wait." if choice % 4 else "",
            emergency=choice % 5 == 0, at=self.at,
        )  # fmt: skip

    def accept_text(self, what: int, choice: int) -> None:
        decision = self.on(what)
        decisions.accept_text(
            self.me, decision.number, base=decision.latest, reason="Same." if choice % 4 else "",
            emergency=choice % 5 == 0, at=self.at,
        )  # fmt: skip

    def new_text(self, what: int, choice: int) -> None:
        """Write a draft beside the text in force, have it answered, and put it in force: or try to."""
        held = list(
            Decision.select().where(Decision.company == self.company_id, Decision.in_force.is_null(False))
        )
        decision = held[what % len(held)] if held else self.on(what)
        if choice % 2:
            self.revise(self.place(decision), choice // 2)
        elif choice % 4:
            self.who = "vciso"
            self.answer(self.place(decision), choice // 4)
        else:
            self.accept_text(self.place(decision), choice // 4)

    def take_back(self, what: int, choice: int) -> None:
        decisions.take_back(self.me, self.on(what).number, at=self.at)

    def move(self, what: int, choice: int) -> None:
        moves = (decisions.reject, decisions.withdraw, decisions.reopen, decisions.deprecate)
        moves[choice % 4](self.me, self.on(what).number, at=self.at)

    def state(self, what: int, choice: int) -> None:
        stating.state_status(
            self.me, self.on(what).number, ("proposed", "accepted", "rejected", "deprecated")[choice % 4],
            decided_on=(None, date(2020, 3, 1), self.today)[choice % 3], at=self.at,
        )  # fmt: skip

    def implementation(self, what: int, choice: int) -> None:
        number = self.on(what).number
        if choice % 3 == 0:
            self.who = "vciso"
            go_live.look_at(self.me, number, "The settings.", at=self.at)
            return
        state = ("implemented", "in-progress")[choice % 2]
        decisions.set_implementation(self.me, number, state, at=self.at)

    def look_again(self, what: int, choice: int) -> None:
        """Set a day to look at it again, look, or say that an OK still holds."""
        one = self.on(what)
        if choice % 3 == 0:
            day = self.today + timedelta(days=choice)
            looking_again.set_day(self.me, one.number, day if choice % 2 else None, at=self.at)
            return
        if choice % 3 == 1:
            looking_again.looked(self.me, one.number, "It holds.", at=self.at)
            return
        if one.implementation == "implemented":
            looking_again.described(self.me, one.number, "Page 4.", at=self.at)
            return
        changed = looking_again.changed_beneath(one)
        looking_again.still_holds(self.me, one.number, changed[-1] if changed else 0, at=self.at)

    def lead(self, what: int, choice: int) -> None:
        """Make a flag graver, set one aside that is on, or take one up again."""
        one = self.on(what)
        running = SpanRow.running(self.company_id, "flag", self.at).where(SpanRow.subject_id == one.id)
        on = [row.code for row in running if row.subject_type == "decision"]
        code = on[choice % len(on)] if on else sorted(RULES)[choice % len(RULES)]
        match choice % 4:
            case 0:
                company_settings.set_severity(self.me, code, ("S1", "S2", "S3")[choice % 3], at=self.at)
            case 1:
                aside = [row.id for row in set_aside.of(one, self.at)]
                set_aside.take_up(self.me, one.number, aside[0] if aside else 0, at=self.at)
            case _:
                until = self.today + timedelta(days=choice % 40)
                set_aside.put_aside(self.me, one.number, code, reason="Later.", until=until, at=self.at)

    def link(self, what: int, choice: int) -> None:
        newer, older = self.on(what), self.on(what + 1 + choice % 3)
        kind = ("supersedes", "supersedes", "depends", "amends")[choice % 4]
        links.link(self.me, newer.number, older.number, kind, part=choice % 5 == 0, at=self.at)

    def unlink(self, what: int, choice: int) -> None:
        decision = self.on(what)
        edges = list(Link.select().where(Link.from_id == decision.id).order_by(Link.id))
        links.unlink(self.me, decision.number, edges[choice % len(edges)].id if edges else 0, at=self.at)

    def replace(self, what: int, choice: int) -> None:
        """Draft what replaces a decision: most replacements begin like this."""
        older = self.on(what)
        newer = drafts.draft(self.me, self.typed(choice), answers=self.four(0), at=self.at)
        links.link(self.me, newer.number, older.number, "supersedes", part=choice % 4 == 0, at=self.at)

    def claim(self, what: int, choice: int) -> None:
        claims.claim(self.me, self.on(what).number, on=self.today - timedelta(days=choice % 9), at=self.at)

    def answer_claim(self, what: int, choice: int) -> None:
        claims.answer_claim(self.me, self.on(what).number, yes=choice % 3 > 0, at=self.at)

    def todo(self, what: int, choice: int) -> None:
        decision = self.on(what)
        rows = conditions.of(decision)
        row = rows[choice % len(rows)].id if rows else 0
        if choice % 2:
            return self.settle(decision.number, row, choice // 2)
        match choice // 2 % 3:
            case 0:
                conditions.finish(self.me, decision.number, row, evidence="Ticket 12", at=self.at)
            case 1:
                conditions.verify(self.me, decision.number, row, at=self.at)
            case _:
                day = self.today + timedelta(days=choice)
                conditions.move(self.me, decision.number, row, day, reason="Ill.", at=self.at)

    def settle(self, number: int, row: int, choice: int) -> None:
        acts = condition_words
        typed = {"text": "Turn it off", "risk": "Theft", "before_go_live": "yes"}
        match choice % 6:
            case 0:
                acts.agree(self.me, number, row, text="Fine." if choice % 4 else "", at=self.at)
            case 1:
                acts.contest(self.me, number, row, why="too-dear", text="Two weeks.", at=self.at)
            case 2:
                acts.keep(self.me, number, row, reason="So.", at=self.at)
            case 3:
                acts.drop(self.me, number, row, reason="So.", at=self.at)
            case 4:
                acts.change(self.me, number, row, typed, reason="So.", at=self.at)
            case _:
                acts.assign(self.me, number, row, "Mia", at=self.at)

    def level(self, what: int, choice: int) -> None:
        number = self.on(what).number
        match choice % 3:
            case 0:
                levels.raise_to(self.me, number, choice % 4, at=self.at)
            case 1:
                levels.lower_to(self.me, number, choice % 4, reason="It is small.", at=self.at)
            case _:
                levels.declare_harmless(self.me, number, reason="Words only.", at=self.at)

    def sort_older(self, what: int, choice: int) -> None:
        one = self.on(what)
        code = list(sorting.ANSWERS)[choice % 3]
        said = sorting.Sorted(one.number, max(1, one.latest - choice % 5 // 4), code, "It is small.")
        outcome = sorting.sort(self.me, [said, said], at=self.at)
        assert len(outcome.answered) < 2, "sent twice, it is stored once"
        if not outcome.answered:
            raise Refused(outcome.refused[one.number])

    def say(self, what: int, choice: int) -> None:
        comments.write(self.me, self.on(what).number, "What does it cost?", asks=choice % 2 == 0, at=self.at)

    def talk(self, what: int, choice: int) -> None:
        """Raise a concern that blocks, or answer, resolve, open again or set aside what was said."""
        number = self.on(what).number
        if choice % 5 == 0:
            concerns.raise_one(self.me, number, "Nobody at night", "The list is empty.", at=self.at)
        elif choice % 5 == 1:
            comments.reply(self.me, number, 1 + choice % 4, "Two names.", at=self.at)
        elif choice % 5 == 2:
            comments.resolve(self.me, number, 1 + choice % 4, at=self.at)
        elif choice % 5 == 3:
            comments.reopen(self.me, number, 1 + choice % 4, at=self.at)
        else:
            concerns.set_aside(self.me, number, 1 + choice % 4, reason="We hired.", at=self.at)

    def ask_leader(self, what: int, choice: int) -> None:
        """Ask for an exception, or do something with the one that waits or is allowed."""
        number = self.on(what).number
        match choice % 7:
            case 0 | 1:
                self.who = "vciso"
                code = ("yes", "no")[choice % 2]
                exceptions.advise(self.me, number, code=code, text="Hm.", at=self.at)
            case 2:
                exceptions.put(self.me, number, at=self.at)
            case 3 if choice % 2:
                exceptions.withdraw(self.me, number, at=self.at)
            case 4:
                exceptions.protect(self.me, number, protects=f"Alarms {choice}", at=self.at)
            case _:
                exceptions.ask(
                    self.me, number, question="May we?", technology_says="Yes.",
                    answer_by=self.today + timedelta(days=2), until=self.today + timedelta(days=choice),
                    protects="Alarms" if choice % 2 else "", at=self.at,
                )  # fmt: skip

    def risk(self, what: int, choice: int) -> None:
        number = self.on(what).number
        match choice % 4:
            case 0:
                risks.refuse(self.me, number, reason="Not with this data.", at=self.at)
            case 1:
                risks.end(self.me, number, how="ended", at=self.at)
            case _:
                until = self.today + timedelta(days=1 + choice % 200)
                said = {"reason": "We live with it.", "longer": "So." if choice % 3 else ""}
                risks.take(self.me, number, **said, until=until, at=self.at)

    def role(self, what: int, choice: int) -> None:
        rows = people.engagement_rows(self.company_id)
        if choice % 2:
            engagements.end(self.me, rows[what % len(rows)].id, at=self.at)
            return
        somebody = (self.cast.vciso, self.cast.cto, self.cast.leader, self.cast.member)[what % 4]
        role = ("vciso", "cto", "leader", "vciso")[choice // 2 % 4]
        ends_on = self.today + timedelta(days=choice % 50) if choice % 3 else None
        engagements.appoint(self.me, role=role, person_id=somebody.id, ends_on=ends_on, at=self.at)

    def in_advance(self, what: int, choice: int) -> None:
        rules = standing_rules.all_of(self.me, self.at)
        some = rules[what % len(rules)].rule.id if rules else None
        if choice % 3 == 0:
            standing_rules.end(self.me, some or 0, reason="It changed.", at=self.at)
            return
        looks = [{"data": ["no"]}, {"data": ["no", "yes"], "undo": ["no"]}][choice % 2]
        until = (self.today + timedelta(days=choice % 40)).isoformat()
        standing_rules.sign(
            self.me, looks, title="Small", reason="It is small.", until=until,
            replaces=some if choice % 5 == 0 else None, at=self.at,
        )  # fmt: skip

    def pressed(self, what: int, choice: int) -> None:
        typed = (FIRM, AUDIT, SALE)[choice % 3] | {"level": str(choice % 4 + 1)}
        match choice % 7:
            case 0 | 1:
                pressures.note(self.me, typed, at=self.at)
            case 2:
                pressures.change(self.me, what + 1, typed, at=self.at)
            case 3:
                pressures.close(self.me, what + 1, how="gone", why="It went.", at=self.at)
            case 4:
                keys = [pressures.key_of(row) for row in pressures.open_ones(self.company_id)]
                pressures.put_in_order(self.me, keys[::-1] if what else keys, keys, at=self.at)
            case 5:
                first_role.assess(self.me, gains="no", interest="", at=self.at)
            case _:
                first_role.choose(self.me, what + 1, followed="yes", why="So.", at=self.at)

    def owes(self, what: int, choice: int) -> None:
        match choice % 5:
            case 0:
                obligations.add(self.me, DUTY, at=self.at)
            case 1:
                obligations.change(self.me, what + 1, DUTY | {"months": str(choice + 1)}, at=self.at)
            case 2:
                due = obligations.line(self.me, what + 1).duty.due_on
                day = self.today.isoformat()
                obligations.meet(self.me, what + 1, due_on=str(due), met_on=day, evidence="x", at=self.at)
            case 3:
                obligations.end(self.me, what + 1, why="Sold.", at=self.at)
            case _:
                stage = ("early", "growth", "mature", "")[what]
                profiles.set_profile(self.me, **PROFILE | {"stage": stage}, at=self.at)

    def settings(self, what: int, choice: int) -> None:
        if choice % 3 == 0:
            week = ((0, 1, 2, 3, 4), (0, 1, 2, 3), (5,))[choice // 3 % 3]
            holidays = "\n".join((self.today + timedelta(days=n)).isoformat() for n in range(choice % 4))
            working_days.set_calendar(self.me, week, holidays, at=self.at)
        elif choice % 2:
            company_settings.set_policy(
                self.me, 1 + choice % 3, ("advise", "enforce")[choice // 2 % 2], at=self.at
            )
        else:
            on = (date(2026, 10, 1), date(2026, 11, 5), date(2019, 1, 1))[choice // 2 % 3]
            company_settings.set_go_live(self.me, on, at=self.at)

    def import_files(self, what: int, choice: int) -> None:
        for n, letter in enumerate("abc"):
            status = STATED[(choice // 6**n) % 6]
            stated = f"## Status\n\n{status.capitalize()}\n\n" if status else ""
            when = DATES[(what + n) % 3]
            day = f"Date: {when}\n\n" if when else ""
            (self.folder / f"000{n + 1}-{letter}.md").write_text(
                f"# {n + 1}. Use {letter}\n\n{day}{stated}## Context\n\nAs seen {choice % 4} times.\n\n"
                "## Decision\n\nWe will.\n\n## Consequences\n\nSome.\n",
                encoding="utf-8",
            )
        imports.run(self.me, self.folder, source="elsewhere", at=self.at)

    def choose(self, what: int, choice: int) -> None:
        """Choose between a decision and its file, where one waits for that."""
        waiting = list(DivergedFile.select().where(DivergedFile.kept == False))  # noqa: E712
        row = waiting[what % len(waiting)] if waiting else None
        decision = Decision.get_by_id(row.decision_id) if row else self.on(what)
        found = diverged_choices.look(self.me, decision.number)
        shown = diverged_choices.shown(found) if found else Shown("", decision.latest, decision.status)
        match choice % 3:
            case 0:
                diverged_choices.keep(self.me, decision.number, shown, at=self.at)
            case 1:
                diverged_choices.take(self.me, decision.number, shown, at=self.at)
            case _:
                diverged_choices.put_together(
                    self.me, decision.number, shown, f"Both {choice % 5}", "A text", at=self.at
                )

    def diverge(self, what: int, choice: int) -> None:
        """Let a file and its decision both change, and choose: or try to."""
        self.import_files(what, choice)
        held = list(Decision.select().where(Decision.imported == True).order_by(Decision.id))  # noqa: E712
        decision = held[what % len(held)]
        self.at += timedelta(minutes=1)
        drafts.revise(self.me, decision.number, {}, base=decision.latest, body=f"Ours {choice}", at=self.at)
        self.import_files(what, choice + 7)
        self.choose(what, choice)

    def deal(self, what: int, choice: int) -> None:
        """Say what an outside firm touches, agree with it for a time, or end that."""
        if choice % 4 < 2:
            vendor_acts.describe(self.me, "Paywell", does="", data=[["health"], []][choice % 4], at=self.at)
        elif choice % 4 == 2:
            ends_on = self.today + timedelta(days=choice) if choice % 8 else None
            vendor_acts.agree(
                self.me, "Paywell", kind="health", reference="Drawer", ends_on=ends_on, at=self.at
            )
        else:
            vendor_acts.end_agreement(self.me, what + 1, at=self.at)

    def map(self, what: int, choice: int) -> None:
        """Follow a standard or leave it, name a safeguard or take that back."""
        number, safeguard = self.on(what).number, "hipaa 164.306(a)"
        match choice % 4:
            case 0:
                controls.map_to(self.me, number, safeguard, "supports", at=self.at)
            case 1:
                controls.unmap(self.me, number, safeguard, at=self.at)
            case 2:
                self.who = "leader"
                frameworks.follow(self.me, "hipaa", at=self.at)
            case _:
                self.who = "leader"
                frameworks.leave(self.me, "hipaa", at=self.at)

    def lose_time(self, what: int, choice: int) -> None:
        """Report time lost to a debt, take that back, or say where it is worked on."""
        address = f"https://github.com/larkspur/billing/issues/{choice % 3 + 1}"
        match choice % 5:
            case 0 | 1:
                debt_reports.report(self.me, 1, {"lost": f"{choice + 1} min"}, at=self.at)
            case 2:
                debt_reports.take_back(self.me, 1, what + 1, at=self.at)
            case 3:
                debt_tickets.link(self.me, 1, address, at=self.at)
            case _:
                debt_tickets.unlink(self.me, 1, what + 1, at=self.at)

    def measure(self, what: int, choice: int) -> None:
        """Take what another tool counted on a system, or take that back."""
        if choice % 3:
            found = sarif(f"Lint {choice % 2}")
            readings.take_file(self.me, "Billing", found, {"settings": f"{choice % 5}"}, at=self.at)
        else:
            newest = ExternalReading.select(ExternalReading.seq).order_by(ExternalReading.id.desc()).first()
            readings.take_back(self.me, "Billing", newest.seq if newest else 0, at=self.at)

    def prove(self, what: int, choice: int) -> None:
        receipts.give(self.me, f"Auditor {choice}", at=self.at)

    def owe(self, what: int, choice: int) -> None:
        match choice % 6:
            case 0 | 1:
                item = {"title": "Slow tests", "system": "Build", "security": bool(choice % 4)}
                debt.note(self.me, **item, decision=self.on(what).number, at=self.at)
            case 2:
                debt_links.link(self.me, 1, self.on(what).number, "incurred_by", at=self.at)
            case 3:
                debt.repay(self.me, 1, actual_days="2", decision=self.on(what).number, at=self.at)
            case 4:
                debt.mark_not_debt(self.me, 1, reason="It is a wish.", at=self.at)
            case _:
                debt.reopen(self.me, 1, reason="It is back.", at=self.at)

    def see_to_debt(self, what: int, choice: int) -> None:
        """Estimate a debt, plan it, begin, look whether the loss has gone, or write it off."""
        number = 1 + what % 2
        match choice % 6:
            case 0 | 1:
                typed = {"fix_days": str(1 + choice % 9), "monthly_loss": "0.5", "system": "Build"}
                typed |= {"owner": str(self.cast.member.id), "intent": "inadvertent", "care": "prudent"}
                debt_estimates.analyse(self.me, number, **typed, at=self.at)
            case 2:
                month = (self.today + timedelta(days=choice)).isoformat()
                debt_steps.schedule(self.me, number, starts_on=month, monthly_work="2", at=self.at)
            case 3:
                debt_steps.start(self.me, number, at=self.at)
            case 4:
                debt_steps.verify(self.me, number, gone="partly", left_over="20", at=self.at)
            case _:
                on = (self.today + timedelta(days=90)).isoformat()
                debt_steps.write_off(self.me, number, retires_on=on, at=self.at)

    def live_with_debt(self, what: int, choice: int) -> None:
        """Ask to live with a debt, answer for security, take it on, decline or withdraw."""
        number, until = 1 + what % 2, (self.today + timedelta(days=choice % 60)).isoformat()
        self.who = ("member", "vciso", "leader", "leader", "member")[choice % 5]
        match choice % 5:
            case 0:
                debt_carries.ask(self.me, number, reason="Later.", until=until, at=self.at)
            case 1:
                agrees = bool(what % 3)
                debt_carries.answer_for_security(self.me, number, agrees=agrees, words="So.", at=self.at)
            case 2:
                debt_carries.carry(self.me, number, reason="Later.", until=until, at=self.at)
            case 3:
                debt_carries.decline(self.me, number, at=self.at)
            case _:
                debt_carries.withdraw(self.me, number, at=self.at)


ACTS: dict[str, Callable[[Play, int, int], None]] = {
    name: getattr(Play, name)
    for name in vars(Play)
    if not name.startswith("_") and name not in {"me", "today", "on", "place", "four", "typed", "settle"}
}
# Who usually does it, so that most of what is drawn goes through; one in eight is done by anybody.
USUALLY = {
    **dict.fromkeys(ACTS, "cto"),
    **dict.fromkeys(
        (
            "answer",
            "take_back_answer",
            "same_meaning",
            "look_on",
            "take_review",
            "leave",
            "hand_over",
            "answer_claim",
            "sort_older",
            "look_again",
            "in_advance",
        ),
        "vciso",
    ),
    **dict.fromkeys(("risk", "role", "settings", "lead", "prove"), "leader"),
}
# What opens the way to everything else is drawn more often.
OFTEN = (
    *("propose", "accept", "accept", "accept", "answer", "take_back", "replace", "record", "lead"),
    *(
        "answer",
        "answer",
        "take_back_answer",
        "take_back_answer",
        "ask",
        "revise",
        "risk",
        "new_text",
        "ask_leader",
    ),
)
DRAWN = sorted([*ACTS, *OFTEN])
steps = st.lists(
    st.tuples(
        st.sampled_from(DRAWN),
        st.integers(0, 15),
        st.sampled_from(WAITS),
        st.integers(0, 3),
        st.integers(0, 215),
    ),
    min_size=1,
    max_size=30,
)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    return {table.__name__: sorted(table.select().tuples(), key=repr) for table in TABLES}


def play(steps: list[tuple[str, int, timedelta, int, int]], *, look: bool) -> Play:
    """Act step by step on an empty database and check what must hold at the end.

    `look` compares every table around every refused act.
    """
    with tempfile.TemporaryDirectory() as folder:
        company = Play(Path(folder))
        company.draft(0, 0)
        for name, who, wait, what, choice in steps:
            company.at += wait
            company.who = PEOPLE[(who - 2) % len(PEOPLE)] if who < 2 else USUALLY[name]
            act(company, name, what, choice, look=look)
            agrees(company)
    checked(company)
    return company


def act(company: Play, name: str, what: int, choice: int, *, look: bool) -> None:
    before = everything() if look else None
    last = Company.get_by_id(company.company_id).last_seq
    try:
        ACTS[name](company, what, choice)
    except Refused:
        if name not in ("replace", "import_files", "diverge"):  # two acts, or one act per batch
            assert Company.get_by_id(company.company_id).last_seq == last
            assert before is None or everything() == before, f"{name} was refused and left something"
    else:
        company.done[name] += 1


def agrees(company: Play) -> None:
    """Check that each decision's row says what its acts say now."""
    now = max(company.at, Company.get_by_id(company.company_id).last_event_at)
    spans = {span.subject_id: span.code for span in SpanRow.running(company.company_id, "status", now)}
    rows = {row.id: row for row in Decision.select()}
    assert {row.id: row.status for row in rows.values()} == spans
    waiting = {
        row.decision_id: row for row in Review.select().where(Review.state.in_(("waiting", "question")))
    }
    assert len(waiting) == Review.select().where(Review.state.in_(("waiting", "question"))).count()
    for row in rows.values():
        state = gates.state_of(row)
        assert gates.level_of(row) == state.level
        if row.id in waiting:
            assert waiting[row.id].level == state.level, "the desk reads one level's reviews by this"
        if row.status == "accepted":
            assert row.in_force == (state.in_force.number if state.in_force else None)
        if row.status in ("draft", "proposed"):
            asked(waiting.get(row.id), state)


def asked(review: Review | None, state: DecisionState) -> None:
    """Check that the review of an undecided decision waits as its acts say."""
    ask = state.open_ask
    assert (review is None) == (ask is None)
    if review is not None and ask is not None:
        assert (review.id, review.due_at, review.emergency) == (ask.review, ask.due_at, ask.emergency)
        assert (review.state == "question") == state.is_question_open


def checked(company: Play) -> None:
    stored = Company.get_by_id(company.company_id)
    difference = flags.check(stored)
    assert (difference.different, difference.stale) == ([], 0)
    report = verify(stored)
    assert report.broken is None and report.events == stored.last_seq
    counted(company, stored.last_event_at)


def counted(company: Play, last: datetime) -> None:
    """Check that the totals are the rows behind them, whenever one asks."""
    edges = {row[0] for row in SpanRow.select(SpanRow.starts).tuples()}
    moments = {edge + timedelta(seconds=step) for edge in list(edges)[:12] for step in (-1, 0, 1)}
    for kind in ("flag", "standing", "status"):
        for moment in {*moments, last, last + timedelta(days=40)}:
            rows = Counter((row.code, row.why) for row in SpanRow.running(company.company_id, kind, moment))
            assert tallies.running(company.company_id, kind, moment) == rows


EXAMPLES = {"sqlite": 80, "postgresql": 8}


def test_any_sequence_of_acts_leaves_flags_and_record_true(fresh_database, engine):
    @settings(max_examples=EXAMPLES[engine], suppress_health_check=list(HealthCheck))
    @given(steps=steps)
    def holds(steps):
        with fresh_database():
            play(steps, look=engine == "sqlite" and len(steps) < 12)

    with quick_passwords():
        holds()
