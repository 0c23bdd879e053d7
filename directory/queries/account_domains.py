"""The e-mail domains on the States' lists."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.domain.account_addresses import Sign, domain_look_alikes
from directory.errors import NotFound
from directory.models.account import StateDomain
from directory.policy import SYSTEM, Actor, require


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFile:
    """A domain of a State's list; ``signs`` say what it looks like."""

    domain: str
    state: str
    added_by: int | None
    added_at: dt.datetime
    agreed_at: dt.datetime | None
    signs: tuple[Sign, ...] = ()

    @property
    def is_agreed(self) -> bool:
        return self.agreed_at is not None


def get_domain(session: Session, domain: str) -> DomainFile:
    """One domain, whoever asks; raises ``NotFound``."""
    row = session.get(StateDomain, domain)
    if row is None:
        raise NotFound("domain", domain)
    return _file(row, ())


def list_domains(actor: Actor, session: Session) -> tuple[DomainFile, ...]:
    """All domains, by State; for officers."""
    if actor is not SYSTEM:
        require(actor, "accounts:approve")
    query = select(StateDomain).order_by(StateDomain.state_code, StateDomain.domain)
    rows = session.scalars(query).all()
    agreed = [row.domain for row in rows if row.agreed_at is not None]
    return tuple(
        _file(row, () if row.agreed_at else tuple(domain_look_alikes(row.domain, agreed)))
        for row in rows
    )


def _file(row: StateDomain, signs: tuple[Sign, ...]) -> DomainFile:
    return DomainFile(
        domain=row.domain,
        state=row.state_code,
        added_by=row.added_by,
        added_at=row.added_at,
        agreed_at=row.agreed_at,
        signs=signs,
    )
