"""Nobody can be found in anything that this package prints or writes.

The input is marked: whatever a person wrote has a word in it that nothing else says (see
``planted.py``). Every command runs on it, and on damaged copies of it; then all that was printed,
raised or written is searched, unpacked and in every spelling.
"""

from __future__ import annotations

import base64
import gzip
import json
import logging
import random
import struct
import traceback
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from plotly.offline import get_plotlyjs

import survey as sv
from survey.cli import main
from survey.errors import SurveyError
from survey.responses import write_answers
from tests import planted as plant
from tests import privacy

HERE = Path(__file__).parent
MARK, TEXT = plant.MARK, plant.TEXT_MARK


@pytest.fixture(scope="module")
def planted() -> SimpleNamespace:
    return plant.planted("2019", 60)


def invoke(*arguments: object) -> str:
    """Return all that a command printed or raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    raised = result.exception
    if raised is None or isinstance(raised, SystemExit):
        return result.output
    return result.output + "".join(traceback.format_exception(raised))


def test_the_input_is_marked(planted: SimpleNamespace, tmp_path: Path) -> None:
    """The test of the test: what is searched for is there, in every file."""
    planted.write(tmp_path)
    found = privacy.find_personal(tmp_path, planted.everything, parts=True)
    assert {file for file, word in found if word == MARK} == set(planted.files)
    assert len({word for _, word in found} & set(planted.members)) > 40
    assert TEXT in {word for _, word in found}


# ---------------------------------------------------------------- good files


@pytest.fixture(scope="module")
def project(planted: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    planted.write(folder / "data" / "raw")
    return folder


def test_nobody_is_in_a_report(
    planted: SimpleNamespace, project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Dashboard, workbook with its properties, charts, tables, claims, manifest, and the cache."""
    caplog.set_level(logging.DEBUG)
    arguments = ("--project", project, "--out", project / "reports")
    said = invoke("report", *arguments)
    assert "Traceback" not in said
    assert (project / "reports" / "2019" / "index.html").exists()
    js = [get_plotlyjs().encode()]
    words = planted.everything
    assert privacy.find_personal(project / "reports", words, js, parts=True) == []
    assert privacy.says(said + caplog.text, words) == []
    cached = privacy.find_personal(project / "data" / "processed", planted.personal, parts=True)
    assert cached == []


@pytest.mark.parametrize("names", [("Survey_2",), ("Survey_F",), ("Survey_",)])
def test_nobody_is_in_what_check_prints(
    planted: SimpleNamespace, tmp_path: Path, names: tuple[str, ...]
) -> None:
    paths = planted.write(tmp_path, *names)
    said = invoke("check", *paths) + invoke("check", "--json", *paths)
    assert "respondents" in said
    assert privacy.says(said, planted.everything) == []


@pytest.mark.parametrize(
    "form",
    [
        ("--format", "parquet", "--format", "csv"),
        ("--format", "json"),
        ("--layout", "by-heading"),
        ("--layout", "by-heading", "--format", "json"),
    ],
)
def test_nobody_is_in_cleaned_answers(
    planted: SimpleNamespace, tmp_path: Path, form: tuple[str, ...]
) -> None:
    """Free text stays an answer there; nothing else does that a person can be known by."""
    paths, out = planted.write(tmp_path / "raw"), tmp_path / "out"
    said = invoke("clean", *paths, "--out", out, "--key", tmp_path / "k", *form)
    assert "wrote" in said
    assert privacy.says(said, planted.everything) == []
    assert privacy.find_personal(out, planted.personal, parts=True) == []
    texts = privacy.find_personal(out, (TEXT,), parts=True)
    tables = ("respondents.", "deployments.")
    assert texts, "free text is kept"
    assert all(Path(file).name.startswith(tables) for file, _ in texts)


