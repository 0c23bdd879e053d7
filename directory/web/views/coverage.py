"""Coverage: the matrix State x cooperation type, its cells, tiles, scores, trends and gaps."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields

from directory.domain.coverage import KEPT_COVERS, SOMEBODY_NAMED, Cell, Cover, Matrix
from directory.domain.scores import Score, StateFacts, score
from directory.domain.vocabulary import CooperationType
from directory.errors import NotFound
from directory.exchange.csv_reading import guarded
from directory.policy import can
from directory.queries.coverage import (
    CoverageFilters,
    DayTotals,
    get_cell,
    get_matrix,
    list_days,
    list_facts,
    list_gaps,
)
from directory.schemas.coverage import CoverageAsked
from directory.schemas.questions import Question
from directory.web.access import needs
from directory.web.charts import line_points, scale_marks
from directory.web.choices import state_choices
from directory.web.context import actor, now, reading
from directory.web.formats import alphabetical
from directory.web.labels import REGIONAL_GROUPS, label
from directory.web.parameters import read_parameters, without_empty
from directory.web.presentation import book, keep_book, region_name, state_name, type_name

blueprint = Blueprint("coverage", __name__, url_prefix="/coverage")

#: The words of coverage, the best first, for templates.
_COVERS = tuple(Cover)
#: Gaps on one page of the work list; the matrix holds the rest.
MOST_GAPS = 300


@blueprint.record
def _give_functions(state: BlueprintSetupState) -> None:
    """What the pages' components ask for; macros see no context of the page."""
    state.app.jinja_env.globals.update(
        covers=lambda: _COVERS,
        cover_words=_cover_words,
        may_work_on_gaps=lambda: can(actor(), "coverage:work"),
    )


def _cover_words() -> dict[str, str]:
    """What the cells of the matrix say to those who hear them: short, for there are thousands."""
    words: dict[str, str] = {cover: str(label(cover)) for cover in Cover}
    short = {Cover.MISSING: _("nobody"), Cover.DESIGNATED: _("never confirmed")}
    return words | short | {"duty": _("nobody, a duty")}


class CoveragePageAsked(CoverageAsked):
    """The form over the matrix."""

    lang = fields.String()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # A check box sends '1'.
        self.fields["open_duty"].truthy = {"1", "true"}  # type: ignore[attr-defined]
        self.fields["open_duty"].falsy = {"0", "false"}  # type: ignore[attr-defined]


class StateAsked(Question):
    """Trends of one State, or of all."""

    state = CoverageAsked().fields["state"]
    lang = fields.String()


def asked_filters() -> CoverageFilters:
    """The filters of the address; raises ``Invalid``."""
    known = {"region": REGIONAL_GROUPS, "state": book().states}
    asked = read_parameters(CoveragePageAsked, known)
    asked.pop("lang", None)
    return CoverageFilters(**asked)


@blueprint.get("")
@needs("coverage:read")
def show() -> str:
    """The matrix, narrowed by the form above it."""
    filters = asked_filters()
    found = _matrix(filters)
    return render_template(
        "coverage/matrix.html",
        matrix=found,
        filters=filters,
        totals=found.totals(),
        whole=Counter(cell.cover for cell in found.cells),
        designated=designated(found),
        open_duties=open_duties(found),
        groups=by_region(found),
        base=url_for(".show"),
        choices=_choices(),
        given=dict(without_empty()),
    )


def _matrix(filters: CoverageFilters) -> Matrix:
    found, read = get_matrix(actor(), reading(), filters, now().date())
    keep_book(read)
    return found


def _choices() -> Mapping[str, list[tuple[str, str]]]:
    return {
        "region": [(name, region_name(name)) for name in REGIONAL_GROUPS],
        "type": [(kind.value, type_name(kind)) for kind in book().types],
        "cover": [(cover.value, label(cover)) for cover in Cover],
    }


def designated(found: Matrix) -> Mapping[CooperationType, int]:
    """Type -> States that name somebody."""
    return {
        kind: sum(counts[cover] for cover in SOMEBODY_NAMED)
        for kind, counts in found.totals().items()
    }


def open_duties(found: Matrix) -> Mapping[CooperationType, int]:
    """Type -> States that name nobody though a treaty in force obliges them to."""
    counted = dict.fromkeys(found.types, 0)
    for cell in found.cells:
        counted[cell.cooperation_type] += cell.is_open_duty
    return counted


def by_region(found: Matrix) -> list[tuple[str, list[tuple[str, str, tuple[Cell, ...]]]]]:
    """Regional groups in their order with (code, name, cells) of their States, by name."""
    groups: dict[str, list[tuple[str, str, tuple[Cell, ...]]]] = {}
    named = sorted((alphabetical(state_name(code)), code) for code in found.rows)
    for _folded, code in named:
        row = (code, state_name(code), found.rows[code])
        groups.setdefault(book().states[code].regional_group, []).append(row)
    known = [name for name in REGIONAL_GROUPS if name in groups]
    others = sorted(name for name in groups if name not in REGIONAL_GROUPS)
    return [(name, groups[name]) for name in (*known, *others)]


