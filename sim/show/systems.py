"""The systems of the articles as a page: ``python -m sim.show.systems > docs/systems.md``."""

from __future__ import annotations

from typing import Any

from sim.record import data_dir

HEAD = """# The systems of the articles

The five founding articles (S0 to S4) describe 36 systems. Each is a mechanism here, with a
key that turns it, a measure that moves with the key, and a test that sees the measure move,
and stay where the mechanism is off: for system 7 it is `test_a_system_is_felt_as_told[7 …]` in
`tests/direction/test_systems.py`. This page is made of `seeds/systems.yaml` by
`python -m sim.show.systems`.
"""


def rows() -> list[dict[str, Any]]:
    """The table as data, one mapping a system."""
    import yaml

    path = data_dir() / "systems.yaml"
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


def page() -> str:
    """The page in Markdown."""
    lines = [HEAD]
    lines += [
        "| # | system | articles | mechanism | files | key | measure | the record |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in rows()]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    first = f"| {row['number']} | {row['system']} | {row['articles']} |"
    if "excluded" in row:
        return f"{first} *excluded*: {row['excluded']} | | | | |"
    files = ", ".join(f"`{name}`" for name in row["files"])
    sign = "more" if row["direction"] == "up" else "less"
    measure = f"{sign} `{row['measure']}` from {row['low']} to {row['high']}"
    return f"{first} {row['mechanism']} | {files} | `{row['key']}` | {measure} | {row['record']} |"


if __name__ == "__main__":
    print(page(), end="")
