"""No number of the documents is missing: each belongs to a claim of its document, or to a reasoned exclusion.

A number belongs to a claim where it occurs in the record of one: in what it says or prints, its period,
place, unit, expression, note or reading. It must occur in at least as many records as it stands in the text,
so that a number in one section cannot stand for the same number in another. Counts written as words are read
as numbers, from two upward, and simple fractions as themselves.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from careshift import claims
from careshift.claims import SOURCES, Claim

UNITS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
TENS = {
    word: 10 * number
    for number, word in enumerate(
        re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
WORDS = {word: number for number, word in enumerate(UNITS) if number > 1} | TENS
SPELT = "|".join(sorted(WORDS, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?P<first>(?:19|20)\d\d)\s?[/–-]\s?(?P<last>\d\d)(?!\d)"
    rf"|\b(?:(?P<parts>one|two|three|four|a)(?:-\s?|\s))(?P<part>third|quarter|fifth)s?\b(?!\s+sector)"
    rf"|\b(?P<fraction>half|halv|doubl|twice|dozen)(?:e|ed|es|ing)?\b"
    rf"|(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|\b(?P<tens>{'|'.join(TENS)})-(?P<unit>{'|'.join(UNITS[1:10])})\b|\b(?P<word>{SPELT})\b",
    re.IGNORECASE,
)

# What is no claim: the pattern, and why. What a pattern matches is blanked before numbers are sought.
EVERYWHERE = {
    r"https?://\S+|www\.\S+|\S+@\S+": "an address",
    r"(?<=[A-Za-z])-?\d+\b": "part of a name, such as SMR01",
    r"\b(?:pp?|pages?)\s\d+(?:[–-]\d+)?": "a page number",
    r"\bpara(?:graph)?s?\s[\d.]+(?:\s(?:and|recommendation)\s[\d.]+)?": "a place in a cited text",
    r"\b21st[\s-]+century\b": "a manner of speaking",
    r"\b(?:[Ff]igures?|[Tt]ables?|Exhibit)\s\d+(?:(?:,\s\d+)*\s(?:and|to)\s\d+)?": "a label, in coverage.yml",
}
YEAR = r"(?:19|20)\d\d[a-z]?"
AUTHOR = r"[A-Z][\w’'&.-]*(?:,?\s+(?:et|al|and|of|the|for|&|[A-Z][\w’'&.-]*))*"
PLACE = r"(?:,\s+(?:pp?|paras?)\s+[\d–-]+)?"
CITED = rf"{AUTHOR},?\s+{YEAR}(?:,\s+{YEAR})*{PLACE}"
BY_AUTHOR = {
    rf"\((?:see\s+(?:also\s+)?|eg,?\s+)?{CITED}(?:[;,]\s+{CITED})*\)": "a citation with its year",
    rf"\b{AUTHOR}\s+\({YEAR}(?:,\s+{YEAR})*{PLACE}\)": "a citation with its year",
}
EXCLUDED: dict[str, dict[str, str]] = {
    "hendry2021": {r"\[[\d,;\s–-]+\]": "a reference number"},
    "policy2026": {},
    "msg2019": {
        r"\[\d+\]": "a footnote mark",
        r"(?m)^\s*\d+\.\s": "the number of a section or proposal",
    },
    "kingsfund2018": {
        r"(?s)\nContents\n.*?\n(?=#|1 Introduction|\*\*)": "the table of contents",
        r"(?s)\n\W*References\W*\n.*\Z": "the list of references",
        rf"{AUTHOR}\s+{YEAR}(?=,\s+paras)": "a citation with its year",
        **BY_AUTHOR,
    },
    "kingsfund2013": {
        r"\d+ © The King’s Fund \d{4}": "a page's footer",
        r"‘double enter’": "a manner of speaking",
        **BY_AUTHOR,
    },
}


def numbers(text: str) -> Iterator[tuple[str, int]]:
    """Yield each number of a text, plainly written, with its place."""
    for found in NUMBER.finditer(text):
        if found["first"]:
            yield found["first"], found.start()
            yield found["first"][:2] + found["last"], found.start()
        elif found["part"]:
            parts = found["parts"].lower().replace("one", "a")
            yield f"{parts} {found['part'].lower()}", found.start()
        elif found["fraction"]:
            yield found["fraction"].lower(), found.start()
        elif found["digits"]:
            yield plain(found["digits"]), found.start()
        elif found["tens"]:
            unit = UNITS.index(found["unit"].lower())
            yield str(TENS[found["tens"].lower()] + unit), found.start()
        else:
            yield str(WORDS[found["word"].lower()]), found.start()


def plain(digits: str) -> str:
    """Return a number without commas and useless zeros, so that 1,000.0 is 1000; 08 stays a short year."""
    text = digits.replace(",", "")
    return text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0") or "0"


def recorded(claim: Claim) -> set[str]:
    """Return the numbers that a claim's record holds."""
    low, high = claim.ends
    fields = (
        claim.printed,
        claim.period,
        claim.says,
        claim.unit,
        claim.derive,
        claim.where.section,
        claim.where.item,
    )
    words = " ".join(filter(None, (*fields, claim.note)))
    return {number for number, _ in numbers(f"{words} {low:.10g} {high:.10g}")}


