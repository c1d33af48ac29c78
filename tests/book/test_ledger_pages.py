"""The ledger as published: every claim has its test, its row and its entry; the table filters and shares."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from careshift import arithmetic, claims, ledger
from careshift.claims import Evidence, judge
from careshift.pages.blocks import css_class
from careshift.project import BUILD

FOLDER = "chapters/ledger"
ANCHOR = re.compile(r'id="(claim-[a-z0-9-]+)"')
STATED = re.compile(r'class="verdict ([a-z-]+)"')
ROW = re.compile(r'<tr[^>]*><td><a href="([^"#]+)#([^"]+)">.*?</tr>')
HEAVIEST = 600_000  # bytes of a page; the heaviest is the log of every look for what would test a claim
COUNTED = [claim for claim in claims.load() if claim.is_counted]


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
    """Judge one record afresh; its record, its entry and, where it is counted, its row must say the same."""
    item = kept[claim.id]
    verdict = item["verdict"]["outcome"]
    evidence = Evidence.model_validate(item["evidence"]) if item["evidence"] else None
    if claim.repeats:
        first = kept[claim.repeats]["verdict"]
        assert item["verdict"] == first | {"claim": claim.id, "inherits": claim.repeats}
    elif not item["verdict"]["weakened_by"]:
        fresh = judge(claim, evidence, arithmetic.evidence_of(claim))
        assert fresh.model_dump(mode="json") == item["verdict"]
    text = entry_texts[claim.anchor][0][1]
    assert STATED.search(text)[1] == css_class(verdict)
    if claim.is_counted:
        assert [page for page, _ in rows[claim.anchor]] == [page for page, _ in entry_texts[claim.anchor]]
        assert STATED.search(rows[claim.anchor][0][1])[1] == css_class(verdict)


def test_every_record_has_one_entry_and_every_claim_one_row(entry_texts, rows) -> None:
    assert sorted(entry_texts) == sorted(claim.anchor for claim in claims.load())
    assert sorted(rows) == sorted(claim.anchor for claim in COUNTED)
    assert all(len(places) == 1 for found in (entry_texts, rows) for places in found.values())


def test_counts_on_the_page_are_those_of_the_ledger(built, kept) -> None:
    counted = Counter(kept[claim.id]["verdict"]["outcome"] for claim in COUNTED)
    html = built.joinpath(FOLDER, "index.html").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'class="verdict [a-z-]+">\S+ ([a-z ]+)</span> <a [^>]*>(\d+)\sclaims</a>', html))
    assert {outcome: int(number) for outcome, number in drawn.items()} == {
        outcome: counted.get(outcome, 0) for outcome in claims.OUTCOMES
    }


def test_what_is_no_claim_stands_on_its_page(built) -> None:
    html = built.joinpath(FOLDER, "dates_counts_structure.html").read_text(encoding="utf-8")
    told = {claim.anchor for claim in claims.load() if claim.kind not in claims.COUNTED and not claim.repeats}
    assert told <= set(re.findall(r'href="[^"#]*#(claim-[a-z0-9-]+)"', html))


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
    differing = [claim for claim in COUNTED if kept[claim.id]["verdict"]["outcome"] == "differs"]
    expected = {claim.anchor for claim in differing if ledger.nation(claim) == "Scotland"}
    says(tab, f"{len(expected)} of {len(COUNTED):,} claims shown.")
    assert urlsplit(tab.url).query == "verdict=differs&area=Scotland"
    assert set(shown(tab)) == expected
    shared = tab.url
    tab.goto("about:blank")
    tab.goto(shared)
    says(tab, f"{len(expected)} of {len(COUNTED):,} claims shown.")
    assert set(shown(tab)) == expected
    assert tab.locator("select[name=verdict]").input_value() == "differs"


FILTERS = {
    "?source=msg2019": lambda c: c.source == "msg2019",
    "?area=Wales": lambda c: ledger.nation(c) == "Wales",
    "?area=Lurgan": lambda c: c.area == "Lurgan",
    "?tier=headline": lambda c: c.tier == "headline",
    "?text=table-4-medical": lambda c: "table-4-medical" in c.id,
    "?verdict=nonsense&source=policy2026": lambda c: c.source == "policy2026",
    "?text=zzzz": lambda c: False,
    "?chapter=scotland/money": lambda c: c.chapter == "scotland/money",
    "?figure=kingsfund2013/Figure+11": lambda c: in_figure(c, "kingsfund2013", "Figure 11"),
    "?figure=hendry2021/Figure+4&tier=headline": lambda c: (
        in_figure(c, "hendry2021", "Figure 4") and c.tier == "headline"
    ),
}


def in_figure(claim, source: str, name: str) -> bool:
    """Return whether a claim stands in a figure, by the name that its record gives the place."""
    return claim.source == source and bool(re.match(rf"{name}(?!\d)", claim.where.item or ""))


@pytest.mark.browser
def test_each_filter_in_the_address_shows_its_claims(tab, built, kept) -> None:
    for query, fits in FILTERS.items():
        tab.evaluate(
            "q => { history.pushState(null, '', q); dispatchEvent(new PopStateEvent('popstate')); }", query
        )
        expected = {claim.anchor for claim in COUNTED if fits(claim)}
        says(tab, f"{len(expected)} of {len(COUNTED):,} claims shown.")
        assert set(shown(tab)) == expected, query
    for held in ("outside data", "outside data, read", "own numbers"):
        tab.goto(address(built, f"?held={held}"))
        expected = {c.anchor for c in COUNTED if met(kept[c.id]["verdict"]).startswith(held)}
        assert set(shown(tab)) == expected, held


def met(verdict: dict) -> str:
    return ", ".join(filter(None, [verdict["held_against"], verdict["how"]]))


@pytest.mark.browser
def test_what_matters_stands_first_and_the_documents_order_can_be_had(tab, kept) -> None:
    def rank(anchor: str) -> tuple[int, int]:
        claim = next(c for c in COUNTED if c.anchor == anchor)
        held = kept[claim.id]["verdict"]["held_against"]
        return claims.TIERS.index(claim.tier), claims.HELD.index(held)

    ranks = [rank(anchor) for anchor in shown(tab)]
    assert ranks[0] == (0, 0)
    assert ranks == sorted(ranks)
    tab.locator("select[name=sort]").select_option("document")
    assert shown(tab) == [claim.anchor for claim in COUNTED]


CELLS = (
    "[...document.querySelectorAll('table.ledger tbody tr')].filter(r => r.offsetHeight)"
    ".map(r => `${[...r.cells].map(c => c.textContent).join(' ')} ${r.dataset.figure || ''}`)"
)


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["20 %", "20%", "£75", "30,418", "30418", "figure 11"])
def test_a_number_is_found_whole(tab, typed) -> None:
    """What is typed as 20 finds no 120, no 2010 and no 20.5."""
    whole = {float(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*(?:\.\d+)?", typed)}
    all_of_them = f"{len(COUNTED):,} of "
    tab.get_by_label("Words or whole numbers").fill(typed)
    tab.wait_for_function(
        "n => !document.querySelector('[role=status]').textContent.startsWith(n)", arg=all_of_them
    )
    found = tab.evaluate(CELLS)
    assert found
    for words in found:
        numbers = {float(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*(?:\.\d+)?", words)}
        assert whole <= numbers, words


@pytest.mark.browser
def test_the_rows_shown_are_a_file_to_keep(tab, built, kept) -> None:
    tab.goto(address(built, "?verdict=differs"))
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Download as CSV").click()
    assert waiting.value.suggested_filename == "claims.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    differing = {c.anchor: c for c in COUNTED if kept[c.id]["verdict"]["outcome"] == "differs"}
    assert {line["Address"].split("#")[1] for line in lines} == set(differing)
    assert {line["What the source says"] for line in lines} == {c.says for c in differing.values()}
    assert {line["Outcome"] for line in lines} == {"differs"}
    hostile = [['=HYPERLINK("x")', "-2+3", "@x", "-1,000", "a\nb", 'say "so"']]
    assert tab.evaluate("(rows) => ledgerFile.csv(rows)", hostile) == (
        '"\'=HYPERLINK(""x"")",\'-2+3,\'@x,"-1,000",a b,"say ""so"""\n'
    )


