"""The systems of the articles as a page: ``python -m sim.show.systems > docs/systems.md``."""

from __future__ import annotations

from typing import Any

from sim.record import data_dir

HEAD = """# The systems of the articles

The five founding articles (S0 to S4) describe 36 systems. Each is a mechanism here, with a
key that turns it, a measure that moves with the key, and a test that sees the measure move: for
system 7 it is `test_a_system_is_felt_as_told[7 …]` in `tests/direction/test_systems.py`. A second
test there switches the mechanism off and sees the measure stay, above zero. Where the measure
counts events that nothing else makes, it sees none; where a mechanism has no switch, it sees what
the key must leave alone. This page is made of `seeds/systems.yaml` by `python -m sim.show.systems`.
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
    measure = f"{sign} `{row['measure']}` from {row['low']} to {row['high']}{_besides(row)}"
    return f"{first} {row['mechanism']} | {files} | `{row['key']}` | {measure} | {row['record']} |"


def _besides(row: dict[str, Any]) -> str:
    """What else a row says of its measure: when it turns round, and what stays."""
    other = "less" if row["direction"] == "up" else "more"
    if "otherwise" in row:
        return f"; {other} with " + ", ".join(f"`{word}`" for word in row["otherwise"])
    if "unmoved" in row:
        return "; leaves " + ", ".join(f"`{name}`" for name in row["unmoved"]) + " alone"
    return "; none when off" if row.get("own_event") else ""


if __name__ == "__main__":
    print(page(), end="")
