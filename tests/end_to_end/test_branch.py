"""`rungs branch` and `rungs show state`, as an analyst uses them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim import record
from sim.cli import main
from sim.cli.branch import EXAMPLES
from sim.errors import InputError
from sim.settings import experiment
from sim.show.reports import of_branch

TAJI = ("date=2020-03-12", "retaliation=never", "against=historical", "horizon=60d")
FEW = ("replications=8", "workers=1", "--quiet")
DOCS = Path(__file__).resolve().parents[2] / "docs"
FEWEST = ("draws=1", "futures=1", "workers=1")


def said(words, capsys):
    status = main(list(words))
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


def refused(words, capsys):
    assert main(["branch", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) <= 3
    return err


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_branch_study_has_its_tables_its_page_and_its_manifest(capsys):
    out = said(["branch", *TAJI, *FEW, "--out", "b"], capsys)
    assert "rocket attacks (attacks)" in out
    folder = Path("b")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["status"] == "complete"
    assert manifest["cut"] == 316.0
    assert set(manifest["policies"]) == {"never", "historical"}
    rows = pq.read_table(folder / "futures.parquet").to_pylist()
    assert [(r["replication"], r["policy"]) for r in rows[:3]] == [
        (0, "never"), (0, "historical"), (1, "never"),
    ]  # fmt: skip
    assert len(rows) == 16
    page = (folder / "report.html").read_text()
    assert page.count('<figure class="plot"') == 4
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", page)


def test_a_report_of_a_branch_is_made_from_its_folder(capsys):
    said(["branch", *TAJI, *FEW, "--out", "b", "--quiet"], capsys)
    first = (Path("b") / "report.html").read_text()
    told = json.loads(said(["report", "b", "--out", "again.html", "--json"], capsys))
    (own,) = told["studies"]
    assert own["kind"] == "a branch study"
    assert own["verdict"] == told["verdict"]
    contrasts = list(csv.DictReader((Path("b") / "contrasts.csv").read_text().splitlines()))
    strikes = next(row for row in contrasts if row["measure"] == "us_strikes")
    assert float(strikes["high95"]) < 0.0
    assert "US strikes" in own["verdict"]["what it says"][0].partition("lower:")[2]
    verdicts = [
        re.search("<dl.*?</dl>", p, re.S)[0] for p in (first, Path("again.html").read_text())
    ]
    assert verdicts[0] == verdicts[1]


def provenance(page):
    return dict(re.findall(r'<th scope="row">([a-z_0-9]+)</th><td>(.*?)</td>', page))


def test_the_page_tells_of_a_finished_study_also_when_it_is_made_again(capsys):
    words = ["branch", *TAJI, *FEW, "--out", "b"]
    pages = []
    for _ in range(2):
        said(words, capsys)
        pages.append((Path("b") / "report.html").read_text())
    manifest = json.loads((Path("b") / "manifest.json").read_text())
    told = provenance(pages[0])
    assert (told["status"], told["ended"]) == ("complete", manifest["ended"])
    assert told["started"] <= told["ended"]
    assert provenance(pages[1]) == told
    said(["report", "b", "--quiet"], capsys)
    assert (Path("b") / "report.html").read_text() == pages[1]


def test_a_study_whose_page_cannot_be_written_is_finished_and_has_none(capsys, monkeypatch):
    def full(*_):
        raise InputError("the page cannot be written")

    with monkeypatch.context() as broken:
        broken.setattr(of_branch, "page", full)
        assert main(["branch", *TAJI, *FEW, "--out", "b"]) == 2
    assert "the page cannot be written" in capsys.readouterr().err
    assert json.loads((Path("b") / "manifest.json").read_text())["status"] == "complete"
    assert not (Path("b") / "report.html").exists()
    assert main(["report", "b", "--quiet"]) == 0


def test_signs_are_added_to_the_folder_of_their_own_study_alone(capsys):
    said(["branch", *TAJI, *FEW, "--out", "b", "--quiet"], capsys)
    words = ["branch", *TAJI, *FEW, "--signs", "draws=4", "futures=1", "--quiet", "--out", "b"]
    said(words, capsys)
    told = json.loads((Path("b") / "signs.json").read_text())
    assert len(told["lines"]) > 3
    verdict = json.loads(said(["report", "b", "--json"], capsys))["verdict"]
    assert f"of {told['draws']} worlds" in verdict["how sure"][1]
    assert "Does the sign hold" in (Path("b") / "report.html").read_text()
    assert "holds another study" in refused([*words[1:], "seed=2"], capsys)


def test_json_is_one_object_of_contrasts_and_futures(capsys):
    told = json.loads(said(["branch", *TAJI, *FEW, "--json"], capsys))
    strikes = next(c for c in told["contrasts"] if c["measure"] == "us_strikes")
    assert strikes["mean"] == 0.0
    assert strikes["difference"] <= 0.0
    assert [f["policy"] for f in told["futures"]] == ["never", "historical"]
    for future in told["futures"]:
        assert sum(future["highest_rung"].values()) == pytest.approx(1.0)
        assert sum(future["share_of_days"].values()) == pytest.approx(1.0)
    assert told["record"]["us_strikes"] == 1


def test_workers_change_no_number(capsys):
    def rows(workers):
        words = ["branch", *TAJI, "replications=30", f"workers={workers}", "--quiet"]
        said([*words, "--out", f"w{workers}"], capsys)
        return (Path(f"w{workers}") / "futures.parquet").read_bytes()

    assert rows(1) == rows(2)


def test_three_policies_are_compared_with_the_last(capsys):
    words = ["branch", "date=2020-03-12", "retaliation=never,covert", "against=historical"]
    told = json.loads(said([*words, "horizon=30d", *FEW, "--json"], capsys))
    assert {c["policy"] for c in told["contrasts"]} == {"never", "covert"}
    assert {c["against"] for c in told["contrasts"]} == {"historical"}


@pytest.mark.slow
def test_another_group_s_choice_is_of_all_policies(capsys):
    words = ["date=2020-03-12", "retaliation=never", "convoys=none", "against=historical"]
    words += ["horizon=30d", "replications=3"]
    assert main(["branch", *words, "--quiet"]) == 0
    head = capsys.readouterr().out.splitlines()[0]
    assert head == "retaliation: never, historical, from 2020-03-12, with convoys=none"
    assert main(["branch", *words, "--out", "made", "--json", "--quiet"]) == 0
    futures = json.loads(capsys.readouterr().out)["futures"]
    assert {row["policy"] for row in futures} == {"never", "historical"}
    assert {row["means"]["convoy_attacks"] for row in futures} == {0.0}


def test_a_study_stops_when_its_interval_is_narrow_enough(capsys):
    soon = (*TAJI[:3], "horizon=20d")
    words = ["branch", *soon, "replications=1000", "--quiet", "--json"]
    told = json.loads(said([*words, "workers=2", "stop_on=reaches_eight", "width=0.2"], capsys))
    assert told["ended"].endswith("as asked")
    assert told["futures"][0]["replications"] == 200
    again = json.loads(said([*words, "workers=1", "stop_on=reaches_eight", "width=0.2"], capsys))
    assert again == told


def test_a_budget_that_is_spent_is_said(capsys):
    words = ["branch", *TAJI, *FEW, "--json", "stop_on=rocket_attacks", "width=0.0001"]
    assert "the budget is spent" in json.loads(said(words, capsys))["ended"]


def test_where_two_futures_part_as_text_and_as_a_picture(capsys):
    out = said(["branch", *TAJI, "--quiet", "--diverge", "1", "--out", "d"], capsys)
    assert out.startswith("replication 1: never and historical")
    (picture,) = Path("d").glob("divergence-*.svg")
    assert picture.read_text().startswith("<svg")
    told = json.loads(said(["branch", *TAJI, "--json", "--diverge", "1"], capsys))
    assert told["first"] is None or told["first"]["policy"] in ("never", "historical")


LEVELS = ("low", "mid", "high")


def test_the_divergence_that_help_and_guide_show_is_one(capsys):
    [line] = [line for line in EXAMPLES if "--diverge" in line]
    words = line.split()
    assert " part on 2020-03-" in said([*words[1:], "--quiet", "workers=1"], capsys)
    pages = [DOCS / "branching.md", DOCS / "tutorials" / "after_taji.md"]
    named = [re.findall(r"--diverge (\d+)", page.read_text(encoding="utf-8")) for page in pages]
    assert {number for page in named for number in page} == {words[-1]}


def test_signs_are_asked_of_what_the_record_cannot_tell(capsys):
    words = ["branch", *TAJI, "--signs", "draws=6", "futures=3", "workers=1"]
    out = said([*words, "--quiet"], capsys)
    assert "verdict: " in out
    told = json.loads(said([*words, "--quiet", "--json"], capsys))
    assert {line["axis"] for line in told["lines"]} == {
        "deterrence", "backlash", "stock", "restraint", "fronts",
    }  # fmt: skip
    assert "off under every policy, not swept: C-RAM" in out  # the first battery came in April
    assert sum(n["draws"] for n in told["lines"] if n["axis"] == "stock") == 6
    assert told["more"] + told["less"] + told["unresolved"] == told["draws"] == 6
    assert f"{told['more']} more, {told['less']} less, {told['unresolved']} unresolved" in out
    deterrence = {n["level"]: n["low"] for n in told["lines"] if n["axis"] == "deterrence"}
    assert sorted(deterrence.values()) == [deterrence[k] for k in LEVELS if k in deterrence][::-1]


@pytest.mark.parametrize("name", experiment.names())
def test_every_worked_study_runs(name, capsys):
    words = ["branch", f"experiment={name}", "replications=2", "workers=1", "--quiet", "--json"]
    told = json.loads(said(words, capsys))
    assert len(told["contrasts"]) >= 11


def test_a_record_of_one_s_own_and_a_replication_are_histories_too(capsys):
    packaged = Path(record.__file__).parents[2] / "seeds" / "record"
    mine = ["branch", *TAJI, *FEW, "--json", f"record={packaged}"]
    usual = ["branch", *TAJI, *FEW, "--json"]
    assert (
        json.loads(said(mine, capsys))["contrasts"] == json.loads(said(usual, capsys))["contrasts"]
    )
    said(["run", "replications=2", "workers=1", "--quiet", "--out", "lived"], capsys)
    words = ["branch", *TAJI, *FEW, "--json", "run=lived", "replication=1"]
    assert json.loads(said(words, capsys))["contrasts"]


def test_an_hour_moves_the_cut_and_not_the_length(capsys):
    words = ["branch", "date=2020-03-12", "retaliation=never", "against=historical", "horizon=2d"]
    out = said([*words, "hour=18", *FEW], capsys)
    assert "2020-03-12 18:00 to 2020-03-14 18:00" in out
    manifest = json.loads(next(Path("outputs").glob("*/manifest.json")).read_text())
    assert manifest["cut"] == 316.75
    rows = pq.read_table(next(Path("outputs").glob("*/futures.parquet"))).to_pylist()
    assert {row["days_told"] for row in rows} == {2.0}


def test_a_history_must_be_whole(capsys):
    said(
        ["run", "replications=1", "workers=1", "journal=attacks", "--quiet", "--out", "few"], capsys
    )
    assert "journal=full" in refused([*TAJI, "run=few"], capsys)
    for words in ([], ["source=wire"]):
        assert main(["ladder", "run=few", *words]) == 2
        told = "this run kept journal=attacks, and all of it is needed here: run it again with"
        assert told in capsys.readouterr().err
    said(["branch", *TAJI, *FEW, "--out", "b"], capsys)
    assert main(["ladder", "run=b"]) == 2
    assert "a branch study" in capsys.readouterr().err


def test_a_record_that_changes_is_read_anew(tmp_path):
    packaged = Path(record.__file__).parents[2] / "seeds" / "record"
    mine = tmp_path / "record"
    shutil.copytree(packaged, mine)
    asked = {"against": "historical", "horizon": "30d", "replications": 4, "retaliation": "never"}
    one = sim.branch("2020-03-12", record=mine, workers=1, **asked).futures()
    lines = (mine / "events.csv").read_text().splitlines()
    kept = [line for line in lines if not line.startswith(("A056", "A057"))]
    (mine / "events.csv").write_text("\n".join(kept) + "\n")
    two = sim.branch("2020-03-12", record=mine, workers=1, **asked).futures()
    assert not one.equals(two)


def test_the_state_at_a_date_with_its_uncertainty_and_what_is_behind_it(capsys):
    words = ["show", "state", "date=2020-03-12", "replications=20"]
    out = said(words, capsys)
    assert "tempo (attacks a day)" in out
    assert "2020-03-11 rocket_attack [A059]" in out
    told = json.loads(said([*words, "--json"], capsys))
    held = {(h["agent"], h["quantity"]): h for h in told["holdings"]}
    tempo = held["Militia", "tempo (attacks a day)"]
    assert 0 < tempo["low90"] < tempo["median"] < tempo["high90"]
    before = json.loads(
        said(["show", "state", "date=2019-05-01", "replications=20", "--json"], capsys)
    )
    calm = {(h["agent"], h["quantity"]): h for h in before["holdings"]}
    assert calm["Militia", "tempo (attacks a day)"]["median"] < tempo["median"]
    assert "USPolicy" not in before["behind"]


def test_what_is_behind_a_state_is_told_as_the_record_states_it(capsys):
    """A068 came on one of seven days; of the handovers' notices nobody told the day."""
    words = ["show", "state", "date=2020-03-25", "replications=20"]
    out = said(words, capsys)
    told = re.findall(r"(\S+ to \S+) rocket_attack \[A068\] in (\d+)%", out)
    assert {days for days, _ in told} == {"2020-03-20 to 26"}
    assert 35 <= int(told[0][1]) <= 95  # five days of seven; false alarm 1e-3
    assert "2020-03-17 rocket_attack [A065]" in out
    assert re.search(r"posture_change \[T:\w+_notice\], date drawn", out)
    assert not re.search(r"\d posture_change \[T:\w+_notice\]", out)
    behind = json.loads(said([*words, "--json"], capsys))["behind"]
    assert f"2020-03-20 to 26 rocket_attack [A068] in {told[0][1]}%" in behind["USPolicy"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["date=2019-04-30", *TAJI[1:]], "outside the scenario, 2019-05-01"),
        (["date=2021-02-01", *TAJI[1:]], "outside the scenario"),
        (["date=12.3.2020", *TAJI[1:]], "write it as 2020-03-12"),
        ([*TAJI[:3], "horizon=0d"], "horizon=0d"),
        ([*TAJI[:3], "horizon=-5d"], "horizon=-5d"),
        (["date=2020-03-12", "retaliation=nevr", "against=historical"], "did you mean 'never'"),
        (
            ["date=2020-03-12", "retaliation=never", "against=historcal"],
            "did you mean 'historical'",
        ),
        (["date=2020-03-12", "retaliation=never", "against=never"], "the same policy twice"),
        (["date=2020-03-12", "retaliation=never"], "against="),
        (["retaliation=never", "against=historical"], "date="),
        ([*TAJI, "air_defence=none"], "say of which, against=retaliation=historical"),
        ([*TAJI[:2], "against=truce=historical"], "against=retaliation=historical"),
        (["date=2020-03-12", "against=historical"], "none given that can be compared"),
        ([*TAJI, "hour=24"], "hour=24"),
        ([*TAJI, "journal=full"], "journal=: of a future its measures are kept"),
        ([*TAJI, "stop_on=rockets", "width=1"], "did you mean 'rocket_attacks'"),
        ([*TAJI, "stop_on=rocket_attacks"], "go together"),
        ([*TAJI, "stop_on=rocket_attacks", "width=0"], "width=0"),
        (["experiment=no_strike"], "no such experiment"),
        (["experiment=no_strike_after_k1", "date=2020-01-01"], "has its own"),
        ([*TAJI, "replication=3"], "needs run=DIR"),
        ([*TAJI, "run=nowhere"], "no run folder"),
        ([*TAJI, "record=nowhere.csv"], "nowhere.csv"),
        ([*TAJI, "militia.base_rate=99"], "99 is outside"),
        ([*TAJI, "--signs", "measure=peace"], "no such measure"),
        ([*TAJI, "--diverge", "x"], "--diverge=x: not a number"),
        ([*TAJI, "--diverge", "1.5"], "not a whole number"),
        ([*TAJI, "--diverge", "1", "--signs"], "one at a time"),
        ([*TAJI, "--signs", "--out", "x"], "--out x: no study lies there to add the signs to; run"),
        ([*TAJI[:2], "against=histrical"], "against=histrical: no such config of retaliation; did"),
        (
            ["date=2020-03-12", "retaliation=never,covert", "against=historical", "--signs"],
            "two policies",
        ),
        ([*TAJI, "measure=us_strikes"], "measure= is for --signs"),
        ([*TAJI, "scenario.end=2020-05-01"], "the horizon sets the end"),
        ([*TAJI, "++scenario.end=2020-05-01"], "the horizon sets the end"),
        (["experiment=no_strike_after_taji", "hour=18"], "has its own"),
        (
            ["experiment=no_strike_after_taji", "retaliation=graduated"],
            "what the experiment compares",
        ),
        (["date=2020-03-12", "ablation=no_threats", "against=none"], "are everybody's"),
        (["date=2020-03-12", "executor=serial", "against=processes"], "are everybody's"),
        (["date=2020-03-12", "retaliation=never,never", "against=historical"], "policy twice"),
    ],
)
def test_a_wrong_branch_is_refused_and_nothing_is_written(words, told, capsys, tmp_path):
    assert told in refused(words, capsys)
    assert list(tmp_path.iterdir()) == []


