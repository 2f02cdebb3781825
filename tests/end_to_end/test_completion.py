"""Shell completion: what a line can go on with, and that bash can use it."""

import shutil
import subprocess
import sys

import pytest

from sim.cli import VERBS, main
from sim.cli.completion import SCRIPTS, candidates


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ru", ["run"]),
        ("run scenario=su", ["scenario=summer_2020"]),
        ("run retaliation=n", ["retaliation=never", "retaliation=no_leaders"]),
        ("run militia.base", ["militia.base_rate="]),
        ("run militia.cells.bad", ["militia.cells.badr."]),
        ("run seed=1 work", ["workers="]),
        ("run jour", ["journal="]),
        ("branch jour", []),  # it refuses that one
        ("compare --js", ["--json"]),
        ("nonsense sc", []),
        ("run militia.base_rate.", []),
    ],
)
def test_candidates(line, found):
    assert candidates(line) == found


def test_an_empty_line_offers_the_verbs():
    assert candidates("") == list(VERBS)


@pytest.mark.parametrize("shell", SCRIPTS)
def test_each_shell_has_a_script(shell, capsys):
    assert main(["completion", shell]) == 0
    assert "rungs completion words" in capsys.readouterr().out


def test_an_unknown_shell_is_refused(capsys):
    assert main(["completion", "bsh"]) == 2
    assert "did you mean 'bash'?" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_the_part_after_the_equals_sign():
    script = f"""
      rungs() {{ {sys.executable} -m sim "$@"; }}
      {SCRIPTS["bash"].replace("complete -F _rungs rungs", "")}
      COMP_LINE="rungs run scenario=su"; COMP_POINT=${{#COMP_LINE}}
      COMP_WORDS=(rungs run scenario = su); COMP_CWORD=4
      _rungs; echo "${{COMPREPLY[@]}}"
    """
    told = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "summer_2020"
