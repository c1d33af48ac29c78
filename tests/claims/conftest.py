"""For tests that print another number or change a table, and see which verdicts turn."""

import atexit
import json
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from careshift import arithmetic, claims
from careshift.claims import Verdict
from careshift.evidence import strongest
from careshift.pipeline import execute as alone
from careshift.pipeline import fork_server

RUN_ALONE = alone.execute


@cache
def warm() -> str:
    """Return the address of a process with the libraries loaded, which ends with this one."""
    held = ExitStack()
    atexit.register(held.close)
    environment, _ = held.enter_context(fork_server.process())
    return environment[fork_server.ADDRESS]


def execute(
    chapter: str, given: Mapping[str, alone.Value], output: Path, time_limit: float | None = None
) -> None:
    """Run a chapter in the warm process, as a build does; one that fails runs again alone, and says why."""
    before = os.environ.get(fork_server.ADDRESS)
    os.environ[fork_server.ADDRESS] = warm()
    try:
        code = fork_server.ask("given", chapter, json.dumps(dict(given)), str(output))
    finally:
        os.environ.pop(fork_server.ADDRESS) if before is None else os.environ.update(
            {fork_server.ADDRESS: before}
        )
    if code or time_limit is not None:
        RUN_ALONE(chapter, given, output, time_limit)


alone.execute = execute  # before the tests of this folder import it


@pytest.fixture
def changed(monkeypatch) -> Callable[[str, str], None]:
    """Give a function that lets a claim print another number: changed("hendry2021/name", "2003")."""

    def change(claim_id: str, printed: str) -> None:
        other = {"printed": printed, "reads_as": None}
        kept = tuple(c.model_copy(update=other) if c.id == claim_id else c for c in claims.load())
        monkeypatch.setattr(claims, "load", lambda source=None: kept)

    return change


@pytest.fixture
def judged() -> Callable[[str], Verdict]:
    """Give a function that judges a claim by what its record names: outside data, and other prints."""

    def by_record(claim_id: str) -> Verdict:
        claim = claims.find(claim_id)
        return claims.judge(claim, strongest(claim, None), arithmetic.evidence_of(claim))

    return by_record
