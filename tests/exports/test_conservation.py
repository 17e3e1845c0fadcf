"""No record vanishes: whatever is read is kept or excluded for a reason, at every step."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import read_codebook
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.responses import clean

CODEBOOK = read_codebook()
HEADINGS = LAYOUTS[Layout.BY_HEADING](CODEBOOK.edition("2018"))
TIME = "2018-05-01 10:00:00"
KINDS = ("good", "good", "good", "short", "surplus", "too long", "no key", "bad key", "again")
MADE_OF = {
    "short": "short record",
    "too long": "long record",
    "no key": "record without key",
    "bad key": "record without key",
    "again": "repeated record",
}


def conserved(counts: Mapping[str, int]) -> bool:
    return counts["read"] == sum(times for reason, times in counts.items() if reason != "read")


def line(number: int, kind: str) -> list[str]:
    survey = {"no key": "", "bad key": "x7"}.get(kind, str(number))
    cells = {
        "SurveyID": survey,
        "DeploymentID": str(1000 + number),
        "Created": TIME,
        "LastEdited": TIME,
        "Language": "en_US",
        "ComputeCores": "1-000 to 9-999 cores",
        "Label": f"cloud {number}",
    }
    row = [cells.get(heading, "") for heading in HEADINGS]
    surplus = {"surplus": ["AppFormix"], "too long": ["x"] * 60}.get(kind, [])
    return row[:9] if kind == "short" else [*row, *surplus]


def read(folder: Path, rows: list[list[str]], blank: bool) -> Export:
    path = folder / "Survey_1.csv"
    lines = [",".join(heading.replace(",", "-") for heading in HEADINGS), *map(",".join, rows)]
    if blank:
        lines.insert(1 + len(rows) // 2, "")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_export(path, codebook=CODEBOOK)


@given(st.lists(st.sampled_from(KINDS), max_size=12), st.booleans())
def test_records_read_are_records_kept_and_records_excluded(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[str], blank: bool
) -> None:
    # Sound records in front, so that the heading line is not the suspect.
    kinds = ["good"] * (len(drawn) + 2) + drawn
    rows = [line(1 if kind == "again" else number, kind) for number, kind in enumerate(kinds, 1)]
    export = read(tmp_path_factory.mktemp("conserved"), rows, blank)
    expected = Counter(MADE_OF[kind] for kind in kinds if kind in MADE_OF)
    assert export.counts["read"] == len(kinds)
    assert conserved(export.counts)
    assert len(export) == export.counts["kept"]
    for reason in ("short record", "long record", "record without key"):
        assert export.counts.get(reason, 0) == expected[reason]
    answers = clean(export)
    counts = answers.counts["Survey_1.csv"]
    assert conserved(counts)
    assert counts.get("repeated record", 0) == expected["repeated record"]
    assert len(answers.deployments) == counts["kept"]
    untouched = {1000 + number for number, kind in enumerate(kinds, 1) if kind == "good"}
    assert untouched <= set(answers.deployments["deployment"])
    assert set(answers.deployments["compute_cores"]) == {"1,000 to 9,999 cores"}


LISTS = {
    "surveys.csv": "ID\tLastEdited\tCreated By\tOrganization\tCurrent Step\tIs Completed ?\t"
    "Has Deployments ?\tLang\n1\t\tx\ty\tz\t1\t2\ten_US\n\nx\t\tx\ty\tz\t1\t2\ten_US\n1\t2\n",
    "free.csv": "ID,Answer,Tags\n1,a,b\n2,c\n,d,e\n",
    "companies.csv": "SurveyID,Org,Email\n1,a,x\n1,a,x\n,b,y\n2,c,z,more\n",
}


@pytest.mark.parametrize(("name", "content"), LISTS.items(), ids=LISTS)
def test_lists_conserve_their_records_too(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    export = read_export(tmp_path / name, codebook=CODEBOOK)
    records = sum(bool(each) for each in content.splitlines()[1:])
    assert export.counts["read"] == records
    assert conserved(export.counts)
    assert export.counts["kept"] == len(export)


@pytest.mark.parametrize(
    "pattern",
    [
        "exporter_2018/Survey_*.csv",
        "exporter_2018/until_aug15/Survey_*.csv",
        "dashboard_api/export_2019.csv",
    ],
)
def test_the_real_files_conserve_their_records(shared: Path, pattern: str) -> None:
    for path in sorted((shared / "fixtures").glob(pattern)):
        export = read_export(path, codebook=CODEBOOK)
        assert conserved(export.counts)
        assert export.counts["kept"] == len(export)
        if export.layout is not Layout.BY_COMPANY:
            assert all(map(conserved, clean(export).counts.values()))
