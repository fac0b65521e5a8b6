"""What technical debt costs at each of several companies, read for all of them at once."""

from peewee import fn

from adr_app.domain.debt import OPEN
from adr_app.models.debt import DebtItem
from adr_app.models.spelled import Spelled


def by_company(ids: list[int]) -> dict[int, int]:
    """Return what the debt of each company costs a month, in hundredths of a working day, where estimated."""
    rows = _DEBT_COSTS.rows(companies=ids) if ids else []
    return {company_id: int(lost or 0) for company_id, lost, estimated in rows if estimated}


_DEBT_COSTS = Spelled(
    lambda companies: (
        DebtItem.select(DebtItem.company, fn.SUM(DebtItem.monthly_loss), fn.COUNT(DebtItem.monthly_loss))
        .where(DebtItem.company.in_(companies), DebtItem.state.in_(sorted(OPEN)))
        .group_by(DebtItem.company)
        .tuples()
    )
)
