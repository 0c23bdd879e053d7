"""What happens to a proposal is told to those who can do something about it, and has words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from directory.exchange.notice_texts import TEXTS
from directory.services import notices
from tests.workflow.place import Place, an_authority, furnish, with_new_number

SERVICES = Path(notices.__file__).parent
#: Functions that are given the kind of a notice first.
MAKERS = ("_notice", "_notices_to_all", "notice_to_proposer", "closure_notice")


def kinds_queued() -> Iterator[str]:
    """Every kind of notice that a service names."""
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from _kinds(node)


def _kinds(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", "")
    given = [one.value for one in call.keywords if one.arg == "kind" and name == "Notice"]
    given += call.args[:1] if name in MAKERS else []
    given += call.args[1:2] if name in ("notices_to_officers", "notices_of") else []
    given += call.args[4:5] if name == "_tell" else []
    for one in given:
        if isinstance(one, ast.Constant):
            yield str(one.value)


def test_every_kind_that_is_queued_has_words_and_none_has_them_in_vain() -> None:
    digests = {"confirmation_asked", "accounts_due", "watched_changed"}
    assert {*kinds_queued(), *digests} == TEXTS.keys()


def test_officers_learn_of_a_proposal_and_of_what_another_verified(engine: Engine) -> None:
    place: Place = furnish(engine)
    proposal_id = place.draft(with_new_number(an_authority()))
    place.submit(proposal_id)
    officers = {one.account_id for one in place.notices("submitted")}
    assert len(officers) >= 2
    place.act("take", "vera", proposal_id)
    place.call("vera", proposal_id)
    place.act("verify", "vera", proposal_id)
    told = {one.account_id for one in place.notices("verified")}
    assert told < officers
    assert len(officers - told) == 1, "all but the one who verified it"
