"""The search as readers use it: what they type finds the right page first, over HTTP and from a folder."""

import pytest
from playwright.sync_api import expect

from careshift import search_words, source_coverage
from careshift.pages import documents

pytestmark = pytest.mark.browser

S, W, N = "chapters/scotland", "chapters/wales", "chapters/northern_ireland"
A, P, M, L = "chapters/areas", "chapters/policy", "chapters/methods", "chapters/ledger"
# What is typed, and where the first result leads.
FIRST = {
    "Delayed discharge": f"{S}/delayed_discharge",
    "delayed discharges": f"{S}/delayed_discharge",
    "bed blocking": f"{S}/delayed_discharge",
    "bedblocking": f"{S}/delayed_discharge",
    "delayd dischrage": f"{S}/delayed_discharge",
    "waiting times": f"{S}/delayed_discharge",
    "Change Fund": f"{S}/money",
    "change fund 2011": f"{S}/money",
    "set-aside budget": f"{S}/money",
    "hospital at home": f"{S}/case_studies",
    "reablement": f"{S}/case_studies",
    "re-ablement": f"{S}/case_studies",
    "Lochalsh and Skye": f"{S}/case_studies",
    "care homes": f"{S}/care_home_residents",
    "carehome residents": f"{S}/care_home_residents",
    "nursing homes": f"{S}/care_home_residents",
    "how many people live in care homes": f"{S}/care_home_residents",
    "bed days": f"{S}/emergency_bed_days",
    "bed-days": f"{S}/emergency_bed_days",
    "unplanned bed days over 75": f"{S}/emergency_bed_days",
    "emergancy admissions": f"{S}/emergency_admissions",
    "winter pressures": f"{S}/emergency_admissions",
    "home care hours": f"{S}/intensive_home_care",
    "free personal care": f"{S}/intensive_home_care",
    "Nairn": f"{S}/anticipatory_care",
    "anticipatory care plans": f"{S}/anticipatory_care",
    "patient experience": f"{S}/care_experience",
    "health inequality": f"{S}/inequality",
    "life expectancy": f"{S}/inequality",
    "long stay": f"{S}/long_stay_hospital",
    "people at home": f"{S}/people_at_home",
    "readmissions COPD": f"{W}/admission_reductions",
    "diabetes": f"{W}/admission_reductions",
    "DTOC": f"{W}/delayed_transfers",
    "delayed transfers of care": f"{W}/delayed_transfers",
    "social workers": f"{W}/workforce",
    "nurses in Wales": f"{W}/workforce",
    "GPs": f"{W}/workforce",
    "Welsh spending": f"{W}/money",
    "spending per head": f"{N}/spending_per_head",
    "per capita spending": f"{N}/spending_per_head",
    "Barnett formula": f"{N}/spending_per_head",
    "older people": f"{N}/population",
    "population projections": f"{N}/population",
    "dementia": f"{N}/services",
    "mental health Northern Ireland": f"{N}/services",
    "Lurgan": f"{N}/case_studies",
    "A&E": "chapters/four_nations/emergency_attendances",
    "A and E waiting times": "chapters/four_nations/emergency_attendances",
    "accident and emergency": "chapters/four_nations/emergency_attendances",
    "four-hour target": "chapters/four_nations/emergency_attendances",
    "is care home use falling": f"{S}/care_home_residents",
    "bed blockers": f"{S}/delayed_discharge",
    "money for older people": f"{S}/money",
    "long-term conditions": f"{W}/admission_reductions",
    "health spending Northern Ireland": f"{N}/spending_per_head",
    "Fife IJB": f"{A}/fife",
    "Glasgow City HSCP": f"{A}/glasgow-city",
    "clackmananshire": f"{A}/clackmannanshire",
    "ranking of councils": f"{A}/index",
    "what is new": f"{L}/changes",
    "what changed": f"{L}/changes",
    "does integration work": "intro",
    "Did integration shift the balance of care?": "intro",
    "what do we know": "chapters/what_is_known/index",
    "Highland": f"{A}/highland",
    "Glasgow": f"{A}/glasgow-city",
    "Glasow": f"{A}/glasgow-city",
    "Glasgow delayed discharge": f"{A}/glasgow-city",
    "Edinburgh": f"{A}/city-of-edinburgh",
    "Western Isles": f"{A}/na-h-eileanan-siar",
    "Fife": f"{A}/fife",
    "NHS Fife": f"{A}/nhs-fife",
    "NHS GGC": f"{A}/nhs-greater-glasgow-and-clyde",
    "Tayside": f"{A}/nhs-tayside",
    "Inverness": f"{A}/highland",
    "orkney": f"{A}/orkney-islands",
    "health boards": f"{A}/index",
    "my council": f"{A}/index",
    "IJB": f"{P}/organisation",
    "IJBs": f"{P}/organisation",
    "integration joint boards": f"{P}/organisation",
    "HSCP": f"{P}/organisation",
    "lead agency Highland": f"{S}/highland",
    "MSG": f"{P}/review_proposals",
    "25 proposals": f"{P}/review_proposals",
    "Public Bodies Act 2014": f"{P}/timeline",
    "Christie Commission": f"{P}/timeline",
    "Compton review": f"{P}/timeline",
    "promises kept": f"{P}/foreseen",
    "other studies": f"{P}/what_others_found",
    "Audit Scotland": f"{P}/what_others_found",
    "forecasts": f"{M}/forecasts",
    "chief officer": f"{P}/chief_officers",
    "national outcomes": f"{P}/frameworks",
    "quadruple aim": f"{P}/frameworks",
    "barriers to integration": f"{P}/ten_years_on",
    "King's Fund": "chapters/documents/kingsfund2013",
    "Kings Fund 2018": "chapters/documents/kingsfund2018",
    "hendry 2021": "chapters/documents/hendry2021",
    "interrupted time series": f"{M}/interrupted_time_series",
    "how do you judge a claim": f"{M}/how_we_judge",
    "use my own data": f"{M}/rerun",
    "abbreviations": f"{M}/glossary",
    "download data": f"{L}/data",
    "references": f"{L}/references",
    "errors in the report": f"{L}/contradictions",
    "all claims": f"{L}/all",
}
# What is typed, the kind of the first result, and words of it.
KINDS = {
    "Figure 11": ("figure", "Figure 11"),
    "fig 11": ("figure", "Figure 11"),
    "kings fund figure 4": ("figure", "Figure 4"),
    "Table 7": ("figure", "Table 7"),
    "30,418": ("claim", "March 2019"),
    "30418": ("claim", "March 2019"),
    "£70 million": ("claim", "Change Fund"),
    "20%": ("claim", "below the number expected"),
    "20 per cent": ("claim", "below the number expected"),
}


