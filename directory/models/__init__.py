"""The tables. Importing this package registers all of them on ``Base.metadata``."""

from directory.db.base import Base
from directory.models import (
    account,
    break_glass,
    calendar_link,
    campaign,
    change_log,
    closure,
    coverage,
    edition,
    entry,
    line_test,
    notice,
    proposal,
    read_audit,
    reference,
    search,
    sign_in,
    watching,
)

__all__ = [
    "Base",
    "account",
    "break_glass",
    "calendar_link",
    "campaign",
    "change_log",
    "closure",
    "coverage",
    "edition",
    "entry",
    "line_test",
    "notice",
    "proposal",
    "read_audit",
    "reference",
    "search",
    "sign_in",
    "watching",
]
