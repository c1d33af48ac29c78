"""`careshift import`: newer releases go in, in every layout; the old are kept; what changes is told."""

import io
import json

import pandas as pd
import pytest

from careshift import tables
from careshift.figures import MIME
from careshift.own_data import report
from careshift.pipeline import releases
from careshift.project import CareshiftError
from careshift.readers import importing
from careshift.readers.sums import areas_of

FPC = "free_personal_care_residents"


def census_file(made, change=lambda frame: frame):
    """Write the committed table in the layout of the publisher's file 9b."""
    frame = change(pd.read_csv(tables.locate("care_home_residents"), dtype=str, keep_default_na=False))
    raw = pd.DataFrame(
        {
            "Date": frame["date"].str.replace("-", ""),
            "KeyStatistic": "Number of "
            + frame["sex"].str.capitalize()
            + " Long Stay Residents Aged "
            + frame["age_band"].str.replace("+", " and Older"),
            "CA": frame["area"],
            "CAQF": "",
            "MainClientGroup": "All Adults",
            "Sector": "All Sectors",
            "Unit": "Number",
            "Value": frame["residents"],
            "ValueQF": frame["status"].map({"ok": "", "not available": ":", "suppressed": "c"}),
        }
    )
    return made("file9b.csv", raw.to_csv(index=False))


def one_year_longer(frame: pd.DataFrame) -> pd.DataFrame:
    """Add March 2024: as 2023, and in Scotland ten residents more in each cell."""
    new = frame[frame["date"] == "2023-03-31"].assign(date="2024-03-31")
    cells = new["area"] == "S92000003"
    new.loc[cells, "residents"] = (new.loc[cells, "residents"].astype(int) + 10).astype(str)
    return pd.concat([frame, new])


def test_a_census_file_one_year_longer_carries_through_to_the_chapter(sources, made) -> None:
    file = census_file(made, one_year_longer)
    before = (sources.root / "data/care_home_residents.csv").read_bytes()
    command = [
        "import",
        str(file),
        "--table",
        "care_home_residents",
        "--vintage",
        "Census 2024",
        "--no-verdicts",
    ]
    done = sources.call("careshift.cli", *command)
    assert done.returncode == 0, done.stderr
    added = pd.read_csv(tables.locate("care_home_residents"))["date"].eq("2023-03-31").sum()
    assert f"rows added: {added}; dropped: 0; only in the old: 0" in done.stdout
    assert "values revised: 0 of" in done.stdout
    kept = sources.root / "data/vintages/care_home_residents/care-home-census-2010-to-2023"
    assert (kept / "care_home_residents.csv").read_bytes() == before
    assert json.loads((kept / "description.json").read_text())["vintage"] == "Care Home Census 2010 to 2023"
    package = json.loads((sources.root / "data/datapackage.json").read_text())
    (entry,) = [resource for resource in package["resources"] if resource["name"] == "care_home_residents"]
    assert entry["vintage"] == "Census 2024"
    assert entry["extended_by"] == [
        {"file": "file9b.csv", "sha256": tables.sha256(file), "layout": "publisher"}
    ]
    run = ["run", "scotland/care_home_residents", "-p", "latest_year=2024", "-o", "out.ipynb"]
    done = sources.call("careshift.cli", *run)
    assert done.returncode == 0, done.stderr
    outputs = [
        o for c in json.loads((sources.root / "out.ipynb").read_text())["cells"] for o in c.get("outputs", [])
    ]
    drawn = [o["data"][MIME] for o in outputs if MIME in o.get("data", {})]
    (title,) = [figure["title"] for figure in drawn if figure["name"] == "projection"]
    assert f"there would be about {round(projected_2040(), -3):,.0f} residents in 2040" in title


def projected_2040() -> float:
    """Residents of 2040 at the rates of March 2024 on the 2016-based projection, band by band."""
    residents = pd.read_csv(tables.locate("care_home_residents"))
    people = pd.read_csv(tables.locate("population_projections"))
    people = people[people["base"] == 2016]
    bands = {"65-74": (65, 74), "75-84": (75, 84), "85-94": (85, 90), "95+": (85, 90)}
    march = residents[(residents["date"] == "2023-03-31") & (residents["area"] == "S92000003")]
    total = 0.0
    for band, (first, last) in bands.items():
        count = march.loc[march["age_band"] == band, "residents"].sum() + 2 * 10
        at_age = people[people["age"].between(first, last)].groupby("year")["population"].sum()
        total += count / at_age[2024] * at_age[2040]
    return total


