"""The bridge of a period: what was owed at its beginning, what came and went, and what is owed at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from adr_app.domain.debt_flow import Flow
from adr_app.web.axes import LEFT, RIGHT, TOP, frame, grid, legend, line, round_steps, swatch, text
from adr_app.web.debt_numbers import days, long_day, short_day, working_days

HEIGHT = 220
TITLE = "What changed in what we owe"


@dataclass(frozen=True, slots=True)
class Step:
    """One column of the bridge: its words, what it adds, and where it begins and ends, in hundredths."""

    words: tuple[str, str]
    amount: int
    start: int
    end: int
    is_whole: bool = False


def steps_of(flow: Flow, first: date, last: date) -> list[Step]:
    """Return the columns of a bridge from one day to another, both counted."""
    begun = ("Owed", short_day(first))
    found = [Step(begun, flow.opening, 0, flow.opening, True)]
    at = flow.opening
    for words, amount in (
        (("New", ""), flow.incurred),
        (("Grown", ""), flow.grown),
        (("Estimated", "anew"), flow.re_estimated),
        (("Repaid", ""), -flow.repaid),
        (("Not worth", "fixing"), -flow.written_off),
    ):
        found.append(Step(words, amount, at, at + amount))
        at += amount
    return [*found, Step(("Owed", short_day(last)), flow.closing, 0, flow.closing, True)]


def bridge(flow: Flow, first: date, last: date, *, name: str = "bridge") -> Markup:
    """Return the bridge of a period as a picture."""
    steps = steps_of(flow, first, last)
    ys = round_steps(max(max(step.start, step.end) for step in steps) / 100)
    high, slot = ys[-1] * 100, (RIGHT - LEFT) / len(steps)
    body = [grid(ys, HEIGHT, "Working days to fix everything")]
    for at, step in enumerate(steps):
        body.append(_column(step, LEFT + slot * at, slot, high, name))
        if at + 1 < len(steps) and step.end:
            y = TOP + HEIGHT * (1 - step.end / high)
            body.append(line("chart-grid", LEFT + slot * (at + 0.86), y, LEFT + slot * (at + 1.14), y))
    textures = (
        f'<defs><pattern id="{escape(name)}-more" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path class="chart-weave chart-weave-more" d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5"/></pattern></defs>'
    )
    return frame(name, TITLE, bridge_sentence(flow, first, last), TOP + HEIGHT + 44, textures + "".join(body))


def bridge_sentence(flow: Flow, first: date, last: date) -> str:
    """Return what the bridge says, in a sentence."""
    if flow == Flow():
        return f"Nothing with an estimate was owed between {long_day(first)} and {long_day(last)}."
    change = flow.closing - flow.opening
    if change:
        whole = f"What we owe {'rose' if change > 0 else 'fell'} by {working_days(abs(change))}"
        whole += f" to {days(flow.closing)}"
    else:
        whole = f"What we owe stayed the same at {working_days(flow.closing)}"
    anew = f"{'more' if flow.re_estimated > 0 else 'less'} by new estimates"
    parts = [
        (flow.incurred, "new"),
        (flow.grown, "by growth"),
        (abs(flow.re_estimated), anew),
        (flow.repaid, "repaid"),
        (flow.written_off, "not worth fixing"),
    ]
    said = [f"{days(amount)} {words}" for amount, words in parts if amount]
    return f"{whole}: {_listed(said)}." if said else f"{whole}."


def bridge_rows(flow: Flow, first: date, last: date) -> list[list[str]]:
    """Return the table twin: a row for each column, with what it adds or takes."""
    return [
        [" ".join(step.words).strip(), days(step.amount) if step.is_whole else _signed(step.amount)]
        for step in steps_of(flow, first, last)
    ]


def bridge_head() -> list[str]:
    """Return the head of the table twin."""
    return ["What", "Working days"]


def bridge_legend() -> Markup:
    """Return what the columns mean."""
    more = '<rect class="chart-more" x="1" y="1" width="14" height="14"/>'
    return legend(
        [
            swatch('<rect class="chart-owed" x="1" y="1" width="14" height="14"/>', "Owed"),
            swatch(more, "More owed"),
            swatch('<rect class="chart-less" x="1" y="1" width="14" height="14"/>', "Less owed"),
        ]
    )


def _column(step: Step, left: float, slot: float, high: float, name: str) -> str:
    top = TOP + HEIGHT * (1 - max(step.start, step.end) / high)
    height = max(HEIGHT * abs(step.end - step.start) / high, 1.5 if step.amount else 0)
    kind = "chart-owed" if step.is_whole else "chart-more" if step.amount > 0 else "chart-less"
    middle = left + slot / 2
    shown = days(step.amount) if step.is_whole else _signed(step.amount)
    place = f'x="{left + slot * 0.14:.2f}%" y="{top:.1f}" width="{slot * 0.72:.2f}%" height="{height:.1f}"'
    parts = [text(shown, middle, top - 6, kind="chart-total")]
    if height:
        parts.append(f'<rect class="{kind}" {place}/>')
    if kind == "chart-more" and height:
        parts.append(f'<rect class="chart-cover" {place} fill="url(#{escape(name)}-more)"/>')
    parts += [
        text(words, middle, TOP + HEIGHT + 16 + 14 * at) for at, words in enumerate(step.words) if words
    ]
    return "".join(parts)


def _signed(amount: int) -> str:
    return f"+{days(amount)}" if amount > 0 else days(amount)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