@pytest.fixture
def searching(visit, server):
    """Give the open page of the search."""
    visit.open(f"{server}/search.html")
    yield visit.tab
    assert not visit.complaints


def test_what_readers_type_finds_the_right_page_first(searching) -> None:
    found = searching.evaluate(
        "(typed) => typed.map((query) => bookSearch.find(query).found[0]?.address)", list(FIRST)
    )
    wrong = {
        query: address
        for (query, page), address in zip(FIRST.items(), found, strict=True)
        if not address or address.split("#")[0] != f"{page}.html"
    }
    assert not wrong


def test_claims_and_figures_are_found_with_their_verdict(searching) -> None:
    firsts = searching.evaluate(
        "(typed) => typed.map((query) => bookSearch.find(query).found[0])", list(KINDS)
    )
    for (query, (kind, words)), first in zip(KINDS.items(), firsts, strict=True):
        assert first["kind"] == kind, query
        assert words in first["title"], query
        assert bool(first["verdict"]) == (kind == "claim")


def test_areas_come_last_unless_they_are_named(searching) -> None:
    for query, named in {"delayed discharge": False, "population": False, "Stirling": True}.items():
        kinds = searching.evaluate("(q) => bookSearch.find(q).found.map(({ kind }) => kind)", query)
        first_area = kinds.index("area")
        assert first_area == 0 if named else "chapter" not in kinds[first_area:], query


