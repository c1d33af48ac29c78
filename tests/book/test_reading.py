"""What readers do, in a real browser: search, move by keyboard, read a term, miss a page."""

import pytest

pytestmark = pytest.mark.browser

FOCUS = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  return { what: `${e.tagName}#${e.id}.${e.className}`.slice(0, 90),
    words: (e.ariaLabel || e.textContent || "").trim() }; }"""


def results(visit, start: str, query: str) -> list[str]:
    """Return the addresses that a search finds, best first."""
    visit.open(f"{start}/search.html?q={query}")
    visit.tab.locator(".search-summary").wait_for()
    return visit.tab.evaluate("[...document.querySelectorAll('#search-results li a')].map((a) => a.href)")


QUERIES = {
    "by a number": ("30,418", "hendry2021-results"),
    "by a number without its comma": ("30418", "hendry2021-results"),
    "by a place": ("Lurgan", "case"),
    "by words": ("long-stay residents below expected", "hendry2021-results"),
    "by its name": ("care-home-residents-below-expected", "hendry2021-results"),
}


@pytest.mark.parametrize("way", QUERIES)
def test_the_search_finds_claims(visit, server, built, way) -> None:
    query, expected = QUERIES[way]
    for start in (server, built.resolve().as_uri()):
        found = results(visit, start, query)
        assert any(expected in address for address in found[:10]), found[:10]
    assert not visit.complaints


def test_there_is_one_search_field_and_the_keys_open_it(visit, server) -> None:
    visit.open(f"{server}/intro.html")
    seen = "[...document.querySelectorAll('input[type=search]')].filter((i) => i.offsetParent).length"
    assert visit.tab.evaluate(seen) == 0
    visit.tab.keyboard.press("Control+k")
    visit.tab.wait_for_function(f"{seen} === 1")
    visit.tab.keyboard.type("Lurgan")
    with visit.tab.expect_navigation():
        visit.tab.keyboard.press("Enter")
    assert "search.html?q=Lurgan" in visit.tab.url


def test_the_keyboard_reaches_everything_and_the_first_stop_skips_to_the_text(visit, server) -> None:
    visit.open(f"{server}/chapters/scotland/care_home_residents.html")
    visit.tab.keyboard.press("Tab")
    assert visit.tab.evaluate(FOCUS)["words"] == "Skip to main content"
    unreachable = visit.tab.evaluate(
        "[...document.querySelectorAll('button, summary, input, select, a[href]')].filter((e) =>"
        " e.tabIndex < 0 && e.getClientRects().length && !e.closest('[aria-hidden=true]') && !e.disabled)"
        ".map((e) => e.outerHTML.slice(0, 120))"
    )
    assert not unreachable
    nameless = visit.tab.evaluate(
        "[...document.querySelectorAll('button, summary, a[href]')].filter((e) => e.getClientRects().length"
        " && !(e.textContent.trim() || e.ariaLabel || e.title || e.querySelector('img[alt]')))"
        ".map((e) => e.outerHTML.slice(0, 120))"
    )
    assert not nameless


def test_folds_open_and_the_colour_mode_changes_by_keyboard(visit, server) -> None:
    visit.open(f"{server}/chapters/scotland/care_home_residents.html")
    fold = visit.tab.locator("main details summary").last
    fold.focus()
    before = fold.evaluate("(s) => s.parentElement.open")
    visit.tab.keyboard.press("Enter")
    assert fold.evaluate("(s) => s.parentElement.open") != before
    mode = "document.documentElement.dataset.mode"
    start = visit.tab.evaluate(mode)
    visit.tab.locator(".theme-switch-button").first.focus()
    visit.tab.keyboard.press("Enter")
    assert visit.tab.evaluate(mode) != start
    visit.tab.wait_for_function("document.activeElement.matches('.theme-switch-button')")
    visit.tab.evaluate("localStorage.clear()")


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(visit, server) -> None:
    visit.tab.set_viewport_size({"width": 375, "height": 800})
    visit.open(f"{server}/chapters/scotland/care_home_residents.html")
    opener = visit.tab.locator(".primary-toggle:visible")
    opener.focus()
    visit.tab.keyboard.press("Enter")
    visit.tab.wait_for_selector("#pst-primary-sidebar-modal[open] a:visible")
    visit.tab.keyboard.press("Escape")
    visit.tab.wait_for_function("!document.querySelector('#pst-primary-sidebar-modal').open")
    visit.tab.wait_for_function("document.activeElement.matches('.primary-toggle')")


def test_a_term_says_what_it_means_on_focus_and_leads_to_the_glossary(visit, server) -> None:
    visit.open(f"{server}/chapters/methods/expected_counts.html")
    term = visit.tab.locator(".glossary-term a").first
    words = term.get_attribute("title")
    assert len(words) > 30
    term.focus()
    shown = term.evaluate("(a) => getComputedStyle(a, '::after').content")
    assert words[:20] in shown
    visit.tab.keyboard.press("Enter")
    visit.tab.wait_for_url("**/glossary.html#*")
    anchor = visit.tab.url.partition("#")[2]
    assert words in " ".join(visit.tab.locator(f"dt#{anchor} + dd").inner_text().split())


def test_formulas_need_no_script(visit, server) -> None:
    visit.open(f"{server}/chapters/methods/expected_counts.html")
    assert visit.tab.locator("math munder, math munderover").count() >= 1
    assert visit.tab.locator("script[src*=mathjax i]").count() == 0


@pytest.mark.parametrize("place", ["nowhere.html", "chapters/nowhere.html", "chapters/areas/x/y.html"])
def test_a_page_that_is_not_there_leads_back_from_any_depth(visit, server, place) -> None:
    visit.open(f"{server}/{place}")
    assert visit.tab.locator("h1").inner_text() == "Page not found"
    visit.tab.get_by_role("link", name="All claims").click()
    visit.tab.wait_for_url(f"{server}/chapters/ledger/all.html")


def test_each_page_says_what_it_is_to_machines(visit, server) -> None:
    import json

    visit.open(f"{server}/chapters/wales/money.html")
    record = json.loads(visit.tab.locator("script[type='application/ld+json']").first.text_content())
    assert record["@type"] == "Article"
    assert record["headline"] == visit.tab.locator("h1").first.evaluate(
        "(h) => h.firstChild.textContent.trim()"
    )
    assert visit.tab.locator("meta[name=description]").get_attribute("content") == record["description"]
    assert visit.tab.locator("link[rel=icon]").get_attribute("href").endswith("favicon.svg")
