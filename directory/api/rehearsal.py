"""Asking what programs ask most, once, before the first of them does.

The first time of a question makes much that stays: statements in the words of the database, readers
of records, names of languages. Made before the serving processes part, it is theirs together, and
no first reader waits for it. Nobody is told the answers, so nothing is written down of them.
"""

import datetime as dt

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.api.answer import answer_form
from directory.api.operations import json_response
from directory.domain.answer import Question
from directory.domain.vocabulary import CooperationType, EntryKind
from directory.models.entry import Entry
from directory.parts import Parts
from directory.policy import EVERY_READER
from directory.queries.accounts import find_token
from directory.queries.counterparts import answer
from directory.queries.entries import get_entry_json
from directory.queries.reference import read_book
from directory.queries.search import search, suggest
from directory.search.index import SearchQuestion
from directory.web.context import kept_here

#: Entries asked for, of as many States.
MANY = 5


def rehearse(app: Flask, parts: Parts) -> None:
    """Ask the finder, the search and for entries, of some States that have any."""
    at = parts.clock()
    with app.test_request_context(), parts.reading() as session:
        kept_here()["actor"] = EVERY_READER
        find_token(session.connection(), "", at, demo=False)
        # Takes from the index who is hidden today.
        some = SearchQuestion(kind=EntryKind.AUTHORITY, limit=1)
        search(EVERY_READER, session, parts.index, some, at.date())
        states = select(Entry.state_code).distinct().order_by(Entry.state_code).limit(MANY)
        for state in session.scalars(states).all():
            _ask_of(parts, session, state, at)


def _ask_of(parts: Parts, session: Session, state: str, at: dt.datetime) -> None:
    book, today = read_book(session), at.date()
    others = [code for code in book.states if code != state]
    for kind in (CooperationType.MLA, CooperationType.E_EVIDENCE) if others else ():
        question = Question(
            requesting=others[0],
            requested=state,
            cooperation_type=kind,
            urgent=kind is CooperationType.E_EVIDENCE,
            at=at,
        )
        found = answer(EVERY_READER, session, question, today, book=book)
        json_response(answer_form(found))
        for line in found.authorities[:1]:
            get_entry_json(EVERY_READER, session.connection(), line.candidate.id, today)
    name = book.states[state].name()
    search(EVERY_READER, session, parts.index, SearchQuestion(text=f"{name} mla"), today)
    suggest(EVERY_READER, session, parts.index, name[:3], today)
