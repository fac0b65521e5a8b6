"""What is written of a decision, whatever the format: its own words in fields, or one whole text."""

from adr_app.domain.documents.record import Option
from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """How a decision stands to another one.

    `kind` is supersedes, amends, relates to or depends on; `inward` tells that the other one acts. `label` is
    what the other one is called, `address` the way to its file from this one's (not escaped, may be empty),
    `number` its number in the log.
    """

    kind: str
    label: str
    address: str = ""
    inward: bool = False
    part: bool = False
    note: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Security:
    """Where a decision stands with security: the words, and what was said and done, one line each."""

    words: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """What is written of a decision; texts are Markdown, `date` is ISO, `extra` are further metadata.

    `number` is the one in its file's name, `log_number` and `reference` those of the log.

    `status_words` are the status as its own file puts it, where that says more than one word.

    A decision that is one whole text has it in `body`, and its fields from context to sections are what was
    found in it.
    `front_matter` are lines of YAML to be kept as they are, `flat` the same as pairs for formats without
    YAML. `states_itself` tells that the body has a section that states its status.
    `safeguards` says line by line what it does to which; formats for people's own files leave it to the log.
    """

    title: str
    number: int | None = None
    reference: str = ""
    log_number: int | None = None
    status: str | None = None
    status_words: str = ""
    date: str | None = None
    deciders: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    context: str = ""
    drivers: str = ""
    options: tuple[Option, ...] = ()
    decision: str = ""
    consequences: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    body: str = ""
    states_itself: bool = False
    relations: tuple[Relation, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    front_matter: str = ""
    flat: tuple[tuple[str, str], ...] = ()
    security: Security | None = None
    safeguards: tuple[str, ...] = ()
    path: str = ""

    def replaced_by(self) -> tuple[Relation, ...]:
        """Return what replaces this decision as a whole."""
        return tuple(r for r in self.relations if r.kind == "supersedes" and r.inward and not r.part)
