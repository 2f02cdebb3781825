"""From a form to a command: what is passed on, and what the schema refuses beforehand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.errors import InputError
from sim.show.dashboard import asked, offers


def words(policies=None, levers=None, posterior="", further=""):
    return asked.overrides(policies or {}, levers or {}, posterior, further)


def test_a_form_left_alone_asks_for_nothing():
    assert words({"retaliation": "", "truce": None}, {"militia.base_rate": None}) == []


def test_a_form_becomes_overrides():
    told = words(
        {"retaliation": "never"}, {"militia.base_rate": 0.2}, "", "truce.offer_rate=0.01\n"
    )
    assert told == ["retaliation=never", "militia.base_rate=0.2", "truce.offer_rate=0.01"]


def test_a_simulation_is_a_comparison_with_the_record():
    command = asked.simulation(["retaliation=never"], 40, 7)
    assert command == ("compare", ["retaliation=never", "replications=40", "seed=7"], 40)


def test_a_branch_names_its_date_and_policies():
    command = asked.branch([], "2020-03-12", "retaliation", "never", "historical", "30d", 10)
    assert command.verb == "branch"
    assert command.words == [
        *("date=2020-03-12", "retaliation=never", "against=historical", "horizon=30d"),
        "replications=10",
    ]


@pytest.mark.parametrize(
    ("policies", "levers", "posterior", "further"),
    [
        ({"retaliation": "neverr"}, {}, "", ""),
        ({"retaliation": "never hydra.run.dir=/tmp/x"}, {}, "", ""),
        ({"retaliation": "../../etc/passwd"}, {}, "", ""),
        ({"retaliation": ["never"]}, {}, "", ""),
        ({"hydra/launcher": "basic"}, {}, "", ""),
        ({"--out": "x"}, {}, "", ""),
        ({}, {"militia.base_rate": "0.2; rm"}, "", ""),
        ({}, {"militia.base_rate": float("nan")}, "", ""),
        ({}, {"militia.base_rate": float("inf")}, "", ""),
        ({}, {"militia.base_rate": True}, "", ""),
        ({}, {"hydra.run.dir": 1.0}, "", ""),
        ({}, {"seed": 1.0}, "", ""),
        ({}, {}, "../../etc/passwd", ""),
        ({}, {}, "", "--out=/tmp/x"),
        ({}, {}, "", "-m"),
        ({}, {}, "", "+militia.x=1"),
        ({}, {}, "", "~militia"),
        ({}, {}, "", "militia.base_rate"),
        ({}, {}, "", "militia.base_rate=0.1\0"),
        ({}, {}, "", "a=1\n" * 60),
        ({}, {}, "", "militia.base_rate=" + "1" * 900),
    ],
)
def test_what_a_form_does_not_offer_is_refused(policies, levers, posterior, further):
    with pytest.raises(InputError):
        words(policies, levers, posterior, further)


@pytest.mark.parametrize(
    "line",
    [
        "hydra.run.dir=/tmp/x",
        "militia._target_=os.system",
        "militia.base_rate={_target_: os.system}",
        "militia.base_rate=${oc.env:HOME}",
        "record=/etc/passwd",
        "run=/etc",
        "experiment=x",
        "out=/tmp/x",
        "militia.base_rate=1000",
        "militia.bse_rate=1",
        "scenario.name=../../x",
    ],
)
def test_the_schema_judges_before_anything_starts(line):
    with pytest.raises(InputError):
        asked.simulation(words(further=line), 10, 1)
    with pytest.raises(InputError):
        asked.branch(words(further=line), "2020-03-12", "retaliation", "never", "historical",
                     "30d", 10)  # fmt: skip


@pytest.mark.parametrize("count", [0, -1, 1.5, 10**9, "10", None, True, float("nan")])
def test_replications_must_be_a_sane_number(count):
    with pytest.raises(InputError):
        asked.simulation([], count, 1)


@pytest.mark.parametrize(
    "told",
    [
        ("2020-13-12", "retaliation", "never", "historical", "30d"),
        ("2020-03-12 hour=3", "retaliation", "never", "historical", "30d"),
        ("2030-03-12", "retaliation", "never", "historical", "30d"),
        ("2020-03-12", "scenario", "summer_2020", "historical", "30d"),
        ("2020-03-12", "retaliation", "never", "never", "30d"),
        ("2020-03-12", "retaliation", "never,historical", "historical", "30d"),
        ("2020-03-12", "retaliation", "never", "historical", "30y"),
        ("2020-03-12", "retaliation", "never", "historical", None),
        (None, "retaliation", "never", "historical", "30d"),
    ],
)
def test_a_branch_that_makes_no_sense_is_refused(told):
    with pytest.raises(InputError):
        asked.branch([], *told, 10)


def test_forms_of_several_pages_are_judged_at_once():
    with ThreadPoolExecutor(4) as pool:
        asks = [["scenario=summer_2020", f"militia.base_rate=0.{i}"] for i in range(1, 5)]
        commands = list(pool.map(lambda told: asked.simulation(told, 10, 1), asks))
    assert [c.words[1] for c in commands] == [f"militia.base_rate=0.{i}" for i in range(1, 5)]


def test_every_group_and_lever_that_is_offered_exists():
    assert set(offers.FIRST) | set(offers.FURTHER) <= set(offers.usual())
    assert all(offers.choices(group) for group in (*offers.FIRST, *offers.FURTHER))
    assert [p.key for p in offers.levers()] == list(offers.LEVERS)
