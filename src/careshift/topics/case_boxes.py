"""Results in the boxes on Scottish examples: what they would be worth with the people behind them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from careshift import arithmetic, claims

KEPT_AT_HOME = "kingsfund2013/lanarkshire-kept-at-home"
PREVENTED = "kingsfund2013/midlothian-admissions-prevented"
STIRLING = "kingsfund2013/stirling-intensive-at-home"
GROWTH = {
    "Midlothian": "midlothian-spending-growth",
    "First benchmark council": "midlothian-benchmark-growth-first",
    "Second benchmark council": "midlothian-benchmark-growth-second",
}
MEASURES = ("outcomes", "customer", "efficiency", "people")


def share_limits(percent: float, people: int, confidence: float) -> tuple[float, float]:
    """Return Wilson's limits in percent of a share, if it was counted on so many people.

    share_limits(80, 50, 0.95) gives about 67 to 89. Method: Wilson 1927, doi 10.1080/01621459.1927.10502953.
    """
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(percent / 100 * people, people, alpha=1 - confidence, method="wilson")
    return 100 * float(low), 100 * float(high)


def if_counted_on(people: Sequence[int], confidence: float) -> pd.DataFrame:
    """Return the share kept at home and its limits, for each assumed number of patients.

    Columns people (words), value, low, high; percent.
    """
    printed = claims.find(KEPT_AT_HOME).value
    limits = [share_limits(printed, number, confidence) for number in people]
    return pd.DataFrame(
        {
            "people": [f"{number} patients" for number in people],
            "value": printed,
            "low": [low for low, _ in limits],
            "high": [high for _, high in limits],
        }
    )


def prevented(months: Sequence[int], confidence: float) -> pd.DataFrame:
    """Return the limits of admissions prevented a month, if counted over so many months: months, low, high.

    Exact limits of a Poisson count (Garwood 1936, doi 10.1093/biomet/28.3-4.437).
    """
    from scipy.stats import chi2

    monthly, tail = claims.find(PREVENTED).value, (1 - confidence) / 2
    rows = []
    for n in months:
        count = monthly * n
        low, high = chi2.ppf(tail, 2 * count) / 2, chi2.ppf(1 - tail, 2 * count + 2) / 2
        rows.append({"months": n, "value": monthly, "low": float(low) / n, "high": float(high) / n})
    return pd.DataFrame(rows)


def spending_growth() -> pd.DataFrame:
    """Return the growth of spending per older person in percent: council, growth, and Midlothian against it.

    `against` is how far Midlothian's spending, level at the start, ended below that council's, in percent.
    """
    growth = {council: claims.find(f"kingsfund2013/{name}").value for council, name in GROWTH.items()}
    own = 100 + growth["Midlothian"]
    frame = pd.DataFrame({"council": list(growth), "growth": list(growth.values())})
    return frame.assign(against=100 * (1 - own / (100 + frame["growth"])))


def stirling() -> pd.DataFrame:
    """Return people with intensive needs who live at home in Stirling, in percent, before and after."""
    before, after = (claims.find(f"{STIRLING}-{when}").value for when in ("before", "after"))
    return pd.DataFrame([{"what": "Intensive needs, living at home", "before": before, "after": after}])


def stirling_ratio() -> tuple[float, float, float]:
    """Return how many times the share rose in Stirling, and the lowest and highest that rounding allows."""
    before, after = (f'same_as("{STIRLING}-{when}")' for when in ("before", "after"))
    value, low, high = arithmetic.evaluate(f"ratio({after}, {before})")
    return value, low, high


def measures() -> int:
    """Return how many measures East Renfrewshire reports each quarter."""
    names = (f"kingsfund2013/east-renfrewshire-{kind}-measures" for kind in MEASURES)
    return int(sum(claims.find(name).value for name in names))


def sizes(fewest: int, most: int) -> list[int]:
    """Return assumed numbers of people, doubling from the fewest, with the most as the last."""
    doubled = [fewest * 2**step for step in range(20)]
    return [number for number in doubled if number < most] + [most]
