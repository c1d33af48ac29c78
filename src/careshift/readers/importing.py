"""A newer release of a table: read from raw files, compared, put in place, the old one kept."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careshift import corrections, tables
from careshift.project import DATA, CareshiftError, replace_whole
from careshift.readers import build, steps
from careshift.readers import losses as lost
from careshift.readers.raw_files import LayoutError, NothingReadError

VINTAGES = DATA / "vintages"
NEW = lost.NEW  # suffix of the release's columns beside the old ones
THROUGHOUT = 0.5  # share of values revised from which a definition may have changed


@dataclass(frozen=True)
class Layout:
    """One layout that a table's raw files may have, and its reader."""

    name: str
    reader: Callable[..., pd.DataFrame]

    def takes(self, count: int) -> bool:
        """Return whether the reader takes that many files."""
        try:
            inspect.signature(self.reader).bind(*range(count))
        except TypeError:
            return False
        return True

    @property
    def says(self) -> str:
        """Return what the reader's docstring says that it reads: all before what it answers."""
        paragraphs = inspect.cleandoc(self.reader.__doc__ or "").split("\n\n", 1)
        return re.sub(r"\s+", " ", paragraphs[-1].split("Returns")[0]).strip()


@dataclass(frozen=True)
class Changes:
    """What a newer release changes in a table: rows, values, categories."""

    table: str
    layout: str
    rows: int
    added: int
    revised: int
    compared: int
    dropped: int
    kept: int
    examples: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the changes as lines to read."""
        share = f" of {self.compared:,} values in both" if self.compared else ""
        found = [
            f"{self.table}: {self.rows:,} rows; layout: {self.layout}",
            f"rows added: {self.added:,}; dropped: {self.dropped:,}; only in the old: {self.kept:,}",
            f"values revised: {self.revised:,}{share}",
        ]
        found += [f"revised: {text}" for text in self.examples]
        found += [f"lost: {text}" for text in self.losses]
        return found + [f"definition: {text}" for text in self.definitions or ("no change seen",)]


def layouts(table: str) -> list[Layout]:
    """Return the layouts that the table's readers know, the publisher's own first.

    Raises CareshiftError for a table that is typed by hand or computed.
    """
    descriptor = tables.describe(table)
    if not descriptor["raw"]:
        raise CareshiftError(f"{table} is not made from raw files: edit data/{descriptor['path']} itself.")
    named = [(descriptor["raw"][0]["layout"], descriptor["reader"])]
    named += [(other["layout"], other["reader"]) for other in descriptor.get("other_readers", [])]
    found = [Layout(name, _function(reader)) for name, reader in named]
    return sorted(found, key=lambda layout: not layout.name.startswith("publisher"))


def _function(path: str) -> Callable[..., pd.DataFrame]:
    module, _, name = path.rpartition(".")
    reader: Callable[..., pd.DataFrame] = getattr(importlib.import_module(module), name)
    return reader


def read_raw(table: str, raw: Sequence[Path]) -> tuple[pd.DataFrame, Layout]:
    """Return the table that raw files give, by the first layout that they have, corrected and in order.

    Raises LayoutError where no layout fits (what each reader reads is told), NothingReadError where one fits
    and no row is for the table, CareshiftError where a file has the layout but cannot be read.
    """
    refused, nothing = [], []
    for layout in layouts(table):
        if not layout.takes(len(raw)):
            refused.append(f"takes another number of files. {layout.says}")
            continue
        try:
            frame = build.read_raw(layout.reader, raw)
        except LayoutError as error:
            refused.append(f"{error} {layout.says}")
            continue
        except NothingReadError:
            frame = pd.DataFrame()
        if frame.empty:
            nothing.append(layout.says)
            continue
        return build.in_order(_completed(table, frame, layout), tables.describe(table)), layout
    if nothing:
        raise NothingReadError(
            f"{', '.join(file.name for file in raw)}: the columns of {table} are there, and no row is for it."
            f" Look whether this is the right file. {nothing[0]}"
        )
    if not any(layout.name.startswith("publisher") for layout in layouts(table)):
        refused.append("The publisher's own layout was not at hand, so none of its files is read.")
    lines = "\n".join(f"- {text}" for text in refused)
    raise LayoutError(f"{', '.join(file.name for file in raw)}: no layout of {table} fits.\n{lines}")


def _completed(table: str, frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return a release corrected, with an empty column for each text that only corrections fill."""
    frame = corrections.correct_release(table, frame, layout.name)
    fields = tables.describe(table)["schema"]["fields"]
    optional = [f["name"] for f in fields if f["type"] == "string" and not f.get("constraints", {})]
    return frame.assign(**{name: "" for name in optional if name not in frame})


