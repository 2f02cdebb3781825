"""Who may ask what: the first to see a request, before Dash does.

The server listens on this machine alone, but every page in the browser could still address it.
A request passes if it names this server (a foreign name that was made to point here does not),
comes from a page of this server where it changes anything, and is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

LARGEST = 262_144
"""Bytes of a request's body; the pages send a few thousand."""

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


class Guard:
    """A WSGI application in front of another.

    Args:
        app: what is guarded.
        hosts: the names (with port) under which the server is addressed.
        scripts: hashes of the inline scripts that may run.
    """

    def __init__(self, app: App, hosts: Sequence[str], scripts: Sequence[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.headers = _headers(scripts)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request, or refuse it."""

        def with_headers(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, *self.headers], *rest)

        fault = self.fault(environ)
        if fault is None:
            return self.app(environ, with_headers)
        with_headers(fault, [("Content-Type", "text/plain; charset=utf-8")])
        return [fault.encode()]

    def fault(self, environ: Environ) -> str | None:
        """Why a request is refused, as a status line."""
        if environ.get("HTTP_HOST", "") not in self.hosts:
            return "421 Misdirected Request"
        if any(ord(c) < 32 or c in "\\\x7f" for c in environ.get("PATH_INFO", "")):
            return "400 Bad Request"
        method = environ.get("REQUEST_METHOD", "")
        if method in ("GET", "HEAD"):
            return None
        return self._fault_of_change(environ) if method == "POST" else "405 Method Not Allowed"

    def _fault_of_change(self, environ: Environ) -> str | None:
        """A POST may start a job: it must come from a page of ours."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin.removeprefix("http://") not in self.hosts:
            return "403 Forbidden"
        if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
            return "403 Forbidden"
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip() != "application/json":
            return "415 Unsupported Media Type"
        size = environ.get("CONTENT_LENGTH") or ""
        if not size.isdecimal():
            return "411 Length Required"
        return "413 Content Too Large" if int(size) > LARGEST else None


def _headers(scripts: Sequence[str]) -> list[tuple[str, str]]:
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *scripts]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return [
        ("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items())),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
