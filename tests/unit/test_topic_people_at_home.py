"""People at home: the sum of three gaps and its rounding, by hand."""

import pandas as pd
import pytest

from careshift import tables
from careshift.topics import people_at_home as home


def test_the_three_settings_by_hand():
    frame = home.settings(home.printed(), 1.0, 365).set_index("setting")
    emergency, long_stay, homes = 700_000 / 365, 243_000 / 365, 30_418 * 0.25
    assert frame["value"].tolist() == pytest.approx(
        [emergency, long_stay, homes, emergency + long_stay + homes]
    )
    assert frame["low"].iloc[0] == pytest.approx(600_000 / 365)
    assert frame["high"].iloc[0] == pytest.approx(800_000 / 365)


def test_the_hospital_share_by_hand():
    share = home.hospital_share_below(home.printed(), 1.0)
    assert share.value == pytest.approx(100 * (1 - (2_800_000 + 229_000) / (3_500_000 + 472_000)))
    assert share.low < share.value < share.high


def test_the_implied_number_gives_the_share_back():
    numbers = home.printed()
    low, _ = home.implied_long_stay(numbers, 27, 27)
    growth = low / numbers["long stay 2008/09"].value
    assert home.hospital_share_below(numbers, growth).value == pytest.approx(27)


def test_the_nearest_rounding_stays_within_the_rounding():
    shares = pd.DataFrame(
        {"long_stay": ["a", "b"], "value": [25.0, 25], "low": [24.0, 24], "high": [26.0, 28]}
    )
    assert home.share_choices(shares, 27)["value"].tolist() == [25, 25, 26, 27]


def test_growth_is_that_of_the_population():
    people = tables.read("population")
    factors = home.growths(people, 2008, 2018)
    old = people[people["age"] >= 65].groupby("year")["population"].sum()
    assert factors["growth of 65+"] == pytest.approx(old[2018] / old[2008])
    assert factors["unchanged days"] == 1


def test_about_ten_thousand_people_and_27_percent_with_their_intervals():
    """The combined numbers as the chapter gives them, from the printed numbers and the population table."""
    numbers, growths = home.printed(), home.growths(tables.read("population"), 2008, 2018)
    totals = [home.settings(numbers, growth, 365).iloc[-1] for growth in growths.values()]
    people = home.settings(numbers, growths["growth of 65+"], 365).iloc[-1]
    assert [round(people[end]) for end in ("value", "low", "high")] == [10442, 9929, 10958]
    assert (round(min(t["low"] for t in totals)), round(max(t["high"] for t in totals))) == (9675, 11028)
    shares = home.shares_every_way(numbers, growths).set_index("long_stay").round(1)
    assert shares.loc["growth of 65+", ["value", "low", "high"]].tolist() == [25.5, 23.3, 27.6]
    assert shares.loc["unchanged days", ["value", "low", "high"]].tolist() == [23.7, 21.5, 26.0]
    assert (shares["value"] < 26.5).all()
    assert (shares["high"] >= 26.5).sum() == 3
