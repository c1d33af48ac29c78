"""Numbers a second time: SQL over the committed tables, with nothing of our own statistics.

Each query is written from the words of the claim, of its record and of its source; printed numbers are read
from the claim files as text. What comes out must be the number in ledger.json (QUERIES and NEAREST: what the
chapters found) or the one that the record's expression gives (OUTSIDE: drawn by lot from all documents).
"""

import ast
import json
from pathlib import Path

import duckdb
import pytest
import yaml

from careshift import claims, outside_data

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
FIGURE = f"""
    CREATE MACRO figure(name, moment, place := '{SCOTLAND}', who := NULL) AS (
        SELECT value FROM single WHERE series_id = name AND period = moment AND area = place
            AND (who IS NULL OR age_group = who)
    )
"""  # one figure of a text; an error where there are several
INDUSTRY = """
    SELECT place AS area, 100 * sum(million_pounds) FILTER (section IN ({}))
        / sum(million_pounds) FILTER (section = 'Total') AS share
    FROM value_added_by_section, (VALUES ('W92000004'), ('United Kingdom less Extra-Regio')) AS p(place)
    WHERE year = 2010 AND area NOT LIKE 'K%' AND (area = place OR place LIKE 'United%') GROUP BY place
"""
REAL_FALL = """
    100 * (1 - figure('cra2014_council_services', '2012/13', place := '{0}')
        / figure('cra2014_council_services', '2009/10', place := '{0}')
        / figure('gdp_deflator_2013_03', '2012/13', place := 'K02000001')
        * figure('gdp_deflator_2013_03', '2009/10', place := 'K02000001'))
"""
DELEGATED = """
    SELECT 1e5 * figure('ia_budget_total', '2017')
            / (max(value) + 1000 * figure('council_net_social_work', '2017-18')) AS least,
        1e5 * figure('ia_budget_total', '2018')
            / (min(value) + figure('adult_social_care_net', '2012-13')) AS most
    FROM single WHERE starts_with(series_id, 'sg_budget_health') AND starts_with(period, '2017-18')
"""

