"""How certain a finding is: graded from its design and its weaknesses, which its own numbers show.

Two grades stand beside each other. One is about what happened; the other about whether joining up services
did it. Both start from the design and go down by steps for each weakness, as GRADE does (Guyatt and others
2008, doi 10.1136/bmj.39489.470347.AD). No grade is typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from careshift.claims import Choice, Record

Design = Literal["comparison", "interrupted series", "expected counts", "before and after", "none"]
Grade = Literal["high", "moderate", "low", "very low", "not known"]
LADDER: tuple[Grade, ...] = ("very low", "low", "moderate", "high")
UNKNOWN: Grade = "not known"
ALONE = 0.25  # share of four nations that the one alone makes up
MIME = "application/vnd.careshift.findings+json"
DESIGNS: Mapping[Design, str] = {
    "comparison": "the place that joined up beside places that did not, before and after",
    "interrupted series": "one place, many dates before and after the change",
    "expected counts": "what earlier rates would have given in the later population",
    "before and after": "two dates or a few, in one place",
    "none": "no public figure",
}
CAUSE_STARTS: Mapping[Design, Grade] = {
    "comparison": "moderate",
    "interrupted series": "low",
    "expected counts": "very low",
    "before and after": "very low",
    "none": UNKNOWN,
}
WEAKNESSES: Mapping[str, tuple[int, str]] = {  # how many steps down, and what it means
    "the readings disagree": (2, "some fair readings rise and others fall"),
    "one reading only": (1, "no other reading of the figures could agree or disagree"),
    "chance could do it": (1, "the interval leaves room for no change"),
    "chance is not known": (1, "the figures come from a sample whose size is not public"),
    "a nearest figure": (
        1,
        "it counts other people, other years or another thing than asked for",
    ),
    "the count changed": (1, "the way of counting changed between the two dates"),
    "the pandemic is in it": (1, "the last date lies in or after the pandemic"),
    "others moved as much": (1, "places that did not join up moved as much"),
}


class DateTest(Record):
    """A test of the date on which services were joined: the change then, with its interval.

    `alike` is the share of places, this one among them, that moved at least as much; None where no other was
    looked at.
    """

    design: Design
    effect: float
    low: float
    high: float
    unit: str
    at: str
    count_changed: bool = False
    alike: float | None = None

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """Return what weakens the test."""
        found = {
            "chance could do it": self.low <= 0 <= self.high,
            "the count changed": self.count_changed,
            "others moved as much": self.alike is not None and self.alike > ALONE,
        }
        return tuple(name for name, there in found.items() if there)


class Eve(Record):
    """How much of a change had come by the eve of joining up, and how much came after.

    `before` is the change of the leading reading up to `at`, `after` from then on, both in its unit; `after`
    is None for a distance from an expected count, which is a stock.
    """

    at: str
    before: float
    after: float | None = None


class Finding(Record):
    """What the public figures say on one question in one place.

    `readings` are changes in `unit`, the leading one first; `asked` is the way that the question asks about.
    `nearest` and `count_changed` say in words why a figure only comes near, or how the count changed. `part`
    says in words of what part of the question alone a figure tells: then the question has no answer. `eve`
    parts the change at the date of joining up, `compared` tells of a study with a control, `mind` says what
    would change our mind.
    """

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    question: str = Field(pattern=r"\?$")
    place: str
    asked: Literal["fall", "rise"]
    what: str = ""
    period: str = ""
    unit: str = "%"
    readings: tuple[Choice, ...] = ()
    interval: tuple[float, float] | None = None
    design: Design = "none"
    nearest: str | None = None
    part: str | None = None
    eve: Eve | None = None
    compared: str = ""
    count_changed: str | None = None
    after_pandemic: bool = False
    sampled: bool = False
    test: DateTest | None = None
    chapter: str = Field(default="", pattern=r"^([a-z_]+/[a-z_]+)?$")
    mind: str = ""

    @property
    def span(self) -> tuple[float, float]:
        """Return the lowest and the highest reading."""
        values = [reading.value for reading in self.readings]
        return min(values), max(values)

    @property
    def direction(self) -> Literal["fall", "rise", "both", "none"]:
        """Return which way the readings went, "both" where they disagree, "none" without a reading."""
        if not self.readings:
            return "none"
        low, high = self.span
        return "fall" if high < 0 else "rise" if low > 0 else "both"

    @property
    def answer(self) -> Literal["Yes", "No", "Not clear", "Not known"]:
        """Return the answer to the question in a word or two."""
        if self.direction == "none" or self.part:
            return "Not known"
        if self.direction == "both":
            return "Not clear"
        return "Yes" if self.direction == self.asked else "No"

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """Return what weakens the finding about what happened."""
        low, high = self.interval or (1.0, 1.0)
        found = {
            "the readings disagree": self.direction == "both",
            "one reading only": len(self.readings) == 1,
            "chance could do it": low <= 0 <= high,
            "chance is not known": self.sampled,
            "a nearest figure": self.nearest is not None,
            "the count changed": self.count_changed is not None,
            "the pandemic is in it": self.after_pandemic,
        }
        return tuple(name for name, there in found.items() if there) if self.readings else ()

    @property
    def happened(self) -> Grade:
        """Return how certain it is what happened."""
        return lowered("high", self.weaknesses) if self.readings and not self.part else UNKNOWN

    @property
    def caused(self) -> Grade:
        """Return how certain it is that joining up services did it."""
        if self.test is None:
            return CAUSE_STARTS[self.design if self.readings and not self.part else "none"]
        return lowered(CAUSE_STARTS[self.test.design], self.test.weaknesses)


def lowered(start: Grade, weaknesses: Sequence[str]) -> Grade:
    """Return the grade lowered by the steps of each weakness, never below the lowest: "high" to "low"."""
    if start == UNKNOWN:
        return UNKNOWN
    steps = sum(WEAKNESSES[name][0] for name in weaknesses)
    return LADDER[max(LADDER.index(start) - steps, 0)]


class Findings:
    """Findings that a chapter shows last in a cell: one line each, and the record for the book."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.found = tuple(found)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        kept = [finding.model_dump(mode="json", exclude_defaults=True) for finding in self.found]
        return {"text/plain": "\n".join(map(line, self.found)), MIME: kept}


def line(finding: Finding) -> str:
    """Return a finding on one line, for a test that compares outputs."""
    values = ", ".join(f"{reading.value:.3g}" for reading in finding.readings) or "none"
    grades = f"what happened: {finding.happened} | cause: {finding.caused}"
    return f"{finding.id} | {finding.place} | {finding.answer} | {values} {finding.unit} | {grades}"


def read(notebook: Path) -> tuple[Finding, ...]:
    """Return the findings that an executed notebook carries in its outputs."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return tuple(Finding.model_validate(item) for data in outputs for item in data.get(MIME, []))
