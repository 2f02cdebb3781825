"""Who may ask what: each request that is refused, and why."""

from __future__ import annotations

import pytest

from sim.show.dashboard.guard import LARGEST, Guard

HOST = "127.0.0.1:8050"
GET = {"HTTP_HOST": HOST, "REQUEST_METHOD": "GET", "PATH_INFO": "/"}
POST = {
    **GET,
    "REQUEST_METHOD": "POST",
    "CONTENT_TYPE": "application/json",
    "CONTENT_LENGTH": "20",
    "HTTP_ORIGIN": f"http://{HOST}",
    "HTTP_SEC_FETCH_SITE": "same-origin",
}


def inner(environ, start):
    start("200 OK", [])
    return [b"inside"]


def asked(environ):
    told = {}

    def start(status, headers, *_):
        told.update(status=int(status.split()[0]), headers=dict(headers))

    told["body"] = b"".join(Guard(inner, [HOST], ["'sha256-x'"])(environ, start))
    return told


@pytest.mark.parametrize("environ", [GET, POST, GET | {"REQUEST_METHOD": "HEAD"}])
def test_what_a_page_of_ours_asks_passes(environ):
    assert asked(environ)["body"] == b"inside"


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        (GET | {"HTTP_HOST": "evil.example:8050"}, 421),
        (GET | {"HTTP_HOST": "127.0.0.1"}, 421),
        (GET | {"HTTP_HOST": f"{HOST}.evil.example"}, 421),
        (GET | {"HTTP_HOST": ""}, 421),
        (GET | {"PATH_INFO": "/files/a\0b"}, 400),
        (GET | {"PATH_INFO": "/files/..\\..\\x"}, 400),
        (GET | {"PATH_INFO": "/\r\nSet-Cookie: x"}, 400),
        (GET | {"REQUEST_METHOD": "DELETE"}, 405),
        (GET | {"REQUEST_METHOD": "TRACE"}, 405),
        (POST | {"HTTP_ORIGIN": "http://evil.example"}, 403),
        (POST | {"HTTP_ORIGIN": "null"}, 403),
        (POST | {"HTTP_ORIGIN": f"https://{HOST}"}, 403),
        (POST | {"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        (POST | {"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        (POST | {"CONTENT_TYPE": "text/plain"}, 415),
        (POST | {"CONTENT_TYPE": "application/x-www-form-urlencoded"}, 415),
        (POST | {"CONTENT_LENGTH": ""}, 411),
        (POST | {"CONTENT_LENGTH": "-1"}, 411),
        (POST | {"CONTENT_LENGTH": str(LARGEST + 1)}, 413),
    ],
)
def test_anything_else_is_refused_before_dash_sees_it(environ, status):
    told = asked(environ)
    assert told["status"] == status
    assert told["body"] != b"inside"


@pytest.mark.parametrize("environ", [GET, GET | {"HTTP_HOST": "evil.example"}])
def test_every_answer_forbids_what_comes_from_elsewhere(environ):
    headers = asked(environ)["headers"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'sha256-x';" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
