"""The change log's signed checkpoints and proofs for programs; whoever keeps one is a witness."""

from typing import Any

from flask import Response

from directory.api.operations import Operations, json_response, reads
from directory.errors import NotFound
from directory.exchange.log_export import checkpoint_json, consistency_json, inclusion_json
from directory.policy import can, require
from directory.queries.change_log import get_consistency, get_inclusion, newest_checkpoint
from directory.queries.history import is_open_to
from directory.schemas.history import CheckpointForm, ProofAsked, ProofForm
from directory.services.checkpoints import known_keys
from directory.web.context import actor, now, parts, reading

operations = Operations("api_log", __name__, description="Proof that nothing was rewritten")


@reads(
    operations,
    "/log/checkpoint",
    permission="entries:read",
    answers=CheckpointForm,
    refuses=(404,),
)
def show_checkpoint(_asked: dict[str, Any]) -> Response:
    """The newest checkpoint as a signed note, with the public keys; keep it elsewhere."""
    found = newest_checkpoint(reading())
    if found is None:
        raise NotFound("checkpoint", "newest")
    keys = [str(key) for key in known_keys(parts().settings)]
    return json_response({**checkpoint_json(found), "keys": keys})


@reads(
    operations,
    "/log/proof",
    permission="entries:read",
    asks=ProofAsked,
    answers=ProofForm,
    refuses=(404,),
)
def show_proof(asked: dict[str, Any]) -> Response:
    """That an event is in the log (`sequence`), or that the log only grew (`from`, `to`).

    Events of entries are proven to all who may read all of what they publish; every other event to
    those who read logs.
    """
    if "to" in asked:
        return json_response(
            consistency_json(get_consistency(reading(), asked["from"], asked["to"]))
        )
    proof = get_inclusion(reading(), asked["sequence"], asked.get("size"))
    if not can(actor(), "log:read") and not is_open_to(
        actor(), reading(), proof.event, now().date()
    ):
        require(actor(), "log:read")
    return json_response(inclusion_json(proof))
