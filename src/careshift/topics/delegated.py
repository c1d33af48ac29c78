"""Joint money as a share of two budgets, in Scotland and England, and the results of local examples."""

from __future__ import annotations

import pandas as pd

from careshift import arithmetic, claims

SCOTLAND = ("integration-budget", "nhs-budget", "social-care-budget")
ENGLAND = ("english-nhs-budget", "english-social-care-budget")
LOCAL = {"Scotland", "England", "UK"}  # what is not a local example


def shares(pooled: float) -> pd.DataFrame:
    """Return joint money as a percentage of both budgets, in Scotland and, with `pooled`, in England.

    `pooled` is in billion pounds. Columns country, joint, nhs, social, share, low and high (with the rounding
    of the amounts), printed.
    """
    scotland = [claims.find(f"kingsfund2018/{name}").value for name in SCOTLAND]
    england = [pooled, *(claims.find(f"kingsfund2018/{name}").value for name in ENGLAND)]
    rows = [_share("Scotland, delegated", scotland, 0.1), _share("England, pooled", england, 1)]
    printed = [claims.find("kingsfund2018/delegated-half").value, float("nan")]
    return pd.DataFrame(rows).assign(printed=printed)


def _share(country: str, billions: list[float], unit: float) -> dict[str, object]:
    joint, nhs, social = billions
    amounts = [f"rounded({amount}, {unit})" for amount in billions]
    found = arithmetic.evaluate(f"share({amounts[0]}, total({amounts[1]}, {amounts[2]}))")
    return {
        "country": country,
        "joint": joint,
        "nhs": nhs,
        "social": social,
        "share": found.value,
        "low": found.low,
        "high": found.high,
    }


def examples(records: pd.DataFrame) -> pd.DataFrame:
    """Return the results printed for local examples: area, says, printed (with qualifier), outcome."""
    local = records[~records["area"].isin(LOCAL) & (records["kind"].isin(["statement", "cause"]))]
    qualified = local["qualifier"].notna() & ~local["printed"].str.contains("[a-z]")
    words = local["printed"].mask(qualified, local["qualifier"].fillna("") + " " + local["printed"])
    return local.assign(printed=words)[["area", "says", "printed", "outcome"]].reset_index(drop=True)
