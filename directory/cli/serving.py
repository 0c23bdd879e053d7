"""``directory serve``: the pages and the API."""

import gc
import multiprocessing
import socket
from contextlib import suppress
from ipaddress import ip_address
from multiprocessing.connection import Connection

import click
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from directory.cli.frame import fail, parts_from_environment
from directory.composition import app_from_environment, build_parts, refuse_unfit_schema
from directory.parts import Parts
from directory.queries.national_holidays import know, known_around
from directory.services.indexing import is_behind, mend
from directory.settings import Settings

#: Called by each serving process that is not forked; see ``composition.app_from_environment``.
TARGET = "directory.composition:app_from_environment"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535)
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the directory until it is stopped."""
    refuse_unfit_address(host, port)
    refuse_unfit_schema(parts_from_environment())
    run_server(host, port, workers)


def refuse_unfit_address(host: str, port: int) -> None:
    """End with a line when that is no address of this machine, or somebody listens there already.

    The server shares its port among its processes, so that a second one would start beside the
    first and take half of its questions.
    """
    try:
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        fail(f"'{host}' is not an IP address: give one with --host, such as 127.0.0.1")
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            where = f"cannot listen on {host}, port {port} ({error.strerror})"
            fail(f"{where}: choose another with PORT=..., --port or --host")


def run_server(host: str, port: int, workers: int) -> None:
    """Serve with that many processes; returns when the server is stopped."""
    app = _made_once() if multiprocessing.get_start_method() == "fork" else None
    Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # One slow reader must not hold up the others; the database is the limit, not threads.
        blocking_threads=4,
        backpressure=128,
        websockets=False,
        log_access=False,
        factory=True,
        respawn_failed_workers=True,
    ).serve(target_loader=(lambda _target: app) if app else None)


def prepare_elsewhere() -> None:
    """Bring the index up to date, and read the holidays of all States, in a process that ends.

    Both take memory that those who are forked later would share for as long as they serve: to make
    the index of 6,000 entries anew 88 MiB that stay scattered, the calendars ten. Where the process
    fails, the serving ones do the same, and say what was in the way.
    """
    parts = build_parts(Settings.from_env())
    is_behind_now = is_behind(parts.engine, parts.index)
    parts.engine.dispose()
    told, telling = multiprocessing.Pipe(duplex=False)
    preparing = multiprocessing.Process(target=_prepare, args=(parts, is_behind_now, telling))
    preparing.start()
    telling.close()
    with told, suppress(EOFError, OSError):
        know(told.recv())
    preparing.join()


def _prepare(parts: Parts, is_behind_now: bool, telling: Connection) -> None:
    telling.send(known_around(parts.clock()))
    if is_behind_now:
        with parts.index.mending() as is_mine:
            if is_mine:
                mend(parts.engine, parts.index)


def _made_once() -> Flask:
    """The application, for forked processes to share: what was read here none of them keeps again.

    They share it as long as nobody writes to it, and looking for garbage in it would. A connection
    may not be shared, so none is left open.
    """
    prepare_elsewhere()
    app = app_from_environment()
    app.extensions["directory"].engine.dispose()
    gc.collect()
    gc.freeze()
    return app
