"""The tree is that of RFC 6962, and only true proofs pass."""

import hashlib
import random
from functools import cache

import pytest

from directory.domain import merkle
from directory.domain.merkle import Node

#: The test data of the Certificate Transparency reference implementation.
LEAVES = [
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
HEADS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
ALL_PAIRS_TO = 300
MILLION = 1_000_000


def leaf(number: int) -> bytes:
    return merkle.leaf_hash(number.to_bytes(4, "big"))


@cache
def head_by_definition(start: int, end: int) -> bytes:
    """RFC 6962 2.1 word for word, on the leaves from ``start`` to ``end``, excluded."""
    count = end - start
    if count == 0:
        return hashlib.sha256(b"").digest()
    if count == 1:
        return leaf(start)
    split = 1
    while split * 2 < count:
        split *= 2
    halves = head_by_definition(start, start + split) + head_by_definition(start + split, end)
    return hashlib.sha256(b"\x01" + halves).digest()


def path_by_definition(index: int, start: int, end: int) -> list[bytes]:
    """RFC 6962 2.1.1 word for word."""
    if end - start == 1:
        return []
    split = 1
    while split * 2 < end - start:
        split *= 2
    middle = start + split
    if index < middle:
        return [*path_by_definition(index, start, middle), head_by_definition(middle, end)]
    return [*path_by_definition(index, middle, end), head_by_definition(start, middle)]


def subproof_by_definition(old: int, start: int, end: int, whole: bool) -> list[bytes]:
    """RFC 6962 2.1.2 word for word; ``old`` counts from the first leaf of all."""
    if old == end:
        return [] if whole else [head_by_definition(start, end)]
    split = 1
    while split * 2 < end - start:
        split *= 2
    middle = start + split
    if old <= middle:
        inner = subproof_by_definition(old, start, middle, whole)
        return [*inner, head_by_definition(middle, end)]
    inner = subproof_by_definition(old, middle, end, whole=False)
    return [*inner, head_by_definition(start, middle)]


@pytest.fixture(scope="module")
def small() -> dict[Node, bytes]:
    return merkle.grow(0, [], map(leaf, range(ALL_PAIRS_TO)))


@pytest.fixture(scope="module")
def large() -> dict[Node, bytes]:
    return merkle.grow(0, [], map(leaf, range(MILLION)))


def inclusion(index: int, size: int, hashes: merkle.Hashes) -> list[bytes]:
    return merkle.proof(merkle.inclusion_ranges(index, size), hashes)


def consistency(old: int, new: int, hashes: merkle.Hashes) -> list[bytes]:
    return merkle.proof(merkle.consistency_ranges(old, new), hashes)


@pytest.mark.parametrize("size", range(9))
def test_heads_are_those_of_the_reference_implementation(size: int) -> None:
    hashes = merkle.grow(0, [], map(merkle.leaf_hash, LEAVES[:size]))
    assert merkle.root(size, hashes) == HEADS[size]


def test_paths_are_those_of_the_reference_implementation() -> None:
    hashes = merkle.grow(0, [], map(merkle.leaf_hash, LEAVES))
    first = [hash_.hex() for hash_ in inclusion(0, 8, hashes)]
    assert first == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [hash_.hex() for hash_ in consistency(6, 8, hashes)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_inclusion_to_size_300_is_as_defined_and_proven(small: dict[Node, bytes]) -> None:
    for size in range(1, ALL_PAIRS_TO + 1):
        head = merkle.root(size, small)
        assert head == head_by_definition(0, size)
        for index in range(size):
            path = inclusion(index, size, small)
            assert path == path_by_definition(index, 0, size)
            assert merkle.includes(leaf(index), index, size, path, head)


def test_every_consistency_to_size_300_is_as_defined_and_proven(small: dict[Node, bytes]) -> None:
    heads = [merkle.root(size, small) for size in range(ALL_PAIRS_TO + 1)]
    for new in range(1, ALL_PAIRS_TO + 1):
        for old in range(1, new + 1):
            path = consistency(old, new, small)
            assert path == subproof_by_definition(old, 0, new, whole=True)
            assert merkle.extends(old, new, heads[old], heads[new], path)


def test_a_thousand_random_proofs_up_to_a_million_hold(large: dict[Node, bytes]) -> None:
    chance = random.Random(6962)
    for _ in range(500):
        size = chance.randint(1, MILLION)
        index, old, head = chance.randrange(size), chance.randint(1, size), merkle.root(size, large)
        assert merkle.includes(leaf(index), index, size, inclusion(index, size, large), head)
        path = consistency(old, size, large)
        assert merkle.extends(old, size, merkle.root(old, large), head, path)


def test_a_thousand_mutated_proofs_are_refused(small: dict[Node, bytes]) -> None:
    chance = random.Random(9162)
    accepted = [one for _ in range(1000) if (one := _mutated_and_accepted(chance, small))]
    assert accepted == []


def _mutated_and_accepted(chance: random.Random, hashes: dict[Node, bytes]) -> str:
    size = chance.randint(2, ALL_PAIRS_TO)
    index, old = chance.randrange(size), chance.randint(1, size - 1)
    head, before = merkle.root(size, hashes), merkle.root(old, hashes)
    if chance.random() < 0.5:
        what, path = _mutate(chance, inclusion(index, size, hashes))
        passed = merkle.includes(leaf(index), index, size, path, head)
        return f"inclusion {index} {size} {what}" if passed else ""
    what, path = _mutate(chance, consistency(old, size, hashes))
    passed = merkle.extends(old, size, before, head, path)
    return f"consistency {old} {size} {what}" if passed else ""


def _mutate(chance: random.Random, path: list[bytes]) -> tuple[str, list[bytes]]:
    kind = chance.choice(("flip", "drop", "add", "swap"))
    changed, at = list(path), chance.randrange(len(path))
    if kind == "drop":
        del changed[at]
    elif kind == "add":
        changed.insert(at, chance.randbytes(32))
    elif kind == "swap" and len(path) > 1:
        other = (at + 1) % len(path)
        changed[at], changed[other] = changed[other], changed[at]
    else:
        flipped = bytearray(changed[at])
        flipped[chance.randrange(32)] ^= 1 << chance.randrange(8)
        changed[at] = bytes(flipped)
    return kind, changed


def test_a_proof_for_another_leaf_place_size_or_head_is_refused(small: dict[Node, bytes]) -> None:
    head, path = merkle.root(100, small), inclusion(40, 100, small)
    assert not merkle.includes(leaf(41), 40, 100, path, head)
    assert not merkle.includes(leaf(40), 41, 100, path, head)
    assert not merkle.includes(leaf(40), 100, 100, path, head)
    assert not merkle.includes(leaf(40), 40, 300, path, head)
    assert not merkle.includes(leaf(40), 40, 100, path, merkle.root(101, small))
    step = consistency(40, 100, small)
    assert not merkle.extends(41, 100, merkle.root(40, small), head, step)
    assert not merkle.extends(40, 100, merkle.root(41, small), head, step)
    assert not merkle.extends(64, 100, merkle.root(64, small), head, [])
    assert not merkle.extends(40, 100, merkle.root(40, small), head, [])
    assert not merkle.extends(100, 40, head, merkle.root(40, small), step)
    assert not merkle.extends(100, 100, head, head, step)
    assert not merkle.extends(3, 7, merkle.root(3, small), merkle.root(7, small), step)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 5), (5, 5)])
def test_no_proof_is_made_for_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4)])
def test_no_proof_leads_back_or_from_nothing(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof leads"):
        merkle.consistency_ranges(old, new)


def test_growing_in_steps_gives_the_tree_grown_at_once(small: dict[Node, bytes]) -> None:
    chance, size, edge = random.Random(1), 0, list[bytes]()
    grown: dict[Node, bytes] = {}
    while size < ALL_PAIRS_TO:
        step = min(chance.randint(1, 9), ALL_PAIRS_TO - size)
        made = merkle.grow(size, edge, map(leaf, range(size, size + step)))
        edge, size = merkle.edge_after(size, edge, made), size + step
        assert merkle.fold(edge) == head_by_definition(0, size)
        grown |= made
    assert grown == small
