"""Public identifiers of what people make: short, random, readable over the telephone."""

import secrets

#: Crockford's base 32: no I, L, O or U, so nothing is misread over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_proposal_id() -> str:
    """E.g. 'P-4M7Q2Z9K'."""
    return f"P-{_random(8)}"


def new_entry_id(state: str) -> str:
    """E.g. 'RO-3F7K2Q8'; one letter longer than those of seeded entries, so never one of theirs."""
    return f"{state}-{_random(7)}"


def new_serial() -> str:
    """Of a file that is taken away, e.g. 'X-7QK2M9Z3F1'."""
    return f"X-{_random(10)}"


def new_campaign_id() -> str:
    """E.g. 'C-7QK2M9'."""
    return f"C-{_random(6)}"


def new_round_id() -> str:
    """E.g. 'L-7QK2M9'."""
    return f"L-{_random(6)}"
