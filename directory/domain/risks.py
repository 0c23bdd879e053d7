"""Signs that a proposal deserves a harder look; they decide nothing by themselves."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from directory.domain.call_backs import record_channels
from directory.domain.diff import Difference
from directory.domain.marks import N_
from directory.domain.record import Record, RequirementsRecord
from directory.domain.vocabulary import ChannelKind

#: Days for which a change of an entry is recent.
RECENT = 90

#: Codes with what they say.
RISKS = {
    "new_domain": N_("A domain that this State has not used: %(domains)s"),
    "changed_recently": N_("Changed in the last 90 days, on %(on)s"),
    "look_alike": N_("Letters that look like others: %(texts)s"),
    "first_change": N_("The first change by this person"),
    "several_states": N_("The same channel is used or proposed for other States: %(states)s"),
}


@dataclass(frozen=True, slots=True)
class Risk:
    """One sign; ``RISKS[code]`` with ``params`` says it."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known around a proposal."""

    #: Hosts of e-mails and web addresses that the State's entries use now.
    known_hosts: frozenset[str] = frozenset()
    #: When a routing-critical change of the entry was published last.
    changed_at: dt.datetime | None = None
    #: Changes by this person that were published.
    published_before: int = 0
    #: Other States that use or propose one of the new channels.
    other_states: tuple[str, ...] = ()


def risks(
    record: Record,
    differences: Sequence[Difference],
    around: Surroundings,
    at: dt.datetime,
) -> tuple[Risk, ...]:
    """The signs, the gravest first."""
    found = []
    new = sorted(host for host in hosts_of(record) if not _is_known(host, around.known_hosts))
    odd = sorted({*odd_texts(differences), *(host for host in new if _imitates(host, around))})
    if around.other_states:
        found.append(Risk("several_states", {"states": ", ".join(around.other_states)}))
    if odd:
        found.append(Risk("look_alike", {"texts": ", ".join(odd)}))
    if new:
        found.append(Risk("new_domain", {"domains": ", ".join(new)}))
    if around.changed_at and at - around.changed_at <= dt.timedelta(days=RECENT):
        found.append(Risk("changed_recently", {"on": around.changed_at.date().isoformat()}))
    if not around.published_before:
        found.append(Risk("first_change"))
    return tuple(found)


_HOST = re.compile(r"(?:https?://)?(?:[^@/\s]*@)?([^/:?#\s@]+)", re.IGNORECASE)


def hosts_of(record: Record) -> frozenset[str]:
    """The hosts of a record's e-mails, web forms, website and links, in small letters."""
    addresses = [
        one.value
        for one in record_channels(record)
        if one.kind in {ChannelKind.EMAIL, ChannelKind.WEB_FORM, ChannelKind.SECURE_PLATFORM}
    ]
    if isinstance(record, RequirementsRecord):
        addresses += record.links
    else:
        addresses.append(getattr(record, "website", ""))
        addresses += [key.link for key in getattr(record, "keys", ())]
    return hosts(addresses)


def hosts(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts of e-mail and web addresses; what has no dot is no host."""
    found = (_HOST.match(one) for one in addresses if one)
    return frozenset(match[1].lower() for match in found if match and "." in match[1])


def _is_known(host: str, known: frozenset[str]) -> bool:
    """Is it a known host, or inside the domain of one?"""
    return any(host == one or host.endswith(f".{one}") for one in known)


#: Letters of other scripts, and signs, that pass for Latin letters (after Unicode's confusables).
_TWINS = str.maketrans(
    "аеорсхуіјѕԁɡһӏкмтвнαορτνικ01|",
    "aeopcxyijsdghlkmtbhaoptvikolI".lower(),
)


def skeleton(host: str) -> str:
    """What a host looks like at a glance: twins and accents made one, 'rn' read as 'm'."""
    shown = _unicode(host).casefold().translate(_TWINS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(c))
    return bare.replace("rn", "m").replace("vv", "w").replace("i", "l").replace("-", "")


def _unicode(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _imitates(host: str, around: Surroundings) -> bool:
    return any(skeleton(host) == skeleton(one) and host != one for one in around.known_hosts)


def odd_texts(differences: Iterable[Difference]) -> Iterable[str]:
    """New values with a word of mixed scripts, or a host in other letters than ASCII."""
    for text in _new_texts(differences):
        words = re.findall(r"[\w.\-@]+", text)
        for word in words:
            if is_mixed(word) or "xn--" in word.lower() or _foreign_host(word):
                yield word


def _new_texts(differences: Iterable[Difference]) -> Iterable[str]:
    for one in differences:
        if isinstance(one.after, dict):
            yield from (value for value in one.after.values() if isinstance(value, str))
        elif isinstance(one.after, str):
            yield one.after


def _foreign_host(word: str) -> bool:
    return "@" in word and not word.isascii()


def is_mixed(word: str) -> bool:
    """Do letters of Latin, Greek and Cyrillic stand in one word?"""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1
