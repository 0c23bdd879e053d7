"""The marks beside what a page shows, explained: what one means, why it is there, what to do."""

from dataclasses import dataclass

from flask_babel import LazyString

from directory.web.catalogues import text_later

_ = text_later


@dataclass(frozen=True, slots=True)
class Mark:
    """``key`` is the anchor on the page that explains the marks."""

    key: str
    title: LazyString
    means: LazyString
    why: LazyString
    to_do: LazyString


MARKS: tuple[Mark, ...] = (
    Mark(
        "freshness",
        _("Confirmed, confirmation due, not confirmed"),
        _("How long ago somebody last said that this entry is right."),
        _(
            "The State, a call-back or a line test confirms an entry for a number of days. When "
            "they are over, or when nobody ever confirmed it, it is 'not confirmed'. It stays, "
            "because an old number is better than none. 'As published in 2014' means that a source "
            "of 2014 printed it."
        ),
        _("Confirmed: use it. Not confirmed: call before you send."),
    ),
    Mark(
        "open-report",
        _("Disputed, open report"),
        _("A reader reported that it did not work, and the State has not answered yet."),
        _("The report stays on the entry until the State answers it."),
        _("Read what happened to the other reader, and try another line first."),
    ),
    Mark(
        "recent-change",
        _("Recent change"),
        _("What decides where requests go was changed in the last 60 days."),
        _(
            "A changed number could divert requests. So the earlier value is shown beside the new "
            "one for a while, although officers called back before it was published."
        ),
        _("If you know the office, compare. In doubt call the number you used before."),
    ),
    Mark(
        "reported-line",
        _("Reported by the State, not confirmed"),
        _("The State says that a line fails and gave another; nobody has called back yet."),
        _(
            "It is shown at once because it may be urgent, and beside the old line, never in its "
            "place."
        ),
        _("Try it when the other lines do not answer."),
    ),
    Mark(
        "unreviewed",
        _("Not reviewed yet"),
        _("The latest change is shown as the State gave it."),
        _("It touches nothing that decides where requests go, so it need not wait for an officer."),
        _("Use the entry as usual."),
    ),
    Mark(
        "sources-differ",
        _("Sources differ"),
        _("Two publications give different numbers or addresses for the same office."),
        _("The directory cannot know which is right, and hides none. All stay, the newest first."),
        _("Try the newest. Tell with 'It did not work?' what you found."),
    ),
    Mark(
        "number-warning",
        _("Warning beside a number or mailbox"),
        _("It does not look like a complete number or address of today's numbering plans."),
        _(
            "It is shown as it was printed. It may be a short or local number, or one that was "
            "renumbered since; it may also be a misprint."
        ),
        _("Call it once to see. If it fails, report it."),
    ),
    Mark(
        "not-on-record",
        _("Not on record"),
        _("The sources that were read say nothing about it."),
        _(
            "It never means 'not a party' or 'no such authority': the copy that was read may be "
            "older than the fact. The date of the copy stands beside it."
        ),
        _("Check with the depositary by the link, or ask that State."),
    ),
    Mark(
        "computed",
        _("Computed"),
        _("No source gives this date of entry into force."),
        _("It follows from the day of consent by the treaty's own rule."),
        _("Where a day matters before a court, check with the depositary."),
    ),
    Mark(
        "tlp",
        _("TLP:CLEAR to TLP:RED"),
        _("How you may share the line (Traffic Light Protocol 2.0)."),
        _("Whoever gave the line chose the label. What it allows stands beside it."),
        _("Share it no further than that. When you must, ask the State first."),
    ),
    Mark(
        "synthetic",
        _("Synthetic"),
        _("The entry was invented for trials. Nobody answers there."),
        _("It shows what real entries do not hold yet, such as hours at night."),
        _("Never use it in a case."),
    ),
)

TITLES: dict[str, LazyString] = {mark.key: mark.title for mark in MARKS}


def mark_title(key: str) -> LazyString:
    """What a mark is called; raises ``KeyError`` for one that is not explained."""
    return TITLES[key]
