"""A small OpenID provider on this machine: discovery, keys, codes with PKCE, signed ID tokens."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "directory", "a-secret-of-the-trial"


@dataclass
class OpenIdProvider:
    """Vouches for ``subject`` to whoever comes; ``wrong`` changes what its tokens say."""

    base: str = ""
    #: Whom its own description names instead of it.
    named: str = ""
    subject: str = "person-1"
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing_key: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, asked: dict[str, str]) -> str:
        """What the provider's own page gives after its user has signed in: a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code

    def app(self) -> Flask:
        app = Flask("provider")

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Response:
            return jsonify(
                issuer=self.named or self.base,
                authorization_endpoint=f"{self.base}/authorize",
                token_endpoint=f"{self.base}/token",
                jwks_uri=f"{self.base}/keys",
                id_token_signing_alg_values_supported=["RS256"],
            )

        @app.get("/keys")
        def keys() -> Response:
            return jsonify(keys=[self.key.as_dict(private=False)])

        @app.post("/token")
        def token() -> tuple[Response, int]:
            asked = self.codes.pop(request.form.get("code", ""), None)
            verifier = request.form.get("code_verifier", "").encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode()
            if asked is None or asked["code_challenge"] != digest.rstrip("="):
                return jsonify(error="invalid_grant"), 400
            return jsonify(
                access_token="a", token_type="Bearer", id_token=self.id_token(asked["nonce"])
            ), 200

        return app

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        said = {
            "iss": self.base,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        } | self.claims
        return jwt.encode({"alg": "RS256", "kid": "one"}, said, self.signing_key or self.key)


@contextmanager
def running_provider() -> Iterator[OpenIdProvider]:
    """The provider, served on a free port of this machine."""
    provider = OpenIdProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
