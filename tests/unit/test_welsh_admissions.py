"""Welsh admissions: falls, ratios and what undoes them, against answers worked out by hand."""

import pandas as pd
import pytest

from careshift import effect_sizes, tables
from careshift.project import CareshiftError
from careshift.topics import welsh_admissions as topic

Z2 = 1.959963985**2


def made(later: int = 150, back: int = 30) -> pd.DataFrame:
    """Make the table: every condition 200 then `later` admissions, 50 then `back` readmissions."""
    rows = [
        (condition, measure, year, count, printed)
        for condition in topic.CONDITIONS
        for measure, counts in (("admission", (200, later)), ("readmission", (50, back)))
        for year, count, printed in (("2010/11", counts[0], None), ("2011/12", counts[1], 25.0))
    ]
    names = ["condition", "measure", "financial_year", "count", "printed_fall_percent"]
    return pd.DataFrame(rows, columns=names)


def counted(**given) -> pd.DataFrame:
    return topic.counts(made(**given), "2010/11", "2011/12")


def test_counts_keep_the_print_and_add_the_sums():
    frame = counted()
    assert len(frame) == 8
    total = topic.row(frame, topic.ALL, "admission")
    assert (total["earlier"], total["later"]) == (600, 450)
    assert pd.isna(total["printed"])
    assert topic.row(frame, "diabetes", "readmission")["printed"] == 25.0


def test_a_missing_count_is_refused():
    table = made()
    table.loc[0, "count"] = None
    with pytest.raises(CareshiftError, match="coronary heart disease, admission, in 2010/11"):
        topic.counts(table, "2010/11", "2011/12")
    with pytest.raises(CareshiftError, match="2012/13"):
        topic.counts(made(), "2010/11", "2012/13")


def test_falls_by_hand_and_a_rise_is_negative():
    down = topic.row(topic.falls(counted(), 0.95, "exact"), "diabetes", "admission")
    assert down["fall"] == pytest.approx(25)
    assert down["low"] == pytest.approx(100 * (1 - effect_sizes.rate_ratio(150, 200).high))
    assert down["low"] < 25 < down["high"]
    up = topic.falls(counted(later=230), 0.95, "exact")
    assert topic.row(up, "diabetes", "admission")["fall"] == pytest.approx(-15)


def test_readmissions_for_every_100_admissions():
    ratios = topic.readmission_ratios(counted(), 0.95, "exact").set_index("condition")
    # 50 of 200 is 25 in 100; 30 of 150 is 20 in 100: a fifth less.
    assert ratios.loc["Diabetes", ["before", "after", "fall"]].tolist() == pytest.approx([25, 20, 20])
    assert list(ratios.index) == [*topic.CONDITIONS.values(), topic.ALL]
    assert topic.ratio_title(ratios.reset_index()).startswith(
        "Readmissions fell faster than admissions, beyond chance, for "
    )


@pytest.mark.parametrize("method", ["exact", "score"])
def test_the_fewest_cases_that_leave_doubt(method):
    cases = topic.cases_in_doubt(200, 120, 0.95, method)
    assert effect_sizes.rate_ratio(120 + cases, 200, method=method).high >= 1
    assert effect_sizes.rate_ratio(120 + cases - 1, 200, method=method).high < 1
    assert topic.cases_in_doubt(200, 199, 0.95, method) == 0
    assert topic.cases_in_doubt(200, 260, 0.95, method) == 0


def test_the_spread_that_brings_the_score_interval_to_one():
    # 50 * 50 / 350 = 7.142857, over the square of 1.96.
    assert topic.spread_in_doubt(200, 150, 0.95) == pytest.approx(7.142857 / Z2, rel=1e-5)
    # Counts that many times smaller carry as much less information: the interval then ends at 1.
    spread = topic.spread_in_doubt(200_000, 150_000, 0.95)
    touching = effect_sizes.rate_ratio(round(150_000 / spread), round(200_000 / spread), method="score")
    assert touching.high == pytest.approx(1, abs=0.01)


