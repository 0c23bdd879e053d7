"""One's own notices; in a demonstration, the mailbox that stands in for everybody's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template

from directory.errors import NotFound
from directory.exchange.notice_rendering import INVITATION, OBJECTION, Message, compose, spoken
from directory.exchange.notice_texts import TEXTS
from directory.queries.notices import NoticeView, list_mailbox, list_own_notices, read_facts
from directory.services.mail_secrets import secrets_of
from directory.services.workflow import workflow
from directory.web import i18n
from directory.web.access import needs
from directory.web.context import actor, parts, reading
from directory.web.parameters import read_parameters

blueprint = Blueprint("notices", __name__)


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice and its words in the language of the page."""

    notice: NoticeView
    message: Message


@blueprint.get("/account/notices")
@needs("account:own")
def show_own() -> str:
    """What the directory has told this account, sent or not."""
    read_parameters()
    shown = list(in_words(list_own_notices(actor(), reading())))
    return render_template("notices/own.html", shown=[without_objection(one) for one in shown])


@blueprint.get("/mailbox")
@needs("account:own")
def show_mailbox() -> str:
    """Every mail of a demonstration, because its addresses lead nowhere; 404 elsewhere."""
    if not parts().settings.demo:
        raise NotFound("page", "mailbox")
    read_parameters()
    shown = list(in_words(list_mailbox(reading())))
    return render_template("notices/mailbox.html", shown=[with_token(one) for one in shown])


def in_words(notices: Sequence[NoticeView]) -> Iterator[ShownNotice]:
    """The notices that have words, with them; links lead to where this page is."""
    facts = read_facts(reading(), [one.params for one in notices], "", "")
    language = spoken(i18n.language())
    for one in notices:
        if one.kind in TEXTS:
            yield ShownNotice(one, compose(one.kind, one.params, facts, language))


def without_objection(shown: ShownNotice) -> ShownNotice:
    """Links that open something stay in the mail.

    Who is signed in objects on the proposal's own page, and needs no invitation.
    """
    marks = (OBJECTION, INVITATION)
    links = tuple(
        link for link in shown.message.links if not any(mark in link[1] for mark in marks)
    )
    return replace(shown, message=replace(shown.message, links=links))


def with_token(shown: ShownNotice) -> ShownNotice:
    """As the recipient would have it in the mail."""
    message, rules = shown.message, workflow(parts().settings)
    secrets = secrets_of(shown.notice.params, rules.link_key, rules.link_keys_earlier)
    for place, secret in secrets.items():
        message = replace(
            message,
            lines=tuple(line.replace(place, secret) for line in message.lines),
            links=tuple((text, to.replace(place, secret)) for text, to in message.links),
        )
    return replace(shown, message=message)
