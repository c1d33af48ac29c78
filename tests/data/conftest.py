import os
from pathlib import Path

import pytest

DOCUMENTS = {  # how the text of each document starts its file name
    "hendry2021": "000_",
    "policy2026": "001_",
    "msg2019": "002_",
    "kingsfund2018": "003_",
    "kingsfund2013": "004_",
}


@pytest.fixture(scope="session")
def documents() -> dict[str, str]:
    """Give the text of each document, from the folder `sources` beside CARESHIFT_RAW; skips without it."""
    raw = os.environ.get("CARESHIFT_RAW")
    folder = Path(raw).resolve().parent / "sources" if raw else None
    if folder is None or not folder.is_dir():
        pytest.skip("the five documents are not here: put their texts into `sources` beside CARESHIFT_RAW")
    found = {name: next(folder.glob(f"{start}*.txt")) for name, start in DOCUMENTS.items()}
    return {name: file.read_text(encoding="utf-8", errors="replace") for name, file in found.items()}


@pytest.fixture(scope="session")
def raw_data() -> Path:
    """Give the folder of raw files that CARESHIFT_RAW names; skips without it."""
    raw = os.environ.get("CARESHIFT_RAW")
    if not raw:
        pytest.skip("CARESHIFT_RAW does not name a folder of raw files")
    return Path(raw)


@pytest.fixture
def made(tmp_path):
    """Write a small made file and answer its path: made("name.csv", "text")."""

    def write(name: str, text: str, encoding: str = "utf-8"):
        file = tmp_path / name
        file.write_bytes(text.encode(encoding))
        return file

    return write
