"""Another estimate turns the verdict on the printed count of people aged 65 and over."""

from warm_runs import execute

from careshift import evidence, tables

CHAPTER = "northern_ireland/population"


def test_more_people_aged_70_in_2010_turn_the_count_of_older_people(tmp_path):
    lines = tables.locate("population_northern_ireland").read_text(encoding="utf-8").splitlines()
    at = next(n for n, text in enumerate(lines) if text.startswith("2010,N92000002,female,70,"))
    lines[at] = "2010,N92000002,female,70,70000"
    table, out = tmp_path / "changed.csv", tmp_path / "out.ipynb"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    execute(CHAPTER, {"population_northern_ireland": str(table)}, out)
    found = {c.id.split("/")[1]: v.outcome for c, v in evidence.verdicts(CHAPTER, evidence.collect(out))}
    assert found["ni-over-65s-2010"] == "revised since", "as printed before"
    assert found["ni-working-age-2010"] == "revised since"
    assert found["ni-over-65s-2025"] == "revised since", "a later projection is another"
