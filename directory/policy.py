"""Every access rule, in one file. What is not written here is denied.

A rule answers twice from one definition: ``allows`` checks one subject, ``filter`` gives the WHERE
clause of the subjects it would allow, so that a list can never show what a page would refuse.
Fields have an audience; ``visible`` is the one function that every output passes a record through.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true

from directory.domain.accounts import (
    MAY,
    WITHOUT_STATE,
    AccountAct,
    AccountKind,
    Hand,
    Hands,
    RequestOutcome,
    kind_of,
    may,
)
from directory.domain.channel_values import DIALLED
from directory.domain.events import Authentication
from directory.domain.lifecycle import ProposalState
from directory.domain.marks import N_
from directory.domain.record import (
    Channel,
    LiaisonOfficerRecord,
    Record,
    RequirementsRecord,
    cooperation_types,
)
from directory.domain.vocabulary import (
    Audience,
    CooperationType,
    EntryKind,
    EntryStatus,
    Role,
)
from directory.errors import Denied, Problem
from directory.models.account import Account, AccountRequest, AccountRole
from directory.models.entry import Entry
from directory.models.proposal import Proposal
from directory.models.read_audit import ExportMade, ReadView

SECRETARIAT = frozenset({Role.VERIFIER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its State, or the system itself.

    ``state`` is '' for the secretariat. ``cooperation_types`` are those the account's authority
    deals with. ``scopes`` narrows a token's or a duty desk's rights; None is not narrowed.
    """

    name: str
    account_id: int | None = None
    state: str = ""
    roles: frozenset[Role] = frozenset()
    cooperation_types: frozenset[CooperationType] = frozenset()
    scopes: frozenset[str] | None = None
    #: While it cannot be written down who looks: nothing but what all readers may see.
    narrow: bool = False
    #: How surely the actor is who they say, for the change log.
    authentication: Authentication = Authentication.PASSWORD
    #: A person who has shown a factor within five minutes; never a program.
    is_fresh: bool = False

    @property
    def is_secretariat(self) -> bool:
        return bool(self.roles & SECRETARIAT)


#: Nobody yet: a visitor before sign-in.
ANONYMOUS = Actor(name="")
#: Nobody in particular, who sees what every reader sees: counts are made for them.
EVERY_READER = Actor(name="every reader", roles=frozenset({Role.READER}))
#: The directory itself (seeding, the worker). Has no role; services that allow it say so.
SYSTEM = Actor(name="system", authentication=Authentication.SYSTEM)


class EntryFacts(Protocol):
    """What a rule on an entry looks at."""

    @property
    def state_code(self) -> str: ...
    @property
    def status(self) -> EntryStatus: ...
    @property
    def visible_until(self) -> dt.date | None: ...


ANY_ROLE = frozenset(Role)

#: Permission -> the roles that hold it. Undefined means denied.
GRANTS: dict[str, frozenset[Role]] = {
    "states:read": ANY_ROLE,
    "entries:read": ANY_ROLE,
    # Keeping a copy of everything: whoever answers for a State answers for its copy, too.
    "changes:follow": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "counterparts:ask": ANY_ROLE,
    "search:ask": ANY_ROLE,
    "coverage:read": ANY_ROLE,
    "coverage:work": SECRETARIAT,
    "account:own": ANY_ROLE,
    "reports:make": ANY_ROLE,
    "proposals:read": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "proposals:propose": frozenset({Role.FOCAL_POINT}),
    "proposals:review": frozenset({Role.VERIFIER}),
    "entries:confirm": frozenset({Role.FOCAL_POINT}),
    "reports:answer": frozenset({Role.FOCAL_POINT, Role.VERIFIER}),
    "reviews:read": SECRETARIAT,
    "campaigns:read": ANY_ROLE,
    "campaigns:run": SECRETARIAT,
    "statistics:read": SECRETARIAT | {Role.FOCAL_POINT},
    "closures:announce": frozenset({Role.FOCAL_POINT}),
    "closures:review": frozenset({Role.VERIFIER}),
    "line_tests:read": ANY_ROLE,
    "line_tests:run": SECRETARIAT,
    "log:read": SECRETARIAT | {Role.AUDITOR},
    "audit:read": frozenset({Role.FOCAL_POINT, Role.ADMINISTRATOR, Role.AUDITOR}),
    "audit:alerts": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    "glass:break": ANY_ROLE - {Role.AUDITOR},
    "accounts:read": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "accounts:invite": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "accounts:change": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "accounts:approve": SECRETARIAT,
    "recovery:prove": SECRETARIAT,
    "editions:take": frozenset({Role.FOCAL_POINT}) | SECRETARIAT,
    "editions:make": SECRETARIAT,
    "packs:make": frozenset({Role.READER, Role.FOCAL_POINT}) | SECRETARIAT,
}


