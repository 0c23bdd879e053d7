"""Numbers and addresses that regulators keep free for fiction, so that trials ring at nobody.

United Kingdom: Ofcom, numbers for use in drama (020 7946 0000 to 0999, 07700 900000 to 900999).
North American numbering plan: 555-0100 to 555-0199 in every area. France: Arcep, 01 99 00 and
06 39 98. Germany: Bundesnetzagentur, 030 23125. Australia: ACMA, (02) 5550. Sweden: PTS,
08-465 004. States without such a range of their own use the British one. Domains: RFC 2606.
"""

NOTE = "fictitious number from a range reserved for it"

#: Head of the number in E.164, and how many digits are free after it.
_RANGES: dict[str, tuple[str, int]] = {
    "AU": ("+6125550", 4),
    "CA": ("+161355501", 2),
    "DE": ("+493023125", 3),
    "FR": ("+3319900", 4),
    "SE": ("+46846500", 3),
    "US": ("+120255501", 2),
}
_BRITISH = ("+442079460", 3)
_BRITISH_MOBILE = ("+447700900", 3)
#: PTS reserves 400 to 499 only.
_SWEDISH_FIRST = 400


def telephone(state: str, number: int) -> str:
    """A reserved number in E.164; ``number`` picks one of the range."""
    head, digits = _RANGES.get(state, _BRITISH)
    if state == "SE":
        return f"{head}{_SWEDISH_FIRST + number % 100}"
    return f"{head}{number % 10**digits:0{digits}d}"


def mobile(number: int) -> str:
    """A reserved mobile number in E.164."""
    head, digits = _BRITISH_MOBILE
    return f"{head}{number % 10**digits:0{digits}d}"


def email(mailbox: str, body: str, state: str) -> str:
    """An address under the reserved top-level domain 'example'."""
    return f"{mailbox}@{body}.{state.lower()}.example"


def website(body: str, state: str) -> str:
    return f"https://{body}.{state.lower()}.example/"
