"""Tiles, sortable tables, strips and slim pictures: whole, escaped, with words for what is drawn."""

import re
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from careshift import figures, pages, tables
from careshift.chapter_summary import TITLE
from careshift.figures import optimise
from careshift.pages import tiles
from careshift.topics import areas

HOSTILE = 'Fife <script>alert("x")</script> & `{ref}`'


def rows(**changes: str) -> pd.DataFrame:
    row = {
        "code": "S12000047",
        "name": "Fife",
        "slug": "fife",
        "words": "12.3",
        "where": "above",
        "sign": "▲",
    }
    return pd.DataFrame([row | changes])


def test_every_council_and_board_has_one_tile_and_no_two_share_a_place() -> None:
    known = areas.places(tables.read("areas"))
    for grid, kind in ((tiles.COUNCILS, "council"), (tiles.BOARDS, "health board")):
        assert set(grid) == {code for code, place in known.items() if place.kind == kind}
        assert len({place[:2] for place in grid.values()}) == len(grid)
        assert len({place[2] for place in grid.values()}) == len(grid), "two tiles with the same letters"


def test_a_tile_links_to_its_page_and_says_its_figure_without_colour() -> None:
    made = pages.Tiles(rows(), "Delayed beds", areas.SIGNS)._repr_mimebundle_()["text/html"]
    assert 'href="fife.html"' in made
    assert 'aria-label="Fife: 12.3, above Scotland"' in made
    assert "▲" in made
    for where in areas.SIGNS:
        assert (where or "no figure") in made


def test_a_missing_figure_is_a_dash_and_no_number() -> None:
    found = rows(words="suppressed", where="", sign="–")
    made = pages.Tiles(found, "Residents", areas.SIGNS)._repr_mimebundle_()["text/html"]
    assert "Fife: suppressed" in made
    assert "tile missing" in made
    assert not re.search(r"Fife: [\d.]", made)


@pytest.mark.parametrize("form", ["tiles", "table"])
def test_no_value_becomes_markup(form) -> None:
    if form == "tiles":
        shown = pages.Tiles(rows(name=HOSTILE), HOSTILE, areas.SIGNS)
    else:
        shown = pages.linked_table(rows(name=HOSTILE), HOSTILE, "slug", {"name": HOSTILE, "words": "Figure"})
    made = shown._repr_mimebundle_()["text/html"]
    assert "<script>alert" not in made
    assert "`" not in made


def test_the_sortable_table_is_whole_without_its_script() -> None:
    frame = pd.DataFrame({"name": ["Fife", "Moray"], "slug": ["fife", "moray"], "figure": ["2 ▲", "–"]})
    made = pages.linked_table(frame, "Areas", "slug", {"name": "Area", "figure": "Beds"})._repr_mimebundle_()
    assert '<a href="moray.html">Moray</a>' in made["text/html"]
    assert "<td>–</td>" in made["text/html"]
    assert '<th scope="col">Beds</th>' in made["text/html"]
    assert "Moray" in made["text/plain"]


def test_a_title_is_plain_text_with_its_own_type() -> None:
    assert pages.Title("Fife")._repr_mimebundle_() == {"text/plain": "Fife", TITLE: "Fife"}


@pytest.fixture
def strip() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": ["beds"] * 3 + ["stays"] * 3,
            "area": ["A", "B", "C"] * 2,
            "value": [1.0, 2.0, 3.0, 10.0, float("nan"), 30.0],
            "low": [0.5, 1.5, 2.5, 9.0, float("nan"), 29.0],
            "high": [1.5, 2.5, 3.5, 11.0, float("nan"), 31.0],
            "scotland": [2.2] * 3 + [20.0] * 3,
            "own": [False, True, False] * 2,
            "words": ["Beds, 2024/25"] * 3 + ["Stays, 2021/22"] * 3,
            "rank_words": ["2 of 3 (1 to 3)"] * 3 + ["suppressed"] * 3,
        }
    )


def drawn(frame: pd.DataFrame) -> figures.Figure:
    return figures.strips(
        frame,
        by="measure",
        value="value",
        interval=("low", "high"),
        own="own",
        reference="scotland",
        words=("words", "rank_words"),
        names=("B", "others", "Scotland"),
        name="standing",
        title="B stands in the middle",
        tables=["hospital_beds"],
    )


def test_a_strip_says_in_words_where_the_area_stands(strip) -> None:
    alt = drawn(strip).alt
    assert "Beds, 2024/25: 2.0 (1.5 to 2.5), rank 2 of 3 (1 to 3); Scotland 2.2; all from 1.0 to 3.0" in alt
    assert "Stays, 2021/22: no figure" in alt
    assert "nan" not in alt


def test_a_missing_value_of_the_area_has_no_dot(strip) -> None:
    def dots(frame: pd.DataFrame) -> int:
        lines = drawn(frame).canvas.axes[0].lines
        return sum(line.get_marker() == "o" for line in lines)

    assert dots(strip) == 1
    assert dots(strip.fillna({"value": 15.0, "low": 14.0, "high": 16.0})) == 2


def test_a_slim_svg_draws_what_the_full_one_draws() -> None:
    full = (
        "<?xml?><svg><!-- title --><metadata>x</metadata>\n"
        """<text style="font: 9px 'DejaVu Sans', 'Verdana'" x="331.15096">1.23456</text>"""
        """\n <text style="font-size: 9px; font-family: 'DejaVu Sans'; fill: #000" """
        'transform="rotate(-0 1 2)">a b</text><path d="M 0 0 \nL 9 9 \nz " style="fill: none"/>'
        '<g transform="scale(0.015625)"/><path d="M 1.23456 0.015625 \nL 2 3 \nz "/></svg>'
    )
    slimmed = optimise.svg(full)
    assert f'<text style="font: 9px {optimise.SYSTEM_FONTS}" x="331.15">1.23456</text>' in slimmed
    assert '</text><text style="font-size: 9px; fill: #000">a b</text><g' in slimmed
    assert '<path d="M1.23 0.015625L2 3z"/>' in slimmed
    assert "scale(0.015625)" in slimmed
    assert slimmed.startswith("<svg><text")


def test_every_glyph_that_a_slim_figure_uses_is_defined_in_it(strip) -> None:
    drawing = drawn(strip)._repr_mimebundle_()["image/svg+xml"]
    used = set(re.findall(r'xlink:href="#([^"]+)"', drawing))
    assert used
    assert used <= set(re.findall(r'id="([^"]+)"', drawing))


def test_a_png_with_a_palette_looks_the_same() -> None:
    picture = np.zeros((40, 60, 3), dtype=np.uint8) + 255
    picture[10:20, 10:50] = (0, 114, 178)
    out = BytesIO()
    Image.fromarray(picture).save(out, "png")
    slimmed = np.asarray(Image.open(BytesIO(optimise.png(out.getvalue()))).convert("RGB"))
    assert (slimmed == picture).all()
