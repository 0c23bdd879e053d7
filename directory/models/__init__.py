"""The tables. Importing this package registers all of them on ``Base.metadata``."""

from directory.db.base import Base
from directory.models import account, entry, reference

__all__ = ["Base", "account", "entry", "reference"]
