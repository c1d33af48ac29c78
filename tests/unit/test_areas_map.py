"""The tile maps on a made country: every period, where an area stands, and a key that counts."""

import json
from html.parser import HTMLParser

import pandas as pd
import pytest

from careshift import pages
from careshift.topics import areas, areas_map, areas_measures

CODES = ("S12000047", "S12000049", "S12000020")  # Fife, Glasgow, Moray
HOSTILE = """'><script>alert(1)</script> "&quot; ```"""


@pytest.fixture
def made(monkeypatch):
    measure = areas_measures.Measure("beds", "Beds", "per 1,000", "none", lambda tables: tables)
    monkeypatch.setattr(areas_map, "measures", lambda kind: (measure,))
    monkeypatch.setattr(areas_map, "_error", lambda *given: pd.Series(1.0, index=list(CODES)))
    held = {"2018/19": (10.0, 10.5, 20.0), "2019/20": (7.0, None, 12.5)}
    every = pd.DataFrame(
        [
            {
                "measure": "beds",
                "area": code,
                "period": period,
                "time": float(period[:4]),
                "value": value,
                "status": "ok" if value is not None else "suppressed",
            }
            for period, values in held.items()
            for code, value in zip((*CODES, areas.SCOTLAND), (*values, 10.0), strict=True)
        ]
    )
    names = ("Fife", "Glasgow City", "Moray")
    places = {code: areas.Place(code, name, "council") for code, name in zip(CODES, names, strict=True)}
    return every, places


def test_each_period_is_a_map_and_the_latest_leads(made) -> None:
    every, places = made
    latest, before = areas_map.maps("council", every, {}, places, "beds")
    assert (latest["period"], before["period"]) == ("2019/20", "2018/19")
    assert latest["values"] == ["12.5", "7.0", "suppressed"]  # by code: Moray, Fife, Glasgow
    where = [areas_map.PLACES[int(place)] for place in latest["where"]]
    assert where == ["above", "below", ""]
    assert [areas_map.PLACES[int(place)] for place in before["where"]] == ["far above", "alike", "alike"]
    assert before["caption"] == "Council areas: Beds, per 1,000, 2018/19. Scotland: 10.0"


def test_the_key_counts_areas_and_says_between_which_figures(made) -> None:
    every, places = made
    latest, before = areas_map.maps("council", every, {}, places, "beds")
    key = dict(zip(areas_map.PLACES, before["key"], strict=True))
    assert key["alike"] == "2 areas, 10.0 to 10.5"
    assert key["far above"] == "1 area, 20.0"
    assert key["below"] == "no areas"
    assert dict(zip(areas_map.PLACES, latest["key"], strict=True))[""] == "1 area"


class Figure(HTMLParser):
    """The tags of a map with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_no_word_of_a_map_leaves_its_attribute(made) -> None:
    every, places = made
    maps = areas_map.maps("council", every, {}, places, "beds")
    maps[1]["caption"] = HOSTILE
    rows = pd.DataFrame(
        [{"code": c, "name": p.name, "slug": p.slug, "words": "7.0", "where": "", "sign": "–"}
         for c, p in places.items()]
    )  # fmt: skip
    html = pages.Tiles(rows, "Beds", areas.SIGNS, maps)._repr_mimebundle_()["text/html"]
    found = Figure(html)
    assert not [tag for tag, _ in found.tags if tag == "script"]
    told = json.loads(found.tags[0][1]["data-maps"])
    assert told["maps"][1]["caption"] == HOSTILE
    assert told["names"] == [places[code].name for code in sorted(CODES)]
    assert "Scotland: 10.0" in html
    assert "1 area, 12.5" in html