@blueprint.get("/matrix.csv")
@needs("coverage:read")
def download() -> Response:
    """The same matrix as a table of cells for spreadsheets."""
    found = _matrix(asked_filters())
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_headings())
    for cell in found.cells:
        writer.writerow([guarded(text) for text in _csv_cells(cell)])
    answer = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=coverage-{now().date()}.csv"
    return answer


def _headings() -> list[str]:
    return [
        _("State"),
        _("Name"),
        _("Cooperation type"),
        _("On record"),
        _("Entries"),
        _("Reported as wrong"),
        _("Synthetic"),
        _("Duty to designate"),
        _("Time limit"),
    ]


def _csv_cells(cell: Cell) -> Iterator[str]:
    duties = cell.duties
    yield cell.state
    yield state_name(cell.state)
    yield cell.cooperation_type.value
    yield cell.cover.value
    yield str(cell.entries)
    yield str(cell.reported)
    yield "1" if cell.synthetic else ""
    yield "; ".join(f"{basis.instrument} {basis.article}" for basis in duties)
    yield "; ".join(basis.time_limit for basis in duties if basis.time_limit)


@blueprint.get("/<code>/<kind>")
@needs("coverage:read")
def show_cell(code: str, kind: str) -> ResponseReturnValue:
    """One cell: who is named, how sure it is, and which duty stands behind it."""
    read_parameters()
    try:
        wanted = CooperationType(kind)
    except ValueError as error:
        raise NotFound("cooperation type", kind) from error
    view = get_cell(actor(), reading(), code, wanted, now().date())
    if code != view.cell.state:
        return redirect(url_for(".show_cell", code=view.cell.state, kind=kind))
    return render_template("coverage/cell.html", view=view, cell=view.cell)


@blueprint.get("/tiles")
@needs("coverage:read")
def show_tiles() -> str:
    """States as tiles by region, for one cooperation type."""
    filters = asked_filters()
    kind = filters.type or CooperationType.MLA
    found = _matrix(CoverageFilters(region=filters.region, type=kind))
    return render_template(
        "coverage/tiles.html",
        kind=kind,
        groups=by_region(found),
        counts=found.totals()[kind],
        open_duties=open_duties(found)[kind],
        choices=_choices(),
        base=url_for(".show"),
    )


@blueprint.get("/scores")
@needs("coverage:read")
def show_scores() -> str:
    """Freshness and quality of each State's entries, with the rule."""
    read_parameters()
    facts = list_facts(actor(), reading(), now().date())
    return render_template("coverage/scores.html", rows=scored(facts))


def scored(facts: tuple[StateFacts, ...]) -> list[tuple[StateFacts, str, Score]]:
    """Each State with its name and score, by name."""
    rows = [(one, state_name(one.state), score(one)) for one in facts]
    return sorted(rows, key=lambda row: alphabetical(row[1]))


@blueprint.get("/trends")
@needs("coverage:read")
def show_trends() -> str:
    """How coverage stood on the days before, of all States or of one."""
    state = read_parameters(StateAsked, {"state": book().states}).get("state", "")
    days = list_days(actor(), reading(), state)
    return render_template(
        "coverage/trends.html",
        days=days,
        state=state,
        lines=trend_lines(days),
        scale=scale_marks(_top(days)),
        kept=KEPT_COVERS,
        words=_kept_words(),
        states=state_choices(),
    )


def _top(days: tuple[DayTotals, ...]) -> int:
    """The top of the chart: all cells there are."""
    return max((sum(day.counts.values()) for day in days), default=0)


def _kept_words() -> dict[Cover, str]:
    """What the columns of days are called: what lapsed and what began unconfirmed are one."""
    return {cover: str(label(cover)) for cover in KEPT_COVERS} | {
        Cover.LAPSED: _("Named, not confirmed")
    }


def trend_lines(days: tuple[DayTotals, ...]) -> list[tuple[str, str, str]]:
    """(class, label, points) of each line of the chart."""
    if not days:
        return []
    top = _top(days)
    named = [sum(day.counts.get(cover, 0) for cover in SOMEBODY_NAMED) for day in days]
    confirmed = [day.counts[Cover.CONFIRMED] + day.counts[Cover.DUE] for day in days]
    unmet = [day.open_duties for day in days]
    return [
        ("designated", _("Somebody is named"), line_points(named, top)),
        ("confirmed", _("Confirmed within its cycle"), line_points(confirmed, top)),
        ("open_duty", _("Duty, but nobody on record"), line_points(unmet, top)),
    ]


@blueprint.get("/gaps")
@needs("coverage:work")
def show_gaps() -> str:
    """The secretariat's work list: every gap, the gravest first."""
    filters = asked_filters()
    found = list_gaps(actor(), reading(), filters, now().date())
    return render_template(
        "coverage/gaps.html",
        gaps=found[:MOST_GAPS],
        total=len(found),
        most=MOST_GAPS,
        choices=_choices(),
        given=dict(without_empty()),
    )
