"""README and manuals name what exists, all of it, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from directory.cli import cli
from directory.settings import Settings
from tools.pictures import PICTURES, SHOTS

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = (ROOT / "docs/manual/operator.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"^\| `directory ([a-z -]+)` \|", re.MULTILINE)
_SETTING = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)
#: A page with a picture of more is slow to open where lines are thin.
LARGEST_PICTURE = 250_000


def gone(page: Path, text: str) -> list[str]:
    """The links of the text, as it stands in that page, that lead to no file."""
    links = [link for link in _LINK.findall(text) if "://" not in link and link[0] != "/"]
    return [link for link in links if not (page.parent / link).exists()]


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command that does something, with the groups it stands in."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_exists(page: Path) -> None:
    assert gone(page, page.read_text("utf-8")) == []


def test_a_link_to_nothing_is_found() -> None:
    assert gone(ROOT / "README.md", "[a](nowhere.md#x) ![b](docs/no.png)") == [
        "nowhere.md",
        "docs/no.png",
    ]


def test_every_setting_is_documented_and_no_other() -> None:
    assert sorted(_SETTING.findall(OPERATOR)) == sorted(one.name for one in fields(Settings))


def test_every_command_is_documented_and_no_other() -> None:
    assert sorted(_COMMAND.findall(OPERATOR)) == sorted(commands(cli))


def test_every_picture_is_taken_shown_and_small() -> None:
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    assert {path.stem for path in PICTURES.glob("*.png")} == {shot.name for shot in SHOTS}
    for shot in SHOTS:
        path = PICTURES / f"{shot.name}.png"
        assert path.name in shown
        assert path.stat().st_size <= LARGEST_PICTURE, path.name


def test_examples_of_settings_are_settings() -> None:
    example = OPERATOR.partition("```toml")[2].partition("```")[0]
    known = {one.name for one in fields(Settings)}
    assert set(re.findall(r"^(\w+) =", example, re.MULTILINE)) <= known


def test_deploy_examples_call_commands_that_exist() -> None:
    known = {name.split()[0] for name in commands(cli)}
    called = {
        word
        for path in (ROOT / "deploy").glob("*.service")
        for word in re.findall(r"^ExecStart=\S*/directory (\S+)", path.read_text(), re.MULTILINE)
    }
    assert called
    assert called <= known
