"""Names are read as written, a template's help is nobody."""

import pytest

from adr_app.domain.documents.people import approvers, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane Doe, Foo bar", ("Jane Doe", "Foo bar")),
        ("[@ann](https://x.y/ann), @bob", ("@ann", "@bob")),
        ("A One and B Two; C Three", ("A One", "B Two", "C Three")),
        ("{ Ben Thomas }", ("Ben Thomas",)),
        ("Nan Jiang, Jane, Jane", ("Nan Jiang", "Jane")),
        ("[list everyone involved in the decision]", ()),
        ("Engineering, Architecture, ..., Board", ()),
        ("Ann Lee (owner), decided while planning the next year, after a talk", ("Ann Lee (owner)",)),
        ("n/a", ()),
        ("", ()),
    ],
)
def test_a_field_of_names_is_split(text: str, found: tuple[str, ...]) -> None:
    assert names(text) == found


def test_whoever_approved_decided() -> None:
    assert approvers("Approved by @ann, @bob.x, and @carl.") == ("@ann", "@bob.x", "@carl")
    assert approvers("Approved by the architecture board on 2024-05-18.") == ()
