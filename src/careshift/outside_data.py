"""Claims against outside data: small declared expressions over cells of the tables, each cell counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from careshift import arithmetic, tables
from careshift.arithmetic import Quantity
from careshift.claims import Choice, Claim, ClaimError, Evidence, How

VALUES = ("official_values", "found_values")  # single figures of official and independent texts
WHOLE = "S92000003"  # Scotland, against which its areas move
SECONDARY = "secondary"  # the status of a figure that somebody else reports of its publisher


class Cells:
    """The cells that one expression has read: how many, of which tables, and whether at second hand."""

    def __init__(self) -> None:
        self.read = 0
        self.tables: dict[str, None] = {}
        self.secondary = False

    def official(
        self, series: str, area: str, period: str, age_group: str | None = None, **more: str
    ) -> Quantity:
        """Return the one figure of a series of single values. ValueError where there is none, or several.

        `more` tells figures of one period apart: release="..." or unit="...".
        """
        wanted = {"series_id": series, "area": area, "period": period, **more}
        return self._one(VALUES[0], "value", wanted | ({"age_group": age_group} if age_group else {}))

    def cell(self, table: str, column: str, **where: str) -> Quantity:
        """Return the cell of the one row that meets every condition. ValueError where it is not one."""
        return self._one(table, column, where)

    def summed(self, table: str, column: str, **where: str | Sequence[str]) -> Quantity:
        """Return the sum of a column over all rows that meet every condition. ValueError where none does."""
        found = self._found(table, where)
        if not found:
            raise ValueError(f"no row of {table} has {_words(where)}")
        return arithmetic.total(*(_number(row, table, column) for row in found))

    def count_of(self, table: str, **where: str | Sequence[str]) -> Quantity:
        """Return how many rows of a table meet every condition."""
        return _exactly(len(self._found(table, where)))

    def count_above(self, table: str, column: str, line: float, **where: str | Sequence[str]) -> Quantity:
        """Return how many rows that meet every condition have more than `line` in a column."""
        values = [_number(row, table, column) for row in self._found(table, where)]
        return _exactly(sum(value > line for value in values))

    def count_below(self, table: str, column: str, line: float, **where: str | Sequence[str]) -> Quantity:
        """Return how many rows that meet every condition have less than `line` in a column."""
        values = [_number(row, table, column) for row in self._found(table, where)]
        return _exactly(sum(value < line for value in values))

    def count_against(
        self, table: str, column: str, by: str, first: str, last: str, **where: str | Sequence[str]
    ) -> Quantity:
        """Return how many areas moved against Scotland: up from `first` to `last` where it fell, or down.

        `by` names the column of periods. Areas are told apart by their code in the column `area`.
        """
        ends = [
            {
                row.get("area", ""): _number(row, table, column)
                for row in self._found(table, {**where, by: end})
            }
            for end in (first, last)
        ]
        if ends[0].keys() != ends[1].keys() or WHOLE not in ends[0]:
            raise ValueError(f"{table} has not the same areas in {first} and {last}, Scotland among them")
        change = {area: ends[1][area] - ends[0][area] for area in ends[0]}
        return _exactly(sum(moved * change[WHOLE] < 0 for moved in change.values()))

    def _one(self, table: str, column: str, where: dict[str, str]) -> Quantity:
        found = self._found(table, where)
        if len(found) != 1:
            raise ValueError(f"{len(found)} rows of {table} have {_words(where)}; one is needed")
        return _exactly(_number(found[0], table, column))

    def _found(
        self, table: str, where: dict[str, str | Sequence[str]] | dict[str, str]
    ) -> list[dict[str, str]]:
        if table not in tables.names():
            raise ValueError(f"there is no table {str(table)[:40]}")
        if tables.is_print(table):
            raise ValueError(f"{table} holds what the documents print: it is no outside data")
        wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in where.items()}
        pool = _series(str(where["series_id"])) if table in VALUES and "series_id" in where else None
        every = [(table, row) for row in tables.rows(table)] if pool is None else pool
        if unknown := set(where) - {name for _, row in every for name in row}:
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        met = [
            (name, row) for name, row in every if all(row.get(k) in values for k, values in wanted.items())
        ]
        found = [row for _, row in met]
        self.read += len(found)
        self.tables |= dict.fromkeys(name for name, _ in met)
        self.secondary |= any(row.get("status") == SECONDARY for row in found)
        return found


def rank_from_top(value: Quantity, *others: Quantity) -> Quantity:
    """Return the place of a value among others, the highest first."""
    return _exactly(1 + sum(other.value > value.value for other in others))


def rank_from_bottom(value: Quantity, *others: Quantity) -> Quantity:
    """Return the place of a value among others, the lowest first."""
    return _exactly(1 + sum(other.value < value.value for other in others))


def _exactly(number: float) -> Quantity:
    return Quantity(float(number), float(number), float(number))


def _series(series: str) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of a series of single values, each with its table. ValueError where no table has it."""
    if series not in _by_series():
        raise ValueError(f"no table of single values has the series {series}")
    return _by_series()[series]


