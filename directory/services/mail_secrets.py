"""What stands in a mail only when it leaves: links and codes that would open something."""

from collections.abc import Mapping, Sequence
from typing import Any

from directory.exchange.notice_rendering import INVITATION, LINE_TEST, LINE_TEST_CODE, OBJECTION
from directory.services import invitations, line_codes, objections


def secrets_of(params: Mapping[str, Any], key: str, earlier: Sequence[str] = ()) -> dict[str, str]:
    """Of a notice's params: the text that holds a secret's place -> the secret.

    An invitation is the one its notice was written with, also under an ``earlier`` key.
    """
    found = {}
    if link_id := params.get("objection_link"):
        found[OBJECTION] = objections.token_of(str(link_id), key)
    if link_id := params.get("line_test_link"):
        found[LINE_TEST] = line_codes.token_of(str(link_id), key)
        found[LINE_TEST_CODE] = line_codes.code_of(str(link_id), key)
    if link := params.get("invitation_link"):
        found[INVITATION] = invitations.secret_of(str(link), (key, *earlier))
    return found
