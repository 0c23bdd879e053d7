"""The form of an entry as a template shows it: what was typed, what is wrong and where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from markupsafe import Markup

from directory.domain.marks import N_
from directory.domain.reference import State
from directory.errors import Problem
from directory.web.formats import Choices, comma
from directory.web.forms.choices import choices_for
from directory.web.forms.layout import LAYOUTS, Input, Repeated, Section, inputs_of, repeated_of
from directory.web.forms.typed import Typed
from directory.web.presentation import problem_text

#: Fields of the form beside the record's, with their titles.
ASIDE: Mapping[str, str] = {
    "reason": N_("Reason"),
    "file": N_("Evidence"),
    "emergency": N_("Emergency"),
    "alternative_id": N_("Alternative"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A problem in the summary: where its link leads, what the place is called, what is wrong."""

    anchor: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaints:
    """What is wrong with a form: beside its fields, and all of it in a summary."""

    #: Path of a field, row or part -> what is wrong with it.
    problems: dict[str, list[str]] = field(default_factory=dict)
    summary: list[Complaint] = field(default_factory=list)
    #: Id of what has the focus when the page opens; '' leaves it to the browser.
    focus: str = ""

    def wrong(self, path: str) -> list[str]:
        return self.problems.get(path, [])

    def described(self, path: str, *, has_hint: object = False) -> Markup:
        """The attributes of a field that tell of its hint and problem, and give it the focus."""
        ids = [f"{path}-hint"] if has_hint else []
        attributes = Markup("")
        if self.wrong(path):
            ids.append(f"{path}-problem")
            attributes += Markup('aria-invalid="true" ')
        if ids:
            attributes += Markup('aria-describedby="{}" ').format(" ".join(ids))
        return attributes + Markup("autofocus") if self.focus == path else attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordForm(Complaints):
    """Everything the template of the form needs of the record."""

    typed: Typed
    sections: tuple[Section, ...]
    choices: dict[str, Choices]

    def value(self, path: str) -> str:
        return self.typed.text(path)

    def values(self, path: str) -> list[str]:
        found = self.typed.values.get(path, [])
        return found if isinstance(found, list) else [found]

    def boxes(self, one: Input, path: str) -> list[tuple[str, str, bool]]:
        """Code, text ('' for one that is no choice) and whether it is ticked.

        The ticked ones stand first and in their order, since a browser sends them as they stand.
        """
        chosen = self.values(path)
        texts = dict(self.choices[one.choices])
        ticked = [(code, texts.get(code, ""), True) for code in chosen]
        return ticked + [(code, text, False) for code, text in texts.items() if code not in chosen]

    def rows(self, part: Repeated) -> range:
        return range(self.typed.rows.get(part.path, 0))

    def says(self, part: Repeated, row: int) -> str:
        """What a row says, in one line."""
        texts = []
        for one in part.inputs:
            value = self.value(f"{part.path}.{row}.{one.name}").strip()
            if value and not one.is_hidden and value != one.default:
                texts.append(dict(self.choices.get(one.choices, [])).get(value, value))
        return " · ".join(texts)

    def is_open(self, part: Repeated, row: int) -> bool:
        """Must all of a row be seen: is it new, or is something wrong with it?"""
        prefix = f"{part.path}.{row}"
        wrong = any(path == prefix or path.startswith(f"{prefix}.") for path in self.problems)
        return wrong or not part.is_folded or not self.says(part, row)

    def is_unfolded(self, part: Repeated, row: int) -> bool:
        """Does a row say something, or lack something, in the fields that are folded away?"""
        for one in part.inputs:
            path = f"{part.path}.{row}.{one.name}"
            # That a row names its source is no news to whoever mends a number.
            says = self.value(path) not in {"", one.default} and one.choices != "sources"
            if one.is_more and (path in self.problems or says):
                return True
        return False


def make_form(
    typed: Typed,
    state: State,
    authorities: Choices,
    problems: Iterable[Problem] = (),
    focus: str = "",
) -> RecordForm:
    """The form, with every problem beside its field and in the summary."""
    found = complaints(problems, _places(typed))
    return RecordForm(
        typed=typed,
        sections=LAYOUTS[typed.kind],
        choices=choices_for(typed, state, authorities),
        problems=found.problems,
        summary=found.summary,
        focus=found.focus or focus,
    )


def complaints(problems: Iterable[Problem], places: Mapping[str, str] | None = None) -> Complaints:
    """The problems sorted to where they belong; each is said once.

    ``places``: path -> what the place is called; without it only the fields beside the record.
    """
    places = _aside() if places is None else places
    beside: dict[str, list[str]] = {}
    summary = []
    for problem in problems:
        anchor = _nearest(problem.path, places)
        text = problem_text(problem)
        if text not in beside.setdefault(anchor, []):
            beside[anchor].append(text)
            summary.append(Complaint(anchor, places.get(anchor, ""), text))
    return Complaints(problems=beside, summary=summary, focus="complaints" if summary else "")


def _aside() -> dict[str, str]:
    return {path: str(gettext(title)) for path, title in ASIDE.items()}


def _places(typed: Typed) -> dict[str, str]:
    """Path of everything a problem can stand beside -> what it is called."""
    found = _aside()
    found |= {one.name: str(gettext(one.title)) for one in inputs_of(typed.kind) if _is_seen(one)}
    for part in repeated_of(typed.kind):
        found |= dict(_part_places(typed, part))
    return found


def _is_seen(one: Input) -> bool:
    return not one.is_hidden


def _part_places(typed: Typed, part: Repeated) -> Iterator[tuple[str, str]]:
    title = str(gettext(part.title))
    yield part.path, title
    for row in range(typed.rows.get(part.path, 0)):
        numbered = f"{title} {row + 1}"
        yield f"{part.path}.{row}", numbered
        for one in filter(_is_seen, part.inputs):
            yield f"{part.path}.{row}.{one.name}", f"{numbered}{comma()}{gettext(one.title)}"


def _nearest(path: str, places: Mapping[str, str]) -> str:
    """The field, row or part that a path leads to; '' for the whole form."""
    while path and path not in places:
        path = path.rpartition(".")[0]
    return path
