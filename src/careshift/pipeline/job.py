"""What a job of the build says on its way to the one who follows: progress, or why it failed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from careshift.project import CareshiftError

PROGRESS = "> "  # a job's line of progress starts with this
FAILED = "FAILED "  # a job's message starts with this and ends with an empty line


def progress(text: str) -> None:
    """Tell a line of progress."""
    print(f"{PROGRESS}{text}", file=sys.stderr, flush=True)


def exit_code(work: Callable[[], object]) -> int:
    """Do the work; return 0, or 1 where an error of ours or of the system stopped it, which is told."""
    try:
        work()
    except (CareshiftError, OSError) as error:
        print(f"\n{FAILED}{error}\n", file=sys.stderr, flush=True)
        return 1
    return 0
