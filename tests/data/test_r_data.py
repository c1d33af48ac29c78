"""Data frames of R are read without R."""

import bz2
import io
import math

import pandas as pd
import pytest
import r_writer as r

from careshift.project import CareshiftError
from careshift.readers import r_data
from careshift.readers.r_data import r_frames

COLUMNS = {
    "name": r.strings(["a", None]),
    "hours": r.factor([2, None], ["Zero", "10-15"]),
    "count": r.whole([3, None]),
    "rate": r.decimals([0.1, math.nan]),
}


@pytest.mark.parametrize("version", [2, 3])
def test_frame_of_an_rds_file(tmp_path, version: int) -> None:
    file = tmp_path / "a.rds"
    file.write_bytes(r.rds(r.frame(COLUMNS), version))
    table = r_frames(file)[""]
    assert table["name"].tolist()[0] == "a"
    assert table["name"].isna().tolist() == [False, True]
    assert table["hours"].tolist()[0] == "10-15"
    assert table["hours"].isna().tolist() == [False, True]
    assert table["count"].tolist() == [3, pd.NA]
    assert table["rate"].tolist()[0] == 0.1


def test_a_packed_file_is_never_unpacked_past_the_limit(tmp_path, monkeypatch) -> None:
    asked = []

    class Bomb(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    monkeypatch.setattr(r_data, "LARGEST", 1000)
    monkeypatch.setitem(r_data.OPENERS, b"BZ", lambda file, mode: Bomb(b"X" * 5000))
    (tmp_path / "a.rds").write_bytes(bz2.compress(b"X" * 5000))
    with pytest.raises(CareshiftError, match="more than 0 MiB"):
        r_frames(tmp_path / "a.rds")
    assert asked == [1001]


def test_named_frame_of_an_rdata_file(tmp_path) -> None:
    file = tmp_path / "a.RData"
    file.write_bytes(r.rdata("care", r.frame(COLUMNS)))
    assert list(r_frames(file)) == ["care"]


@pytest.mark.parametrize(
    "content", [b"", b"Year,Age\n", r.rds(r.strings(["a"]))[:30]], ids=["empty", "text", "cut off"]
)
def test_other_files_are_refused(tmp_path, content: bytes) -> None:
    file = tmp_path / "a.rds"
    file.write_bytes(content)
    with pytest.raises(CareshiftError, match=r"a\.rds: not a data frame that this reader knows"):
        r_frames(file)
    with pytest.raises(CareshiftError, match="no such file"):
        r_frames(tmp_path / "none.rds")
