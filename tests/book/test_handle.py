"""Charts to handle: their values by mouse, keys and touch, the same numbers as in their tables."""

import csv
import json
import re
from html import unescape

import pytest

from careshift.figures import MIME
from careshift.figures.words import exact, written

PAGE = "chapters/scotland/care_home_residents.html"
RUN = "scotland/care_home_residents"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")


def figures(executed, run: str) -> list[dict]:
    cells = json.loads((executed / f"{run}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [data[MIME] for data in outputs if MIME in data]


def column(figure: dict, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(figure["csv"].splitlines())]


def test_every_number_a_chart_says_stands_in_its_table_or_words(executed) -> None:
    """In every chart of every page; a print that a chart shows beside its data is in its words."""
    said = 0
    for file in sorted(executed.rglob("*.ipynb")):
        for figure in figures(executed, file.relative_to(executed).with_suffix("").as_posix()):
            told = f"{figure['csv']} {figure['alt']} {figure['title']}"
            known = {float(n) for n in NUMBER.findall(told.replace("\N{MINUS SIGN}", "-").replace(",", " "))}
            known |= {float(n) for n in NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", told))}
            words = [words for record in json.loads(figure["marks"] or "[]") for words in record.get("v", [])]
            plain = [w.replace(",", "").replace("\N{MINUS SIGN}", "-") for w in words]
            numbers = {float(n) for w in plain for n in NUMBER.findall(w)}
            strange = [n for n in numbers - known if written(n) not in figure["alt"]]
            assert not strange, (file.name, figure["name"], strange[:5])
            said += len(words)
    assert said > 1000


@pytest.fixture
def chart(visit, server):
    visit.open(f"{server}/{PAGE}")
    return visit.tab.locator(".chart[data-marks]").first


@pytest.mark.browser
def test_the_keys_walk_through_the_values_of_the_table(chart, visit, executed) -> None:
    figure = figures(executed, RUN)[0]
    actual = [exact(float(cell)) for cell in column(figure, "actual") if cell]
    expected = [exact(float(cell)) for cell in column(figure, "expected") if cell]
    keys, told = chart.locator(".marks"), chart.locator("[role=status]")
    assert chart.locator("[tabindex='0']:visible").count() == 1
    assert "arrow keys" in keys.get_attribute("aria-label")
    keys.focus()
    heard = [told.locator("b").inner_text()]
    for _ in actual[1:]:
        visit.tab.keyboard.press("ArrowRight")
        heard.append(told.locator("b").inner_text())
    assert heard == actual
    visit.tab.keyboard.press("Home")
    visit.tab.keyboard.press("ArrowDown")
    assert told.locator("b").inner_text() == expected[0]
    visit.tab.keyboard.press("End")
    assert told.locator("b").inner_text() == expected[-1]
    assert chart.locator(".ring").is_visible()
    visit.tab.keyboard.press("Escape")
    assert told.inner_text() == ""
    assert not chart.locator(".ring").is_visible()
    assert not visit.complaints


@pytest.mark.browser
def test_the_mouse_shows_the_nearest_mark_and_leaves_nothing_behind(chart, visit, executed) -> None:
    picture = chart.locator("img")
    picture.scroll_into_view_if_needed()
    box, record = picture.bounding_box(), json.loads(figures(executed, RUN)[0]["marks"])[0]
    at = len(record["x"]) - 2
    x, y = (
        box["x"] + record["x"][at] / 1000 * box["width"],
        box["y"] + record["y"][at] / 1000 * box["height"],
    )
    visit.tab.mouse.move(x + 3, y - 2)
    told = chart.locator(".told")
    assert told.locator("b").inner_text() == record["v"][at]
    assert record["w"][at] in told.inner_text()
    ring = chart.locator(".ring").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - x) < 2
    assert abs(ring["y"] + ring["height"] / 2 - y) < 2
    visit.tab.mouse.move(2, 2)
    assert told.inner_text() == ""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_finger_on_a_phone_shows_values_inside_the_picture(browser, built, scheme) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{PAGE}")
    chart = tab.locator(".chart[data-marks]").first
    told = chart.locator(".told")
    chart.locator("img").scroll_into_view_if_needed()
    box = chart.locator("img").bounding_box()
    for across in (0.02, 0.5, 0.98):
        tab.touchscreen.tap(box["x"] + across * box["width"], box["y"] + 0.5 * box["height"])
        shown = told.bounding_box()
        assert told.locator("b").inner_text()
        assert shown["x"] >= box["x"] - 1
        assert shown["x"] + shown["width"] <= box["x"] + box["width"] + 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    tab.touchscreen.tap(box["x"] + 20, box["y"] - 20)  # its title, outside the picture
    assert told.inner_text() == ""
    context.close()


@pytest.mark.browser
def test_without_scripts_a_chart_is_picture_words_and_table(browser, built) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{PAGE}")
    chart = tab.locator(".chart[data-marks]").first
    assert chart.locator("img").is_visible()
    assert chart.locator("details table").count() == 1
    assert chart.locator(".marks, .told").count() == 0
    context.close()


@pytest.mark.browser
def test_the_script_is_loaded_only_where_a_chart_stands(built) -> None:
    pages = {p: p.read_text(encoding="utf-8") for p in built.rglob("*.html") if "_static" not in p.parts}
    with_marks = {page for page, text in pages.items() if "data-marks=" in text}
    assert with_marks
    assert with_marks == {page for page, text in pages.items() if "_static/marks.js" in text}


MAPS = "chapters/areas/index.html"


def maps_of(page: str) -> list[dict]:
    return [json.loads(unescape(found)) for found in re.findall(r"data-maps='([^']*)'", page)]


def test_the_maps_say_what_the_tables_of_the_areas_say(built) -> None:
    """The latest map of each measure against the table below: every figure with its sign."""
    page = (built / MAPS).read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    tables = re.findall(r'<table class="careshift-table sortable">.*?</table>', page, re.DOTALL)
    assert len(maps_of(page)) == len(tables) == 2
    for told, table in zip(maps_of(page), tables, strict=True):
        heads, *rows = [
            [unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
            for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        ]
        latest = {record["label"]: record for record in reversed(told["maps"])}
        assert set(latest) == set(heads[1:])
        for name, *cells in rows:
            at = told["names"].index(name)
            for label, cell in zip(heads[1:], cells, strict=True):
                record = latest[label]
                _, words, sign = told["places"][int(record["where"][at])]
                figure = f"{record['values'][at]} {sign}" if words else record["values"][at]
                assert cell == ("–" if sign == "–" else figure), (name, label)


@pytest.fixture
def tiles(visit, server):
    visit.open(f"{server}/{MAPS}")
    return visit.tab.locator("figure.tiles").first


@pytest.mark.browser
def test_a_map_turns_to_another_measure_and_year_and_finds_an_area(tiles, visit, built) -> None:
    told = maps_of((built / MAPS).read_text(encoding="utf-8"))[0]
    wanted = [record for record in told["maps"] if record["label"] == told["maps"][-1]["label"]][1]
    at = told["names"].index("Fife")
    tiles.get_by_label("Measure").select_option(label=wanted["label"])
    tiles.get_by_label("Year").select_option(label=wanted["period"])
    tiles.get_by_label("Your area").fill("fife")
    says = f"Fife: {wanted['values'][at]}{told['places'][int(wanted['where'][at])][1]}"
    assert tiles.locator("[role=status]").inner_text().startswith(says)
    assert tiles.locator("figcaption").inner_text() == wanted["caption"]
    assert tiles.locator(".tile.chosen").get_attribute("aria-label") == says
    for key, place in zip(wanted["key"], range(6), strict=True):
        assert tiles.locator(".key > span").nth(place).inner_text().endswith(key)
    tiles.locator("a.tile").first.focus()
    assert (
        tiles.locator("[role=status]")
        .inner_text()
        .startswith(tiles.locator("a.tile").first.get_attribute("aria-label"))
    )
    assert not visit.complaints


@pytest.mark.browser
def test_a_finger_sees_the_figure_first_and_opens_the_page_second(browser, built) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{MAPS}")
    tile = tab.locator("a.tile", has_text="Fif").first
    tile.tap()
    assert tab.locator(".map-told").first.inner_text().startswith(tile.get_attribute("aria-label"))
    assert tab.url.endswith(MAPS)
    tile.tap()
    tab.wait_for_url("**/fife.html")
    context.close()


CELLS = "(t) => [...t.tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent.trim()))"


@pytest.mark.browser
def test_the_box_turns_its_number_and_its_verdict_at_once(visit, server, built) -> None:
    """Every choice of the table below it gives the table's number, by the keys."""
    page = (built / PAGE).read_text(encoding="utf-8")
    told = json.loads(unescape(re.findall(r"data-explorer='([^']*)'", page)[0]))
    visit.open(f"{server}/{PAGE}")
    box = visit.tab.locator(".explorer")
    assert box.locator("select").count() == len(told["controls"]) == 4
    table = visit.tab.locator("table", has_text="Percent below expected under every choice")
    rows = table.evaluate(CELLS)
    sexes = {"pooled": "pooled", "by sex": "each at its own rates"}
    compared = 0
    for bands, sex, before, later, base, number, *_ in rows:
        if before != later or bands != "three bands":
            continue
        box.get_by_label("Rates of March").select_option(label=base.removeprefix("March "))
        box.get_by_label("Women and men").select_option(label=sexes[sex])
        box.get_by_label("Population").select_option(label=before)
        assert box.locator(".number").inner_text() == f"{number} % below expected"
        compared += 1
    assert compared == 8
    verdicts = set()
    box.get_by_label("Rates of March").focus()
    visit.tab.keyboard.press("Home")
    for _ in told["controls"][0][1]:
        verdicts.add(box.locator(".verdict").inner_text())
        visit.tab.keyboard.press("ArrowDown")
    assert len(verdicts) >= 2
    assert not visit.complaints
