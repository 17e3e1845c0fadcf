"""A file of a year that the codebook does not know is never read in silence as another edition."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from survey.codebook import read_codebook
from survey.errors import CodebookError
from survey.exports import OtherYearWarning, read_export
from survey.project import ExportFile, read_exports
from tests.new_edition.measure import sheet_of

FILE = "Survey_20260831120000.csv"
OWN = '[edition]\nname = "2026"\nextends = "2025"\n'


@pytest.fixture
def next_year(tmp_path: Path) -> Path:
    """Return the newest export, dated two years later, with a heading of its own."""
    path = tmp_path / "data" / "raw" / FILE
    path.parent.mkdir(parents=True)
    sheet_of("2026").write(path)
    text = path.read_text("utf-8").replace("OrgSizeSydney", "HowManyDesks", 1)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def with_codebook(path: Path) -> Path:
    file = path.parents[2] / "codebook" / "2026.toml"
    file.parent.mkdir()
    file.write_text(OWN, encoding="utf-8")
    return file


def test_the_warning_names_year_edition_and_what_is_not_known(next_year: Path) -> None:
    with pytest.warns(OtherYearWarning) as said:
        export = read_export(next_year)
    (message,) = [str(each.message) for each in said]
    assert export.edition.name == "2025"
    assert "its answers are dated 2026" in message
    assert "they are read as 2025, which does not know 1 heading and " in message
    assert 'codebook=sv.read_codebook("codebook/2026.toml")' in message
    assert "survey new-edition 2026 FILE" in message
    (issue,) = [each for each in export.log.kept_issues if each.code == "edition in doubt"]
    assert issue.message in message
    assert issue.touched == len(export)


def test_answers_that_the_edition_does_not_list_are_counted(next_year: Path) -> None:
    def unknown() -> int:
        with pytest.warns(OtherYearWarning) as said:
            read_export(next_year)
        return int(str(said[0].message).split("heading and ")[1].split(" answer")[0])

    before = unknown()
    text = next_year.read_text("utf-8")
    assert text.count("Ubuntu Server") > 1
    changed = text.replace("Ubuntu Server", "Barn Server")
    next_year.write_text(changed, encoding="utf-8", newline="")
    assert unknown() == before + 1  # however many gave it


def test_codebook_files_beside_the_raw_data_are_named(next_year: Path) -> None:
    file = with_codebook(next_year)
    with pytest.warns(OtherYearWarning, match=r"the project has its codebook.*2026\.toml"):
        read_export(next_year)
    with pytest.raises(CodebookError, match=r"(?s)Unknown edition '2026'.*read_codebook") as error:
        read_export(next_year, edition="2026")
    assert "did you mean" not in str(error.value)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_export(next_year, codebook=read_codebook(file)).edition.name == "2026"
        assert read_export(next_year, edition="2025").edition.name == "2025"  # as was asked


def test_an_unknown_edition_says_how_to_give_its_codebook(next_year: Path) -> None:
    with pytest.raises(CodebookError, match="did you mean '2025'") as error:
        read_export(next_year, edition="2026")
    assert 'codebook=sv.read_codebook("codebook/2026.toml")' in str(error.value)
    with pytest.raises(CodebookError, match=r'sv\.read_codebook\("codebook/2026\.toml"\)'):
        read_codebook().edition("2026")


def test_a_command_prints_it(next_year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_exports([ExportFile(next_year)], read_codebook())
    printed = capsys.readouterr()
    assert "Warning: Survey_20260831120000.csv: its answers are dated 2026" in printed.err
    assert not printed.out
