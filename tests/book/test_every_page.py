"""Each page in a real browser: accessible, quiet, readable at every width, light to load.

`make test` opens a few; `make audit` opens all of them (`--every-page`).
"""

import gzip
import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

pytestmark = pytest.mark.browser

AXE = Axe()
SERIOUS = ("serious", "critical")
HEAVIEST, FIRST_VIEW = 1_500_000, 500_000  # bytes, not compressed
PACKED = (".html", ".css", ".js", ".svg", ".json")
# Complete lists, and the search, which brings its index: their first view is held to the size that is sent.
COMPLETE = ("search.html", "chapters/ledger/all.html", "chapters/ledger/wanted.html")

OUTLINE = """() => [...document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main h6")]
  .filter((h) => h.getClientRects().length).map((h) => Number(h.tagName[1]))"""
WORDLESS = """() => [...document.querySelectorAll("img")].filter((i) => {
    const alt = (i.getAttribute("alt") || "").trim();
    return !alt || /\\.(svg|png|jpe?g)$/i.test(alt) || alt.includes("\\\\");
  }).map((i) => i.getAttribute("src"))"""
TABLES = """() => [...document.querySelectorAll("main table")].map((t) => ({
    start: t.textContent.trim().slice(0, 60), heads: t.querySelectorAll("th").length,
    named: Boolean(t.caption?.textContent.trim() || t.ariaLabel),
  })).filter((t) => !t.heads || !t.named)"""
# A table may be wider than the screen only in a box that scrolls and that the keyboard reaches.
CLIPPED = """() => [...document.querySelectorAll("main :is(table, pre, figure, svg, img)")].filter((e) => {
    if (!e.getClientRects().length) return false;
    const right = e.getBoundingClientRect().right;
    if (right <= document.documentElement.clientWidth + 1) return false;
    for (let box = e; box && box !== document.body; box = box.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth) {
        return box.tabIndex < 0 && !box.querySelector("a[href], button, [tabindex='0']");
      }
    }
    return true;
  }).map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)"""


ROWS = 20  # of a long table
# Numbers whatever can be operated, and notes from now on what gets the focus and whether that can be seen.
# Boxes that scroll are stops too.
SCROLLED = """() => [...document.querySelectorAll('main *')].filter(
  (e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === 'auto').length"""
STOPS = """() => {
  const kinds = "a[href], button, summary, input, select, textarea, .marks";
  const all = [...document.querySelectorAll(kinds)].filter(
    (e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }));
  all.forEach((e, at) => { e.dataset.stop = at; });
  window.order = [];
  window.unseen = [];
  const drawn = (e) => [e, ...e.children].map((i) => getComputedStyle(i)).map((s) =>
    [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor, s.color].join()).join();
  const before = all.map(drawn);
  document.addEventListener("focusin", ({ target }) => {
    if (!("stop" in target.dataset)) return;
    const at = Number(target.dataset.stop);
    window.order.push(at);
    if (drawn(target) === before[at]) window.unseen.push(target.outerHTML.slice(0, 120));
  });
  return all.map((e) => e.outerHTML.slice(0, 120));
}"""


def violations(visit, *rules: str, rows: int | None = None) -> list[str]:
    """Return what axe finds serious, by all its rules or by these; of a long table, the first rows only."""
    context = {"exclude": [[f"tbody tr:nth-child(n+{rows})"]]} if rows else None
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = AXE.run(visit.tab, context=context, options=options).response["violations"]
    return [
        f"{v['id']} ({v['impact']}), {len(v['nodes'])} times: {v['nodes'][0]['html'][:160]} "
        f"{(v['nodes'][0].get('failureSummary') or '')[:300]}"
        for v in found
        if v["impact"] in SERIOUS
    ]


@pytest.fixture(autouse=True)
def counted(page, record_property) -> None:
    """Note the page with the result, so that the audit can say how many it opened."""
    record_property("page", page)


