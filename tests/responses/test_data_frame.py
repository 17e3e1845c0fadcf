"""Answers from a data frame: the same as from a file that holds them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import survey as sv
from survey.codebook import Codebook, read_codebook
from survey.errors import ExportError, ResponsesError
from tests.exports.shape_codebooks import CODEBOOKS
from tests.exports.shapes import TASKS, WRITERS, answers

LEVELS = ("Never", "Sometimes", "Often", "Always")
TOOLS = ("Mixer", "Proofing oven", "Scale, digital", "Bread slicer", "Other")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    path = tmp_path_factory.mktemp("books") / "mine.toml"
    path.write_text(CODEBOOKS["google_forms"], "utf-8")
    return read_codebook(path)


def test_columns_are_named_by_concept(book: Codebook) -> None:
    frame = pd.DataFrame(
        {
            "role": ["Owner", None, "Baker"],
            "tools": [["Mixer", "Scale, digital"], [], None],
            "often": [{"Baking": "Often"}, None, {"Baking": "Never", "Selling": "Always"}],
            "people": ["1-9", np.nan, "50 or more"],
            "loaves": [50, 2000.0, None],
            "created": pd.to_datetime(["2031-05-01 10:00", "2031-05-02 11:00", None]),
            "remark": ["x, y", "", None],
        }
    )
    found = sv.read_frame(frame, book, edition="bakeries-2031", identified=True).respondents
    assert found["respondent"].tolist() == [1, 2, 3]
    assert found["role"].astype(object).where(found["role"].notna(), None).tolist() == [
        "Owner",
        None,
        "Baker",
    ]
    assert found["tools"].tolist() == [("Mixer", "Scale, digital"), None, None]
    assert found["often"].tolist()[2] == {"Baking": "Never", "Selling": "Always"}
    assert found["loaves"].tolist()[:2] == ["up to 99", "1,000 or more"]
    assert found["created"].tolist()[0] == pd.Timestamp("2031-05-01 10:00:00")
    assert found["remark"].tolist()[0] == "x, y"


def test_what_the_frame_lacks_is_not_available(book: Codebook) -> None:
    found = sv.read_frame(pd.DataFrame({"role": ["Owner"]}), book, edition="bakeries-2031")
    table = sv.share(found, "people").frame
    assert set(table["status"]) == {"not available"}
    assert table["value"].isna().all()


def test_rows_can_be_deployments_of_the_survey_that_comes_with_the_package() -> None:
    frame = pd.DataFrame(
        {
            "respondent": [1, 1, 2],
            "deployment": [10, 11, 12],
            "organization": ["A", "A", "B"],
            "compute_cores": ["1 to 99 cores", "100 to 999 cores", None],
            "deployment_stage": ["Production / Full Operational Use"] * 3,
        }
    )
    book = read_codebook()
    cores = book.question("compute_cores", "2019").labels
    frame["compute_cores"] = [cores[0], cores[1], None]
    found = sv.read_frame(frame, book, edition="2019")
    assert found.deployments["deployment"].tolist() == [10, 11, 12]
    assert found.respondents["organization"].nunique() == 2
    assert sv.share(found, "compute_cores").frame["base"].max() == 2


def test_several_editions_stand_in_one_frame() -> None:
    book = read_codebook()
    stage = book.question("deployment_stage", "2019").labels[0]
    frame = pd.DataFrame({"edition": ["2018", 2019, 2019], "deployment_stage": [stage] * 3})
    found = sv.read_frame(frame, book)
    assert found.editions == ("2018", "2019")
    counts = sv.share(found, "deployment_stage", by="edition").frame.groupby("edition")["base"]
    assert counts.max().to_dict() == {"2018": 1, "2019": 2}


@pytest.mark.parametrize("seed", range(3))
def test_a_frame_and_a_file_give_the_same_answers(
    tmp_path: Path, book: Codebook, seed: int
) -> None:
    text = WRITERS["google_forms"](answers(seed))
    (tmp_path / "results.csv").write_text(text, "utf-8", newline="")
    file = sv.clean(sv.read_export(tmp_path / "results.csv", codebook=book)).respondents
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    frame = frame.drop(columns=[c for c in frame if c == "Timestamp" or "Which tools" in c])
    frame = frame.drop(columns=[c for c in frame if "On which days" in c or "your role" in c])
    frame = frame.drop(columns=[c for c in frame if "e-mail" in c or "company" in c])
    frame = frame.drop(columns=[c for c in frame if "country" in c or "grow" in c])
    found = sv.read_frame(frame, book, edition="bakeries-2031").respondents
    for concept in ("often", "people", "loaves", "likelihood_to_recommend"):
        assert found[concept].equals(file[concept]), concept


rows = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["Owner", "Baker", "Apprentice", None]),
            "tools": st.lists(st.sampled_from(TOOLS), unique=True),
            "often": st.dictionaries(st.sampled_from(TASKS), st.sampled_from(LEVELS)),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(rows)
def test_any_answers_come_back(book: Codebook, rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows, columns=["role", "tools", "often"])
    found = sv.read_frame(frame, book, edition="bakeries-2031").respondents
    for row, given_tools in enumerate(frame["tools"]):
        expected = tuple(tool for tool in TOOLS if tool in given_tools) or None
        assert found["tools"].tolist()[row] == expected
        assert (found["often"].tolist()[row] or {}) == frame["often"][row]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"rolle": ["Owner"]}), "did you mean 'role'"),
        (pd.DataFrame({"respondent": [1]}), "no answers"),
    ],
)
def test_a_frame_that_cannot_be_read_is_explained(
    book: Codebook, frame: pd.DataFrame, said: str
) -> None:
    with pytest.raises(ExportError, match=said):
        sv.read_frame(frame, book, edition="bakeries-2031")


def test_an_edition_that_cannot_be_told_is_refused() -> None:
    with pytest.raises(ResponsesError, match="give edition="):
        sv.read_frame(pd.DataFrame({"deployment_stage": ["x"]}), read_codebook())


def test_a_codebook_is_drafted_from_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "oven": ["Gas", "Wood", "Gas", "Wood", "Gas", None] * 5,
            "tools": [["Mixer", "Scale"], ["Mixer"], [], ["Scale", "Oven"], ["Oven"], None] * 5,
            "loaves": [10.0, 200.0, 3000.0, np.nan, 55.0, 700.0] * 5,
        }
    )
    path = tmp_path / "drafted.toml"
    path.write_text(sv.draft_codebook(frame, name="drafted"), "utf-8")
    book = read_codebook(path)
    found = sv.read_frame(frame, book, edition="drafted")
    kinds = {each.concept: each.kind.value for each in book.edition("drafted").questions}
    assert kinds == {"oven": "single", "tools": "multiple", "loaves": "single"}
    table = sv.share(found, "tools").frame
    assert dict(zip(table["answer"], table["count"], strict=True)) == {
        "Mixer": 10,
        "Scale": 10,
        "Oven": 10,
    }
    assert table["base"].max() == 20


@pytest.mark.parametrize("column", ["respondent", "id", "ID"])
def test_a_drafted_codebook_reads_every_row_of_a_frame_with_numbers(
    tmp_path: Path, column: str
) -> None:
    frame = pd.DataFrame({column: range(60), "colour": ["red", "blue", "green"] * 20})
    path = tmp_path / "drafted.toml"
    path.write_text(sv.draft_codebook(frame, name="drafted"), "utf-8")
    found = sv.read_frame(frame, read_codebook(path), identified=True)
    assert found.respondents["respondent"].tolist() == list(range(60))
    assert sv.share(found, "colour").frame["count"].tolist() == [20, 20, 20]


_ROLE = ["Owner", "Baker", "Apprentice"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"respondent": [1, 1, 2]}, "1 rows with the number of an earlier row"),
        ({"respondent": [1, 2, 2], "role": ["Owner", "Baker", "Baker"]}, "repeat an earlier row"),
        ({"respondent": ["a", "b", "a"]}, "rows 3"),
        ({"deployment": [1, 2, 2]}, "1 rows with the number of an earlier row"),
        ({"respondent": [1, 1, 2], "deployment": [1, 2, 3]}, "another answer of the respondent"),
    ],
)
def test_no_row_of_a_frame_is_left_out_in_silence(
    book: Codebook, columns: dict[str, list[object]], said: str
) -> None:
    frame = pd.DataFrame({"role": _ROLE, **columns})
    with pytest.raises(ResponsesError, match=said):
        sv.read_frame(frame, book, edition="bakeries-2031")


def test_rows_without_a_number_are_refused_where_others_have_one(book: Codebook) -> None:
    frame = pd.DataFrame({"role": _ROLE, "respondent": [1, None, None]})
    with pytest.raises(ExportError, match="2 blank cells"):
        sv.read_frame(frame, book, edition="bakeries-2031")


def test_a_column_is_not_both_a_key_and_an_answer(tmp_path: Path) -> None:
    text = CODEBOOKS["google_forms"] + (
        '[[questions]]\nconcept = "who"\nheading = "respondent"\ntitle = "Who"\n'
        'kind = "text"\nunit = "respondent"\n'
    )
    (tmp_path / "both.toml").write_text(text, "utf-8")
    frame = pd.DataFrame({"role": _ROLE, "respondent": [1, 2, 3]})
    with pytest.raises(ExportError, match="name the answers 'who' in the frame"):
        sv.read_frame(frame, read_codebook(tmp_path / "both.toml"), edition="bakeries-2031")