def merge(table: str, new: pd.DataFrame, layout: str, replace: bool = False) -> tuple[pd.DataFrame, Changes]:
    """Return the table with a newer release in it, all cells as text, and what that changes.

    Rows of the release replace those of the same key. Rows that only the old table has stay, or go where
    `replace` says so.
    """
    descriptor = tables.describe(table)
    key = descriptor["schema"]["primaryKey"]
    old, new = _text(tables.locate(table).read_bytes()), _text(build.as_csv(new))
    both = old.merge(new, on=key, how="outer", suffixes=("", NEW), indicator=True)
    shared = both[both["_merge"] == "both"]
    fields = [f for f in descriptor["schema"]["fields"] if f["name"] not in key]
    measures = [f["name"] for f in fields if f["type"] in {"integer", "number"}]
    revised = {name: shared[_number(shared[name]) != _number(shared[f"{name}{NEW}"])] for name in measures}
    only_old = old.merge(new[key], on=key, how="left", indicator=True)["_merge"].eq("left_only").to_numpy()
    merged = new if replace else pd.concat([old[only_old], new], ignore_index=True)
    counts_otherwise = _steps(shared, measures, lost.time_field(descriptor["schema"], old))
    changes = Changes(
        table=table,
        layout=layout,
        rows=len(merged),
        added=int((both["_merge"] == "right_only").sum()),
        revised=sum(len(rows) for rows in revised.values()),
        compared=len(shared) * len(measures),
        dropped=int(only_old.sum()) if replace else 0,
        kept=0 if replace else int(only_old.sum()),
        examples=tuple(_examples(revised, key)),
        definitions=(*_definitions(descriptor, old, new, revised, len(shared)), *counts_otherwise),
        losses=tuple(lost.losses(old, new, descriptor)),
    )
    return _sorted(table, merged), changes


def _steps(shared: pd.DataFrame, measures: Sequence[str], time: str | None) -> list[str]:
    """Return signs, in time and in direction, that the release counts otherwise."""
    found: list[str] = []
    for name in measures:
        both = shared.assign(was=_number(shared[name]), now=_number(shared[f"{name}{NEW}"]))
        found += steps.signs(both, name, time)
    return found


def _text(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)


def _number(cells: pd.Series) -> pd.Series:
    """Return cells as numbers that compare; a missing one is -inf, which no cell can hold."""
    return pd.to_numeric(cells).astype("float64").fillna(float("-inf"))


def _sorted(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    key = tables.describe(table)["schema"]["primaryKey"]
    typed = tables.typed(table, io.BytesIO(build.as_csv(frame)))
    return frame.loc[typed.sort_values(key, kind="stable").index].reset_index(drop=True)


def _examples(revised: dict[str, pd.DataFrame], key: list[str], most: int = 5) -> list[str]:
    """Return the largest revisions, relative to the old value."""
    found = []
    for name, rows in revised.items():
        was, now = _number(rows[name]), _number(rows[f"{name}{NEW}"])
        sizes = ((now - was).abs() / was.abs().clip(lower=1)).tolist()
        for size, row in zip(sizes, rows.to_dict("records"), strict=True):
            ends = " -> ".join(str(row[part]) or "missing" for part in (name, f"{name}{NEW}"))
            found.append((size, f"{name} of {', '.join(str(row[part]) for part in key)}: {ends}"))
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])[:most]]


def _definitions(
    descriptor: dict[str, Any],
    old: pd.DataFrame,
    new: pd.DataFrame,
    revised: dict[str, pd.DataFrame],
    shared: int,
) -> list[str]:
    """Return signs that the release counts something else: categories that come or go, values all revised."""
    found = []
    for field in descriptor["schema"]["fields"]:
        name, categories = field["name"], field.get("constraints", {}).get("enum")
        if categories and name in descriptor["schema"]["primaryKey"]:
            was, now = set(old[name]), set(new[name])
            found += [f"{name} {value} is new" for value in sorted(now - was)]
            found += [f"{name} {value} is no longer there" for value in sorted(was - now)]
    for name, rows in revised.items():
        if shared and len(rows) / shared >= THROUGHOUT:
            text = f"{len(rows):,} of {shared:,} values of {name} differ: another coverage or definition?"
            found.append(text)
    return found


def put_in_place(table: str, frame: pd.DataFrame, raw: Sequence[Path], layout: str, vintage: str) -> Path:
    """Write the table and its description, the old ones kept in data/vintages; return where they are kept.

    The new table is checked first: an error changes nothing. Raises CareshiftError.
    """
    descriptor = tables.describe(table)
    content = build.as_csv(frame)
    build.refuse_if_wrong(table, content)
    kept = VINTAGES / table / re.sub(r"[^a-z0-9]+", "-", descriptor["vintage"].lower()).strip("-")[:80]
    if not kept.exists():
        kept.mkdir(parents=True)
        (kept / descriptor["path"]).write_bytes((DATA / descriptor["path"]).read_bytes())
        (kept / "description.json").write_text(_json(descriptor), encoding="utf-8")
    package = json.loads(tables.PACKAGE.read_text(encoding="utf-8"))
    entry = next(resource for resource in package["resources"] if resource["name"] == table)
    entry["vintage"] = vintage
    release = [{"file": file.name, "sha256": tables.sha256(file), "layout": layout} for file in raw]
    entry["extended_by"] = [*entry.get("extended_by", []), *release]
    replace_whole(DATA / descriptor["path"], content)
    replace_whole(tables.PACKAGE, _json(package).encode("utf-8"))
    tables.package.cache_clear()
    return kept


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