#: What is left of its owner's rights to a session that stays open for the night: looking up, and
#: the restricted number on a stated reason, which is what such a desk is for.
DUTY_DESK = frozenset(
    {"states:read", "entries:read", "counterparts:ask", "search:ask", "glass:break"}
)


@lru_cache(maxsize=500)
def sight(actor: Actor) -> Actor:
    """The actor without who they are: whoever has the same sight sees the same of every entry.

    What is left out is named, so that whatever comes to an actor later tells sights apart.
    """
    return replace(
        actor,
        name="",
        account_id=None,
        authentication=Authentication.PASSWORD,
        is_fresh=False,
    )


def can(actor: Actor, permission: str) -> bool:
    """Does the actor hold the permission, whatever the subject?"""
    if actor.scopes is not None and permission not in actor.scopes:
        return False
    return bool(GRANTS.get(permission, frozenset()) & actor.roles)


def require(actor: Actor, permission: str) -> None:
    """Raise ``Denied`` unless the actor holds the permission."""
    if not can(actor, permission):
        raise Denied(permission)


NEEDS_A_PERSON = N_(
    "This needs a person who has shown a second factor within five minutes; a token cannot do it. "
    "Use the page."
)


def require_fresh(actor: Actor) -> None:
    """Raise ``Denied`` unless a person acts who has just shown a factor: for what works at once.

    The pages of such acts ask for the factor; this holds for every other way to them.
    """
    if not actor.is_fresh:
        raise Denied("fresh", [Problem("", NEEDS_A_PERSON)])


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Which entries an actor may read: as a check of one, and as a filter of many."""

    allows: Callable[[Actor, EntryFacts, dt.date], bool]
    filter: Callable[[Actor, dt.date], ColumnElement[bool]]


def _reads_entry(actor: Actor, entry: EntryFacts, today: dt.date) -> bool:
    if not can(actor, "entries:read"):
        return False
    if actor.is_secretariat or actor.state == entry.state_code:
        return True
    shown = entry.visible_until is None or entry.visible_until >= today
    return shown and entry.status is not EntryStatus.RETIRED


def _readable_entries(actor: Actor, today: dt.date) -> ColumnElement[bool]:
    require(actor, "entries:read")
    if actor.is_secretariat:
        return true()
    shown = or_(Entry.visible_until.is_(None), Entry.visible_until >= today)
    public = and_(shown, Entry.status != EntryStatus.RETIRED)
    return or_(Entry.state_code == actor.state, public) if actor.state else public


#: Retired entries and officers whose posting ended are for their own State and the secretariat.
READ_ENTRY = EntryRule(allows=_reads_entry, filter=_readable_entries)


class ProposalFacts(Protocol):
    """What a rule on a proposal looks at."""

    @property
    def state_code(self) -> str: ...
    @property
    def state(self) -> ProposalState: ...


@dataclass(frozen=True, slots=True)
class ProposalRule:
    """Which proposals an actor may read: as a check of one, and as a filter of many."""

    allows: Callable[[Actor, ProposalFacts], bool]
    filter: Callable[[Actor], ColumnElement[bool]]


def _reads_proposal(actor: Actor, proposal: ProposalFacts) -> bool:
    if not can(actor, "proposals:read"):
        return False
    if is_own_state(actor, proposal.state_code):
        return True
    return actor.is_secretariat and proposal.state is not ProposalState.DRAFT


def _readable_proposals(actor: Actor) -> ColumnElement[bool]:
    require(actor, "proposals:read")
    own = Proposal.state_code == actor.state if _proposes(actor) else false()
    if not actor.is_secretariat:
        return own
    return or_(own, Proposal.state != ProposalState.DRAFT)


def _proposes(actor: Actor) -> bool:
    return bool(actor.state) and Role.FOCAL_POINT in actor.roles


def is_own_state(actor: Actor, state: str) -> bool:
    """Is the actor a focal point of that State?"""
    return _proposes(actor) and actor.state == state


def answers_report(actor: Actor, state: str) -> bool:
    """A report on an entry of ``state`` is answered by its focal points or an officer."""
    return can(actor, "reports:answer") and (
        is_own_state(actor, state) or Role.VERIFIER in actor.roles
    )


#: A State's proposals are for its focal points, and once submitted for the secretariat.
READ_PROPOSAL = ProposalRule(allows=_reads_proposal, filter=_readable_proposals)


class AccountFacts(Protocol):
    """What a rule on an account looks at; ``roles`` are those held and those asked for."""

    @property
    def id(self) -> int | None: ...
    @property
    def state(self) -> str: ...
    @property
    def roles(self) -> frozenset[Role]: ...


#: What the door asks for before the table of ``domain.accounts`` says more.
ACCOUNT_ACTS: dict[AccountAct, str] = {
    AccountAct.READ: "accounts:read",
    AccountAct.INVITE: "accounts:invite",
    AccountAct.RENEW: "accounts:invite",
    AccountAct.CONFIRM: "accounts:change",
    AccountAct.CHANGE: "accounts:change",
    AccountAct.END_ROLE: "accounts:change",
    AccountAct.END_SESSIONS: "accounts:change",
    AccountAct.DISABLE: "accounts:change",
    AccountAct.HAND_OVER: "accounts:change",
}
_OFFICERS = {Role.VERIFIER: Hand.VERIFIER, Role.ADMINISTRATOR: Hand.ADMINISTRATOR}


def may_account(actor: Actor, act: AccountAct, account: AccountFacts) -> bool:
    """May the actor do that to the account? The system itself (the command line) may."""
    if actor is SYSTEM:
        return True
    permitted = _acts_on_accounts(actor, ACCOUNT_ACTS[act])
    return permitted and may(act, kind_of(account.roles), _hands(actor, account))


def _acts_on_accounts(actor: Actor, permission: str) -> bool:
    # A token makes, changes and ends nobody: it could outlive its owner by an account of its own.
    is_read = permission == ACCOUNT_ACTS[AccountAct.READ]
    return can(actor, permission) and (is_read or actor.scopes is None)


def _hands(actor: Actor, account: AccountFacts) -> Hands:
    hands = {hand for role, hand in _OFFICERS.items() if role in actor.roles}
    if is_own_state(actor, account.state):
        hands.add(Hand.FOCAL_POINT)
    if actor.account_id == account.id:
        hands.add(Hand.OWNER)
    return frozenset(hands)


def accounts_for(actor: Actor, act: AccountAct) -> ColumnElement[bool]:
    """The accounts that ``may_account`` allows the act on, from the same table."""
    if actor is SYSTEM:
        return true()
    if not _acts_on_accounts(actor, ACCOUNT_ACTS[act]):
        raise Denied(ACCOUNT_ACTS[act])
    return or_(*(_within(actor, kind, hands) for kind, hands in MAY[act].items()))


def _within(actor: Actor, kind: AccountKind, allowed: Hands) -> ColumnElement[bool]:
    own = Account.id == actor.account_id
    by_office = any(hand in allowed for role, hand in _OFFICERS.items() if role in actor.roles)
    of_state = Account.state_code == actor.state if _proposes(actor) else false()
    reached = true() if by_office else of_state if Hand.FOCAL_POINT in allowed else false()
    if Hand.OWNER in allowed:
        return and_(_is_kind(kind), or_(reached, own))
    return and_(_is_kind(kind), reached, not_(own))


def _is_kind(kind: AccountKind) -> ColumnElement[bool]:
    """Accounts of that kind by the roles they hold or that are asked for."""
    grave, point = _has_role(WITHOUT_STATE), _has_role(frozenset({Role.FOCAL_POINT}))
    conditions = {
        AccountKind.SECRETARIAT: grave,
        AccountKind.FOCAL_POINT: and_(not_(grave), point),
        AccountKind.READER: and_(not_(grave), not_(point)),
    }
    return conditions[kind]


def _has_role(roles: frozenset[Role]) -> ColumnElement[bool]:
    asked = (AccountRequest.account_id == Account.id, AccountRequest.outcome.is_(None))
    return or_(
        exists().where(AccountRole.account_id == Account.id, AccountRole.role.in_(roles)),
        exists().where(*asked, AccountRequest.role.in_(roles)),
    )


class RequestFacts(Protocol):
    """What a rule on a request for an account looks at."""

    @property
    def account_id(self) -> int: ...
    @property
    def replaces_id(self) -> int | None: ...
    @property
    def asked_by(self) -> int | None: ...
    @property
    def approved_by(self) -> frozenset[int]: ...
    @property
    def outcome(self) -> RequestOutcome | None: ...


def may_approve(actor: Actor, request: RequestFacts) -> bool:
    """An officer approves what is open and neither asked for by them nor about them; once."""
    concerned = {request.account_id, request.replaces_id, request.asked_by, *request.approved_by}
    return (
        _acts_on_accounts(actor, "accounts:approve")
        and request.outcome is None
        and actor.account_id not in concerned
    )


def may_decline(actor: Actor, request: RequestFacts) -> bool:
    """An officer whom it is not about declines it; whoever asked takes it back."""
    if request.outcome is not None or actor.scopes is not None:
        return False
    if actor.account_id is not None and actor.account_id == request.asked_by:
        return can(actor, "accounts:invite")
    concerned = {request.account_id, request.replaces_id}
    return can(actor, "accounts:approve") and actor.account_id not in concerned


class DomainFacts(Protocol):
    """What a rule on a domain of a State's list looks at."""

    @property
    def added_by(self) -> int | None: ...
    @property
    def is_agreed(self) -> bool: ...


