"""The finder beside its table of cases: refusals, times, and what the parts carry."""

import datetime as dt
from dataclasses import replace

import pytest

from directory.domain.answer import Candidate, Facts, Question
from directory.domain.articles import article_numbers, is_same_article
from directory.domain.counterpart import find
from directory.domain.hours import ReachHint, ReachState
from directory.domain.reason_texts import REASON_TEXTS
from directory.domain.reasons import Reason, render
from directory.domain.record import (
    AuthorityRecord,
    Channel,
    Closure,
    ContactPointRecord,
    Designation,
    Hours,
    Interval,
    LiaisonOfficerRecord,
    Name,
    RequirementsRecord,
)
from directory.domain.reference import Instrument, LegalBasis, Participation, State
from directory.domain.vocabulary import (
    ChannelKind,
    CooperationType,
    EntryKind,
    EntryStatus,
    Freshness,
    ParticipationStatus,
    StateKind,
)
from directory.errors import Invalid

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def question(at: dt.datetime = NOON, viewer_zone: str = "") -> Question:
    return Question(
        requesting="XA",
        requested="XB",
        cooperation_type=CooperationType.MLA,
        at=at,
        viewer_zone=viewer_zone,
    )


def facts(*candidates: Candidate, zones: tuple[str, ...] = ("Africa/Cairo",)) -> Facts:
    return Facts(
        requesting=State(code="XA", kind=StateKind.MEMBER),
        requested=State(code="XB", kind=StateKind.MEMBER, time_zones=zones, weekend=(5, 6)),
        instruments={},
        candidates=candidates,
        holidays={"XB": {NOON.date()}},
    )


def _state(code: str, zones: tuple[str, ...]) -> State:
    return State(code=code, kind=StateKind.MEMBER, time_zones=zones)


def weekly(zone: str, *, assumed: bool = False) -> Hours:
    day = Interval(weekday=1, opens="09:00", closes="17:00")
    return Hours(zone=zone, intervals=(day,), zone_assumed=assumed)


def office(hours: Hours | None = None, *channels: Channel) -> Candidate:
    named = Designation(key="1", cooperation_type=CooperationType.MLA)
    record = AuthorityRecord(
        names=(Name(text="office"),), designations=(named,), hours=hours, channels=channels
    )
    return Candidate(id="E1", state="XB", record=record, confirmed_on=NOON.date())


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        find(question(at=dt.datetime(2026, 11, 23, 12)), facts())  # noqa: DTZ001
    assert [problem.path for problem in refusal.value.problems] == ["at"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "a\0b"])
def test_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find(question(viewer_zone=zone), facts())
    assert [problem.path for problem in refusal.value.problems] == ["viewer_zone"]


def test_every_problem_of_a_question_is_told_at_once() -> None:
    asked = Question(
        requesting="XB",
        requested="XB",
        cooperation_type=CooperationType.MLA,
        at=NOON,
        instrument="NONE",
        territory="XB-Q",
    )
    with pytest.raises(Invalid) as refusal:
        find(asked, facts())
    paths = [problem.path for problem in refusal.value.problems]
    assert paths == ["requested", "instrument", "territory"]


def test_contact_says_whether_it_can_be_reached_now_on_both_clocks() -> None:
    hours = Hours(
        zone="Africa/Cairo", intervals=(Interval(weekday=1, opens="09:00", closes="17:00"),)
    )
    (line,) = find(question(viewer_zone="Asia/Tokyo"), facts(office(hours))).authorities
    reach = line.reachability
    assert (reach.state, reach.hint) == (ReachState.OPEN, ReachHint.HOLIDAY)
    assert reach.viewer_closes_at is not None
    assert reach.viewer_closes_at.isoformat() == "2026-11-24T00:00:00+09:00"
    assert line.freshness.state is Freshness.CONFIRMED


