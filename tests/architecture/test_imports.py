"""The house's rules hold, and each rule finds a fault that is planted for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]

Rule = Callable[[Path], list[str]]

RULES: list[Rule] = [
    rules.unknown_rooms,
    rules.upward_imports,
    rules.impure_domain,
    rules.flask_below_the_fronts,
    rules.other_importers_of_whoosh,
    rules.other_committers,
    rules.imports_inside_functions,
    rules.long_functions,
    rules.unfinished,
    rules.prints_outside_cli,
    rules.other_writers_of_entries,
]

#: Rule, file, content that breaks it.
FAULTS: list[tuple[Rule, str, str]] = [
    (rules.unknown_rooms, "helpers.py", ""),
    (rules.unknown_rooms, "utils/text.py", ""),
    (rules.upward_imports, "domain/a.py", "from directory.db.base import Base"),
    (rules.upward_imports, "db/a.py", "from directory.domain.record import Record"),
    (rules.upward_imports, "domain/a.py", "from directory.policy import Actor"),
    (rules.upward_imports, "models/a.py", "from directory.policy import Actor"),
    (rules.upward_imports, "policy.py", "from directory.queries.entries import get_entry"),
    (rules.upward_imports, "search/a.py", "import directory.services.publishing"),
    (rules.upward_imports, "queries/a.py", "from directory import web"),
    (rules.upward_imports, "services/a.py", "from directory.composition import build_parts"),
    (rules.upward_imports, "services/a.py", "from directory.parts import Parts"),
    (rules.upward_imports, "web/a.py", "from directory.api.problems import problem"),
    (rules.upward_imports, "api/a.py", "from directory.web.views.entries import show"),
    (rules.upward_imports, "errors.py", "from directory.domain.record import Record"),
    (rules.upward_imports, "models/a.py", "def late():\n    from directory.web import door"),
    (rules.impure_domain, "domain/a.py", "import sqlalchemy as sa"),
    (rules.impure_domain, "domain/a.py", "from flask_babel import gettext"),
    (rules.impure_domain, "domain/deep/a.py", "from marshmallow import Schema"),
    (rules.impure_domain, "domain/a.py", "from whoosh.index import open_dir"),
    (rules.flask_below_the_fronts, "services/a.py", "from flask import request"),
    (rules.flask_below_the_fronts, "policy.py", "from flask_login import current_user"),
    (rules.flask_below_the_fronts, "__init__.py", "import flask"),
    (rules.flask_below_the_fronts, "queries/a.py", "from werkzeug.exceptions import NotFound"),
    (rules.other_importers_of_whoosh, "search/documents.py", "from whoosh import fields"),
    (rules.other_importers_of_whoosh, "cli/index.py", "import whoosh.index"),
    (rules.other_committers, "services/a.py", "def save(uow):\n    uow.session.commit()"),
    (rules.other_committers, "db/session.py", "connection.commit()"),
    (rules.imports_inside_functions, "web/a.py", "def late():\n    import json"),
    (rules.imports_inside_functions, "web/a.py", "class A:\n  def b(self):\n    import json"),
    (rules.long_functions, "web/a.py", "def long():\n" + "    x = 1\n" * 60),
    (rules.unfinished, "domain/a.py", "# TO" + "DO: the rest"),
    (rules.unfinished, "domain/a.py", "x = 1  # FIX" + "ME"),
    (rules.prints_outside_cli, "services/a.py", "def speak():\n    print('here')"),
    (
        rules.other_writers_of_entries,
        "services/a.py",
        "from directory.models.entry import Entry\nuow.session.execute(update(Entry).values(x=1))",
    ),
    (
        rules.other_writers_of_entries,
        "services/a.py",
        "from directory.models import entry as tables\nsession.execute(insert(tables.Channel))",
    ),
    (
        rules.other_writers_of_entries,
        "services/a.py",
        "from directory.models import entry\nsa.delete(entry.Designation.__table__)",
    ),
    (
        rules.other_writers_of_entries,
        "cli/a.py",
        "from directory.models.entry import Entry as E\nsession.add(E(id='RO-1'))",
    ),
    (
        rules.other_writers_of_entries,
        "seeding/a.py",
        "from directory.models.entry import EntryRevision\nEntryRevision.__table__.insert()",
    ),
]

#: What looks like a fault and is none.
FAIR: list[tuple[Rule, str, str]] = [
    (rules.upward_imports, "web/a.py", "from directory.queries.entries import get_entry"),
    (rules.upward_imports, "web/a.py", "from directory.parts import Parts"),
    (rules.upward_imports, "api/a.py", "from directory.web.context import actor"),
    (rules.upward_imports, "composition.py", "from directory.web import door"),
    (rules.upward_imports, "domain/a.py", "from directory.domain.record import Record"),
    (rules.flask_below_the_fronts, "web/a.py", "from flask import request"),
    (rules.flask_below_the_fronts, "composition.py", "from flask import Flask"),
    (rules.other_importers_of_whoosh, "search/whoosh_index.py", "from whoosh import fields"),
    (rules.other_committers, "db/unit_of_work.py", "self.session.commit()"),
    (rules.prints_outside_cli, "cli/a.py", "print('done')"),
    (rules.long_functions, "web/a.py", "def long():\n" + "    x = 1\n" * 59),
    (
        rules.other_writers_of_entries,
        "services/publishing.py",
        "from directory.models import entry as tables\ninsert(tables.Entry)",
    ),
    (
        rules.other_writers_of_entries,
        "queries/a.py",
        "from directory.models.entry import Entry\nselect(Entry).where(Entry.id.in_(ids))",
    ),
    (
        rules.other_writers_of_entries,
        "services/a.py",
        "from directory.models.entry import IndexWork\ndelete(IndexWork)",
    ),
]


def named(rule: Rule) -> str:
    return rule.__name__


def plant(tmp_path: Path, file: str, content: str) -> None:
    path = tmp_path / rules.PACKAGE / file
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "file", "content"), FAULTS)
def test_a_planted_fault_is_found(tmp_path: Path, rule: Rule, file: str, content: str) -> None:
    plant(tmp_path, file, content)
    assert len(rule(tmp_path)) == 1


@pytest.mark.parametrize(("rule", "file", "content"), FAIR)
def test_what_the_rule_allows_is_no_fault(
    tmp_path: Path, rule: Rule, file: str, content: str
) -> None:
    plant(tmp_path, file, content)
    assert rule(tmp_path) == []


def test_every_rule_has_its_planted_fault() -> None:
    assert {named(rule) for rule, _, _ in FAULTS} == {named(rule) for rule in RULES}


def test_all_of_the_source_is_looked_at() -> None:
    looked_at = {one.path for one in rules.modules(ROOT)}
    assert {"directory/policy.py", "directory/db/unit_of_work.py", "directory/__init__.py"} <= (
        looked_at
    )
