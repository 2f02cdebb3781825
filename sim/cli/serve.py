"""`rungs serve`: the dashboard, on this machine alone."""

from __future__ import annotations

import signal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.options import Call, take
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.show.dashboard.folders import Shelf

RISK = "--everyone-who-reaches-this-address-may-run-jobs-and-read-outputs"
SYNOPSIS = "[RUN …] [port=8050] [OPTIONS]"
KEYS = {
    "RUN": "up to two run folders inside the outputs folder to show first",
    "port=N": "where to listen (default 8050; 0 lets the system choose)",
}
OPTIONS = {
    "--outputs": ("value", "DIR  the folder that is read and written (default: outputs)"),
    "--host": ("value", f"ADDRESS  another than 127.0.0.1; needs {RISK} beside it"),
    RISK: ("flag", "what --host means: there is no password"),
    "--quiet": ("flag", "print the address and nothing else"),
    "--debug": ("flag", "show the traceback of an error"),
}
EXAMPLES = (
    "rungs serve",
    "rungs serve outputs/mine outputs/theirs port=8060",
    "rungs serve --outputs /data/rungs",
)
HERE = "127.0.0.1"


def main(call: Call) -> int:
    """Serve until Ctrl-C."""
    own = take(call, "port")
    if call.overrides:
        raise InputError(f"{call.overrides[0]}: serve takes RUN folders and port=")
    host, port = _host(call), _port(own.get("port", "8050"))
    _check_extra()
    from sim.show.dashboard.folders import Shelf
    from sim.show.dashboard.server import dashboard, listen, serve

    shelf = Shelf(call.path("--outputs") or Path("outputs"))
    chosen = _chosen(call, shelf)
    held = listen(host, port)
    server = serve(dashboard(shelf, chosen), held)
    # A job inherits what Ctrl-C does here: started from a script that ignores it, it would
    # be deaf to Cancel.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"http://{host}:{held.getsockname()[1]}/", flush=True)
    if not call.has("--quiet"):
        print(f"serving {shelf.root}; Ctrl-C stops it", flush=True)
    try:
        server.run()
    finally:
        server.close()
    if not call.has("--quiet"):
        print("stopped; what runs in the background goes on, and the next rungs serve shows it")
    return 0


def _host(call: Call) -> str:
    host = call.options.get("--host", HERE)
    if host in ("0.0.0.0", "::", "*"):
        raise InputError(f"--host {host}: name the one address under which it is to be reached")
    if host != HERE and not call.has(RISK):
        raise InputError(
            f"--host {host}: refused. There is no password: whoever reaches that address could\n"
            f"start jobs on this machine and read the outputs. If that is meant, add\n{RISK}"
        )
    return host


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise InputError(f"port={text}: a number from 0 to 65535")
    return int(text)


def _check_extra() -> None:
    for name in ("dash", "waitress"):
        if not _there(name):
            raise InputError(f"rungs serve needs {name}: pip install 'rungs[dashboard]'")


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ValueError:  # marked as missing
        return False


def _chosen(call: Call, shelf: Shelf) -> list[str]:
    """The names of the runs to show first; each must lie in the outputs folder."""
    if len(call.words) > 2:
        raise InputError(f"{call.words[2]}: two runs at most are shown first")
    for word in call.words:
        if Path(word).resolve().parent != shelf.root:
            raise InputError(f"{word}: does not lie in {shelf.root}; --outputs DIR names another")
    return [shelf.entry(Path(word).resolve().name).name for word in call.words]
