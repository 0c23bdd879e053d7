"""A log to append to, a key that signs it, and the stand-alone verifier."""

import datetime as dt
import importlib.util
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db.unit_of_work import UnitOfWork
from directory.domain.notes import Signer
from directory.exchange.log_export import export_log
from directory.queries.change_log import SignedCheckpoint
from directory.services.change_log import record_all
from directory.services.checkpoints import make_checkpoint
from tests.proof.events import AT, ORIGIN, sample_event

TOOL = Path(__file__).parents[2] / "tools" / "verify_log.py"


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
    return Signer.from_seed(ORIGIN, secrets.token_urlsafe(32))


@dataclass
class Log:
    """A change log in a database of its own."""

    engine: Engine
    signing: Signer

    def append(self, count: int, first: int = 1) -> None:
        with UnitOfWork(self.engine) as uow:
            record_all(uow, [sample_event(number) for number in range(first, first + count)])

    def checkpoint(self, at: dt.datetime = AT) -> SignedCheckpoint | None:
        with UnitOfWork(self.engine) as uow:
            return make_checkpoint(uow, self.signing, (self.signing.verifier,), at)

    def export(self, path: Path) -> Path:
        with Session(self.engine) as session:
            self.export_from(session, path)
        return path

    def export_from(self, session: Session, path: Path) -> None:
        lines = export_log(session, ORIGIN, [self.signing.verifier])
        path.write_text("".join(lines), "utf-8")


@pytest.fixture
def log(engine: Engine, signing: Signer) -> Log:
    """An empty log on each database."""
    return Log(engine, signing)


@pytest.fixture
def faults(tool: ModuleType, signing: Signer) -> Callable[..., list[str]]:
    """What the stand-alone verifier finds wrong with an export, as lines."""

    def found(path: Path, *known: str, attachments: Path | None = None) -> list[str]:
        keys = [tool.read_key(str(signing.verifier))]
        return [str(one) for one in tool.check_log(path, keys, list(known), attachments)[1]]

    return found
