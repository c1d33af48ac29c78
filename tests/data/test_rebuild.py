"""The raw files give the committed tables again, byte for byte (where CARESHIFT_RAW names their folder)."""

import os
from pathlib import Path

import pytest

from careshift import tables
from careshift.readers import build

RAW = os.environ.get("CARESHIFT_RAW", "")
pytestmark = [
    pytest.mark.raw,
    pytest.mark.skipif(not RAW, reason="CARESHIFT_RAW does not name a folder of raw files"),
]


@pytest.mark.parametrize("name", build.built_tables())
def test_table_is_what_its_raw_files_give(name: str) -> None:
    for raw in tables.describe(name)["raw"]:
        assert tables.sha256(Path(RAW, raw["file"])) == raw["sha256"], f"{raw['file']} is another vintage"
    assert build.as_csv(build.build(name, Path(RAW))) == tables.locate(name).read_bytes()
