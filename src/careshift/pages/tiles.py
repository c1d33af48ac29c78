"""A tile grid of areas and a table of them that can be sorted, both with a link to each area's page."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from careshift.pages.safe_text import as_attribute, html_text

if TYPE_CHECKING:
    import pandas as pd

# Row and column of each tile, north at the top, and the letters it shows.
COUNCILS: Mapping[str, tuple[int, int, str]] = {
    "S12000023": (1, 7, "Ork"),
    "S12000027": (1, 8, "She"),
    "S12000013": (2, 1, "Eil"),
    "S12000017": (2, 4, "Hig"),
    "S12000020": (2, 6, "Mor"),
    "S12000034": (2, 7, "Abs"),
    "S12000033": (2, 8, "AbC"),
    "S12000048": (3, 5, "P&K"),
    "S12000041": (3, 6, "Ang"),
    "S12000042": (3, 7, "Dun"),
    "S12000035": (4, 2, "A&B"),
    "S12000039": (4, 3, "WDu"),
    "S12000030": (4, 4, "Sti"),
    "S12000005": (4, 5, "Cla"),
    "S12000047": (4, 6, "Fif"),
    "S12000018": (5, 2, "Inv"),
    "S12000038": (5, 3, "Ren"),
    "S12000045": (5, 4, "EDu"),
    "S12000014": (5, 5, "Fal"),
    "S12000040": (5, 6, "WLo"),
    "S12000036": (5, 7, "Edi"),
    "S12000010": (5, 8, "ELo"),
    "S12000021": (6, 2, "NAy"),
    "S12000011": (6, 3, "ERe"),
    "S12000049": (6, 4, "Gla"),
    "S12000050": (6, 5, "NLa"),
    "S12000019": (6, 7, "Mid"),
    "S12000026": (6, 8, "Bor"),
    "S12000028": (7, 2, "SAy"),
    "S12000008": (7, 3, "EAy"),
    "S12000029": (7, 5, "SLa"),
    "S12000006": (8, 4, "D&G"),
}
BOARDS: Mapping[str, tuple[int, int, str]] = {
    "S08000025": (1, 4, "Ork"),
    "S08000026": (1, 5, "She"),
    "S08000028": (2, 1, "WIs"),
    "S08000022": (2, 3, "Hig"),
    "S08000020": (2, 4, "Gra"),
    "S08000019": (3, 2, "FoV"),
    "S08000030": (3, 3, "Tay"),
    "S08000029": (3, 4, "Fif"),
    "S08000031": (4, 1, "GGC"),
    "S08000032": (4, 2, "Lan"),
    "S08000024": (4, 3, "Lot"),
    "S08000016": (4, 4, "Bor"),
    "S08000015": (5, 1, "A&A"),
    "S08000017": (5, 2, "D&G"),
}


@dataclass(frozen=True)
class Tiles:
    """A tile grid: `rows` has code, name, slug, words (the area's figure), where (its shade) and sign.

    `where` is "far above", "above", "alike", "below", "far below" or "" for no figure; `signs` is the key.
    Each tile is a link that is read out with its full name and figure; shade is never the only sign. `maps`
    are those that a reader can choose (`topics.areas_map`), areas by code; the one of `rows` comes first. Its
    caption and its key with numbers then stand from the start.
    """

    rows: pd.DataFrame
    caption: str
    signs: Mapping[str, str]
    maps: Sequence[Mapping[str, Any]] = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        rows = self.rows.to_dict("records")
        words = [f"{row['name']}: {row['words']}{_where(row['where'])}" for row in rows]
        tiles = [_tile(row, text) for row, text in zip(rows, words, strict=True)]
        caption = self.maps[0]["caption"] if self.maps else self.caption
        reach = self.maps[0]["key"] if self.maps else [""] * len(self.signs)
        key = (_key(where, sign, told) for (where, sign), told in zip(self.signs.items(), reach, strict=True))
        made = [
            f'<figure class="tiles"{self._choice()}><figcaption>{html_text(caption)}</figcaption>',
            f"<ul>{''.join(tiles)}</ul>",
            f'<p class="key">{" ".join(key)}</p></figure>',
        ]
        return {"text/plain": "\n".join([caption, *words]), "text/html": "\n".join(made)}

    def _choice(self) -> str:
        """Return the attribute with all maps for `assets/map.js`; nothing where there is no choice."""
        if not self.maps:
            return ""
        names = self.rows.sort_values("code")["name"].tolist()
        places = [[_class(where), _where(where), sign] for where, sign in self.signs.items()]
        told = {"names": names, "places": places, "maps": self.maps}
        return f" data-maps='{as_attribute(told)}'"


def _tile(row: Mapping[Hashable, str], words: str) -> str:
    down, across, letters = COUNCILS.get(row["code"]) or BOARDS[row["code"]]
    return (
        f'<li style="grid-area: {down} / {across}"><a class="tile {_class(row["where"])}" '
        f'href="{html_text(row["slug"])}.html" title="{html_text(words)}" aria-label="{html_text(words)}">'
        f"<b>{html_text(letters)}</b><span>{row['sign']}</span></a></li>"
    )


def _key(where: str, sign: str, reach: str) -> str:
    told = f"{where or 'no figure'}<i>{f': {html_text(reach)}' if reach else ''}</i>"
    return f'<span><span class="tile {_class(where)}">{sign}</span> {told}</span>'


def _class(where: str) -> str:
    return (where or "missing").replace(" ", "-")


def _where(where: str) -> str:
    return f", {where} Scotland" if where and where != "alike" else ""


def linked_table(frame: pd.DataFrame, caption: str, links: str, headers: Mapping[str, str]) -> LinkedTable:
    """Return a table that a small script sorts, whole without it; its first column links to `links`.

    `links` names the column of page names; `headers` chooses and names the columns. Cells are escaped.
    """
    return LinkedTable(frame, caption, links, headers)


@dataclass(frozen=True)
class LinkedTable:
    """A table with a link in the first cell of each row; a column sorts by the first number in its cells."""

    frame: pd.DataFrame
    caption: str
    links: str
    headers: Mapping[str, str]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:
        shown = self.frame[list(self.headers)].rename(columns=dict(self.headers))
        head = "".join(f'<th scope="col">{html_text(title)}</th>' for title in shown.columns)
        rows = zip(self.frame[self.links], shown.to_numpy(), strict=True)
        made = [
            f'<div class="scroll" role="region" tabindex="0" aria-label="{html_text(self.caption)}">',
            '<table class="careshift-table sortable">',
            f"<caption><span>{html_text(self.caption)}</span></caption>",
            f"<thead><tr>{head}</tr></thead>",
            f"<tbody>{''.join(_row(link, cells) for link, cells in rows)}</tbody></table></div>",
            '<script src="../../_static/sort.js"></script>',
        ]
        return {"text/plain": f"{self.caption}\n{shown.to_string(index=False)}", "text/html": "\n".join(made)}


def _row(link: str, cells: Iterable[object]) -> str:
    first, *rest = (html_text(cell) for cell in cells)
    opening = f'<th scope="row"><a href="{html_text(link)}.html">{first}</a></th>'
    return f"<tr>{opening}{''.join(f'<td>{cell}</td>' for cell in rest)}</tr>"
