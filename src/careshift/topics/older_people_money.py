"""Money for older people's care in Scotland: what the printed amounts and shares say about each other."""

from __future__ import annotations

import pandas as pd

from careshift import arithmetic, claims, multiverse

YEARS = ("2011-12", "2012-13", "2013-14", "2014-15")
PATHWAYS = {
    "home": "Care at home, preventive and responsive",
    "institutions": "Hospitals and care homes",
    "transitions": "Care at times of transition",
}


def change_fund() -> pd.DataFrame:
    """Return the Change Fund by year in million pounds, and its share of older people's spending in percent.

    Columns year, fund, share, low, high; the spending of about 2010 stands for every year.
    """
    rows = []
    for year in YEARS:
        name = f"kingsfund2013/change-fund-{year}"
        found = arithmetic.evaluate(
            f'share(same_as("{name}"), product(same_as("kingsfund2013/older-people-spending"), 1000))'
        )
        amount = claims.find(name).value
        words = year.replace("-", "/")
        rows.append(
            {"year": words, "fund": amount, "share": found.value, "low": found.low, "high": found.high}
        )
    return pd.DataFrame(rows)


def total_fund() -> float:
    """Return the Change Fund of its four years together, in million pounds."""
    return float(change_fund()["fund"].sum())


def share_under_choices(base: float) -> pd.DataFrame:
    """Return the Change Fund's share in percent for each year, on the printed spending and on `base` billion.

    Columns year, spending, value, decides; only the printed spending may decide.
    """
    funds = change_fund().set_index("year")["fund"]
    printed = claims.find("kingsfund2013/older-people-spending").value
    amounts = {f"£{printed:g} billion (printed)": printed, f"£{base:g} billion (assumed)": base}
    found = multiverse.explore(
        lambda year, spending: 100 * funds[year] / (1000 * amounts[spending]),
        {"year": list(funds.index), "spending": list(amounts)},
    )
    return found.assign(decides=found["spending"].str.endswith("(printed)"))


def needed_for_one_percent() -> float:
    """Return the spending in billion pounds of which the mean yearly fund would be one percent."""
    return float(change_fund()["fund"].mean()) / 10


def pathways() -> pd.DataFrame:
    """Return the shares of the fund by pathway in percent, first and last year, and what they leave over."""
    rows = [
        {"pathway": words, "first": _pathway(key, "2012-13"), "last": _pathway(key, "2014-15")}
        for key, words in PATHWAYS.items()
    ]
    frame = pd.DataFrame(rows)
    left = {"pathway": "Not told", "first": 100 - frame["first"].sum(), "last": 100 - frame["last"].sum()}
    both = pd.concat([frame, pd.DataFrame([left])], ignore_index=True)
    return both.assign(change=both["last"] - both["first"])


def _pathway(key: str, year: str) -> float:
    return claims.find(f"kingsfund2013/change-fund-{key}-{year}").value


def integration_money() -> pd.DataFrame:
    """Return the money that integration authorities direct, as two documents print it, and its parts.

    Columns document, billions, nhs, councils; parts only where shares are printed.
    """
    total = claims.find("hendry2021/integration-budget").value
    shares = [claims.find(f"hendry2021/delegated-by-{who}").value / 100 for who in ("nhs", "councils")]
    first = claims.find("kingsfund2018/integration-budget").value
    missing = float("nan")
    return pd.DataFrame(
        {
            "document": ["The King's Fund 2018", "Journal paper 2021"],
            "billions": [first, total],
            "nhs": [missing, total * shares[0]],
            "councils": [missing, total * shares[1]],
        }
    )


def older_people() -> pd.DataFrame:
    """Return the printed shares of older people's spending as amounts: part, share, billions."""
    spending = claims.find("kingsfund2013/older-people-spending").value
    names = {
        "Hospitals and care homes": "older-people-spending-institutions",
        "Emergency admissions": "older-people-emergency-share",
        "Home care (less than)": "older-people-home-care-share",
    }
    shares = [claims.find(f"kingsfund2013/{name}").value for name in names.values()]
    frame = pd.DataFrame({"part": list(names), "share": shares})
    return frame.assign(billions=frame["share"] * spending / 100)
