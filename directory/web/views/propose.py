"""The forms with which a focal point proposes: a change, a new entry, and the edit of a draft.

One form, whose buttons say what to do with what was typed: add, remove or move a row, check,
save, submit. Whatever happens, what was typed comes back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import fields

from directory.db.unit_of_work import UnitOfWork
from directory.domain.diff import Clash, Difference
from directory.domain.lifecycle import ProposalKind
from directory.domain.marks import N_
from directory.domain.record import Record
from directory.domain.vocabulary import CooperationType, EntryKind, EntryStatus
from directory.errors import Denied, Invalid, InvalidState, NotFound, Problem, StaleRevision
from directory.policy import is_own_state, visible
from directory.queries.current import read_entry
from directory.queries.entries import get_entry
from directory.queries.preview import Preview, preview
from directory.queries.proposals import get_proposal
from directory.queries.states import get_state
from directory.schemas.fields import Word
from directory.schemas.questions import Question
from directory.services.acting import Act, attempt
from directory.services.proposals import add_evidence, revise_draft, save_draft, submit
from directory.services.workflow import workflow
from directory.web.access import needs, takes_files
from directory.web.context import actor, now, parts, reading
from directory.web.formats import Choices
from directory.web.forms.aside import NAMES, Aside, read_aside
from directory.web.forms.drafting import Subject, draft_of, in_form, record_of
from directory.web.forms.layout import repeated_of
from directory.web.forms.record_form import make_form
from directory.web.forms.typed import (
    Typed,
    blank,
    read_typed,
    typed_of,
    with_row_added,
    with_row_removed,
    with_row_up,
    with_type,
)
from directory.web.looking import worked_on
from directory.web.parameters import read_parameters
from directory.web.presentation import book, keep_book, name_of
from directory.web.previewing import Shown, shown

blueprint = Blueprint("propose", __name__)

_ROWS = re.compile(r"([a-z.]{1,40}):(add|remove|up)(?::(\d{1,3}))?")
CHECK, OUTLOOK, SAVE, SUBMIT = "check", "outlook", "save", "submit"
FILE_AGAIN = N_("Choose the file again; a browser does not keep it.")


class NewAsked(Question):
    """What a new entry is proposed for."""

    type = Word(CooperationType, description="The kind of help.")
    lang = fields.String()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the form: what was typed, and what came of what was pressed."""

    subject: Subject
    typed: Typed
    aside: Aside
    problems: tuple[Problem, ...] = ()
    differences: tuple[Difference, ...] = ()
    outlook: Preview | None = None
    clashes: tuple[Clash, ...] = ()
    #: Refusals that stand against the whole.
    refusals: tuple[Problem, ...] = ()
    focus: str = ""


@blueprint.get("/desk/entries/<entry_id>/propose")
@needs("proposals:propose")
def change(entry_id: str) -> str:
    """The form, filled from the entry as it stands."""
    read_parameters()
    subject = subject_of(entry_id)
    worked_on(entry_id, subject.state.code)
    record = visible(actor(), subject.state.code, _record(subject))
    return show(Page(subject=subject, typed=typed_of(record), aside=_new_aside(subject)))


@blueprint.post("/desk/entries/<entry_id>/propose")
@needs("proposals:propose")
@takes_files
def send_change(entry_id: str) -> ResponseReturnValue:
    """What was pressed on the form of a change."""
    return pressed(subject_of(entry_id))


@blueprint.get("/desk/propose/<kind>")
@needs("proposals:propose")
def new(kind: str) -> str:
    """A form for a new entry of the own State, empty but for the kind of help that it was opened
    for.
    """
    wanted = read_parameters(NewAsked).get("type")
    subject = new_subject(kind)
    typed = blank(subject.entry_kind)
    if wanted:
        typed = with_type(typed, wanted)
    return show(Page(subject=subject, typed=typed, aside=Aside()))


@blueprint.post("/desk/propose/<kind>")
@needs("proposals:propose")
@takes_files
def send_new(kind: str) -> ResponseReturnValue:
    """What was pressed on the form of a new entry."""
    return pressed(new_subject(kind))


@blueprint.get("/proposals/<proposal_id>/edit")
@needs("proposals:propose")
def edit(proposal_id: str) -> str:
    """The form, filled from a draft or from what changes were requested of."""
    read_parameters()
    subject, record, aside = of_proposal(proposal_id)
    worked_on(subject.entry_id, subject.state.code)
    typed = typed_of(visible(actor(), subject.state.code, record))
    return show(Page(subject=subject, typed=typed, aside=aside))


