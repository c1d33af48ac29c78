"""Headline numbers a second time: SQL over the committed tables, with nothing of our own statistics.

Each query is written from the words of the claim and of its chapter's method; printed numbers are read from
the claim files as text. What comes out must be the number in ledger.json. This file imports nothing from
careshift, and a test holds it to that.
"""

import ast
import json
from pathlib import Path

import duckdb
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCOTLAND = "S92000003"

BANDED = "CASE WHEN age < 75 THEN '65-74' WHEN age < 85 THEN '75-84' ELSE '85+' END"
OLDER = f"""
    SELECT year, {BANDED} AS band, sum(population) AS people FROM population
    WHERE area = '{SCOTLAND}' AND age >= 65 GROUP BY ALL
"""
IN_HOMES = f"""
    SELECT year(date) AS year, sum(residents) AS residents,
        CASE WHEN age_band IN ('85-94', '95+') THEN '85+' ELSE age_band END AS band
    FROM care_home_residents WHERE area = '{SCOTLAND}' AND age_band <> '18-64' GROUP BY ALL
"""
PEOPLE_65 = (
    f"(SELECT sum(population) FROM population WHERE area = '{SCOTLAND}' AND age >= 65 AND year = {{}})"
)
EVERYBODY = f"(SELECT sum(population) FROM population WHERE area = '{SCOTLAND}' AND year = {{}})"

