"""``directory keys``: the inventory of keys, and replacing one in three steps.

The ceremony with its reasons stands in docs/manual/operator/keys.md.
"""

from collections.abc import Mapping
from typing import Any

import click

from directory.cli.frame import as_json, emit, parts_from_environment
from directory.cli.settings_file import refuse_environment, write_settings
from directory.composition import refuse_unfit_schema
from directory.db.unit_of_work import UnitOfWork
from directory.domain.events import Doer, Event
from directory.parts import Parts
from directory.services import keys as services
from directory.services.change_log import record
from directory.services.keys import KEYS, OTHERS, Key
from directory.services.second_factors import renew_secrets
from directory.settings import Settings

#: Who the change log names for what is done on the machine itself.
OPERATOR = Doer(name="operator")
which = click.argument("name", type=click.Choice(sorted(KEYS)))


@click.group()
def keys() -> None:
    """The keys there are, and replacing one: new, use, renew, drop."""


@keys.command("list")
@as_json
def list_keys(as_json: bool) -> None:
    """What each key is for, which of them are taken, and what still needs an earlier one."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    found = {key.name: inventory_of(parts, key) for key in KEYS.values()}
    lines = [line for name, facts in found.items() for line in _lines(name, facts)]
    others = [f"{name}: {text}" for name, text in OTHERS.items()]
    emit({"keys": found, "others": dict(OTHERS)}, [*lines, *others], as_json=as_json)


def inventory_of(parts: Parts, key: Key) -> dict[str, Any]:
    """The facts of one key; names, never anything of the key itself."""
    settings = parts.settings
    ring = services.ring_of(settings, key)
    earlier = [services.name_of(settings, key, one) for one in ring.earlier]
    if key.name in services.SIGNING:
        earlier = [text.split("+")[1] for text in getattr(settings, key.earlier)]
    with parts.reading() as session:
        waiting = services.waits_for(session, settings, key)
    return {
        "setting": key.setting,
        "use": key.use,
        "algorithm": key.algorithm,
        "if_stolen": key.if_stolen,
        "current": services.name_of(settings, key, ring.current),
        "next": services.name_of(settings, key, ring.coming) if ring.coming else None,
        "earlier": earlier,
        "waiting": waiting,
    }


def _lines(name: str, facts: Mapping[str, Any]) -> list[str]:
    others = [f"next {facts['next']}"] if facts["next"] else []
    others += [f"earlier {one}" for one in facts["earlier"]]
    taken = f" ({', '.join(others)})" if others else ""
    waiting = [f"  {facts['waiting']}"] if facts["waiting"] else []
    return [
        f"{name}: {facts['current']}{taken}",
        f"  {facts['use']}; {facts['algorithm']}",
        f"  if stolen: {facts['if_stolen']}",
        *waiting,
    ]


@keys.command()
@which
def new(name: str) -> None:
    """Step 1: make the next key. Every process takes it once started anew, none uses it yet."""
    _step(name, "key.new", services.new_key)
    click.echo(f"the next {name} key is made: start every process anew, then 'keys use {name}'")


@keys.command()
@which
def use(name: str) -> None:
    """Step 2: use the next key; the one before is still taken."""
    _step(name, "key.use", services.use_key)
    click.echo(f"the {name} key is replaced: start every process anew, then see 'keys list'")


@keys.command()
@which
def drop(name: str) -> None:
    """Step 3: take the earlier keys no more; refused while something needs one."""

    def dropped(settings: Settings, key: Key) -> services.Step:
        with parts_from_environment().reading() as session:
            return services.drop_keys(session, settings, key)

    _step(name, "key.drop", dropped)
    click.echo(f"the earlier {name} keys are dropped: start every process anew")


@keys.command()
def renew() -> None:
    """Encrypt every second-factor secret under the current field key; safe under load."""
    parts = parts_from_environment()
    refuse_unfit_schema(parts)
    with parts.unit_of_work() as uow:
        count = renew_secrets(uow, parts.settings.field_keys)
        _record(uow, parts, "key.renew", KEYS["field"])
    click.echo(f"{count} second factors were encrypted anew")


def _step(name: str, action: str, step: Any) -> None:
    parts, key = parts_from_environment(), KEYS[name]
    refuse_unfit_schema(parts)
    changes: services.Step = step(parts.settings, key)
    refuse_environment(changes)
    # Said before it is done: a key that is replaced without a trace would be worse than a trace
    # of a key that was not.
    with parts.unit_of_work() as uow:
        _record(uow, parts, action, key)
    write_settings(changes)


def _record(uow: UnitOfWork, parts: Parts, action: str, key: Key) -> None:
    ring = services.ring_of(parts.settings, key)
    event = Event(
        at=parts.clock(),
        doer=OPERATOR,
        action=action,
        subject_kind="key",
        subject_id=key.name,
        after={"current": services.name_of(parts.settings, key, ring.current)},
    )
    record(uow, event)
