"""What a browser is, in two words, from what it calls itself; only ever shown, never relied on."""

import re

#: The first that fits names it; nearly every browser also claims to be the ones below it.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
#: Letters shown of a name that is none of these.
LONGEST = 40


def browser_name(user_agent: str) -> str:
    """'Firefox, Windows'; the beginning of an unknown name, '' where none was sent."""
    found = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    known = ", ".join(one for one in found if one)
    return known or re.sub(r"[^\w ./-]", "", user_agent)[:LONGEST].strip()


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