@cache
def _by_series() -> dict[str, list[tuple[str, dict[str, str]]]]:
    kept: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for table in VALUES:
        for row in tables.rows(table):
            kept.setdefault(row["series_id"], []).append((table, row))
    return kept


def _number(row: dict[str, str], table: str, column: str) -> float:
    if column not in row:
        raise ValueError(f"{table} has no column {column}")
    if not row[column]:
        raise ValueError(f"{table} has no {column} where {_words(dict(list(row.items())[:4]))}")
    return float(row[column])


def _words(where: dict[str, str] | dict[str, str | Sequence[str]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in where.items())


def evaluate(expression: str) -> tuple[Quantity, Cells]:
    """Return the value of an expression over tables, and the cells that it read.

    Raises ClaimError for an expression that cannot be evaluated or that reads no cell.
    """
    cells = Cells()
    functions: dict[str, Callable[..., Quantity]] = {
        "official": cells.official,
        "cell": cells.cell,
        "summed": cells.summed,
        "count_of": cells.count_of,
        "count_above": cells.count_above,
        "count_below": cells.count_below,
        "count_against": cells.count_against,
        "rank_from_top": rank_from_top,
        "rank_from_bottom": rank_from_bottom,
    }
    found = arithmetic.evaluate(expression, functions)
    if not cells.read:
        raise ClaimError(f"`{expression[:80]}` reads no cell of a table: it is no outside data.")
    return found, cells


def evidence_of(claim: Claim) -> Evidence | None:
    """Return the evidence that a claim's outside data give, or None where the record names none.

    Figures at second hand can only bracket, whatever the record says; where they do not even contain the
    print they are a nearest figure. Raises ClaimError with file, record and what is wrong.
    """
    outside = claim.outside
    if outside is None:
        return None
    try:
        read = [(choice, *evaluate(choice.value)) for choice in outside.choices]
    except ClaimError as error:
        raise ClaimError(f"{claim.source}.yml, {claim.id}, outside: {error}") from None
    values = [found.value for _, found, _ in read]
    lead, cells = read[0][1], [used for _, _, used in read]
    ends = (min(found.low for _, found, _ in read), max(found.high for _, found, _ in read))
    secondary = any(used.secondary for used in cells)
    bounds = ends if outside.match == "bounds" or secondary else None
    misses = secondary and outside.match != "bounds" and not claim.interval.overlaps(*ends)
    how: How = "recomputed" if cells[0].read > 1 else "read"
    return Evidence(
        claim=claim.id,
        derived=sum(ends) / 2 if bounds else values[0],
        choices=tuple(
            Choice(label=choice.label, value=found.value, decides=choice.decides) for choice, found, _ in read
        )
        if len(read) > 1
        else (),
        rounding=(lead.low, lead.high) if lead.low != lead.high else None,
        bounds=bounds,
        nearest=outside.match == "nearest" or misses,
        later=outside.match == "later",
        how=how,
        basis=outside.basis,
        tables=tuple(dict.fromkeys(name for used in cells for name in used.tables)),
        chapter=claim.chapter or "",
    )
