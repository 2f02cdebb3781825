"""`rungs show`: what a scenario resolves to, the parameters, the record, the streams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sim.cli.options import COMMON, Call
from sim.errors import InputError, nearest

if TYPE_CHECKING:
    from sim.settings.describe import Parameter
    from sim.settings.posterior import Learnt
    from sim.settings.scenario import Settings

SYNOPSIS = (
    "scenario [NAME] | state date=YYYY-MM-DD | parameters | record [record=FILE] [without=NAME,…] "
    "| streams | config KEY  [KEY=VALUE …]"
)
OPTIONS = {"--config-dir": ("value", "DIR  a folder with config files of your own"), **COMMON}
EXAMPLES = (
    "rungs show scenario summer_2020",
    "rungs show state date=2020-03-12",
    "rungs show config militia.base_rate",
)


def main(call: Call) -> int:
    """Answer one question about the configuration or the data."""
    topics = {
        "scenario": _scenario,
        "state": _state,
        "parameters": _parameters,
        "record": _record,
        "streams": _streams,
        "config": _config,
    }
    if not call.words:
        raise InputError(f"show what? one of {', '.join(topics)}")
    topic, rest = call.words[0], call.words[1:]
    if topic not in topics:
        raise InputError(f"show {topic}: no such topic; {nearest(topic, topics)}")
    told, text = topics[topic](call, list(rest))
    if call.has("--json"):
        from sim.cli.running import print_json

        print_json(told)
    else:
        print(text)
    return 0


def _scenario(call: Call, words: list[str]) -> tuple[Any, str]:
    from sim.settings.catalogue import catalogue, explain, find
    from sim.settings.compose import load
    from sim.settings.describe import in_words
    from sim.settings.files import groups

    extra = call.path("--config-dir")
    names = groups(extra)
    if not words and len(call.overrides) == 1 and call.overrides[0].split("=")[0] in names:
        words, call.overrides[:] = [call.overrides[0]], []
    if not words:
        rows = {
            name: load([f"scenario={name}"], extra).scenario.title for name in names["scenario"]
        }
        lines = [f"{name:<16}{title}" for name, title in rows.items()]
        cases = [e for e in catalogue(extra) if e.group not in ("scenario", "ablation")]
        lines += ["", "cases (rungs show scenario NAME tells what one sets):"]
        lines += [f"  {f'{e.group}={e.name}':<32}{e.about}" for e in cases]
        lines += ["", "groups:", *(f"  {group}={'|'.join(n)}" for group, n in names.items())]
        return {"scenarios": rows, "groups": names}, "\n".join(lines)
    entry = find(_only(words), extra)
    overrides = [f"{entry.group}={entry.name}", *call.overrides]
    settings = load(overrides, extra)
    if entry.group == "scenario":
        return settings.model_dump(mode="json"), in_words(settings)
    return settings.model_dump(mode="json"), explain(entry, call.overrides, extra)


def _state(call: Call, words: list[str]) -> tuple[Any, str]:
    """What each agent holds at a date, and the events behind it."""
    from sim.cli import branch
    from sim.cli.options import take
    from sim.history import History
    from sim.settings.announced import as_known
    from sim.settings.compose import load
    from sim.show import states
    from sim.study.planning import check_source, cut_of, day_of, public_by
    from sim.study.state import state_at

    own = take(call, "date", "hour", "record", "run", "replication")
    if words or "date" not in own:
        raise InputError("show state needs date=YYYY-MM-DD, and takes hour=, record=, run=")
    settings = load(call.overrides, call.path("--config-dir"))
    start, end = settings.scenario.start, settings.scenario.end
    day, hour = day_of(own["date"]), branch.hour_of(own)
    source = branch.source_of(own)
    check_source(source, day)
    settings = as_known(settings, public_by(day, hour), call.overrides)
    history = History(source.journal(), start, cut_of(day, hour, start, end))
    found = state_at(settings, history, settings.replications)
    text = states.text(found, settings, history.cut, source.words())
    return states.as_json(found, day, start), text


def _parameters(call: Call, words: list[str]) -> tuple[Any, str]:
    from sim.settings.compose import load
    from sim.show import tables

    prefix = _only(words) if words else ""
    settings = load(call.overrides, call.path("--config-dir"))
    found = [p for p in _told(settings) if p.key.startswith(prefix)]
    if not found:
        raise InputError(f"show parameters {prefix}: no key begins so")
    return {"parameters": [p._asdict() for p in found]}, tables.table(*_listing(found))


def _record(call: Call, words: list[str]) -> tuple[Any, str]:
    from sim import record
    from sim.cli.options import listed, take
    from sim.show import tables

    own = take(call, "record", "without")
    path, without = own.get("record"), listed(own, "without")
    _nothing(words, call)
    journal, counts = record.read(path, without=without), record.counts_beside(path)
    compared = record.reconcile(journal, counts)
    rows = [
        (
            f"{r.window[0]} to {r.window[1]}",
            _cut(r.quantity, 44),
            _span(r.published_low, r.published_high),
            _span(r.low, r.high),
            r.verdict,
        )
        for r in compared
    ]
    series = record.tempo(journal)
    head = (
        f"{len(journal)} events from {journal.start}; {len(series)} rocket attacks in the tempo "
        f"series ({sum(e.doubt is not None for e in series)} of them doubtful)\n"
    )
    if without:
        head += tables.without(path, without) + "\n"
    told = {
        "events": len(journal),
        "tempo_series": len(series),
        "reconciliation": [_plain(r) for r in compared],
        **({"without": without} if without else {}),
    }
    if not counts:
        return (
            told,
            f"{head}no published counts (published_counts.csv in a record's folder holds them)",
        )
    head += "published counts beside the table (counting rules differ; nothing is forced):\n"
    heads = ("window", "published count", "published", "table", "verdict")
    return told, head + tables.table(rows, heads)


def _plain(reconciliation: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(reconciliation)


def _span(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "–"
    if high is None:
        return f"≥ {low}"
    if low is None:
        return f"≤ {high}"
    return f"{low}" if low == high else f"{low}–{high}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _streams(call: Call, words: list[str]) -> tuple[Any, str]:
    from sim.settings.streams import streams
    from sim.show import tables

    _nothing(words, call)
    listed = streams()
    rows = [(s["name"], s["owner"], s["purpose"]) for s in listed]
    return {"streams": listed}, tables.table(rows, ("stream", "owner", "purpose"))


def _config(call: Call, words: list[str]) -> tuple[Any, str]:
    from sim.settings.compose import load
    from sim.settings.describe import setting
    from sim.show import tables

    extra = call.path("--config-dir")
    settings = load(call.overrides, extra)
    found = setting(settings, _only(words), call.overrides, extra)
    inside = [p for p in _told(settings) if f"{p.key}.".startswith(f"{found.key}.")]
    alone = [p.key for p in inside] == [found.key]
    if alone and inside[0].value != found.value:
        found = found._replace(value=inside[0].value, set_by=f"posterior={settings.posterior}")
    told = found._asdict() | {"parameters": [p._asdict() for p in inside]}
    lines = [f"  meaning: {found.meaning}", f"  set by:  {found.set_by}"]
    if alone:
        lines += _particulars(inside[0])
    elif inside:
        return told, "\n".join([found.key, *lines, "", tables.table(*_listing(inside))])
    return told, "\n".join([f"{found.key} = {found.value}", *lines])


def _told(settings: Settings) -> list[Parameter]:
    """Every quantity; one that a posterior tells with its interval there."""
    from sim.settings.describe import parameters
    from sim.settings.posterior import learnt

    known = learnt(settings)
    return [_after(p, known[p.key]) if p.key in known else p for p in parameters(settings)]


def _after(p: Parameter, found: Learnt) -> Parameter:
    before = f"posterior {found.posterior}; its prior: {p.value}, {p.source}"
    return p._replace(value=found.words(), source=before)


def _particulars(p: Parameter) -> list[str]:
    return [
        f"  unit:    {p.unit}",
        f"  limits:  {p.low:g} to {p.high:g}",
        f"  source:  {p.source} (confidence: {p.confidence})",
    ]


def _listing(found: Iterable[Parameter]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Parameters as rows with their heads."""
    rows: list[tuple[str, ...]] = [
        (p.key, p.value, p.unit, f"{p.low:g} … {p.high:g}", p.confidence, p.source) for p in found
    ]
    return rows, ("key", "value or prior", "unit", "limits", "confidence", "source")


def _only(words: list[str]) -> str:
    if len(words) != 1:
        raise InputError(f"one name is needed, got {len(words)}: {' '.join(words) or 'nothing'}")
    return words[0]


def _nothing(words: list[str], call: Call) -> None:
    extra = [*words, *call.overrides]
    if extra:
        raise InputError(f"{extra[0]!r}: nothing more is taken here")
