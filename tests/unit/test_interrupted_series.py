"""What the chapter on interrupted time series shows, from tables small enough to check by eye."""

import pandas as pd
import pytest

from careshift import interruption
from careshift.interruption import ImpactModel, Interruption
from careshift.topics import interrupted_series


def coverage(**changes: float) -> pd.DataFrame:
    """A full table in which every share is 95, but those of the methods named."""
    rows = [
        {"points_before": before, "points_after": after, "phi": phi, "errors": errors}
        | {"method": method, "term": term, "coverage": changes.get(method, 95.0), "median_half_width": 2.0}
        for before, after in ((5, 5), (12, 5), (24, 24))
        for phi in (0.0, 0.8)
        for errors in interrupted_series.KINDS
        for method in (*interrupted_series.METHODS, "REML Satterthwaite")
        for term in interrupted_series.TERMS
    ]
    return pd.DataFrame(rows)


def test_panels_keep_the_order_of_the_study_and_a_column_a_method() -> None:
    wide = interrupted_series.coverage_by_phi(coverage(Newey=1))
    assert list(dict.fromkeys(wide["panel"]))[:3] == [
        "Level, 5 + 5 points",
        "Slope, 5 + 5 points",
        "Level, 12 + 5 points",
    ]
    assert list(wide.columns) == ["panel", "phi", *interrupted_series.METHODS]
    assert len(wide) == 3 * 2 * 2


def test_the_lowest_coverage_is_found_wherever_it_is() -> None:
    table = coverage()
    worst = (table["points_before"] == 24) & (table["method"] == "OLS-t") & (table["phi"] == 0.8)
    table.loc[worst & (table["errors"] == "AR(1)"), "coverage"] = 44.0
    by_length = interrupted_series.coverage_by_length(table)
    assert interrupted_series.lowest(by_length, "OLS-t") == 44
    assert interrupted_series.lowest(by_length, "Newey-West") == 95
    assert "44" in interrupted_series.in_words(by_length)
    assert "44" not in interrupted_series.off_in_words(interrupted_series.coverage_off_the_model(table, 5))
    off = interrupted_series.lowest_off_the_model(table)
    assert set(off["kind"]) == {"longer swings", "bent trend"}
    assert off["OLS-t"].min() == 95


def test_a_made_series_has_the_changes_it_was_made_with() -> None:
    plain, changed = (
        interrupted_series.made_series(6, 4, level=level, slope=slope, phi=0.5, spread=1, seed=3)
        for level, slope in ((0, 0), (-4, -0.5))
    )
    difference = (changed["value"] - plain["value"]).round(9)
    assert difference.to_list() == [0] * 6 + [-4, -4.5, -5, -5.5]


def test_intervals_are_set_against_the_truth() -> None:
    made = interrupted_series.made_series(12, 12, level=-4, slope=-0.3, phi=0.6, spread=1.5, seed=1)
    result = interruption.report(made["value"], made["time"], ImpactModel((Interruption(12),)), unit="u")
    right = interrupted_series.against_truth(result, {"level change": -4.0, "slope change": -0.3})
    wrong = interrupted_series.against_truth(result, {"level change": 400.0, "slope change": 30.0})
    assert "yes" in set(right["holds"])
    assert set(wrong["holds"]) == {"no"}


def test_the_detectable_change_shrinks_with_the_length_and_is_the_engines() -> None:
    table = interrupted_series.detectable_by_length((6, 24), (0, 0.8)).set_index(["points", "term"])
    assert (table.loc[24] < table.loc[6]).all(axis=None)
    made = interrupted_series.made_series(24, 24, level=0, slope=0, phi=0, spread=1, seed=2)
    fit = interruption.ols(made["value"], made["time"], ImpactModel((Interruption(24),)))
    engine = interruption.minimum_detectable(fit).set_index("term")["rise"]["level change"]
    spread = fit.parameters["variance"] ** 0.5
    assert table.loc[(24, "level"), "0"] == pytest.approx(engine / spread)


def test_a_row_of_known_answers_is_found_by_its_names() -> None:
    rows = {"series": ["a", "a"], "model": ["m", "m"], "term": ["level change", "slope change"]}
    answers = pd.DataFrame(rows | {"published": [1.0, 2.0], "basis": ["printed", "ours alone"]})
    assert interrupted_series.known(answers, "a", "m", "slope change")["published"] == 2
    assert len(interrupted_series.published(answers)) == 1
    with pytest.raises(KeyError):
        interrupted_series.known(answers, "b", "m")
