"""What presses a company: what has to be said of it, how it ends, and whose order of it differs."""

from datetime import date, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.pressure_orders import compared, put_first
from adr_app.models.pressures import PressureOrder, PressureRow
from adr_app.services import pressures
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START
from tests.services.pressing import AUDIT, FIRM, SALE


def test_a_pressure_is_kept_as_typed_with_amounts_in_the_smallest_unit(cto: Viewer) -> None:
    row = pressures.note(cto, SALE, unit=100, at=START)
    kept = PressureRow.get_by_id(row.id)
    assert (kept.deal, kept.deal_value, kept.waiting_since) == (
        "Brightwater, 40 seats",
        12_000_000,
        date(2026, 11, 3),
    )
    assert (kept.now, kept.bites_on, kept.level) == (True, None, 2)
    assert pressures.as_read(kept, "UTC").key == f"pressure-{kept.id}"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"loses": " "}, "loses"),
        ({"name": ""}, "name"),
        ({"evidence": ""}, "evidence"),
        ({"kind": "weather"}, "kind"),
        ({"level": "9"}, "level"),
        ({"consequence": ""}, "consequence"),
        ({"when": ""}, "when"),
        ({"bites_on": ""}, "bites_on"),
        ({"bites_on": "soon"}, "bites_on"),
        ({"bites_on": "3026-01-01"}, "bites_on"),
        ({"when": "now"}, "bites_on"),
        ({"when": "open"}, "bites_on"),
        ({"money_low": "9", "money_high": "3"}, "money_likely"),
        ({"money_low": "-3"}, "money_low"),
        ({"money_low": "lots"}, "money_low"),
        ({"shapes_years": "90"}, "shapes_years"),
        ({"kind": "blocked_sale", "waiting_since": "2026-12-25"}, "waiting_since"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_what_lacks_or_contradicts_is_named_and_nothing_is_stored(
    cto: Viewer, typed: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        pressures.note(cto, FIRM | typed, at=START)
    assert field in refused.value.fields
    assert PressureRow.select().count() == 0


def test_what_is_small_needs_no_evidence_and_a_past_day_is_taken(cto: Viewer) -> None:
    row = pressures.note(cto, FIRM | {"level": "1", "evidence": "", "bites_on": "2026-01-01"}, at=START)
    assert pressures.as_read(row, "UTC").hurts_already(START.date())


def test_a_deal_belongs_to_a_sale_that_waits_and_to_nothing_else(cto: Viewer) -> None:
    row = pressures.note(
        cto, FIRM | {"deal": "X", "deal_value": "5", "waiting_since": "2026-01-01"}, at=START
    )
    assert (row.deal, row.deal_value, row.waiting_since) == ("", None, None)


def test_a_change_is_an_act_only_where_something_is_new(cto: Viewer) -> None:
    row = pressures.note(cto, FIRM, at=START)
    assert pressures.change(cto, row.id, FIRM, at=START) is None
    changed = pressures.change(cto, row.id, FIRM | {"level": "4"}, at=START)
    assert changed is not None and changed.level == 4


def test_what_has_ended_presses_no_more_and_is_not_changed(cto: Viewer) -> None:
    row = pressures.note(cto, FIRM, at=START)
    with pytest.raises(Invalid):
        pressures.close(cto, row.id, how="", why="", at=START)
    pressures.close(cto, row.id, how="dealt", why="We moved.", at=START)
    assert pressures.open_ones(cto.company.id) == []
    assert [one.id for one in pressures.closed_ones(cto.company.id, 5)[0]] == [row.id]
    for act in (
        lambda: pressures.close(cto, row.id, how="gone", why="x", at=START),
        lambda: pressures.change(cto, row.id, FIRM | {"level": "4"}, at=START),
    ):
        with pytest.raises(WrongState, match="dealt with"):
            act()


def test_only_who_writes_here_notes_what_presses_and_only_what_is_of_their_company(cast: Cast) -> None:
    for role in ("reader", "admin"):
        with pytest.raises(NotAllowed):
            pressures.note(cast.viewer(role, START), FIRM, at=START)
    row = pressures.note(cast.viewer("member", START), FIRM, at=START)
    with quick_passwords():
        other = cast_of("Ostara", START).viewer("cto", START)
    with pytest.raises(NotFound):
        pressures.change(other, row.id, FIRM | {"level": "4"}, at=START)
    with pytest.raises(NotFound):
        pressures.close(other, row.id, how="dealt", why="x", at=START)
    assert pressures.open_ones(other.company.id) == []


def test_each_person_has_one_order_and_it_has_to_hold_everything_once(cast: Cast, cto: Viewer) -> None:
    keys = [pressures.key_of(pressures.note(cto, typed, at=START)) for typed in (FIRM, AUDIT, SALE)]
    for wrong in (keys[:2], [*keys, keys[0]], [keys[0], keys[0], keys[1]], []):
        with pytest.raises(Invalid):
            pressures.put_in_order(cto, wrong, keys, at=START)
    assert pressures.put_in_order(cto, keys, keys, at=START)
    assert not pressures.put_in_order(cto, keys, keys, at=START)
    vciso = cast.viewer("vciso", START)
    assert pressures.put_in_order(vciso, keys[::-1], keys, at=START + timedelta(hours=1))
    assert pressures.put_in_order(cto, [keys[1], keys[0], keys[2]], keys, at=START)
    found = pressures.orders_now(cto.company.id, START + timedelta(hours=1))
    assert [(row.person_name, row.keys) for row in found] == [
        ("Cto", [keys[1], keys[0], keys[2]]),
        ("Vciso", keys[::-1]),
    ]
    assert PressureOrder.select().count() == 3


def test_orders_stand_side_by_side_and_nothing_is_averaged() -> None:
    told = compared(["a", "b", "new"], [["b", "gone", "a"], ["a", "b"]])
    assert [(one.key, one.places, one.apart) for one in told] == [
        ("a", (2, 1), 1),
        ("b", (1, 2), 1),
        ("new", (None, None), 0),
    ]
    assert put_first(["a", "b"], {"Sam": ["gone", "b"], "Vera": ["a"], "Tom": ["b", "a"], "Eve": []}) == {
        "b": ["Sam", "Tom"],
        "a": ["Vera"],
    }
