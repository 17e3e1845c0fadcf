"""The doors: whatever is handed over, a command ends with a message and an exit code of its kind.

0 fine, 1 findings, 2 wrong use or unusable input, 3 a fault of the toolkit.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import survey.publish
import survey.responses
from survey.cli import main
from survey.exports.source import raw_file
from survey.synthetic import simulate

MADE = simulate("2019", respondents=8, seed=3)
posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")
ASCII = {"PYTHONIOENCODING": "", "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def shell(
    *arguments: object, stdout: object = subprocess.PIPE, **env: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "survey", *map(os.fsencode, map(str, arguments))]
    return subprocess.run(
        command,
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        env={**os.environ, **env},
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raw") / "Survey_1.csv"
    path.write_bytes(MADE.by_heading)
    return path


# ---------------------------------------------------------------- what is read


@posix
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    result = run("check", tmp_path / "pipe.csv")
    assert result.exit_code == 2
    assert "a pipe, not a file" in result.stderr


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "EXPORT", "--aliases", "PIPE"),
        ("check", "EXPORT", "--frame", "PIPE"),
        ("clean", "EXPORT", "--out", "OUT", "--key", "PIPE"),
        ("frame", "propose", "EXPORT", "--out", "PIPE"),
        ("organizations", "propose", "EXPORT", "--identified", "--out", "PIPE"),
        ("organizations", "check", "PIPE"),
        ("check", "EXPORT", "--html", "PIPE"),
        ("codebook", "list", "--project", "PROJECT"),
    ],
)
def test_no_file_may_be_a_pipe(export: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "project").mkdir()
    os.mkfifo(tmp_path / "project" / "survey.toml")
    places = {
        "EXPORT": export,
        "PIPE": tmp_path / "pipe",
        "OUT": tmp_path / "out",
        "PROJECT": tmp_path / "project",
    }
    result = run(*(places.get(word, word) for word in arguments))
    assert result.exit_code == 2, result.output
    assert "a pipe" in result.stderr


def test_a_file_of_many_bytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(raw_file.MOST_BYTES + 1)
    result = run("check", path)
    assert result.exit_code == 2
    assert "an export of at most 1,073,741,824 bytes" in result.stderr


@posix
def test_a_name_that_is_not_utf8_is_read_and_printed(export: Path, tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"caf\xe9.csv")
    name.write_bytes(export.read_bytes())
    result = shell("check", name, "--json")
    assert result.returncode in (0, 1), result.stderr
    assert json.loads(result.stdout)["editions"] == ["2019"]
    out = tmp_path / os.fsdecode(b"\xff")
    written = shell("clean", name, "--out", out, "--format", "parquet", "--key", tmp_path / "key")
    assert written.returncode == 0, written.stderr
    assert (out / "2019" / "respondents.parquet").exists()
    missing = shell("check", tmp_path / os.fsdecode(b"gone\xe9.csv"))
    assert missing.returncode == 2
    assert b"gone\\xe9.csv: got no such file" in missing.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "NAME"),
        ("check", "EXPORT", "--html", "NAME"),
        ("clean", "EXPORT", "--out", "NAME", "--key", "KEY"),
        ("frame", "propose", "EXPORT", "--question", "deployment_tools", "--out", "NAME"),
        ("codebook", "list", "--project", "NAME"),
    ],
)
@pytest.mark.parametrize("name", ["x" * 5000, "y/" * 3000, "z" * 255 + ".csv"])
def test_a_long_path_is_one_message(
    export: Path, tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    places = {"EXPORT": export, "NAME": tmp_path / name, "KEY": tmp_path / "key"}
    result = run(*(places.get(word, word) for word in arguments))
    assert result.exit_code == 2, result.output
    assert "too long" in result.stderr


# ---------------------------------------------------------------- what a workbook may hold


def workbook(sheet: str, *, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    parts = {
        "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="m" xmlns:r="r"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="p">'
        '<Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="m"><sheetData>{sheet}'
        "</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


DIGITS = "9" * 100_000
SHEETS = {
    "infinite": '<row r="1"><c r="A1"><v>1e999</v></c></row>',
    "many digits": f'<row r="1"><c r="A1"><v>{DIGITS}</v></c></row>',
    "not a number": '<row r="1"><c r="A1"><v>nan</v></c><c r="B1"><v>-inf</v></c></row>',
    "far row": f'<row r="{DIGITS}"><c r="A{DIGITS}"><v>1</v></c></row>',
    "far style": f'<row r="1"><c r="A1" s="{DIGITS}"><v>1</v></c></row>',
    "far text": f'<row r="1"><c r="A1" t="s"><v>{DIGITS}</v></c></row>',
    "other digits": '<row r="1"><c r="A1" s="²" t="s"><v>²</v></c></row>',
    "deep": "<a>" * 50_000 + "</a>" * 50_000,
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_strange_workbook_is_one_message(tmp_path: Path, name: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(workbook(SHEETS[name]))
    result = run("check", tmp_path / "book.xlsx")
    assert result.exit_code == 2, result.output
    assert "book.xlsx" in result.stderr
    assert "99999" not in result.stderr


@pytest.mark.parametrize("encoding", ["klingon", "utf-7", "idna", "UTF-32", "cp037"])
def test_an_unknown_encoding_in_xml_is_one_message(tmp_path: Path, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    (tmp_path / "book.xlsx").write_bytes(workbook(SHEETS["infinite"], head=head))
    result = run("check", tmp_path / "book.xlsx")
    assert result.exit_code == 2, result.output
    assert "book.xlsx" in result.stderr


# ---------------------------------------------------------------- what people write by hand

TOML: dict[str, bytes] = {
    "deep": b"title = " + b"[" * 5000 + b"]" * 5000,
    "deep tables": b"[" + b".".join([b"a"] * 5000) + b"]",
    "many digits": b"title = " + b"9" * 5000,
    "not UTF-8": b'title = "caf\xe9"',
    "NUL": b'title = "\x00"',
    "a number": b"title = 1979-05-27",
}


@pytest.mark.parametrize("content", TOML.values(), ids=TOML)
@pytest.mark.parametrize(
    "arguments",
    [
        ("codebook", "list", "--project", "PROJECT"),
        ("check", "EXPORT", "--aliases", "FILE"),
        ("check", "EXPORT", "--frame", "FILE"),
    ],
    ids=["project", "aliases", "frame"],
)
def test_strange_toml_is_one_message(
    export: Path, tmp_path: Path, content: bytes, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "survey.toml").write_bytes(content)
    places = {"EXPORT": export, "PROJECT": tmp_path, "FILE": tmp_path / "survey.toml"}
    result = run(*(places.get(word, word) for word in arguments))
    assert result.exit_code == 2, result.output
    assert "survey.toml" in result.stderr


WRONG_VALUES = {
    '[policy]\nunits = "20"': "units: got '20'",
    "[policy]\ndigits = 2.0": "digits: got 2.0",
    "[policy]\nrare = true": "rare: got True",
    "[policy]\nprofile = 3": "profile: got 3",
    "title = 3": "title: got 3",
    'fold = "yes"\ninvented = "no"': "'invented'",
    '[[exports]]\nfile = "x.csv"\ninvented = "false"': "got invented = 'false'",
    '[[exports]]\nfile = "x.csv"\ninvented = 1': "got invented = 1",
    "[[exports]]\nfile = true": "got file = True",
    '[exports]\nfile = "x.csv"': "[[exports]]",
    '[publisher]\nname = ["x"]': "publisher: got",
    "[bind.2024]\nteam_size = 3": "bind: got",
}


@pytest.mark.parametrize(("lines", "said"), WRONG_VALUES.items())
def test_a_value_of_another_type_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "survey.toml").write_text(f"{lines}\n")
    result = run("codebook", "list", "--project", tmp_path)
    assert result.exit_code == 2
    assert said in result.stderr


# ---------------------------------------------------------------- where it is printed


@posix
@pytest.mark.parametrize(
    "arguments", [("--help",), ("codebook", "list"), ("codebook", "list", "--json"), ("--version",)]
)
def test_a_full_disk_behind_the_output_is_no_success(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = shell(*arguments, stdout=full)
    assert result.returncode == 2
    assert b"No space left on device" in result.stderr
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr


@posix
@pytest.mark.parametrize("arguments", [("codebook", "list", "2024"), ("--help",)])
def test_nobody_reads_the_output_any_more(arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    result = shell(*arguments, stdout=write)
    os.close(write)
    assert result.returncode == 141
    assert result.stderr == b""


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_terminal_of_ascii_shows_escapes(as_json: list[str]) -> None:
    result = shell("codebook", "show", "team_size", *as_json, **ASCII)
    assert result.returncode == 0, result.stderr
    assert b"team_size" in result.stdout
    if as_json:
        assert json.loads(result.stdout.decode("utf-8"))["concept"] == "team_size"


def test_an_error_with_other_characters_is_printed_in_ascii(tmp_path: Path) -> None:
    result = shell("check", tmp_path / "größe—日本.csv", **ASCII)
    assert result.returncode == 2
    assert b"no such file" in result.stderr


def test_the_help_imports_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "pyarrow", "scipy", "plotly", "openpyxl", "survey.codebook")
    program = (
        "import sys\nfrom survey.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]", said.stderr


# ---------------------------------------------------------------- what nobody foresaw


def test_a_fault_of_the_toolkit_exits_with_3_and_quotes_nothing(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Ada Example wrote this")

    monkeypatch.setattr(survey.responses, "quality", fail)
    for more in ([], ["--json"]):
        result = run("check", export, *more)
        assert result.exit_code == 3
        assert "ZeroDivisionError" in result.stderr
        assert "cli/checking.py, line" in result.stderr
        assert "Ada" not in result.output + result.stderr
    assert "fault" in json.loads(result.stdout)["error"]


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), MemoryError()])
def test_what_the_system_refuses_exits_with_2(
    export: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(survey.responses, "quality", fail)
    result = run("check", export)
    assert result.exit_code == 2
    assert "Hint: " in result.stderr


def test_an_interruption_has_its_own_code(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(survey.responses, "quality", stop)
    assert run("check", export).exit_code == 130


# ---------------------------------------------------------------- people's files


def inputs_kept(export: Path, act: Callable[[], Result]) -> Result:
    before = export.read_bytes()
    result = act()
    assert export.read_bytes() == before
    return result


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--html", "EXPORT", "OTHER"),
        ("check", "EXPORT", "--html", "EXPORT"),
        ("clean", "OTHER", "--out", "EXPORT", "--key", "KEY"),
        ("clean", "OTHER", "--out", "OUT", "--key", "EXPORT"),
        ("frame", "propose", "OTHER", "--question", "deployment_tools", "--out", "EXPORT"),
        ("organizations", "propose", "OTHER", "--identified", "--out", "EXPORT"),
        ("simulate", "--edition", "2019", "--respondents", "3", "--out", "HERE"),
        ("simulate", "--edition", "2019", "--respondents", "3", "--out", "EXPORT"),
    ],
)
def test_no_command_replaces_an_export(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    name = next(iter(MADE.files))
    export, other = tmp_path / name, tmp_path / "other.csv"
    for path in (export, other):
        path.write_bytes(MADE.by_heading)
    places = {
        "EXPORT": export,
        "OTHER": other,
        "KEY": tmp_path / "key",
        "OUT": tmp_path / "out",
        "HERE": tmp_path,
    }
    result = inputs_kept(export, lambda: run(*(places.get(word, word) for word in arguments)))
    assert result.exit_code == 2, result.output
    assert other.read_bytes() == MADE.by_heading
    assert {path.name for path in tmp_path.iterdir()} <= {name, "other.csv", "key"}


def test_a_page_is_written_again_but_not_over_a_changed_one(export: Path, tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    for _ in range(2):
        assert run("check", export, "--html", page).exit_code in (0, 1)
    page.write_text(page.read_text(encoding="utf-8") + "<!-- my remark -->", encoding="utf-8")
    result = inputs_kept(page, lambda: run("check", export, "--html", page))
    assert result.exit_code == 2
    assert "quality.html" in result.stderr


def test_a_report_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "Survey_1.csv").write_bytes(MADE.by_heading)
    (tmp_path / "reports" / "2019" / ".git").mkdir(parents=True)
    (tmp_path / "reports" / "2019" / ".git" / "HEAD").write_text("x")
    arguments = ("report", "--project", tmp_path, "--out", tmp_path / "reports")
    result = run(*arguments, "--edition", "2019")
    assert result.exit_code == 2
    assert ".git" in result.stderr
    assert not (tmp_path / "data" / "processed").exists()
    assert run(*arguments).exit_code == 2
    assert (tmp_path / "reports" / "2019" / ".git" / "HEAD").read_text() == "x"
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["2019"]
