"""Answers on disk: equal when read back, typed for others, whole or not at all, ours alone."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields, make_dataclass, replace
from datetime import date
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.codebook import read_codebook
from survey.codebook.releases import Release
from survey.errors import ResponsesError
from survey.exports import read_export
from survey.files import folders
from survey.responses import (
    AnswerSetArray,
    AnswerSetDtype,
    Responses,
    clean,
    pool,
    read_answers,
    write_answers,
)
from survey.responses.store.codec import decode, encode
from survey.responses.store.parquet import arrow_table, parquet_bytes, read_parquet
from survey.responses.store.plain_text import csv_bytes, read_csv
from survey.responses.store.stored_columns import column_of, to_pandas
from survey.synthetic import exporter, simulate
from survey.synthetic.saving import saved
from tests.synthetic import strategies as drawn

HERE = Path(__file__).parent
CODEBOOK = read_codebook()
MODELLED = ("2017", "2018", "2019", "2021", "2024")
FORMATS = ("parquet", "csv")
KEY = b"k" * 32
FEW = max(12, settings.default.max_examples // 8)


def assert_same(left: Responses, right: Responses) -> None:
    """Every attribute that the answers declare is equal, types and order included."""
    for field in fields(left):
        if not field.compare:
            continue
        one, other = getattr(left, field.name), getattr(right, field.name)
        if isinstance(one, pd.DataFrame):
            assert_same_frame(one, other)
        else:
            assert one == other, field.name


def assert_same_frame(left: pd.DataFrame, right: pd.DataFrame) -> None:
    assert list(left.columns) == list(right.columns)
    for name in left:
        one, other = left[name], right[name]
        assert one.dtype == other.dtype, name
        if isinstance(one.array, AnswerSetArray):
            assert (one.array.codes == other.array.codes).all(), name
        else:
            pd.testing.assert_series_equal(one, other)
            assert one.isna().tolist() == other.isna().tolist()


def answers_of(content: bytes, folder: Path, **options: object) -> Responses:
    path = folder / "Survey_1.csv"
    path.write_bytes(content)
    return clean(read_export(path, codebook=CODEBOOK), key=KEY, **options)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """Three editions cleaned together: questions come, go and change their options."""
    folder = tmp_path_factory.mktemp("raw")
    exports = []
    for edition in ("2018", "2019", "2024"):
        made = simulate(edition, respondents=16, seed=3)
        path = folder / f"Survey_{edition}.csv"
        path.write_bytes(made.by_heading)
        exports.append(read_export(path, codebook=CODEBOOK, invented=True))
    return clean(exports, key=KEY)


@pytest.fixture(scope="module")
def stored(answers: Responses, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("processed")
    write_answers(answers, folder, file_format=FORMATS)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


# ---------------------------------------------------------------- round trips


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("picked", ["all", "some", "one edition", "nothing"])
def test_what_is_read_back_equals_what_was_written(
    answers: Responses, tmp_path: Path, file_format: str, picked: str
) -> None:
    size = answers.deployments["deployment"]
    chosen = {
        "all": answers,
        "some": answers.where(size % 3 == 0),
        "one edition": answers.in_edition("2019"),
        "nothing": answers.where(answers.respondents["respondent"] < 0),
    }[picked]
    write_answers(chosen, tmp_path, file_format=file_format)
    assert_same(read_answers(tmp_path), chosen)


@settings(max_examples=FEW)
@given(data=st.data())
def test_any_answers_come_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file_format = data.draw(st.sampled_from(FORMATS))
    edition = CODEBOOK.edition(data.draw(st.sampled_from(MODELLED)))
    true = data.draw(drawn.true_answers(edition))
    folder = tmp_path_factory.mktemp("any")
    content = exporter.by_heading(saved(true))
    hypothesis.assume(content.count(b"\n") > 1)
    known = answers_of(content, folder, identified=data.draw(st.booleans()))
    mask = data.draw(
        st.lists(st.booleans(), min_size=len(known.respondents), max_size=len(known.respondents))
    )
    known = data.draw(
        st.sampled_from([known, known.where(pd.Series(mask, dtype=bool), unit="respondent")])
    )
    write_answers(known, folder / "out", file_format=file_format)
    assert_same(read_answers(folder / "out"), known)


LABELS = st.text(st.sampled_from('ab|=\\\n", é'), min_size=1, max_size=4)


@st.composite
def answer_sets(draw: st.DrawFn) -> AnswerSetArray:
    items = tuple(draw(st.lists(LABELS, min_size=1, max_size=5, unique=True)))
    levels = tuple(draw(st.lists(LABELS, max_size=3, unique=True)))
    ranked = not levels and draw(st.booleans())
    highest = len(levels) if levels else (len(items) + 2 if ranked else 1)
    codes = draw(
        st.lists(
            st.lists(st.integers(0, highest), min_size=len(items), max_size=len(items)).filter(
                lambda row: not ranked or len(set(row) - {0}) == np.count_nonzero(row)
            ),
            max_size=5,
        )
    )
    array = np.array(codes, dtype=np.uint8).reshape(-1, len(items))
    return AnswerSetArray(array, AnswerSetDtype(items, levels, ranked=ranked))


@given(answer_sets())
def test_any_answer_sets_come_back(array: AnswerSetArray) -> None:
    """Gaps in rankings, labels made of separators, nothing chosen: in both formats."""
    frame = pd.DataFrame({"key": np.arange(len(array)), "asked": pd.Series(array)})
    columns = [column_of(frame[name]) for name in frame]
    table = arrow_table(frame, columns)
    for back in (
        read_parquet(parquet_bytes(table, {})),
        read_csv(csv_bytes(table, columns), columns),
    ):
        found = to_pandas(back.column("asked"), columns[1])
        assert found.dtype == array.dtype
        assert (found.codes == array.codes).all()


@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs",)), max_size=6)),
        max_size=6,
    )
)
def test_missing_and_empty_text_stay_apart(texts: list[str | None]) -> None:
    frame = pd.DataFrame({"key": range(len(texts)), "said": pd.Series(texts, dtype=object)})
    columns = [column_of(frame[name]) for name in frame]
    back = read_csv(csv_bytes(arrow_table(frame, columns), columns), columns)
    assert back.column("said").to_pylist() == texts


def test_rows_of_editions_in_any_order_come_back_in_that_order(
    answers: Responses, tmp_path: Path
) -> None:
    order = np.random.default_rng(1).permutation(len(answers.deployments))
    mixed = replace(answers, deployments=answers.deployments.take(order).reset_index(drop=True))
    write_answers(mixed, tmp_path, file_format="parquet")
    assert_same(read_answers(tmp_path), mixed)


def test_a_table_that_a_later_version_adds_is_stored_like_the_others(
    answers: Responses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing here names the tables one by one."""
    extra = ("carried", pd.DataFrame, None)
    later = make_dataclass("Later", [extra], bases=(Responses,), frozen=True, repr=False)
    frame = pd.DataFrame(
        {
            "edition": ["2019", "2024", "2018"],
            "share": [0.1, np.nan, 1 / 3],
            "concepts": pd.Series([("a", "b"), (), None], dtype=object),
            "when": pd.to_datetime(["2018-08-20 00:00:00", None, "2020-01-01 01:02:03"]),
        }
    )
    values = {field.name: getattr(answers, field.name) for field in fields(answers)}
    grown = later(**values, carried=frame)
    monkeypatch.setattr("survey.responses.store.read.Responses", later)
    for file_format in FORMATS:
        write_answers(grown, tmp_path / file_format, file_format=file_format)
        assert_same(read_answers(tmp_path / file_format), grown)