@pytest.mark.browser
def test_on_a_phone_the_table_is_short_and_goes_on_when_asked(browser, built) -> None:
    tab = browser.new_page(viewport={"width": 375, "height": 800})
    tab.goto(address(built))
    says(tab, f"{len(COUNTED):,} of {len(COUNTED):,} claims; the first 20 are shown.")
    assert not tab.locator("select[name=source]").is_visible()
    assert tab.evaluate("document.documentElement.scrollHeight / innerHeight") < 8
    first = shown(tab)
    tab.get_by_role("button", name="Show 20 more").click()
    assert len(shown(tab)) == 40
    assert shown(tab)[:20] == first
    assert tab.evaluate("document.activeElement.closest('tr').rowIndex") == 21
    tab.close()


@pytest.mark.browser
def test_typing_narrows_and_show_all_gives_everything_back(tab) -> None:
    total = f"{len(COUNTED):,}"
    tab.get_by_label("Words or whole numbers").fill("LURGAN 8.6")
    says(tab, f"1 of {total} claims shown.")
    assert "text=LURGAN" in tab.url
    tab.get_by_role("button", name="Show all").click()
    says(tab, f"{total} of {total} claims shown.")
    assert urlsplit(tab.url).query == ""


@pytest.mark.browser
def test_columns_sort_both_ways_by_number_and_by_keyboard(tab) -> None:
    head = tab.get_by_role("button", name="We find")
    head.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("th[aria-sort=ascending]").inner_text().startswith("We find")
    first = tab.evaluate("document.querySelector('table.ledger tbody tr').cells[5].textContent")
    assert re.search(r"−[\d,.]+", first)
    tab.keyboard.press("Enter")
    assert tab.locator("th[aria-sort=descending]").count() == 1
    first = tab.evaluate("document.querySelector('table.ledger tbody tr').cells[5].textContent")
    assert float(re.search(r"[\d,]+", first)[0].replace(",", "")) > 10_000
    assert "sort=-derived" in tab.url


@pytest.mark.browser
def test_without_scripts_every_claim_is_there_and_no_dead_control(browser, built) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address(built, "?verdict=differs"))
    assert tab.locator("table.ledger tbody tr").count() == len(COUNTED)
    assert tab.locator("table.ledger tbody tr").last.is_visible()
    assert not tab.locator("form.ledger-filter").is_visible()
    assert tab.locator("table.ledger button").count() == 0
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_a_filtered_table_fits_the_screen(browser, built, kept, width) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto(address(built, "?held=outside+data&verdict=revised+since&area=Scotland"))
    revised = [claim for claim in COUNTED if kept[claim.id]["verdict"]["outcome"] == "revised since"]
    number = sum(ledger.nation(claim) == "Scotland" for claim in revised)
    few = min(number, 20) if width < 640 else number
    end = f"claims; the first {few} are shown." if few < number else "claims shown."
    says(tab, f"{number} of {len(COUNTED):,} {end}")
    assert len(shown(tab)) == few > 0
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
