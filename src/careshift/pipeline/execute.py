"""Execute one run with papermill: checked before, whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from careshift import parameters
from careshift.parameters import Value
from careshift.project import BUILD, CareshiftError


class RunError(CareshiftError):
    """A chapter that stopped; the text names the chapter, the cell and the error."""


def execute(chapter: str, given: Mapping[str, Value], output: Path, time_limit: int = 600) -> None:
    """Run a chapter's notebook with these parameters and write the executed notebook to `output`.

    The output appears only when the whole notebook ran; a notebook that failed is kept in _build/failed.
    `time_limit` is in seconds per cell. Raises ParameterError before, RunError during the run.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    notebook = parameters.notebook_of(chapter)
    parameters.check_given(notebook, given)
    output.parent.mkdir(parents=True, exist_ok=True)
    half_made = output.with_name(f".{os.getpid()}.{output.name}")
    sockets = tempfile.TemporaryDirectory(prefix="careshift-")  # runs of one folder would share socket names
    try:
        papermill.execute_notebook(
            notebook,
            half_made,
            dict(given),
            progress_bar=False,
            execution_timeout=time_limit,
            # Local sockets: no open port, and no warning of one.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets.name}/kernel"}}),
        )
        half_made.replace(output)
    except PapermillExecutionError as error:
        kept = BUILD / "failed" / f"{chapter}.ipynb"
        kept.parent.mkdir(parents=True, exist_ok=True)
        half_made.replace(kept)
        what = f"{error.ename}: {error.evalue}"
        raise RunError(
            f"{chapter}, cell {error.exec_count}: {what}\nThe notebook as it stopped: {kept}"
        ) from None
    finally:
        half_made.unlink(missing_ok=True)
        sockets.cleanup()


def main(run_id: str, output: str) -> int:
    """Execute one planned run, for the Snakefile; answer the exit code."""
    from careshift.pipeline.runs import plan

    start = time.monotonic()
    try:
        run = plan()[run_id]
        execute(run.chapter, run.given, Path(output))
    except CareshiftError as error:
        print(f"\nFAILED {error}\n", file=sys.stderr, flush=True)
        return 1
    print(f"> ran {run_id} in {time.monotonic() - start:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