@blueprint.post("/proposals/<proposal_id>/edit")
@needs("proposals:propose")
@takes_files
def send_edit(proposal_id: str) -> ResponseReturnValue:
    """What was pressed on the form of a draft."""
    return pressed(of_proposal(proposal_id)[0])


def subject_of(entry_id: str, kind: ProposalKind = ProposalKind.AMEND) -> Subject:
    """The entry, if it is the own State's; raises ``NotFound``, ``Denied``."""
    view = get_entry(actor(), reading(), entry_id, now().date())
    keep_book(view.book)
    if not is_own_state(actor(), view.head.state):
        message = N_("Only the State an entry belongs to proposes changes of it.")
        raise Denied("proposals:propose", [Problem("", message)])
    current = read_entry(reading(), entry_id)
    return Subject(kind=kind, entry_kind=view.head.kind, state=view.state, current=current)


def new_subject(kind: str) -> Subject:
    """A new entry of the own State; raises ``NotFound`` for a kind there is not."""
    state = book().states.get(actor().state)
    if kind not in set(EntryKind) or state is None:
        raise NotFound("kind", kind)
    return Subject(kind=ProposalKind.CREATE, entry_kind=EntryKind(kind), state=state)


def of_proposal(proposal_id: str) -> tuple[Subject, Record, Aside]:
    """A proposal to write anew, with what it says; raises ``NotFound``."""
    view = get_proposal(actor(), reading(), proposal_id, now())
    head = view.head
    if head.kind not in {ProposalKind.CREATE, ProposalKind.AMEND}:
        raise NotFound("proposal", proposal_id)
    subject = Subject(
        kind=head.kind,
        entry_kind=head.entry_kind,
        state=book().states[head.state_code],
        current=view.current,
        proposal_id=head.id,
    )
    aside = Aside(
        reason=head.reason,
        emergency=head.emergency,
        base_revision=head.base_revision,
        version=head.version,
    )
    return subject, view.record, aside


def _record(subject: Subject) -> Record:
    if subject.current is None:
        raise NotFound("entry", subject.entry_id)
    return subject.current.record


def _new_aside(subject: Subject) -> Aside:
    return Aside(base_revision=subject.revision)


def pressed(subject: Subject) -> ResponseReturnValue:
    """Do what the pressed button says with what was typed."""
    typed = read_typed(subject.entry_kind, request.form, NAMES)
    page = Page(subject=subject, typed=typed, aside=read_aside(request.form))
    do = request.form.get("do", CHECK)
    rows = _ROWS.fullmatch(do)
    if rows:
        return show(with_rows(page, *rows.groups()))
    try:
        if do in {SAVE, SUBMIT}:
            return kept(page, is_submitted=do == SUBMIT)
        return looked_at(page, is_live=do == OUTLOOK)
    except Invalid as error:
        return refused(page, error.problems, 422)
    except StaleRevision as error:
        return show(replace(page, clashes=cast("tuple[Clash, ...]", error.clashes))), 409
    except InvalidState as error:
        return show(replace(page, refusals=error.reasons)), 409
    except Denied as error:
        if not error.reasons:
            raise
        return show(replace(page, refusals=error.reasons)), 403


def with_rows(page: Page, path: str, verb: str, number: str | None) -> Page:
    """The page with a row added, removed or moved up; what names no part changes nothing."""
    part = next((one for one in repeated_of(page.typed.kind) if one.path == path), None)
    if part is None or (number is None) != (verb == "add"):
        return page
    row = int(number or 0)
    typed, focus = page.typed, path
    if verb == "add":
        first = next(one.name for one in part.inputs if not one.is_hidden)
        focus = f"{path}.{typed.rows[path]}.{first}"
        typed = with_row_added(typed, part)
    elif verb == "remove":
        typed = with_row_removed(typed, part, row)
    else:
        typed, focus = with_row_up(typed, part, row), f"{path}.{max(row - 1, 0)}"
    return replace(page, typed=typed, focus=focus)