def test_names_in_clear_are_found_by_this_search(planted: SimpleNamespace, tmp_path: Path) -> None:
    """A planted leak: with --identified everybody is there, and the search sees them."""
    paths, out = planted.write(tmp_path / "raw"), tmp_path / "out"
    invoke("clean", *paths, "--out", out, "--identified", "--format", "parquet")
    found = privacy.find_personal(out, planted.personal, parts=True)
    files = {file.split("/")[-1] for file, _ in found}
    assert {"respondents.parquet!parquet"} <= files
    assert {word for _, word in found} > {MARK, planted.members[0]}


def test_printing_answers_shows_nobody(planted: SimpleNamespace, tmp_path: Path) -> None:
    (path,) = planted.write(tmp_path, "Survey_2")
    export = sv.read_export(path)
    answers = sv.clean(export)
    logs = (export.repairs, export.issues, answers.repairs, answers.issues, answers.flags)
    shown = [repr(answers), answers._repr_html_(), repr(export), export._repr_html_()]
    text = "\n".join([*shown, *(frame.to_csv() for frame in logs)])
    assert privacy.says(text, planted.everything) == []


# ---------------------------------------------------------------- damaged files

Damage = Callable[[bytes, random.Random], bytes]


def lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")


def without_headings(content: bytes, _: random.Random) -> bytes:
    return b"\n".join(lines(content)[1:])


def headings_and_record_in_one(content: bytes, rng: random.Random) -> bytes:
    first, second, *others = lines(content)
    return b"\n".join([first + rng.choice([b"", b","]) + second, *others])


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(100, len(content))]


def stray(byte: bytes) -> Damage:
    def added(content: bytes, rng: random.Random) -> bytes:
        at = rng.randrange(len(content))
        return content[:at] + byte + content[at:]

    return added


def lost(byte: bytes) -> Damage:
    def taken(content: bytes, rng: random.Random) -> bytes:
        at = rng.choice([at for at, each in enumerate(content) if each == byte[0]] or [0])
        return content[:at] + content[at + 1 :]

    return taken


def contradicting(content: bytes, rng: random.Random) -> bytes:
    rows = lines(content)
    at = rng.randrange(1, len(rows) - 1)
    return b"\n".join([*rows[:at], rows[at].replace(b"zqxv", b"zqxvother"), *rows[at:]])


def shifted(content: bytes, rng: random.Random) -> bytes:
    """Move personal cells of some records into columns with listed answers."""
    rows = [row.split(b",") for row in lines(content)]
    for row in rng.sample(rows[1:-1], min(6, len(rows) - 2)):
        if len(row) > 20:
            row.insert(rng.randrange(14, len(row)), row.pop(rng.randrange(1, 8)))
    return b"\n".join(b",".join(row) for row in rows)


def mixed_up(content: bytes, rng: random.Random) -> bytes:
    """Exchange the heading of a personal column with that of a listed one."""
    first, *others = lines(content)
    headings = first.split(b",")
    closed = [b"Language", b"UserCountry", b"IndustrySydney", b"OrgSizeSydney", b"Created"]
    one = rng.choice([b"FirstName", b"Surname", b"Organization", b"Email"])
    pair = [headings.index(name) for name in (one, rng.choice(closed)) if name in headings]
    if len(pair) == 2:
        headings[pair[0]], headings[pair[1]] = headings[pair[1]], headings[pair[0]]
    return b"\n".join([b",".join(headings), *others])


def semicolons(content: bytes, _: random.Random) -> bytes:
    return content.replace(b",", b";")


def other_encoding(content: bytes, rng: random.Random) -> bytes:
    text = content.decode("utf-8")
    return rng.choice(
        [
            text.encode("utf-16"),
            text.encode("cp1252", errors="replace"),
            content.decode("latin-1").encode("utf-8"),
            content[:-200] + b"\xff\xfe" + content[-200:],
        ]
    )


