"""Accounts as Flask-Security sees them: read by a query, written by a service."""

from typing import Any

from flask import g
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from directory.domain.events import Authentication
from directory.queries.accounts import SignInFacts, find_to_sign_in
from directory.services.accounts import keep_second_factor
from directory.services.sessions import fold_email
from directory.web.context import now, parts, reading


class SigningIn(UserMixin):
    """An account on its way in: its password was right, the second factor may be missing."""

    fs_uniquifier = ""
    active = True

    def __init__(self, facts: SignInFacts) -> None:
        self.id = facts.id
        self.roles = []
        self.email = facts.email
        self.password = facts.password_hash
        self.fs_uniquifier = facts.uniquifier
        self.tf_primary_method = facts.second_factor
        self.tf_totp_secret = facts.totp_secret
        self.demo = facts.demo

    @property
    def method(self) -> Authentication:
        """How a password lets its owner in: alone only in a demonstration."""
        has_factor = self.tf_totp_secret is not None or not self.demo
        return Authentication.SECOND_FACTOR if has_factor else Authentication.PASSWORD

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], _tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """A second factor is asked of all but a demonstration's accounts."""
        return bool(tf_setup_methods) or not self.demo, tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """The second factor cannot be switched off."""
        return True


class AccountStore(UserDatastore):
    """What Flask-Security asks for and changes; the only change is a new second factor."""

    def __init__(self) -> None:
        super().__init__(SigningIn, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> SigningIn | None:
        """The account with that ``email`` or ``fs_uniquifier``, if it may sign in now."""
        email = kwargs.get("email")
        facts = find_to_sign_in(
            reading(),
            now(),
            parts().settings.demo,
            email=fold_email(email) if case_insensitive and email else email,
            uniquifier=kwargs.get("fs_uniquifier"),
        )
        return SigningIn(facts) if facts else None

    def find_role(self, role: str) -> None:
        """Roles are the policy's business."""

    def put(self, model: SigningIn) -> SigningIn:
        """Remember that the account changed."""
        g.changed_account = model
        return model

    def commit(self) -> None:
        """Keep the second factor that was set up in this request, if one was."""
        changed: SigningIn | None = g.pop("changed_account", None)
        if changed and changed.tf_primary_method and changed.tf_totp_secret:
            with parts().unit_of_work() as uow:
                keep_second_factor(
                    uow, changed.id, changed.tf_primary_method, changed.tf_totp_secret
                )
