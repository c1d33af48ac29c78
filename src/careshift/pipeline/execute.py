"""Execute one run with papermill: checked before, whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from careshift import claim_tags, parameters
from careshift.parameters import Value
from careshift.pipeline import fork_server, job
from careshift.project import BUILD, CareshiftError

TIME_LIMIT = "CARESHIFT_TIME_LIMIT"  # the environment variable: seconds for a run


class RunError(CareshiftError):
    """A chapter that stopped; the text names the chapter, the cell and the error."""


def execute(chapter: str, given: Mapping[str, Value], output: Path, time_limit: float | None = None) -> None:
    """Run a chapter's notebook with these parameters and write the executed notebook to `output`.

    The output appears only when the whole notebook ran; a notebook that failed is kept in _build/failed.
    `time_limit` is in seconds for the whole run. Raises ParameterError, and ClaimError for a tag that names
    no claim of the chapter, before; RunError during the run.
    """
    notebook = parameters.notebook_of(chapter)
    parameters.check_given(notebook, given)
    claim_tags.of_cells(chapter, json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    execute_notebook(notebook, chapter, given, output, time_limit)


def execute_notebook(
    notebook: Path,
    name: str,
    given: Mapping[str, Value],
    output: Path,
    time_limit: float | None = None,
    folder: Path | None = None,
) -> None:
    """Run a notebook with these parameters and write the executed one to `output`, whole or not at all.

    `name` is what errors call it, `folder` where its kernel stands. Raises RunError.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    for left_over in output.parent.glob(f".*.{output.name}"):  # by a run that was killed
        left_over.unlink(missing_ok=True)
    half_made = output.with_name(f".{os.getpid()}.{output.name}")
    seconds = limit() if time_limit is None else time_limit
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _papermill(notebook, given, half_made, seconds, folder)
        half_made.replace(output)
    except PapermillExecutionError as error:
        kept = BUILD / "failed" / f"{name}.ipynb"
        kept.parent.mkdir(parents=True, exist_ok=True)
        half_made.replace(kept)
        what = f"{error.ename}: {error.evalue}"
        raise RunError(
            f"{name}, cell {error.exec_count}: {what}\nThe notebook as it stopped: {kept}"
        ) from None
    except CellTimeoutError:
        remedy = f"Find out what hangs, or allow more seconds with {TIME_LIMIT}."
        raise RunError(f"{name}: not done after {seconds:g} s, the time limit of a run. {remedy}") from None
    except DeadKernelError:
        remedy = "Nobody else ended it? Then the machine ran out of memory: try fewer --jobs."
        raise RunError(f"{name}: its kernel was killed. {remedy}") from None
    except OSError as error:
        raise RunError(f"{name}: {error.strerror or error}: {error.filename or output}") from None
    finally:
        half_made.unlink(missing_ok=True)


def _papermill(
    notebook: Path, given: Mapping[str, Value], output: Path, seconds: float, folder: Path | None
) -> None:
    import papermill
    from traitlets.config import Config

    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="careshift-") as sockets:  # of a run's own: names would clash
        papermill.execute_notebook(
            notebook,
            output,
            dict(given),
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=folder,
            timeout_func=lambda cell: max(end - time.monotonic(), 0.001),
            # Local sockets: no open port, and no warning of one.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}}),
        )


def limit() -> float:
    """Return how many seconds a run may take: CARESHIFT_TIME_LIMIT, or ten minutes."""
    text = os.environ.get(TIME_LIMIT, "600")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise RunError(f"{TIME_LIMIT} must be a number of seconds above 0; got {text!r}.")
    return seconds


def run(run_id: str, output: str) -> int:
    """Execute one planned run and tell how it went; return the exit code."""
    return job.exit_code(lambda: _run(run_id, Path(output)))


def _run(run_id: str, output: Path) -> None:
    from careshift.pipeline.runs import plan

    start = time.monotonic()
    planned = plan()[run_id]
    execute(planned.chapter, planned.given, output)
    job.progress(f"ran {run_id} in {time.monotonic() - start:.0f} s")


def forked(run_id: str, output: str) -> int:
    """Execute one planned run in a fork of the warm process, its kernel in another fork."""
    from careshift.pipeline import forked_kernel

    forked_kernel.fork()
    return run(run_id, output)


def forked_given(chapter: str, given: str, output: str) -> int:
    """Execute a chapter with parameters, as JSON, in a fork of the warm process; return the exit code."""
    from careshift.pipeline import forked_kernel

    forked_kernel.fork()
    return job.exit_code(lambda: execute(chapter, json.loads(given), Path(output)))


def main(run_id: str, output: str) -> int:
    """Execute one planned run, for the Snakefile, in the build's warm process where there is one."""
    code = fork_server.ask("run", run_id, output)
    return run(run_id, output) if code is None else code


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