def looked_at(page: Page, *, is_live: bool) -> ResponseReturnValue:
    """What the change would be and need, as a part of the page or as all of it."""
    outlook = outlook_of(page)
    if is_live:
        return render_template("desk/outlook.html", **words(replace(page, outlook=outlook)))
    problems = [*page.aside.problems, *in_form(page.typed, outlook.problems)]
    checked = replace(page, outlook=outlook, clashes=outlook.clashes, focus="outlook")
    return refused(checked, problems, 422) if problems else show(checked)


def outlook_of(page: Page) -> Preview:
    """What was typed, set against what is published; raises ``Invalid``."""
    record = record_of(page.subject, page.typed, actor())
    return preview(
        actor(),
        reading(),
        record,
        page.subject.entry_id,
        page.aside.base_revision,
        descriptive_at_once=workflow(parts().settings).descriptive_at_once,
    )


def kept(page: Page, *, is_submitted: bool) -> ResponseReturnValue:
    """Save what was typed with its file, and submit it when asked; in one transaction."""
    subject, aside = page.subject, page.aside
    record = _record_or_problems(page)
    verb = "submit" if is_submitted else "save"
    act = Act(f"proposal.{verb}", "proposal", subject.proposal_id or subject.entry_id or "new")

    def work(uow: UnitOfWork) -> str:
        proposal_id, version = _saved(uow, subject, record, aside)
        if aside.file:
            version = add_evidence(uow, actor(), proposal_id, version, now(), aside.file)
        if is_submitted:
            submit(uow, actor(), proposal_id, version, now(), workflow(parts().settings))
        return proposal_id

    try:
        proposal_id = attempt(parts().unit_of_work, actor(), act, now(), work)
    except Invalid as error:
        raise Invalid(in_form(page.typed, error.problems)) from error
    if is_submitted:
        flash(gettext("Submitted. Below is what happens next."), "success")
        return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
    flash(gettext("Draft saved. Nobody outside your State sees it."), "success")
    return redirect(url_for("propose.edit", proposal_id=proposal_id), 303)


def _record_or_problems(page: Page) -> Record:
    """The record that was typed; raises ``Invalid`` with the problems of the whole form."""
    problems = list(page.aside.problems)
    try:
        record = record_of(page.subject, page.typed, actor())
    except Invalid as error:
        problems = [*error.problems, *problems]
    if problems:
        raise Invalid(problems)
    return record


def _saved(
    uow: UnitOfWork, subject: Subject, record: Record | None, aside: Aside
) -> tuple[str, int]:
    """The proposal's identifier and version after saving."""
    draft = draft_of(subject, record, aside)
    if not subject.proposal_id:
        return save_draft(uow, actor(), draft, now()), 1
    version = revise_draft(uow, actor(), subject.proposal_id, aside.version, now(), draft)
    return subject.proposal_id, version


def refused(page: Page, problems: Iterable[Problem], status: int) -> ResponseReturnValue:
    """The form again with everything that is wrong; the fragment, when only that was asked for."""
    found = list(problems)
    if request.form.get("do") == OUTLOOK:
        return render_template("desk/outlook_unreadable.html", problems=len(found)), status
    if page.aside.file:
        found.append(Problem("file", FILE_AGAIN))
    return show(replace(page, problems=tuple(found))), status


def show(page: Page) -> str:
    """The page of the form."""
    return render_template("desk/propose.html", **words(page))


def words(page: Page) -> dict[str, object]:
    """What the templates of the form need."""
    subject = page.subject
    return {
        "page": page,
        "subject": subject,
        "aside": page.aside,
        "form": make_form(
            page.typed, subject.state, authorities(subject), page.problems, page.focus
        ),
        "outlook": page.outlook,
        "shown": _shown(page),
        "hold": workflow(parts().settings).hold,
        "title": _title(subject),
    }


def _shown(page: Page) -> Shown | None:
    """The entry as readers will see it."""
    return shown(page.subject, page.outlook.record) if page.outlook else None


def _title(subject: Subject) -> str:
    return name_of(subject.current.record) if subject.current else ""


def authorities(subject: Subject) -> Choices:
    """Authorities of the State, for a contact point to name the one for the formal request."""
    if subject.entry_kind is not EntryKind.CONTACT_POINT:
        return []
    view = get_state(actor(), reading(), subject.state.code, now().date())
    return [
        (one.id, one.name)
        for one in view.entries
        if one.kind is EntryKind.AUTHORITY and one.status is EntryStatus.PUBLISHED
    ]
