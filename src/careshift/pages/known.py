"""What the chapter on what is known shows: each question's answer and facts, the scheme of grades."""

from __future__ import annotations

from collections.abc import Sequence

from careshift.certainty import CAUSE_STARTS, DESIGNS, LADDER, WEAKNESSES, DateTest, Finding, Grade
from careshift.pages import wording
from careshift.pages.frames import Table, table
from careshift.pages.known_words import HOME, came_out, eve, moved, one_way, sentence, spread
from careshift.pages.safe_text import Markdown, escape, say

SURE: dict[Grade, str] = {
    "high": "quite sure",
    "moderate": "fairly sure",
    "low": "not sure",
    "very low": "far from sure",
}
SHOWN: dict[Grade, str] = {
    "high": "well shown",
    "moderate": "partly shown",
    "low": "hardly shown",
    "very low": "not shown",
}


def headline(findings: Sequence[Finding]) -> Markdown:
    """Return the chapter's answer in two sentences: how the questions came out, and how sure we are."""
    at = listed(findings)
    mine = [found for found in findings if found.place == HOME]
    sure = sum(found.happened in ("high", "moderate") for found in mine)
    shown = sum(found.caused in ("high", "moderate") for found in mine)
    return say(
        "Of {all} questions on Scotland {yes} get a yes and {no} a no, {unclear} stay unclear, and "
        "for {unknown} there is no public figure. For {sure} we are fairly or quite sure what happened, and "
        "for {shown} that joining up did it.",
        all=len(mine),
        yes=at["Yes"],
        no=at["No"],
        unclear=at["Not clear"],
        unknown=at["Not known"],
        sure=sure or "none",
        shown=shown or "none",
    )


def told(findings: Sequence[Finding], name: str) -> Markdown:
    """Return the paragraph on a question: the answer for Scotland, the size, both grades."""
    found = _one(findings, name, HOME)
    if not found.readings:
        return say("**{answer}.** No public figure says. So neither grade can be given.", answer=found.answer)
    sure = f"We are {SURE[found.happened]} what happened."
    cause = f"Whether joining up services did it is {SHOWN[found.caused]}."
    parts = [sentence(found), spread(found), eve(found), _test(found.test), found.compared, sure, cause]
    return say("**{answer}.** {words}", answer=found.answer, words=" ".join(filter(None, parts)))


def _test(test: DateTest | None) -> str:
    if test is None:
        return "No public series lets us test the date on which services were joined."
    beside = "Beside the other nations" if test.design == "comparison" else "Against the trend before"
    chance = "That is more than chance." if not test.low <= 0 <= test.high else "Chance could do that."
    return (
        f"{beside}, the level in {test.at} {moved(test.effect, test.unit)}. The interval runs from "
        f"{one_way(test.low, test.unit)} to {one_way(test.high, test.unit)}. {chance}"
    )


def facts(findings: Sequence[Finding], name: str) -> Table:
    """Return a question's facts as a table: a row a nation, with design, readings and what weakens it."""
    import pandas as pd

    mine = [found for found in findings if found.id == name]
    frame = pd.DataFrame(
        {
            "Nation": [found.place for found in mine],
            "Answer": [found.answer for found in mine],
            "What came out": [_readings(found) for found in mine],
            "Design": [_design(found) for found in mine],
            "Certainty: what happened": [graded(found.happened, found.weaknesses) for found in mine],
            "Certainty: joining up did it": [
                graded(found.caused, found.test.weaknesses if found.test else ()) for found in mine
            ],
        }
    )
    return table(frame, f"{mine[0].question} The three nations")


def _readings(found: Finding) -> str:
    if not found.readings:
        return "no public figure"
    words = f"{came_out(found)}, {found.period}"
    if found.interval:
        low, high = found.interval
        words += f" (95 % interval: {one_way(low, found.unit)} to {one_way(high, found.unit)})"
    why = [words for words in (found.part, found.nearest, found.count_changed) if words]
    return words + (f". Mind: {'; '.join(why)}" if why else "")


def _design(found: Finding) -> str:
    tested = found.test.design if found.test else found.design
    return found.design if tested == found.design else f"{found.design}; the date tested by {tested}"


def graded(grade: str, weaknesses: Sequence[str]) -> str:
    """Return a grade with its reasons: "low: a nearest figure; the count changed"."""
    return f"{grade}: {'; '.join(weaknesses)}" if weaknesses else grade


def mind(findings: Sequence[Finding], name: str) -> Markdown:
    """Return what would change our mind, as the claim's record names it, and where more stands."""
    found = _one(findings, name, HOME)
    words = say("What would change our mind: {data}.", data=found.mind.rstrip("."))
    link = f"[{escape(wording.chapter(found.chapter))}](/chapters/{found.chapter}.ipynb)"
    return Markdown(f"{words}\n\nMore: {link}.")


def side_by_side(findings: Sequence[Finding]) -> Table:
    """Return all questions in rows and the nations in columns: answer, change, certainty of what happened."""
    import pandas as pd

    places = list(dict.fromkeys(found.place for found in findings))
    names = list(dict.fromkeys(found.id for found in findings))
    rows = []
    for name in names:
        mine = {found.place: found for found in findings if found.id == name}
        rows.append([mine[places[0]].question, *(_cell(mine[place]) for place in places)])
    return table(pd.DataFrame(rows, columns=["Question", *places]), "The three nations side by side")


def _cell(found: Finding) -> str:
    if not found.readings:
        return found.answer
    if found.part:
        return f"{found.answer}. {found.part.capitalize()}: {came_out(found)}, {found.period}"
    return f"{found.answer}: {came_out(found)}, {found.period} ({found.happened})"


def scheme() -> Table:
    """Return the scheme of grades as a table: each design, where both grades start, and each weakness."""
    import pandas as pd

    rows: list[tuple[str, str, str]] = [
        (f"{design}: {words}", "not known" if design == "none" else "high", CAUSE_STARTS[design])
        for design, words in DESIGNS.items()
    ]
    rows += [(f"{name}: {words}", *_down(steps)) for name, (steps, words) in WEAKNESSES.items()]
    frame = pd.DataFrame(rows, columns=["Design or weakness", "What happened", "Joining up did it"])
    return table(frame, f"How the grades are made: {', '.join(reversed(LADDER))}")


def _down(steps: int) -> tuple[str, str]:
    words = f"{steps} step{'s' * (steps > 1)} down"
    return words, words


def every_reading(findings: Sequence[Finding]) -> Table:
    """Return every reading of every finding: question, nation, reading, change and its unit."""
    import pandas as pd

    rows = [
        (found.question, found.place, reading.label, reading.value, found.unit)
        for found in findings
        for reading in found.readings
    ]
    frame = pd.DataFrame(rows, columns=["Question", "Nation", "Reading", "Change", "Unit"])
    return table(frame, "Every reading and its change", formats={"Change": "+.1f"})


def _one(findings: Sequence[Finding], name: str, place: str) -> Finding:
    return next(found for found in findings if (found.id, found.place) == (name, place))


def listed(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many questions on Scotland have each answer."""
    mine = [found.answer for found in findings if found.place == HOME]
    return {answer: mine.count(answer) for answer in ("Yes", "No", "Not clear", "Not known")}