def test_without_hours_the_local_time_is_told_where_the_state_has_one_zone() -> None:
    (line,) = find(question(), facts(office())).authorities
    assert line.reachability.local_time is not None
    zones = ("Africa/Cairo", "Africa/Tripoli")
    (line,) = find(question(), facts(office(), zones=zones)).authorities
    assert line.reachability.local_time is None


@pytest.mark.parametrize(
    ("hours", "zones", "zone"),
    [
        (None, ("Africa/Cairo",), "Africa/Cairo"),
        (None, ("Africa/Cairo", "Africa/Tripoli"), ""),
        # The record names a zone, and its source did so or not.
        (weekly("Asia/Tokyo"), ("Africa/Cairo",), "Asia/Tokyo"),
        (weekly("Asia/Tokyo", assumed=True), ("Africa/Cairo",), "Africa/Cairo"),
        (weekly("Asia/Tokyo", assumed=True), ("Africa/Cairo", "Africa/Tripoli"), "Asia/Tokyo"),
    ],
)
def test_officer_keeps_the_clock_of_the_state_of_the_posting(
    hours: Hours | None, zones: tuple[str, ...], zone: str
) -> None:
    names = (Name(text="officer"),)
    record = LiaisonOfficerRecord(names=names, host_state="XB", common_use=True, hours=hours)
    answer = find(question(), facts(Candidate(id="L", state="XC", record=record), zones=zones))
    (line,) = answer.liaison_officers
    local = line.contact.reachability.local_time
    assert (str(local.tzinfo) if local else "") == zone


def test_officer_posted_in_a_third_state_keeps_its_clock_and_its_closed_days() -> None:
    names, states = (Name(text="officer"),), {"XC": _state("XC", ("Asia/Tokyo",))}
    record = LiaisonOfficerRecord(names=names, host_state="XC", covered_states=("XB",))
    days = {code: (Closure(first=NOON.date(), last=NOON.date()),) for code in ("XA", "XC")}
    for closed, hint in [("XA", ReachHint.NONE), ("XC", ReachHint.CLOSURE)]:
        known = facts(Candidate(id="L", state="XA", record=record))
        known = replace(known, states=states, closures={closed: days[closed]})
        (line,) = find(question(), known).liaison_officers
        reach = line.contact.reachability
        assert (str(reach.local_time and reach.local_time.tzinfo), reach.hint) == (
            "Asia/Tokyo",
            hint,
        )


def test_requirements_without_a_source_are_shown_without_one() -> None:
    record = RequirementsRecord(cooperation_type=CooperationType.MLA, languages_accepted=("fr",))
    candidate = Candidate(id="R", state="XB", record=record)
    answer = find(question(), facts(candidate))
    assert candidate.kind is EntryKind.REQUIREMENTS
    assert answer.requirements.record == record
    assert answer.requirements.languages[0].source.reference == ""


def test_reason_is_rendered_in_the_readers_words() -> None:
    reason = Reason("liaison_mine_there", {"state": "XA", "other": "XB"})
    words = render(
        reason,
        lambda text: text.upper().replace("(STATE)S", "(state)s").replace("(OTHER)S", "(other)s"),
        lambda name, value: f"<{name}={value}>",
    )
    assert words == "LIAISON OFFICER OF <state=XA> POSTED IN <other=XB>."


def test_no_text_carries_a_stray_percent_sign() -> None:
    for text in REASON_TEXTS.values():
        assert text.count("%") == text.count("%(")


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("27(2),(9)", {"27"}),
        ("24(7)(a);27(2)", {"24", "27"}),
        ("54, 55", {"54", "55"}),
        ("4 (art. 15 of ETS030)", {"4"}),
        ("15(8) as amended by ETS182 art. 4", {"15"}),
        ("art. 18 UNTOC via Protocol declaration", {"18"}),
        ("", set()),
    ],
)
def test_article_numbers_are_read_as_printed(printed: str, numbers: set[str]) -> None:
    assert article_numbers(printed) == numbers