def blanked(text: str, pattern: str) -> str:
    """Return the text with spaces in the place of what matches, lines kept."""
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def on_record(source: str) -> Counter[str]:
    """Return in how many records of a document each number stands."""
    return Counter(number for claim in claims.load(source) for number in recorded(claim))


def uncovered(text: str, excluded: dict[str, str], known: Counter[str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, number and surroundings of each number that stands here more often than on record."""
    kept, left = text, known.copy()
    for pattern in (*excluded, *EVERYWHERE):
        kept = blanked(kept, pattern)
    for number, place in numbers(kept):
        left[number] -= 1
        if left[number] < 0:
            around = " ".join(text[max(0, place - 50) : place + 50].split())
            yield text.count("\n", 0, place) + 1, number, around


@pytest.mark.raw
@pytest.mark.parametrize("source", SOURCES)
def test_every_number_belongs_to_a_claim(source, documents) -> None:
    missing = list(uncovered(documents[source], EXCLUDED[source], on_record(source)))
    lines = [f"line {line}: {number} in “{around}”" for line, number, around in missing]
    assert not missing, f"{source}: {len(missing)} numbers without a claim\n" + "\n".join(lines)


@pytest.mark.raw
@pytest.mark.parametrize("source", SOURCES)
def test_a_number_without_a_claim_is_found_with_its_line(source, documents) -> None:
    text = documents[source]
    spare = "\nIt rose to 98,765 in 2087/88 in forty-six places.\n"
    known = on_record(source)
    del known["46"]
    start = len(text) // 2 + text[len(text) // 2 :].index("\n")
    found = list(uncovered(text[:start] + spare + text[start:], EXCLUDED[source], known))
    line = text.count("\n", 0, start) + 2
    assert {(line, "98765"), (line, "2087"), (line, "2088"), (line, "46")} <= {(at, n) for at, n, _ in found}
    assert list(uncovered(text, EXCLUDED[source], Counter()))


@pytest.mark.raw
@pytest.mark.parametrize(
    ("source", "pattern"), [(source, pattern) for source in SOURCES for pattern in EXCLUDED[source]]
)
def test_every_exclusion_hides_a_number(source, pattern, documents) -> None:
    text = documents[source]
    assert len(list(numbers(blanked(text, pattern)))) < len(list(numbers(text)))


def test_one_record_stands_for_one_place() -> None:
    text = "Seven trusts.\nSeven boards.\n"
    assert [line for line, _, _ in uncovered(text, {}, Counter({"7": 1}))] == [2]
    assert not list(uncovered(text, {}, Counter({"7": 2})))


def test_numbers_are_read_however_they_are_written() -> None:
    written = "12,300 people, 4.50 %, 2009/10, 1972–99, Twenty-one boards, seven trusts, two-\nthirds, a "
    written += "quarter and half of them; the third sector, nobody, often"
    assert [number for number, _ in numbers(written)] == (
        ["12300", "4.5", "2009", "2010", "1972", "1999", "21", "7", "two third", "a quarter", "half"]
    )


def test_citations_are_blanked_and_years_of_events_are_not() -> None:
    cited = "(Smith et al 2010; Welsh Government 2013b, para 84) Appleby (2005) (see Ham 2009, 2011)"
    events = "(reduced from 15 in 2006) (in office since 2007) (following a referendum in 2011)"
    for pattern in BY_AUTHOR:
        cited, events = blanked(cited, pattern), blanked(events, pattern)
    assert not list(numbers(cited))
    assert [number for number, _ in numbers(events)] == ["15", "2006", "2007", "2011"]