DAMAGES: dict[str, Damage] = {
    "no headings": without_headings,
    "headings and a record in one line": headings_and_record_in_one,
    "cut": cut,
    "a quote more": stray(b'"'),
    "a comma more": stray(b","),
    "a line end more": stray(b"\n"),
    "a NUL": stray(b"\0"),
    "a quote less": lost(b'"'),
    "a comma less": lost(b","),
    "a line end less": lost(b"\n"),
    "contradicting records": contradicting,
    "shifted cells": shifted,
    "mixed up headings": mixed_up,
    "semicolons": semicolons,
    "another encoding": other_encoding,
}


@pytest.fixture(scope="module")
def few() -> SimpleNamespace:
    return plant.planted("2019", 14)


HEADLESS = ("no headings", "headings and a record in one line", "a comma less")


@pytest.mark.parametrize(
    ("damage", "kind", "turns"),
    [
        *((damage, "Survey_2", 1) for damage in DAMAGES),
        *((damage, "Survey_by", 1) for damage in HEADLESS),
        *(pytest.param(each, "Survey_", 40, marks=pytest.mark.nightly) for each in DAMAGES),
    ],
)
def test_nobody_is_in_a_message_about_a_damaged_file(
    few: SimpleNamespace, tmp_path: Path, damage: str, kind: str, turns: int
) -> None:
    """On the terminal, in JSON, in the logs beside the answers, in a traceback."""
    rng = random.Random(damage)
    for turn in range(turns):
        for name in [name for name in few.files if name.startswith(kind)]:
            folder = tmp_path / f"{turn}-{name}"
            folder.mkdir()
            path = folder / name
            path.write_bytes(DAMAGES[damage](few.files[name], rng))
            paths = [path]
            if "companies" in name:
                paths += few.write(folder / "other", "Survey_2")
            assert privacy.says(everything_said(paths, folder), few.everything) == []


def everything_said(paths: list[Path], folder: Path) -> str:
    """Return what is printed and raised, and the logs that are written."""
    said = [invoke("check", *paths, "--json")]
    try:
        answers = sv.clean([sv.read_export(path) for path in paths])
        write_answers(answers, folder / "out")
    except SurveyError as error:
        said += traceback.format_exception(error)
    for path in (folder / "out").rglob("*"):
        if path.is_file() and not path.name.startswith(("respondents", "deployments")):
            said.append(path.read_text("utf-8"))
    return "\n".join(said)


# ---------------------------------------------------------------- the search can see


def png(text: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"zTXt", b"Title\0\0" + zlib.compress(text))


def hiding_places(folder: Path) -> None:
    word = "Zürcher Wolken, AG"
    nested = pd.DataFrame({"x": pd.Categorical([None], categories=[word])})
    pq.write_table(pa.Table.from_pandas(nested), folder / "label.parquet", compression="zstd")
    pq.write_table(pa.table({"x": [[word]]}), folder / "list.parquet", compression="zstd")
    about = pa.table({"x": [1]}).replace_schema_metadata({"about": json.dumps(word)})
    pq.write_table(about, folder / "about.parquet")
    field = pa.field("x", pa.int64(), metadata={"title": word})
    pq.write_table(pa.table([[1]], pa.schema([field])), folder / "field.parquet")
    (folder / "a.csv.gz").write_bytes(gzip.compress(word.encode()))
    (folder / "chart.png").write_bytes(png(word.encode()))
    (folder / "link.html").write_text(f"?q={quote(word)}")
    (folder / "data.html").write_text("data:," + base64.b64encode(f"x {word} y".encode()).decode())
    (folder / "hyphen.txt").write_text("zürcher WOLKEN- AG")
    with zipfile.ZipFile(folder / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("docProps/core.xml", f"<dc:creator>{word}</dc:creator>")


def test_the_search_sees_into_everything(tmp_path: Path) -> None:
    hiding_places(tmp_path)
    found = privacy.find_personal(tmp_path, {"Zürcher Wolken, AG", "Nobody Ltd"})
    assert {file.split("!")[0] for file, _ in found} == {path.name for path in tmp_path.iterdir()}
    assert {word for _, word in found} == {"Zürcher Wolken, AG"}