def test_one_edition_can_be_read_alone(answers: Responses, stored: Path) -> None:
    alone, part = read_answers(stored / "2019"), answers.in_edition("2019")
    assert alone.editions == ("2019",)
    assert_same_frame(alone.deployments, part.deployments)
    assert set(alone.repairs["edition"]) == {"2019"}
    assert len(alone.repairs) == (answers.repairs["edition"] == "2019").sum()
    assert alone.codebook == answers.codebook


def test_pooled_answers_come_back(answers: Responses, tmp_path: Path) -> None:
    pooled = pool([answers.in_edition("2024"), answers.in_edition("2018")])
    write_answers(pooled, tmp_path, file_format="parquet")
    assert_same(read_answers(tmp_path), pooled)


def test_the_codebook_comes_back_whole() -> None:
    plain = json.loads(json.dumps(encode(CODEBOOK)))
    assert decode(type(CODEBOOK), plain) == CODEBOOK


def test_releases_that_a_codebook_adds_come_back(answers: Responses, tmp_path: Path) -> None:
    """Else clouds on them would have no newest release, or an older one."""
    added = Release("Kestrel", "2028.1", date(2028, 4, 5), slurp=True)
    book = replace(answers.codebook, calendar=answers.codebook.calendar.plus([added]))
    write_answers(replace(answers, codebook=book), tmp_path, file_format="parquet")
    assert read_answers(tmp_path).codebook.calendar == book.calendar


