"""Keys that are replaced while the directory runs: one is used, others are taken too.

A key is replaced in three steps, so that at no moment a process meets what it cannot open: the next
key is made and taken by every process, then it is used, and the earlier one is dropped when nothing
needs it any more.
"""

import hashlib
from dataclasses import dataclass

_PURPOSE = b"name of a key\0"
NAME_LENGTH = 8


def key_name(secret: str) -> str:
    """A short name by which a key can be told from others; tells nothing of a random key."""
    return hashlib.sha256(_PURPOSE + secret.encode()).hexdigest()[:NAME_LENGTH]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``current`` signs and encrypts; ``coming`` and ``earlier`` (newest first) are taken too."""

    current: str
    coming: str = ""
    earlier: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every key that is taken, the current one first."""
        return (self.current, *((self.coming,) if self.coming else ()), *self.earlier)

    @property
    def others(self) -> tuple[str, ...]:
        """The keys that are taken but not used."""
        return self.all[1:]

    @property
    def oldest(self) -> str:
        """The key that was used before keys had names."""
        return self.earlier[-1] if self.earlier else self.current

    def named(self, name: str) -> str | None:
        """The key of that name; None when it was dropped. '' names the oldest."""
        if not name:
            return self.oldest
        return next((one for one in self.all if key_name(one) == name), None)
