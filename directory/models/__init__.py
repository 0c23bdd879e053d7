"""The tables. Importing this package registers all of them on ``Base.metadata``."""

from directory.db.base import Base
from directory.models import account, campaign, change_log, entry, notice, proposal, reference

__all__ = ["Base", "account", "campaign", "change_log", "entry", "notice", "proposal", "reference"]
