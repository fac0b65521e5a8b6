"""A status is read from the words a person wrote, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.documents.status import understand

STATED = [
    ("Accepted", "accepted"),
    ("ACCEPTED Implemented", "accepted"),
    ("Accepted Not Implemented", "accepted"),
    ("**Approved** (by TSC vote on 3/25/21)", "accepted"),
    ("** Approved **", "accepted"),
    ("✅ Accepted", "accepted"),
    ("`Rejected`", "rejected"),
    ("{ accepted }", "accepted"),
    ("[ADOPTED](/README.md#adopted)", "accepted"),
    ("> Accepted Simple Decorators approach", "accepted"),
    ("Accepted on 20/11/2015.", "accepted"),
    ("Proposed on 2021-07-12, Accepted on 2021-08-04", "accepted"),
    ("Proposed: 2020-01-01\nAccepted: 2020-02-01", "accepted"),
    ("accepted-pending-implementation", "accepted"),
    ("Accepted. Supersedes [ADR-0031](./0031-x.md).", "accepted"),
    ("accepted; supersedes ADR-0045", "accepted"),
    ("Accepted &#x20;", "accepted"),
    ("Angenommen", "accepted"),
    ("résolu", "accepted"),
    ("承認済み", "accepted"),
    ("Accepted\nSuperseded by [2. New](0002-new.md)", "superseded"),
    ("~Accepted~ Superseded by [2. New](0002-new.md)", "superseded"),
    ("Superceded by [4. Use Rig.Config](0004-x.md)", "superseded"),
    ("⌛️ Superseded [0019](0019-use-bash.md)", "superseded"),
    ("Implemented. Superseded by [ADR-013](./adr-013.md).", "superseded"),
    ("Replaced by ADR #0012", "superseded"),
    ("Superseded: 2019-12-19 by [ADR 14](0014-x.md)", "superseded"),
    (
        "Implemented ([#8](https://x.y/8)); graduated. Decisions 2 and 3 are superseded — see below",
        "accepted",
    ),
    ("Deprecated (no superseding ADR)", "deprecated"),
    ("No longer relevant.", "deprecated"),
    ("Reverted by [discussion #1198](https://x.y)", "deprecated"),
    ("Proposed - the work was paused in December, it is unclear whether it is accepted", "proposed"),
    ("on hold", "proposed"),
    ("RFC", "proposed"),
    ("to be decided", "proposed"),
    ("not yet accepted", "proposed"),
    ("Proposed, not accepted yet", "proposed"),
    ("Not decided", "proposed"),
    ("Proposed (team to edit and accept)", "proposed"),
    ("Proposed, implemented as a spike", "proposed"),
    ("Under review, done by May", "proposed"),
    ("Proposed 2020-01-01, implemented 2021-02-02", "accepted"),
    ("Принят", "accepted"),
    ("отклонена", "rejected"),
    ("승인됨 (임시)", "accepted"),
    ("승인 대기 중", "proposed"),
    ("승인 거부", "rejected"),
    ("採用済み", "accepted"),
    ("已被 ADR-0007 取代", "superseded"),
    ("not accepted", "rejected"),
    ("withdrawn", "rejected"),
    ("Status: superseded", "superseded"),
    ("brouillon", "draft"),
    ("WIP", "draft"),
]

UNSTATED = [
    "",
    "A bloogy woogy woo.",
    "[proposed | accepted | …]",
    "[proposed | rejected | accepted | deprecated | … | superseded by [ADR-0005](0005-example.md)]",
    "{proposed | rejected | accepted}",
    "Accepted or Rejected",
    "[Proposed, Accepted, Deprecated, Superseded]",
    "What is the status, such as proposed, accepted, rejected, deprecated, superseded, etc.?",
    'A decision may be "proposed" if it has not been agreed upon, or "accepted" once it is agreed.',
    "Supersedes [20. Old](0020-old.md)",
    "Amended by [3. Next](0003-next.md)",
    "https://github.com/x/y/issues/7",
    "Status should be built in. Users should not need to read dumps.",
    "nicht angenommen",
    "noch nicht beschlossen",
    "no aceptado",
    "ne pas accepté",
    "не принято",
    "niet geaccepteerd",
    "never implemented",
    "未批准",
    "Proposed / Accepted",
]


@pytest.mark.parametrize(("text", "status"), STATED)
def test_a_stated_status_is_understood_however_it_is_written(text: str, status: str) -> None:
    assert understand(text).status == status


@pytest.mark.parametrize("text", UNSTATED)
def test_words_that_state_no_status_give_none(text: str) -> None:
    assert understand(text).status is None


@pytest.mark.parametrize(
    "text", ["Partly superseded", "superseded-in-part by [0014](0014-x.md)", "Partially superseded by ADR 17"]
)
def test_a_record_superseded_in_part_stays_in_force(text: str) -> None:
    stated = understand(text)
    assert (stated.status, stated.partly) == ("accepted", True)


@pytest.mark.parametrize("text", UNSTATED[2:6])
def test_a_template_that_nobody_filled_in_is_recognised(text: str) -> None:
    assert understand(text).template


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    assert understand(text).status in {
        None,
        "draft",
        "proposed",
        "accepted",
        "rejected",
        "deprecated",
        "superseded",
    }


@given(st.text(alphabet=st.characters(categories=["Nd", "Po", "Zs", "Sm"]), max_size=60))
def test_a_text_without_letters_states_nothing(text: str) -> None:
    assert understand(text).status is None
