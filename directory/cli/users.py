"""``directory user``: who may come in. The operator's word counts for that of both officers."""

import datetime as dt
from dataclasses import asdict

import click

from directory.cli.accounts import naming_the_missing, ready_parts
from directory.cli.frame import as_json, emit
from directory.domain.account_addresses import SIGNS
from directory.domain.vocabulary import CooperationType, Role
from directory.policy import SYSTEM
from directory.queries.account_domains import list_domains
from directory.queries.account_files import RequestFile, open_requests, read_addresses
from directory.queries.accounts import AccountSummary, list_accounts
from directory.services import account_acts, account_domains, account_requests
from directory.services.accounts import (
    INVITATION_LASTS,
    Affiliation,
    add_invitation,
    get_account,
    prepare_invited,
)
from directory.services.invitations import account_rules, send_invitation
from directory.services.secrets import new_secret
from directory.settings import Settings

LIST_HINT = "'directory user list' shows all"
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def user() -> None:
    """Invite people, agree to requests, confirm, hand over and close accounts."""


@user.command("invite")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([one.value for one in Role]))
@click.option("--state", default="", metavar="XX", help="Two-letter code of the account's State.")
@click.option("--authority", default="", help="The person's authority, in words.")
@click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice([one.value for one in CooperationType]),
    help="What the authority deals with; can be repeated.",
)
@click.option("--until", type=DAY, help="Last day of the account, as in 2027-12-31.")
@click.option("--show-link", is_flag=True, help="Print the link instead of sending it by mail.")
@click.option("--address", default="", metavar="URL", help="Where people reach the directory.")
def invite_user(
    email: str,
    role: str,
    state: str,
    authority: str,
    types: tuple[str, ...],
    until: dt.datetime | None,
    show_link: bool,
    address: str,
) -> None:
    """Make an account for EMAIL and send it the link with which it sets up how to sign in.

    Where no mail is sent from here, or with --show-link, the link is printed: pass it on by a
    channel you trust. It works once, for three days. Who has not come in yet can be invited again,
    which voids earlier links; an account in use is recovered by two officers.
    """
    parts = ready_parts()
    at, settings = parts.clock(), parts.settings
    belongs = Affiliation(
        authority=authority,
        types=frozenset(CooperationType(one) for one in types),
        ends_on=until.date() if until else None,
    )
    with parts.unit_of_work() as uow:
        account = prepare_invited(uow, SYSTEM, email, Role(role), state.upper(), at, belongs)
        if settings.smtp_host and not show_link:
            send_invitation(uow, account, account_rules(settings), at)
            said = f"the link is sent to {account.email} by the worker"
        else:
            secret = add_invitation(uow, account.id, new_secret(), at)
            said = f"{address.rstrip('/') or _own_address(settings)}/invitation/{secret}"
    click.echo(said)
    click.echo(f"Works once, for {INVITATION_LASTS.days} days.", err=True)


def _own_address(settings: Settings) -> str:
    if settings.base_url:
        return settings.base_url.rstrip("/")
    scheme = "https" if settings.secure_cookies else "http"
    return f"{scheme}://{settings.trusted_hosts[0]}"


@user.command("list")
@as_json
def list_users(as_json: bool) -> None:
    """List all accounts."""
    parts = ready_parts()
    with parts.reading() as session:
        accounts = list_accounts(SYSTEM, session)
    facts = {"items": [asdict(one) for one in accounts]}
    emit(facts, (_account_line(one) for one in accounts), as_json=as_json)


def _account_line(one: AccountSummary) -> str:
    marks = [
        "" if one.active else "disabled",
        "" if one.second_factor else "no second factor",
        "demo" if one.demo else "",
        f"until {one.ends_on}" if one.ends_on else "",
    ]
    roles = ",".join(one.roles)
    shown = ", ".join(mark for mark in marks if mark)
    return f"{one.email:<36} {one.state or '--':<3} {roles:<16} {shown}".rstrip()


@user.command("requests")
@as_json
def list_requests(as_json: bool) -> None:
    """List what waits for officers, with its number."""
    with ready_parts().reading() as session:
        requests = list(open_requests(session).values())
        emails = read_addresses(session, [one.account_id for one in requests])
    facts = {"items": [asdict(one) | {"email": emails[one.account_id]} for one in requests]}
    lines = (_request_line(one, emails[one.account_id]) for one in requests)
    emit(facts, lines, as_json=as_json)


def _request_line(one: RequestFile, email: str) -> str:
    missing = one.needed - len(one.approved_by)
    signs = "; ".join(SIGNS[sign.code] % {"text": sign.text} for sign in one.signs)
    head = f"{one.id:>4} {email:<36} {one.kind} {one.role}, {missing} of {one.needed} missing"
    return f"{head}: {signs}" if signs else head


@user.command("approve")
@click.argument("request_id", type=int)
def approve(request_id: int) -> None:
    """Agree to the request with that number (see 'directory user requests')."""
    parts = ready_parts()
    rules = account_rules(parts.settings)
    with naming_the_missing("'directory user requests' shows all"), parts.unit_of_work() as uow:
        account_requests.approve(uow, SYSTEM, request_id, rules, parts.clock())
    click.echo(f"request {request_id} is granted")


