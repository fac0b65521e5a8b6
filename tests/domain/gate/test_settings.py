"""What a repository asks of its gate is read strictly: a setting misspelt must not pass for one left out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.gate.keys import key_line
from adr_app.domain.gate.settings import BadSettings, Settings, read_settings

KEY = key_line(b"p" * 32)


def test_every_setting_is_read() -> None:
    text = (
        f'[gate]\ncompany = "larkspur"\nkeys = ["{KEY}"]\nrequired = ["Context", "decision  outcome"]\n'
        '[gate.severity]\nlink-broken = "off"\n[other]\nx = 1\n'
    )
    settings = read_settings(text.encode())
    assert settings.company == "larkspur"
    assert settings.keys == (b"p" * 32,)
    assert settings.required == ("context", "decision outcome")
    assert settings.severity_of("link-broken") == "off"
    assert settings.severity_of("number-twice") == "error"


def test_no_settings_are_the_usual_ones() -> None:
    assert read_settings(b"") == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gate", "is not TOML"),
        ("[gate]\nkeys = [", "is not TOML"),
        ("gate = 1", "it is a table"),
        ('required = ["context"]', "put it below the line"),
        ("[gate]\nrequierd = []", "did you mean “required”"),
        ("[gate]\nrequired = 'context'", "a list of texts"),
        ("[gate]\nrequired = [1]", "else than text"),
        ("[gate]\ncompany = 1", "else than text"),
        ("[gate]\ncompany = 'x'\nkeys = ['abc']", "which is no key"),
        (f"[gate]\nkeys = ['{KEY}']", "pins keys but no company"),
        ("[gate]\nseverity = 'error'", "it is a table"),
        ("[gate.severity]\nlink-borken = 'off'", "did you mean “link-broken”"),
        ("[gate.severity]\nlink-broken = 'fatal'", "none of error, warning, notice, off"),
        ("#" * 70_000, "is larger"),
        ("x = " + "[" * 10_000, "is not TOML"),
    ],
)
def test_what_cannot_be_used_is_said(text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read_settings(text.encode())


@given(st.binary(max_size=200))
def test_no_file_is_too_odd(content: bytes) -> None:
    with suppress(BadSettings):
        read_settings(content)