def test_a_query_falls_into_words_as_the_index_does(searching) -> None:
    texts = [
        "rose to 30,418",
        "4.2 % of 1,234.5",
        "2009/10, 65+",
        "S12000033 and B12b",
        "it's -5",
        "3,",
        "ħ 7th",
    ]
    texts += ["The King’s Fund, A&E", "£300m, £5bn, 75s, 20pc", "Brún", "re-ablement services", ""]
    texts += searching.evaluate("bookSearch.spelt()")  # every word of a title and of the list
    ours = [list(search_words.stems(text)) for text in texts]
    assert searching.evaluate("(texts) => texts.map(bookSearch.stems)", texts) == ours


def test_a_reader_sees_what_a_word_means_each_kind_of_result_and_the_rest_on_demand(
    visit, server, built
) -> None:
    for start in (server, built.resolve().as_uri()):
        visit.open(f"{start}/search.html?q=IJB")
        tab = visit.tab
        assert "Integration joint board" in tab.locator(".search-meaning").inner_text()
        assert tab.locator("#search-results .verdict").first.is_visible()
        field = tab.locator(".bd-search-container input[name=q]")
        field.fill("care homes")
        tab.locator(".search-summary", has_text="care homes").wait_for()
        assert tab.url.endswith("?q=care+homes")
        more = tab.locator(".search-more").first
        before = tab.locator("#search-results li").count()
        more.click()
        assert tab.locator("#search-results li").count() > before
        field.fill("zzzz<&>")
        tab.locator(".search-summary", has_text="0 results for “zzzz<&>”").wait_for()
        assert tab.locator("#search-results a").count() == 3
    assert not visit.complaints


def test_after_a_search_nothing_overlaps_and_no_letter_is_missing(visit, server) -> None:
    """The magnifier stands beside the words; the button that hides the marks has a sign of a plain font."""
    visit.open(f"{server}/search.html?q=Lurgan")
    left, padding, icon = visit.tab.evaluate(
        """() => {
          const field = document.querySelector(".bd-search-container input[name=q]");
          const icon = document.querySelector(".bd-search-container .fa-magnifying-glass");
          const padding = parseFloat(getComputedStyle(field).paddingLeft);
          return [field.getBoundingClientRect().left, padding, icon.getBoundingClientRect().right];
        }"""
    )
    assert left + padding >= icon
    with visit.tab.expect_navigation():
        visit.tab.locator("#search-results li a").first.click()
    hide = visit.tab.locator(".highlight-link a")
    hide.wait_for()
    assert visit.tab.locator("span.highlighted", has_text="Lurgan").count()
    assert hide.evaluate("(a) => getComputedStyle(a, '::before').content") == '"×"'
    hide.click()
    expect(visit.tab.locator("span.highlighted")).to_have_count(0)


def test_a_figure_of_a_document_has_an_address_that_the_search_finds(visit, server, built) -> None:
    """Every figure, table and box stands once on its document's page, drawn where the list says so."""
    for item in source_coverage.load():
        page = built.joinpath("chapters/documents", f"{item.source}.html").read_text(encoding="utf-8")
        assert page.count(f'id="{documents.anchor(item)}"') == 1, item
        if item.drawing:
            assert f'src="../../_static/figures/{item.drawing}.svg"' in page, item
            assert built.joinpath("_static/figures", f"{item.drawing}.svg").is_file(), item
    visit.open(f"{server}/search.html?q=Figure+11")
    visit.tab.locator("#search-results li a").first.click()
    visit.tab.wait_for_url(f"{server}/chapters/documents/kingsfund2013.html#kingsfund2013-figure-11")
    assert "Figure 11" in visit.tab.locator(".document-figure:target").inner_text()
    assert not visit.complaints
