"""Parquet: one table, dates as ISO text, missing values empty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from careshift.files import limits
from careshift.files.grid import Grid, Sheet, headed, refuse_width
from careshift.files.limits import MEBIBYTE, FileError
from careshift.project import quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def parquet_grids(file: Path) -> list[Grid]:
    """Return the table of a Parquet file. Raises FileError as `parquet_sheets` does."""
    return [headed(sheet) for sheet in parquet_sheets(file)]


def parquet_sheets(file: Path) -> list[Sheet]:
    """Return the rows of a Parquet file, its column names the first of them.

    Raises FileError where it would be too large in memory or holds lists or records.
    """
    import pandas as pd
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        meta, schema = opened.metadata, opened.schema_arrow
        unpacked = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
        _refuse_size(file, meta.num_rows, unpacked)
        refuse_width(file.name, schema.names)
        _refuse_nested(file, schema)
    # Repeated texts stay stored once: a small file of few long texts must not swell before it is measured.
    texts = [field.name for field in schema if _is_text(field.type)]
    table = parquet.read_table(file, read_dictionary=texts)
    table.validate(full=True)  # else a text that is no UTF-8 fails only where it is first looked at
    columns = [_arrow_text(file, table.column(place), name) for place, name in enumerate(table.column_names)]
    cells = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(2, 2 + table.num_rows))
    head = pd.DataFrame([[str(name).strip() for name in table.column_names]], index=[1])
    return [Sheet(file.name, pd.concat([head, cells]).apply(lambda column: column.str.strip()))]


def _refuse_size(file: Path, rows: int, unpacked: int) -> None:
    if rows > limits.MOST_ROWS or unpacked > limits.LARGEST:
        raise FileError(
            f"{file.name}: {rows:,} rows, {unpacked // MEBIBYTE} MiB; at most "
            f"{limits.MOST_ROWS:,} rows and {limits.LARGEST // MEBIBYTE} MiB. Cut it to the table."
        )


def _refuse_nested(file: Path, schema: pa.Schema) -> None:
    import pyarrow as pa

    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        raise FileError(
            f"{file.name}, column {quoted(nested[0])}: holds lists or records. Write single values."
        )


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    tests = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(test(kind) for test in tests)


def _arrow_text(file: Path, column: pa.ChunkedArray, name: str) -> pd.Series:
    import pandas as pd
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(column.type):
        longest = max(
            (compute.max(compute.binary_length(chunk.dictionary)).as_py() or 0 for chunk in column.chunks),
            default=0,
        )
        if longest > limits.LONGEST_CELL:
            raise FileError(
                f"{file.name}, column {quoted(name)}: a cell of more than {limits.LONGEST_CELL:,} characters."
            )
        column = column.cast(column.type.value_type)
    text: pd.Series = (
        column.cast(pa.large_string())
        .to_pandas(types_mapper=lambda kind: pd.StringDtype("pyarrow"))
        .fillna("")
    )
    if pa.types.is_temporal(column.type):
        text = text.str.replace(r"[ T]00:00:00(\.0+)?Z?$", "", regex=True)
    numbered: pd.Series = text.set_axis(pd.RangeIndex(2, 2 + len(text)))
    return numbered
