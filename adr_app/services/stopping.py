"""How people want to be told: what they chose, and the link in each mail that ends mails like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.notices import AT_ONCE, KINDS, NEVER, WAYS
from adr_app.models.base import writing
from adr_app.models.notices import NoticeChoice
from adr_app.models.people import Company, Person
from adr_app.services.post import Post

GONE = (
    "This link is not whole, so nothing was changed. Open it from the mail again, or sign in: Your account."
)


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link ends: for whom, and pairs of a company and the title of a kind."""

    person: Person
    pairs: list[tuple[Company, str]]


def signed(key: str, salt: str) -> URLSafeSerializer:
    """Return what signs and reads the links of one purpose."""
    return URLSafeSerializer(key, salt=f"adr_app {salt}", signer_kwargs={"digest_method": sha256})


def address(person_id: int, pairs: Iterable[tuple[int, str]], post: Post) -> str:
    """Return where one press ends some kinds of mail at some companies for one person."""
    token = signed(post.key, "stop").dumps([person_id, [list(pair) for pair in pairs]])
    return f"{post.public_url}/mail/stop/{token}"


def read(token: str, key: str) -> Stop:
    """Return what a link ends, without ending it.

    :raises WrongState: when it was not made here.
    """
    try:
        person_id, pairs = signed(key, "stop").loads(token)
        person = Person.get_or_none(Person.id == person_id)
        companies = {row.id: row for row in Company.select().where(Company.id.in_([one for one, _ in pairs]))}
        found = [
            (companies[company], kind) for company, kind in pairs if company in companies and kind in KINDS
        ]
    except (BadSignature, ValueError, TypeError) as error:
        raise WrongState(GONE) from error
    if person is None or not found:
        raise WrongState(GONE)
    return Stop(person, found)


def stop(token: str, key: str) -> Stop:
    """End the mails that a link is about; once more changes nothing.

    :raises WrongState: when it was not made here.
    """
    found = read(token, key)
    with writing():
        for company, kind in found.pairs:
            _choose(company.id, found.person.id, kind, NEVER)
    return found


def choices(person: Person, company_ids: list[int]) -> dict[tuple[int, str], str]:
    """Return how a person wants to be told, by company and kind, for every kind."""
    rows = NoticeChoice.select(NoticeChoice.company, NoticeChoice.kind, NoticeChoice.how).where(
        NoticeChoice.person == person.id, NoticeChoice.company.in_(company_ids)
    )
    kept = {(company, kind): how for company, kind, how in rows.tuples()}
    return {(company, kind): kept.get((company, kind), AT_ONCE) for company in company_ids for kind in KINDS}


def choose(person: Person, company_id: int, ways: dict[str, str], *, mine: Iterable[int]) -> None:
    """Keep how a person wants to be told at one of their companies.

    :raises NotFound: when the company is none of theirs.
    :raises Invalid: when a kind or a way is none there is.
    """
    if company_id not in set(mine):
        raise NotFound("There is no such page.")
    if ways.keys() - KINDS.keys() or set(ways.values()) - WAYS.keys():
        raise Invalid("Choose from the list.", {"how": "Choose from the list."})
    with writing():
        for kind, how in ways.items():
            _choose(company_id, person.id, kind, how)


def _choose(company_id: int, person_id: int, kind: str, how: str) -> None:
    NoticeChoice.insert(company=company_id, person=person_id, kind=kind, how=how).on_conflict(
        conflict_target=[NoticeChoice.company, NoticeChoice.person, NoticeChoice.kind],
        update={NoticeChoice.how: how},
    ).execute()
