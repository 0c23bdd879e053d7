"""Help: how to read an entry, guides by role, the marks explained, a glossary."""

from flask import Blueprint, current_app, render_template

from directory.domain.freshness import DEFAULT_CYCLES
from directory.domain.reference import Instrument
from directory.domain.vocabulary import Freshness
from directory.policy import can
from directory.web import glossary
from directory.web.access import need_of, needs
from directory.web.authorization import ROLE_NAMES, SUBJECTS, read_table
from directory.web.context import actor, parts
from directory.web.guides import GUIDES, PLACES
from directory.web.marks import MARKS
from directory.web.parameters import read_parameters
from directory.web.presentation import book, instrument_title

blueprint = Blueprint("help", __name__)

_GUIDES = ", ".join(f"'{key}'" for key in GUIDES)


@blueprint.get("/help")
@needs("entries:read")
def show() -> str:
    """Freshness, sources, channels and warnings, explained."""
    read_parameters()
    return render_template(
        "help.html",
        cycles=DEFAULT_CYCLES,
        freshness=Freshness,
        guides=GUIDES.values(),
        secretariat=parts().settings.secretariat_contact,
    )


@blueprint.get("/help/access")
@needs("entries:read")
def access() -> str:
    """Who may ask what: the table that the tests hold every route against."""
    read_parameters()
    return render_template(
        "help_access.html", lines=read_table(), subjects=SUBJECTS, roles=ROLE_NAMES
    )


@blueprint.get(f"/help/<any({_GUIDES}):guide>")
@needs("entries:read")
def show_guide(guide: str) -> str:
    """What one role does here, step by step."""
    read_parameters()
    return render_template(
        "help/guide.html",
        guide=GUIDES[guide],
        guides=GUIDES.values(),
        place_names=PLACES,
        opens=opens,
    )


@blueprint.get("/help/marks")
@needs("entries:read")
def show_marks() -> str:
    """Each mark: what it means, why it is there, what to do."""
    read_parameters()
    return render_template("help/marks.html", marks=MARKS)


@blueprint.get("/help/glossary")
@needs("entries:read")
def show_glossary() -> str:
    """Kinds of help and their articles, instruments with their texts, words of the directory."""
    read_parameters()
    return render_template(
        "help/glossary.html",
        types=glossary.TYPES,
        bases=book().legal_bases,
        instruments=instruments(),
        words=glossary.WORDS,
    )


def instruments() -> list[Instrument]:
    """All instruments, by the titles that the page shows."""
    return sorted(book().instruments.values(), key=lambda one: instrument_title(one.code))


def opens(endpoint: str) -> bool:
    """May the reader open the page? A guide for others names it without a link."""
    return can(actor(), need_of(current_app, endpoint) or "")
