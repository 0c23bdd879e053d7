"""The language an account is spoken and written to in, whatever device its owner uses."""

import datetime as dt

from directory.db.unit_of_work import UnitOfWork
from directory.domain.marks import N_
from directory.domain.vocabulary import LANGUAGES
from directory.errors import Invalid, Problem
from directory.models.account import Account
from directory.policy import Actor, require
from directory.services.accounts import record_act


def choose_language(uow: UnitOfWork, actor: Actor, language: str, at: dt.datetime) -> None:
    """Pages after the next sign-in, and mails, speak it. Raises ``Invalid`` for one not spoken."""
    require(actor, "account:own")
    if language not in LANGUAGES:
        raise Invalid([Problem("language", N_("Choose one of the languages shown."))])
    account = uow.session.get_one(Account, actor.account_id)
    if account.language == language:
        return
    before = {"language": account.language}
    account.language = language
    action = "account.language_chosen"
    record_act(uow, actor, action, account, at, before=before, after={"language": language})
