"""Start runs cheaply: one process holds the libraries loaded, and is forked for each run and each check.

Only libraries are loaded before, never the code of this project: an edit during a build would go unnoticed.
Without this process all is done the same, more slowly (`careshift run`, plain papermill, a cluster).
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ADDRESS = "CARESHIFT_WARM"  # the environment variable that holds the socket's address
LIBRARIES = (
    *("papermill", "ipykernel.kernelapp", "ipykernel.ipkernel", "pydantic.main", "yaml", "simpleeval"),
    *("pandas", "pyarrow.pandas_compat", "seaborn", "statsmodels.api", "statsmodels.tsa.api"),
    *("scipy.stats", "scipy.optimize", "pyarrow.csv"),
)

TASKS = {
    "run": ("careshift.pipeline.execute", "forked"),
    "given": ("careshift.pipeline.execute", "forked_given"),
    "check": ("careshift.pipeline.check", "check"),
}


@contextmanager
def process() -> Iterator[tuple[dict[str, str], int]]:
    """Hold the process while a build runs; give the environment that lets runs find it, and its group.

    What else belongs to the build joins that group, and ends with it when we end, however we end.
    """
    with tempfile.TemporaryDirectory(prefix="careshift-") as folder:
        address = str(Path(folder) / "warm")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(address)
            door.listen(256)
            number = door.fileno()
            command = [sys.executable, "-m", "careshift.pipeline.fork_server", str(number)]
            # Its standard input closes when we end, and then it ends too, with all of its group.
            server = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, process_group=0, pass_fds=[number]
            )
        with server:
            yield {ADDRESS: address}, server.pid


def ask(task: str, *arguments: str) -> int | None:
    """Have a task of TASKS done for us; return its exit code, None where there is no warm process."""
    address = os.environ.get(ADDRESS)
    if not address:
        return None
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(address)
        except OSError:
            return None
        socket.send_fds(line, [json.dumps([os.getcwd(), task, *arguments]).encode()], [1, 2])
        answer = line.recv(1)
    return answer[0] if answer else 1


def serve(number: int) -> None:
    """Fork for each task that is asked for at this socket, until standard input closes."""
    with socket.socket(fileno=number) as door:
        while True:
            ended = sys.stdin in select.select([door, sys.stdin], [], [])[0]
            reap()
            if ended:
                os.killpg(0, signal.SIGKILL)
            line, _ = door.accept()
            load()
            with line:
                if os.fork() == 0:
                    answer(line)


def reap() -> None:
    """Take leave of the forks that are done, so that their time counts as ours."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def load() -> None:
    """Import the libraries, the first time."""
    # What a kernel sets before a notebook imports matplotlib.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in LIBRARIES:
        importlib.import_module(name)


def answer(line: socket.socket) -> None:
    """Do the task in this fork, and send the exit code."""
    message, outputs, _, _ = socket.recv_fds(line, 65536, 2)
    for target, descriptor in enumerate(outputs, start=1):
        os.dup2(descriptor, target)
    code = 1
    try:
        folder, task, *arguments = json.loads(message)
        os.chdir(folder)
        module, function = TASKS[task]
        code = getattr(importlib.import_module(module), function)(*arguments)
    finally:
        sys.stderr.flush()
        line.send(bytes([code]))
        os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
