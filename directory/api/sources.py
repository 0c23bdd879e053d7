"""Sources in JSON types: beside the words of each, the addresses a page makes links of."""

from typing import Any

from directory.domain.answer import Source
from directory.domain.record import SourceAct, part_to_dict
from directory.domain.reference import Declaration, Participation
from directory.domain.source_words import source_links

Plain = dict[str, Any]


def source_form(one: Source) -> Plain:
    """A source of reference data, as the finder names it."""
    links = one.links
    return {
        "reference": one.reference,
        "copy": one.copy,
        "link": links[0] if links else "",
        "links": links,
    }


def act_form(one: SourceAct) -> Plain:
    """A source act of an entry."""
    return {**part_to_dict(one), "links": source_links(one.reference, one.link)}


def row_form(one: Declaration | Participation) -> Plain:
    """A row of reference data, whose ``source`` is a text of words."""
    return {**part_to_dict(one), "source_links": source_links(one.source)}
