"""Reference tables: States, treaties, participations, declarations, legal bases."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db.base import Base, enum_type
from directory.domain import vocabulary as words


class State(Base):
    """A State, by its ISO 3166-1 alpha-2 code."""

    __tablename__ = "state"
    __table_args__ = (CheckConstraint("length(code) = 2", name="code_has_two_letters"),)

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso3: Mapped[str] = mapped_column(String(3), default="")
    kind: Mapped[words.StateKind] = mapped_column(enum_type(words.StateKind, "kind"))
    regional_group: Mapped[str] = mapped_column(String(60), default="")
    languages: Mapped[list[str]]
    time_zones: Mapped[list[str]]
    weekend: Mapped[list[int]]
    calling_code: Mapped[str] = mapped_column(String(12), default="")
    capital: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(Text, default="")

    names: Mapped[list["StateName"]] = relationship(order_by="StateName.id", viewonly=True)
    territories: Mapped[list["Territory"]] = relationship(order_by="Territory.key", viewonly=True)


class StateName(Base):
    """A name of a State. ``form`` official is shown; the others only help to find it."""

    __tablename__ = "state_name"
    __table_args__ = (
        UniqueConstraint("state_code", "language", "form", "text"),
        CheckConstraint("form in ('official', 'alias')", name="form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    language: Mapped[str] = mapped_column(String(12))
    form: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(Text, default="")


class Territory(Base):
    """A part of a State with its own authority (UNTOC 18(13))."""

    __tablename__ = "territory"

    key: Mapped[str] = mapped_column(String(12), primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    #: In other languages than English.
    names: Mapped[dict[str, str]] = mapped_column(server_default="{}")
    aliases: Mapped[list[str]]


class Instrument(Base):
    """A treaty."""

    __tablename__ = "instrument"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    short_title: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(80), default="")
    adopted: Mapped[dt.date | None]
    entry_into_force: Mapped[dt.date | None]
    depositary: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(80), default="")
    text_url: Mapped[str] = mapped_column(Text, default="")
    status_url: Mapped[str] = mapped_column(Text, default="")
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("instrument.code"))
    entry_into_force_rule: Mapped[str] = mapped_column(String(80), default="")
    #: Language -> short title and title, beside the English ones.
    short_titles: Mapped[dict[str, str]] = mapped_column(server_default="{}")
    titles: Mapped[dict[str, str]] = mapped_column(server_default="{}")


class Participation(Base):
    """What the record says of one State and one instrument."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("state_code", "instrument_code"),
        CheckConstraint(
            "ended is null or entry_into_force is null or ended >= entry_into_force",
            name="ends_after_it_began",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    instrument_code: Mapped[str] = mapped_column(ForeignKey("instrument.code"), index=True)
    status: Mapped[words.ParticipationStatus] = mapped_column(
        enum_type(words.ParticipationStatus, "status")
    )
    signature: Mapped[dt.date | None]
    consent: Mapped[dt.date | None]
    action: Mapped[str] = mapped_column(String(40), default="")
    entry_into_force: Mapped[dt.date | None]
    #: The date was computed by the instrument's rule, not read from a source.
    computed: Mapped[bool] = mapped_column(default=False)
    ended: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    source_copy: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class Declaration(Base):
    """A declaration, notification or reservation of a State under an instrument."""

    __tablename__ = "declaration"
    __table_args__ = (
        Index("ix_declaration_state_code_instrument_code", "state_code", "instrument_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"))
    instrument_code: Mapped[str] = mapped_column(ForeignKey("instrument.code"))
    article: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[words.DeclarationKind] = mapped_column(enum_type(words.DeclarationKind, "kind"))
    value: Mapped[str] = mapped_column(Text)
    date: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(Text, default="")


class CooperationType(Base):
    """A kind of help, with its names and the words people search it by."""

    __tablename__ = "cooperation_type"

    code: Mapped[words.CooperationType] = mapped_column(
        enum_type(words.CooperationType, "code"), primary_key=True
    )
    position: Mapped[int] = mapped_column(unique=True)
    #: Language -> name.
    names: Mapped[dict[str, str]]
    #: What practitioners type, in any language.
    synonyms: Mapped[list[str]]


class LegalBasis(Base):
    """An article that covers a cooperation type, and the duty to designate behind it."""

    __tablename__ = "legal_basis"
    __table_args__ = (UniqueConstraint("cooperation_type", "instrument_code", "article"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperation_type: Mapped[words.CooperationType] = mapped_column(
        enum_type(words.CooperationType, "cooperation_type"), ForeignKey("cooperation_type.code")
    )
    instrument_code: Mapped[str] = mapped_column(ForeignKey("instrument.code"))
    article: Mapped[str] = mapped_column(String(40))
    must_designate: Mapped[str] = mapped_column(String(40), default="")
    notify: Mapped[str] = mapped_column(String(120), default="")
    time_limit: Mapped[str] = mapped_column(String(120), default="")
    keep_current: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class ReferenceEdition(Base):
    """One row: the stamp of the reference data now in the tables, new after each change of them.

    Readers keep the reference data in memory for as long as the stamp stays the same.
    """

    __tablename__ = "reference_edition"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[str] = mapped_column(String(32))
    loaded_at: Mapped[dt.datetime]
