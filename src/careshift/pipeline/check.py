"""Check one table against its schema, for the Snakefile."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from careshift import tables
from careshift.pipeline import fork_server, job
from careshift.project import write_whole


def check(name: str, stamp: str) -> int:
    """Check the table and write a stamp with its checksum; return the exit code."""
    return job.exit_code(lambda: _check(name, Path(stamp)))


def _check(name: str, stamp: Path) -> None:
    tables.refuse_if_wrong(name, tables.locate(name))
    proof = {"table": name, "sha256": tables.sha256(tables.locate(name))}
    write_whole(stamp, json.dumps(proof) + "\n")
    job.progress(f"checked table {name}")


def main(name: str, stamp: str) -> int:
    """Check, for the Snakefile, in the build's warm process where there is one."""
    code = fork_server.ask("check", name, stamp)
    return check(name, stamp) if code is None else code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
