"""An entry whose number was changed, under a signed checkpoint; and the stand-alone verifier."""

import datetime as dt
import importlib.util
import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.notes import Signer
from directory.domain.record import Record
from directory.domain.vocabulary import ChannelKind
from directory.exchange.extract import entry_extract
from directory.policy import Actor
from directory.queries.as_of import get_entry_as_of
from directory.services.checkpoints import make_checkpoint
from tests.support import factories as make

TOOL = Path(__file__).parents[2] / "tools" / "verify_log.py"
ENTRY = "RO-3F7K2Q"
OLD, NEW = "+40215550100", "+40215550199"
#: The number was changed on ``TODAY``.
TODAY = make.TODAY
YESTERDAY = TODAY - dt.timedelta(days=1)
LONG_AGO = make.AT - dt.timedelta(days=30)
NOW = make.AT + dt.timedelta(hours=1)
Plain = dict[str, Any]


@pytest.fixture(scope="session")
def tool() -> ModuleType:
    """tools/verify_log.py as a module, loaded from its file as it would be from anywhere."""
    spec = importlib.util.spec_from_file_location("verify_log", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_log"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def signing() -> Signer:
    return Signer.from_seed("directory.example/log", secrets.token_urlsafe(32))


def with_number(number: str, **fields: Any) -> Record:
    from_state = make.source()
    return make.authority(
        channels=(make.channel(number, kind=ChannelKind.TELEPHONE),),
        sources=(from_state,),
        **fields,
    )


@dataclass(frozen=True)
class Past:
    """A directory with a history, and somebody to sign for it."""

    engine: Engine
    signing: Signer

    def publish(self, entry_id: str, *records: Record, at: dt.datetime = LONG_AGO) -> None:
        """The records as revisions, the first at ``at``, the others on ``TODAY``."""
        for base, record in enumerate(records):
            moment = at if base == 0 else make.AT + dt.timedelta(seconds=base)
            made = make.publication(entry_id, record, base=base, at=moment)
            make.publish_all(self.engine, made)

    def sign(self) -> None:
        with UnitOfWork(self.engine) as uow:
            make_checkpoint(uow, self.signing, (self.signing.verifier,), NOW)

    def extract(
        self, on: dt.date, who: Actor | None = None, entry_id: str = ENTRY, **known: Any
    ) -> Plain:
        """As a program would get it: through JSON."""
        who = who or make.reader()
        with Session(self.engine) as session:
            view = get_entry_as_of(who, session, entry_id, on, known.get("known"), TODAY)
            made = entry_extract(who, session, view, self.signing, NOW, "X-0000000000")
        read: Plain = json.loads(json.dumps(made, ensure_ascii=False))
        return read


@pytest.fixture
def past(engine: Engine, signing: Signer) -> Past:
    """One authority with two revisions, among others, signed."""
    make.add_reference(engine)
    past = Past(engine, signing)
    past.publish("RO-AAAAAA", make.authority("Another"), at=LONG_AGO)
    past.publish(ENTRY, with_number(OLD), with_number(NEW))
    past.publish("RO-BBBBBB", make.authority("A third"), at=make.AT)
    past.sign()
    return past


#: Gives the faults that the stand-alone verifier finds in an extract, and beside a kept checkpoint.
Verify = Callable[..., list[str]]


@pytest.fixture
def verify(tool: ModuleType, signing: Signer, tmp_path: Path) -> Verify:
    def found(extract: Plain, *known: str) -> list[str]:
        path = tmp_path / "extract.json"
        path.write_text(json.dumps(extract, ensure_ascii=False), "utf-8")
        keys = [tool.read_key(str(signing.verifier))]
        return [str(one) for one in tool.check_extract(path, keys, list(known))[1]]

    return found