def test_articles_are_the_same_when_one_number_is_in_common_or_none_is_named() -> None:
    assert is_same_article("18(13)", "18(13),(14)")
    assert is_same_article("", "22")
    assert not is_same_article("15", "22")


def point(hours: Hours | None = None, *channels: Channel) -> Candidate:
    named = Designation(key="p", cooperation_type=CooperationType.E_EVIDENCE)
    record = ContactPointRecord(
        names=(Name(text="office"),), designations=(named,), hours=hours, channels=channels
    )
    return Candidate(id="P1", state="XB", record=record)


def test_no_weekend_or_holiday_speaks_against_calling_a_point_without_hours() -> None:
    on_record = replace(
        facts(point(), office()), closures={"XB": (Closure(first=NOON.date(), last=NOON.date()),)}
    )
    answer = find(replace(question(), urgent=True), on_record)
    (line,), (beside,) = answer.contact_points, answer.authorities
    assert line.reachability.state is ReachState.UNKNOWN
    assert line.reachability.hint is ReachHint.POINT
    assert line.reachability.local_time is not None
    assert beside.reachability.hint is ReachHint.CLOSURE


def test_own_hours_of_a_point_go_before_what_a_point_is_for() -> None:
    night = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
    asked = replace(question(at=night), urgent=True)
    (line,) = find(asked, facts(point(weekly("Africa/Cairo")))).contact_points
    assert line.reachability.state is ReachState.CLOSED
    assert line.reachability.hint is not ReachHint.POINT


@pytest.mark.parametrize("same", [True, False])
def test_nearest_authority_that_is_the_point_as_well_is_told_to_be(same: bool) -> None:
    line = Channel(kind=ChannelKind.TELEPHONE, value="+40 1")
    authority = office(None, *([line] if same else []))
    asked = replace(question(), cooperation_type=CooperationType.E_EVIDENCE)
    (nearest,) = find(asked, facts(point(None, line), authority)).nearest
    told = [reason.code for reason in nearest.reasons]
    assert ("same_office_as_point" in told) is same
    assert told[0] == "nearest_type"


@pytest.mark.parametrize(
    ("copies", "told"), [(("2019", "2019"), ["list"]), (("2019", "2020"), ["list", "list"])]
)
def test_list_that_is_the_source_for_both_parties_is_told_once(
    copies: tuple[str, str], told: list[str]
) -> None:
    day = dt.date(2003, 9, 29)
    parties = tuple(
        Participation(
            state=state,
            instrument="UNTOC",
            status=ParticipationStatus.PARTY,
            entry_into_force=day,
            source="list",
            source_copy=copy,
        )
        for state, copy in zip(("XA", "XB"), copies, strict=True)
    )
    treaty = Instrument(code="UNTOC", short_title="UNTOC", title="Convention", entry_into_force=day)
    basis = LegalBasis(cooperation_type=CooperationType.MLA, instrument="UNTOC", article="18")
    on_record = replace(
        facts(),
        instruments={"UNTOC": treaty},
        participations=parties,
        legal_bases=(basis,),
    )
    steps = find(question(), on_record).steps
    (step,) = [one for one in steps if one.reason.code == "in_force_since"]
    assert [source.reference for source in step.sources] == told


def test_points_that_are_all_suspended_are_told_and_not_taken_for_none_on_record() -> None:
    away = replace(point(), status=EntryStatus.SUSPENDED)
    other = replace(point(), id="P2", status=EntryStatus.SUSPENDED)
    for_another_type = replace(question(), urgent=True)
    answer = find(for_another_type, facts(away, other))
    assert not answer.contact_points
    assert {one.candidate.id for one in answer.suspended} == {"P1", "P2"}
    assert {one.entry for one in answer.urgent_steps if one.reason.code == "point_suspended"} == {
        "P1",
        "P2",
    }
    codes = [reason.code for reason in answer.gaps]
    assert "points_suspended" in codes
    assert "no_contact_point" not in codes
    # Neither was designated for the type asked.
    assert "only_suspended" not in codes
