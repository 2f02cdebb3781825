"""Hand: what overrides do to the composed tree, who set a key, how a refusal is worded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from sim.errors import InputError, nearest
from sim.settings.compose import compose, judge, load
from sim.settings.describe import choice, in_words, parameters, set_by, setting
from sim.settings.files import check_text, config_dir, groups
from sim.settings.streams import streams
from sim.study.folder import as_yaml, identity

WEEK = "title: one week\nabout: a test\nstart: 2020-06-01\nend: 2020-06-08\nhistory: none\n"


@pytest.fixture(scope="module")
def historical():
    return load([])


@pytest.fixture
def mine(tmp_path) -> Path:
    """A user's folder with one scenario, one militia that builds on it, and a base file."""
    for name, text in {
        "scenario/week.yaml": "name: week\n" + WEEK,
        "militia/calm.yaml": "defaults:\n  - network\n  - _self_\nbase_rate: 0.02\n",
        "militia/_part.yaml": "restraint: 0\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


# -- composing ----------------------------------------------------------------------------


def test_the_last_word_wins():
    assert compose(["seed=1", "seed=2"])["seed"] == 2
    assert compose(["scenario=historical", "scenario=summer_2020"])["scenario"]["name"] == (
        "summer_2020"
    )


def test_a_value_wins_over_the_group_chosen_after_it():
    assert compose(["militia.base_rate=0.3", "militia=quiet"])["militia"]["base_rate"] == 0.3


def test_a_number_replaces_a_prior_whole():
    assert compose(["militia.base_rate=0.2"])["militia"]["base_rate"] == 0.2


def test_a_mapping_replaces_a_prior_whole():
    """Merged, it would keep the source and the evidence of the prior that stood there."""
    told = load(["militia.excitation={prior: uniform, low: 0, high: 0.5}"]).militia.excitation
    assert told.words() == "uniform 0 to 0.5"
    assert (told.source, told.evidence_until) == ("assumed", None)


def test_one_number_of_a_prior_can_be_set_and_the_rest_stays():
    told = load(["militia.base_rate.high=0.5"]).militia.base_rate
    assert told.words() == "log-uniform 0.01 to 0.5"
    assert told.source.startswith("weak")


def test_a_mapping_of_places_replaces_them_all():
    assert load(["timeline.marks={}"]).timeline.marks == {}


def test_a_key_that_a_file_leaves_out_can_be_set():
    told = load(["sites.places.taji.opened=2019-06-01"]).sites.places["taji"]
    assert (told.opened, told.closed) == (date(2019, 6, 1), date(2020, 8, 23))


def test_the_other_keys_of_a_group_stay_when_one_is_set(historical):
    changed = load(["militia.base_rate=0.2"])
    assert changed.militia.excitation == historical.militia.excitation
    assert changed.model_dump(exclude={"militia"}) == historical.model_dump(exclude={"militia"})


def test_a_file_that_builds_on_another_changes_only_what_it_says():
    never, fitted = compose(["retaliation=never"]), compose([])
    assert set(never["retaliation"]["probability"].values()) == {0}
    assert never["retaliation"]["strike"] == fitted["retaliation"]["strike"]


def test_settings_are_frozen(historical):
    with pytest.raises(ValueError, match="frozen"):
        historical.seed = 3


def test_composing_again_is_composing_the_same(historical):
    assert load([]) == historical


# -- a user's folder ----------------------------------------------------------------------


def test_a_folder_of_one_s_own_adds_to_the_groups(mine):
    assert groups(mine)["scenario"] == ["historical", "summer_2020", "week"]
    assert groups(mine)["militia"] == ["calm", "network", "quiet", "sceptical"]
    assert groups()["scenario"] == ["historical", "summer_2020"]


def test_a_file_of_one_s_own_builds_on_a_packaged_one(mine):
    told = load(["scenario=week", "militia=calm"], mine)
    assert (told.scenario.name, told.days) == ("week", 7)
    assert told.militia.base_rate.words() == "0.02"
    assert told.militia.cells == load([]).militia.cells


def test_a_folder_leaves_no_trace_in_the_next_call(mine):
    load(["scenario=week"], mine)
    with pytest.raises(InputError, match="scenario=week: no such config"):
        load(["scenario=week"])


@pytest.mark.parametrize("count", [20, 21])
def test_a_few_aliases_are_no_bomb(count, tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: &a 1\nb: [" + ", ".join(["*a"] * count) + "]\n")
    if count == 20:
        check_text(path)
    else:
        with pytest.raises(InputError, match="over 20 aliases"):
            check_text(path)


@pytest.mark.parametrize("size", [1_000_000, 1_000_001])
def test_a_file_may_hold_a_million_bytes(size, tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("#" * (size - 1) + "\n")
    if size == 1_000_000:
        check_text(path)
    else:
        with pytest.raises(InputError, match="1000001 bytes; a config file holds at most 1000000"):
            check_text(path)


def test_the_line_of_a_fault_is_told(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb:\n  - _target_: os.system\n")
    with pytest.raises(InputError, match=r"x\.yaml:3 names code"):
        check_text(path)


@pytest.mark.parametrize("text", ["a: 2 * b\n", "a: '*star'\n", "target: 3\n", "a: hydrant\n"])
def test_what_only_looks_like_a_fault_is_let_be(text, tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    check_text(path)


# -- judging ------------------------------------------------------------------------------


def test_the_first_fault_is_told_and_the_others_counted():
    with pytest.raises(InputError) as caught:
        load(["seed=-1", "workers=0", "replications=0"])
    assert str(caught.value).splitlines() == [
        "seed = -1: must be 0 or more",
        "(and 2 more)",
    ]


def test_an_unknown_key_is_told_before_a_wrong_value():
    with pytest.raises(InputError, match=r"^militia\.tempo = 1: no such key"):
        load(["seed=-1", "militia.tempo=1"])


@pytest.mark.parametrize(
    ("words", "good"),
    [
        (["scenario.end=2019-05-02"], True),
        (["scenario.end=2019-05-01"], False),
        (["militia.base_rate=20"], True),
        (["militia.base_rate=20.001"], False),
        (["militia.base_rate=0"], True),
        (["militia.excitation=0.99"], True),
        (["militia.excitation=0.991"], False),
        (["seed=0"], True),
        ([f"seed={2**63 - 1}"], True),
        ([f"seed={2**63}"], False),
        (["workers=256"], True),
        (["workers=257"], False),
        (["sites.places.taji.closed=2017-02-20"], True),  # 800 days before 1 May 2019
        (["sites.places.taji.closed=2017-02-19"], False),
        (["sites.places.taji.closed=2020-12-31"], True),
        (["sites.places.taji.closed=2021-01-01"], False),  # the scenario's end
        (["timeline.marks.us_election.known_from=2020-11-03"], True),
        (["timeline.marks.us_election.known_from=2020-11-04"], False),
        (["sites.places.taji.opened=2020-08-22"], True),
        (["sites.places.taji.opened=2020-08-23"], False),
        (["observers.holes=['2019-12']"], True),
        (["observers.holes=['2019-00']"], False),
        (["observers.holes=['2019-05', '2020-12']"], True),
        (["observers.holes=['2019-04']"], False),
        (["observers.holes=['2019-12', '2021-01']"], False),
        (["observers.holes=['2021-01']", "scenario.end=2021-01-02"], True),
        (["scenario.end=2019-06-01"], True),  # a file's holes serve scenarios of every length
        (["militia.salvo.large_share=0.3", "militia.salvo.medium_share=0.7"], True),
        (["militia.salvo.large_share=0.3", "militia.salvo.medium_share=0.71"], False),
        (["militia.salvo.large_share=1"], True),  # the other's prior can be next to none
        ([f"militia.salvo.{name}_share={{prior: uniform, low: 0.6, high: 1}}"
          for name in ("large", "medium")], False),
        (["militia.salvo.large_share=0.5",
          "militia.salvo.medium_share={prior: normal, mean: 0.2, sd: 0.1}"], True),
        (["air_defence.batteries.taji_guns.against=state_missiles"], True),
        (["air_defence.batteries.al_asad_patriot.against=rockets"], False),
    ],
    ids=str,
)  # fmt: skip
def test_a_limit_is_where_it_is_said_to_be(words, good):
    if good:
        load(words)
    else:
        with pytest.raises(InputError):
            load(words)


@pytest.mark.parametrize(("day", "good"), [("2023-03-12", True), ("2023-03-13", False)])
def test_a_file_may_hold_a_day_up_to_800_days_after_the_end(day, good):
    tree = compose([])
    tree["sites"]["places"]["taji"]["closed"] = day
    if good:
        judge(tree)
    else:
        with pytest.raises(InputError, match="over 800 days outside the scenario"):
            judge(tree)


def test_a_window_may_last_ten_years():
    words = ["timeline=none", "air_defence=none", "sites.places.{}.closed=null"]
    free = [words[2].format(k) for k, s in load([]).sites.places.items() if s.closed]
    assert load([*words[:2], *free, "scenario.end=2029-05-08"]).days == 3660
    with pytest.raises(InputError, match="over 3660 days"):
        load([*words[:2], *free, "scenario.end=2029-05-09"])


def test_a_tree_that_names_code_is_refused_however_deep():
    tree = compose([])
    tree["militia"]["cells"]["badr"]["fronts"] = [{"_target_": "os.system"}]
    with pytest.raises(InputError, match=r"militia\.cells\.badr\.fronts\._target_ is refused"):
        judge(tree)


@pytest.mark.parametrize("group", groups())
def test_a_shipped_choice_is_read_back_from_its_own_yaml(group):
    told = load([f"{group}={groups()[group][-1]}"])
    assert judge(yaml.safe_load(as_yaml(told))) == told


def test_workers_do_not_make_another_study_and_all_else_does(historical):
    same = identity(historical)
    assert identity(load(["workers=7"])) == same
    for word in ("seed=1", "replications=7", "journal=none", "retaliation=never"):
        assert identity(load([word])) != same, word


# -- who set a key ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "overrides", "told"),
    [
        ("seed", [], "config.yaml"),
        ("seed", ["seed=3"], "the override seed=3"),
        ("seed", ["seed=3", "seed=4"], "the override seed=4"),
        ("seed", ["++seed=3"], "the override ++seed=3"),
        ("militia.base_rate", [], "militia/network.yaml"),
        ("militia.base_rate", ["militia=quiet"], "militia/quiet.yaml"),
        ("militia.excitation", ["militia=quiet"], "militia/network.yaml"),
        ("militia.base_rate.high", ["militia.base_rate.high=0.5"], "override militia.base_rate.hi"),
        ("militia.base_rate", ["militia.base_rate=1", "militia=quiet"], "militia.base_rate=1"),
        ("air_defence.magazine", [], "air_defence/_base.yaml"),
        ("air_defence.batteries", [], "air_defence/historical.yaml"),
        ("air_defence.batteries", ["air_defence=none"], "air_defence/none.yaml"),
        ("retaliation.probability.killed", ["retaliation=never"], "retaliation/never.yaml"),
        ("retaliation.strike", ["retaliation=never"], "retaliation/historical.yaml"),
        ("retaliation", ["retaliation=never"], "retaliation/never.yaml"),
        ("sites.places.taji.closed", [], "sites/iraq.yaml"),
        ("patron.on", ["ablation=no_patron"], "ablation/no_patron.yaml"),
        ("patron.stance", ["ablation=no_patron"], "patron/historical.yaml"),
        ("sites.places.balad.closed", [], "the schema"),  # no file says it: the default
    ],
)  # fmt: skip
def test_who_set_a_key(key, overrides, told):
    assert told in set_by(key, overrides)


def test_the_file_chosen_of_a_group():
    assert choice("scenario", []) == "historical"
    assert choice("scenario", ["scenario=summer_2020"]) == "summer_2020"
    assert choice("nothing", []) == ""


def test_a_setting_has_its_value_its_meaning_and_its_setter(historical):
    told = setting(historical, "sites.places.taji.closed", [])
    assert told.value == date(2020, 8, 23)
    assert told.meaning == "day from which it can no longer be attacked"
    assert told.set_by == "sites/iraq.yaml"


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("militia.bse_rate", r"militia\.bse_rate: no such key; did you mean 'base_rate'"),
        ("sites.places.tajji", r"sites\.places\.tajji: no such key; did you mean 'taji'"),
        ("seed.low", r"seed\.low: no such key"),
    ],
)
def test_a_setting_that_is_not_there(historical, key, told):
    with pytest.raises(InputError, match=told):
        setting(historical, key, [])


def test_who_set_a_key_in_a_folder_of_one_s_own(mine, capsys, monkeypatch):
    from sim.cli import main

    monkeypatch.chdir(mine)
    main(["show", "config", "scenario.start", "--config-dir", ".", "scenario=week"])
    assert "week.yaml" in capsys.readouterr().out


def test_a_bare_number_is_an_assumption(historical):
    told = {p.key: (p.source, p.confidence) for p in parameters(historical)}
    assert told["sites.places.taji.weight"] == ("assumed", "none")


# -- words --------------------------------------------------------------------------------


def test_a_scenario_in_words():
    told = in_words(load(["scenario=summer_2020", "retaliation=never", "air_defence=none"]))
    assert "24 days, 2020-07-24 up to 2020-08-17" in told
    assert "the recorded events before it" in told
    assert "defended against rockets: nowhere" in told
    assert "US policy: no strike, whatever happens" in told


def test_the_words_on_a_window_are_of_its_days_alone():
    """Besmaya was handed over on 25 July 2020, five bases in spring, Taji on 23 August."""
    summer = in_words(load(["scenario=summer_2020"]))
    assert "dated marks in these days: 1 of 12; sites that close in them: 1 of 13, and 5" in summer
    assert "taji from 2020-04-08" in summer
    winter = in_words(load(["scenario.start=2019-10-01", "scenario.end=2020-02-01"]))
    assert "dated marks in these days: 0 of 12; sites that close in them: 0 of 13" in winter
    assert "defended against rockets: nowhere" in winter


def test_every_parameter_has_a_unit_limits_and_a_meaning(historical):
    told = list(parameters(historical))
    assert len({p.key for p in told}) == len(told) > 100
    assert all(p.unit and p.meaning and p.low < p.high for p in told)


def test_the_parameter_that_outside_checks_use(historical):
    told = {p.key: p for p in parameters(historical)}
    rate, excitation = told["militia.base_rate"], told["militia.excitation"]
    assert (rate.unit, rate.low, rate.high) == ("attacks a day", 0.0, 20.0)
    assert (excitation.low, excitation.high) == (0.0, 0.99)
    assert excitation.evidence_until == "2007-12-31"


def test_a_name_s_nearest():
    assert nearest("retalation", ["retaliation", "militia"]) == "did you mean 'retaliation'?"
    names = [f"name{i:02d}" for i in range(14)]
    assert nearest("zzz", names) == f"valid are: {', '.join(names[:12])} …"


def test_the_streams_are_a_list_of_unique_names():
    names = [entry["name"] for entry in streams()]
    assert len(set(names)) == len(names) >= 14
    assert "parameters" in names


def test_the_packaged_folder_is_the_one_beside_the_code():
    assert (config_dir() / "config.yaml").is_file()
