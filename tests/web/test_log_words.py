"""The change log speaks in words: every action that the code records has some."""

import re
from pathlib import Path

import pytest
from flask import Flask

from directory.domain.lifecycle import Action
from directory.policy import GRANTS
from directory.web.access import PUBLIC, need_of
from directory.web.log_words import ACTION_TITLES, action_choices, action_title
from directory.web.scope_words import SCOPE_TITLES

PACKAGE = Path(__file__).resolve().parents[2] / "directory"
#: An action recorded by its whole name, and a way in that changed.
_RECORDED = re.compile(
    r"(?:action=|_event\(|Act\(|record_(?:act|closure)\([^\"]*)\s*\"([a-z_]+\.[a-z_]+)\""
)
_CHANGED = re.compile(r"note_change\([^\"]*\"([a-z_]+)\"")


def recorded() -> set[str]:
    """The actions that stand in the code by name."""
    texts = [path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    found = {name for text in texts for name in _RECORDED.findall(text)}
    return found | {f"account.{name}" for text in texts for name in _CHANGED.findall(text)}


def test_an_action_nobody_knows_stands_as_it_is(pages: Flask) -> None:
    with pages.test_request_context("/"):
        assert action_title("something.new") == "something.new"


def test_every_recorded_action_has_words() -> None:
    names = {name for name in recorded() if not name.startswith("proposal.")}
    assert len(names) > 20
    assert names - set(ACTION_TITLES) == set()


def test_every_permission_of_the_interface_for_programs_has_words(pages: Flask) -> None:
    needed = {
        need_of(pages, rule.endpoint)
        for rule in pages.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert len(needed) > 8
    assert needed - {PUBLIC, "nobody", None} - set(SCOPE_TITLES) == set()
    assert set(SCOPE_TITLES) <= set(GRANTS)


@pytest.mark.parametrize("action", Action)
def test_acts_on_proposals_are_named_as_on_their_page(pages: Flask, action: Action) -> None:
    with pages.test_request_context("/"):
        title = action_title(f"proposal.{action.value}")
        assert title.startswith("Proposal: ")
        assert "." not in title
        assert action_title(f"proposal.{action.value}.refused") == title


def test_the_filter_keeps_the_action_that_was_asked_for(pages: Flask) -> None:
    with pages.test_request_context("/"):
        offered = action_choices(("entry.published",), "proposal.verify.refused")
        assert [value for value, _text in offered] == ["entry.published", "proposal.verify.refused"]
        assert offered[1][1].endswith(": refused")