QUERIES = {
    "hendry2021/change-fund-share": """
        SELECT 100 * (p['kingsfund2013/change-fund-2011-12'] + p['kingsfund2013/change-fund-2012-13']
            + p['kingsfund2013/change-fund-2013-14'] + p['kingsfund2013/change-fund-2014-15']) / 4
            / (1000 * p['kingsfund2013/older-people-spending']) FROM printed
    """,
    "hendry2021/emergency-admissions-rise-annually": f"""
        WITH admissions AS (
            SELECT vintage, left(financial_year, 4)::INT AS year, rate * people AS number
            FROM emergency_admission_rates JOIN (
                SELECT year AS y, sum(population) AS people FROM population
                WHERE area = '{SCOTLAND}' AND age >= 65 GROUP BY year
            ) ON y = left(financial_year, 4)::INT
            WHERE area = '{SCOTLAND}' AND rate IS NOT NULL
        ), steps AS (
            SELECT later.year, max_by(100 * (later.number / earlier.number - 1), vintage) AS step
            FROM admissions later JOIN admissions earlier USING (vintage)
            WHERE later.year = earlier.year + 1 AND later.year BETWEEN 2009 AND 2018 GROUP BY later.year
        ) SELECT min(step) FROM steps
    """,
    "hendry2021/emergency-bed-days-below-expected": """
        SELECT 100 * (1 - p['hendry2021/emergency-bed-days-actual-2018-19']
            / p['hendry2021/emergency-bed-days-expected-2018-19']) FROM printed
    """,
    "hendry2021/all-hospital-bed-days-below-expected": f"""
        WITH days AS (
            SELECT 1e6 * p['hendry2021/emergency-bed-days-expected-2018-19']
                + p['hendry2021/long-stay-bed-days-2008-09']
                * {PEOPLE_65.format(2018)} / {PEOPLE_65.format(2008)} AS expected,
                1e6 * p['hendry2021/emergency-bed-days-actual-2018-19']
                + p['hendry2021/long-stay-bed-days-2018-19'] AS actual FROM printed
        ) SELECT 100 * (expected - actual) / expected FROM days
    """,
    "hendry2021/care-home-residents-below-expected": f"""
        WITH older AS ({OLDER}), homes AS ({IN_HOMES}), base AS (
            SELECT band, residents * (
                SELECT value FROM official_values
                WHERE series_id = 'care_home_residents_65plus' AND period = '2009'
            ) / sum(residents) OVER () AS residents FROM homes WHERE year = 2010
        ), expected AS (
            SELECT sum(base.residents / before.people * after.people) AS number
            FROM base JOIN older before USING (band) JOIN older after USING (band)
            WHERE before.year = 2009 AND after.year = 2019
        ) SELECT 100 * (1 - (SELECT sum(residents) FROM homes WHERE year = 2019) / number) FROM expected
    """,
    "hendry2021/more-people-at-home": f"""
        SELECT 1e6 * (p['hendry2021/emergency-bed-days-expected-2018-19']
                - p['hendry2021/emergency-bed-days-actual-2018-19']) / 365
            + (p['hendry2021/long-stay-bed-days-2008-09']
                * {PEOPLE_65.format(2018)} / {PEOPLE_65.format(2008)}
                - p['hendry2021/long-stay-bed-days-2018-19']) / 365
            + p['hendry2021/care-home-residents-march-2019']
            / (1 - p['hendry2021/care-home-residents-below-expected'] / 100)
            - p['hendry2021/care-home-residents-march-2019'] FROM printed
    """,
    "hendry2021/emergency-bed-days-all-adults-fall": f"""
        WITH ends AS (
            SELECT 74000 / 1e5 * {EVERYBODY.format(2014)} AS before, sum(bed_days) AS after
            FROM emergency_inpatient_activity WHERE area = '{SCOTLAND}' AND admission_type = 'emergency'
                AND quarter IN ('2018Q2', '2018Q3', '2018Q4', '2019Q1')
        ) SELECT 100 * (before - after) / before FROM ends
    """,
    "hendry2021/healthy-life-gap-men": """
        SELECT value FROM official_values
        WHERE series_id = 'hle_gap_most_vs_least_deprived' AND age_group = 'birth, male'
            AND period = '2017-2019'
    """,
    "kingsfund2013/ni-health-spending-highest": """
        WITH per_head AS (
            SELECT s.area, million_pounds / population AS pounds
            FROM public_spending s JOIN population_uk p ON p.area = s.area AND p.year = 2010
            WHERE release = 2014 AND function = 'health' AND financial_year = '2010/11'
        ), ranked AS (SELECT area, rank() OVER (ORDER BY pounds DESC) AS place FROM per_head)
        SELECT place FROM ranked WHERE area = 'N92000002'
    """,
    "kingsfund2013/lurgan-admission-avoided-30-days": """
        WITH n AS (SELECT map_from_entries(list((measure, value))) AS of FROM case_study_counts)
        SELECT 100 * (of['sent home'] - round(of['sent home'] * of['admitted later'] / 100)) / of['seen']
        FROM n
    """,
    "kingsfund2013/bed-day-rate-75plus-fall": """
        WITH r AS (
            SELECT max(value) FILTER (period = '2009/10') AS before,
                max(value) FILTER (period = '2013/14') AS after
            FROM official_values WHERE series_id = 'emerg_bed_days_75plus_rate'
        ) SELECT 100 * (before - after) / before FROM r
    """,
    "kingsfund2013/emergency-admissions-faster-than-ageing": f"""
        WITH r AS (
            SELECT max(rate) FILTER (financial_year = '2006/07') AS before,
                max(rate) FILTER (financial_year = '2011/12') AS after
            FROM emergency_admission_rates WHERE area = '{SCOTLAND}' AND vintage = 2018
        ) SELECT 100 * (after / before - 1) FROM r
    """,
    "kingsfund2013/delayed-over-six-weeks-zero-2008": f"""
        SELECT value FROM official_values WHERE series_id = 'dd_over6w_communitycare'
            AND period = 'July 2008' AND area = '{SCOTLAND}'
    """,
    "kingsfund2013/care-home-residents-below-projection-2011": f"""
        WITH older AS ({OLDER}), homes AS ({IN_HOMES}), projected AS (
            SELECT (SELECT residents FROM free_personal_care_residents WHERE financial_year = '2003/04')
                * sum(residents / base.people * later.people)
                / sum(residents / base.people * earlier.people) AS number
            FROM homes JOIN older base USING (band)
                JOIN older later USING (band) JOIN older earlier USING (band)
            WHERE homes.year = 2010 AND base.year = 2010 AND later.year = 2011 AND earlier.year = 2003
        ) SELECT number - residents FROM projected, free_personal_care_residents
        WHERE financial_year = '2010/11'
    """,
    "kingsfund2013/intensive-home-care-above-projection-2011": f"""
        WITH older AS ({OLDER}), clients AS (
            SELECT year, age_band AS band, clients_ten_hours AS number FROM home_care_hours
            WHERE age_band IN ('65-74', '75-84', '85+')
        ) SELECT sum(now.number) - sum(base.number / before.people * after.people)
        FROM clients now JOIN clients base USING (band)
            JOIN older before USING (band) JOIN older after USING (band)
        WHERE now.year = 2011 AND base.year = 2010 AND before.year = 2010 AND after.year = 2011
    """,
    "kingsfund2013/delayed-transfers-above-300": """
        SELECT min(value) FROM official_values WHERE series_id = 'wales_dtoc_quarterly_average'
    """,
    "kingsfund2018/delegated-half": """
        SELECT 100 * p['kingsfund2018/integration-budget']
            / (p['kingsfund2018/nhs-budget'] + p['kingsfund2018/social-care-budget']) FROM printed
    """,
}
for short, condition in {
    "chd": "coronary heart disease",
    "copd": "chronic obstructive pulmonary disease",
    "diabetes": "diabetes",
}.items():
    QUERIES[f"kingsfund2013/table-7-{short}-admissions-fall"] = f"""
        WITH n AS (
            SELECT max(count) FILTER (financial_year = '2010/11') AS before,
                max(count) FILTER (financial_year = '2011/12') AS after
            FROM welsh_admissions WHERE condition = '{condition}' AND measure = 'admission'
        ) SELECT 100 * (before - after) / before FROM n
    """