@user.command("decline")
@click.argument("request_id", type=int)
@click.option("--reason", required=True, help="Kept in the change log; name nobody in it.")
def decline(request_id: int, reason: str) -> None:
    """Decline the request with that number."""
    parts = ready_parts()
    with naming_the_missing("'directory user requests' shows all"), parts.unit_of_work() as uow:
        account_requests.decline(uow, SYSTEM, request_id, reason, parts.clock())
    click.echo(f"request {request_id} is declined")


@user.command("confirm")
@click.argument("email")
def confirm(email: str) -> None:
    """Say that EMAIL still belongs here, for another year."""
    parts = ready_parts()
    with naming_the_missing(LIST_HINT), parts.unit_of_work() as uow:
        account = get_account(uow.session, email)
        account_acts.confirm(uow, SYSTEM, account.id, parts.clock())
    click.echo(f"{email} is confirmed")


@user.command("end-role")
@click.argument("email")
@click.argument("role", type=click.Choice([one.value for one in Role]))
@click.option("--on", "day", type=DAY, help="Last day of the role; without it, it ends now.")
def end_role(email: str, role: str, day: dt.datetime | None) -> None:
    """End ROLE of EMAIL."""
    parts = ready_parts()
    rules, ends_on = account_rules(parts.settings), day.date() if day else None
    with naming_the_missing(LIST_HINT), parts.unit_of_work() as uow:
        account = get_account(uow.session, email)
        account_acts.end_role(uow, SYSTEM, account.id, Role(role), ends_on, rules, parts.clock())
    click.echo(f"{email} is {role} until {ends_on}" if ends_on else f"{email} is no {role} now")


@user.command("hand-over")
@click.argument("email")
@click.argument("successor")
@click.option("--leaves", is_flag=True, help="Close the account of EMAIL as well.")
def hand_over(email: str, successor: str, leaves: bool) -> None:
    """Pass the focal point's role of EMAIL to SUCCESSOR, once the successor has come in."""
    parts = ready_parts()
    rules = account_rules(parts.settings)
    with naming_the_missing(LIST_HINT), parts.unit_of_work() as uow:
        account = get_account(uow.session, email)
        account_requests.ask_hand_over(
            uow, SYSTEM, account.id, successor, leaves, rules, parts.clock()
        )
    click.echo(f"{successor} takes over from {email} when they have come in")


@user.command("disable")
@click.argument("email")
@click.option(
    "--reason",
    default="by the operator",
    show_default=True,
    help="Kept in the change log; name nobody in it.",
)
@click.option("--stolen", is_flag=True, help="In wrong hands: close it even if it is the last one.")
def disable_user(email: str, reason: str, stolen: bool) -> None:
    """Let nobody in as EMAIL any more; its sessions and tokens end at once."""
    parts = ready_parts()
    rules = account_rules(parts.settings)
    with naming_the_missing(LIST_HINT), parts.unit_of_work() as uow:
        account = get_account(uow.session, email)
        account_acts.disable(uow, SYSTEM, account.id, reason, rules, parts.clock(), stolen=stolen)
    click.echo(f"{email} is disabled")


@user.group("domains")
def domains() -> None:
    """The e-mail domains that the addresses of each State lie in."""


@domains.command("list")
@as_json
def list_all_domains(as_json: bool) -> None:
    """List the domains of all States."""
    with ready_parts().reading() as session:
        found = list_domains(SYSTEM, session)
    facts = {"items": [asdict(one) for one in found]}
    lines = (
        f"{one.state} {one.domain}{'' if one.is_agreed else ' (waits for a second officer)'}"
        for one in found
    )
    emit(facts, lines, as_json=as_json)


@domains.command("add")
@click.argument("state", metavar="XX")
@click.argument("domain")
def add_domain(state: str, domain: str) -> None:
    """Let addresses in DOMAIN, and below it, count as those of the State."""
    parts = ready_parts()
    rules = account_rules(parts.settings)
    with parts.unit_of_work() as uow:
        account_domains.add_domain(uow, SYSTEM, state.upper(), domain, rules, parts.clock())
    click.echo(f"{domain} is a domain of {state.upper()}")


@domains.command("agree")
@click.argument("domain")
def agree_domain(domain: str) -> None:
    """Agree to a domain that an officer added."""
    parts = ready_parts()
    hint = "'directory user domains list' shows all"
    with naming_the_missing(hint), parts.unit_of_work() as uow:
        account_domains.agree_domain(uow, SYSTEM, domain, parts.clock())
    click.echo(f"{domain} counts from now on")


@domains.command("remove")
@click.argument("domain")
def remove_domain(domain: str) -> None:
    """Take DOMAIN off its State's list; the accounts that are there stay."""
    parts = ready_parts()
    hint = "'directory user domains list' shows all"
    with naming_the_missing(hint), parts.unit_of_work() as uow:
        account_domains.remove_domain(uow, SYSTEM, domain, parts.clock())
    click.echo(f"{domain} is off the list")