def may_agree_domain(actor: Actor, domain: DomainFacts) -> bool:
    """An officer agrees to a domain that another one added."""
    open_ = _acts_on_accounts(actor, "accounts:approve") and not domain.is_agreed
    return open_ and actor.account_id != domain.added_by


def _readable_look_ups(actor: Actor) -> ColumnElement[bool]:
    require(actor, "audit:read")
    if can(actor, "audit:alerts"):
        return true()
    return ReadView.account_state == actor.state if _proposes(actor) else false()


def _readable_exports(actor: Actor) -> ColumnElement[bool]:
    require(actor, "audit:read")
    if can(actor, "audit:alerts"):
        return true()
    return ExportMade.account_state == actor.state if _proposes(actor) else false()


@dataclass(frozen=True, slots=True)
class LookUpRule:
    """Which look-ups, and which files that were taken away, an actor may read about."""

    filter: Callable[[Actor], ColumnElement[bool]]
    exports: Callable[[Actor], ColumnElement[bool]]


#: What a State's accounts looked at is for its focal points, all of it for auditors.
READ_LOOK_UPS = LookUpRule(filter=_readable_look_ups, exports=_readable_exports)


def audiences(actor: Actor, state: str, types: frozenset[CooperationType]) -> frozenset[Audience]:
    """The audiences the actor belongs to, for an entry of ``state`` that deals with ``types``."""
    if actor.narrow:
        return frozenset({Audience.ALL_READERS})
    if is_own_state(actor, state):
        # Who answers for an entry sees all of it; else nobody could say that it is still correct.
        return frozenset(Audience)
    if actor.is_secretariat or (actor.state and actor.state == state):
        return frozenset({Audience.ALL_READERS, Audience.SAME_TYPE, Audience.OWN_STATE})
    if actor.cooperation_types & types:
        return frozenset({Audience.ALL_READERS, Audience.SAME_TYPE})
    return frozenset({Audience.ALL_READERS})


