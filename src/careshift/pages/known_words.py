"""Changes and findings in words: no sign, one number a sentence where it can be."""

from __future__ import annotations

from careshift import claims
from careshift.certainty import Finding

HOME = "Scotland"  # the nation with most figures leads
DATES = (  # the claims that print when services were joined up
    "kingsfund2013/highland-lead-agency-year",
    "hendry2021/act-year",
    "hendry2021/full-integration-year",
)


def dates() -> str:
    """Return in a sentence or two when services were joined up in Scotland, as the documents date it."""
    highland, act, full = (f"{claims.find(name).value:.0f}" for name in DATES)
    return (
        f"Highland joined up its services in {highland}. The Act for all of Scotland came in {act}, and "
        f"every area had to be joined up by {full}."
    )


def joined() -> str:
    """Return the same in one short sentence, for the first page."""
    first, last = (f"{claims.find(name).value:.0f}" for name in (DATES[0], DATES[-1]))
    return f"Highland joined up its services in {first}, all of Scotland by {last}."


def moved(value: float, unit: str = "%") -> str:
    """Return a change without its sign: "fell by 11 %", "rose by 2.4 %", "fell by 4 points"."""
    return f"{'fell' if value < 0 else 'rose'} by {size(value, unit)}"


def size(value: float, unit: str = "%") -> str:
    """Return how large a change is, without its sign, to two digits."""
    return f"{abs(value):.{0 if abs(value) >= 9.95 else 1}f} {unit}"


def one_way(value: float, unit: str = "%") -> str:
    """Return a change as a thing: "a fall of 11 %"."""
    if size(value, unit) == size(0, unit):
        return "no change"
    return f"a {'fall' if value < 0 else 'rise'} of {size(value, unit)}"


def came_out(found: Finding) -> str:
    """Return the leading change of a finding as a thing: "a fall of 11 %", "20 % fewer"."""
    lead = found.readings[0].value
    if found.design == "expected counts":
        return f"{size(lead)} {'fewer' if lead < 0 else 'more'}"
    return one_way(lead, found.unit)


def sentence(found: Finding) -> str:
    """Return in one sentence what happened, by the leading reading."""
    if not found.readings:
        return "No public figure says."
    lead = found.readings[0].value
    if found.design == "expected counts":
        more = "fewer" if lead < 0 else "more"
        return f"In {found.period} there were {size(lead)} {more} {found.what}."
    what = found.what[0].upper() + found.what[1:]
    return f"{what} {moved(lead, found.unit)} from {found.period}."


def spread(found: Finding) -> str:
    """Return in a sentence how far the readings lie apart; nothing for a single one."""
    if len(found.readings) < 2:
        return ""
    low, high = found.span
    if found.direction == "both":
        return f"Other readings disagree: they run {between(found)}."
    near, far = (size(value, found.unit) for value in sorted((low, high), key=abs))
    ends = f"{near.removesuffix(f' {found.unit}')} to {far}"
    number = "both" if len(found.readings) == 2 else f"all {len(found.readings)}"
    if found.design == "expected counts":
        return f"By {number} readings it is {ends} {'fewer' if found.direction == 'fall' else 'more'}."
    return f"By {number} readings it {'fell' if found.direction == 'fall' else 'rose'} by {ends}."


def eve(found: Finding) -> str:
    """Return in a sentence how much of a change had come by the eve of joining up, where that is known."""
    if found.eve is None:
        return ""
    if found.eve.after is None:
        more = "fewer" if found.eve.before < 0 else "more"
        when = f"In {found.eve.at}, before joint authorities took over"
        return f"{when}, it was already {size(found.eve.before)} {more}."
    return (
        f"Up to {found.eve.at}, the last year before joint authorities took over, it "
        f"{moved(found.eve.before, found.unit)}. After that it {moved(found.eve.after, found.unit)}."
    )


def between(found: Finding) -> str:
    """Return the lowest and the highest reading: "from a fall of 84 % to a rise of 37 %"."""
    low, high = found.span
    return f"from {one_way(low, found.unit)} to {one_way(high, found.unit)}"


def title_of_gap(before: str, gap: tuple[float, str], after: str) -> str:
    """Return a title with how far the counted lies from the expected: "... 20 % fewer ... in March 2019"."""
    percent, when = gap
    return f"{before} {size(percent)} {'fewer' if percent < 0 else 'more'} {after} in {when}"


def title_below_rate(what: str, gap: tuple[float, str], rate: str) -> str:
    """Return a title with how far a count lies from what an earlier rate would give, and when."""
    percent, when = gap
    side = "fewer" if percent < 0 else "more"
    return f"{what} in {when}: {size(percent)} {side} than the rate of {rate} gives"


def title_of_change(what: str, found: Finding) -> str:
    """Return a title with the leading change of a finding and its last date."""
    last = found.period.rpartition(" to ")[2]
    return f"{what} {moved(found.readings[0].value, found.unit)} to {last}"


def title_of_beds(change: tuple[float, str, str]) -> str:
    """Return the title on delays: how many more or fewer beds they took in the last year than the first."""
    percent, first, last = change
    more = "fewer" if percent < 0 else "more"
    return f"Delays took {size(percent)} {more} beds by {last} than from {first}"


def of_beds(change: tuple[float, str, str]) -> str:
    """Return the sentence on delays: the beds of the last twelve months beside those of the first twelve."""
    percent, first, last = change
    more = "fewer" if percent < 0 else "more"
    return f"In the year to {last} delays took {size(percent)} {more} beds than in the year from {first}."