def fpc_file(made, **changes: str):
    frame = pd.read_csv(tables.locate(FPC), dtype=str)
    frame["residents"] = [
        changes.get(y, r) for y, r in zip(frame["financial_year"], frame["residents"], strict=True)
    ]
    raw = frame.rename(columns={"residents": "long_stay_residents_65plus_yearly_average"})
    raw["financial_year"] = raw["financial_year"].str.replace("/", "-")
    return made("fpnc.csv", raw.to_csv(index=False))


def test_revised_values_and_moved_verdicts_are_told_and_a_dry_run_changes_nothing(sources, made) -> None:
    before = {file: file.read_bytes() for file in (sources.root / "data").rglob("*") if file.is_file()}
    file = fpc_file(made, **{"2003/04": "28190"})
    done = sources.call("careshift.cli", "import", str(file), "--table", FPC, "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["revised"], told["compared"], told["added"]) == (1, 9, 0)
    assert told["examples"] == ["residents of 2003/04: 31890 -> 28190"]
    moved = {(change["about"], change["what"], change["before"], change["after"]) for change in told["moved"]}
    claim = "kingsfund2013/care-home-residents-below-projection-2011"
    assert (claim, "verdict", "depends on method", "differs") in moved
    assert {about for about, *_ in moved} == {claim}
    assert told["kept"] is None
    assert {
        file: file.read_bytes() for file in (sources.root / "data").rglob("*") if file.is_file()
    } == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda text: text.replace("financial_year", "year"),
            "no layout of free_personal_care_residents fits",
        ),
        (
            lambda text: text.replace("31890", "3189O"),
            'row 2, column "long_stay_residents_65plus_yearly_average"',
        ),
        (lambda text: text.replace("2004-05", "2003-04"), "more than one row for"),
        (lambda text: text.replace("31890", "-1"), '"-1" is below 0'),
        (lambda text: text[: text.rindex(",")], "row 10: 2 cells, 3 columns"),
        (lambda text: "<html>", "a web page, not a table"),
        (lambda text: "", "the file is empty"),
    ],
)
def test_a_broken_release_is_refused_and_changes_nothing(made, change, message) -> None:
    before = tables.locate(FPC).read_bytes(), tables.PACKAGE.read_bytes()
    text = fpc_file(made).read_text()
    with pytest.raises(CareshiftError, match=r"fpnc\.csv|free_personal_care_residents") as error:
        releases.prepare(FPC, [made("fpnc.csv", change(text))])
    assert message in str(error.value)
    assert (tables.locate(FPC).read_bytes(), tables.PACKAGE.read_bytes()) == before


def test_what_each_layout_reads_is_told_where_none_fits(made) -> None:
    with pytest.raises(CareshiftError) as error:
        importing.read_raw("delayed_discharge", [made("a.csv", "x,y\n1,2\n")])
    assert "MonthOfDelay as 201907, HBT or CA" in str(error.value)
    assert "takes another number of files. Reads a re-publisher's layout" in str(error.value)


def test_a_table_typed_by_hand_takes_no_release(made) -> None:
    with pytest.raises(CareshiftError, match="not made from raw files"):
        importing.read_raw("welsh_admissions", [made("a.csv", "x\n1\n")])


def test_a_release_replaces_or_extends() -> None:
    old = pd.read_csv(tables.locate(FPC), dtype=str)
    new = old[old["financial_year"] >= "2010/11"]
    extended, changes = importing.merge(FPC, new, "publisher")
    assert extended["financial_year"].tolist() == old["financial_year"].tolist()
    assert (changes.kept, changes.dropped, changes.added) == (7, 0, 0)
    replaced, changes = importing.merge(FPC, new, "publisher", replace=True)
    assert replaced["financial_year"].tolist() == ["2010/11", "2011/12"]
    assert (changes.kept, changes.dropped) == (0, 7)


