"""`python -m bench.fuzz`: look for texts that the reader of records fails on, or takes too long for.

Three searches. The first puts whole texts made to stall a reader (`bench.shapes`) before it, the second nasty
pieces, one after the other and in pairs, in every place of a record; both double their number, and time that
grows faster than the text is told. The third hands generated texts to the reader until the time is up; it is
led by the reader's own branches where `atheris` is installed.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from adr_app.domain.documents import Source, read_records
from adr_app.domain.gate.facts import facts_of
from adr_app.domain.gate.material import material_digest
from adr_app.services.decoding import decode
from bench.shapes import SHAPES

PIECES = (
    "[", "]", "](", "[x](", "(", ")", "<!--", "-->", "<!-- x", "`", "```\n", "~~~\n", "~~", "*", "**",
    "__", "_", "# ", "## x\n", "### Option 1\n", "> ", ">", "| ", "|\n", "| a | b |\n", "|---|---|\n",
    "- ", "- x\n", "- [x](0001-a.md)\n", "1. ", "  - x\n", "a: ", "a: b\n", "**a**: b\n", "status: ",
    "Status: accepted\n", "superseded by [", "supersedes ", "Superseded by ADR-0001, ",
    "amends [a](0001-a.md) ", "replaces ", "ADR-1 ", "0001-a.md ", "[ADR-1] ", "[a]: b\n", "{{<",
    "{{< ref ", "{", "}", "{{{{", "<a ", "<a name=", "<br>", "&amp;", "&#", "\\", "'", '"', ",", ", ",
    "; ", ". ", " and ", " or ", "|", "/", "-", "--", "---\n", "===\n", "...\n", "+++\n", "!!! info\n",
    "    x\n", "\t", " ", "\n", "\n\n", "x", "x ", "0", "2020-01-01 ", "1/2/2020, ", "Jan ",
    "january 1", "@a ", "A B ", "A, ", "é", "́", "\ufeff", "状态", "🚀", "* Good, because x\n",
    "Pros: x\n", "**Pros**\n", "Chosen option: ", "chosen option: x, because ",
    "<!-- DECISION-A-1 -->\n## Decision: x\n", "~~x~~ ", "<del>", "(x", "http://",
    "https://github.com/a/b/blob/m/",
)  # fmt: skip
PLACES = {
    "body": "# T\n\n## Status\n\nAccepted\n\n## Context\n\n{}\n",
    "status": "# T\n\n## Status\n\n{}\n\n## Context\n\nx\n",
    "title": "# {}\n\n## Status\n\nAccepted\n\n## Context\n\nx\n",
    "header": "# T\n\nStatus: {}\n\n## Context\n\nx\n",
    "lines": "# T\n\n{}\n",
    "metadata": "---\nstatus: {}\n---\n# T\n\n## Context\n\nx\n",
    "block": "---\nstatus: accepted\n{}\n---\n# T\n\n## Context\n\nx\n",
    "links": "---\nsupersedes: {}\n---\n# T\n\n## Decision\n\nx\n",
    "options": "# T\n\n## Considered Options\n\n{}\n\n## Decision Outcome\n\nChosen option: x\n",
    "arguments": "# T\n\n## Considered Options\n\n* x\n\n## Pros and Cons of the Options\n\n### x\n\n{}\n",
    "people": "# T\n\n- Status: accepted\n- Deciders: {}\n\n## Context\n\nx\n",
    "changes": "# T\n\n## Changelog\n\n{}\n\n## Context\n\nx\n",
    "start": "{}\n# T\n\n## Status\n\nAccepted\n\n## Context\n\nx\n",
}


@dataclass(frozen=True)
class Slow:
    """A text whose time grew too much: where its pieces stood, its length, seconds for it and twice it."""

    place: str
    piece: str
    length: int
    once: float
    twice: float


def seconds(text: str) -> float:
    """Return the processor time of reading one record, at its best of two."""
    return min(_read_once(text) for _ in range(2))


def _read_once(text: str) -> float:
    content = text.encode("utf-8", "replace")
    began = time.process_time()
    read_bytes(content)
    return time.process_time() - began


def read_bytes(content: bytes) -> None:
    """Read a folder of two records, one of them of these bytes, and look at both as the gate does."""
    source = decode(content)
    if isinstance(source, Source):
        other = Source("# A\n\n## Status\n\nAccepted\n\n## Context\n\nx\n", {})
        for record in read_records({"adr/0002-t.md": source, "adr/0001-a.md": other}).records:
            facts_of(record, ("context",))
            material_digest(record.front_matter + record.body)


def growing(size: int, pairs: int, seed: int) -> Iterator[Slow]:
    """Yield the texts of pieces whose time more than triples when their length doubles, or is long at all."""
    chosen = [*PIECES]
    rest = list(itertools.permutations(PIECES, 2))
    random.Random(seed).shuffle(rest)
    chosen += ["".join(pair) for pair in rest[:pairs]]
    for piece in chosen:
        for place, frame in PLACES.items():
            yield from _grown(place, piece, [_text(frame, piece, n) for n in (size // 8, size, 2 * size)])


def shaped(size: int) -> Iterator[Slow]:
    """Yield the shapes whose time more than triples when their length doubles, or is long at all."""
    for name, shape in SHAPES.items():
        count = size * 100 // len(shape(100))
        yield from _grown("shape", name, [shape(n) for n in (count // 8, count, 2 * count)])


def _grown(place: str, piece: str, texts: list[str]) -> Iterator[Slow]:
    """Yield what was measured where time grew too much over an eighth of a text, the text, and twice it."""
    small, once, twice = texts
    before = seconds(small)
    if before > _HOPELESS:
        yield Slow(place, piece, len(small), before, 0)
        return
    first = seconds(once)
    if first > _SHORT * len(once):
        second = seconds(twice)
        if second > 3 * first:  # a machine that does something else besides looks the same once
            first, second = max(first, seconds(once)), min(second, seconds(twice))
        if second > 3 * first or second > _LONG * len(twice):
            yield Slow(place, piece, len(once), first, second)


_HOPELESS = 1.0
"""Seconds for the smallest text behind which larger ones are not tried."""

_SHORT, _LONG = 1e-7, 2e-5
"""Seconds for a character: less than the first is fast whatever it does, more than the second is slow."""


def _text(frame: str, piece: str, length: int) -> str:
    return frame.replace("{}", piece * (length // len(piece)))


def wandering(until: float, seed: int) -> int:
    """Read random texts made of pieces until a moment of the processor's clock; return how many."""
    chance, count = random.Random(seed), 0
    while time.process_time() < until:
        parts = [chance.choice(PIECES) for _ in range(chance.randrange(1, 60))]
        text = chance.choice(list(PLACES.values())).replace("{}", "".join(parts))
        read_bytes(text.encode("utf-8", "replace"))
        count += 1
    return count