def test_no_serious_barrier_in_light_or_dark(visit, server, page, pytestconfig) -> None:
    rows = None if pytestconfig.getoption("--every-page") else ROWS
    visit.open(f"{server}/{page}")
    assert not violations(visit, rows=rows)
    visit.tab.emulate_media(color_scheme="dark")
    visit.tab.wait_for_function("document.documentElement.dataset.theme !== 'light'")
    assert not violations(visit, "color-contrast", "link-in-text-block", rows=rows)


def test_headings_pictures_and_tables_have_their_words(visit, server, page) -> None:
    visit.open(f"{server}/{page}")
    levels = visit.tab.evaluate(OUTLINE)
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    assert not visit.tab.evaluate(WORDLESS)
    assert not visit.tab.evaluate(TABLES)
    assert len(visit.tab.title()) > 8
    assert visit.tab.locator("html").get_attribute("lang") == "en"


def test_nothing_goes_wrong_and_nothing_is_asked_outside(visit, server, built, page) -> None:
    for start, scheme in ((server, "light"), (built.resolve().as_uri(), "dark")):
        visit.tab.emulate_media(color_scheme=scheme)
        visit.open(f"{start}/{page}")
        visit.tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        visit.tab.keyboard.press("End")
    assert not visit.complaints


# What stands many times alike on a long page; the audit walks through all of it.
ALIKE = f"""tbody tr:nth-child(n+{ROWS}), section > section:nth-of-type(n+{ROWS}), dl > :nth-child(n+{ROWS}),
article li:nth-child(n+4), article details:nth-of-type(n+4) {{ display: none !important; }}"""


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(visit, server, page, pytestconfig) -> None:
    visit.open(f"{server}/{page}")
    if not pytestconfig.getoption("--every-page"):
        visit.tab.add_style_tag(content=ALIKE)
    stops = visit.tab.evaluate(STOPS)
    assert len(stops) >= 3
    spare = 20 + len(stops) // 20  # a browser adds stops of its own
    for _ in range(len(stops) + visit.tab.evaluate(SCROLLED) + spare):
        visit.tab.keyboard.press("Tab")
    order, unseen = visit.tab.evaluate("[window.order, window.unseen]")
    assert not [words for at, words in enumerate(stops) if at not in order], "out of reach"
    first = list(dict.fromkeys(order))
    assert first == sorted(first), "out of order"
    assert not unseen


def test_it_fits_a_phone_a_tablet_and_a_screen(visit, server, page) -> None:
    visit.open(f"{server}/{page}")
    visit.tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for width in (375, 768, 1280):
        visit.tab.set_viewport_size({"width": width, "height": 900})
        assert visit.tab.evaluate("document.documentElement.scrollWidth") <= width, width
        try:  # the theme makes a box that scrolls reachable a moment after the width changed
            visit.tab.wait_for_function(f"!({CLIPPED})().length", timeout=5000)
        except TimeoutError:
            pytest.fail(f"At {width} pixels: {visit.tab.evaluate(CLIPPED)}")


def test_it_is_light(browser, server, built, page) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab, asked = context.new_page(), []
    tab.on("requestfinished", lambda request: asked.append(request.url.partition("?")[0]))
    tab.goto(f"{server}/{page}", wait_until="load")
    first, sent = weight(built, server, asked)
    tab.evaluate("document.querySelectorAll('img').forEach((i) => { i.loading = 'eager'; })")
    tab.wait_for_function("[...document.images].every((i) => i.complete)")
    every, _ = weight(built, server, asked)
    context.close()
    assert 10_000 < first <= (HEAVIEST if page in COMPLETE else FIRST_VIEW) or page == "404.html"
    assert sent <= FIRST_VIEW
    assert every <= HEAVIEST


def weight(built, server, asked) -> tuple[int, int]:
    """Return the bytes of the book's files among these addresses, as they are and as a server packs them."""
    names = {re.sub(rf"^{re.escape(server)}/", "", address) for address in asked}
    files = [built / name for name in names if built.joinpath(name).is_file()]
    whole = [file.read_bytes() for file in files]
    packed = [
        gzip.compress(data) if file.suffix in PACKED else data
        for file, data in zip(files, whole, strict=True)
    ]
    return sum(map(len, whole)), sum(map(len, packed))
