"""Money for older people's care in Scotland: what the printed amounts and shares say about each other."""

from __future__ import annotations

import pandas as pd

from careshift import arithmetic, claims, outside_data
from careshift.claims import Choice
from careshift.project import CareshiftError

YEARS = ("2011-12", "2012-13", "2013-14", "2014-15")
PATHWAYS = {
    "home": "Care at home, preventive and responsive",
    "institutions": "Hospitals and care homes",
    "transitions": "Care at times of transition",
}


def change_fund(other: float) -> pd.DataFrame:
    """Return the Change Fund by year in million pounds, and its share of older people's spending in percent.

    Columns year, fund, share, low, high on the printed spending of about 2010, which stands for every year,
    and other, the share of another spending in billion pounds.
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
    return pd.DataFrame(rows).assign(other=lambda frame: frame["fund"] / (10 * other))


def mean_fund() -> float:
    """Return the mean of the printed Change Fund over its four years, in million pounds a year."""
    return sum(claims.find(f"kingsfund2013/change-fund-{year}").value for year in YEARS) / len(YEARS)


def spending_for(percent: float) -> float:
    """Return the spending in billion pounds of which the mean yearly fund would be a share in percent."""
    return mean_fund() / (10 * percent)


def share_on_bases() -> list[Choice]:
    """Return the Change Fund's share in percent on every spending found, the document's own print apart.

    Here each amount counts; the claim's verdict is that of the first, since the others are its copies.
    """
    claim = claims.find("hendry2021/change-fund-share")
    outside, own = outside_data.evidence_of(claim), arithmetic.evidence_of(claim)
    if outside is None or own is None or own.derived is None:
        raise CareshiftError(f"{claim.id} names no spending to set the fund against.")
    spending = claims.find("kingsfund2013/older-people-spending").printed
    label = f"{spending} billion pounds, about 2010 (printed in 2013)"
    amounts = [choice.model_copy(update={"decides": True}) for choice in outside.choices]
    return [*amounts, Choice(label=label, value=own.derived, decides=False)]


def free_personal_care_share() -> float:
    """Return free personal care at home in 2010-11, a part of home care, in percent of spending on 65+."""
    spending = 'product(official("rcop_spend", "S92000003", "2011/12"), 1000)'
    care = 'official("fpc_home_spend", "S92000003", "2010-11")'
    return outside_data.evaluate(f"share({care}, {spending})")[0].value


def pathways() -> pd.DataFrame:
    """Return the three printed shares of the fund in percent, first and last year, and their change."""
    rows = [
        {"pathway": words, "first": _pathway(key, "2012-13"), "last": _pathway(key, "2014-15")}
        for key, words in PATHWAYS.items()
    ]
    return pd.DataFrame(rows).assign(change=lambda frame: frame["last"] - frame["first"])


def _pathway(key: str, year: str) -> float:
    return claims.find(f"kingsfund2013/change-fund-{key}-{year}").value


def pathways_together(year: str) -> tuple[float, float]:
    """Return the least and the most that the three printed shares of a year can sum to, in percent."""
    shares = ", ".join(f'same_as("kingsfund2013/change-fund-{key}-{year}")' for key in PATHWAYS)
    found = arithmetic.evaluate(f"total({shares})")
    return found.low, found.high


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
    """Return the printed parts of older people's spending: part, share, billions, and what the amount is."""
    spending = claims.find("kingsfund2013/older-people-spending").value
    institutions = claims.find("kingsfund2013/older-people-spending-institutions")
    emergency = claims.find("kingsfund2013/older-people-emergency-share")
    home = claims.find("kingsfund2013/older-people-home-care-share")
    amount = claims.find("kingsfund2013/older-people-emergency-spending").value
    return pd.DataFrame(
        [
            (
                "Hospitals and care homes",
                f"{institutions.printed} %",
                institutions.value * spending / 100,
                "share",
            ),
            ("Emergency admissions", emergency.printed, amount, "printed"),
            ("Home care", f"{home.qualifier} {home.printed} %", home.value * spending / 100, "at most"),
        ],
        columns=["part", "share", "billions", "amount"],
    )
