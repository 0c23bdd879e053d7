"""What stands around every page, set once for all pages that have the same around them.

A third of an entry's page was its frame, set anew for each. A part of it is set of what is given
to it and of nothing else, in the language of the page, and is kept by just these: nobody is ever
shown a part that was made of what another may see. ``tests/web/test_frame.py`` holds the templates
to it.
"""

import re
from collections.abc import Callable, Hashable

from flask import Flask, current_app
from markupsafe import Markup, escape

from directory.search.latest import Latest
from directory.web import appearance, i18n
from directory.web.context import this_request
from directory.web.links import url_with
from directory.web.places import menu_help, menu_line, menu_office, menu_own

#: Parts kept, of about 2 KB each: of each language and place those of a few kinds of readers.
MOST = 1000
_EXTENSION = "directory_frame"
#: Stands in the links of the footer for the address of the page and its other parameters.
_HERE = re.compile("@(lang|appearance)@")


def install(app: Flask) -> None:
    """Keep parts, and hand them to the templates."""
    app.extensions[_EXTENSION] = Latest[Hashable, Markup](MOST)
    app.jinja_env.globals.update(TEMPLATE_FUNCTIONS)


def places() -> Markup:
    """The places of the masthead."""
    return _part("places.html", line=menu_line(), office=menu_office(), help=menu_help())


def own_places() -> Markup:
    """The links behind the reader's name."""
    return _part("own.html", places=menu_own())


def why(mark: str) -> Markup:
    """'Why am I seeing this', beside a mark."""
    return _part("why.html", mark=mark)


def choices() -> Markup:
    """Languages and colours in the footer; each link leads back to this page."""
    kept = _part("choices.html", codes=i18n.languages(), colours=appearance.appearances())
    here = {one: escape(_address_before(one)) for one in (i18n.PARAMETER, appearance.PARAMETER)}
    return Markup(_HERE.sub(lambda mark: here[mark[1]], kept))  # nosec B704 - escaped above


def _address_before(parameter: str) -> str:
    """The address of this page up to where the parameter is added."""
    address = url_with(**{parameter: None})
    return f"{address}{'&' if '?' in address else '?'}"


def _part(name: str, **given: Hashable) -> Markup:
    known: Latest[Hashable, Markup] = current_app.extensions[_EXTENSION]
    key = (name, i18n.language(), this_request().environ.get("SCRIPT_NAME"), *given.values())
    return known.get(key, lambda: _set(name, given))


def _set(name: str, given: dict[str, Hashable]) -> Markup:
    template = current_app.jinja_env.get_template(f"frame/{name}")
    return Markup(template.render(given))  # nosec B704 - Jinja has escaped what is filled in


#: Shown to templates under these names.
TEMPLATE_FUNCTIONS: dict[str, Callable[..., Markup]] = {
    "frame_places": places,
    "frame_own_places": own_places,
    "frame_choices": choices,
    "frame_why": why,
}
