"""The demonstration's technical debt: repaid and checked, planned, lived with, and only noted."""

from adr_app.services import debt, debt_carries, debt_estimates, debt_steps, demonstration_losses, systems
from adr_app.services.demonstration_cast import PRIYA, SAM, TOMAS, VERA
from adr_app.services.demonstration_story import Story

ROUGHLY = {"intent": "inadvertent", "care": "prudent"}
KNOWINGLY = {"intent": "deliberate", "care": "prudent"}


def begin(story: Story) -> None:
    """Note the first debt and plan its fix."""
    typed = story.act(
        73.5, TOMAS, debt.note, title="Appointments are typed in twice", system="Reception",
        symptoms="Once for the day's list, once for the bill; the two differ by Friday.",
    )  # fmt: skip
    story.act(
        73.4, SAM, debt_estimates.analyse, typed.number, system="Reception", fix_days="5", monthly_loss="2",
        owner=story.id_of(TOMAS), kind="process", **ROUGHLY,
    )  # fmt: skip
    month = f"{story.day(-60):%Y-%m}"
    story.act(73.3, SAM, debt_steps.schedule, typed.number, starts_on=month, monthly_work="5")


def repay(story: Story) -> None:
    """Repay the first debt."""
    story.act(44.5, TOMAS, debt_steps.start, 1)
    story.act(43.9, TOMAS, debt.repay, 1, actual_days="6.5")


def go_on(story: Story) -> None:
    """Note more, estimate it, live with what concerns security, and look whether the first loss has gone."""
    slow = story.act(
        28, TOMAS, debt.note, title="Bookings are checked twice, in two places", system="Booking"
    )
    story.act(
        27, SAM, debt_estimates.analyse, slow.number, system="Booking", fix_days="9", monthly_loss="2.5",
        owner=story.id_of(TOMAS), kind="code", **ROUGHLY,
    )  # fmt: skip
    poll = story.act(
        26, TOMAS, debt.note, title="The queue table is polled every second", system="Booking",
        symptoms="The database is busy all night with nothing to do.", decision=5,
    )  # fmt: skip
    story.act(
        25.5, SAM, debt_estimates.analyse, poll.number, system="Booking", fix_days="6", monthly_loss="3",
        owner=story.id_of(SAM), kind="architecture", benefit="The release went out in its week.", **KNOWINGLY,
        detail={
            "fix_low": "4", "fix_high": "11", "loss_low": "2", "loss_high": "5", "growth": "slowly",
            "growth_reason": "Every new clinic adds its own polling.", "confidence": "some",
        },
    )  # fmt: skip
    size = {"rebuild": "120", "effort": "14", "criticality": "high", "goal": "improve"}
    story.act(25.4, SAM, systems.describe, "Booking", size)
    month = f"{story.day(31):%Y-%m}"
    story.act(19, SAM, debt_steps.schedule, poll.number, starts_on=month, monthly_work="4")
    _live_with_keys(story)
    story.act(10, TOMAS, debt_steps.verify, 1, gone="partly", left_over="10")
    story.act(9, TOMAS, debt.note, title="Nobody knows why the nightly report needs four hours")
    demonstration_losses.measure(story, slow.number, "Booking")


def _live_with_keys(story: Story) -> None:
    keys = story.act(
        18, VERA, debt.note, title="Server keys are the same in every clinic", system="Clinic servers",
        symptoms="Whoever has one key opens all seven servers.", kind="security",
    )  # fmt: skip
    story.act(
        17, SAM, debt_estimates.analyse, keys.number, system="Clinic servers", fix_days="8",
        monthly_loss="0.5", owner=story.id_of(SAM), benefit="Seven clinics in a year.", **KNOWINGLY,
    )  # fmt: skip
    until = story.day(90).isoformat()
    why = "The servers are replaced in spring; new keys come with the new ones."
    story.act(16, SAM, debt_carries.ask, keys.number, reason=why, until=until)
    said = "Fine until spring: the servers answer from inside only."
    story.act(15, VERA, debt_carries.answer_for_security, keys.number, agrees=True, words=said)
    story.act(14, PRIYA, debt_carries.carry, keys.number)
