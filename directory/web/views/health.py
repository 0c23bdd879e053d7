"""Whether the process lives and whether it can serve, for load balancers and monitors.

Open to everybody, so they say no more than that: no version, no address, no reason.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from directory.db.migration import schema_state
from directory.web.access import public
from directory.web.context import parts

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; asks nobody else."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers with the schema this code needs; 503 where it does not."""
    try:
        fits = schema_state(parts().engine).is_current
    except SQLAlchemyError:
        fits = False
    return (jsonify(status="ready"), 200) if fits else (jsonify(status="not ready"), 503)