QUERIES = {  # against what a chapter or its prints gave
    "hendry2021/inequalities-continue-to-increase": """
        SELECT 100 * (avg(value) FILTER (period = '2017-2019') / avg(value) FILTER (period = '2013-2015') - 1)
        FROM single WHERE series_id = 'hle_gap_monitoring_2021'
    """,
    "hendry2021/healthy-life-gap-men": """
        SELECT figure('hle_gap_monitoring_2021', '2017-2019', who := 'birth, male')
    """,
    "hendry2021/healthy-life-gap-women": """
        SELECT figure('hle_gap_monitoring_2021', '2017-2019', who := 'birth, female')
    """,
    "hendry2021/relative-inequalities-widened": """
        SELECT 100 * (figure('hle_relative_index_2023', '2019-2021', who := 'birth, male')
            / figure('hle_relative_index_2023', '2013-2015', who := 'birth, male') - 1)
    """,
    "hendry2021/emergency-bed-days-actual-2018-19": f"""
        WITH days AS (
            SELECT age_band, sum(bed_days) AS n FROM emergency_bed_days_by_age WHERE area = '{SCOTLAND}'
                AND quarter IN ('2018Q2', '2018Q3', '2018Q4', '2019Q1') GROUP BY age_band
        ) SELECT (sum(n) + sum(n) FILTER (age_band <> '60-69')) / 2e6 FROM days
        WHERE age_band IN ('60-69', '70-79', '80-89', '90+')
    """,
    "hendry2021/emergency-bed-days-below-expected": """
        SELECT 100 * (1 - p['hendry2021/emergency-bed-days-actual-2018-19']
            / p['hendry2021/emergency-bed-days-expected-2018-19']) FROM printed
    """,
    "hendry2021/long-stay-bed-days-fall": """
        SELECT 100 * (1 - p['hendry2021/long-stay-bed-days-2018-19']
            / p['hendry2021/long-stay-bed-days-2008-09']) FROM printed
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
    "hendry2021/more-people-at-home": """
        SELECT (1e6 * p['hendry2021/emergency-bed-days-actual-2018-19']
                + p['hendry2021/long-stay-bed-days-2018-19']) / 365
            * (1 / (1 - p['hendry2021/all-hospital-bed-days-below-expected'] / 100) - 1)
            + p['hendry2021/care-home-residents-march-2019']
            * (1 / (1 - p['hendry2021/care-home-residents-below-expected'] / 100) - 1) FROM printed
    """,
    "kingsfund2013/figure-5-acute-and-elderly": """
        SELECT sum(percent) FROM northern_ireland_programme_shares
        WHERE programme_of_care IN ('acute services', 'elderly care')
    """,
    "kingsfund2013/ni-health-spending-highest": """
        WITH per_head AS (
            SELECT area, 1e6 * million_pounds / population AS pounds
            FROM public_spending JOIN population_uk USING (area)
            WHERE year = 2010 AND release = 2014 AND function = 'health' AND financial_year = '2010/11'
        ) SELECT max(pounds) FILTER (area = 'N92000002') - max(pounds) FILTER (area = 'S92000003')
        FROM per_head
    """,
    "kingsfund2013/care-home-residents-below-projection-2011": f"""
        WITH older AS ({OLDER}), homes AS ({IN_HOMES}), projected AS (
            SELECT (SELECT residents FROM free_personal_care_residents WHERE financial_year = '2003/04')
                * sum(residents / base.people * later.people)
                / sum(residents / base.people * earlier.people) AS number
            FROM homes JOIN older base USING (band)
                JOIN older later USING (band) JOIN older earlier USING (band)
            WHERE homes.year = 2010 AND base.year = 2010 AND later.year = 2010 AND earlier.year = 2003
        ) SELECT number - residents FROM projected, free_personal_care_residents
        WHERE financial_year = '2010/11'
    """,
    "kingsfund2013/table-7-admissions-improve": """
        SELECT 100 * (1 - 1.0 * SUM(CASE WHEN financial_year = '2011/12' THEN count END)
                            / SUM(CASE WHEN financial_year = '2010/11' THEN count END))
        FROM welsh_admissions WHERE measure = 'admission'
    """,
    "kingsfund2013/table-7-readmissions-improve": """
        SELECT 100 * (1 - 1.0 * SUM(CASE WHEN financial_year = '2011/12' THEN count END)
                            / SUM(CASE WHEN financial_year = '2010/11' THEN count END))
        FROM welsh_admissions WHERE measure = 'readmission'
    """,
    "kingsfund2018/delegated-half": f"SELECT (least + most) / 2 FROM ({DELEGATED})",
    "kingsfund2013/delayed-over-six-weeks-zero-2008": "SELECT figure('dd_over6w_all', 'April 2008')",
    "kingsfund2013/delayed-over-six-weeks-below-100": f"""
        SELECT median(value) FROM official_values WHERE series_id = 'dd_over6w_communitycare'
            AND area = '{SCOTLAND}' AND strptime(period, '%B %Y') >= DATE '2008-07-01'
    """,
    "kingsfund2013/delayed-transfers-above-300": """
        SELECT (min(value) + max(value)) / 2 FROM official_values
        WHERE series_id = 'wales_dtoc_quarterly_average'
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

NEAREST = {  # figures that test nothing
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
    "hendry2021/emergency-bed-days-expected-2018-19": f"""
        SELECT figure('emerg_bed_days_75plus_rate', '2009/10') * sum(population) / 1e9
        FROM population WHERE area = '{SCOTLAND}' AND age >= 75 AND year = 2018
    """,
    "hendry2021/emergency-bed-days-below-expected": """
        SELECT 100 * (1 - figure('emerg_bed_days_75plus_rate', '2013/14')
            / figure('emerg_bed_days_75plus_rate', '2009/10'))
    """,
    "hendry2021/long-stay-bed-days-fall": f"""
        WITH days AS (
            SELECT quarter, occupied_bed_days AS n FROM hospital_beds
            WHERE area = '{SCOTLAND}' AND specialty = 'geriatric, long stay'
        ) SELECT 100 * (1 - sum(n) FILTER (quarter BETWEEN '2018Q2' AND '2019Q1')
            / sum(n) FILTER (quarter BETWEEN '2016Q4' AND '2017Q3')) FROM days
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
    "hendry2021/performance-held-for-five-years": f"""
        SELECT 100 * (sum(bed_days) FILTER (quarter BETWEEN '2019Q1' AND '2019Q4')
            / sum(bed_days) FILTER (quarter BETWEEN '2017Q3' AND '2018Q2') - 1)
        FROM emergency_inpatient_activity WHERE area = '{SCOTLAND}' AND admission_type = 'emergency'
    """,
    "kingsfund2013/ni-integration-cuts-delays": """
        SELECT 100 * (figure('ni_delayed_bed_days', '2015/16', place := 'N92000002')
            / date_diff('day', DATE '2015-04-01', DATE '2016-04-01')
            / figure('ni_delayed_patients_lowest', 'June 2006', place := 'N92000002') - 1)
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
    "msg2019/care-improves-by-integration": f"""
        SELECT max(percent) FILTER (survey = '2017/18') - max(percent) FILTER (survey = '2015/16')
        FROM care_experience WHERE area = '{SCOTLAND}' AND item = 'care rated good'
    """,
}

OUTSIDE = {  # against the first reading of the record's outside data; of bounds, against both
    "hendry2021/anticipatory-care-coverage-october-2020": f"""
        SELECT 100 * figure('kis_number', 'February 2020') / {EVERYBODY.format(2020)},
            100 * figure('kis_number', 'December 2020') / {EVERYBODY.format(2020)}
    """,
    "hendry2021/delegated-by-councils": """
        WITH money AS (
            SELECT figure('nhs_funding_to_integration_authorities', '2018-19') AS nhs,
                1000 * figure('ijb_money_overseen', '2018/19') AS least,
                1000 * figure('ia_budget_total', '2018') AS most
        ) SELECT 100 * (least - nhs) / least, 100 * (most - nhs) / most FROM money
    """,
    "hendry2021/relative-inequalities-widened": """
        SELECT 100 * (figure('hle_relative_index_2023', '2019-2021', who := 'birth, male')
            / figure('hle_relative_index_2023', '2013-2015', who := 'birth, male') - 1)
    """,
    "hendry2021/data-zone-population": f"""
        SELECT {EVERYBODY.format(2020)} / figure('data_zones_simd2020', '2020')
    """,
    "hendry2021/over-65s-share-grows": f"""
        WITH ahead AS (
            SELECT 100.0 * sum(population) FILTER (age >= 65) / sum(population) AS share
            FROM population_projections WHERE base = 2014 AND year = 2039 AND area = '{SCOTLAND}'
        ) SELECT share - 100.0 * {PEOPLE_65.format(1983)} / {EVERYBODY.format(1983)} FROM ahead
    """,
    "hendry2021/anticipatory-care-coverage-grows": """
        SELECT max(value) FILTER (starts_with(period, 'after the first phase'))
            / max(value) FILTER (period = 'February 2020') FROM single WHERE series_id = 'kis_number'
    """,
    "hendry2021/healthy-life-gap-men": """
        SELECT figure('hle_least_deprived_monitoring_2021', '2017-2019', who := 'birth, male')
            - figure('hle_most_deprived_monitoring_2021', '2017-2019', who := 'birth, male')
    """,
    "hendry2021/council-funding-from-block-grant": """
        SELECT 100 * sum(value) FILTER (series_id <> 'council_total_funding')
            / sum(value) FILTER (series_id = 'council_total_funding') FROM single WHERE period = '2017-18'
            AND series_id IN ('council_general_revenue_grant', 'council_ndr_funding', 'council_total_funding')
    """,
    "hendry2021/change-fund-share": """
        SELECT 100 * figure('change_fund', '2011-2015 total') / 4 / (1000 * figure('rcop_spend', '2011/12'))
    """,
    "hendry2021/chronic-disease-rises-with-age": """
        SELECT figure('shes_long_term_condition', '2014', who := '75+')
            - figure('shes_long_term_condition', '2014', who := '16-24')
    """,
    "kingsfund2013/scotland-funding-mainly-grant": """
        WITH money AS (
            SELECT figure('sg_budget_total', '2011-12 (Budget)') AS budget,
                figure('devolved_tax_council_tax', '2011-12') AS council_tax,
                figure('devolved_tax_non_domestic_rates', '2011-12') AS rates,
                figure('sg_del_spending_review_2010', '2011-12') AS spending_limit
        ) SELECT 100 * spending_limit / (budget + council_tax),
            100 * (budget - rates) / (budget + council_tax) FROM money
    """,
    "kingsfund2013/council-home-care-hours": """
        WITH hours AS (
            SELECT age_group = 'councils' AS own, sum(value) FILTER (series_id LIKE '%lowest') AS least,
                sum(value) FILTER (series_id LIKE '%highest') AS most FROM single
            WHERE series_id IN ('home_care_hours_lowest', 'home_care_hours_highest')
                AND period = 'March 2012' GROUP BY own
        ) SELECT 100 * o.least / (o.least + b.most), 100 * o.most / (o.most + b.least)
        FROM hours o JOIN hours b ON o.own AND NOT b.own
    """,
    "kingsfund2013/wales-retrenchment-greatest": """
        WITH plans AS (
            SELECT period LIKE '%to 2014/15' AS known, value < (
                SELECT value FROM single
                WHERE series_id = 'nhs_planned_real_change_appleby' AND area = 'W92000004'
            ) AS deeper FROM single WHERE series_id = 'nhs_planned_real_change_appleby'
        ) SELECT 1 + count(*) FILTER (known AND deeper), 1 + count(*) FILTER (NOT known OR deeper) FROM plans
    """,
    "kingsfund2013/wales-public-sector-larger": f"""
        WITH shares AS ({INDUSTRY.format("'O', 'P', 'Q'")})
        SELECT w.share - u.share FROM shares w, shares u
        WHERE w.area = 'W92000004' AND u.area = 'United Kingdom less Extra-Regio'
    """,
    "kingsfund2013/multimorbidity-and-deprivation": """
        SELECT 100 * (figure('shes_two_plus_conditions_most_deprived', '2012-2015 pooled')
            / figure('shes_two_plus_conditions_least_deprived', '2012-2015 pooled') - 1)
    """,
    "kingsfund2013/council-commissioning-grows": """
        SELECT (100 - figure('home_care_hours_council_only_share', '2014'))
            - (100 - figure('home_care_hours_council_only_share', '2007'))
    """,
    "kingsfund2013/locality-network-population": """
        SELECT population / figure('primary_care_clusters', '2017', place := 'W92000004')
        FROM population_uk WHERE area = 'W92000004' AND year = 2013
    """,
    "kingsfund2013/ni-low-productivity": """
        SELECT count(*) FROM productivity_by_region lower JOIN productivity_by_region ours USING (per, year)
        WHERE per = 'hour' AND year = 2012 AND ours.area = 'N92000002' AND lower.index <= ours.index
    """,
    "kingsfund2013/older-people-home-care-share": """
        SELECT 100 * figure('lgbf_home_care_spending', '2011/12') / 1e3
            / (1e3 * figure('rcop_spend', '2011/12'))
    """,
    "kingsfund2013/wales-life-expectancy-gain-men": """
        SELECT avg(life_expectancy) FILTER (year BETWEEN 2008 AND 2010)
            - avg(life_expectancy) FILTER (year BETWEEN 1991 AND 1993) FROM life_expectancy_by_year
        WHERE area = 'W92000004' AND sex = 'male'
    """,
    "kingsfund2013/england-council-spending-fall": f"SELECT {REAL_FALL.format('E92000001')}",
    "kingsfund2013/wales-council-spending-fall": f"SELECT {REAL_FALL.format('W92000004')}",
    "kingsfund2013/wales-council-spending-better-protected": f"""
        SELECT {REAL_FALL.format("E92000001")} - {REAL_FALL.format("W92000004")}
    """,
    "kingsfund2013/north-east-health-spending": """
        SELECT 1e6 * figure('cra2014_health_identifiable', '2010/11', place := 'E12000001')
            / figure('population_mid_year_regions', 'mid-2010', place := 'E12000001')
    """,
    "kingsfund2013/uk-public-sector-share": f"""
        SELECT share FROM ({INDUSTRY.format("'O', 'P', 'Q'")}) WHERE area = 'United Kingdom less Extra-Regio'
    """,
    "kingsfund2013/uk-production-share": f"""
        SELECT share FROM ({INDUSTRY.format("'B', 'C', 'D', 'E'")})
        WHERE area = 'United Kingdom less Extra-Regio'
    """,
    "kingsfund2013/council-care-home-places": """
        SELECT 100 * sum(value) FILTER (age_group = 'council or health board')
            / sum(value) FILTER (age_group <> 'all') FROM single
        WHERE series_id = 'care_home_places_by_sector' AND period = '31 March 2011'
    """,
    "kingsfund2013/wales-cost-sharing-falls": """
        SELECT figure('prescription_charge', 'from April 2007', place := 'W92000004')
            - figure('prescription_charge', '2001 to September 2004', place := 'W92000004')
    """,
    "kingsfund2013/wales-major-emergency-hospitals": """
        SELECT count(DISTINCT area) FROM single
        WHERE series_id = 'major_emergency_attendances_by_hospital' AND period = 'April 2013' AND value > 0
    """,
    "kingsfund2013/wales-major-emergency-per-board": """
        SELECT count(DISTINCT area) FILTER (series_id = 'major_emergency_attendances_by_hospital')
            / count(DISTINCT area) FILTER (series_id = 'emergency_attendances_by_board')
        FROM single WHERE period = 'April 2013'
    """,
    "kingsfund2013/council-social-care-spending": """
        SELECT figure('council_net_revenue_expenditure', '2010-11')
            * figure('council_net_social_work_share', '2010-11') / 100
    """,
    "kingsfund2013/lessons-care-homes-below-projection": f"""
        SELECT max(residents) FILTER (financial_year = '2003/04')
            * {PEOPLE_65.format(2011)} / {PEOPLE_65.format(2003)}
            - max(residents) FILTER (financial_year = '2010/11') FROM free_personal_care_residents
    """,
    "kingsfund2013/wyn-population": """
        SELECT sum(value) FROM single WHERE series_id = 'council_population' AND period = 'mid-2011'
            AND (note LIKE 'Cardiff;%' OR note LIKE 'Vale of Glamorgan;%')
    """,
    "kingsfund2013/ni-deprivation-relatively-high": """
        SELECT figure('lfs_unemployment_rate', 'May-July 2010', place := 'N92000002')
            - figure('lfs_unemployment_rate', 'May-July 2010', place := 'K02000001')
    """,
    "kingsfund2013/boards-majority-of-budget": """
        SELECT 100 * 1000 * figure('nhs_boards_spending', '2012/13')
            / figure('sg_budget_health_wellbeing_cities', '2012-13 (Draft Budget)')
    """,
    "kingsfund2013/ni-life-expectancy-rises": """
        SELECT avg(later.value - earlier.value) FROM single later JOIN single earlier
            USING (series_id, area, age_group)
        WHERE series_id = 'life_expectancy_birth' AND area = 'N92000002'
            AND earlier.period = '1981' AND later.period = '2008-2010'
    """,
    "kingsfund2013/multimorbidity-rises-with-age": """
        SELECT figure('gp_multimorbidity', 'March 2007', who := '75+')
            - figure('gp_multimorbidity', 'March 2007', who := '25-34')
    """,
    "kingsfund2013/wales-population-share": """
        SELECT 100 * sum(population) FILTER (area = 'W92000004') / sum(population)
        FROM population_uk WHERE year = 2011
    """,
    "kingsfund2013/wales-labour-seats": """
        SELECT 100 * sum(value) FILTER (age_group = 'Labour') / sum(value) FROM single
        WHERE series_id = 'assembly_seats_won' AND period = 'May 2011'
    """,
    "kingsfund2018/delegated-share-exceeds-england": f"""
        WITH england AS (
            SELECT figure('adult_social_care_gross', '2016-17', place := 'E92000001')
                - figure('adult_social_care_gross_rise', '2015-16 to 2016-17', place := 'E92000001') / 1e3
                + figure('dh_budget_total', '2015-16 (baseline)', place := 'E92000001') AS smallest,
                figure('adult_social_care_gross', '2017-18', place := 'E92000001')
                + figure('dh_budget_total', '2017-18', place := 'E92000001') AS largest
        ), funds AS (
            SELECT min(value) AS smallest, max(value) AS largest FROM single
            WHERE starts_with(series_id, 'better_care_fund')
        ) SELECT least / (100 * funds.largest / england.smallest),
            most / (100 * funds.smallest / england.largest)
        FROM england, funds, ({DELEGATED})
    """,
    "kingsfund2018/nhs-boards": "SELECT count(*) FROM areas WHERE type = 'health board'",
    "kingsfund2018/joint-board-areas": """
        SELECT count(*) - figure('lead_agency_areas', 'since 2016') FROM areas WHERE type = 'council'
    """,
    "kingsfund2018/integration-authorities": """
        SELECT sum(value) FROM single WHERE series_id IN ('joint_board_model_areas', 'lead_agency_areas')
    """,
    "kingsfund2018/long-term-conditions-admissions-share": """
        WITH admissions AS (
            SELECT value, replace(series_id, 'emergency_admissions_', '') AS specialty
            FROM single WHERE period = '2017/18' AND starts_with(series_id, 'emergency_admissions_')
        ) SELECT 100 * sum(value) FILTER (specialty IN (
                'general_medicine', 'geriatric_medicine', 'rehabilitation_medicine',
                'respiratory_medicine', 'palliative_medicine'
            )) / sum(value) FILTER (specialty = 'all_acute_specialties') FROM admissions
    """,
    "hendry2021/progress-varies-locally": f"""
        WITH moved AS (
            SELECT area, arg_max(value, financial_year) - arg_min(value, financial_year) AS change
            FROM local_indicators WHERE indicator = 'readmissions within 28 days'
                AND financial_year IN ('2016/17', '2019/20') GROUP BY area
        ), whole AS (SELECT change AS all_of_it FROM moved WHERE area = '{SCOTLAND}')
        SELECT 100.0 * count(*) FILTER (change * all_of_it < 0) / count(*) FROM moved, whole
        WHERE area <> '{SCOTLAND}'
    """,
    "kingsfund2013/figure-1-councils-before": """
        SELECT figure('ni_health_social_services_councils', 'to March 2009', place := 'N92000002')
    """,
    "kingsfund2013/ni-boards-to-2009": """
        SELECT figure('ni_health_social_services_boards', 'to March 2009', place := 'N92000002')
    """,
    "kingsfund2013/council-social-care-growth": """
        WITH money AS (
            SELECT figure('council_net_social_work_of_the_day', '2002-03') AS before,
                figure('council_net_social_work_share', '2010-11') AS share,
                figure('council_net_revenue_expenditure', '2010-11') AS whole,
                (SELECT product(1 + value / 100) FROM single WHERE series_id = 'gdp_deflator_2019_09_change'
                    AND period BETWEEN '2003/04' AND '2010/11') AS prices
        ) SELECT 50 * ((share - 0.5) / 100 * (whole - 0.05) / (before + 0.05)
            + (share + 0.5) / 100 * (whole + 0.05) / (before - 0.05)) / prices - 100 FROM money
    """,
    "kingsfund2013/altnagelvin-waits-before": """
        SELECT sum(value), 0 FROM single WHERE series_id = 'ni_ed_over_12_hours'
            AND area LIKE 'Altnagelvin%' AND period BETWEEN '2009-04' AND '2010-04'
    """,
    "kingsfund2013/council-staff": """
        SELECT min(value), max(value) FROM single
        WHERE series_id = 'pse_local_government_fte' AND period IN ('Q1 2010', 'Q1 2011')
    """,
    "kingsfund2013/table-4-nursing-2001": """
        SELECT min(value), max(value) FROM single WHERE series_id = 'wales_nursing_staff_fte'
            AND period IN ('30 September 1998', '30 September 2002')
    """,
    "kingsfund2013/wales-gps": """
        SELECT min(value), max(value) FROM single WHERE series_id = 'gp_headcount'
            AND area = 'W92000004' AND period IN ('30 September 2006', '30 September 2013')
    """,
    "kingsfund2013/wales-gp-women": """
        SELECT min(value), max(value) FROM single WHERE series_id = 'gp_women_share'
            AND area = 'W92000004' AND period IN ('30 September 2006', '30 September 2014')
    """,
    "kingsfund2013/wales-list-size-2001": """
        SELECT min(value), max(value) FROM single WHERE series_id = 'gp_list_size'
            AND area = 'W92000004' AND period IN ('30 September 1995', '30 September 2005')
    """,
    "kingsfund2013/ni-department-rank": """
        WITH parts AS (
            SELECT age_group AS part, value FROM single
            WHERE starts_with(series_id, 'cra2014_ni_executive') AND period = '2013/14'
        ), spent AS (
            SELECT sum(value) FILTER (
                    part IN ('health', 'fire and rescue services') OR part LIKE 'social care%'
                ) AS ours,
                sum(value) FILTER (part LIKE 'social security%' OR part LIKE 'housing%' OR part LIKE 'child%')
                    AS social_development,
                sum(value) FILTER (part = 'public order and safety')
                    - sum(value) FILTER (part = 'fire and rescue services') AS justice FROM parts
        ), others AS (
            SELECT count(*) FILTER (value > ours) AS more FROM parts, spent WHERE part IN (
                'education', 'agriculture, fisheries and forestry', 'transport',
                'housing and community amenities'
            )
        ) SELECT 1 + more + (justice > ours)::INT,
            1 + more + (justice > ours)::INT + (social_development > ours)::INT FROM spent, others
    """,
    "kingsfund2013/wales-funding-from-uk": """
        SELECT max(value) FROM single WHERE series_id = 'welsh_budget_block_grant_share'
            AND starts_with(period, 'before')
    """,
    "kingsfund2013/cancer-networks": """
        SELECT min(value), max(value) FROM single WHERE series_id = 'regional_cancer_networks'
    """,
    "kingsfund2013/wales-trusts-before": """
        SELECT figure('wales_nhs_trusts_after_mergers', 'from April 1999', place := 'W92000004')
    """,
    "kingsfund2013/devolved-funding-mostly-grant": """
        WITH money AS (
            SELECT figure('sg_budget_total', '2012-13 (Draft Budget)') AS scottish,
                figure('sg_budget_del', '2012-13') AS formula,
                figure('devolved_tax_council_tax', '2012-13') AS council_tax,
                figure('devolved_tax_non_domestic_rates', '2012-13') AS rates,
                1000 * figure('welsh_block', '2012-13', place := 'W92000004') AS welsh,
                (SELECT sum(value) FROM single WHERE period = '2012/13'
                    AND series_id = 'cra2014_ni_executive_function') AS irish
        ) SELECT 100 * (formula + welsh) / (scottish + council_tax + welsh + irish),
            100 * (scottish - rates + welsh + irish) / (scottish + council_tax + welsh + irish) FROM money
    """,
    "msg2019/care-improves-by-integration": NEAREST["msg2019/care-improves-by-integration"],
}


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
    """Give the committed tables, by name, the single figures of texts together, the prints as one row."""
    connection = duckdb.connect()
    for file in sorted((ROOT / "data").glob("*.csv")):
        connection.execute(f"CREATE VIEW {file.stem} AS FROM read_csv('{file}', sample_size = -1)")
    connection.execute("CREATE TABLE single AS FROM official_values UNION ALL BY NAME FROM found_values")
    connection.execute(FIGURE)
    numbers = printed()
    connection.execute("CREATE TABLE printed (p MAP(VARCHAR, DOUBLE))")
    connection.execute("INSERT INTO printed VALUES (map(?, ?))", [list(numbers), list(numbers.values())])
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def kept(built) -> dict[str, dict]:
    """Give the entries of the ledger, by claim."""
    entries = json.loads((ROOT / "_build" / "ledger.json").read_text(encoding="utf-8"))["claims"]
    return {entry["claim"]["id"]: entry for entry in entries}


def computed(database, query: str) -> list[float]:
    """Return the numbers of the one row that a query gives."""
    rows = database.execute(query).fetchall()
    assert len(rows) == 1
    assert None not in rows[0], "the query found nothing"
    return [float(number) for number in rows[0]]


@pytest.mark.parametrize("claim", QUERIES)
def test_sql_over_the_tables_gives_the_number_of_the_ledger(claim, database, kept) -> None:
    assert computed(database, QUERIES[claim]) == pytest.approx([kept[claim]["verdict"]["derived"]], rel=1e-8)


@pytest.mark.parametrize("claim", NEAREST)
def test_sql_over_the_tables_gives_the_nearest_figure_of_the_ledger(claim, database, kept) -> None:
    assert computed(database, NEAREST[claim]) == pytest.approx([kept[claim]["verdict"]["nearest"]], rel=1e-8)


@pytest.mark.parametrize("claim", OUTSIDE)
def test_sql_of_a_second_reader_gives_the_number_of_the_record(claim, database) -> None:
    found = outside_data.evidence_of(claims.find(claim))
    readings = [choice.value for choice in found.choices] or [found.derived]
    numbers = computed(database, OUTSIDE[claim])
    assert len(numbers) == (2 if claims.find(claim).outside.match == "bounds" else 1)
    assert numbers == pytest.approx(readings[: len(numbers)], rel=1e-6)


def test_every_headline_number_is_recomputed(kept) -> None:
    leading = {name: e["verdict"] for name, e in kept.items() if e["claim"]["tier"] == "headline"}
    assert {name for name, verdict in leading.items() if verdict["derived"] is not None} <= set(QUERIES)
    assert {name for name, verdict in leading.items() if verdict["nearest"] is not None} <= set(NEAREST)


def test_the_second_reader_read_every_document_with_outside_data_and_every_match() -> None:
    testing = [c for c in claims.load() if c.outside and c.outside.match != "nearest"]
    drawn = [claims.find(name) for name in OUTSIDE]
    assert len(drawn) >= 40
    assert {claim.source for claim in drawn} == {claim.source for claim in testing}
    assert {claim.outside.match for claim in drawn} >= {claim.outside.match for claim in testing}


def test_a_changed_table_changes_what_the_query_gives(database) -> None:
    query = QUERIES["hendry2021/care-home-residents-below-expected"]
    database.execute("CREATE OR REPLACE TEMP TABLE kept AS SELECT * FROM care_home_residents")
    changed = query.replace("FROM care_home_residents", "FROM kept")
    assert computed(database, changed) == pytest.approx(computed(database, query), rel=1e-8)
    database.execute(
        "UPDATE kept SET residents = residents + 50 WHERE area = 'S92000003' AND year(date) = 2019"
    )
    assert computed(database, changed) != pytest.approx(computed(database, query), rel=1e-3)


def test_this_file_uses_nothing_of_careshift_but_what_it_tests() -> None:
    nodes = list(ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    taken = {node.module: {a.name for a in node.names} for node in nodes if isinstance(node, ast.ImportFrom)}
    assert names == {"ast", "duckdb", "json", "pytest", "yaml"}
    assert taken == {"pathlib": {"Path"}, "careshift": {"claims", "outside_data"}}