def test_signs_of_another_definition_are_told() -> None:
    old = pd.read_csv(tables.locate("care_home_places"), dtype=str, keep_default_na=False)
    new = old.assign(places=[str(int(cell) + 1) if cell else "" for cell in old["places"]])
    new = new[new["client_group"] != "other groups"]
    _, changes = importing.merge("care_home_places", new, "publisher")
    assert "client_group other groups is no longer there" in changes.definitions
    assert any("another coverage or definition?" in text for text in changes.definitions)
    _, none = importing.merge("care_home_places", old, "publisher")
    assert none.definitions == ()
    assert none.lines()[-1] == "definition: no change seen"


def test_every_reader_says_what_it_reads() -> None:
    for name in tables.names():
        if tables.describe(name)["raw"]:
            for layout in importing.layouts(name):
                assert len(layout.says) > 40, f"{name}: {layout.reader.__name__}"


def test_official_delayed_discharges(made) -> None:
    head = "MonthOfDelay,{},AgeGroup,ReasonForDelay,NumberOfDelayedBedDays,AverageDailyNumberOfDelayedBeds\n"
    boards = made(
        "boards.csv",
        head.format("HBT")
        + "202401,S92000003,18plus,All Delay Reasons,50,2\n202401,S92000003,18plus,Code 9 AWI,10,0\n"
        + "202401,S08000015,18plus,All Delay Reasons,20,1\n202401,S08000015,18plus,Code 9 AWI,4,0\n",
    )
    councils = made(
        "councils.csv",
        head.format("CA")
        + "202401,S92000003,18plus,All Delay Reasons,50,2\n202401,S12000005,18plus,All Delay Reasons,30,1\n"
        + "202401,,18plus,All Delay Reasons,1,0\n",
    )
    frame, layout = importing.read_raw("delayed_discharge", [councils, boards])
    assert layout.name == "publisher"
    assert frame[["area", "month", "reason", "bed_days"]].to_numpy().tolist() == [
        ["S08000015", "2024-01-01", "all", 20],
        ["S12000005", "2024-01-01", "all", 30],
        ["S92000003", "2024-01-01", "all", 50],
        ["S92000003", "2024-01-01", "complex, adults with incapacity", 10],
    ]
    councils.write_text(
        councils.read_text().replace(
            "S92000003,18plus,All Delay Reasons,50", "S92000003,18plus,All Delay Reasons,51"
        )
    )
    with pytest.raises(CareshiftError, match="differ for Scotland"):
        importing.read_raw("delayed_discharge", [councils, boards])


def test_official_delayed_discharges_75plus_are_whole_years_and_not_halved(made) -> None:
    months = [f"2022{m:02d}" for m in range(4, 13)] + ["202301", "202302", "202303", "202304"]
    rows = "".join(
        f"{m},S12000005,75plus,All Delay Reasons,100,3\n{m},S12000005,18plus,All Delay Reasons,9,3\n"
        for m in months
    )
    head = "MonthOfDelay,CA,AgeGroup,ReasonForDelay,NumberOfDelayedBedDays,AverageDailyNumberOfDelayedBeds\n"
    frame, _ = importing.read_raw("delayed_discharge_75plus", [made("a.csv", head + rows)])
    assert frame.to_numpy().tolist() == [["S12000005", "2022/23", 1200]]


BOARDS = sorted(areas_of("health board"))
SPELLINGS = {  # of one file: before the publisher renamed it, and with its columns since
    "until 2022": ("NumberOfAttendancesAggregate,NumberMeetingTargetAggregate", "Emergency Department", ""),
    "since 2023": ("NumberOfAttendancesAll,NumberWithin4HoursAll", "Type 1", ""),
    "since 2025": ("NumberOfAttendancesAll,NumberWithin4HoursAll", "Type 1", "AttendanceCategory"),
}


