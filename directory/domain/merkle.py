"""The Merkle tree of RFC 6962 (section 2.1) over the events of the change log.

A *node* is a complete subtree, named by its level (0 is a leaf) and its position from the left: it
covers the leaves from ``position << level`` to ``(position + 1) << level``, the end excluded. A
complete subtree never changes when the log grows, so its hash can be kept for ever; the few nodes
that make up the tree of a given size are its *edge*. Everything here needs only kept nodes: about
log2(size) of them for a root or a proof, whatever the size.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

HASH_BYTES = 32


class Node(NamedTuple):
    """A complete subtree of ``1 << level`` leaves."""

    level: int
    position: int


Hashes = Mapping[Node, bytes]


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def parent_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def edge(size: int) -> tuple[Node, ...]:
    """The nodes that make up the tree of that size, the largest (leftmost) first."""
    return cover(0, size)


def cover(start: int, end: int) -> tuple[Node, ...]:
    """The nodes that make up a subtree of RFC 6962 from leaf ``start`` to ``end``, excluded.

    ``start`` must be a multiple of the largest power of two not above ``end - start``.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return tuple(nodes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a subtree from those of its nodes, left to right; of nothing, SHA-256('')."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = parent_hash(left, result)
    return result


def root(size: int, hashes: Hashes) -> bytes:
    """The tree head of that size; ``hashes`` must hold its edge."""
    return fold([hashes[node] for node in edge(size)])


def grow(size: int, edge_hashes: Sequence[bytes], leaves: Iterable[bytes]) -> dict[Node, bytes]:
    """The nodes that become complete when leaf hashes are appended, the leaves themselves included.

    ``edge_hashes`` are those of ``edge(size)``, in its order.
    """
    stack = list(edge_hashes)
    made: dict[Node, bytes] = {}
    for index, leaf in enumerate(leaves, start=size):
        node, carried = Node(0, index), leaf
        made[node] = carried
        while node.position % 2:
            carried = parent_hash(stack.pop(), carried)
            node = Node(node.level + 1, node.position >> 1)
            made[node] = carried
        stack.append(carried)
    return made


def edge_after(size: int, edge_hashes: Sequence[bytes], made: Hashes) -> list[bytes]:
    """The edge's hashes of the tree that ``grow`` led to, given what it started from."""
    before = dict(zip(edge(size), edge_hashes, strict=True))
    grown = size + sum(node.level == 0 for node in made)
    return [made[node] if node in made else before[node] for node in edge(grown)]


Range = tuple[int, int]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """RFC 6962 2.1.1: the ranges of leaves whose hashes prove leaf ``index``, lowest first.

    Raises ``ValueError`` when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, found = 0, size, []
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """RFC 6962 2.1.2: the ranges whose hashes prove that tree ``new`` extends tree ``old``.

    Raises ``ValueError`` unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from a tree of {old} to one of {new}")
    start, end, whole, found = 0, new, True, []
    while old != end:
        split = start + _split(end - start)
        if old <= split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start, whole = split, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def needed(ranges: Iterable[Range]) -> set[Node]:
    """The nodes that ``proof`` will ask for."""
    return {node for start, end in ranges for node in cover(start, end)}


def proof(ranges: Iterable[Range], hashes: Hashes) -> list[bytes]:
    """The hashes of the ranges; ``hashes`` must hold ``needed(ranges)``."""
    return [fold([hashes[node] for node in cover(start, end)]) for start, end in ranges]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """RFC 9162 2.1.3.2: does the path prove that the leaf stands at ``index`` under the head?"""
    if not 0 <= index < size:
        return False
    at, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            computed = parent_hash(sibling, computed)
            at, last = _climb_left(at, last)
        else:
            computed = parent_hash(computed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and computed == head


def extends(old: int, new: int, old_head: bytes, new_head: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.4.2: does the path prove that the new tree extends the old one?"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_head == new_head
    hashes = [old_head, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    of_old = of_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            of_old, of_new = parent_hash(sibling, of_old), parent_hash(sibling, of_new)
            at, last = _climb_left(at, last)
        else:
            of_new = parent_hash(of_new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and of_old == old_head and of_new == new_head


def _climb_left(at: int, last: int) -> tuple[int, int]:
    """Pass the levels on which a lone right node has no sibling."""
    while at and not at % 2:
        at, last = at >> 1, last >> 1
    return at, last


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1
