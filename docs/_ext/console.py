"""The commands that the pages show: found, run as a reader would, laid beside what is printed.

Every fenced block of commands is run, in the order of its page and in one folder a page; so is
every whole command in running text. Rules, which `docs/contributing.md` repeats for writers:

- Where a page shows output, it is what the command printed, line by line. A line `…` alone stands
  for lines that are left out. Run times (`in 1.2 s`) and the hash in a folder's name are not
  compared. Of `make`, it is what its last call of `rungs` printed.
- Where a page shows no output, only the exit status counts; numbers of replications, draws and
  futures are cut down to a few, and forecasts to one month.
- A fit or a check of a packaged fit takes long: it is followed to where the sampling begins.
- `rungs serve` is started on a free port, asked for its first page, and stopped.
- A verb alone in running text (`rungs branch`) is its name: it is asked for its help.
- A command that prints `error:` must exit with 2, every other with 0.
- A code block with a path for caption is a file that the reader writes.
"""

from __future__ import annotations

from blocks import Block, Step, blocks, inline
from cutdown import cut_down
from printed import abridged, agrees
from reader import Reader


def faults(text: str, reader: Reader, compare: bool = True) -> tuple[list[str], str]:
    """What on a page is not so, and the page with its output as it came out.

    Without `compare` only exit statuses count: for a page whose maker has a test of its own.
    """
    wrong: list[str] = []
    renewed, done = [], 0
    for block in blocks(text):
        if block.file:
            reader.write(*block.file)
        if block.python:
            reader.python(block.python)
        for step in block.steps:
            step.shown = step.shown if compare else []
            printed, fault = _followed(step, reader)
            if fault:
                wrong.append(fault)
            elif step.shown and not agrees(step.shown, printed):
                wrong.append(f"$ {step.command}\nprints\n" + "\n".join(printed))
                step.shown = abridged(step.shown, printed)
        renewed += [text[done : block.start], _body(text, block)]
        done = block.end
    told = {step.command for block in blocks(text) for step in block.steps}
    for command in inline(text):
        if command not in told:
            fault = _followed(Step(command), reader)[1]
            wrong += [fault] if fault else []
    return wrong, "".join([*renewed, text[done:]])


def _followed(step: Step, reader: Reader) -> tuple[list[str], str]:
    command = step.command if step.shown else cut_down(step.command)
    follow = reader.made if step.shown and command.startswith("make ") else reader.run
    status, printed = follow(command)
    expected = 2 if step.shown and step.shown[0].startswith("error:") else 0
    fault = "" if status == expected else f"$ {command}\nexits {status}:\n" + "\n".join(printed)
    return printed, fault


def _body(text: str, block: Block) -> str:
    """A block's text, with what its steps show now."""
    if not any(step.shown for step in block.steps):
        return text[block.start : block.end]
    parts = ["\n".join([step.written, *step.shown]) for step in block.steps]
    return "\n".join(parts) + "\n"
