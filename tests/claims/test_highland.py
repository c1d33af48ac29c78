"""A changed rate of Highland changes what its chapter says."""

import pandas as pd
import pytest
from warm_runs import execute

from careshift import synthetic_control, tables
from careshift.chapter_summary import read
from careshift.topics import highland, highland_choices

CHAPTER = "scotland/highland"
MORAY = "S12000020"
AFTER = ("2012/13", "2013/14", "2014/15")


@pytest.fixture(scope="module")
def rates():
    return tables.read("emergency_admission_rates")


def test_as_built_highland_lies_below_and_inside_what_chance_brings(rates):
    panel = highland.rates(rates)
    assert panel.shape == (16, 32)
    how = highland.settings(panel, "all other councils", "levels taken out")
    gaps = synthetic_control.placebo_gaps(panel, highland.HIGHLAND, 2012, 2014, **how)
    rows = synthetic_control.placebos(gaps, 2012, 2014)
    assert rows["mean_gap"].iloc[0] == pytest.approx(-710, abs=1)
    assert rows["share_gap"].iloc[0] == 19 / 32
    assert abs(rows["mean_gap"].iloc[0]) < synthetic_control.reach(rows["mean_gap"])


def test_pools_and_releases_hold_what_they_say(rates):
    panel = highland.rates(rates, highland.EARLIER, 2007)
    assert (panel.index.min(), panel.index.max()) == (2007, 2016)
    assert len(highland.donors(panel, "all other councils")) == 31
    assert len(highland.donors(panel, "without the three island councils")) == 28
    assert highland.ARGYLL_AND_BUTE not in highland.donors(panel, list(highland.POOLS)[1])


def test_the_rehearsal_moves_by_what_was_put_in(rates):
    panel = highland.rates(rates)
    how = highland.settings(panel, "all other councils", "levels taken out")
    rows = highland.rehearsal(panel, 2009, 2011, [0, -1000, -9000], **how)
    assert (rows["found"] - rows["found"].iloc[0]).tolist() == pytest.approx([0, -1000, -9000])
    assert rows["holds"].all()


def test_the_reverse_test_finds_delays_that_ended_elsewhere_only():
    panel = highland.delays(tables.read("delayed_discharge_75plus"), tables.read("population_areas"), 2019)
    as_built = highland.reverse(panel, 2016, 2019).iloc[0]
    assert as_built["share_gap"] > 0.5
    fewer = panel.copy()
    fewer.loc[2016:, fewer.columns != highland.HIGHLAND] -= 300
    assert highland.reverse(fewer, 2016, 2019).iloc[0]["gap"] == pytest.approx(as_built["gap"] + 300)


@pytest.fixture(scope="module")
def every(rates):
    return highland_choices.every_choice(rates, 2012, 2014, 2006)


def test_the_choices_hold_first_years_start_years_and_each_donor_left_out(every):
    assert set(every["first"]) == {2006, 2007, 2008}
    assert set(every["start"]) == {2011, 2012, 2013}
    out = every[every["varied"] == highland_choices.DONOR].set_index(["method", "without"])
    assert (out["of"] == 31).all()
    assert out.loc[("levels taken out", MORAY), "value"] == pytest.approx(-7.1, abs=0.05)
    assert (out.loc[(slice(None), MORAY), "place"] == 1).sum() == 2
    start = every[(every["varied"] == highland_choices.START) & (every["method"] == "levels taken out")]
    assert start.set_index("start")["value"].to_dict() == pytest.approx({2011: -11.8, 2013: -2.2}, abs=0.05)


def test_what_is_said_of_all_choices_follows_the_full_set(every):
    names = tables.read("areas")
    told = highland_choices.told(every, names)
    assert (told["count"], told["few"], told["donor"]) == (len(every), 3, "Moray")
    assert told["needed"] == 0.05 / len(every) < told["possible"]
    leaders = [(*row, "somewhere else") for row in every["leaders"]]
    assert highland_choices.told(every.assign(leaders=leaders), names)["others"] == told["others"] + 1
    lower = every.assign(share_gap=every["share_gap"].where(every["share_gap"] > 0.05, 0.5))
    assert highland_choices.title(lower).endswith("more than chance under none of 124 choices")


def test_a_council_without_weight_is_not_left_out_and_one_with_weight_is(rates):
    panel = highland.rates(rates)
    assert highland_choices.donors_that_count(panel, 2012, 2014)[0] == MORAY
    shaken = panel.copy()
    shaken.loc[2007:2011:2, MORAY] += 5000
    assert MORAY not in highland_choices.donors_that_count(shaken, 2012, 2014)


def test_the_way_to_the_date_is_told_by_year(rates):
    panel = highland.rates(rates)
    words = highland.before_the_date(panel, 2012)
    assert "1,477 below in 2010/11, 2,748 below in 2011/12 and 3,748 below in 2012/13. It moved" in words
    late = panel.copy()
    late.loc[2011, highland.HIGHLAND] = late.loc[2010, highland.HIGHLAND] + 2000
    assert "It moved that way before" not in highland.before_the_date(late, 2012)


def test_the_title_of_all_choices_counts_those_beyond_chance():
    every = pd.DataFrame({"value": [-3.0, -4.0, 1.0], "share_gap": [0.03, 0.5, 0.04]})
    assert highland_choices.title(every).endswith(
        "on both sides of zero throughout, and more than chance under 2 of 3 choices"
    )


def test_a_far_lower_rate_after_2012_is_more_than_chance(rates, tmp_path):
    lower = rates.copy()
    own = (lower["area"] == highland.HIGHLAND) & lower["financial_year"].isin(AFTER)
    assert own.sum() == 6, "three years in each of two releases"
    lower.loc[own, "rate"] -= 4000
    file, out = tmp_path / "rates.csv", tmp_path / "out.ipynb"
    lower.to_csv(file, index=False)
    execute(CHAPTER, {"emergency_admission_rates": str(file)}, out)
    opening = read(out)
    assert "had 4,710 fewer emergency admissions" in opening.finding
    assert "none of the other 31 councils" in opening.answer
    assert "more than chance usually brings" in opening.answer
    assert "this neither shows" not in opening.answer
    assert "one in twenty largest under 117 of them" in out.read_text(encoding="utf-8")
