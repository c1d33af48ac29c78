"""People aged 65 and over at home beyond the expected number: arithmetic over three settings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careshift import arithmetic, effect_sizes
from careshift.arithmetic import Quantity
from careshift.topics.emergency_care import persons

PRINTED = {
    "emergency expected": "hendry2021/emergency-bed-days-expected-2018-19",
    "emergency actual": "hendry2021/emergency-bed-days-actual-2018-19",
    "long stay 2008/09": "hendry2021/long-stay-bed-days-2008-09",
    "long stay 2018/19": "hendry2021/long-stay-bed-days-2018-19",
    "residents": "hendry2021/care-home-residents-march-2019",
    "below expected": "hendry2021/care-home-residents-below-expected",
}
MILLION = 1e6
STANDARDS = {
    "unchanged days": None,
    "growth of 65+": 65,
    "growth of 75+": 75,
    "growth of 85+": 85,
}
SETTINGS = ("Hospital, after an emergency", "Hospital, long stay", "Care homes")


def printed() -> dict[str, Quantity]:
    """Return the six printed numbers with what their rounding allows: days, residents and percent."""
    found = {name: arithmetic.same_as(claim) for name, claim in PRINTED.items()}
    for name in ("emergency expected", "emergency actual"):
        found[name] = Quantity(*(MILLION * end for end in found[name]))
    return found


def growths(population: pd.DataFrame, base: int, later: int) -> dict[str, float]:
    """Return by what the long-stay days of 2008/09 are multiplied under each reading of "expected"."""
    factors = {}
    for words, youngest in STANDARDS.items():
        ends = [1.0, 1.0] if youngest is None else [persons(population, y, youngest) for y in (base, later)]
        factors[words] = ends[1] / ends[0]
    return factors


def settings(numbers: Mapping[str, Quantity], growth: float, days: int) -> pd.DataFrame:
    """Return how many people a day each setting held below expectation, with the span of the rounding.

    Columns setting, value, low, high (people); the last row is the sum of the three.
    """
    emergency = _gap(numbers["emergency expected"], numbers["emergency actual"], 1, days)
    long_stay = _gap(numbers["long stay 2008/09"], numbers["long stay 2018/19"], growth, days)
    people, share = numbers["residents"], numbers["below expected"]
    homes = Quantity(*(r * s / (100 - s) for r, s in zip(people, share, strict=True)))
    rows = [*zip(SETTINGS, (emergency, long_stay, homes), strict=True)]
    rows.append(("All three", arithmetic.total(emergency, long_stay, homes)))
    return pd.DataFrame([{"setting": name, **quantity._asdict()} for name, quantity in rows])


def _gap(expected: Quantity, actual: Quantity, growth: float, days: int) -> Quantity:
    ends = (
        (expected.value, actual.value),
        (expected.low, actual.high),
        (expected.high, actual.low),
    )
    return Quantity(*((growth * e - a) / days for e, a in ends))


def hospital_share_below(numbers: Mapping[str, Quantity], growth: float) -> Quantity:
    """Return by how many percent emergency and long-stay days together lie below expectation."""
    e, l0 = numbers["emergency expected"], numbers["long stay 2008/09"]
    a, l1 = numbers["emergency actual"], numbers["long stay 2018/19"]
    ends = (
        (e.value + growth * l0.value, a.value + l1.value),
        (e.low + growth * l0.low, a.high + l1.high),
        (e.high + growth * l0.high, a.low + l1.low),
    )
    return Quantity(*(effect_sizes.percent_fall(expected, actual) for expected, actual in ends))


def shares_every_way(numbers: Mapping[str, Quantity], factors: Mapping[str, float]) -> pd.DataFrame:
    """Return the hospital share below expectation under every reading, with the span of the rounding.

    Columns long_stay, value, low, high (percent).
    """
    rows = [
        {"long_stay": words, **hospital_share_below(numbers, growth)._asdict()}
        for words, growth in factors.items()
    ]
    return pd.DataFrame(rows)


def share_choices(shares: pd.DataFrame, printed_share: float) -> pd.DataFrame:
    """Return each reading twice: as printed, and with the rounding that comes nearest to the print.

    The second is shown apart: it is drawn towards the print. Columns long_stay, rounding, value (percent),
    decides.
    """
    nearest = shares[["low", "high"]].assign(p=printed_share)
    within = nearest["p"].clip(lower=nearest["low"], upper=nearest["high"])
    frames = [
        shares[["long_stay", "value"]].assign(rounding="as printed", decides=True),
        shares[["long_stay"]].assign(value=within, rounding="rounding nearest to the print", decides=False),
    ]
    return pd.concat(frames, ignore_index=True)[["long_stay", "rounding", "value", "decides"]]


def people_every_way(
    numbers: Mapping[str, Quantity],
    factors: Mapping[str, float],
    care_home_gaps: Mapping[str, float],
    days: int,
) -> pd.DataFrame:
    """Return the people at home beyond expectation under every reading; columns as below, value in people.

    `care_home_gaps` are our own gaps of care homes, by what they rest on; they are shown apart, because the
    claim is a sum of printed numbers.
    """
    rows = []
    for words, growth in factors.items():
        gaps = settings(numbers, growth, days).set_index("setting")["value"]
        rows.append({"long_stay": words, "care_homes": "as printed", "value": gaps["All three"]})
        hospital = gaps[SETTINGS[0]] + gaps[SETTINGS[1]]
        rows += [
            {"long_stay": words, "care_homes": text, "value": hospital + gap}
            for text, gap in care_home_gaps.items()
        ]
    frame = pd.DataFrame(rows)
    return frame.assign(decides=frame["care_homes"] == "as printed")


def implied_long_stay(numbers: Mapping[str, Quantity], low: float, high: float) -> tuple[float, float]:
    """Return the lowest and highest expected long-stay days that a share printed between two ends implies.

    Emergency days as printed; `low` and `high` in percent below expected.
    """
    actual = numbers["emergency actual"].value + numbers["long stay 2018/19"].value
    first, last = (actual / (1 - share / 100) - numbers["emergency expected"].value for share in (low, high))
    return first, last
