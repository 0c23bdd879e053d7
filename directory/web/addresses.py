"""Addresses that a request may name as the place to go on to."""

import re

#: A path that no browser takes for a host: one slash, no backslashes, no control characters.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


def is_local(address: str | None) -> bool:
    """Is that nothing, or a path on this host in the eyes of every browser?"""
    return not address or _LOCAL_PATH.fullmatch(address) is not None
