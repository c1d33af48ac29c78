"""The ledger as published: every claim has its test, its row and its entry; the table filters and shares."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from careshift import arithmetic, claims, ledger
from careshift.claims import Evidence, judge
from careshift.project import BUILD

FOLDER = "chapters/ledger"
ANCHOR = re.compile(r'id="(claim-[a-z0-9-]+)"')
STATED = re.compile(r'class="verdict ([a-z-]+)"')
ROW = re.compile(r'<tr[^>]*><td><a href="([^"#]+)#([^"]+)">.*?</tr>')
HEAVIEST = 500_000  # bytes of a page


@pytest.fixture(scope="session")
def kept() -> dict[str, dict]:
    """Give the records of ledger.json by claim id."""
    items = json.loads((BUILD / "ledger.json").read_text(encoding="utf-8"))["claims"]
    return {item["claim"]["id"]: item for item in items}


@pytest.fixture(scope="session")
def entry_texts(built) -> dict[str, list[tuple[str, str]]]:
    """Give, for each anchor, the pages that have it and what follows it there."""
    found: dict[str, list[tuple[str, str]]] = {}
    for page in sorted(built.joinpath(FOLDER).glob("*.html")):
        html = page.read_text(encoding="utf-8")
        places = list(ANCHOR.finditer(html))
        ends = [place.start() for place in places[1:]] + [len(html)] * bool(places)
        for place, end in zip(places, ends, strict=True):
            found.setdefault(place[1], []).append((page.name, html[place.start() : end]))
    return found


@pytest.fixture(scope="session")
def rows(built) -> dict[str, list[tuple[str, str]]]:
    """Give, for each anchor, the page that its row leads to and the row."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in ROW.finditer(built.joinpath(FOLDER, "all.html").read_text(encoding="utf-8")):
        found.setdefault(row[2], []).append((row[1], row[0]))
    return found


@pytest.mark.parametrize("claim", claims.load(), ids=lambda claim: claim.id)
def test_claim(claim, kept, entry_texts, rows) -> None:
    """Judge one claim afresh; its record, its entry and its row must say the same."""
    item = kept.get(claim.id)
    verdict = "not judged yet"
    if item:
        evidence = Evidence.model_validate(item["evidence"]) if item["evidence"] else None
        own = arithmetic.evidence_of(claim)
        fresh = own if own and evidence and evidence.basis == own.basis else evidence
        assert judge(claim, fresh).model_dump(mode="json") == item["verdict"]
        verdict = item["verdict"]["outcome"]
    assert [page for page, _ in rows[claim.anchor]] == [page for page, _ in entry_texts[claim.anchor]]
    (_, text), (_, row) = entry_texts[claim.anchor][0], rows[claim.anchor][0]
    assert STATED.search(row)[1] == verdict.replace(" ", "-")
    stated = STATED.search(text)
    assert stated[1] == verdict.replace(" ", "-") if item else verdict in text


def test_every_claim_has_exactly_one_row_and_one_entry(entry_texts, rows) -> None:
    anchors = sorted(claim.anchor for claim in claims.load())
    assert sorted(entry_texts) == sorted(rows) == anchors
    assert all(len(places) == 1 for found in (entry_texts, rows) for places in found.values())


def test_counts_on_the_page_are_those_of_the_ledger(built, kept) -> None:
    counted = Counter(item["verdict"]["outcome"] for item in kept.values())
    html = built.joinpath(FOLDER, "index.html").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'class="verdict [a-z-]+">\S+ ([a-z ]+)</span> <a [^>]*>(\d+)\sclaims</a>', html))
    assert {outcome: int(number) for outcome, number in drawn.items() if outcome in claims.OUTCOMES} == {
        outcome: counted.get(outcome, 0) for outcome in claims.OUTCOMES
    }
    assert int(drawn[ledger.WAITING]) == len(claims.load()) - len(kept)


def test_no_ledger_page_is_heavy(built) -> None:
    sizes = {page.name: page.stat().st_size for page in built.joinpath(FOLDER).glob("*.html")}
    assert max(sizes.values()) < HEAVIEST, sizes