def test_from_python():
    made = sim.branch("2020-03-12", against="historical", horizon="30d", replications=3,
                      retaliation="never", workers=1)  # fmt: skip
    assert made.futures().shape[0] == 6
    told = made.contrasts().set_index("measure")
    assert told.loc["us_strikes", "mean"] == 0.0
    with pytest.raises(sim.api.InputError, match="one group"):
        sim.branch("2020-03-12", against="historical")


@pytest.mark.parametrize(("day", "beyond"), [("2020-03-12", True), ("2020-07-01", False)])
def test_a_posterior_that_has_seen_what_follows_is_called_so(day, beyond, capsys):
    words = [f"date={day}", "retaliation=never", "against=historical", "horizon=7d"]
    assert main(["branch", *words, "posterior=reference", "replications=2", "--quiet"]) == 0
    shown = capsys.readouterr().out
    signs = said(["branch", *words, "posterior=reference", "--signs", *FEWEST, "--quiet"], capsys)
    state = ["show", "state", words[0], "posterior=reference", "replications=2"]
    for told in (shown, signs, said(state, capsys)):
        assert "parameters: drawn from the posterior reference" in told
        assert ("which has seen the record beyond the cut, to 2020-07-01" in told) == beyond


def test_without_a_posterior_none_is_named(capsys):
    assert "drawn from" not in said(["show", "state", "date=2020-03-12", "replications=2"], capsys)


def test_the_record_s_column_says_where_it_ends_before_the_horizon(capsys):
    words = ["date=2020-12-20", "retaliation=never", "against=historical", "replications=2"]
    assert main(["branch", *words, "horizon=30d", "--quiet"]) == 0
    assert "record (12 d)" in capsys.readouterr().out
    assert main(["branch", *words, "horizon=12d", "--quiet"]) == 0
    assert "record (" not in capsys.readouterr().out