def test_undoing_a_fall_whole_takes_as_many_cases_as_the_fall():
    undone = topic.undoing(counted(), 0.95, "exact")
    assert undone.loc[0, ["cases", "share"]].tolist() == [50, 25]
    assert undone.loc[0, "share_in_doubt"] < 25


def test_the_fall_per_resident():
    population = pd.DataFrame(
        {"area": [topic.WALES] * 2 + ["E92000001"], "year": [2010, 2011, 2010], "population": [1000, 1250, 5]}
    )
    row = pd.Series({"earlier": 200, "later": 150})
    # 0.2 to 0.12 a resident is a fall of 40 %.
    assert topic.fall_per_resident(row, population, "2010/11", "2011/12") == pytest.approx((25, 40))
    with pytest.raises(CareshiftError, match="mid-2012"):
        topic.fall_per_resident(row, population, "2010/11", "2012/13")


def test_statements_compare_only_the_same_period():
    official = pd.DataFrame(
        {
            "series_id": ["wales_chd_adm_change", "wales_copd_admissions", "wales_chronic_emerg_adm_change"],
            "period": ["2011/12 to 2012/13", "calendar 2015", "2010/11 to 2011/12"],
            "value": [-5.5, 5044, -12],
            "unit": ["percent", "admissions", "percent"],
        }
    )
    fallen = topic.falls(counted(), 0.95, "exact")
    shown = topic.statements(official, fallen, "2010/11 to 2011/12")
    assert shown["stated"].tolist() == ["-12 %", "-5.5 %", "5,044"]
    assert shown["counts"].tolist()[0] == "-25.0 %"
    assert shown["counts"].isna().tolist() == [False, True, True]
    assert topic.statements(official, fallen, "2011/12 to 2012/13")["counts"].isna().all()


def test_titles_and_words_follow_the_numbers():
    assert topic.title(topic.falls(counted(), 0.95, "exact")).startswith("All counts fell, by 25.0 to 40.0 %")
    assert topic.title(topic.falls(counted(later=230), 0.95, "exact")).startswith("3 of 6 counts fell")
    assert topic.moved(11.66) == "fell by 11.7 %"
    assert topic.moved(-2) == "rose by 2.0 %"
    both = topic.both_methods(counted(), 0.95)
    assert (both["exact_low"] < both["score_low"]).all()


def test_recoding_and_spread_together_by_a_search():
    """The least recoding at which the score interval, widened by the variance, holds no change."""
    for earlier, later, spread in ((16805, 15243, 5), (405, 285, 2), (1887, 1422, 1)):
        least = next(
            k
            for k in range(earlier)
            if (earlier - later - k) ** 2 <= spread * Z2 * (earlier + later + k) or later + k > earlier
        )
        share = topic.recoding_in_doubt(earlier, later, spread, 0.95)
        assert 100 * (least - 1) / earlier < share <= 100 * least / earlier
    assert topic.recoding_in_doubt(405, 285, 6, 0.95) == 0
    assert topic.spread_in_doubt(405, 285, 0.95) < 6


def test_five_times_the_variance_takes_less_recoding_and_an_altered_count_shows():
    """An independent check with intervals of the log ratio has 1.0 to 10.9 %; the score interval 1.1 %."""
    committed = topic.counts(tables.read("welsh_admissions"), "2010/11", "2011/12")
    table = topic.recoding_and_spread(committed, 0.95, (1, 5))
    rounded = [tuple(round(end, 1) for end in topic.recoding_ends(table, spread)) for spread in (1, 5)]
    assert rounded == [(7.2, 18.4), (1.1, 10.9)]
    assert topic.contour_title(table, 5) == (
        "Where counts vary more than by chance, recoding of 1.1 to 10.9 % is enough"
    )
    committed.loc[committed["label"] == "Diabetes, readmissions", "later"] = 385
    altered = topic.recoding_and_spread(committed, 0.95, (5,))
    assert topic.recoding_ends(altered, 5)[0] == 0