def attendances_file(made, spelling: str, boards: list[str]):
    """Write one month of a hospital a board; where attendances are split, with a part beside each."""
    counts, kind, split = SPELLINGS[spelling]
    head = f"Month,Country,HBT,TreatmentLocation,DepartmentType,{counts}{',' if split else ''}{split}\n"
    ends = [",All", ",Unplanned"] if split else [""]
    rows = [f"202204,S92000003,{board},H,{kind},10,7{end}\n" for board in boards for end in ends]
    return made("a.csv", head + "".join(rows))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_official_emergency_attendances(made, spelling) -> None:
    file = attendances_file(made, spelling, BOARDS)
    frame, layout = importing.read_raw("emergency_attendances_scotland", [file])
    assert layout.name == "publisher"
    rows = {area: rest for area, *rest in frame.to_numpy().tolist()}
    assert rows.pop("S92000003") == ["2022-04-01", "major", 140, 98]
    assert rows == {board: ["2022-04-01", "major", 10, 7] for board in BOARDS}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_board_or_all_but_one_do_not_become_scotland(made, spelling) -> None:
    for boards in (BOARDS[:1], BOARDS[1:]):
        frame, _ = importing.read_raw(
            "emergency_attendances_scotland", [attendances_file(made, spelling, boards)]
        )
        assert frame["area"].tolist() == boards
    file = attendances_file(made, spelling, BOARDS[:1])
    about = report.examine("emergency_attendances_scotland", file, extends=True)
    ours = pd.read_csv(tables.locate("emergency_attendances_scotland"), dtype=str)
    extended = pd.read_csv(io.BytesIO(about.content), dtype=str)
    scotland = [frame[frame["area"] == "S92000003"].reset_index(drop=True) for frame in (ours, extended)]
    assert scotland[0].equals(scotland[1])
    with pytest.raises(CareshiftError, match=r"area S08000016, .* is no longer there") as error:
        releases.prepare("emergency_attendances_scotland", [file])
    assert "it holds 1 of the table's" in str(error.value)
    assert "add --accept-loss" in str(error.value)


def test_official_beds_and_activity_by_age(made) -> None:
    head = "Quarter,HB,Location,SpecialtyName,AllStaffedBeddays,TotalOccupiedBeddays\n"
    rows = "2024Q1,S08000015,S08000015,All Acute,100,80\n2024Q1,S08000015,A111H,All Acute,100,80\n"
    frame, _ = importing.read_raw("hospital_beds", [made("a.csv", head + rows)])
    assert frame.to_numpy().tolist() == [["2024Q1", "S08000015", "all acute", 100, 80, "2024Q1 release"]]
    head = "Quarter,QuarterQF,HB,Location,AdmissionType,Sex,Age,Episodes,Stays,LengthOfStay\n"
    rows = (
        "2024Q1,,S92000003,S92000003,All Inpatients,Female,90 years and over,9,9,99\n"
        "2024Q1,,S08000015,S08000015,Emergency Inpatients,Female,90 years and over,3,2,40\n"
        "2024Q1,p,S92000003,S92000003,Emergency Inpatients,Female,90 years and over,3,2,40\n"
        "2024Q1,NA,S92000003,S92000003,Emergency Inpatients,Male,0-9 years,1,1,2\n"
    )
    frame, _ = importing.read_raw("emergency_bed_days_by_age", [made("b.csv", head + rows)])
    assert frame.to_numpy().tolist() == [
        ["2024Q1", "S92000003", "female", "90+", 2, 40, 3, "provisional"],
        ["2024Q1", "S92000003", "male", "0-9", 1, 2, 1, "final"],
    ]


def test_official_population_of_northern_ireland(tmp_path) -> None:
    columns = ["area_code", "area_name", "year", "gender", "age", "MYE"]
    rows = [
        ["N92000002", "Northern Ireland", 2021, "Females", 0, 11],
        ["N92000002", "Northern Ireland", 2021, "Females", "90+", 7],
        ["N92000002", "Northern Ireland", 2021, "All persons", 0, 22],
        ["N09000001", "A district", 2021, "Females", 0, 3],
    ]
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame(rows, columns=columns).to_excel(book, sheet_name="Flat", index=False)
    frame, layout = importing.read_raw("population_northern_ireland", [tmp_path / "a.xlsx"])
    assert layout.name == "publisher"
    assert frame.to_numpy().tolist() == [
        [2021, "N92000002", "female", 0, 11],
        [2021, "N92000002", "female", 90, 7],
    ]