def visible(actor: Actor, state: str, record: Record, *, opened: bool = False) -> Record:
    """The record with what this actor may see of it; every output passes through here.

    ``opened``: the actor gave a reason and is shown what is behind glass, too.
    """
    if not is_restricted(record):
        return record
    glass = frozenset({Audience.BREAK_GLASS}) if opened else frozenset[Audience]()
    return _cut(record, _allowed(actor, state, record) | glass)


def _allowed(actor: Actor, state: str, record: Record) -> frozenset[Audience]:
    # What is called at night stays open, also while nobody can write down who looks.
    stays_open = record.kind is EntryKind.CONTACT_POINT
    asking = replace(actor, narrow=False) if stays_open and actor.narrow else actor
    return audiences(asking, state, frozenset(cooperation_types(record)))


#: Kind and value of a line (or of a person's name) -> the audience it was last meant for.
LastAudiences = dict[tuple[str, str], Audience]
#: Stands for the kinds that are dialled: a number stays the same one when it is called a mobile.
_NUMBER = "number"
#: Stands for the kind of a line where it is the name of the person in a post.
_HOLDER = "holder"


def _line(channel: Channel) -> tuple[str, str]:
    return (_NUMBER if channel.kind in DIALLED else channel.kind, channel.value)


def last_audiences(records: Iterable[Record]) -> LastAudiences:
    """Whom each line was last meant for; the records of one entry, the oldest first."""
    found: LastAudiences = {}
    for record in records:
        found |= {_line(one): one.audience for one in _channels(record)}
        if isinstance(record, LiaisonOfficerRecord):
            found[_HOLDER, record.holder] = record.holder_audience
    return found


