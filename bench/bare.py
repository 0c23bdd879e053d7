"""The reference: a Flask application whose one route returns a small JSON object."""

from flask import Flask, Response, jsonify


def create_bare() -> Flask:
    """What Flask costs at the least."""
    app = Flask("bare")

    @app.get("/bare")
    def bare() -> Response:
        return jsonify({"id": "XX-AAAAAA", "kind": "authority", "name": "Ministry of Justice"})

    return app