def printed() -> dict[str, float]:
    """Return the numbers that the documents print, by claim, as they stand in the claim files."""
    numbers = {}
    for file in sorted((ROOT / "data" / "claims").glob("*.yml")):
        for record in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            text = str(record["printed"]).replace(",", "")
            if text.replace(".", "", 1).isdigit():
                numbers[record["id"]] = float(text)
    return numbers


@pytest.fixture(scope="module")
def database():
    """Give the committed tables, by name, and the printed numbers as one row."""
    connection = duckdb.connect()
    for file in sorted((ROOT / "data").glob("*.csv")):
        connection.execute(f"CREATE VIEW {file.stem} AS FROM read_csv('{file}', sample_size = -1)")
    numbers = printed()
    connection.execute("CREATE TABLE printed (p MAP(VARCHAR, DOUBLE))")
    connection.execute("INSERT INTO printed VALUES (map(?, ?))", [list(numbers), list(numbers.values())])
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def derived(built) -> dict[str, float]:
    """Give what the ledger derived for each headline claim."""
    kept = json.loads((ROOT / "_build" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    leading = [item for item in kept if item["claim"]["tier"] == "headline"]
    return {i["claim"]["id"]: i["verdict"]["derived"] for i in leading if i["verdict"]["derived"] is not None}


def computed(database, claim: str) -> float:
    """Return the one number that a claim's query gives."""
    rows = database.execute(QUERIES[claim]).fetchall()
    assert len(rows) == 1
    assert rows[0][0] is not None, "the query found nothing"
    return float(rows[0][0])


@pytest.mark.parametrize("claim", QUERIES)
def test_sql_over_the_tables_gives_the_number_of_the_ledger(claim, database, derived) -> None:
    assert computed(database, claim) == pytest.approx(derived[claim], rel=1e-8)


def test_every_headline_number_is_recomputed(derived) -> None:
    assert set(derived) == set(QUERIES)


def test_a_changed_table_changes_what_the_query_gives(database, derived) -> None:
    claim = "hendry2021/care-home-residents-below-expected"
    database.execute("CREATE OR REPLACE TEMP TABLE kept AS SELECT * FROM care_home_residents")
    assert computed(database, claim) == pytest.approx(derived[claim], rel=1e-8)
    changed = QUERIES[claim].replace("FROM care_home_residents", "FROM kept")
    database.execute(
        "UPDATE kept SET residents = residents + 50 WHERE area = 'S92000003' AND year(date) = 2019"
    )
    moved = database.execute(changed).fetchall()[0][0]
    assert moved != pytest.approx(derived[claim], rel=1e-3)


def test_this_file_uses_nothing_of_careshift() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names == {"ast", "duckdb", "json", "pathlib", "pytest", "yaml"}
