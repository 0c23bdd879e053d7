"""What is measured: addresses of each kind, taken from the database, with the goal of each."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from sqlalchemy import Engine, select

from directory.domain.vocabulary import CooperationType, Role
from directory.models.entry import Entry
from directory.models.reference import State, StateName
from directory.policy import READ_ENTRY, Actor

#: Different addresses of each kind.
MANY = 400
#: Different questions that are asked once: more than are answered in one measurement.
MANY_ONCE = 60_000
#: Only what every reader may see is asked for: a refusal would be counted as a failure.
ANY_READER = Actor(name="bench", roles=frozenset({Role.READER}))


@dataclass(frozen=True, slots=True)
class Target:
    """Addresses of one kind, whether they want a token, and the least ratio to the bare route."""

    name: str
    paths: Sequence[str]
    goal: float | None
    page: bool = False


def targets(engine: Engine, size: int) -> list[Target]:
    """The kinds that are measured, for a directory of ``size`` entries."""
    chance = random.Random(1)
    with engine.connect() as connection:
        readable = READ_ENTRY.filter(ANY_READER, dt.datetime.now(dt.UTC).date())
        ids = list(
            connection.execute(select(Entry.id).where(readable).order_by(Entry.id)).scalars()
        )
        codes = list(connection.execute(select(State.code).order_by(State.code)).scalars())
        names = list(
            connection.execute(
                select(StateName.text).where(
                    StateName.form == "official", StateName.language == "en"
                )
            ).scalars()
        )
    entries = [chance.choice(ids) for _ in range(MANY)]
    questions = list(islice(_questions(codes, chance), MANY))
    once = list(islice(_questions(codes, chance), MANY_ONCE))
    words = ["mutual legal assistance", "extradition", "ministry of justice", "24/7", "prosecutor"]
    searches = [quote(f"{chance.choice(words)} {chance.choice(names)}") for _ in range(MANY)]
    return [
        Target("entry JSON", [f"/api/v1/entries/{one}" for one in entries], 0.35),
        Target("finder JSON", questions, 0.12),
        Target("finder JSON, each asked once", once, None),
        Target(
            "search JSON",
            [f"/api/v1/search?q={one}&limit=20" for one in searches],
            0.10 if size <= 6000 else 0.05,
        ),
        Target("suggest JSON", [f"/api/v1/suggest?q={quote(one[:4])}" for one in names], None),
        Target("entry page", [f"/entries/{one}" for one in entries], None, page=True),
    ]


def _questions(codes: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Addresses of the finder for States and kinds of help by chance."""
    kinds = [kind.value for kind in CooperationType]
    while True:
        one, other = chance.sample(codes, 2)
        kind = chance.choice(kinds)
        yield f"/api/v1/counterparts?requesting={one}&requested={other}&type={kind}"
