"""What is not final is never written among what is published, through whatever door.

From Python as from the command line: into a final report, below it, beside it, and in a folder
that holds one. Anything may be written to a folder in which nothing is published.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.disclosure import (
    LEDGER_FILE,
    Ledger,
    Policy,
    Profile,
    Publication,
    Register,
    note_in_ledger,
    protect,
)
from survey.errors import PublishError, ResponsesError, SurveyError
from survey.estimates import share
from survey.exports import read_export
from survey.files.writing import write_new_file
from survey.publish import (
    refuse_report,
    write_cards,
    write_charts,
    write_claims,
    write_dashboard,
    write_narrative,
    write_quality_page,
    write_report,
    write_table_file,
    write_tables,
    write_workbook,
)
from survey.responses import (
    Responses,
    clean,
    quality,
    write_alias_draft,
    write_answers,
    write_frame,
)
from survey.responses.coding.frame import Frame
from survey.synthetic import simulate
from tests.disclosure.surveys import invented

ANSWERS = invented(60, 2)
TABLE = share(ANSWERS, "industry").named("industry", "sizes")


def made(
    *, final: bool = False, policy: Policy | None = None, edition: str = "2019"
) -> Publication:
    register = Register(Ledger("k"), final=final)
    made = protect([TABLE], policy, title="Survey", edition=edition, register=register)
    with TemporaryDirectory() as folder:
        note_in_ledger(register, Path(folder) / LEDGER_FILE)
    return made


FRAME = Frame("tools", ("deployment_tools_other",))
DRAFT, INTERNAL = made(), made(policy=Policy(profile=Profile.INTERNAL))


@cache
def cleaned() -> Responses:
    """Return answers as they come from an export."""
    with TemporaryDirectory() as folder:
        export = Path(folder) / "Survey_1.csv"
        export.write_bytes(simulate("2019", respondents=8, seed=3).by_heading)
        return clean(read_export(export, invented=True))


WRITERS: dict[str, Callable[[Publication, Path], object]] = {
    "report": write_report,
    "charts": write_charts,
    "tables": write_tables,
    "claims": write_claims,
    "narrative": write_narrative,
    "dashboard": write_dashboard,
    "workbook": lambda made, folder: write_workbook(made, folder / "book.xlsx"),
}
FILES: dict[str, Callable[[Path], object]] = {
    "table file": lambda folder: write_table_file(DRAFT["industry"], folder / "t.csv"),
    "exact file": lambda folder: write_table_file(TABLE, folder / "t-internal.csv", internal=True),
    "protected csv": lambda folder: DRAFT["industry"].to_csv(folder / "t.csv"),
    "exact csv": lambda folder: TABLE.to_csv(folder / "t.csv"),
    "exact workbook": lambda folder: TABLE.to_excel(folder / "t.xlsx"),
    "quality page": lambda folder: write_quality_page(quality(cleaned()), folder / "quality.html"),
    "answers": lambda folder: write_answers(cleaned(), folder),
    "frame": lambda folder: write_frame(FRAME, folder / "tools.toml"),
    "names": lambda folder: write_alias_draft([], folder / "aliases.toml"),
}
PLACES = ("2018", "2018/tables", "2018/new/deeper", ".", "drafts", "drafts/deeper")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder in which nothing is but one final report of another edition."""
    root = tmp_path / "reports"
    for name in ("2018", "latest"):
        (root / name / "tables").mkdir(parents=True)
        (root / name / "manifest.json").write_text(json.dumps({"status": "final"}))
    return root