# ---------------------------------------------------------------- others can use the files

OTHERS = """
import json, sys
import pandas as pd, pyarrow as pa, pyarrow.parquet as pq
assert "survey" not in sys.modules
table = pq.read_table(sys.argv[1])
frame = pd.read_parquet(sys.argv[1])
about = json.loads(table.schema.metadata[b"survey"])
cores = frame["compute_cores"].cat
print(json.dumps({
    "types": {field.name: str(field.type).replace("item", "element") for field in table.schema},
    "ordered": bool(cores.ordered), "cores": list(cores.categories),
    "rows": [
        {name: (None if value is None or value is pd.NaT else value)
         for name, value in row.items()}
        for row in table.select(json.loads(sys.argv[2])).to_pylist()
    ],
    "about": about,
}, default=str))
"""


def as_others_see(path: Path, *columns: str) -> dict:
    command = [sys.executable, "-I", "-c", OTHERS, str(path), json.dumps(columns)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_parquet_holds_the_truth_for_those_who_do_not_have_this_package(tmp_path: Path) -> None:
    """The oracle is what people answered, before the exporter; the reader is Arrow alone."""
    made = simulate("2024", respondents=60, seed=11)
    write_answers(answers_of(made.by_heading, tmp_path), tmp_path / "out", file_format="parquet")
    path = tmp_path / "out" / "2024" / "deployments.parquet"
    asked = CODEBOOK.edition("2024")
    concepts = ("deployment_tools", "projects_used", "compute_cores", "hypervisors")
    seen = as_others_see(path, "deployment", *concepts)
    rows = {row["deployment"]: row for row in seen["rows"]}
    compared = 0
    for truth in made.truth_deployments["deployments"]:
        row = rows.get(truth["DeploymentID"])
        for concept in concepts if row else ():
            question = asked.by_concept[concept]
            if question.heading in truth["lost"]:
                continue
            told = truth["answers"].get(question.heading)
            label = question.label_of
            if isinstance(told, dict):
                names = {each.value: each.label for each in question.rows}
                expected = {names[r]: label[level] for r, level in told.items()}
                assert dict(map(tuple, row[concept] or ())) == expected
            elif isinstance(told, list):
                assert set(row[concept] or ()) == {label[value] for value in told}
            else:
                assert row[concept] == (label[told] if told else None)
            compared += told is not None
    assert compared > 80


def test_parquet_says_what_it_holds(stored: Path) -> None:
    seen = as_others_see(stored / "2019" / "deployments.parquet", "deployment")
    asked = CODEBOOK.edition("2019")
    assert seen["ordered"]
    assert seen["cores"] == list(asked.question("compute_cores").labels)
    assert seen["types"]["deployment"] == "int64"
    assert seen["types"]["copied"] == "bool"
    assert seen["types"]["deployment_tools"] == "list<element: string>"
    assert seen["types"]["projects_used"].startswith("map<string, string")
    by_name = {each["column"]: each for each in seen["about"]["columns"]}
    cores = by_name["compute_cores"]
    assert (cores["unit"], cores["heading"], cores["measure"]) == (
        "deployment",
        "ComputeCores",
        "cores",
    )
    bands = asked.question("compute_cores").bands
    assert [(c["low"], c["high"]) for c in cores["choices"]] == [
        (bands[c["label"]].low, bands[c["label"]].high) for c in cores["choices"]
    ]
    times = pq.read_schema(stored / "2019" / "respondents.parquet").field("created").type
    assert str(times).startswith("timestamp")


def test_all_editions_have_the_same_columns_and_types(stored: Path) -> None:
    for name in ("respondents", "deployments", "repairs"):
        schemas = [pq.read_schema(path) for path in sorted(stored.glob(f"*/{name}.parquet"))]
        assert len(schemas) == 3
        assert all(schema.equals(schemas[0]) for schema in schemas)


def test_the_plain_form_is_as_documented(answers: Responses, stored: Path) -> None:
    """Read with the csv module and ``split``; no shipped label needs an escape."""
    with (stored / "2024" / "deployments.csv").open(encoding="utf-8", newline="") as file:
        rows = {int(row["deployment"]): row for row in csv.DictReader(file)}
    own = answers.deployments[answers.deployments["edition"] == "2024"]
    for number, tools, projects, cores in zip(
        own["deployment"],
        own["deployment_tools"],
        own["projects_used"],
        own["compute_cores"],
        strict=True,
    ):
        row = rows[number]
        assert tuple(row["deployment_tools"].split("|")) == (tools or ("",))
        pairs = [cell.split("=") for cell in row["projects_used"].split("|") if cell]
        assert dict(pairs) == (projects or {})
        assert row["compute_cores"] == ("" if pd.isna(cores) else cores)
    labels = [
        label
        for edition in CODEBOOK
        for question in edition.questions
        if question.kind.several
        for label in (*question.labels, *question.row_labels)
    ]
    assert not [label for label in labels if re.search(r"[|\\=]", label)]


def test_the_dictionary_describes_every_column_and_every_option(
    answers: Responses, stored: Path
) -> None:
    with (stored / "2024" / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    with (stored / "2024" / "options.csv").open(encoding="utf-8", newline="") as file:
        options = list(csv.DictReader(file))
    described = {(line["table"], line["column"]) for line in lines}
    held = {("respondents", name) for name in answers.respondents} | {
        ("deployments", name) for name in answers.deployments
    }
    assert described == held
    own = {
        "respondent": int((answers.respondents["edition"] == "2024").sum()),
        "deployment": int((answers.deployments["edition"] == "2024").sum()),
    }
    kinds = ("answered", "not offered", "not asked", "not answered", "refused", "do not know")
    for line in lines:
        if line["concept"]:
            counts = [int(line[kind]) for kind in (*kinds, "lost by the exporter")]
            assert sum(counts) == own[line["unit"]], line["column"]
            asked = line["concept"] in CODEBOOK.edition("2024").by_concept
            assert line["asked"] == ("yes" if asked else "no")
    cores = [each for each in options if each["column"] == "compute_cores"]
    bands = CODEBOOK.question("compute_cores", "2024").bands
    assert {each["label"]: int(each["low"]) for each in cores} == {
        label: int(band.low) for label, band in bands.items()
    }
    page = (stored / "2024" / "dictionary.md").read_text("utf-8")
    assert "The answers are invented" in page
    assert all(f"### {line['column']}\n" in page for line in lines if line["concept"])


def test_the_logs_are_divided_by_edition(answers: Responses, stored: Path) -> None:
    total = 0
    for edition in answers.editions:
        log = pd.read_csv(stored / edition / "repairs.csv", dtype=str)
        assert set(log["edition"]) == {edition}
        assert all(edition in name for name in log["file"])
        total += len(log)
    assert total == len(answers.repairs)


# ---------------------------------------------------------------- the same bytes


def test_the_same_answers_give_the_same_bytes_whatever_the_hash_seed(
    root: Path, tmp_path: Path
) -> None:
    program = (
        "import sys, survey as sv\n"
        "from survey.responses import write_answers\n"
        "answers = sv.clean(sv.read_export(sys.argv[1]), key=b'k' * 32)\n"
        "write_answers(answers, sys.argv[2], file_format=('parquet', 'csv'))\n"
    )
    raw = sorted((root / "data" / "raw").glob("*.csv"))[-1]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(raw), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    text = b"".join(contents(tmp_path / "1").values())
    assert str(tmp_path).encode() not in text


def test_reading_and_writing_again_gives_the_same_bytes(stored: Path, tmp_path: Path) -> None:
    write_answers(read_answers(stored), tmp_path, file_format=FORMATS)
    assert contents(tmp_path) == contents(stored)


# ---------------------------------------------------------------- damage is seen


@settings(max_examples=FEW)
@given(data=st.data())
def test_no_changed_byte_goes_unseen(
    stored: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    copy = tmp_path_factory.mktemp("copy")
    held = contents(stored / "2024")
    for name, content in held.items():
        (copy / name).write_bytes(content)
    name = data.draw(st.sampled_from(sorted(held)))
    content = bytearray(held[name])
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[at:]
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(ResponsesError) as caught:
        read_answers(copy)
    assert any(name in problem.where for problem in caught.value.problems)


@pytest.mark.parametrize("name", ["respondents.parquet", "manifest.json", "codebook.json"])
def test_a_lost_file_is_named(stored: Path, tmp_path: Path, name: str) -> None:
    for each, content in contents(stored / "2024").items():
        (tmp_path / each).write_bytes(content)
    (tmp_path / name).unlink()
    with pytest.raises(ResponsesError, match=r"no such file|no stored answers"):
        read_answers(tmp_path)


def test_editions_of_different_runs_are_not_mixed(
    answers: Responses, stored: Path, tmp_path: Path
) -> None:
    write_answers(answers, tmp_path, file_format="csv")
    write_answers(
        answers.where(answers.deployments["deployment"] % 2 == 0).in_edition("2019"),
        tmp_path,
        file_format="csv",
    )
    with pytest.raises(ResponsesError, match="different runs"):
        read_answers(tmp_path)
    assert read_answers(tmp_path / "2019").editions == ("2019",)


@pytest.mark.parametrize(("layout", "file_format"), [("by-concept", "json"), ("by-heading", "csv")])
def test_a_form_that_holds_less_is_not_read_back(
    answers: Responses, tmp_path: Path, layout: str, file_format: str
) -> None:
    write_answers(answers, tmp_path, layout=layout, file_format=file_format)
    with pytest.raises(ResponsesError, match="cannot be read back"):
        read_answers(tmp_path)


def test_wrong_arguments_are_all_named(answers: Responses, tmp_path: Path) -> None:
    with pytest.raises(ResponsesError) as caught:
        write_answers(answers, tmp_path, layout="by-row", file_format=("xls", "parquet"))
    assert {problem.got for problem in caught.value.problems} == {
        "layout = 'by-row'",
        "file_format = 'xls'",
    }
    with pytest.raises(ResponsesError, match="typed columns are by concept"):
        write_answers(answers, tmp_path, layout="by-heading", file_format="parquet")


# ---------------------------------------------------------------- whole, or not at all


class Stop(BaseException):
    """As when someone presses Ctrl-C."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Stop()])
@pytest.mark.parametrize("at", [0, 2, 3, 5, 6])
def test_an_interrupted_write_leaves_the_old_answers(
    answers: Responses,
    stored: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    at: int,
) -> None:
    """Fail at the n-th step: writing one of three folders, or swapping one."""
    write_answers(answers, tmp_path, file_format=FORMATS)
    steps = iter(range(100))

    def failing(step: object) -> object:
        def run(*arguments: object, **named: object) -> object:
            if next(steps) == at:
                raise error
            return step(*arguments, **named)

        return run

    monkeypatch.setattr(folders, "_fill", failing(folders._fill))
    monkeypatch.setattr(folders, "_swap", failing(folders._swap))
    other = answers.where(answers.deployments["deployment"] % 2 == 0)
    if at < 6:
        with pytest.raises((ResponsesError, Stop)):
            write_answers(other, tmp_path, file_format="csv")
        assert contents(tmp_path) == contents(stored)
    else:
        write_answers(other, tmp_path, file_format="csv")
        assert contents(tmp_path) != contents(stored)
    assert {path.name for path in tmp_path.iterdir()} == {"2018", "2019", "2024"}


def test_what_a_killed_run_left_is_put_back_or_cleared(
    answers: Responses, stored: Path, tmp_path: Path
) -> None:
    write_answers(answers, tmp_path, file_format=FORMATS)
    (tmp_path / "2019").replace(tmp_path / ".survey-old-2019")  # killed between two renames
    (tmp_path / ".survey-new-abc" / "2019").mkdir(parents=True)
    (tmp_path / ".survey-new-abc" / "2019" / "half.csv").write_text("half")
    with pytest.raises(ResponsesError, match="no folder of 2019"):
        read_answers(tmp_path)
    part = answers.in_edition("2024")
    write_answers(part, tmp_path, file_format="csv")
    assert contents(tmp_path / "2019") == contents(stored / "2019")
    assert not list(tmp_path.glob(".survey-new*")) + list(tmp_path.glob(".survey-old*"))


def test_runs_at_the_same_time_leave_one_whole_result(answers: Responses, tmp_path: Path) -> None:
    parts = [answers.where(answers.deployments["deployment"] % 4 == rest) for rest in range(4)]
    threads = [
        threading.Thread(target=write_answers, args=(part, tmp_path), kwargs={"file_format": "csv"})
        for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_answers(tmp_path)  # refuses a mixture
    numbers = [part.deployments["deployment"].tolist() for part in parts]
    assert found.deployments["deployment"].tolist() in numbers


# ---------------------------------------------------------------- ours alone


def foreign(folder: Path) -> Iterator[tuple[str, Path]]:
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "thesis.docx").write_text("years of work")
    yield "thesis.docx", folder / "2024" / "thesis.docx"


def test_what_another_program_wrote_is_not_replaced(answers: Responses, tmp_path: Path) -> None:
    for name, path in foreign(tmp_path):
        with pytest.raises(ResponsesError, match=name):
            write_answers(answers, tmp_path)
        assert path.read_text() == "years of work"
    assert not (tmp_path / "2018").exists()


def test_a_file_that_someone_added_is_not_lost(answers: Responses, tmp_path: Path) -> None:
    write_answers(answers, tmp_path)
    (tmp_path / "2019" / "notes.csv").write_text("mine")
    with pytest.raises(ResponsesError, match=r"notes\.csv"):
        write_answers(answers, tmp_path)
    assert (tmp_path / "2019" / "notes.csv").read_text() == "mine"


def test_a_link_is_not_followed(answers: Responses, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "2018").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(ResponsesError, match="a link"):
        write_answers(answers, tmp_path / "out")
    assert list(elsewhere.iterdir()) == []


def test_a_damaged_manifest_does_not_lock_us_out(answers: Responses, tmp_path: Path) -> None:
    write_answers(answers, tmp_path)
    (tmp_path / "2019" / "manifest.json").write_bytes(b"{")
    (tmp_path / "2019" / ".DS_Store").write_bytes(b"")
    write_answers(answers, tmp_path)
    assert_same(read_answers(tmp_path), answers)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_names_in_clear_are_for_the_owner_alone(tmp_path: Path) -> None:
    made = simulate("2019", respondents=12, seed=2)
    named = answers_of(made.by_heading, tmp_path, identified=True)
    for path in write_answers(named, tmp_path / "named", file_format=FORMATS):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    manifest = json.loads((tmp_path / "named" / "2019" / "manifest.json").read_bytes())
    assert manifest["identified"] is True
    assert manifest["about"].startswith("CONFIDENTIAL")
    assert read_answers(tmp_path / "named").identified
