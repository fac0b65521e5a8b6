"""`python -m bench`: build the log, serve it, measure its pages, and say what is reached."""

import argparse
import json
from pathlib import Path
from typing import Any

from bench.building import BIG, SMALL, Size, prepared
from bench.measuring import Cost, Page, measured, pages_of, served

BARE_TIMES = 5
"""The layout page may cost so many times what a bare Flask route costs."""


def main() -> None:
    """Measure and report; nothing is asserted, so a busy machine breaks no build."""
    wanted = _arguments()
    size = Size(wanted.decisions, min(wanted.decisions, Size.small))
    url = prepared(size, wanted.folder)
    pages = pages_of(url)
    with served(url) as address:
        costs = {slug: measured(address, pages[slug]) for slug in (BIG, SMALL)}
    found = rows(pages[BIG], costs[BIG], costs[SMALL])
    if wanted.json:
        print(json.dumps({"decisions": size.big, "compared_with": size.small, "pages": found}, indent=2))
    else:
        _table(size, found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the pages on a large log.")
    parser.add_argument("--decisions", type=int, default=100_000, help="how many the big company has")
    parser.add_argument(
        "--folder", type=Path, default=Path("adr-data/bench"), help="where built logs are kept"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def rows(pages: list[Page], big: dict[str, Cost], small: dict[str, Cost]) -> list[dict[str, Any]]:
    """Return one line of figures for each page, and whether it reaches what it should."""
    layout, bare = big["layout"], big["bare"]
    found = []
    for page in pages:
        cost = big[page.name]
        share = layout.seconds / cost.seconds
        growth = cost.seconds / small[page.name].seconds
        wants = []
        if page.name == "layout":
            wants.append(cost.seconds <= BARE_TIMES * bare.seconds)
        if page.share is not None:
            wants.append(share >= page.share)
        if page.growth is not None:
            wants.append(growth < page.growth)
        found.append(
            {
                "page": page.name,
                "requests_per_second": round(cost.rate, 1),
                "processor_ms": round(cost.seconds * 1000, 2),
                "times_bare": round(cost.seconds / bare.seconds, 2),
                "share_of_layout": round(share, 3),
                "share_wanted": page.share,
                "queries": round(cost.queries, 1),
                "growth": round(growth, 2),
                "growth_wanted": page.growth,
                "reached": all(wants) if wants else None,
            }
        )
    return found


def _table(size: Size, found: list[dict[str, Any]]) -> None:
    print(f"{size.big} decisions in one company, compared with {size.small} in another; {size.others}")
    print(f"others have {size.each} each. Shares and growth are of the server's processor time.")
    print(f"layout page: at most {BARE_TIMES} times the bare route\n")
    head = ("page", "req/s", "ms", "x bare", "of layout", "wanted", "queries", "growth", "below", "")
    print("{:22}{:>8}{:>8}{:>8}{:>10}{:>8}{:>9}{:>8}{:>7}  {}".format(*head))
    for row in found:
        reached = {True: "reached", False: "NOT REACHED", None: ""}[row["reached"]]
        print(
            f"{row['page']:22}{row['requests_per_second']:>8}{row['processor_ms']:>8}{row['times_bare']:>8}"
            f"{row['share_of_layout']:>10}{row['share_wanted'] or '':>8}{row['queries']:>9}{row['growth']:>8}"
            f"{row['growth_wanted'] or '':>7}  {reached}"
        )


if __name__ == "__main__":
    main()
