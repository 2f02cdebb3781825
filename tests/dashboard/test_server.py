"""What a stranger can send to a running dashboard, and that it does nothing but refuse."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys

import pytest

from sim.cli import main
from sim.show.dashboard.folders import Shelf
from sim.show.dashboard.guard import LARGEST
from sim.show.dashboard.server import dashboard

JSON = {"Content-Type": "application/json"}
CALLBACK = "/_dash-update-component"


def ask(served, method, path, body=None, **headers):
    """One request by hand: status, headers, body."""
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
    try:
        link.request(method, path, body, headers)
        answer = link.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        link.close()


def raw(served, text):
    """The first line of the answer to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=120) as link:
        link.sendall(text)
        return link.makefile("rb").readline()


def call(served, output, inputs, state=()):
    """What the browser sends when a callback runs."""
    changed = [f"{each['id']}.{each['property']}" for each in inputs]
    told = {"output": output, "inputs": inputs, "state": list(state), "changedPropIds": changed,
            "outputs": {"id": output.split(".")[0], "property": output.split(".")[1]}}  # fmt: skip
    return ask(served, "POST", CALLBACK, json.dumps(told), **JSON)


def names(served):
    return sorted(path.name for path in served.outputs.iterdir())


def test_the_page_forbids_what_comes_from_elsewhere_and_names_no_other_host(served):
    status, headers, body = ask(served, "GET", "/")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Server"] == "rungs"
    assert b"http://" not in body
    assert b"https://" not in body
    assert b"/record.svg" in body


def test_files_and_numbers_of_a_run_can_be_had(served):
    status, headers, body = ask(served, "GET", "/files/never/summary.parquet")
    assert (status, body[:4]) == (200, b"PAR1")
    assert headers["Content-Disposition"].startswith("attachment")
    status, headers, body = ask(served, "GET", "/numbers/never/ladder.csv")
    assert (status, body.splitlines()[0]) == (200, b"day,rung,share,recorded")
    assert headers["Content-Disposition"] == 'attachment; filename="never-ladder.csv"'


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../etc/passwd",
        "/files/..%2f..%2fetc/passwd",
        "/files/%2e%2e/manifest.json",
        "/files/never/..%2f..%2fhistorical%2fmanifest.json",
        "/files/never/%2fetc%2fpasswd",
        "/files/never/.jobs",
        "/files/.jobs/x.json",
        "/files/never%00/summary.parquet",
        "/files/%3Cscript%3Ealert(1)%3C%2Fscript%3E/manifest.json",
        "/numbers/../ladder.csv",
        "/numbers/never/..%2fmanifest.csv",
        "/numbers/never/__class__.csv",
        "/assets/../server.py",
        "/assets/..%2fserver.py",
        "/assets/%2e%2e/guard.py",
        "/_dash-component-suites/dash/../../../etc/passwd",
        "/_dash-component-suites/sim/show/dashboard/server.py",
        "/_mcp",
    ],
)
def test_no_path_leads_out(served, path):
    status, _, body = ask(served, "GET", path)
    assert status in (400, 404) or b"react-entry-point" in body  # any other path is the page
    for secret in (b"root:", b"def ", b"sha256", b"PAR1", b'"status"'):
        assert secret not in body


def test_a_link_in_the_folder_is_not_followed(served, tmp_path):
    (tmp_path / "manifest.json").write_text('{"status": "complete", "secret": 1}')
    link = served.outputs / "linked"
    link.symlink_to(tmp_path)
    try:
        assert ask(served, "GET", "/files/linked/manifest.json")[0] == 404
    finally:
        link.unlink()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:8050", "[::1]", ""])
def test_a_foreign_host_is_refused(served, host):
    assert ask(served, "GET", "/", Host=host)[0] == 421


def test_large_bodies_are_refused(served):
    status, _, _ = ask(served, "POST", CALLBACK, b"x" * (LARGEST + 1), **JSON)
    assert status == 413
    head = f"POST {CALLBACK} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
    assert b" 413 " in raw(served, f"{head}Content-Length: 10000000\r\n\r\n".encode())
    chunked = f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    big = b"%x\r\n" % (LARGEST + 9) + b"x" * (LARGEST + 9) + b"\r\n0\r\n\r\n"
    assert b" 413 " in raw(served, chunked.encode() + big)


def test_a_form_of_another_page_is_refused(served):
    for headers in ({"Content-Type": "text/plain"}, {**JSON, "Origin": "http://evil.example"},
                    {**JSON, "Sec-Fetch-Site": "cross-site"}):  # fmt: skip
        assert ask(served, "POST", CALLBACK, "{}", **headers)[0] in (403, 415)


