"""The search index where PostgreSQL keeps it: a cache of the other tables, made anew at any time.

The tables exist on SQLite too, where nothing is written to them.
"""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from directory.db.base import Base


class SearchEdition(Base):
    """The edition of the index in use: one row."""

    __tablename__ = "search_edition"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Of the form of documents and terms: an index of another form is made anew.
    format: Mapped[int]
    #: One more with each rebuild; documents are numbered within it.
    generation: Mapped[int]
    #: One more with each rebuild or update.
    edition: Mapped[int]
    #: Number of the last ``index_work`` that is included.
    position: Mapped[int]
    #: ``search.index.Phrase`` as [text, facet, value].
    phrases: Mapped[list[Any]] = mapped_column(JSON)


class SearchEntry(Base):
    """One document of the index, from one edition to another."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_terms", "terms", postgresql_using="gin"),
        Index("ix_search_entry_key", "key"),
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40))
    #: The first edition that has it, and the last one; None while it is current.
    first_edition: Mapped[int]
    last_edition: Mapped[int | None]
    #: ``search.documents.Shown``.
    shown: Mapped[list[Any]] = mapped_column(JSON)
    #: 'field:term' of every term; folded by the directory, not by PostgreSQL.
    terms: Mapped[str] = mapped_column(TSVECTOR().with_variant(Text(), "sqlite"))
