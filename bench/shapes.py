"""Texts made to stall a reader, by how many pieces each has: what one repeated piece cannot show."""

from collections.abc import Callable

Shape = Callable[[int], str]

_TOP = "# T\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n"
_REST = _TOP.removeprefix("# T\n\n")
_BLOCK = "---\nstatus: accepted\n@\n---\n# T\n\n## Context\n\nx\n"
_TOML = '+++\ntitle = "T"\n@\n+++\n# T\n\n## Context\n\nx\n'
_SPOKEN = "<!-- DECISION-{} -->\n## Decision: x\n\nStatus: active\n\n"
_OPTIONS = f"{_TOP}## Considered Options\n\n@"


def _each(piece: str, frame: str = f"{_TOP}@") -> Shape:
    """Return a frame in whose place a piece stands many times, each with its own number."""
    return lambda n: frame.replace("@", "".join(piece.replace("{}", str(i)) for i in range(n)))


def _within(opening: str, closing: str, frame: str) -> Shape:
    return lambda n: frame.replace("@", opening * n + closing * n)


def _deeper(step: str, line: str, frame: str = f"{_TOP}@") -> Shape:
    """Return a frame with lines that stand one step deeper each; the text grows with `n`, not its square."""
    return lambda n: frame.replace("@", "\n".join(step * i + line for i in range(int(n**0.5) * 4)))


SHAPES: dict[str, Shape] = {
    "options under headings": _each("### Option {}\n\nx\n\n", _OPTIONS),
    "sections of options": _each("## Options\n\n### Option {}\n\n"),
    "headings of every level": _each("# Option {}\n###### Option\n### Option {}\n"),
    "arguments": lambda n: (
        _each("* o {}\n", _OPTIONS)(n)
        + _each("### o {}\n* Good, because x\n\n", "\n## Pros and Cons of the Options\n\n@")(n)
    ),
    "an item over many lines": _each("b\n", f"{_OPTIONS.replace('@', '* a')}\n@"),
    "lists within lists": _deeper("  ", "- a"),
    "items on one line": _each("- ", f"{_TOP}@a\n"),
    "quotations within quotations": _deeper("> ", "a"),
    "longer and longer code": _deeper("`", " [a](b)"),
    "fences": _each("``` a\n"),
    "backticks": _each("`", f"{_TOP}[a](b) @\n"),
    "empty lines": _each("\n", f"{_TOP}@status"),
    "empty quotations": _each("> \n", f"{_TOP}@status"),
    "comments never closed": _each("<!-- a\n"),
    "a value over many lines": _each("b\n", f"# T\n\nDeciders: a\n@\n{_REST}"),
    "fields": _each("Field {}: a\n", f"# T\n\n@\n{_REST}"),
    "a wide table": lambda n: f"# T\n\n|{' a |' * n}\n|{'---|' * n}\n|{' b |' * n}\n\n{_REST}",
    "lists within YAML": _within("[", "]", _BLOCK.replace("@", "a: @")),
    "mappings within YAML": _within("{a: ", "}", _BLOCK.replace("@", "a: @")),
    "steps of YAML": _deeper(" ", "a:", _BLOCK),
    "dashes of YAML": _each("- ", _BLOCK.replace("@", "a:\n@x")),
    "keys of YAML": _each("k{}: 'v' x\n", _BLOCK),
    "one key of YAML": _each("k: v\n", _BLOCK),
    "links of YAML": _each("  - target: {}\n    kind: supersedes\n", _BLOCK.replace("@", "links:\n@")),
    "YAML never closed": _each("a: b\n", "---\nstatus: accepted\n@"),
    "steps of TOML": _each("a.", _TOML.replace("@", "@b = 1")),
    "lists within TOML": _within("[", "]", _TOML.replace("@", "a = @")),
    "decisions in one file": _each(_SPOKEN, "@"),
    "decisions of one name": _each(_SPOKEN.replace("{}", "A-1"), "@"),
    "numbered decisions": _each("## ADR-{}: x\n\nStatus: accepted\n\n", "# Log\n\n@"),
    "marks on a letter": _each("\u0301\u0323", f"{_TOP}e@\n"),
}
"""Every such text by what is in it, with `n` pieces."""