def led(seconds_: int) -> None:
    """Let `atheris` look for failures, led by which branches of the reader a text takes."""
    import atheris  # type: ignore[import-not-found]

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds_}", "-max_len=4000"], read_bytes)
    atheris.Fuzz()


def main() -> None:
    """Run the searches and tell what was found; the exit code is 1 where anything was."""
    parser = argparse.ArgumentParser(prog="bench.fuzz", description=__doc__)
    parser.add_argument("--size", type=int, default=30_000, help="characters of the smaller text")
    parser.add_argument("--pairs", type=int, default=100, help="how many pairs of pieces are tried")
    parser.add_argument("--seconds", type=int, default=60, help="processor time for random texts")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--led", action="store_true", help="use atheris, which must be installed")
    wanted = parser.parse_args()
    if wanted.led:
        led(wanted.seconds)
        return
    found = 0
    searched = itertools.chain(shaped(10 * wanted.size), growing(wanted.size, wanted.pairs, wanted.seed))
    for slow in searched:
        found += 1
        then = f", twice as long {slow.twice:.3f} s" if slow.twice else ""
        print(
            f"{slow.place:10} {slow.piece!r:30} {slow.length} characters {slow.once:.3f} s{then}", flush=True
        )
    count = wandering(time.process_time() + wanted.seconds, wanted.seed)
    print(f"{found} texts grew too slow; {count} random texts were read without a failure")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
