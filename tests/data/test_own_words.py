"""No sentence of the documents stands in this repository: no run of eight words is shared.

Titles, names of bodies and of acts may stand as they are; numbers, alone or after the label of a table's
row, are facts and not sentences.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from careshift.project import ROOT

RUN = 8
WORD = re.compile(r"[A-Za-z0-9£%']+")
LEFT_OUT = {"requirements.txt"}  # hashes
PICTURES = {".svg", ".png", ".ico"}
ALLOWED = (  # titles and official names, and headings of sections, by which a claim is found
    "the inequality of health care and social care",
    "northern ireland the proposal for integrated care partnerships",
    "improving care for people with long term conditions",
    "the recent history of health and social care",
    "from policy to practice explaining successes and barriers in scotland's health and social care "
    "integration 2014 2025",
    "ministerial strategic group for health and community care review of progress with integration of health "
    "and social care final report",
    "leading across health and social care in scotland learning from chief officers' experiences planning "
    "next steps",
    "integrated care in northern ireland scotland and wales lessons for england",
    "the health and social care reform act northern ireland 2009",
    "department of health social services and public safety",
    "wealthier and fairer healthier safer and stronger smarter greener",  # strategic objectives of 2007
    "transforming your care a review of health and social care in northern ireland",
)


def words(text: str) -> list[tuple[str, int]]:
    """Return each word in small letters, with its place in the text."""
    plain = text.replace("’", "'").replace("‘", "'")
    return [(found[0].lower(), found.start()) for found in WORD.finditer(plain)]


def runs(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each run of eight words, with its place."""
    found = words(text)
    for start in range(len(found) - RUN + 1):
        yield tuple(word for word, _ in found[start : start + RUN]), found[start][1]


def shared(text: str, known: set[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """Yield line and words of each run that the text shares with the documents."""
    allowed = {run for title in ALLOWED for run, _ in runs(title)}
    for run, place in runs(text):
        if run in known and run not in allowed and sum(not word.isdigit() for word in run) > 1:
            yield text.count("\n", 0, place) + 1, " ".join(run)


def written(file: Path) -> str:
    """Return what people wrote in a file: of a notebook, its sources and plain outputs."""
    # A file that is written badly on purpose still has its letters looked at.
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    said = ["".join(cell["source"]) for cell in cells]
    outputs = [o.get("data", {}) for cell in cells for o in cell.get("outputs", [])]
    return "\n".join([*said, *("".join(data.get("text/plain", "")) for data in outputs)])


def tracked() -> list[Path]:
    """Return the files of the repository that hold text, from its root."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [Path(name) for name in listed.splitlines() if name not in LEFT_OUT]
    return [name for name in names if name.suffix not in PICTURES and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def known(documents) -> set[tuple[str, ...]]:
    return {run for text in documents.values() for run, _ in runs(text)}


@pytest.mark.raw
def test_no_run_of_eight_words_is_shared_with_a_document(known) -> None:
    files = tracked()
    assert len(files) > 100
    found = [f'{file}:{line}: "{run}"' for file in files for line, run in shared(written(ROOT / file), known)]
    assert not found, "Say it in our own words:\n" + "\n".join(found[:40])


@pytest.mark.raw
def test_every_allowed_title_stands_in_a_document_and_here(known) -> None:
    mine = Path(__file__).relative_to(ROOT)
    texts = [written(ROOT / file) for file in tracked() if file != mine]
    here = [f" {' '.join(word for word, _ in words(text))} " for text in texts]
    for title in ALLOWED:
        named = {run for run, _ in runs(title)}
        assert named & known, f"no document has it, drop it from ALLOWED: {title}"
        said = [f" {' '.join(run)} " for run in named]
        assert any(run in text for run in said for text in here), f"we do not use it, drop it: {title}"


@pytest.mark.raw
def test_a_copied_sentence_is_found_and_a_title_is_not(documents, known) -> None:
    place = len(documents["msg2019"]) // 2
    copied = documents["msg2019"][place : place + 200]
    assert list(shared(f"our words\n{copied}", known))
    assert not list(shared(" ".join(ALLOWED[0].split()), known))
    assert not list(shared("beds 1 2 3 4 5 6 7", {("beds", *"1234567")}))


def test_runs_ignore_case_line_ends_and_kinds_of_apostrophe() -> None:
    one = [run for run, _ in runs("The board’s plan, for\nall of its own people")]
    two = [run for run, _ in runs("the board's PLAN for all of its own people.")]
    assert one == two
    assert len(one) == 2
