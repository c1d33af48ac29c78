"""Services in Northern Ireland: bodies, shares and beds by financial year, by hand."""

import pandas as pd
import pytest

from careshift.project import CareshiftError
from careshift.topics import northern_ireland_services as topic


@pytest.fixture
def shares() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "programme_of_care": [topic.ACUTE, "elderly care", topic.PREVENTION],
            "financial_year": ["2009/10"] * 3,
            "percent": [60, 35, 5],
        }
    )


@pytest.fixture
def beds() -> pd.DataFrame:
    """Two trusts, acute and elderly beds, two full financial years and one quarter of a third."""
    quarters = ["2012Q2", "2012Q3", "2012Q4", "2013Q1", "2013Q2", "2013Q3", "2013Q4", "2014Q1", "2014Q2"]
    rows = [
        (quarter, trust, programme, 3650 * size, 1825 * size)
        for number, quarter in enumerate(quarters)
        for trust in ("A", "B")
        for programme, size in ((topic.ACUTE, 2), ("elderly care", 1 if number < 4 else 0.5))
    ]
    names = ["quarter", "trust", "programme_of_care", "available_bed_days", "occupied_bed_days"]
    return pd.DataFrame(rows, columns=names)


def test_bodies_are_summed_by_role_and_period():
    table = pd.DataFrame(
        [
            ("commissioning", "boards", topic.BEFORE, 4),
            ("commissioning", "board", topic.AFTER, 1),
            ("commissioning", topic.LOCAL_GROUPS, topic.AFTER, 5),
            ("delivery", "trusts", topic.BEFORE, 19),
        ],
        columns=["role", "body", "period", "count"],
    )
    assert topic.bodies(table).to_numpy().tolist() == [
        ["commissioning", 4, 6],
        ["delivery", 19, 0],
        ["all", 23, 6],
    ]
    assert topic.all_bodies(table, topic.AFTER) == 6
    assert topic.all_bodies(table, topic.AFTER, with_local_groups=False) == 1
    assert topic.number_of(table, "boards", topic.BEFORE) == 4


def test_shares_together_and_the_smallest(shares):
    assert topic.share(shares, topic.ACUTE, "elderly care") == 95
    assert topic.smallest_lead(shares, topic.PREVENTION) == 30
    assert topic.shares_title(shares) == "Acute services and elderly care took 95 % of what the trusts spent"
    with pytest.raises(CareshiftError, match="maternity"):
        topic.share(shares, "maternity")


def test_only_whole_financial_years_count(beds):
    yearly = topic.yearly_beds(beds)
    assert sorted(yearly["year"].unique()) == [2012, 2013]
    wide = topic.beds_by_programme(yearly)
    # 2 trusts x 4 quarters x 7,300 bed days over 365 days.
    assert wide[topic.ACUTE].tolist() == pytest.approx([160, 160])
    assert wide["elderly care"].tolist() == pytest.approx([80, 40])
    assert yearly["occupancy"].tolist() == pytest.approx([50] * 4)
    assert topic.days_of(2015) == 366
    assert topic.financial_year(2009) == "2009/10"


def test_changes_in_beds_and_their_shares(beds):
    wide = topic.beds_by_programme(topic.yearly_beds(beds))
    changed = topic.bed_changes(wide, 2012, 2013)
    assert topic.one(changed, "elderly care")["change"] == pytest.approx(-50)
    everything = topic.one(changed, topic.ALL)
    assert everything[["before", "after"]].tolist() == pytest.approx([240, 200])
    assert topic.one(changed, topic.ACUTE)["share_after"] == pytest.approx(80)
    assert topic.beds_title(changed, 2013).startswith("Beds for elderly care fell by 50 % to 2013/14")
    index = topic.bed_index(wide, 2012)
    assert index["elderly care"].tolist() == pytest.approx([100, 50])
    spans = topic.every_span(wide, 2012)
    assert spans["year"].tolist() == ["2013/14"]
    assert spans[[topic.ACUTE, "others", topic.ALL]].iloc[0].tolist() == pytest.approx([0, -50, -100 / 6])
