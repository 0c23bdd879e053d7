"""The cookie by which a browser is known again at the next sign-in; it opens nothing."""

from flask import Response, after_this_request, request

from directory.db.unit_of_work import UnitOfWork
from directory.services.devices import DEVICES_KEPT, recognise_device
from directory.services.secrets import hash_secret, new_secret
from directory.web.context import now, parts


def cookie_name() -> str:
    """Bound to the host where cookies travel over HTTPS only."""
    return "__Host-directory-device" if parts().settings.secure_cookies else "directory_device"


def recognise(uow: UnitOfWork, account_id: int) -> tuple[str, bool]:
    """The id the browser is kept under, and whether the account was here before."""
    secret = request.cookies.get(cookie_name()) or new_secret()
    is_known = recognise_device(uow, account_id, secret, now())
    _remember(secret)
    return hash_secret(secret), is_known


def _remember(secret: str) -> None:
    secure, name = parts().settings.secure_cookies, cookie_name()

    def keep(response: Response) -> Response:
        response.set_cookie(
            name,
            secret,
            max_age=int(DEVICES_KEPT.total_seconds()),
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    after_this_request(keep)
