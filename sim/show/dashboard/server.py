"""The server: Dash behind the guard, on this machine alone."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from dash import Dash
from flask import Flask, Response, abort, request, send_file
from werkzeug.exceptions import HTTPException

from sim.errors import InputError, RungsError
from sim.settings.compose import load
from sim.show.dashboard import first, notices, pictures, shell, watching
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.guard import LARGEST, Guard
from sim.show.dashboard.jobs import Jobs
from sim.show.dashboard.pages import branch, campaign, journal, outputs, sides

THREADS = 8


def dashboard(shelf: Shelf, chosen: Sequence[str] = ()) -> Dash:
    """The application; nothing is started yet.

    Args:
        shelf: the outputs folder.
        chosen: names of runs to show first.
    """
    jobs = Jobs(shelf)
    app = Dash(
        "rungs",
        title="Rungs",
        update_title=cast(Any, None),
        assets_folder=str(Path(__file__).parent / "assets"),
        serve_locally=True,
        include_pages_meta=False,
        on_error=notices.tell,
        add_log_handler=False,
        enable_mcp=False,
        use_async=False,
        index_string=first.page(),
    )
    app.layout = shell.layout()
    first.drawing()  # made now, so that it is there at once
    for page in (campaign, branch):
        page.register(app, shelf, jobs)
    for reader in (sides, journal):
        reader.register(app, shelf)
    outputs.register(app, shelf, chosen)
    watching.register(app, jobs)
    shell.register(app)
    _routes(app.server, shelf)
    return app


def _routes(server: Flask, shelf: Shelf) -> None:
    """Files: the first drawing, what lies in a run folder, the numbers of a picture."""

    @server.get("/record.svg")
    def record() -> Response:
        return Response(first.drawing(), mimetype="image/svg+xml")

    @server.get("/files/<run>/<name>")
    def file(run: str, name: str) -> Response:
        return send_file(_found(shelf.file, run, name), as_attachment=True)

    @server.get("/numbers/<run>/<picture>.csv")
    def numbers(run: str, picture: str) -> Response:
        figure = _found(lambda: pictures.of(shelf.place(run), picture))
        told = {"Content-Disposition": f'attachment; filename="{run}-{picture}.csv"'}
        return Response(pictures.as_csv(figure), mimetype="text/csv", headers=told)

    @server.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        """A request to Dash's own addresses that makes no sense to it is somebody's forgery."""
        if isinstance(error, HTTPException):
            return error
        if request.path.startswith("/_dash"):
            return "this request makes no sense here", 400
        logging.getLogger(__name__).error("%s could not be answered", request.path, exc_info=error)
        return "the server failed; its window says how", 500


def _found(ask: Any, *words: str) -> Any:
    """What is asked for, or 404."""
    try:
        return ask(*words)
    except RungsError:
        abort(404)


def listen(host: str, port: int) -> socket.socket:
    """A socket on which nobody answers yet; port 0 lets the system choose.

    Raises:
        InputError: the address cannot be had.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
    except OSError as error:
        held.close()
        raise InputError(
            f"port={port}: cannot listen on {host} ({error.strerror}); choose another, or port=0"
        ) from None
    return held


def serve(app: Dash, held: socket.socket) -> Any:
    """The server on a socket; its `run` answers until it is interrupted.

    Meanwhile it composes a configuration, because the first takes a second or so: whoever
    presses Run as soon as the page is there should not wait for that.
    """
    from waitress.server import create_server

    threading.Thread(target=load, args=([],), daemon=True).start()
    logging.getLogger("waitress").setLevel(logging.ERROR)
    host, port = held.getsockname()
    hosts = [f"{name}:{port}" for name in (host, "localhost")]
    return create_server(
        Guard(app.server.wsgi_app, hosts, app.csp_hashes()),
        sockets=[held],
        threads=THREADS,
        ident="rungs",
        clear_untrusted_proxy_headers=True,
        max_request_body_size=LARGEST,
        channel_timeout=60,
        connection_limit=200,
    )
