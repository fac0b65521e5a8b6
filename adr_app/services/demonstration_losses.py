"""What the demonstration knows of a debt besides what was noted: time really lost, and a tool's counts."""

from adr_app.domain.readings import SONARQUBE, Measure, Reading
from adr_app.services import debt_reports, debt_tickets, readings
from adr_app.services.demonstration_cast import SAM, TOMAS
from adr_app.services.demonstration_story import Story

LOST = (
    (8, "6", "Two patients stood at the door for one appointment."),
    (6, "2.5", "Checked by hand what both places say."),
    (4, "90 min", ""),
)
"""How many days ago, how long, and what happened."""

COUNTED = (
    (64, "10.4.1", 2_350, 41_200),
    (50, "10.4.1", 2_410, 42_000),
    (36, "10.5.0", 1_120, 42_900),
    (22, "10.5.0", 1_205, 43_400),
    (8, "10.5.0", 1_190, 43_800),
)
"""How many days ago, by which version, the minutes it gives for its findings, and the lines of code.

The newer version has other rules: what looks like debt repaid is none.
"""


def measure(story: Story, number: int, system: str) -> None:
    """Let the team lose time to an item, and the CTO take readings of its system."""
    for days_ago, lost, text in LOST:
        story.act(days_ago, TOMAS, debt_reports.report, number, {"lost": lost, "text": text})
    address = "https://github.com/larkspur-dental/booking/issues/118"
    story.act(4, SAM, debt_tickets.link, number, address)
    for days_ago, version, minutes, lines in COUNTED:
        numbers = (Measure("sqale_index", minutes * 1000, "minutes"), Measure("ncloc", lines * 1000, "lines"))
        read = Reading(SONARQUBE, version, "Sonar way", numbers, story.day(-days_ago))
        story.act(3, SAM, readings.take, system, [read], {})
