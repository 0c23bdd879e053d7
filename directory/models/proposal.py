"""Proposals and what gathers around them: evidence, comments, call-backs, objection links.

A proposal is the whole record somebody wants to see published, the revision it was made against,
and where it stands. Reports ('It did not work') and confirmations stand here too: they are the
other two ways in which people speak about an entry.
"""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base, enum_type
from directory.domain import vocabulary as words
from directory.domain.lifecycle import (
    CallBackResult,
    ProposalKind,
    ProposalState,
    ReportKind,
)


class Proposal(Base):
    """A change somebody asks for."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_is_positive"),
        CheckConstraint("base_revision >= 0", name="base_is_a_revision"),
        CheckConstraint("field_class between 1 and 3", name="field_class"),
        Index("ix_proposal_state_hold_until", "state", "hold_until"),
        Index("ix_proposal_entry_id_state", "entry_id", "state"),
        Index("ix_proposal_state_code_state", "state_code", "state"),
    )

    #: Public identifier, 'P-' and eight letters or digits.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: The entry it is about; the identifier the entry will have, where it is not there yet.
    entry_id: Mapped[str] = mapped_column(String(16))
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    entry_kind: Mapped[words.EntryKind] = mapped_column(enum_type(words.EntryKind, "entry_kind"))
    kind: Mapped[ProposalKind] = mapped_column(enum_type(ProposalKind, "kind"))
    state: Mapped[ProposalState] = mapped_column(enum_type(ProposalState, "state"))
    #: One more with each act; what two people may not both act on.
    version: Mapped[int] = mapped_column(default=1)
    #: The revision ``record`` was made against, 0 for a new entry.
    base_revision: Mapped[int]
    #: ``domain.record.to_dict`` of the proposed record.
    record: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    #: ``domain.fields.FieldClass`` of the whole change.
    field_class: Mapped[int]
    #: Does it change a line that call-backs or notices of a hold go to?
    changes_channels: Mapped[bool] = mapped_column(default=False)
    #: Show new channels at once beside the old, as reported and not confirmed.
    emergency: Mapped[bool] = mapped_column(default=False)
    #: The channels of an emergency, in plain form.
    reported_channels: Mapped[list[dict[str, Any]]]
    #: For a suspension: the entry to use instead; '' when there is none.
    alternative_id: Mapped[str] = mapped_column(String(16), default="")
    #: The entry whose channels call-backs for this proposal go to; '' when none will do.
    call_back_entry_id: Mapped[str] = mapped_column(String(16), default="", index=True)

    proposer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    proposer_name: Mapped[str] = mapped_column(String(160))
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime] = mapped_column(index=True)
    submitted_at: Mapped[dt.datetime | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verified_at: Mapped[dt.datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[dt.datetime | None]
    #: Published no earlier than this.
    hold_until: Mapped[dt.datetime | None]
    #: When it left the ways that are open, and why.
    decided_at: Mapped[dt.datetime | None]
    decision_code: Mapped[str] = mapped_column(String(40), default="")
    decision_text: Mapped[str] = mapped_column(Text, default="")
    #: The revision it became.
    published_revision: Mapped[int | None]
    #: The import it came with; '' for a single proposal.
    batch: Mapped[str] = mapped_column(String(40), default="", index=True)


class Evidence(Base):
    """A file that supports a proposal (a note verbale)."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="size_is_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    #: Random; what addresses name it by.
    name: Mapped[str] = mapped_column(String(64), unique=True)
    #: As the file was called where it came from.
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    #: In bytes.
    size: Mapped[int]
    #: In hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[dt.datetime]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: When it was found fit to be given out; None while it is in quarantine.
    released_at: Mapped[dt.datetime | None]
    #: Why it stays in quarantine for good (a code of ``exchange.evidence``); '' otherwise.
    refused_as: Mapped[str] = mapped_column(String(20), default="", server_default="")


class ProposalComment(Base):
    """A remark on a proposal, read by its State and the secretariat."""

    __tablename__ = "proposal_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)


class CallBack(Base):
    """A call to a channel chosen by the system, or what stood in for it."""

    __tablename__ = "call_back"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str] = mapped_column(String(160))
    #: None where a diplomatic note stood in for the call.
    channel_kind: Mapped[words.ChannelKind | None] = mapped_column(
        enum_type(words.ChannelKind, "channel_kind")
    )
    channel_value: Mapped[str] = mapped_column(String(320), default="")
    #: Function of the person reached, never the name.
    function: Mapped[str] = mapped_column(Text, default="")
    #: A question about a fact that is not in the proposal, and whether it was answered rightly.
    question: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[bool] = mapped_column(default=False)
    result: Mapped[CallBackResult] = mapped_column(enum_type(CallBackResult, "result"))
    #: What else there is to say; the reference of a diplomatic note.
    note: Mapped[str] = mapped_column(Text, default="")
    #: ``domain.call_backs.denied_things`` of a denial that binds also later submissions.
    denied: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class ObjectionLink(Base):
    """A link with which one recipient can object during the hold.

    What the link holds is this id and a keyed hash of it, so nothing here opens it.
    """

    __tablename__ = "objection_link"

    #: Random.
    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: The old channel it was sent to; '' for an account.
    address: Mapped[str] = mapped_column(String(320), default="")
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Report(Base):
    """'It did not work': what a reader met; stands on the entry until it is answered."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("(answered_at is null) = (answer = '')", name="answer_is_whole"),
        Index("ix_report_entry_id_answered_at", "entry_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    #: The revision that was tried.
    revision: Mapped[int]
    kind: Mapped[ReportKind] = mapped_column(enum_type(ReportKind, "kind"))
    #: The value of the channel that was tried; '' when none is named.
    channel: Mapped[str] = mapped_column(String(320), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_state: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")


class EntryConfirmation(Base):
    """That somebody said on a day that all of a revision is still correct."""

    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_entry_id_on", "entry_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    revision: Mapped[int]
    on: Mapped[dt.date]
    at: Mapped[dt.datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: In words, as readers see it.
    by_name: Mapped[str] = mapped_column(String(160))
    how: Mapped[words.ConfirmationMethod] = mapped_column(
        enum_type(words.ConfirmationMethod, "how")
    )
