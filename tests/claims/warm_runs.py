"""Chapters run for the tests of claims, in a process that has the libraries loaded, as a build does it."""

import atexit
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from careshift.pipeline import execute as alone
from careshift.pipeline import fork_server


@cache
def warm() -> str:
    """Return the address of a process with the libraries loaded, which ends with this one."""
    held = ExitStack()
    atexit.register(held.close)
    environment, _ = held.enter_context(fork_server.process())
    return environment[fork_server.ADDRESS]


def execute(chapter: str, given: Mapping[str, alone.Value], output: Path) -> None:
    """Run a chapter in the warm process, as a build does; one that fails runs again alone, and says why."""
    before = os.environ.copy()
    os.environ[fork_server.ADDRESS] = warm()
    try:
        code = fork_server.ask("given", chapter, json.dumps(dict(given)), str(output))
    finally:
        os.environ.clear()
        os.environ.update(before)
    if code:
        alone.execute(chapter, given, output)