def visible_then(actor: Actor, state: str, record: Record, last: LastAudiences) -> Record:
    """An earlier record as the actor may see it now.

    The last word on a line's audience counts for its whole past, so that history shows nobody what
    was closed to them since.
    """
    if isinstance(record, RequirementsRecord):
        return record
    allowed = _allowed(actor, state, record)
    kept = tuple(one for one in record.channels if last[_line(one)] in allowed)
    if isinstance(record, LiaisonOfficerRecord) and last[_HOLDER, record.holder] not in allowed:
        return replace(record, channels=kept, holder="")
    return replace(record, channels=kept)


def visible_to_all_readers(record: Record) -> Record:
    """The record as a reader without any closer tie sees it (also what the index may learn)."""
    return _cut(record, _EVERYBODY)


def is_restricted(record: Record) -> bool:
    """Does the record hold a channel, or a person's name, that not all readers may see?"""
    if isinstance(record, LiaisonOfficerRecord) and _is_closed(record, _EVERYBODY):
        return True
    return any(channel.audience is not Audience.ALL_READERS for channel in _channels(record))


#: What every reader belongs to, and no more.
_EVERYBODY = frozenset({Audience.ALL_READERS})


def _is_closed(record: LiaisonOfficerRecord, allowed: frozenset[Audience]) -> bool:
    return bool(record.holder) and record.holder_audience not in allowed


def hidden_channels(actor: Actor, state: str, record: Record) -> int:
    """How many channels exist that this actor does not see (said plainly on the page)."""
    return len(_channels(record)) - len(_channels(visible(actor, state, record)))


def behind_glass(actor: Actor, state: str, record: Record) -> int:
    """How many lines this actor may be shown on a stated reason, and is not shown without one."""
    seen = _allowed(actor, state, record)
    return sum(
        one.audience is Audience.BREAK_GLASS and one.audience not in seen
        for one in _channels(record)
    )


def counts_look_ups(actor: Actor, states: Iterable[str]) -> bool:
    """Are look-ups of entries of these States held against a quota?

    Not those of the own State; and the secretariat, which keeps the directory, is only watched.
    """
    return not actor.is_secretariat and any(state != actor.state for state in states)


def _channels(record: Record) -> tuple[Channel, ...]:
    return () if isinstance(record, RequirementsRecord) else record.channels


def _cut(record: Record, allowed: frozenset[Audience]) -> Record:
    if isinstance(record, RequirementsRecord):
        return record
    kept = tuple(channel for channel in record.channels if channel.audience in allowed)
    if isinstance(record, LiaisonOfficerRecord) and _is_closed(record, allowed):
        return replace(record, channels=kept, holder="")
    return record if len(kept) == len(record.channels) else replace(record, channels=kept)
