"""Hand: what a mechanism is worth, from pairs of replications on the same draws."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from sim import record
from sim.compare import record_patterns
from sim.compare.ablation import ablate, chosen, compared, effect, mechanisms, refuse_ablation
from sim.errors import InputError
from sim.settings.compose import load
from sim.show import ablation as shown


def test_an_effect_is_the_mean_of_paired_differences() -> None:
    """Differences 1, 3 and 2: mean 2, standard error 1/√3; Student's t of two degrees, 4.30."""
    found = effect("truce", "rocket_attacks", [(1.0, 2.0), (4.0, 7.0), (0.0, 2.0)])
    assert (found.on, found.off, found.difference, found.changed) == (
        pytest.approx(5 / 3),
        pytest.approx(11 / 3),
        pytest.approx(2.0),
        1.0,
    )
    assert found.high95 - found.difference == pytest.approx(4.302653 / 3**0.5)
    assert found.difference - found.low95 == pytest.approx(4.302653 / 3**0.5)


def test_what_changes_nothing_has_no_effect() -> None:
    found = effect("truce", "rocket_attacks", [(1.0, 1.0), (4.0, 4.0)] * 3)
    assert (found.difference, found.low95, found.high95, found.changed) == (0.0, None, None, 0.0)
    assert shown._cell(found, base=False) == "·"


def test_one_pair_has_no_known_error() -> None:
    found = effect("truce", "p", [(1.0, 3.0)])
    assert (found.difference, found.low95, found.high95) == (2.0, None, None)
    assert not found.sure


def test_pairs_that_agree_have_no_star_however_many() -> None:
    for n in (5, 6, 500):
        found = effect("truce", "p", [(1.0, 3.0)] * n)
        assert (found.difference, found.low95, found.high95, found.sure) == (2.0, None, None, False)
        assert shown._cell(found, base=False) == "+2"


def test_a_star_needs_an_interval_that_excludes_zero() -> None:
    """By Student's t: 1 and 3 have 2 ± 12.7, 2, 2, 3 and 3 have 2.5 ± 0.9, the last 0.75 ± 2.4."""
    pairs = {"one": [3.0], "two": [1.0, 3.0], "apart": [2.0, 2.0, 3.0, 3.0], "near": [0, 0, 0, 3.0]}
    pairs["below"] = [-each for each in pairs["apart"]]
    found = {n: effect("truce", n, [(0.0, d) for d in told]) for n, told in pairs.items()}
    assert [name for name, told in found.items() if told.sure] == ["apart", "below"]
    stars = {name: shown._cell(told, base=False) for name, told in found.items()}
    assert stars == {"one": "+3", "two": "+2", "apart": "+2.5*", "near": "+0.75", "below": "-2.5*"}


class Made:
    """A run of summer 2020 with these patterns alone."""

    def __init__(self, **columns: list[float | None]) -> None:
        self.settings = load(["scenario=summer_2020"])
        self.table = pa.table({"replication": list(range(20)), **columns})

    def arrow(self, kind: str) -> pa.Table:
        assert kind == "replications"
        return self.table


def test_what_is_met_are_known_patterns_inside_the_90_of_the_run_without_the_mechanism() -> None:
    """One inside the central 90 % and not the 50, one missed; what the run never measured is
    neither. Of an effect a replication counts that knows the pattern with and without."""
    window = date(2020, 7, 24), date(2020, 8, 17)
    own = record_patterns(record.read(), *window)
    rockets, convoys = (float(own[name][2]) for name in ("rocket_attacks", "convoy_attacks"))
    base = Made(rocket_attacks=[0.0] * 20, convoy_attacks=[0.0, 0.0, *[None] * 18])
    tail = [rockets] * 2 + [rockets + 10.0] * 18
    without = Made(rocket_attacks=tail, convoy_attacks=[convoys + 9.0, None, *[convoys + 9.0] * 18])
    told = compared("truce", base, without)  # type: ignore[arg-type]
    assert (told.inside, told.compared) == (1, 2)
    assert [(e.pattern, e.known, e.off - e.on) for e in told.effects] == [
        ("rocket_attacks", 20, pytest.approx(rockets + 9.0)),
        ("convoy_attacks", 1, convoys + 9.0),
    ]


def test_replications_that_change_either_way_are_no_standstill() -> None:
    """More in one and less in another: a difference of nought, and no dot."""
    assert shown._cell(effect("truce", "p", [(1.0, 3.0), (3.0, 1.0)]), base=False) == "+0"


def test_mechanisms_are_those_that_a_file_switches_off() -> None:
    assert {"truce", "patron", "deterrence", "excitation"} <= set(mechanisms())
    assert not {"everything_optional", "nothing_off", "none"} & set(mechanisms())
    assert chosen([]) == mechanisms()
    assert chosen(["truce"]) == ["truce"]
    assert chosen(["truce", "foiled", "truce"]) == ["truce", "foiled"]
    with pytest.raises(InputError, match="truce"):
        chosen(["truec"])


def unheard(title: str) -> None:
    raise AssertionError(f"{title}: nothing may run")


@pytest.mark.parametrize("key", ["ablation", "+ablation", "ablation@_global_"])
def test_a_scenario_that_picks_an_ablation_is_refused_before_anything_runs(key, tmp_path) -> None:
    """The ablation of each mechanism would replace it and be credited with its return."""
    told = ablate([f"{key}=no_retaliation"], ["sirens"], tmp_path, unheard)
    with pytest.raises(InputError, match=r"=no_retaliation: .*\(rungs ablate retaliation\)"):
        next(told)


def test_a_posterior_fitted_under_an_ablation_is_refused_too(tmp_path) -> None:
    (tmp_path / "draws.parquet").touch()
    (tmp_path / "manifest.json").write_text('{"conditions": ["ablation=no_truce"]}')
    with pytest.raises(InputError, match="ablation=no_truce"):
        refuse_ablation([f"posterior={tmp_path}"])


def test_keys_of_a_mechanism_are_no_ablation() -> None:
    refuse_ablation(["scenario=summer_2020", "truce.on=false"])


def test_a_wrong_name_is_told_before_anything_runs(tmp_path) -> None:
    with pytest.raises(InputError, match="did you mean 'truce'"):
        next(ablate([], ["truec"], tmp_path, unheard))
