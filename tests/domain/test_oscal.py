"""Catalogs of safeguards: what is read of them, what stays readable, and what is refused with a sentence."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain import oscal
from adr_app.domain.errors import Invalid
from adr_app.domain.frameworks import FRAMEWORKS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "catalogs" / "NIST_SP-800-171_rev2_catalog.json"


def catalog(*controls: dict[str, Any], title: str = "Ours", **more: Any) -> bytes:
    told = {"metadata": {"title": title, "version": "1"}, "controls": list(controls), **more}
    return json.dumps({"catalog": told}).encode()


def test_groups_enhancements_parameters_and_withdrawn_ones_are_read() -> None:
    one = {
        "id": "ac-2",
        "title": "Accounts {{ insert: param, ac-2_prm_1 }}",
        "params": [
            {"id": "ac-2_prm_1", "label": "time"},
            {"id": "ac-2_prm_2", "select": {"choice": ["at once", "after {{ ac-2_prm_1 }}"]}},
            {"id": "ac-2_prm_3", "values": ["Sam"]},
        ],
        "props": [
            {"name": "label", "class": "sp800-53a", "value": "AC-02"},
            {"name": "label", "value": "AC-2"},
        ],
        "parts": [
            {"name": "guidance", "prose": "Not this."},
            {
                "name": "statement",
                "prose": "Do <b>it</b>:",
                "parts": [
                    {"props": [{"name": "label", "value": "a."}], "prose": "{{ insert: param, ac-2_prm_2 }}"},
                    {"props": [{"name": "label", "value": "b."}], "prose": "{{ac-2_prm_3}} {{ unknown }}"},
                ],
            },
        ],
        "controls": [{"id": "ac-2.1", "title": "", "props": [{"name": "status", "value": "Withdrawn"}]}],
    }
    found = oscal.read(catalog(groups=[{"id": "x", "groups": [{"id": "ac", "controls": [one]}]}]))
    assert (found.key, found.title, found.version) == ("catalog-ours", "Ours", "1")
    first, second = found.controls
    assert (first.code, first.title, first.withdrawn) == ("AC-2", "Accounts [time]", False)
    assert first.text == "Do <b>it</b>:\na. [at once or after [time]]\nb. Sam [unknown]"
    assert (second.code, second.title, second.withdrawn) == ("ac-2.1", "ac-2.1", True)


@pytest.mark.parametrize(
    ("title", "version", "key"),
    [
        ("NIST SP 800-53 Rev 5: Controls", "5.1", "800-53-r5"),
        ("NIST SP 800-171 Requirements", "2.0.0", "800-171-r2"),
        ("NIST SP 800-171 Revision 3", "1.0", "800-171-r3"),
        ("The NIST Cybersecurity Framework", "v2.0", "csf-2.0"),
        ("NIST SP 800-53 Rev 4", "4", "catalog-nist-sp-800-53-rev-4"),
        ("???", "", "catalog-without-a-name"),
    ],
)
def test_a_catalog_is_kept_under_the_standard_it_is_of(title: str, version: str, key: str) -> None:
    told = {"metadata": {"title": title, "version": version}, "controls": [{"id": "x"}]}
    assert oscal.read(json.dumps({"catalog": told}).encode()).key == key


def _nested(depth: int) -> bytes:
    inner: dict[str, Any] = {"id": "x"}
    for _ in range(depth):
        inner = {"id": "x", "controls": [inner]}
    return catalog(inner)


WRONG = {
    "not JSON": b"<catalog/>",
    "not text": b"\xff\xfe\xfa\x00",
    "a list": b"[]",
    "a profile": b'{"profile": {}}',
    "a number": b'{"catalog": 5}',
    "no metadata": b'{"catalog": {"controls": [{"id": "x"}]}}',
    "no title": catalog({"id": "x"}, title=" "),
    "nothing in it": catalog(),
    "no id": catalog({"title": "x"}),
    "groups that are none": catalog({"id": "x"}, groups={"a": 1}),
    "props that are none": catalog({"id": "x", "props": ["label"]}),
    "deep JSON": b'{"catalog": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep controls": _nested(60),
    "too many": catalog(*({"id": f"x-{n}"} for n in range(oscal.MOST_CONTROLS + 1))),
    "too many under one id": catalog(*[{"id": "x"}] * (oscal.MOST_CONTROLS + 1)),
    "too many groups": catalog({"id": "x"}, groups=[{}] * (oscal.MOST_GROUPS + 1)),
    "too large": b" " * (oscal.MOST_BYTES + 1),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_catalog_is_refused_with_a_sentence(what: str) -> None:
    with pytest.raises(Invalid) as refused:
        oscal.read(WRONG[what])
    said = refused.value.fields["file"]
    assert said.startswith("This is not an OSCAL catalog") and said.endswith(".")


@pytest.mark.parametrize(
    "param",
    [
        {"values": ["x" * 20_000]},
        {"values": ["x"] * 20_000},
        {"label": "x" * 20_000},
        {"select": {"choice": [["x" * 20_000]] * 20}},
        {"select": {"choice": ["{{a}}" * 4_000]}},
        {"values": 5},
    ],
)
def test_a_text_that_names_a_long_parameter_often_stays_as_short_as_what_is_kept(
    param: dict[str, Any],
) -> None:
    prose = {"name": "statement", "prose": "{{a}}" * 4_000}
    told = catalog({"id": "x", "title": prose["prose"], "parts": [prose]}, params=[{"id": "a", **param}])
    tracemalloc.start()
    try:
        (found,) = oscal.read(told).controls
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.title) <= 500 and len(found.text) <= oscal.LONGEST_LINE
    assert most < 4 * 1024 * 1024


@pytest.mark.parametrize("catalog", [SHARED] if SHARED.exists() else [])
def test_the_catalog_of_nist_is_read_whole(catalog: Path) -> None:
    found = oscal.read(catalog.read_bytes())
    codes = [one.code for one in found.controls]
    assert found.key == "800-171-r2" and len(codes) == len(set(codes)) == 110
    assert {one.code for one in FRAMEWORKS["800-171-r2"].safeguards} <= set(codes)
    assert all(one.title and "{{" not in one.text for one in found.controls)


def test_labels_are_short_and_ids_stand_once() -> None:
    for framework in FRAMEWORKS.values():
        codes = [one.code for one in framework.safeguards]
        assert len(codes) == len(set(codes)) and codes
        assert all(len(one.label) <= 60 and one.label == one.label.strip() for one in framework.safeguards)
