"""The pictures of the predictive check: titles, marks and places by hand."""

import json
import re
from html import unescape

import pytest

from sim.compare import check
from sim.show.predictive import LEFT, WIDTH, family_svg, pictures, round_up, title

HUNDRED = list(range(101))


def gaps(recorded, pattern="gap_median"):
    ends = recorded if isinstance(recorded, tuple) else (recorded,) * 3
    return check(pattern, ends, HUNDRED)


def test_a_title_says_what_is_seen_and_reverses_with_the_data():
    name = "Gaps between attacks"
    fits, high, low = gaps(50), gaps(99, "gap_longest"), gaps(1, "gap_90")
    assert title([fits]) == f"{name}: it lies inside the central 90 %"
    assert title([fits, fits]) == f"{name}: all 2 inside the central 90 %"
    told = title([fits, high, low])
    assert told.startswith(f"{name}: 1 of 3 inside the central 90 %")
    assert "recorded above: gap between attacks, longest" in told
    assert "recorded below: gap between attacks, 90 % quantile" in told


def test_the_record_lies_on_the_interval_at_its_place():
    svg = family_svg([gaps(50)], {})
    # the axis ends at 100: 1.02 times the 95 % quantile, rounded up
    assert re.search(rf'<path d="M{LEFT + WIDTH / 2},', svg)
    bars = re.findall(r'<rect x="([\d.]+)" width="([\d.]+)"', svg)
    assert [tuple(map(float, bar)) for bar in bars] == [
        (LEFT + WIDTH * 0.05, WIDTH * 0.9),
        (LEFT + WIDTH * 0.25, WIDTH * 0.5),
    ]


@pytest.mark.parametrize(
    ("recorded", "fill", "words"),
    [(50, "#fff", ""), (99, "#c44601", "▲ above"), (0, "#c44601", "▼ below")],
)
def test_a_miss_differs_by_fill_and_by_word(recorded, fill, words):
    svg = family_svg([gaps(recorded)], {})
    assert re.findall(r'z" fill="([^"]+)"', svg) == [fill]
    assert re.findall(r">([▲▼] \w+)<", svg) == ([words] if words else [])


def test_a_range_is_a_box_and_at_least_an_arrow():
    box, arrow = (family_svg([gaps(ends)], {}) for ends in [(None, 20, 40), (None, 20, None)])
    assert '<rect x="413.0" width="72.0"' in box
    assert f"M416.0,{20 - 4} v8 m0,-4 H{float(LEFT + WIDTH)} m-6,-4 l6,4 l-6,4" in arrow
    assert "≥ 20" in arrow


def test_the_unknown_is_named_and_not_drawn():
    known, blank = gaps(50), gaps((None, None, None), "gap_90")
    [picture] = pictures([known, blank], {})
    assert picture.blank == [blank.label]
    assert blank.label not in str(picture.svg)
    assert pictures([blank], {}) == []


def test_a_picture_carries_its_numbers_and_its_run():
    svg = family_svg([gaps(50)], {"seed": 7})
    told = json.loads(unescape(re.search("<metadata>(.*?)</metadata>", svg)[1]))
    assert told["seed"] == 7
    [row] = told["patterns"]
    assert (row["pattern"], row["recorded"], row["median"]) == ("gap_median", 50, 50)


def test_rows_of_one_unit_share_an_axis_unless_one_would_be_a_speck():
    def targets(*most):
        return [check("target_erbil", (0.0,) * 3, [0.0, n]) for n in most]

    alike, apart = (family_svg(targets(*most), {}) for most in [(0.2, 0.5), (0.001, 0.5)])
    assert 'font-size="9"' not in alike
    assert ">0.6<" in alike
    assert apart.count('font-size="9"') == 4


def test_a_share_never_has_an_axis_beyond_all():
    svg = family_svg([check("target_erbil", (1.0,) * 3, [0.9, 1.0])], {})
    assert ">1<" in svg
    assert ">1.5<" not in svg


def test_axes_end_at_round_numbers():
    assert [round_up(v) for v in (0.0, 1.0, 1.01, 0.3, 99.0, 101.0)] == [1, 1, 1.5, 0.3, 100, 150]
