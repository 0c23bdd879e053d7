"""The ``directory`` command on a settings file of its own, as an operator runs it."""

import os
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from directory.cli import main
from directory.parts import Parts
from directory.setting_values import SECRETS
from directory.settings import FILE_VARIABLE, PREFIX, Settings
from tests.support.door import trial_settings
from tests.support.null_index import NullIndex

#: Exit code, standard output, standard error.
Answer = tuple[int, str, str]


@dataclass
class Operator:
    """An operator with a shell."""

    engine: Engine
    file: Path
    run: Callable[..., Answer]

    def settings(self) -> Settings:
        """As a process that starts now reads them."""
        return Settings.from_env({FILE_VARIABLE: str(self.file)})

    def parts(self) -> Parts:
        """A process that starts now."""
        return Parts(settings=self.settings(), engine=self.engine, index=NullIndex())

    def written(self) -> dict[str, object]:
        """What stands in the file."""
        return tomllib.loads(self.file.read_text("utf-8"))

    def done(self, *arguments: str) -> str:
        """A command that does what it should; gives what it says."""
        code, out, err = self.run(*arguments)
        assert code == 0, err
        return out

    def refused(self, *arguments: str) -> str:
        """A command that is refused in one line; gives the line."""
        code, out, err = self.run(*arguments)
        assert code != 0, out
        assert err.count("\n") == 1, err
        return err


def make_operator(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    **more: object,
) -> Operator:
    """An operator whose settings file holds the secrets of a trial, and what is given."""
    settings = trial_settings(engine)
    values = {name: str(getattr(settings, name)) for name in ("database_url", *sorted(SECRETS))}
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    given = {"index_dir": str(tmp_path / "index")} | more
    lines += [f'{name} = "{value}"' for name, value in given.items()]
    file = tmp_path / "settings.toml"
    file.write_text("# Of a trial.\n" + "\n".join(lines) + "\n", encoding="utf-8")
    file.chmod(0o600)
    for name in [one for one in os.environ if one.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["directory", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        told = capfd.readouterr()
        return int(str(ended.value.code or 0)), told.out, told.err

    return Operator(engine, file, run)
