"""The shipped editions as JSON say what their TOML says, and give way to an edited file."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from survey.codebook import load, shipped
from survey.codebook.codebook import Codebook
from survey.codebook.shipped import content_of, kept_contents
from survey.errors import CodebookError

DATA = Path(str(files("survey.codebook").joinpath("data")))
EDITIONS = sorted((DATA / "editions").glob("*.toml"))


def from_toml(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> Codebook:
    with monkeypatch.context() as patched:
        patched.setattr(load, "content_of", lambda path: None)
        return load._read(paths)


def test_the_json_is_what_the_toml_says() -> None:
    written = (DATA / "editions.json").read_bytes()
    assert written == kept_contents(), "run python -m survey.codebook.shipped"


def test_both_give_the_same_codebook_and_every_question_is_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert all(content_of(path) is not None for path in EDITIONS)
    assert load._read(()) == from_toml(monkeypatch)


def test_an_edited_file_counts(tmp_path: Path) -> None:
    path = Path(shutil.copy(DATA / "editions" / "2019.toml", tmp_path))
    assert content_of(path) is not None
    text = path.read_text("utf-8")
    path.write_text(text.replace('kind = "single"', 'kind = "text"', 1), "utf-8")
    assert content_of(path) is None
    with pytest.raises(CodebookError, match="expected none, as the kind is 'text'"):
        load._read([path])


def test_without_the_json_the_toml_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "_kept", dict)
    assert content_of(EDITIONS[0]) is None
    assert load._read(()) == load.read_codebook()
