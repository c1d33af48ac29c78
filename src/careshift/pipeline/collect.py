"""Collect the evidence of all executed runs into the ledger, and check that nothing is missing."""

from __future__ import annotations

import sys
from pathlib import Path

from careshift import claims, evidence, ledger, source_coverage
from careshift.pipeline import job
from careshift.project import write_whole


def collect(notebooks: list[Path], output: Path) -> None:
    """Write ledger.json from the executed notebooks.

    Raises ClaimError for a gap or a claim judged twice, CoverageError for a chapter that is not on the map.
    """
    source_coverage.check_chapters(claims.load())
    found = [item for notebook in notebooks for item in evidence.collect(notebook)]
    write_whole(output, ledger.as_json(ledger.build(found)) + "\n")


def main(output: str, *notebooks: str) -> int:
    """Collect, for the Snakefile; return the exit code."""
    return job.exit_code(lambda: collect([Path(n) for n in notebooks], Path(output)))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
