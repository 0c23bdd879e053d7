"""Suspending, retiring and restoring an entry: forms without fields of the record."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext

from directory.db.unit_of_work import UnitOfWork
from directory.domain.fields import FieldClass
from directory.domain.lifecycle import ProposalKind
from directory.domain.lifecycle import needs as needed_for
from directory.domain.vocabulary import EntryStatus
from directory.errors import Invalid, InvalidState, NotFound, Problem, StaleRevision
from directory.queries.entry_lists import EntrySummary, entries_of_state
from directory.services.acting import Act, attempt
from directory.services.proposals import add_evidence, save_draft, submit
from directory.services.workflow import workflow
from directory.web.access import fresh_for, needs, takes_files
from directory.web.context import actor, now, parts, reading
from directory.web.forms.aside import Aside, read_aside
from directory.web.forms.drafting import Subject, draft_of
from directory.web.forms.record_form import complaints
from directory.web.parameters import read_parameters
from directory.web.presentation import name_of
from directory.web.views.propose import FILE_AGAIN, subject_of

blueprint = Blueprint("standing", __name__)

_ = lazy_gettext


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of an act says."""

    title: LazyString
    meaning: LazyString
    button: LazyString


WORDS = {
    ProposalKind.SUSPEND: Words(
        _("Suspend: %(name)s"),
        _(
            "It works at once: readers are told not to use the entry, and are shown the "
            "alternative. Use it when a number or mailbox is no longer safe or no longer there."
        ),
        _("Suspend now"),
    ),
    ProposalKind.RETIRE: Words(
        _("Retire: %(name)s"),
        _("The authority has ceased to be competent for good. The entry is kept for the record."),
        _("Propose to retire it"),
    ),
    ProposalKind.RESTORE: Words(
        _("Restore: %(name)s"),
        _("Readers may use the entry again, as it stands on record."),
        _("Propose to restore it"),
    ),
}


@blueprint.get("/desk/entries/<entry_id>/<any(suspend, retire, restore):act>")
@needs("proposals:propose")
def ask(entry_id: str, act: str) -> str:
    """The form: why, with what evidence, and for a suspension what to use instead."""
    read_parameters()
    subject = subject_of(entry_id, ProposalKind(act))
    return show(subject, Aside())


@blueprint.post("/desk/entries/<entry_id>/<any(suspend, retire, restore):act>")
@needs("proposals:propose")
@takes_files
@fresh_for(ProposalKind.SUSPEND)
def propose(entry_id: str, act: str) -> ResponseReturnValue:
    """Propose it; a suspension works at once."""
    subject = subject_of(entry_id, ProposalKind(act))
    aside = read_aside(request.form)
    try:
        proposal_id = _done(subject, aside)
    except Invalid as error:
        again = (Problem("file", FILE_AGAIN),) if aside.file else ()
        return show(subject, aside, (*error.problems, *again)), 422
    except InvalidState as error:
        return show(subject, aside, error.reasons), 409
    except StaleRevision:
        fresh = replace(aside, base_revision=subject.revision)
        message = _("The entry changed meanwhile. Look at it again, then press the button again.")
        return show(subject, fresh, (Problem("", str(message)),)), 409
    flash(gettext("Done. Below is what happens next."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)


def _done(subject: Subject, aside: Aside) -> str:
    if aside.problems:
        raise Invalid(aside.problems)

    def work(uow: UnitOfWork) -> str:
        proposal_id, version = save_draft(uow, actor(), draft_of(subject, None, aside), now()), 1
        if aside.file:
            version = add_evidence(uow, actor(), proposal_id, version, now(), aside.file)
        submit(uow, actor(), proposal_id, version, now(), workflow(parts().settings))
        return proposal_id

    act = Act(f"proposal.{subject.kind.value}", "entry", subject.entry_id)
    return attempt(parts().unit_of_work, actor(), act, now(), work)


def show(subject: Subject, aside: Aside, problems: tuple[Problem, ...] = ()) -> str:
    """The page of the act."""
    if subject.current is None:
        raise NotFound("entry", subject.entry_id)
    name = name_of(subject.current.record) or subject.entry_id
    return render_template(
        "desk/standing.html",
        subject=subject,
        aside=aside,
        form=complaints(problems),
        words=WORDS[subject.kind],
        title=str(WORDS[subject.kind].title) % {"name": name},
        name=name,
        others=alternatives(subject),
        needed=needed_for(subject.kind, FieldClass.ROUTING_CRITICAL),
        hold=workflow(parts().settings).hold,
    )


def alternatives(subject: Subject) -> list[EntrySummary]:
    """Other published entries of the State, those of the same kind first."""
    entries = entries_of_state(actor(), reading(), subject.state.code, now().date())
    fitting = [
        one
        for one in entries
        if one.status is EntryStatus.PUBLISHED and one.id != subject.entry_id and one.name
    ]
    return sorted(fitting, key=lambda one: (one.kind is not subject.entry_kind, one.name))
