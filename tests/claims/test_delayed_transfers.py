"""Another average reaches the claim's line, and averages stay a bracket of months."""

import pandas as pd
import pytest

from careshift import claims, tables
from careshift.claims import Evidence
from careshift.topics import welsh_delays as topic

CLAIM = "kingsfund2013/delayed-transfers-above-300"


def changed(period: str, people: float, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the official values with one quarterly average replaced."""
    frame = (tables.read("official_values") if frame is None else frame).copy()
    cell = (frame["series_id"] == topic.AVERAGES) & frame["period"].str.startswith(period)
    assert cell.sum() == 1
    frame.loc[cell, "value"] = people
    return frame


def bracketed(official: pd.DataFrame) -> tuple[tuple[float, float], str]:
    span = topic.averages_span(topic.values(official, tables.read("delayed_transfers_wales")))
    evidence = Evidence(
        claim=CLAIM, derived=sum(span) / 2, bounds=span, basis="test", tables=("official_values",)
    )
    return span, claims.judge(claims.find(CLAIM), evidence).outcome


@pytest.mark.parametrize(
    ("lowest", "highest", "outcome"),
    [(392, 775, "bracketed"), (280, 775, "bracketed"), (280, 290, "differs")],
)
def test_two_lower_averages_turn_the_claim_and_one_does_not(lowest, highest, outcome):
    official = changed("quarter ended March 2017", lowest)
    official = changed("quarter ended December 2004", highest, official)
    assert bracketed(official) == ((lowest, highest), outcome)


def test_a_lower_record_is_told():
    assert topic.consequence(280, 300) == "so some quarter may have averaged 300 or fewer"
