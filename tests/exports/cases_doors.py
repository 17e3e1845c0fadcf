"""Frames, headings and logs: what the smaller doors of the room give is recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import read_codebook
from survey.errors import SurveyError
from survey.exports import Export, draft_codebook, read_export, recognize_export, year_of
from survey.exports.frame_export import cell_text, export_of_frame
from survey.exports.heading_line import read_headings
from tests.exports.cases_layouts import GRAPHS, LISTS
from tests.exports.cases_tables import ROWS
from tests.exports.cases_text import DELIMITERS, ENCODINGS, QUOTES
from tests.exports.cases_workbooks import SHEETS
from tests.exports.cases_years import CASES as YEARS
from tests.exports.record_results import Case, book_of, shown
from tests.exports.survey_files import FLAT, MAIN, put, text

_SIZES = ["1 to 9 cores", None, "10 to 99 cores", "1,000 to 9,999 cores"]
_OWN = book_of(ROWS[0].codebook)
FRAMES: dict[str, tuple[dict[str, Any], str]] = {
    "concepts": ({"compute_cores": _SIZES, "organization_size": ["1 to 9 employees", "", None, "x"]}, "2018"),
    "headings": ({"ComputeCores": _SIZES, "Organization": ["A", "B", "A", None]}, "2018"),
    "organization": ({"ComputeCores": _SIZES, "organization": ["A", "B", "A", None]}, "2018"),
    "organization of its own": ({"Role": ["Owner", "Baker"], "organization": ["A", "B"]}, "own"),
    "respondents": ({"respondent": [7, 8.0, "R_1"], "industry": ["Finance", "Energy", "x"]}, "2018"),
    "respondents, one blank": ({"respondent": [7, None, " "], "industry": ["Finance"] * 3}, "2018"),
    "deployments": ({"respondent": [1, 1, 2], "deployment": [5, 6, None], "industry": ["Finance"] * 3}, "2018"),
    "times": ({"created": [datetime(2018, 5, 1, 10), pd.NaT, "2018-05-02"], "edited": ["01/13/2018", "", None], "industry": ["Finance"] * 3}, "2018"),
    "member and language": ({"member": [1, 2], "language": ["en", None], "industry": ["Finance"] * 2}, "2018"),
    "lists": ({"hypervisors": [["lxc", "KVM (x86)"], ("QEMU",), [], None], "roles": [{"Other"}, "Other", None, frozenset()]}, "2018"),
    "ranks": ({"business_drivers": [["Save money", "Other"], None]}, "2018"),
    "ticks": ({"ok_to_contact": [True, False, None, np.True_]}, "2018"),
    "numbers": ({"likelihood_to_recommend": [9, 9.0, np.int64(0), np.nan, 9.5]}, "2018"),
    "matrix of mappings": ({"projects_used": [{"Nova": "Production"}, {"Nova (Compute)": "Testing", "x": "Testing"}, None]}, "2018"),
    "matrix by columns": ({"ProjectsUsed - Nova (Compute)": ["Production", None]}, "2018"),
    "countries": ({"deployment_countries": [["DE", "JP"], "DE", None], "user_country": ["Germany", "JP", "x"]}, "2018"),
    "years apart": ({"edition": ["2018"] * 2, "industry": ["Finance"] * 2}, "2018"),
    "strange column": ({"industri": ["Finance"], "industry": ["Finance"]}, "2018"),
    "no answers": ({"respondent": [1, 2]}, "2018"),
    "no answers at all": ({"edition": ["2018"]}, "2018"),
    "no rows": ({"industry": []}, "2018"),
    "an own table": ({"Id": [1, 2], "role": ["owner", "x"], "remark": ["a", None]}, "own"),
    "an own table by headings": ({"Id": [1, None], "Role": ["owner", "x"]}, "own"),
    "a role that is a heading": ({"respondent": [1, 2], "firm": ["A", "B"]}, "roles"),
}  # fmt: skip
_ROLES = '[edition]\nname = "own-2031"\ntitle = "x"\n\n[layout]\nfamily = "table"\n\n' + "\n".join(
    f'[[questions]]\nconcept = "{name}"\nheading = "{heading}"\ntitle = "x"\nkind = "{kind}"\nunit = "respondent"\n'
    for name, heading, kind in (("who", "respondent", "text"), ("firm", "firm", "organization"))
)
_BOOKS = {"2018": read_codebook(), "own": _OWN, "roles": book_of(_ROLES)}
_HEADS = {
    "main": text(MAIN), "flat": text(FLAT), "own headings": b"SurveyID,Mine,Email\n1,a,b\n", "later": b"Email,Mine,SurveyID\n",
    "without numbers": b"Email,Mine\n1,2\n", "data": b"SurveyID,17\n", "one": b"SurveyID\n1\n", "a quote": b'SurveyID,"x\n', **DELIMITERS,
    **{name: ENCODINGS[name] for name in ("utf-16 big with mark", "windows-1252", "empty", "gzip", "byte order mark")},
    **{name: QUOTES[name] for name in ("headings quoted", "line feed in a heading", "quote in the headings")},
    **{name: SHEETS[name] for name in ("untouched", "another sheet", "all sheets hidden", "a company list")},
}  # fmt: skip


def _said(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except SurveyError as error:
        return {"refused": str(error).split("\n")}


def _of_frame(columns: dict[str, Any], edition: str) -> Any:
    book = _BOOKS[edition]
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    asked = book.edition("2018" if edition == "2018" else "own-2031")
    export = export_of_frame(frame, asked, book)
    made = export.edition.layout
    return {
        **shown(export), "source": [export.provenance.sources[0].name, export.provenance.sources[0].size],
        "layout": [made.unit.value, made.family.value, made.separator, made.write_ins, export.codebook.edition(asked.name) is export.edition],
    }  # fmt: skip


def _head(folder: Path, data: bytes) -> Any:
    path = folder / "any.file"
    path.write_bytes(data)
    found = _said(lambda: list(read_headings(path)))
    return [
        found if len(found) < 9 else [*found[:3], len(found)],
        _said(lambda: recognize_export(path).value),
    ]


def _recognized(folder: Path, case: Case) -> Any:
    path = folder / case.file
    path.write_bytes(case.data)
    return _said(lambda: recognize_export(path, codebook=book_of(case.codebook)).value)


def _display(folder: Path) -> dict[str, Any]:
    """Return what an export with repairs and issues shows of itself."""
    rows = put(
        MAIN,
        {
            (1, "NetPromoter"): "9.0",
            (2, "NetPromoter"): "9.0",
            (3, "ComputeCores"): "#REF!",
            (4, "Organization"): "a-b",
        },
    )
    path = folder / "<i>.csv"
    path.write_bytes(text(rows))
    export = read_export(path)
    log = export.log.merge([export.log])
    return {
        "repr": repr(export), "html": export._repr_html_(), "length": len(export), "year": year_of(export),
        "repairs": export.repairs.astype(str).to_dict("split")["data"], "issues": export.issues.astype(str).to_dict("split")["data"],
        "columns": [list(export.repairs), list(export.issues), export.frame.index.tolist(), export.frame.index.name, list(export.frame)[:3]],
        "counts": [log.repair_count, len(log.repairs), len(log.issues), len(type(log)().repairs), len(type(log)().issues), type(log)().repair_count],
        "keys": [export.key("deployment").to_pylist(), export.key("nothing"), export.column("nothing")],
        "years": [year_of(_dated(export, *times)) for times in ((["2018", "2018", "2017"], ["2016"] * 3), (["", "", "x"], ["2016"] * 3), ([""] * 3, [""] * 3), (["1899"] * 3, ["2100", "2000", ""]))],
    }  # fmt: skip


def _dated(export: Export, created: list[str], edited: list[str]) -> Export:
    frame = pd.DataFrame({"created": created, "edited": edited, "industry": ["Finance"] * 3})
    return export_of_frame(frame, export.codebook.edition("2018"), export.codebook)


def _drafts() -> dict[str, Any]:
    frames = {
        "lists": {
            "Q": [["a", "b"], ["a"], ("b", "c"), ["c", "a"], None],
            "R": ["x", "x", None, "y", "y"],
        },
        "what read_frame knows": {
            "respondent": [1, 2, 3],
            "organization": ["A", "B", "A"],
            "edition": ["x"] * 3,
            "Q": ["a", "a", "b"],
        },
        "numbers": {"Q": [1, 2.0, np.nan, 3], "R": [True, False, True, None]},
        "no rows": {"Q": []},
    }
    return {name: _said(lambda given=given: draft_codebook(pd.DataFrame({n: pd.Series(c, dtype=object) for n, c in given.items()}), name="own").split("\n")[2:]) for name, given in frames.items()}  # fmt: skip


def _files(folder: Path) -> dict[str, Any]:
    """Return what is said of files that are not there, are too much, or hold several exports."""
    near = folder / "near"
    near.mkdir()
    for name in "gfedcba":
        (near / f"{name}.csv").write_bytes(b"x")
    (folder / "two.csv").write_bytes(
        next(case.data for case in YEARS if case.name == "two editions")
    )
    (folder / "large.csv").write_bytes(text(MAIN) + text(MAIN[1:]) * 700)
    (folder / "cut.csv").write_bytes(text(MAIN)[:-1] + b"x" * (1 << 20))
    large = read_export(folder / "large.csv")
    asked = {}
    for where in ("p/data/raw", "p/data/raw/deep", "p/data/other", "p/raw", "p/other/raw"):
        (folder / where).mkdir(parents=True, exist_ok=True)
        (folder / where / "x.csv").write_bytes(text(MAIN))
        for beside in ("p", "."):
            (folder / beside / "codebook").mkdir(exist_ok=True)
            (folder / beside / "codebook" / "2031.toml").write_text("", "utf-8")
        asked[where] = _said(
            lambda where=where: len(read_export(folder / where / "x.csv", edition="2031"))
        )
        asked[f"{where}, 2032"] = _said(
            lambda where=where: len(read_export(folder / where / "x.csv", edition="2032"))
        )
    return {
        "codebooks beside": asked,
        "missing": _said(lambda: read_export(folder / "none.csv")), "missing among others": _said(lambda: read_export(near / "none.csv")),
        "missing folder": _said(lambda: read_export(folder / "x" / "y.csv")), "folder": _said(lambda: read_export(near)),
        "two": _said(lambda: read_export(folder / "two.csv")), "one of two": _said(lambda: len(read_export(folder / "two.csv", edition="2024"))),
        "large": [len(large), large.lines.tolist()[-2:], large.log.repair_count, recognize_export(folder / "large.csv").value],
        "cut": _said(lambda: recognize_export(folder / "cut.csv").value),
    }  # fmt: skip


def results() -> dict[str, Any]:
    """Return what each door gives for each of its inputs."""
    cells = (
        ["Gas", "Wood"],
        ("a", 1),
        {"x"},
        3.0,
        3.5,
        np.float64(4),
        None,
        np.nan,
        pd.NaT,
        True,
        np.False_,
        "text",
        7,
        pd.Timestamp("2020-01-02 03:04:05"),
        [],
        [None, "a"],
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        graphs = [Case(f"{n}", data, file) for n, (file, data, _) in enumerate(GRAPHS)]
        return {
            "frames": {name: _said(lambda given=given: _of_frame(*given)) for name, given in FRAMES.items()},
            "cells": [cell_text(each, ";") for each in cells],
            "headings": {name: _head(folder, data) for name, data in _HEADS.items()},
            "recognized": {
                **{name: _recognized(folder, Case(name, data)) for name, data in LISTS.items()},
                **{f"graph {each.name}": _recognized(folder, each) for each in graphs[:3]},
                **{each.name: _recognized(folder, each) for each in ROWS[:3]},
            },
            "display": _display(folder),
            "drafts of frames": _drafts(),
            "files": _files(folder),
        }  # fmt: skip