def held(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("writer", WRITERS)
def test_no_writer_puts_a_draft_or_exact_counts_among_final_reports(
    reports: Path, writer: str, place: str
) -> None:
    folder = reports / place
    if writer == "workbook":
        folder.mkdir(parents=True, exist_ok=True)
    before = held(reports)
    for publication in (DRAFT, INTERNAL):
        with pytest.raises(PublishError, match=r"never|among published"):
            WRITERS[writer](publication, folder)
    assert held(reports) == before


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("writer", FILES)
def test_no_single_file_is_written_among_final_reports(
    reports: Path, writer: str, place: str
) -> None:
    before = held(reports)
    with pytest.raises(SurveyError):
        FILES[writer](reports / place)
    assert held(reports) == before


@pytest.mark.parametrize("writer", [*WRITERS, *FILES])
def test_a_draft_is_written_anywhere_else(reports: Path, writer: str) -> None:
    folder = reports.parent / "drafts"
    folder.mkdir()
    if writer in WRITERS:
        WRITERS[writer](DRAFT, folder)
    else:
        FILES[writer](folder)
    assert held(folder)


def test_what_is_refused_says_where_to_write(reports: Path) -> None:
    with pytest.raises(PublishError) as refused:
        write_report(DRAFT, reports)
    (problem,) = refused.value.problems
    assert "2018, latest" in problem.got
    assert "--out drafts" in problem.hint


@pytest.mark.parametrize("place", ["2018", "2018/tables", "2018/new"])
@pytest.mark.parametrize("writer", [name for name in WRITERS if name != "report"])
def test_nothing_is_added_to_a_final_report_not_even_what_is_final(
    reports: Path, writer: str, place: str
) -> None:
    (reports / place).mkdir(exist_ok=True)
    before = held(reports)
    with pytest.raises(PublishError, match="Nothing is added"):
        WRITERS[writer](made(final=True), reports / place)
    assert held(reports) == before


def test_no_report_stands_in_a_final_one(reports: Path) -> None:
    with pytest.raises(PublishError, match="never stands in a report"):
        write_report(made(final=True), reports / "2018")
    assert not (reports / "2018" / "2019").exists()


def test_a_link_into_a_final_report_is_seen(reports: Path) -> None:
    link = reports.parent / "link"
    link.symlink_to(reports / "2018")
    for publication in (DRAFT, INTERNAL):
        with pytest.raises(PublishError):
            write_charts(publication, link)
    file = reports.parent / "t.csv"
    file.symlink_to(reports / "2018" / "t.csv")
    with pytest.raises(SurveyError):
        TABLE.to_csv(file)
    assert not (reports / "2018" / "t.csv").exists()


@pytest.mark.parametrize(("status", "policy"), [("draft", None), ("internal", INTERNAL.policy)])
def test_a_final_report_never_stands_beside_a_draft(
    tmp_path: Path, status: str, policy: Policy | None
) -> None:
    root = tmp_path / "reports-internal"
    write_report(made(policy=policy, edition="2018"), root)
    with pytest.raises(PublishError, match="never stands beside a draft") as refused:
        write_report(made(final=True), root)
    assert "(2018)" in refused.value.problems[0].got
    assert not (root / "2019").exists()
    with pytest.raises(PublishError, match="never stands beside a draft"):
        refuse_report(root, "2019", status="final")
    write_report(made(final=True), root, together=("2018", "2019"))
    write_report(made(final=True, edition="2018"), root, together=("2018", "2019"))
    assert json.loads((root / "2018" / "manifest.json").read_text())["status"] == "final"


def test_a_draft_is_replaced_by_what_is_final(tmp_path: Path) -> None:
    write_report(DRAFT, tmp_path)
    write_report(made(final=True), tmp_path)
    assert json.loads((tmp_path / "2019" / "manifest.json").read_text())["status"] == "final"


def test_a_final_report_never_stands_beside_the_ledger(tmp_path: Path) -> None:
    """Whoever puts the folder on a server would put the true counts there, too."""
    (tmp_path / LEDGER_FILE).write_text("{}")
    with pytest.raises(PublishError, match="beside the ledger"):
        write_report(made(final=True), tmp_path)
    assert not (tmp_path / "2019").exists()


def test_a_final_report_never_stands_beside_answers(tmp_path: Path) -> None:
    write_answers(cleaned(), tmp_path)
    with pytest.raises(PublishError, match="beside answers") as refused:
        write_report(made(final=True, edition="2018"), tmp_path)
    assert "(2019)" in refused.value.problems[0].got
    assert not (tmp_path / "2018").exists()


def test_exact_counts_have_no_folder_among_final_reports(reports: Path) -> None:
    """The name alone does not do."""
    with pytest.raises(PublishError, match="not written among published"):
        write_report(INTERNAL, reports / "internal")


def test_answers_do_not_take_the_place_of_a_report(reports: Path) -> None:
    with pytest.raises(ResponsesError, match="Cannot write the answers"):
        write_answers(cleaned(), reports)
    assert not (reports / "2019").exists()


def test_cards_of_a_draft_stay_outside(reports: Path) -> None:
    source = reports.parent / "drafts" / "2019"
    (source / "quotes").mkdir(parents=True)
    (source / "claims.json").write_text("{}")
    (source / "quotes" / "a.svg").write_text("<svg/>")
    with pytest.raises(PublishError, match="never stands among"):
        write_cards(source, reports / "cards")
    assert not (reports / "cards").exists()


@pytest.mark.parametrize(
    "command", ["codebook draft {file} --out {out}", "check {file} --html {out}"]
)
def test_no_command_adds_a_file_to_a_final_report(reports: Path, command: str) -> None:
    file, out = reports.parent / "other.csv", reports / "2018" / "new.toml"
    file.write_text("Where do you bake?,Why?\nat home,fun\nat work,\n")
    words = [word.format(file=file, out=out) for word in command.split()]
    assert CliRunner().invoke(main, words).exit_code == 2
    assert not out.exists()


def test_the_system_is_not_blamed(reports: Path) -> None:
    with pytest.raises(OSError, match="final publication 2018"):
        write_new_file(reports / "2018" / "note.txt", "x")


def test_manifests_of_others_bar_nothing(tmp_path: Path) -> None:
    for number, text in enumerate(("", "[]", '"final"', '{"status": ["final"]}', "[" * 9000)):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "manifest.json").write_text(text)
    write_charts(DRAFT, tmp_path)
    assert held(tmp_path / "0") == [tmp_path / "0" / "manifest.json"]
