"""Run a long study and keep what it found in tests/audit/NAME.json: keep.py NAME COMMAND ...

The file says when, at which commit, with which Python and on which machine; `result` is the JSON that the
command printed last, or its lines that start with "found: " and its last line. A failed study is kept too;
the exit code is the command's.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def machine() -> str:
    """Describe the machine: processor, cores, memory, system."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal: *(\d+)", Path("/proc/meminfo").read_text())
    words = [model.group(1) if model else platform.machine(), f"{len(os.sched_getaffinity(0))} cores"]
    words += [f"{int(memory.group(1)) / 2**20:.0f} GiB"] if memory else []
    return ", ".join([*words, platform.system()])


def commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    said = subprocess.run(["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def result(output: str) -> Any:
    """Return the JSON that ends the output, else what it found and its last line."""
    start = output.rfind("\n{\n")
    text = output if output.startswith("{") else output[start + 1 :]
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in COLOUR.sub("", output).splitlines() if line.strip()]
        found = [line.removeprefix("found: ") for line in lines if line.startswith("found: ")]
        last = [line.strip("= ") for line in lines[-1:] if not line.startswith("found: ")]
        return "; ".join([*found, *last])


def main(name: str, *command: str) -> int:
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    kept = {
        "study": name,
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "machine": machine(),
        "seconds": round(time.monotonic() - started),
        "passed": process.returncode == 0,
        "result": result("".join(lines)),
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    return process.returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
