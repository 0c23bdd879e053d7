"""The texts of a page in its language, as templates and code ask for them.

A page asks for some two hundred texts, and finding out each time whose turn it is and in which
language took a fifth of what the page costs. The catalogue is found once for each request, and anew
where ``force_locale`` or ``refresh`` set the language.
"""

from types import SimpleNamespace
from typing import Any, cast

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, has_app_context
from flask_babel import Babel, Domain, LazyString
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup
from werkzeug.utils import cached_property

from directory.web.context import kept_here

#: Where Flask-Babel keeps what it knows of a request, in ``g``.
_KEPT = "_flask_babel"


def known_locale() -> Locale | None:
    """What the request speaks, where that was found out; pages ask for it fifty times."""
    try:
        kept = kept_here().get(_KEPT)
    except RuntimeError:
        return None
    return getattr(kept, "babel_locale", None)


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues of the interface."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language, looked up once; an empty one outside of any."""
        try:
            kept: SimpleNamespace | None = kept_here().get(_KEPT)
        except RuntimeError:
            return cast("NullTranslations", super().get_translations())
        # The name that Flask-Babel empties when the language is set anew.
        known = getattr(kept, "babel_translations", None)
        if known is None:
            known = super().get_translations()
            kept_here()[_KEPT].babel_translations = known
        return cast("NullTranslations", known)


def text_later(text: str) -> LazyString:
    """A text of a table, said in the language of whoever it is shown to.

    As ``lazy_gettext`` makes it, which asks twice whose turn it is. For the tables that pages show
    many words of; elsewhere either will do.
    """
    return LazyString(_said, text)


def _said(text: str) -> str:
    if not has_app_context():
        return text
    texts: Texts = current_app.extensions["babel"].instance
    said: str = texts.domain_instance.get_translations().ugettext(text)
    return said


class Texts(Babel):  # type: ignore[misc]
    """Flask-Babel with the catalogues above."""

    @cached_property
    def domain_instance(self) -> Catalogues:
        """The catalogues of the interface."""
        return Catalogues(domain=self.domain)


def install(app: Flask, texts: Texts) -> None:
    """Have templates ask the catalogues themselves; Jinja would make three calls of each text."""

    with app.app_context():
        domain = texts.domain_instance

    @pass_eval_context
    def gettext(context: EvalContext, text: str, /, **given: Any) -> str:
        return _filled(context, domain.get_translations().ugettext(text), given)

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, many: str, num: int, /, **given: Any) -> str:
        said = domain.get_translations().ungettext(one, many, num)
        return _filled(context, said, {"num": num, **given})

    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)


def _filled(context: EvalContext, said: str, given: dict[str, Any]) -> str:
    """With what fills it; without anything, too, it is a form in which '%%' means '%'."""
    if context.autoescape:
        said = Markup(said)  # nosec B704 - a text of ours; what fills it is escaped
    return said % given if "%" in said else said
