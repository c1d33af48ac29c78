"""The page on what is guaranteed about the book's numbers, how it is checked, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from careshift.audits import Study
from careshift.pages.blocks import captioned
from careshift.pages.safe_text import Markdown, escape

OPENING = """(what-is-guaranteed)=
# What you can rely on

People quote reports like this one in public arguments. This page says what is guaranteed about its numbers,
how each guarantee is checked, and what nobody should read into them. The command `make test` runs the checks
of the first table on every change. `make audit` runs those of the second, which take hours, and keeps their
dated results.

## Guaranteed, and checked on every change"""
GUARANTEES = {
    "Two commands on a new machine give this book; all that is installed is in a lock with checksums": (
        "continuous integration starts from nothing, on Python 3.11 and 3.12"
    ),
    "The same commit gives the same bytes: ledger, figure data, texts and pages": (
        "a book of two chapters is built again in another place, under another time zone, German numbers,"
        " another hash seed, date, number of jobs, of threads and of processors, and compared to the byte"
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
    "Each headline number is right": (
        "it is computed a second time, in SQL over the committed tables, by a test that imports nothing of"
        " this project"
    ),
    "A failed, killed or hindered build leaves the last good book": (
        "builds are killed at seeded random moments; disks fill, folders are closed to writing, "
        "kernels are killed, chapters hang, and two builds start at once"
    ),
    "A wrong table is refused with its row and field, in bounded memory": (
        "broken, cut off, swelling and huge files are offered: other encodings, numbers that are none,"
        " dates that do not exist, rows that stand twice, years that are missing"
    ),
    "Text in data, claims and parameters stays text": (
        "markup, scripts, formulas, paths, template expressions, addresses that run code and terminal escapes"
        " are offered, and must come out inert"
    ),
    "A download comes whole from an address of the data package, over verified TLS, or not at all": (
        "a server on the test's own machine plays the portals: other hosts, redirects, wrong"
        " certificates, sizes, interruptions, wrong files"
    ),
    "The commands of the README and of the guides work": (
        "each is run, or one of the same kind that is shorter"
    ),
    "No test is left out in silence": (
        "continuous integration is red where one is skipped, and notebooks without outputs are refused"
    ),
    "Everything installed may be used, changed and passed on": (
        "the licence of each package in the lock is held against a list"
    ),
}
WORDS = {
    "coverage": "Intervals cover what they say: every estimator, simulated",
    "estimators": "The main estimator is fast enough to be used in simulations",
    "defences": "A test fails when the defence that it guards is taken away (by kind below)",
    "mutation": "A change in the statistical code is noticed by a test",
    "kills": "Fifty builds killed at random moments leave a whole book",
    "determinism": "The whole book, built twice in different surroundings, is the same to the byte",
    "speed": "The build against a plain loop and against Jupyter Book ([results](#build-speed))",
    "newest": "The tests with the newest version of every package",
    "pages": "Every page in a real browser: barriers (axe), errors, requests, widths, keyboard, weight",
    "pdf": "The whole book as one PDF: tagged, with bookmarks, under 25 MB",
    "python312": "Python 3.12 gives the verdicts and pages of Python 3.11, and passes the tests",
    "big_files": "A large file is checked in bounded memory",
}
DEFENCES = """## Does a test fail when its defence is gone?

A check that cannot fail proves nothing. So each defence of the code is taken away in a copy of the project,
one at a time, and the test that guards it must then fail. Where nothing guards by itself, a fault is planted.
The list is `tests/audit/defences.yml`; `make defences` goes through it."""
MUTATIONS = """## Would a test notice another change of the code?

Mutation testing changes one thing at a time in the code that computes estimates and verdicts: a sign, a
limit, a word; a test must then fail. Where fewer changes were tried than there are, these are the first of
each function and others drawn at random. Changes that make no difference are explained one by one in
`tests/audit/mutation_survivors.csv`. The last column is the share of all others that a test noticed. To do it
again, call `make mutation`."""
DEFENCE = {
    "group": "against",
    "kind": "kind",
    "removed": "taken away",
    "noticed": "noticed",
    "date": "when",
}
MUTATION = {
    "module": "module",
    "changes": "changes",
    "tried": "tried",
    "noticed": "noticed",
    "explained": "explained",
    "score": "%",
}
NUMBERS = ("removed", "noticed", "changes", "tried", "explained", "score")
CLOSING = """## Not guaranteed

- **That the official figures are right.** We use them as published. Errors that we know of are listed with
  each table.
- **That a publisher keeps its files.** Each raw file's checksum is recorded; a revised file gives other
  numbers, and the change log then says which verdicts moved.
- **The last digit on other processors.** Locked packages on 64-bit Linux give these bytes. Another
  processor family, operating system or linear algebra may differ in the last digits of an estimate.
  Verdicts are compared with printed intervals, so they rarely move, and a test would name the claim.
- **Pictures across versions.** Figures are compared by their data, not by their pixels.
- **That a chapter is harmless.** Data, parameters and claims are never run, but a chapter is a program: run
  only chapters, editions and profiles of people you trust.
- **That a file beyond the limits is read.** A table has at most 5 million rows, 2,000 columns and 256 MiB
  unpacked, a workbook 64 MiB; what is larger is refused with a word on it.
- **That the newest versions of packages work.** The locked ones do; a weekly job says what breaks
  with others.
- **That a test would notice every change of the code.** Of that for interrupted time series a sample was
  tried.
- **That the build withstands a failing disk or memory.** It withstands full ones."""


def page(
    studies: Mapping[str, Study],
    defences: Sequence[Mapping[str, str]] = (),
    mutations: Sequence[Mapping[str, str]] = (),
) -> Markdown:
    """Return the page: what each study found, and what each kind of defence and each module's changes did."""
    checked = ["| guarantee | how it is checked |", "|---|---|"]
    checked += [f"| {guarantee} | {check} |" for guarantee, check in GUARANTEES.items()]
    lines = ["| what | when, where | how long | result |", "|---|---|--:|---|"]
    lines += [_studied(name, studies.get(name)) for name in {**WORDS, **studies}]
    machines = sorted({escape(s.machine) for s in studies.values()})
    said = [f"Machines: {'; '.join(machines)}."] if machines else []
    parts = [
        OPENING,
        captioned("What is guaranteed, and how it is checked", "words", checked),
        "## Studied at length",
        captioned("The long studies", "words", lines),
        *said,
        *_by_row(DEFENCES, "Defences taken away, and how many of those a test noticed", DEFENCE, defences),
        *_by_row(MUTATIONS, "Changes of the code, and how many of those a test noticed", MUTATION, mutations),
        CLOSING,
    ]
    return Markdown("\n\n".join(parts) + "\n")


def _studied(name: str, study: Study | None) -> str:
    """Return the row of a study: when, where and for how long it ran, whether it passed, what it found."""
    words = WORDS.get(name, escape(name))
    if study is None:
        return f"| {words} | not run yet | – | – |"
    said = study.result if isinstance(study.result, str) else "as shown on its page"
    where = f"{escape(study.date)}, commit {escape(study.commit)}, Python {escape(study.python)}"
    verdict = "passed" if study.passed else "FAILED"
    return f"| {words} | {where} | {study.seconds / 60:.0f} min | {verdict}: {escape(said)} |"


def _by_row(
    words: str, title: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Yield words and a table, `columns` of the rows under their headings; nothing without rows."""
    if not rows:
        return
    yield words
    rules = "|".join("--:" if name in NUMBERS else "---" for name in columns)
    lines = [f"| {' | '.join(columns.values())} |", f"|{rules}|"]
    lines += [f"| {' | '.join(escape(row[name]) for name in columns)} |" for row in rows]
    yield captioned(title, "columns", lines)