def test_forged_callbacks_start_nothing(served):
    before = names(served)
    for body in ("", "{", "[]", "null", '"x"', "{}", '{"output": "watched.data"}', "9" * 5000,
                 '{"output": "../x.y", "inputs": []}', "[" * 90_000):  # fmt: skip
        status, _, told = ask(served, "POST", CALLBACK, body, **JSON)
        assert 400 <= status < 500
        assert b"Traceback" not in told
    press = [{"id": "run-start", "property": "n_clicks", "value": 1}]
    for state in ([], [{"id": "run-seed", "property": "value", "value": {"$gt": 0}}] * 8):
        status, _, told = call(served, "watched.data", press, state)
        assert b"Traceback" not in told
    assert names(served) == before
    assert ask(served, "GET", "/")[0] == 200


def test_a_forged_run_shows_an_error_and_nothing_else(served):
    store = '{"field":"pick","name":"campaign"}'
    for name in ("../never", "/etc", "<script>alert(1)</script>", ["never"], {"a": 1}, 7):
        wanted = [{"id": json.loads(store), "property": "data", "value": name}]
        status, _, body = call(served, "campaign-result.children", wanted)
        assert status == 200
        told = json.loads(body)
        assert "no run of this name" in told["sideUpdate"]["notice"]["children"]
        assert "campaign-result" not in told.get("response", {})
        assert b"script" not in body


def standing(step=0, run="never", replication=0, shown="main"):
    """What the journal's page sends as it stands at a step."""
    asked = [({"id": "journal-step"}, "value", step), ({"id": "journal-step"}, "max", 1)]
    whose = [
        ({"id": {"field": "pick", "name": "journal"}}, "data", run),
        ({"id": "journal-replication"}, "value", replication),
        ({"id": {"field": "journal", "name": "shown"}}, "data", shown),
    ]
    inputs, state = ([{**id, "property": name, "value": value} for id, name, value in each]
                     for each in (asked, whose))  # fmt: skip
    return {"inputs": inputs, "state": state, "changedPropIds": ["journal-step.value"]}


@pytest.mark.parametrize("step", [10**9, -5, "x", None, [1], 1e300])
def test_a_forged_journal_step_stays_inside_the_journal(served, step):
    assert b" of " in stood(served, step=step)


@pytest.mark.parametrize(
    "forged",
    [{"replication": 10**9}, {"replication": "0"}, {"shown": "__class__"}, {"run": "../x"}],
)
def test_a_forged_journal_is_an_error(served, forged):
    assert b"notice" in stood(served, **forged)


def stood(served, **odd):
    """The answer of the journal's page, which is never a fault of the server."""
    dependencies = json.loads(ask(served, "GET", "/_dash-dependencies")[2])
    (output,) = [d["output"] for d in dependencies if "journal-place" in d["output"]]
    told = {"output": output, "outputs": outputs_of(output), **standing(**odd)}
    status, _, body = ask(served, "POST", CALLBACK, json.dumps(told), **JSON)
    assert status == 200, body
    assert b"Traceback" not in body
    return body


def outputs_of(output):
    """What a callback answers, as the browser names it."""
    ends = [part.rpartition(".") for part in output.strip(".").split("...")]
    return [{"id": json.loads(id) if id.startswith("{") else id, "property": name}
            for id, _, name in ends]  # fmt: skip


def test_runs_named_on_the_command_line_are_chosen_at_first(two_runs):
    app = dashboard(Shelf(two_runs), ["never", "historical"])
    client = app.server.test_client()
    dependencies = client.get("/_dash-dependencies").get_json()
    (asked,) = [d for d in dependencies if "outputs-list.children" in d["output"]]
    values = {"search": "?one=../x&run=historical", "pathname": "/"}
    inputs = [{**each, "value": values.get(each["property"])} for each in asked["inputs"]]
    state = [{"id": json.loads(e["id"]), "property": "data", "value": ""} for e in asked["state"]]
    told = {"output": asked["output"], "outputs": outputs_of(asked["output"]), "inputs": inputs,
            "state": state, "changedPropIds": []}  # fmt: skip
    found = client.post(CALLBACK, json=told).get_json()["response"]
    chosen = {json.loads(id)["name"]: part["data"] for id, part in found.items() if "data" in part}
    assert chosen == {"campaign": "historical", "journal": "historical", "one": "never",
                      "two": "historical", "branch": ""}  # fmt: skip


def test_the_server_is_up_within_four_seconds_of_work(served):
    assert 0.0 < served.seconds_to_start < 4.0


# -- the verb -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--host", "0.0.0.0"], "name the one address"),
        (["--host", "192.0.2.1"], "There is no password"),
        (["--host=localhost"], "There is no password"),
        (["port=99999"], "from 0 to 65535"),
        (["port=x"], "from 0 to 65535"),
        (["retaliation=never"], "serve takes"),
        (["a", "b", "c"], "two runs at most"),
        (["/etc"], "does not lie in"),
        (["outputs/../.."], "does not lie in"),
        (["outputs/none"], "no run of this name"),
    ],
)
def test_serve_refuses_what_it_cannot_mean(words, why, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", *words]) == 2
    assert why in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(served, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", f"port={served.port}"]) == 2
    assert "cannot listen" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install():
    script = (
        "import sys; sys.modules['waitress'] = None\n"
        "from sim.cli import main; sys.exit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install 'rungs[dashboard]'" in done.stderr
