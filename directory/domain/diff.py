"""Differences between two records, each with its title's path and class; and three-way merge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from directory.domain.align import PART_LISTS, aligned, named
from directory.domain.contact_texts import brings_contacts, brings_links
from directory.domain.fields import PART_FIELDS, RECORD_FIELDS, Field, FieldClass
from directory.domain.record import Plain, Record, from_dict, to_dict
from directory.domain.vocabulary import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs; ``before`` or ``after`` is None where it was added or removed.

    ``part`` names the part of a list ('telephone.general'), ``inner`` its field; both '' otherwise.
    """

    field: str
    part: str = ""
    inner: str = ""
    before: Any = None
    after: Any = None

    @property
    def path(self) -> str:
        """Dotted path, e.g. 'channels.telephone.general.value'."""
        return "/".join(piece for piece in (self.field, self.part, self.inner) if piece)

    @property
    def field_class(self) -> FieldClass:
        """The class that decides what publication of this difference needs."""
        own = self._field.field_class
        if own is not FieldClass.ROUTING_CRITICAL and brings_contacts(self.before, self.after):
            # A number in a note leads requests as surely as one among the channels.
            return FieldClass.ROUTING_CRITICAL
        return own

    @property
    def _field(self) -> Field:
        return PART_FIELDS[self.field][self.inner] if self.inner else RECORD_FIELDS[self.field]

    @property
    def is_critical(self) -> bool:
        """Does it decide where a request goes?"""
        return self.field_class is FieldClass.ROUTING_CRITICAL


def diff(before: Record | None, after: Record) -> tuple[Difference, ...]:
    """All differences, in the order of the record's fields; everything for a new record."""
    old = to_dict(before) if before else {}
    return tuple(_differences(old, to_dict(after)))


def highest_class(differences: tuple[Difference, ...]) -> FieldClass:
    """The class of the whole change; descriptive for none at all."""
    return max((one.field_class for one in differences), default=FieldClass.DESCRIPTIVE)


def may_be_shown_at_once(differences: tuple[Difference, ...]) -> bool:
    """May these be shown before an officer looks? Not a web address that nobody has opened."""
    return not any(brings_links(one.before, one.after) for one in differences)


def _differences(old: Plain, new: Plain) -> Iterator[Difference]:
    for field in RECORD_FIELDS:
        before, after = old.get(field), new.get(field)
        if before == after:
            continue
        if field in PART_LISTS:
            yield from _part_differences(field, before or [], after or [])
        else:
            yield Difference(field=field, before=before, after=after)


def _part_differences(field: str, before: list[Plain], after: list[Plain]) -> Iterator[Difference]:
    old = named(field, before)
    new = aligned(field, old, after)
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _one_part(field, name, old.get(name), new.get(name))
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    if kept_before != kept_after:
        # The order in which channels are tried is part of what a State says.
        yield Difference(field=field, before=kept_before, after=kept_after)


def _one_part(field: str, name: str, old: Plain | None, new: Plain | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(field=field, part=name, before=old, after=new)
        return
    for inner in PART_FIELDS[field]:
        if old.get(inner) != new.get(inner):
            yield Difference(
                field=field,
                part=name,
                inner=inner,
                before=old.get(inner),
                after=new.get(inner),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two changes of the same field: what it was, what each made of it."""

    path: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """``record`` holds both changes; None where they clash."""

    record: Record | None
    clashes: tuple[Clash, ...] = ()


def merge(base: Record, ours: Record, theirs: Record) -> Merged:
    """Both changes of ``base`` in one record, or every field that both changed differently."""
    clashes: list[Clash] = []
    plain = _merge_fields(to_dict(base), to_dict(ours), to_dict(theirs), clashes)
    if clashes:
        return Merged(None, tuple(clashes))
    return Merged(from_dict(EntryKind(base.kind), plain))


def _merge_fields(base: Plain, ours: Plain, theirs: Plain, clashes: list[Clash]) -> Plain:
    merged: Plain = {}
    for field in RECORD_FIELDS:
        old, our, their = base.get(field), ours.get(field), theirs.get(field)
        if field in PART_LISTS:
            chosen = _merge_parts(field, old or [], our or [], their or [], clashes)
        else:
            chosen = _choose(field, old, our, their, clashes)
        if chosen is not None and chosen != []:
            merged[field] = chosen
    return merged


def _choose(path: str, base: Any, ours: Any, theirs: Any, clashes: list[Clash]) -> Any:
    """The changed value, the base's where nobody changed it; both changed differently: a clash."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    clashes.append(Clash(path=path, base=base, ours=ours, theirs=theirs))
    return base


def _merge_parts(
    field: str,
    base: list[Plain],
    ours: list[Plain],
    theirs: list[Plain],
    clashes: list[Clash],
) -> list[Plain]:
    old = named(field, base)
    our, their = aligned(field, old, ours), aligned(field, old, theirs)
    for name in [name for name in their if name in our and name not in old]:
        # Both added a part under one name: the second keeps its own, unless they are the same.
        if our[name] != their[name]:
            their[f"{name}+"] = their.pop(name)
    order = _choose_order(field, list(old), list(our), list(their), clashes)
    merged = (
        _choose(f"{field}/{name}", old.get(name), our.get(name), their.get(name), clashes)
        for name in order
    )
    return [part for part in merged if part is not None]


def _choose_order(
    field: str, old: list[str], our: list[str], their: list[str], clashes: list[Clash]
) -> list[str]:
    common = [name for name in old if name in our and name in their]
    our_common = [name for name in our if name in common]
    their_common = [name for name in their if name in common]
    _choose(field, common, our_common, their_common, clashes)
    # Whoever ordered the parts anew leads, else whoever added some: a new part may come first.
    theirs_lead = our == old or (our_common == common and their_common != common)
    leading, following = (their, our) if theirs_lead else (our, their)
    gone = [name for name in old if name not in leading and name not in following]
    return [*leading, *(name for name in following if name not in leading), *gone]
