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


def test_the_range_starts_at_the_length_asked_for_and_holds_the_model_only() -> None:
    table = coverage()
    leading, on_model = table["method"] == interrupted_series.LEADING, table["errors"] == "AR(1)"
    table.loc[leading & on_model & (table["points_before"] == 5), "coverage"] = 90.0
    table.loc[leading & on_model & (table["points_before"] == 12) & (table["phi"] == 0.8), "coverage"] = 92.0
    table.loc[leading & ~on_model, "coverage"] = 10.0
    assert interrupted_series.covered_from(table, 12) == (92, 95)
    assert interrupted_series.covered_from(table, 10) == (90, 95)
    assert interrupted_series.covered_from(table, 10, "OLS-t") == (95, 95)


def test_two_dates_show_the_lowest_of_both_and_the_width() -> None:
    rows = [
        {"points_before": 5, "points_after": 9, "phi": phi, "errors": "two interruptions", "method": method}
        | {
            "term": f"{term} ({date})",
            "coverage": 94 - 4 * phi - (date == "second"),
            "median_half_width": width,
        }
        for phi in (0.0, 0.5)
        for method, width in ((interrupted_series.LEADING, 6.0), ("OLS-t", 2.0))
        for term in interrupted_series.TERMS
        for date in ("first", "second")
    ]
    table = interrupted_series.two_dates(pd.concat([coverage(), pd.DataFrame(rows)]))
    assert table[["points", "term"]].to_numpy().tolist() == [[14, "level"], [14, "slope"]]
    assert table[interrupted_series.LEADING].tolist() == [91, 91]
    assert table["times"].tolist() == [3, 3]


def test_the_other_methods_have_a_column_a_length_and_autocorrelation() -> None:
    rows = [
        {"points_before": 12, "points_after": 5, "phi": phi, "errors": "counts", "method": "Quasi-poisson"}
        | {"term": term, "coverage": 90 - 50 * phi}
        for phi in (0.0, 0.4)
        for term in interrupted_series.TERMS
    ]
    wide = interrupted_series.other_methods(pd.DataFrame(rows))
    assert wide.columns.tolist() == ["errors", "method", "term", "17, 0", "17, 0.4"]
    assert wide["17, 0.4"].tolist() == [70, 70]
    assert wide["term"].tolist() == ["level", "slope"]


def test_the_share_at_the_boundary_is_of_the_cell_asked_for() -> None:
    table = coverage()
    table["boundary"] = table["points_before"] + 10 * table["phi"] + 100 * (table["errors"] != "AR(1)")
    assert interrupted_series.at_boundary(table, 24, 0.8) == 32


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
