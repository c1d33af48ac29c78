"""What a release would take away is refused and named; another way of counting is seen."""

import pandas as pd
import pytest

from careshift import tables
from careshift.own_data import inputs
from careshift.pipeline import releases
from careshift.project import CareshiftError
from careshift.readers import importing

ATTENDANCES = "emergency_attendances_scotland"


def ours(table: str) -> pd.DataFrame:
    return pd.read_csv(tables.locate(table), dtype=str, keep_default_na=False)


@pytest.fixture
def publisher_file(made):
    """Write rows of the table of attendances as the publisher's file of hospitals, one hospital a board."""

    def write(frame: pd.DataFrame):
        rows = frame[frame["area"] != "S92000003"]
        raw = pd.DataFrame(
            {
                "Month": rows["month"].str[:4] + rows["month"].str[5:7],
                "HBT": rows["area"],
                "DepartmentType": rows["department"].map({"major": "Type 1", "minor": "Type 3"}),
                "NumberOfAttendancesAll": rows["attendances"],
                "NumberWithin4HoursAll": rows["within_4_hours"],
            }
        )
        return made("monthly_ae_activity_202502.csv", raw.to_csv(index=False))

    return write


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda old: old[old["month"] < "2020-01-01"], "its newest month is 2019-12-01"),
        (lambda old: old[old["month"] > "2018-01-01"], "rows"),
        (lambda old: old[old["department"] == "major"], "department minor is no longer there"),
        (lambda old: old[old["area"] != "S08000020"], "area S08000020, S92000003 is no longer there"),
        (lambda old: old.assign(within_4_hours=""), "rows where the table has a value"),
        (
            lambda old: old.assign(attendances=old["attendances"] + "000"),
            "typically 1,000 times what",
        ),
    ],
    ids=["older", "few rows", "a category gone", "an area gone", "a measure gone", "another unit"],
)
def test_a_release_that_lacks_what_the_table_has_is_refused(publisher_file, change, told) -> None:
    file = publisher_file(change(ours(ATTENDANCES)))
    with pytest.raises(CareshiftError) as error:
        releases.prepare(ATTENDANCES, [file])
    assert "monthly_ae_activity_202502.csv: not imported, because" in str(error.value)
    assert told in str(error.value)
    assert str(error.value).endswith("add --accept-loss; else give every file of the newest release.")
    accepted = releases.prepare(ATTENDANCES, [file], accept_loss=True)
    assert any(told in text for text in accepted.changes.losses)
    assert any(line.startswith("lost: ") for line in accepted.changes.lines())


def test_the_whole_table_and_one_period_more_lose_nothing(publisher_file) -> None:
    old = ours(ATTENDANCES)
    added = old[old["month"] == old["month"].max()].assign(month="2031-01-01")
    for frame in (old, pd.concat([old, added]), added):
        assert releases.prepare(ATTENDANCES, [publisher_file(frame)]).changes.losses == ()


def test_a_release_that_adds_a_period_must_hold_most_of_it(publisher_file) -> None:
    old = ours(ATTENDANCES)
    last = (old["month"] == old["month"].max()) & (old["area"] == "S08000020")
    new = old[last].assign(month="2031-01-01")
    with pytest.raises(CareshiftError, match=r"holds 2 rows of month 2031-01-01, the table 2\d of"):
        releases.prepare(ATTENDANCES, [publisher_file(new)])


def test_releases_that_stand_beside_each_other_are_held_to_their_own_rows() -> None:
    new = ours("population_projections")
    _, changes = importing.merge("population_projections", new[new["base"] == "2014"], "publisher")
    assert changes.losses == ()
    half = new[(new["base"] == "2014") & (new["year"] < "2020")]
    _, changes = importing.merge("population_projections", half, "publisher")
    assert changes.losses == ("it holds 1,092 of the table's 6,734 rows",)


def test_a_step_from_a_month_on_and_its_direction_are_seen(publisher_file) -> None:
    old = ours(ATTENDANCES)
    later = (old["month"] >= "2020-11-01") & old["area"].isin(["S08000015", "S08000017", "S08000025"])
    counts = old["attendances"].astype(int)
    new = old.assign(attendances=counts.where(~later, counts * 9 // 10).astype(str))
    told = releases.prepare(ATTENDANCES, [publisher_file(new)]).changes.definitions
    older = publisher_file(new[new["month"] < "2023-04-01"])
    with pytest.raises(CareshiftError, match=r"(?s)older release.*- from month 2020-11-01 on"):
        releases.prepare(ATTENDANCES, [older])
    extended = inputs.examine({ATTENDANCES: older}, inputs.Options(), [ATTENDANCES])[ATTENDANCES].warnings
    assert any("take the place of others in the book's table; from month 2020-11" in str(w) for w in extended)
    assert any(text.startswith("from month 2020-11-01 on") and "before it 0 of" in text for text in told)
    assert any("100% of the" in text and "are lower in the release" in text for text in told)


def test_scattered_revisions_both_ways_are_no_step(publisher_file) -> None:
    old = ours(ATTENDANCES)
    counts = old["attendances"].astype(int)
    changed = old.index % 50 == 0
    up = counts + pd.Series([1, -1] * len(old), index=range(2 * len(old))).reindex(old.index // 50).to_numpy()
    new = old.assign(attendances=counts.where(~changed, up.clip(lower=0)).astype(str))
    assert releases.prepare(ATTENDANCES, [publisher_file(new)]).changes.definitions == ()
