"""The page on what is guaranteed about the book's numbers, how it is checked, and what is not."""

from __future__ import annotations

from collections.abc import Mapping

from careshift.pages.blocks import captioned
from careshift.pages.markup import Markdown, escape
from careshift.studies import Study

OPENING = """(what-is-guaranteed)=
# What you can rely on

People quote reports like this one in public arguments. This page says what is guaranteed about its numbers,
how each guarantee is checked, and what nobody should read into them. `make test` runs the checks of the first
table on every change; `make audit` runs those of the second, which take hours, and keeps their dated results.

## Guaranteed, and checked on every change"""
GUARANTEES = {
    "Two commands on a new machine give this book; all that is installed is in a lock with checksums": (
        "continuous integration starts from nothing, on Python 3.11 and 3.12"
    ),
    "The same commit gives the same bytes: ledger, figure data, texts and pages": (
        "a book of two chapters is built again elsewhere, under another time zone, locale, hash seed,"
        " number of jobs and number of threads, and compared"
    ),
    "A committed notebook shows what a fresh run gives": (
        "every chapter is run again and compared, output by output"
    ),
    "A run gives the same under plain papermill, under our command and in the build": (
        "outputs are compared cell by cell"
    ),
    "Only what depends on a change is done again, and all of it": (
        "tables, code, claims and chapters are changed one by one; the list of stale runs must be the"
        " right one"
    ),
    "A wrong verdict is noticed": (
        "each chapter's test corrupts one number of its data and sees the right verdict change"
    ),
    "A failed, killed or hindered build leaves the last good book": (
        "builds are killed at seeded random moments; disks fill, folders are closed to writing, "
        "kernels are killed, chapters hang, and two builds start at once"
    ),
    "A wrong table is refused with its row and field": ("broken files of many kinds are offered"),
    "Text in data, claims and parameters stays text": ("hostile values are offered and must come out inert"),
    "Everything installed may be used, changed and passed on": (
        "the licence of each package in the lock is held against a list"
    ),
}
WORDS = {
    "coverage": "Intervals cover what they say: every estimator, simulated",
    "estimators": "The main estimator is fast enough to be used in simulations",
    "mutation": "A change in the statistical code is noticed by a test",
    "kills": "Fifty builds killed at random moments leave a whole book",
    "determinism": "The whole book, built twice in different surroundings, is the same to the byte",
    "speed": "The build against a plain loop and against Jupyter Book ([results](#build-speed))",
    "newest": "The tests with the newest version of every package",
    "pages": "Every page in a real browser, with axe, at three widths, and the whole book as a tagged PDF",
    "big_files": "Large and hostile files are read or refused in bounded memory",
}
CLOSING = """## Not guaranteed

- **That the official figures are right.** We use them as published. Errors that we know of are listed with
  each table.
- **That a publisher keeps its files.** Each raw file's checksum is recorded; a revised file gives other
  numbers, and the change log then says which verdicts moved.
- **The last digit on other processors.** Locked packages on 64-bit Linux give these bytes. Another
  processor family, operating system or linear algebra may differ in the last digits of an estimate;
  verdicts are compared with printed intervals, so they rarely move, and a test would name the claim.
- **Pictures across versions.** Figures are compared by their data, not by their pixels.
- **That the build withstands a failing disk or memory.** It withstands full ones."""


def page(studies: Mapping[str, Study]) -> Markdown:
    """Answer the page, with the date and the result of each study that ran."""
    checked = ["| guarantee | how it is checked |", "|---|---|"]
    checked += [f"| {guarantee} | {check} |" for guarantee, check in GUARANTEES.items()]
    lines = ["| what | when, where | how long | result |", "|---|---|--:|---|"]
    for name in {**WORDS, **studies}:
        words = WORDS.get(name, escape(name))
        if name not in studies:
            lines.append(f"| {words} | not run yet | – | – |")
            continue
        s = studies[name]
        result = s.result if isinstance(s.result, str) else "as shown on its page"
        verdict = f"{'passed' if s.passed else 'FAILED'}: {escape(result)}"
        where = f"{escape(s.date)}, commit {escape(s.commit)}, Python {escape(s.python)}"
        lines.append(f"| {words} | {where} | {s.seconds / 60:.0f} min | {verdict} |")
    machines = sorted({escape(s.machine) for s in studies.values()})
    said = [f"Machines: {'; '.join(machines)}."] if machines else []
    return Markdown(
        "\n\n".join(
            [
                OPENING,
                captioned("What is guaranteed, and how it is checked", "words", checked),
                "## Studied at length",
                captioned("The long studies", "words", lines),
                *said,
                CLOSING,
            ]
        )
        + "\n"
    )
