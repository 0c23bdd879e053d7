"""One row or more for every table, parents first; migrations are tried with them.

A migration that adds a table fails its test until the table has a row here.
"""

import datetime as dt
from typing import Any

Row = dict[str, Any]

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)
DAY = AT.date()
#: What migration 0007 writes for the accounts that are there.
TODAY = dt.datetime.now(dt.UTC).date()

ROWS: dict[str, list[Row]] = {
    "cooperation_type": [
        {"code": "mla", "position": 0, "names": {"en": "MLA"}, "synonyms": ["entraide judiciaire"]}
    ],
    "instrument": [
        {
            "code": code,
            "short_title": code,
            "title": "Title",
            "place": "Palermo",
            "adopted": DAY,
            "entry_into_force": DAY,
            "depositary": "UN",
            "number": "39574",
            "text_url": "",
            "status_url": "",
            "parent_code": parent,
            "entry_into_force_rule": "day+30",
        }
        for code, parent in (("UNTOC", None), ("MIGRANTS", "UNTOC"))
    ],
    "reference_edition": [{"id": 1, "stamp": "a" * 32, "loaded_at": AT}],
    "state": [
        {
            "code": code,
            "iso3": iso3,
            "kind": "member",
            "regional_group": "",
            "languages": ["ro"],
            "time_zones": ["Europe/Bucharest"],
            "weekend": [6, 7],
            "calling_code": "40",
            "capital": "București",
            "source": "",
        }
        for code, iso3 in (("RO", "ROU"), ("FR", "FRA"))
    ],
    "state_name": [
        {
            "id": 1,
            "state_code": "RO",
            "language": "ar",
            "form": "official",
            "text": "رومانيا",
            "source": "",
        }
    ],
    "territory": [
        {"key": "RO-B", "state_code": "RO", "name": "Bucharest", "aliases": ["Bucarest"]}
    ],
    "declaration": [
        {
            "id": 1,
            "state_code": "RO",
            "instrument_code": "UNTOC",
            "article": "18(14)",
            "kind": "language",
            "value": "en; fr",
            "date": DAY,
            "source": "",
        }
    ],
    "legal_basis": [
        {
            "id": 1,
            "cooperation_type": "mla",
            "instrument_code": "UNTOC",
            "article": "18",
            "must_designate": "yes",
            "notify": "",
            "time_limit": "",
            "keep_current": "",
            "note": "",
        }
    ],
    "participation": [
        {
            "id": 1,
            "state_code": "RO",
            "instrument_code": "UNTOC",
            "status": "party",
            "signature": DAY,
            "consent": DAY,
            "action": "ratification",
            "entry_into_force": None,
            "computed": False,
            "ended": None,
            "source": "",
            "source_copy": "",
            "note": "",
        }
    ],
    "entry": [
        {
            "id": "RO-1",
            "kind": "authority",
            "state_code": "RO",
            "status": "published",
            "revision": 1,
            "name": "Ministerul Justiției",
            "synthetic": False,
            "conflict": False,
            "restricted": True,
            "as_published": "2014",
            "changed_at": AT,
            "confirmed_on": TODAY,
            "confirmed_by": "Ministry",
            "confirmed_how": "state",
            "due_on": DAY,
            "visible_until": None,
            "document": "{}",
            "open_reports": 0,
            "alternative_id": "",
            "unreviewed": False,
            "line_test": None,
        }
    ],
    "channel": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "position": 0,
            "kind": "email",
            "value": "desk@justice.example",
            "purpose": "general",
            "audience": "all_readers",
            "tlp": "green",
            "languages": ["ro"],
            "warning": "",
            "source_key": "note",
        }
    ],
    "designation": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "state_code": "RO",
            "key": "mla",
            "cooperation_type": "mla",
            "instrument_code": "UNTOC",
            "article": "18(13)",
            "territory_key": "RO-B",
            "scope_kind": "stage",
            "scope": "pre-trial",
            "rank": "primary",
            "function": "",
            "valid_from": DAY,
            "valid_to": None,
            "status": "notified",
            "source_key": "note",
        }
    ],
    "entry_revision": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "number": 1,
            "status": "published",
            "record": {"names": [{"text": "Ministerul Justiției"}]},
            "recorded_at": AT,
            "recorded_by": "seed data",
            "reason": "",
        }
    ],
    "entry_source": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "key": "note",
            "kind": "note_verbale",
            "reference": "Note 1",
            "date": DAY,
            "year": 2026,
            "link": "",
        }
    ],
    "hours": [{"entry_id": "RO-1", "zone": "Europe/Bucharest", "round_the_clock": False}],
    "opening_interval": [
        {"id": 1, "entry_id": "RO-1", "weekday": 1, "opens": "08:00", "closes": "24:00"}
    ],
    "liaison_state": [
        {"entry_id": "RO-1", "state_code": "FR", "relation": "host", "common_use": True}
    ],
    "index_work": [{"id": 1, "entry_id": "RO-1", "at": AT}, {"id": 2, "entry_id": None, "at": AT}],
    "account": [
        {
            "id": 1,
            "email": "reader@justice.example",
            "password_hash": "",
            "active": True,
            "fs_uniquifier": "u" * 32,
            "state_code": "RO",
            "authority": "Ministry",
            "cooperation_types": ["mla"],
            "language": "",
            "ends_on": DAY,
            "tf_primary_method": "authenticator",
            "tf_totp_secret": "encrypted",
            "tf_last_step": 1,
            "created_at": AT,
            "demo": False,
            "confirmed_on": TODAY,
            "accepted_at": None,
        },
        {
            "id": 2,
            "email": "officer@secretariat.example",
            "password_hash": "",
            "active": True,
            "fs_uniquifier": "o" * 32,
            "state_code": None,
            "authority": "",
            "cooperation_types": [],
            "language": "",
            "ends_on": None,
            "tf_primary_method": None,
            "tf_totp_secret": None,
            "tf_last_step": None,
            "created_at": AT,
            "demo": False,
            "confirmed_on": TODAY,
            "accepted_at": None,
        },
    ],
    "account_role": [{"account_id": 1, "role": "reader", "ends_on": None}],
    "account_request": [
        {
            "id": 1,
            "account_id": 1,
            "kind": "hand_over",
            "role": "focal_point",
            "role_ends_on": DAY,
            "replaces_id": None,
            "leaves": False,
            "asked_by": 1,
            "asked_at": AT,
            "needed": 2,
            "signs": [{"code": "no_domains", "text": ""}],
            "decided_at": None,
            "outcome": None,
            "handed_over_at": None,
        }
    ],
    "account_approval": [{"request_id": 1, "account_id": 1, "at": AT}],
    "state_domain": [
        {
            "domain": "justice.example",
            "state_code": "RO",
            "added_by": 1,
            "added_at": AT,
            "agreed_by": None,
            "agreed_at": None,
        }
    ],
    "invitation": [
        {"id": "i" * 64, "account_id": 1, "created_at": AT, "ends_at": LATER, "used_at": None}
    ],
    "login_session": [
        {
            "id": "s" * 64,
            "account_id": 1,
            "created_at": AT,
            "last_seen_at": AT,
            "ends_at": LATER,
            "revoked_at": None,
            "user_agent": "",
            "network": "192.0.2.1",
            "method": "second_factor",
            "factor_at": None,
            "idle_minutes": 60,
            "duty_desk": False,
            "device_id": "",
        }
    ],
    "passkey": [
        {
            "id": 1,
            "account_id": 1,
            "credential_id": "Y3JlZA",
            "public_key": b"cose",
            "user_handle": "handle",
            "sign_count": 2**32 - 1,
            "name": "Telephone",
            "transports": ["internal"],
            "synced": True,
            "created_at": AT,
            "last_used_at": None,
        }
    ],
    "used_challenge": [{"id": "c" * 64, "at": AT}],
    "recovery_code": [
        {"id": 1, "account_id": 1, "code_hash": "r" * 64, "created_at": AT, "used_at": None}
    ],
    "recovery": [
        {
            "id": 1,
            "account_id": 1,
            "opened_by": 2,
            "opened_at": AT,
            "proof": "Called back",
            "ends_at": LATER,
            "closed_by": None,
            "closed_at": None,
            "outcome": None,
            "second_proof": "",
        }
    ],
    "known_device": [{"id": "d" * 64, "account_id": 1, "first_seen_at": AT, "last_seen_at": AT}],
    "provider_identity": [
        {
            "id": 1,
            "account_id": 1,
            "issuer": "https://sign-in.example",
            "subject": "248289761001",
            "created_at": AT,
            "last_used_at": None,
        }
    ],
    "sign_in_failure": [
        {"id": 1, "factor": "password", "account_key": "k" * 64, "network": "192.0.2.1", "at": AT}
    ],
    "api_token": [
        {
            "id": 1,
            "prefix": "dir_abcd",
            "token_hash": "h" * 64,
            "account_id": 1,
            "name": "nightly copy",
            "scopes": ["entries:read"],
            "created_at": AT,
            "expires_at": LATER,
            "last_used_at": None,
            "revoked_at": None,
        }
    ],
    "change_log": [
        {
            "sequence": 1,
            "at": AT,
            "actor": "seed data",
            "actor_account": None,
            "actor_state": "",
            "authentication": "system",
            "action": "entry.published",
            "subject_kind": "entry",
            "subject_id": "RO-1",
            "before": None,
            "after": {"names": ["Ministerul Justiției"]},
            "reason": "",
            "evidence": [],
            "sealed": {},
            "ciphertexts": {},
            "previous_hash": "0" * 64,
            "hash": "1" * 64,
            "leaf": "2" * 64,
        }
    ],
    "log_node": [{"level": 1, "position": 0, "hash": "3" * 64}],
    "checkpoint": [{"number": 1, "size": 1, "root": "4" * 64, "at": AT, "note": "line"}],
    "person_key": [
        {"id": "p1", "person": "RO-1", "key": b"k" * 32, "created_at": AT, "destroyed_at": None}
    ],
    "proposal": [
        {
            "id": "P-00000000",
            "entry_id": "RO-1",
            "state_code": "RO",
            "entry_kind": "authority",
            "kind": "amend",
            "state": "on_hold",
            "version": 5,
            "base_revision": 1,
            "record": {"names": [{"text": "Ministerul Justiției"}]},
            "reason": "It moved.",
            "field_class": 3,
            "changes_channels": True,
            "emergency": True,
            "reported_channels": [{"kind": "telephone", "value": "+40211234567"}],
            "alternative_id": "",
            "call_back_entry_id": "RO-1",
            "proposer_id": 1,
            "proposer_name": "reader@justice.example",
            "created_at": AT,
            "updated_at": AT,
            "submitted_at": AT,
            "assignee_id": 1,
            "verified_by": 1,
            "verified_at": AT,
            "approved_by": None,
            "approved_at": None,
            "hold_until": LATER,
            "decided_at": None,
            "decision_code": "",
            "decision_text": "",
            "published_revision": None,
            "batch": "",
        }
    ],
    "evidence": [
        {
            "id": 1,
            "proposal_id": "P-00000000",
            "name": "n" * 43,
            "file_name": "note.pdf",
            "media_type": "application/pdf",
            "size": 4,
            "sha256": "5" * 64,
            "content": b"%PDF",
            "uploaded_at": AT,
            "uploaded_by": 1,
            "released_at": None,
            "refused_as": "",
        }
    ],
    "proposal_comment": [
        {
            "id": 1,
            "proposal_id": "P-00000000",
            "at": AT,
            "by": 1,
            "by_name": "reader@justice.example",
            "text": "Which floor?",
        }
    ],
    "call_back": [
        {
            "id": 1,
            "proposal_id": "P-00000000",
            "at": AT,
            "by": 1,
            "by_name": "reader@justice.example",
            "channel_kind": "telephone",
            "channel_value": "+40211234567",
            "function": "Head of unit",
            "question": "Which languages are accepted?",
            "answered": True,
            "result": "confirmed",
            "note": "",
            "denied": [],
        }
    ],
    "objection_link": [
        {
            "id": "o" * 43,
            "proposal_id": "P-00000000",
            "account_id": None,
            "address": "desk@justice.example",
            "expires_at": LATER,
            "used_at": None,
        }
    ],
    "report": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "revision": 1,
            "kind": "no_answer",
            "channel": "+40211234567",
            "note": "",
            "at": AT,
            "by": 1,
            "by_state": "RO",
            "answered_at": None,
            "answered_by": None,
            "answer": "",
        }
    ],
    "confirmation": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "revision": 1,
            "on": DAY,
            "at": AT,
            "by": 1,
            "by_name": "Ministry",
            "how": "state",
        }
    ],
    "notice": [
        {
            "id": 1,
            "kind": "change_on_hold",
            "account_id": 1,
            "address": "",
            "language": "",
            "params": {"proposal": "P-00000000"},
            "key": "change_on_hold:P-00000000:1",
            "created_at": AT,
            "not_before": AT,
            "subject": "",
            "text": "",
            "html": "",
            "attempts": 0,
            "next_attempt_at": AT,
            "sent_at": None,
            "given_up_at": None,
            "message_id": "",
            "delivery": "",
            "last_error": "",
        }
    ],
    "campaign": [
        {
            "id": "C-000000",
            "title": "Yearly confirmation",
            "text": "",
            "regional_group": "",
            "states": ["RO"],
            "kinds": [],
            "started_at": AT,
            "deadline": DAY,
            "started_by": 1,
            "next_reminder_at": LATER,
            "closed_at": None,
            "closed_by": None,
        }
    ],
    "read_view": [
        {
            "id": 1,
            "at": AT,
            "account_id": 1,
            "account_state": "FR",
            "way": "page",
            "program": False,
            "beyond": False,
            "entry_id": "RO-AAAAAA",
            "entry_state": "RO",
        }
    ],
    "read_count": [{"subject": "account:1", "period": "2026-03-02T09", "views": 1}],
    "read_alert": [
        {
            "id": 1,
            "at": AT,
            "pattern": "breadth",
            "account_id": 1,
            "state": "FR",
            "facts": {"number": 40},
            "key": "breadth:account:1:2026-03-02",
        }
    ],
    "export_made": [
        {
            "serial": "X-0000000000",
            "at": AT,
            "account_id": 1,
            "account_state": "FR",
            "way": "export",
            "form": "csv",
            "subject": "entries of RO",
            "entries": 1,
        }
    ],
    "glass_opening": [
        {
            "id": 1,
            "entry_id": "RO-1",
            "account_id": 1,
            "at": AT,
            "ends_at": LATER,
            "reason": "Preservation of evidence before it is deleted",
        }
    ],
    "watch": [
        {
            "id": 1,
            "account_id": 1,
            "kind": "question",
            "key": "requesting=FR&requested=RO&type=mla",
            "created_at": AT,
            "looked_at": LATER,
            "named": ["authority:RO-1"],
        }
    ],
    "saved_search": [{"id": 1, "account_id": 1, "query": "q=romania", "created_at": AT}],
    "recent_lookups": [{"account_id": 1, "sealed": "gAAAA", "changed_at": AT}],
    "question_count": [
        {
            "month": DAY.replace(day=1),
            "front": "finder",
            "state_code": "RO",
            "cooperation_type": "mla",
            "outcome": "nothing",
            "asked": 7,
        }
    ],
    "coverage_day": [
        {
            "day": DAY,
            "state_code": "RO",
            "confirmed": 1,
            "due": 0,
            "disputed": 0,
            "lapsed": 4,
            "missing": 3,
            "not_on_record": 7,
            "open_duties": 1,
        }
    ],
    "edition": [
        {
            "number": 1,
            "language": "ar",
            "state": "made",
            "since": None,
            "asked_by": 1,
            "asked_at": AT,
            "told_at": LATER,
            "made_at": LATER,
            "done": 2,
            "total": 2,
            "pages": 9,
            "size": 4096,
            "sha256": "ab" * 32,
            "log_size": 7,
            "log_root": "cd" * 32,
            "contents": {"RO-1": ["RO", 2]},
        }
    ],
    "search_edition": [
        {
            "id": 1,
            "format": 1,
            "generation": 1,
            "edition": 1,
            "position": 0,
            "phrases": [["romania", "state", "RO"]],
        }
    ],
    "search_entry": [
        {
            "generation": 1,
            "number": 0,
            "key": "entry:RO-1",
            "first_edition": 1,
            "last_edition": None,
            "shown": ["entry:RO-1", "authority", "RO", "Ministry", [], []],
            "terms": "'name:ministry'",
        }
    ],
    "state_closure": [
        {
            "id": 1,
            "state_code": "RO",
            "first": DAY,
            "last": DAY,
            "note": "Bridge day",
            "status": "verified",
            "announced_at": AT,
            "announced_by": 1,
            "leaving_at": None,
            "leaving_by": None,
            "withdrawn_at": None,
            "decided_at": None,
            "decided_by": None,
            "decision_text": "",
        }
    ],
    "line_test_round": [
        {
            "id": "L-AAAAAA",
            "regional_group": "",
            "states": ["RO"],
            "methods": ["mail"],
            "times": "both",
            "first_day": DAY,
            "last_day": DAY,
            "minutes": 60,
            "started_at": AT,
            "started_by": 1,
            "closed_at": None,
            "closed_by": None,
        }
    ],
    "line_test": [
        {
            "id": 1,
            "round_id": "L-AAAAAA",
            "entry_id": "RO-1",
            "method": "mail",
            "office_time": False,
            "due_at": AT,
            "link_id": "t" * 43,
            "channel_kind": "email",
            "channel_value": "desk@justice.example",
            "started_at": AT,
            "ends_at": LATER,
            "ended_at": LATER,
            "outcome": "answered",
            "seconds": 360,
            "language": "en",
            "proof": "link",
            "wrong_codes": 0,
            "noted_by": None,
        }
    ],
    "calendar_link": [{"account_id": 1, "secret_hash": "c" * 64, "created_at": AT}],
}
