"""A wrong rate in one release turns the verdicts that stand on it: two series then disagree."""

import pytest
from warm_runs import execute

from careshift import claims, evidence, tables
from careshift.pipeline.execute import RunError

CHAPTER = "scotland/emergency_admissions"
ANNUALLY = "hendry2021/emergency-admissions-rise-annually"
RISING = "kingsfund2013/emergency-admissions-keep-rising"
AGEING = "kingsfund2013/emergency-admissions-faster-than-ageing"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the chapter with some of Scotland's own rates replaced; answer its verdicts by claim."""
    folder = tmp_path_factory.mktemp("admissions")

    def changed(rates: dict[str, str]) -> dict[str, claims.Verdict]:
        table = tables.locate("emergency_admission_rates").read_text(encoding="utf-8").splitlines()
        for start, rate in rates.items():
            (row,) = (n for n, line in enumerate(table) if line.startswith(start))
            table[row] = f"{start},{rate},{table[row].rsplit(',', 1)[1]}"
        file, out = folder / "rates.csv", folder / "out.ipynb"
        file.write_text("\n".join(table) + "\n", encoding="utf-8")
        execute(CHAPTER, {"emergency_admission_rates": str(file)}, out)
        return {c.id: v for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}

    return changed


def test_a_year_without_its_fall_leaves_only_the_councils_against_the_claim(run):
    found = run({"2018,S92000003,Scotland,2009/10": "25100"})
    assert found[ANNUALLY].outcome == "data wanted"  # the series at 65 and over is the nearest to all ages
    assert found[ANNUALLY].nearest > 0
    assert found[RISING].outcome == "reproduced"


def test_a_low_last_year_turns_the_rise_and_the_nearest_figure_stays_one(run):
    found = run({"2018,S92000003,Scotland,2011/12": "22000"})
    assert found[RISING].outcome == "depends on method"
    assert found[AGEING].outcome == "data wanted"
    assert found[AGEING].nearest < 0


def test_a_missing_council_stops_the_chapter(tmp_path):
    text = tables.locate("emergency_admission_rates").read_text(encoding="utf-8").splitlines()
    short = [line for line in text if not line.startswith("2023,S12000033,Aberdeen City,2012/13")]
    assert len(short) == len(text) - 1
    file = tmp_path / "rates.csv"
    file.write_text("\n".join(short) + "\n", encoding="utf-8")
    with pytest.raises(RunError, match="council S12000033 has no rate in 2012/13"):
        execute(CHAPTER, {"emergency_admission_rates": str(file)}, tmp_path / "out.ipynb")
