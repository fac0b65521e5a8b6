"""The record's hash tree against RFC 6962: its published roots, its own definition, public proofs."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.merkle import EMPTY_ROOT, HASH_BYTES, CompactRange, leaf_hash, node_hash, root_of

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots over the first one to eight entries, as Certificate Transparency's reference logs test them."""

PROOFS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "rfc6962" / "inclusion"


def defined_root(leaves):
    """Return the root as the RFC defines it: split at the largest power of two below the size."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(defined_root(leaves[:split]), defined_root(leaves[split:]))


def test_the_empty_tree_has_the_published_root():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert CompactRange().root() == root_of([]) == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_trees_have_the_published_roots(size):
    assert root_of(leaf_hash(entry) for entry in ENTRIES[:size]).hex() == ROOTS[size - 1]


def test_every_size_up_to_200_agrees_with_the_definition():
    leaves, tree = [], CompactRange()
    for number in range(200):
        leaves.append(leaf_hash(str(number).encode()))
        tree = tree.append(leaves[-1])
        assert tree.root() == defined_root(leaves)
        assert len(tree.hashes) == tree.size.bit_count()


@given(st.lists(st.binary(max_size=8), max_size=70), st.data())
def test_a_tree_stored_half_way_goes_on_as_if_it_had_not_been(entries, data):
    leaves = [leaf_hash(entry) for entry in entries]
    cut = data.draw(st.integers(0, len(leaves)))
    tree = CompactRange()
    for leaf in leaves[:cut]:
        tree = tree.append(leaf)
    tree = CompactRange.from_json(json.loads(json.dumps(tree.to_json())))
    for leaf in leaves[cut:]:
        tree = tree.append(leaf)
    assert tree.root() == defined_root(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_any_change_of_an_entry_changes_the_root(entries, data):
    at = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.binary(max_size=8).filter(lambda entry: entry != entries[at]))
    changed = [*entries[:at], other, *entries[at + 1 :]]
    assert root_of(map(leaf_hash, changed)) != root_of(map(leaf_hash, entries))


def test_swapping_dropping_or_adding_an_entry_changes_the_root():
    whole = [leaf_hash(entry) for entry in ENTRIES]
    variants = [whole[:-1], [*whole, whole[-1]], [whole[1], whole[0], *whole[2:]], whole[1:], whole]
    roots = [root_of(leaves) for leaves in variants]
    assert len(set(roots)) == len(roots)


def test_a_node_cannot_pass_for_an_entry():
    left, right = (leaf_hash(entry) for entry in ENTRIES[:2])
    assert leaf_hash(left + right) != node_hash(left, right)


def test_appending_leaves_the_earlier_range_as_it_was():
    before = CompactRange().append(leaf_hash(b"first"))
    root = before.root()
    before.append(leaf_hash(b"second"))
    assert (before.size, before.root()) == (1, root)


@pytest.mark.parametrize(
    "stored",
    [
        {"size": 2, "hashes": []},
        {"size": 1, "hashes": ["00" * 31]},
        {"size": 1, "hashes": ["zz" * 32]},
        {"size": -1, "hashes": ["00" * 32]},
        {"size": True, "hashes": ["00" * 32]},
        {"size": 1},
        {"hashes": []},
        {"size": 1, "hashes": [None]},
    ],
)
def test_a_damaged_stored_tree_is_refused(stored):
    with pytest.raises(ValueError):
        CompactRange.from_json(stored)


def test_a_leaf_that_is_no_hash_is_refused():
    with pytest.raises(ValueError):
        CompactRange().append(b"plain text")


def root_from_proof(leaf, index, size, proof):
    """Return the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2), or None."""
    if index >= size or len(leaf) != HASH_BYTES:
        return None
    last = size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = node_hash(sibling, leaf)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


if PROOFS.is_dir():

    def test_our_hashes_agree_with_every_public_inclusion_proof():
        verdicts = set()
        for path in sorted(PROOFS.rglob("*.json")):
            vector = json.loads(path.read_text(encoding="utf-8"))
            proof = [base64.b64decode(text) for text in vector["proof"] or []]
            leaf, root = (base64.b64decode(vector[key] or "") for key in ("leafHash", "root"))
            led_to = root_from_proof(leaf, vector["leafIdx"], vector["treeSize"], proof)
            assert (led_to != root) == vector["wantErr"], path
            verdicts.add(vector["wantErr"])
        assert verdicts == {True, False}


def test_a_leaf_that_completes_every_subtree_leaves_one():
    full = [CompactRange(2**k - 1, tuple(leaf_hash(bytes([k, i])) for i in range(k))) for k in range(1, 40)]
    assert [len(tree.append(leaf_hash(b"x")).hashes) for tree in full] == [1] * len(full)