@pytest.fixture
def tab(browser, built):
    """Give an open table of all claims, read from the folder, and fail on any complaint of the browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened, complaints = context.new_page(), []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.goto(address(built))
    yield opened
    context.close()
    assert not complaints


def address(built, query: str = "") -> str:
    return f"file://{built.resolve()}/{FOLDER}/all.html{query}"


def shown(tab) -> list[str]:
    """Return the anchors of the rows that are to be seen, in their order."""
    return tab.evaluate(
        "[...document.querySelectorAll('table.ledger tbody tr')].filter(r => r.offsetHeight)"
        ".map(r => r.querySelector('a').getAttribute('href').split('#')[1])"
    )


def says(tab, words: str) -> None:
    """Wait until the page announces these words."""
    tab.wait_for_function("w => document.querySelector('[role=status]').textContent === w", arg=words)


@pytest.mark.browser
def test_a_filtered_view_has_an_address_that_reproduces_it(tab, built, kept) -> None:
    tab.locator("select[name=verdict]").select_option("differs")
    tab.locator("select[name=area]").select_option("Scotland")
    everything = [claims.find(name) for name, item in kept.items() if item["verdict"]["outcome"] == "differs"]
    expected = {claim.anchor for claim in everything if ledger.nation(claim) == "Scotland"}
    says(tab, f"{len(expected)} of {len(claims.load()):,} claims shown.")
    assert urlsplit(tab.url).query == "verdict=differs&area=Scotland"
    assert set(shown(tab)) == expected
    shared = tab.url
    tab.goto("about:blank")
    tab.goto(shared)
    says(tab, f"{len(expected)} of {len(claims.load()):,} claims shown.")
    assert set(shown(tab)) == expected
    assert tab.locator("select[name=verdict]").input_value() == "differs"


FILTERS = {
    "?source=msg2019": lambda c: c.source == "msg2019",
    "?area=Wales": lambda c: ledger.nation(c) == "Wales",
    "?area=Lurgan": lambda c: c.area == "Lurgan",
    "?tier=headline": lambda c: c.tier == "headline",
    "?text=table-4-column": lambda c: "table-4-column" in c.id,
    "?verdict=nonsense&source=policy2026": lambda c: c.source == "policy2026",
    "?text=zzzz": lambda c: False,
}


@pytest.mark.browser
def test_each_filter_in_the_address_shows_its_claims(tab) -> None:
    for query, fits in FILTERS.items():
        tab.evaluate(
            "q => { history.pushState(null, '', q); dispatchEvent(new PopStateEvent('popstate')); }", query
        )
        expected = {claim.anchor for claim in claims.load() if fits(claim)}
        says(tab, f"{len(expected)} of {len(claims.load()):,} claims shown.")
        assert set(shown(tab)) == expected, query


@pytest.mark.browser
def test_typing_narrows_and_show_all_gives_everything_back(tab) -> None:
    total = f"{len(claims.load()):,}"
    tab.get_by_label("Words or numbers").fill("LURGAN 8.6")
    says(tab, f"1 of {total} claims shown.")
    assert "text=LURGAN" in tab.url
    tab.get_by_role("button", name="Show all").click()
    says(tab, f"{total} of {total} claims shown.")
    assert urlsplit(tab.url).query == ""


@pytest.mark.browser
def test_columns_sort_both_ways_by_number_and_by_keyboard(tab) -> None:
    head = tab.get_by_role("button", name="Derived")
    head.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("th[aria-sort=ascending]").inner_text().startswith("Derived")
    first = tab.evaluate("document.querySelector('table.ledger tbody tr').cells[5].textContent")
    assert re.match(r"−[\d,.]+", first)
    tab.keyboard.press("Enter")
    assert tab.locator("th[aria-sort=descending]").count() == 1
    first = tab.evaluate("document.querySelector('table.ledger tbody tr').cells[5].textContent")
    assert float(first.split()[0].replace(",", "")) > 10_000
    assert "sort=-derived" in tab.url


@pytest.mark.browser
def test_without_scripts_every_claim_is_there_and_no_dead_control(browser, built) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address(built, "?verdict=differs"))
    assert tab.locator("table.ledger tbody tr").count() == len(claims.load())
    assert tab.locator("table.ledger tbody tr").last.is_visible()
    assert not tab.locator("form.ledger-filter").is_visible()
    assert tab.locator("table.ledger button").count() == 0
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_a_filtered_table_fits_the_screen(browser, built, width) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto(address(built, "?verdict=inconsistent&area=Scotland"))
    says(tab, f"18 of {len(claims.load()):,} claims shown.")
    assert len(shown(tab)) == 18
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    cells = "[...document.querySelectorAll('table.ledger td')].filter(c => c.offsetHeight)"
    assert tab.evaluate(f"{cells}.filter(c => c.scrollWidth > c.clientWidth + 1).length") == 0
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_squares_stand_out_from_the_page(browser, built, scheme) -> None:
    context = browser.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"file://{built.resolve()}/{FOLDER}/index.html")
    contrasts = tab.evaluate(
        """() => {
          const channel = (v) => (v <= 10 ? v / 3295 : ((v / 255 + 0.055) / 1.055) ** 2.4);
          const light = (s) => { const c = s.match(/[\\d.]+/g).map(Number);
            return 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]); };
          const page = light(getComputedStyle(document.body).backgroundColor);
          return [...document.querySelectorAll(".waffle path")].map((path) => {
            const style = getComputedStyle(path);
            const mark = light(style.fill === "none" ? style.stroke : style.fill);
            return (Math.max(mark, page) + 0.05) / (Math.min(mark, page) + 0.05);
          });
        }"""
    )
    context.close()
    assert len(contrasts) >= 5
    assert min(contrasts) >= 3
