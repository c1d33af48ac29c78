"""The questions of the chapter *What is known*, and the record that says what would settle each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from careshift import claims
from careshift.certainty import Finding
from careshift.claims import Choice


@dataclass(frozen=True)
class Question:
    """A question, the way it asks about, and the claim whose record names the data that would settle it."""

    words: str
    asked: Literal["fall", "rise"]
    wanted_by: str


QUESTIONS: dict[str, Question] = {
    "emergency-admissions": Question(
        "Did emergency admissions fall?", "fall", "kingsfund2013/partnership-review-improvements"
    ),
    "bed-days": Question("Did emergency bed days fall?", "fall", "kingsfund2013/lessons-bed-days-changed"),
    "delays": Question(
        "Did delays in leaving hospital fall?", "fall", "kingsfund2013/lessons-delays-changed"
    ),
    "care-homes": Question(
        "Are fewer people in care homes than expected?",
        "fall",
        "kingsfund2013/lessons-care-homes-below-projection",
    ),
    "care-at-home": Question(
        "Did more people get care at home?", "rise", "kingsfund2013/lessons-home-care-increased"
    ),
    "experience": Question(
        "Did people’s experience of care improve?", "rise", "msg2019/care-improves-by-integration"
    ),
    "money-moved": Question(
        "Did councils’ money move from care homes to care at home?",
        "rise",
        "kingsfund2013/resource-framework-releases",
    ),
    "money-saved": Question("Did it save money?", "fall", "hendry2021/shift-releases-resources"),
    "attendances": Question(
        "Did fewer people go to emergency departments?", "fall", "hendry2021/impacts-from-the-reform"
    ),
}


def finding(name: str, place: str, **known: Any) -> Finding:
    """Return the finding on one of the questions; what would settle it comes from the claim's record."""
    question = QUESTIONS[name]
    wanted = claims.find(question.wanted_by).needs or ""
    return Finding(id=name, question=question.words, asked=question.asked, place=place, mind=wanted, **known)


def reading(words: str, start: float, end: float) -> Choice:
    """Return the change from start to end, in percent, as a reading."""
    return Choice(label=words, value=100 * (float(end) / float(start) - 1))


def points(words: str, start: float, end: float) -> Choice:
    """Return the change of a percentage from start to end, in points, as a reading."""
    return Choice(label=words, value=float(end) - float(start))


def readings(pairs: Iterable[tuple[str, float]]) -> tuple[Choice, ...]:
    """Return changes with their names as readings."""
    return tuple(Choice(label=words, value=float(value)) for words, value in pairs)
