"""What was found, where, and the table of everything that can be."""

from dataclasses import dataclass

from adr_app.domain.gate.rules import RULES, Rule


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing found: where (a path, and a line from 1), by which rule, and what fills its sentence."""

    path: str
    line: int
    code: str
    detail: str = ""

    @property
    def rule(self) -> Rule:
        """Return the rule that found it."""
        return RULES[self.code]

    @property
    def message(self) -> str:
        """Return what was found, as a sentence for a person."""
        return self.rule.sentence.replace("{}", self.detail)


def table() -> str:
    """Return every rule as a Markdown table, as docs/gate.md shows it."""
    lines = ["| finding | severity | what it means | what to do |", "| --- | --- | --- | --- |"]
    for rule in RULES.values():
        said = (
            f"{rule.title}. {rule.sentence.replace('{}', '…')}" if rule.sentence != "{}" else f"{rule.title}."
        )
        lines.append(f"| `{rule.code}` | {rule.severity} | {said} | {rule.todo} |")
    return "\n".join(lines) + "\n"
