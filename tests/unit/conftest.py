"""Where the data of published interrupted time series are, for the tests that rerun them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def benchmarks_folder() -> Path:
    """Folder of the published series, from CARESHIFT_BENCHMARKS or beside CARESHIFT_RAW; skips without it."""
    named, raw = os.environ.get("CARESHIFT_BENCHMARKS"), os.environ.get("CARESHIFT_RAW")
    folder = Path(named) if named else Path(raw).resolve().parent / "benchmarks" if raw else None
    if folder is None or not folder.is_dir():
        pytest.skip("the published series are not here: set CARESHIFT_BENCHMARKS or CARESHIFT_RAW")
    return folder
