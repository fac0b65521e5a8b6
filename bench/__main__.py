"""`python -m bench`: measure a large log's pages and flags and the import of files; say what is reached."""

import argparse
import json
from pathlib import Path

from bench import flags, importing, pages


def main() -> None:
    """Measure and report; nothing is asserted, so a busy machine breaks no build."""
    wanted = _arguments()
    told = {}
    if wanted.what in ("pages", "all"):
        told["pages"] = pages.measure(wanted.decisions, wanted.folder, profile=wanted.profile)
        if not wanted.json:
            pages.tell(told["pages"])
    if wanted.what in ("flags", "all"):
        told["flags"] = flags.measure(wanted.decisions, wanted.folder)
        if not wanted.json:
            flags.tell(told["flags"])
    if wanted.what in ("import", "all"):
        told["import"] = importing.measure(wanted.files, wanted.folder, wanted.corpus, profile=wanted.profile)
        if not wanted.json:
            importing.tell(told["import"])
    if wanted.json:
        print(json.dumps(told, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measure the pages of a large log, then the import of many files.",
        epilog="What is not reached is said with its profile. `python -m bench.gate` measures the gate.",
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=("all", "pages", "flags", "import"),
        default="all",
        help="all three, unless told",
    )
    parser.add_argument("--decisions", type=int, default=100_000, help="how many the big company has")
    parser.add_argument("--files", type=int, default=10_000, help="how many are imported")
    parser.add_argument(
        "--corpus", type=Path, help="import the Markdown files of this folder, repeated, not made-up ones"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("adr-data/bench"), help="where built logs are kept"
    )
    parser.add_argument("--profile", action="store_true", help="profile also what is reached")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
