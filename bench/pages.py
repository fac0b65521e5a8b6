"""Measures the pages of a large log: what each costs, and what is reached."""

from pathlib import Path
from typing import Any

from bench.building import BIG, SMALL, Size, prepared
from bench.measuring import Cost, Page, measured, pages_of, served
from bench.profiling import of_page

BARE_TIMES = 5
"""The layout page may cost so many times what a bare Flask route costs."""


def measure(decisions: int, folder: Path, *, profile: bool) -> dict[str, Any]:
    """Build the log, serve it, measure its pages and return what each costs and what is reached.

    What is not reached, or with `profile` every page, is said with the functions that take the time.
    """
    size = Size(decisions, min(decisions, Size.small))
    url = prepared(size, folder)
    pages = pages_of(url)
    with served(url) as address:
        costs = {slug: measured(address, pages[slug]) for slug in (BIG, SMALL)}
    found = rows(pages[BIG], costs[BIG], costs[SMALL])
    for page, row in zip(pages[BIG], found, strict=True):
        if row["reached"] is False or (profile and page.token):
            row["profile"] = of_page(url, page)
    return {
        "decisions": size.big,
        "compared_with": size.small,
        "others": size.others,
        "each": size.each,
        "pages": found,
    }


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


def tell(told: dict[str, Any]) -> None:
    """Print what was measured as a table, and the profiles below it."""
    found = told["pages"]
    print(f"{told['decisions']} decisions in one company, compared with {told['compared_with']} in another;")
    print(
        f"{told['others']} others have {told['each']} each. Shares and growth are of the server's processor"
    )
    print(f"time. The layout page: at most {BARE_TIMES} times the bare route\n")
    head = ("page", "req/s", "ms", "x bare", "of layout", "wanted", "queries", "growth", "below", "")
    print("{:22}{:>8}{:>8}{:>8}{:>10}{:>8}{:>9}{:>8}{:>7}  {}".format(*head))
    for row in found:
        reached = {True: "reached", False: "NOT REACHED", None: ""}[row["reached"]]
        print(
            f"{row['page']:22}{row['requests_per_second']:>8}{row['processor_ms']:>8}{row['times_bare']:>8}"
            f"{row['share_of_layout']:>10}{row['share_wanted'] or '':>8}{row['queries']:>9}{row['growth']:>8}"
            f"{row['growth_wanted'] or '':>7}  {reached}"
        )
    for row in found:
        if "profile" in row:
            print(f"\n{row['page']}: where its time goes, by own time of each function\n{row['profile']}")
