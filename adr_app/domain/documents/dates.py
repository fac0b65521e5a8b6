"""Calendar days as people write them: given as ISO text, or not at all when they cannot be told."""

import re
from calendar import monthrange
from collections.abc import Iterable
from itertools import pairwise

from adr_app.domain.values import dataclass

_MONTHS = {
    "jan": 1, "feb": 2, "fév": 2, "mar": 3, "mär": 3, "mrt": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5,
    "mai": 5, "mei": 5, "maj": 5, "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aoû": 8, "ago": 8,
    "sep": 9, "set": 9, "oct": 10, "okt": 10, "out": 10, "nov": 11, "dec": 12, "dez": 12, "déc": 12,
    "dic": 12, "ene": 1, "gen": 1, "fev": 2, "mag": 5, "giu": 6, "lug": 7, "ott": 10,
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
    "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_ISO = re.compile(r"(?<![\w.-])(\d{4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?![\d-])(?=T\d|[^\w]|$)")
_COMPACT = re.compile(r"(?<![\w.-])((?:19|20)\d\d)([01]\d)([0-3]\d)(?![\w-])")
_PARTS = re.compile(r"(?<![\w./-])(\d{1,2})([-/.])(\d{1,2})\2((?:\d\d)?\d\d)(?![\w-])")
_NAME = r"([^\W\d_]{3,10})\.?"
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]+(?:of\s+"
    rf"|de\s+)?{_NAME},?[\s-]+(?:de\s+)?(\d{{4}})(?!\w)",
    re.I,
)
_MONTH_FIRST = re.compile(rf"(?<!\w){_NAME}[\s-]+(\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]+(\d{{4}})(?!\w)", re.I)
_YEAR_FIRST = re.compile(rf"(?<!\w)(\d{{4}})[\s,-]+{_NAME}[\s-]+(\d{{1,2}})(?:st|nd|rd|th)?(?!\w)", re.I)
_JAPANESE = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Day:
    """A day found in a text: ISO `text`, or the two numbers of a day whose order only others can tell."""

    text: str | None
    at: int
    first: int = 0
    second: int = 0
    year: int = 0
    impossible: bool = False


def iso(year: int, month: int, day: int) -> str | None:
    """Return the ISO text of a calendar day, or None when there is no such day."""
    if year < 100:
        year += 2000 if year < 70 else 1900
    if not (1900 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year:04}-{month:02}-{day:02}"


def _month(name: str) -> int:
    name = name.casefold()
    return _MONTHS.get(name[:4], _MONTHS.get(name[:3], 0))


def find_day(text: str) -> Day | None:
    """Return the first day that a text names, however it is written, or None when it names none."""
    if not _DIGIT.search(text):
        return None
    found: list[Day] = []
    if m := _ISO.search(text):
        found.append(_day(m, int(m[1]), int(m[3]), int(m[4])))
    if m := _PARTS.search(text):
        found.append(_parts(m))
    if (m := _DAY_FIRST.search(text)) and (month := _month(m[2])):
        found.append(_day(m, int(m[3]), month, int(m[1])))
    if (m := _MONTH_FIRST.search(text)) and (month := _month(m[1])):
        found.append(_day(m, int(m[3]), month, int(m[2])))
    if (m := _YEAR_FIRST.search(text)) and (month := _month(m[2])):
        found.append(_day(m, int(m[1]), month, int(m[3])))
    if m := _COMPACT.search(text):
        found.append(_day(m, int(m[1]), int(m[2]), int(m[3])))
    if m := _JAPANESE.search(text):
        found.append(_day(m, int(m[1]), int(m[2]), int(m[3])))
    return min(found, key=lambda day: day.at, default=None)


def _day(match: re.Match[str], year: int, month: int, day: int) -> Day:
    text = iso(year, month, day)
    return Day(text, match.start(), impossible=text is None)


def _parts(match: re.Match[str]) -> Day:
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if mark == ".":
        return _day(match, year, second, first)
    day_first, month_first = iso(year, second, first), iso(year, first, second)
    if day_first is None and month_first is None:
        return Day(None, match.start(), impossible=True)
    if day_first == month_first or first > 12 or second > 12:
        return Day(day_first or month_first, match.start(), first, second, year)
    return Day(None, match.start(), first, second, year)


def settle(day: Day, day_first: bool | None) -> str | None:
    """Return the ISO text of a day, given the order of its numbers that is usual where it was written."""
    if day.text is not None or day.impossible or day_first is None:
        return day.text
    return iso(day.year, day.second, day.first) if day_first else iso(day.year, day.first, day.second)


def usual_order(days: Iterable[tuple[int | None, str | None, Day]]) -> bool | None:
    """Return whether the day comes first in a folder's dates (True), or the month (False), or None.

    Each date comes with its record's number and the ISO day in its file's name. Dates with a number above 12
    tell it, and so does a day in the name that is near one reading only. Where neither helps, records were
    most likely written in the order of their numbers: the reading that keeps more of them in it holds.
    """
    known = list(days)
    votes = [day.first > 12 for _, _, day in known if day.text and day.first != day.second and day.first]
    votes += [near for _, named, day in known if named and (near := _nearer(day, named)) is not None]
    if votes and votes.count(True) != votes.count(False):
        return votes.count(True) > votes.count(False)
    numbered = sorted((number, i) for i, (number, _, _) in enumerate(known) if number is not None)
    broken = [_out_of_order([settle(known[i][2], order) for _, i in numbered]) for order in (True, False)]
    return None if broken[0] == broken[1] else broken[0] < broken[1]


def _nearer(day: Day, named: str) -> bool | None:
    """Return which reading of an unsettled day is within a month of the named one, if only one is."""
    if day.text is not None or day.impossible:
        return None
    near = [_months_apart(settle(day, order), named) <= 1 for order in (True, False)]
    return None if near[0] == near[1] else near[0]


def _months_apart(one: str | None, other: str) -> int:
    if one is None:
        return 99
    return abs(int(one[:4]) * 12 + int(one[5:7]) - int(other[:4]) * 12 - int(other[5:7]))


_PATTERN = re.compile(r"\bdd[/-]mm[/-]yy|\b(mm[/-]dd[/-]yy)", re.I)
_BRITISH = re.compile(
    r"\b(?:behaviour|favour|colour|organisation|centralis|utilis|licence|catalogue|centre"
    r"|analys(?:e|ing)\b|whilst|summaris|authoris|standardis|prioritis|gov\.uk|nhs)",
    re.I,
)
_AMERICAN = re.compile(
    r"\b(?:behavior|favor|color|organization|centraliz|utiliz|center\b|analyz|summariz"
    r"|authoriz|standardiz|prioritiz|toward\b)",
    re.I,
)
_LONG = 20_000


def written_order(texts: Iterable[str]) -> bool | None:
    """Return the order that a project's own writing suggests when its dates do not: True for day first.

    A template's "dd/mm/yyyy" tells it. Else British spelling (day first) or American spelling (month first)
    does, where one is at least twice as frequent as the other.
    """
    patterns = [0, 0]
    spelling = [0, 0]
    for text in texts:
        part = text[:_LONG]
        for match in _PATTERN.finditer(part):
            patterns[bool(match[1])] += 1
        spelling[0] += len(_BRITISH.findall(part))
        spelling[1] += len(_AMERICAN.findall(part))
    if patterns[0] != patterns[1]:
        return patterns[0] > patterns[1]
    if max(spelling) < 3 or max(spelling) < 2 * min(spelling):
        return None
    return spelling[0] > spelling[1]


def _out_of_order(days: list[str | None]) -> int:
    told = [day for day in days if day]
    return sum(a > b for a, b in pairwise(told))
