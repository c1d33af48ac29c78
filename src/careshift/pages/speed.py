"""The page on how fast the book is built, from the benchmark's last result."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from careshift.audits import Study
from careshift.pages.blocks import captioned
from careshift.pages.safe_text import Markdown, escape, say

TARGETS = (
    ("execution_stage", "running the chapters, against the loop", 1.7),
    ("cold_build", "the whole build from nothing, against the loop", 1.4),
    ("nothing_changed", "a build with nothing changed, against the loop", 30.0),
)
WAYS = (
    ("ours", "execution", "this book: running the chapters"),
    ("ours", "cold", "this book: whole build from nothing"),
    ("ours", "one_table", "this book: one table changed"),
    ("ours", "unchanged", "this book: nothing changed"),
    ("loop", "execution", "loop: running the chapters"),
    ("loop", "cold", "loop: whole build from nothing"),
    ("jupyter_book", "cold", "Jupyter Book: whole build from nothing"),
)
OPENING = """(build-speed)=
# How fast the book is built

A reader who changes a table wants the answer while the question is fresh. This page compares three ways to
build the same pages from the same chapters, measured one after another in one run of `make bench`:

- **this book's engine**: a graph of files, forked kernels, and runs in parallel;
- **a loop**: `papermill` once a notebook, one after another, then `jupyter-book build`;
- **Jupyter Book** alone, which runs the notebooks itself (each with its defaults).

Ratios are what we claim; seconds depend on the machine."""


def page(study: Study | None) -> Markdown:
    """Return the page; without a result it says so."""
    if study is None or not isinstance(study.result, Mapping):
        return Markdown(f"{OPENING}\n\nNo measurement is committed yet: `make bench` makes one.\n")
    found = study.result
    parts = [
        OPENING,
        say(
            "Measured on {date} at commit {commit}, {chapters} runs, Python {python}, on: {machine}.",
            chapters=found["chapters"],
            **study.model_dump(include={"date", "commit", "python", "machine"}),
        ),
        "## Against the targets",
        targets(found["ratios"]),
        "## What each way costs",
        costs(found),
        "## Where the time goes",
        floor(found),
        one_table(found["ours"]),
        *sweep(found["sweep"]),
    ]
    return Markdown("\n\n".join(parts) + "\n")


def targets(ratios: Mapping[str, float]) -> str:
    """Return each target with what was reached, by the clock and by processor time."""
    lines = [
        "| times faster | target | by the clock | by processor time | target, by the clock |",
        "|---|--:|--:|--:|---|",
    ]
    for name, words, target in TARGETS:
        reached = ratios[name]
        word = "met" if reached >= target else f"missed by {100 * (1 - reached / target):.0f} %"
        lines.append(f"| {words} | {target:g} | {reached:.1f} | {ratios[f'{name}_processor']:.1f} | {word} |")
    other = "cold_build_against_jupyter_book"
    lines.append(
        f"| the whole build from nothing, against Jupyter Book | – | {ratios[other]:.1f} "
        f"| {ratios[f'{other}_processor']:.1f} | – |"
    )
    return captioned("How many times faster than the other way", "speed", lines)


def costs(found: Mapping[str, Any]) -> str:
    """Return a table of seconds and memory for each way."""
    lines = [
        "| way | clock, s | user, s | system, s | peak memory, MB |",
        "|---|--:|--:|--:|--:|",
    ]
    for way, stage, words in WAYS:
        c = found[way][stage]
        lines.append(
            f"| {words} | {c['wall']:.0f} | {c['user']:.0f} | {c['system']:.0f} | {c['memory']:,.0f} |"
        )
    return captioned("What each way costs", "speed", lines)


def floor(found: Mapping[str, Any]) -> Markdown:
    """Return how much of the loop's time is the notebooks' own work, which no engine can save."""
    loop = found["loop"]
    return say(
        "Of the {execution:.0f} s that the loop takes to run the chapters, {own:.0f} s ({share:.0f} %) is "
        "work inside the notebooks, imports among it. No engine that runs one after another can go below "
        "that. The rest starts programs and kernels. Compiling takes the loop {compiling:.0f} s more. Our "
        "engine loads the libraries once and forks for each run, so it goes below that by the time of the "
        "imports. What remains is the chapters' own computing and drawing, and the compiling, which works on "
        "one core.",
        execution=loop["execution"]["wall"],
        own=loop["own"],
        share=100 * loop["own"] / loop["execution"]["wall"],
        compiling=loop["compiling"]["wall"],
    )


def one_table(ours: Mapping[str, Any]) -> Markdown:
    """Return which runs a changed table made stale, and whether these are the runs that read it."""
    named = ", ".join(escape(name) for name in ours["reran"]) or "none"
    exact = ours["reran"] == ours["dependents"]
    right = "exactly the runs that read it" if exact else "NOT the runs that read it"
    return Markdown(f"With one number of one table changed, the build ran {named}: {right}.")


def sweep(costs: list[Mapping[str, float]]) -> list[str]:
    """Return what the pages of more and more areas cost, and the cost of one more."""
    if not costs:
        return []
    lines = ["| areas | clock, s | processor, s |", "|--:|--:|--:|"]
    lines += [f"| {c['areas']} | {c['wall']:.0f} | {c['user'] + c['system']:.0f} |" for c in costs]
    slopes = [
        (b["user"] + b["system"] - a["user"] - a["system"]) / (b["areas"] - a["areas"])
        for a, b in pairwise(costs)
    ]
    words = " and ".join(f"{slope:.2f}" for slope in slopes)
    return [
        "## More areas",
        "The pages of more and more areas, each time from nothing. The cost of one more area, in seconds of "
        f"processor time, from row to row: {words}. Equal steps mean that cost grows in a straight line.",
        captioned("What the pages of more and more areas cost", "speed", lines),
    ]
