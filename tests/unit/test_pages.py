"""Whatever a table or a claim holds stays text on the page."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_records import claim, found, printed
from markdown_it import MarkdownIt

from careshift import claims, pages, tables
from careshift.claims import Verdict, judge
from careshift.ledger import Entry
from careshift.pages import blocks, chart_page, entries, escape, say, wording
from careshift.project import CareshiftError
from careshift.typography import minus

RESIDENTS = "hendry2021/care-home-residents-march-2019"
HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "{download}`../../etc/passwd`",
    "```{include} /etc/passwd\n```",
    "![x](http://example.org/x.png)",
    "$$x$$",
    "a | b",
    "<!-- -->",
    "\x1b[31mred",
    "{{ config }}",
    "# heading\n\n- list",
    "- item",
    "1. item",
    "--- rule",
]


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).render(markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_one_paragraph_of_text(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(escape(text))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {t.type for t in tokens[1].children} <= {"text", "text_special", "softbreak"}


@given(st.text(max_size=60))
def test_any_text_stays_text(text: str) -> None:
    html = rendered(escape(text))
    assert "<script" not in html
    assert html.count("<") == html.count("<p>") + html.count("</p>")


def test_say_fills_numbers_and_escapes_texts() -> None:
    assert say("{x:.1f} % in {where}", x=9.29, where="<b>Fife</b>") == r"9.3 % in \<b\>Fife\</b\>"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_sentence_never_has_a_blank(value: object) -> None:
    with pytest.raises(CareshiftError, match="needs x"):
        say("{x}", x=value)
    with pytest.raises(CareshiftError, match="not given"):
        say("{y}", x=1)


def test_a_table_escapes_cells_and_keeps_headers_and_caption() -> None:
    frame = pd.DataFrame({"area": ["<img src=x onerror=alert(1)>", "Fife"], "rate": [1.25, float("nan")]})
    html = pages.table(frame, "A <b>caption</b>", formats={"rate": ".1f"})._repr_mimebundle_()["text/html"]
    assert "<img" not in html
    assert "&lt;img" in html
    assert '<th scope="col" class="number">rate</th>' in html
    assert '<td class="number">1.2</td>' in html
    assert '<th scope="row">Fife</th>' in html
    assert "<caption><span>A &lt;b&gt;caption&lt;/b&gt;</span></caption>" in html
    assert "–" in html
    assert "nan" not in html.lower()
    assert "nan" not in pages.table(frame, "c")._repr_mimebundle_()["text/html"].lower()


def test_numbers_stand_right_with_true_minus_signs_and_words_left() -> None:
    frame = pd.DataFrame({"year": [2011, 2012], "change": [-3.14, 2.0], "inside": [True, False]})
    html = pages.table(frame, "c", formats={"change": "+.1f"})._repr_mimebundle_()["text/html"]
    assert '<th scope="row" class="number">2011</th><td class="number">\u22123.1</td><td>yes</td>' in html
    assert '<th scope="col">inside</th>' in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("changed by -3.1 %", "changed by \u22123.1 %"),
        ("(-5 to -3)", "(\u22125 to \u22123)"),
        (
            "2010-2012, ages 65-74, S12-0001, well-known, a - b",
            "2010-2012, ages 65-74, S12-0001, well-known, a - b",
        ),
    ],
)
def test_a_hyphen_becomes_a_minus_only_before_a_negative_number(text: str, shown: str) -> None:
    assert minus(text) == shown


def test_a_long_alternative_text_is_short_and_points_below() -> None:
    figure = {"alt": f"Line chart. {'x: from 1 to 2; ' * 40}", "title": "It rose"}
    assert chart_page.short(figure) == "Line chart. It rose. All numbers stand below the picture."
    assert chart_page.short({"alt": "Line chart. It is short.", "title": "t"}) == "Line chart. It is short."


def test_a_figure_holds_its_words_its_files_and_its_numbers() -> None:
    figure = {
        "name": "a",
        "title": "<b>It rose</b>",
        "alt": 'From "1" to 2.',
        "csv": "year,rate\n2011,-1\n2012,2\n",
        "tables": ["population"],
    }
    svg = '<svg viewBox="0 0 388.8 200.4">'
    made = str(chart_page.figure_block("figure-a", "../_static/figures/x", 3, figure, svg))
    assert "<b>" not in made
    assert 'width="389" height="200"' in made
    assert 'alt="From &quot;1&quot; to 2."' in made
    assert all(f'href="../_static/figures/x/a.{kind}" download' in made for kind in ("csv", "svg", "png"))
    assert '<td class="number">\u22121</td>' in made
    assert "Code of this figure" not in made
    address = "https://example.org/code?a&b"
    linked = str(chart_page.figure_block("figure-a", "x", 3, figure, svg, address))
    assert '<a href="https://example.org/code?a&amp;b">Code of this figure</a>' in linked
    licence = tables.describe("population")["licenses"][0]["title"]
    assert licence in made


def test_a_claim_with_markup_stays_text() -> None:
    record = claims.find(RESIDENTS)
    bad = record.model_copy(
        update={"reads_as": 1.0, "says": "<script>alert(1)</script> {include}`x`", "printed": "a|b `c`"}
    )
    verdict = Verdict(claim=bad.id, held_against="outside data", outcome="differs", derived=1.0, margin=2.0)
    html = rendered(str(blocks.claims_table([(bad, verdict)])))
    assert "<script>" not in html


def test_every_outcome_has_a_sign_and_a_meaning() -> None:
    every = {*claims.OUTCOMES, claims.APART}
    assert set(blocks.SIGNS) == set(blocks.MEANINGS) == every
    assert len(set(blocks.SIGNS.values())) == len(every)
    assert set(claims.AGAINST) == set(claims.OUTCOMES)


def test_every_source_has_a_title() -> None:
    assert set(wording.TITLES) == set(claims.SOURCES)


def judged(tier: str, outcome: str, number: int):
    record = claims.find(RESIDENTS).model_copy(
        update={"id": f"hendry2021/claim-{tier}-{number}", "tier": tier, "says": f"{tier} {number}"}
    )
    against = claims.AGAINST[outcome][0]
    derived = None if against == "nothing" else 1.0
    return record, Verdict(claim=record.id, held_against=against, outcome=outcome, derived=derived)


def test_a_short_chapter_shows_every_claim() -> None:
    words = str(blocks.claims_table([judged("context", "reported", n) for n in range(blocks.FEW)]))
    assert "dropdown" not in words
    assert f"context {blocks.FEW - 1}" in words


def test_a_longer_chapter_opens_what_leads_and_folds_the_rest_under_a_count() -> None:
    context = [judged("context", "reported", n) for n in range(9)]
    words = str(blocks.claims_table([judged("quantitative", "reproduced", 1), *context]))
    shown, folded = words.split("::::{dropdown}")
    assert "quantitative 1" in shown
    assert folded.startswith(" 9 more statements: 9 reported")
    assert "context 8" in folded


def test_of_many_numbers_only_headlines_and_disputed_ones_stand_open() -> None:
    many = [
        judged("headline", "reproduced", 1),
        *(judged("quantitative", "reproduced", n) for n in range(70)),
        judged("quantitative", "does not add up", 71),
        judged("context", "differs", 5),
    ]
    words = str(blocks.claims_table(many))
    shown, folded = words.split("::::{dropdown}")
    assert all(text in shown for text in ("headline 1", "quantitative 71"))
    assert "context 5" in folded
    assert "quantitative 3" not in words
    assert "70 more statements: 70 reproduced" in words


def test_a_document_as_a_figures_source_is_cited() -> None:
    assert chart_page.source_words("kingsfund2013") == "{cite:t}`kingsfund2013`, as printed"


def test_a_table_of_words_is_set_flush_left_and_one_with_numbers_is_not() -> None:
    words = pages.table(pd.DataFrame({"body": ["Trust"], "role": ["provides"]}), "Bodies")
    mixed = pages.table(pd.DataFrame({"body": ["Trust"], "count": [5]}), "Bodies")
    shown = pages.table(pd.DataFrame({"body": ["Trust"], "count": [5.0]}), "Bodies", formats={"count": ".0f"})
    assert [table.of_words for table in (words, mixed, shown)] == [True, False, False]


def test_cells_of_words_carry_the_names_of_their_columns() -> None:
    words = pages.table(pd.DataFrame({"body": ["Trust"], 'ro"le': ["provides"]}), "Bodies")
    mixed = pages.table(pd.DataFrame({"body": ["Trust"], "count": [5]}), "Bodies")
    assert '<td data-label="ro&quot;le">provides</td>' in words._repr_mimebundle_()["text/html"]
    assert "data-label" not in mixed._repr_mimebundle_()["text/html"]


def test_a_year_has_no_comma_and_no_unit() -> None:
    claim = claims.find("kingsfund2013/reshaping-care-start")
    verdict = Verdict(claim=claim.id, held_against="own numbers", outcome="does not add up", derived=2011.0)
    assert claims.derived_words(claim, verdict) == "2011"
    assert blocks.printed_words(claim) == "2009/10"


def test_a_print_that_ends_with_its_sign_gets_no_second_one() -> None:
    claim = claims.find("hendry2021/council-funding-from-block-grant")
    assert blocks.printed_words(claim).count("%") == claim.printed.count("%")


def test_what_is_derived_for_a_print_in_words_has_a_unit() -> None:
    def words(**fields: object) -> str:
        record = claim(**({"printed": "a third", "reads_as": 33.3, "rounded_to": None} | fields))
        return wording.derived(record, judge(record, found(-3, claim=record.id)))

    assert words(unit="percent fall") == "\u22123.00 % fall"
    assert words(unit="percentage points") == "\u22123.00 percentage points"
    assert words(unit="clients, smallest yearly excess") == "\u22123.00 clients"
    assert words(unit="percent", printed="33.3") == "\u22123.00"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("20.0 (18.2 to 20.0)", "20.0 (18.2 to 20.0)"),
        ("−9.2 % change in patients", "a fall of 9.2 % in patients"),
        ("2.4 % change in attendances", "a rise of 2.4 % in attendances"),
        ("3.9 (−7.1 to 17.2) % change", "a rise of 3.9 % (a fall of 7.1 % to a rise of 17.2 %)"),
        ("−75.1 pounds per head above Scotland", "75.1 pounds per head below Scotland"),
        ("−1.0 (−3.7 to 4.0) points above the UK", "minus 1.0 (minus 3.7 to 4.0) points above the UK"),
    ],
)
def test_a_finding_in_a_sentence_has_no_sign(found: str, told: str) -> None:
    assert wording.unsigned(found) == told


def test_a_nearest_figure_is_never_told_as_a_finding() -> None:
    record = claim(printed="21")
    near = judge(record, found(21, claim=record.id, nearest=True))
    assert wording.derived(record, near) == "no test; nearest public figure 21.0"
    assert wording.we_find(record, near).startswith("We find no test. The nearest public figure is 21.0")
    assert wording.against(near) == "nothing"
    assert "| derived none (nearest figure 21.0) | nothing | data wanted" in claims.canonical_line(
        record, near
    )


def test_bounds_are_told_as_bounds_and_outside_data_with_how() -> None:
    record = claim()
    bounded = judge(record, found(21, claim=record.id, bounds=(15, 27), how="read"))
    assert wording.derived(record, bounded) == "between 15.0 and 27.0"
    assert wording.against(bounded) == "outside data, read"
    assert wording.against(judge(record, printed(20, claim=record.id))) == "own numbers"


def test_an_entry_names_what_a_repeat_repeats_and_what_a_sum_rests_on() -> None:
    record, other = claims.find(RESIDENTS), claims.find("hendry2021/care-home-residents-below-expected")
    verdict = judge(record, found(record.value, claim=record.id))
    again = verdict.model_copy(update={"inherits": other.id})
    weak = verdict.model_copy(update={"weakened_by": other.id})
    linked = f"[{escape(other.says)}](#{other.anchor})"
    plain, repeat, weakened = (entries.entry(record, Entry(record, None, v)) for v in (verdict, again, weak))
    assert linked not in plain
    assert f"**Says again, and is not counted**: {linked}" in repeat
    assert f"**Adds up only on a number that does not hold**: {linked}" in weakened


def test_an_entry_of_a_cause_says_why_nothing_decides_it() -> None:
    cause = claim(kind="cause", id=RESIDENTS)
    made = found(20, claim=cause.id)
    text = entries.entry(cause, Entry(cause, made, judge(cause, made)))
    assert "**Outcome**: [[? data wanted]" in text
    assert "no change that goes along with it shows that it is" in text


def test_a_print_in_percentage_points_says_so() -> None:
    assert blocks.printed_words(claim(unit="percentage points")) == "20 percentage points"
    assert blocks.printed_words(claim(unit="percent fall")) == "20 % fall"


def test_a_figure_of_many_tables_names_its_publishers_in_one_line_and_each_table_in_a_fold() -> None:
    names = ["care_home_residents", "care_home_places", "care_at_home", "population_areas_2022", "hendry2021"]
    line, rest = str(chart_page.sources(names)).split("\n\n", 1)
    assert line == (
        "Source: Public Health Scotland (Care Home Census 2010 to 2023; Release for 2023/24); National "
        "Records of Scotland (Mid-2022 release, 2022 census basis); {cite:t}`hendry2021` (as printed)."
    )
    assert "<summary>The 5 tables, with their licences</summary>" in rest
    for name in names[:4]:
        assert f"(#table-{name}), {escape(tables.describe(name)['vintage'])} (Open Government Licence" in rest
    few = str(chart_page.sources(names[:3]))
    assert "details" not in few
    assert few.count("#table-") == 3
