"""A project's answers: used again while nothing has changed, and never when something has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.errors import ExportError, ProjectError, ResponsesError
from survey.project import intake_of, processed, project_answers, read_project
from survey.responses import read_answers
from survey.responses.pseudonyms import make_key, read_key
from survey.responses.store import reuse
from survey.synthetic import simulate

ALIASES = '[[same]]\nnames = ["North Example", "Example of the North"]\ndecided = 2024-09-01\n'
EDITION = """\
[edition]
name = "2019"
extends = "2019"
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def exports() -> dict[str, bytes]:
    files = {}
    for edition in ("2018", "2019"):
        made = simulate(edition, respondents=7, seed=4)
        files |= dict(list(made.files.items())[:1])
    return files


@pytest.fixture
def project(tmp_path: Path, exports: dict[str, bytes]) -> Path:
    make_project(tmp_path, exports)
    return tmp_path


def make_project(folder: Path, exports: dict[str, bytes]) -> None:
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    listed = []
    for name, content in exports.items():
        (raw / name).write_bytes(content)
        listed.append(f'[[exports]]\nfile = "data/raw/{name}"\ninvented = true\n')
    make_key(folder / ".survey-key")  # else all use the key of invented answers
    (folder / "aliases.toml").write_text(ALIASES)
    head = 'aliases = "aliases.toml"\n'
    (folder / "survey.toml").write_text(head + "".join(listed))


@pytest.fixture(scope="module")
def first_run(exports: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    make_project(folder, exports)
    again(folder)
    return folder


@pytest.fixture
def kept(first_run: Path, tmp_path: Path) -> Path:
    """Return a project whose answers have been stored."""
    return Path(shutil.copytree(first_run, tmp_path / "kept"))


def again(folder: Path, **options: object) -> processed.Processed:
    return project_answers(read_project(folder, files=True), **options)


def texts(frame: pd.DataFrame) -> dict[str, list[str]]:
    return {name: [str(value) for value in frame[name]] for name in frame}


def test_a_second_run_uses_what_the_first_stored(project: Path) -> None:
    first, second = again(project), again(project)
    assert (first.reused, second.reused) == (False, True)
    assert first.reasons == ("nothing was stored yet",)
    assert second.written == ()
    stored = read_answers(project / "data" / "processed")
    for table in ("respondents", "deployments", "repairs", "flags", "same_clouds"):
        one, other = getattr(first.answers, table), getattr(second.answers, table)
        assert texts(one) == texts(other) == texts(getattr(stored, table))
    assert second.answers.provenance == first.answers.provenance
    assert second.answers.codebook == first.answers.codebook


def flip(path: Path, at: int = -20) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def other_digit(path: Path) -> None:
    """Change one byte of an export that leaves it a good export."""
    content = path.read_bytes()
    at = content.index(b"2018-") if b"2018-" in content else content.index(b"2019-")
    path.write_bytes(content[: at + 6] + b"3" + content[at + 7 :])


def replace_in(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def raw(folder: Path) -> Path:
    return sorted((folder / "data" / "raw").glob("Survey_2*.csv"))[-1]


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "one byte of an export": (lambda f: other_digit(raw(f)), "data/raw/Survey_2019"),
    "an alias": (
        lambda f: replace_in(f / "aliases.toml", "of the North", "of the South"),
        "aliases: changed",
    ),
    "the key": (lambda f: replace_in_key(f / ".survey-key"), "key: changed"),
    "invented": (
        lambda f: replace_in(f / "survey.toml", "invented = true", "invented = false"),
        "data/raw/Survey_2018",
    ),
    "an edition said": (
        lambda f: replace_in(f / "survey.toml", "invented = true", 'edition = "2018"'),
        "data/raw/Survey_2018",
    ),
    "a binding": (
        lambda f: append(f / "survey.toml", '[bind.2019]\ncompute_cores = "CoresOf"\n'),
        "bindings: changed",
    ),
    "a codebook file": (
        lambda f: (
            (f / "mine.toml").write_text(EDITION),
            replace_in(f / "survey.toml", "aliases =", 'codebook = ["mine.toml"]\naliases ='),
        ),
        "codebook_files: changed",
    ),
    "an export more": (
        lambda f: (
            (f / "more.csv").write_bytes(simulate("2021", respondents=6, seed=1).by_heading),
            append(f / "survey.toml", '[[exports]]\nfile = "more.csv"\n'),
        ),
        "more.csv: new",
    ),
    "an export less": (
        lambda f: (f / "survey.toml").write_text(
            (f / "survey.toml").read_text().rsplit("[[exports]]", 1)[0]
        ),
        ": gone",
    ),
}


def replace_in_key(path: Path) -> None:
    digits = path.read_text()
    path.write_text(("1" if digits[0] == "0" else "0") + digits[1:])


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_what_the_answers_depend_on_is_seen(kept: Path, change: str) -> None:
    alter, said = CHANGES[change]
    alter(kept)
    found = again(kept)
    assert not found.reused
    assert any(said in reason for reason in found.reasons), found.reasons
    assert again(kept).reused


@pytest.mark.parametrize("what", ["source", "library"])
def test_another_version_of_the_code_does_not_use_old_answers(
    kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    """One byte of any file of the package, such as a codebook's TOML, or another pandas."""
    reuse.code_digest.cache_clear()
    if what == "source":
        package = tmp_path / "package"
        (package / "codebook").mkdir(parents=True)
        (package / "codebook" / "2019.toml").write_text("a")
        monkeypatch.setattr(reuse, "_PACKAGE", package)
        before = reuse.code_digest()
        reuse.code_digest.cache_clear()
        (package / "codebook" / "2019.toml").write_text("b")
        assert reuse.code_digest() != before
    else:
        monkeypatch.setattr(reuse.pd, "__version__", "99")
    try:
        assert again(kept).reasons == ("code: changed",)
    finally:
        reuse.code_digest.cache_clear()


def stored_files(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "data" / "processed").rglob("*") if p.name[0] != ".")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a flipped byte": flip,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("deployments.parquet", "a flipped byte"),
        ("respondents.csv", "cut"),
        ("dictionary.md", "gone"),
        ("manifest.json", "a flipped byte"),
        ("manifest.json", "empty"),
        ("manifest.json", "gone"),
    ],
)
def test_damaged_stored_answers_are_not_used(kept: Path, damage: str, name: str) -> None:
    first = again(kept)
    DAMAGE[damage](kept / "data" / "processed" / "2019" / name)
    found = again(kept)
    assert not found.reused
    assert any("2019" in reason for reason in found.reasons), found.reasons
    assert texts(found.answers.deployments) == texts(first.answers.deployments)
    assert again(kept).reused


def test_a_byte_anywhere_in_the_stored_answers_counts(kept: Path) -> None:
    for path in [path for path in stored_files(kept) if path.is_file()]:
        content = path.read_bytes()
        for at in {0, len(content) // 2, len(content) - 1}:
            flip(path, at)
            made_from = json.loads(content)["made_from"] if path.name == "manifest.json" else None
            wanted = (
                made_from or json.loads((path.parent / "manifest.json").read_bytes())["made_from"]
            )
            assert reuse.kept_answers(kept / "data" / "processed", wanted).answers is None, path
            path.write_bytes(content)
    assert again(kept).reused


def test_a_file_that_changes_while_it_is_read_is_not_stored(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = processed.read_exports

    def slowly(*arguments: object) -> object:
        found = read(*arguments)
        append(project / "aliases.toml", "# later\n")
        return found

    monkeypatch.setattr(processed, "read_exports", slowly)
    found = again(project)
    assert found.written == ()
    assert "not stored: a file changed meanwhile" in found.reasons
    assert not (project / "data" / "processed").exists()


def test_fresh_cleans_anew(kept: Path) -> None:
    assert again(kept, fresh=True).reasons == ("asked to clean anew",)


def test_answers_that_cannot_be_stored_are_still_there(project: Path) -> None:
    (project / "data" / "processed").write_text("a file in the way")
    found = again(project)
    assert len(found.answers.deployments)
    assert any("not stored" in reason for reason in found.reasons)
    with pytest.raises(ResponsesError):
        again(project, must_store=True)


def test_clean_without_files_keeps_the_projects_answers(project: Path) -> None:
    first, second = (run("clean", "--project", project, "--json") for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.output
    one, other = json.loads(first.stdout), json.loads(second.stdout)
    assert (one["processed"]["reused"], other["processed"]["reused"]) == (False, True)
    assert "2019/deployments.parquet" in one["written"]
    assert other["written"] == []
    assert one["answers"] == other["answers"]
    assert "used again" in second.stderr
    fresh = run("clean", "--project", project, "--fresh", "--json")
    assert json.loads(fresh.stdout)["processed"]["reused"] is False


def test_clean_of_a_project_refuses_what_does_not_go_together(project: Path) -> None:
    result = run("clean", "--project", project, "--format", "json", "--identified")
    assert result.exit_code == 2
    assert "--format" in result.stderr
    assert "where to write names" in result.stderr
    lacking = run("clean", raw(project))
    assert (lacking.exit_code, "--out" in lacking.stderr) == (2, True)


@pytest.mark.parametrize("of_project", [True, False])
def test_aliases_reach_the_answers(project: Path, of_project: bool) -> None:
    """Everyone of 2018 is one organization, if the aliases say so."""
    import csv

    with raw(project).open(encoding="utf-8", newline="") as file:
        names = sorted({(row["Organization"] or "") for row in csv.DictReader(file)} - {""})
    (project / "aliases.toml").write_text(
        f"[[same]]\nnames = {json.dumps(names, ensure_ascii=False)}\ndecided = 2024-09-01\n",
        encoding="utf-8",
    )
    if of_project:
        answers = again(project).answers.in_edition("2019")
    else:
        options = ("--aliases", project / "aliases.toml", "--key", project / "k")
        result = run("clean", raw(project), "--out", project / "out", *options)
        assert result.exit_code == 0, result.output
        answers = read_answers(project / "out")
    named = answers.respondents["organization_name"].notna()
    assert len(names) > 2
    assert answers.respondents.loc[named, "organization"].nunique() == 1


def test_two_runs_at_once_are_both_right(project: Path) -> None:
    program = (
        "import sys\n"
        "from survey.project import project_answers\n"
        "from survey.project import read_project\n"
        "found = project_answers(read_project(sys.argv[1]))\n"
        "print(len(found.answers.deployments))\n"
    )
    command = [sys.executable, "-c", program, str(project)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = {run.communicate()[0].strip() for run in runs}
    assert [run.returncode for run in runs] == [0, 0]
    assert counts == {str(len(again(project).answers.deployments))}
    assert again(project).reused  # both had the same key, whoever made it


def test_the_manifest_tells_no_secret(kept: Path) -> None:
    key = (kept / ".survey-key").read_text().strip()
    text = "".join(p.read_text("utf-8") for p in stored_files(kept) if p.name == "manifest.json")
    from hashlib import sha256

    assert key not in text
    for content in (key.encode(), bytes.fromhex(key), (kept / "aliases.toml").read_bytes()):
        assert sha256(content).hexdigest() not in text
    assert str(kept) not in text


# ---------------------------------------------------------------- which files are read


def test_exports_are_found_by_content(tmp_path: Path) -> None:
    made, raw = simulate("2019", respondents=8, seed=4), tmp_path / "data" / "raw"
    made.write(raw)
    names = list(made.files)
    (raw / names[0]).rename(raw / "answers.txt")
    (raw / "deep").mkdir()
    tabs = made.flat  # recognized whatever the file is called
    (raw / names[1]).unlink()
    (raw / "deep" / "other.tsv").write_bytes(tabs)
    (raw / "README.md").write_text("notes")
    (raw / "empty.csv").write_text("")
    (raw / "prices.csv").write_text("name,price\nbread,2\n")
    (raw / "copy.csv").write_bytes(made.by_heading)
    (raw / "~$book.xlsx").write_bytes(b"lock")
    (raw / ".~lock.answers.txt#").write_text("lock")
    (raw / ".hidden.csv").write_bytes(made.by_heading)
    (raw / "texts.csv").write_text("\ufeffid,answer,tags\n", encoding="utf-8")
    found = intake_of(read_project(tmp_path))
    assert [path.path.relative_to(raw).as_posix() for path in found.exports] == [
        names[2],
        "answers.txt",
        "deep/other.tsv",
    ]
    left = {each.path.relative_to(raw).as_posix(): each.why for each in found.left}
    assert {
        "README.md": "not a kind of file that exports come in",
        "empty.csv": "an empty file",
        "prices.csv": "not an export that the codebook knows",
        "copy.csv": "the same as answers.txt byte for byte",
    }.items() <= left.items()
    assert {name for name in left if name.startswith("truth/")} == {
        f"truth/2019/{name}.json" for name in ("schema", "truth_deployments", "truth_respondents")
    }
    assert not [name for name in left if "lock" in name or "~" in name or "hidden" in name]
    result = run("clean", "--project", tmp_path)
    assert result.exit_code == 0, result.output
    assert "not read: data/raw/prices.csv" in result.stderr


def test_a_damaged_export_is_not_passed_over(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    content = simulate("2019", respondents=8, seed=1).by_heading
    (raw / "Survey_1.csv").write_bytes(content[:-30] + b'"stray')
    with pytest.raises(ExportError):
        project_answers(read_project(tmp_path))


def test_nothing_to_read_says_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "notes.txt").write_text("to do")
    with pytest.raises(ProjectError, match=r"notes\.txt"):
        intake_of(read_project(tmp_path))


WRONG = """\
title = 7
titel = "x"
aliases = 7
codebook = "mine.toml"
frames = ["frames.toml"]
exports = [
  { file = "data/raw/Survey_20190831120001.csv" },
  { file = "data/raw/good.csv", edition = "20019" },
  { file = "data/raw/good.csv", invented = "yes", editon = "2019" },
  { file = 3 },
  { edition = true },
  { file = "data/raw" },
]
[policy]
threshhold = 3
"""
SAYS = (
    "title: got 7; expected text",
    "did you mean 'title'",
    "aliases: got 7; expected a list of files",
    "codebook: got mine.toml: no such file",
    "frames: got frames.toml: no such file",
    "Survey_20190831120001.csv: no such file",
    "did you mean 'Survey_20190831120000.csv'",
    "edition = '20019'; expected one of",
    "did you mean '2019'",
    "good.csv listed 2 times",
    "invented = 'yes'",
    "did you mean 'edition'",
    "entry 4: got file = 3",
    "entry 5: got no file",
    "entry 5: got edition = True",
    "raw: a folder",
    "did you mean 'threshold'",
)


def test_every_mistake_of_a_project_file_is_named_at_once(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("good.csv", "Survey_20190831120000.csv"):
        (raw / name).write_text("x")
    (tmp_path / "survey.toml").write_text(WRONG)
    with pytest.raises(ProjectError) as caught:
        read_project(tmp_path, files=True)
    text = "\n".join(map(str, caught.value.problems))
    assert not [said for said in SAYS if said not in text], text


def test_a_project_whose_files_are_elsewhere_can_still_be_looked_up(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text('[[exports]]\nfile = "gone.csv"\n')
    assert run("codebook", "list", "--project", tmp_path).exit_code == 0
    assert run("report", "--project", tmp_path).exit_code == 2


def test_one_export_listed_under_two_names_is_refused(project: Path) -> None:
    (project / "copy.csv").write_bytes(raw(project).read_bytes())
    append(project / "survey.toml", '[[exports]]\nfile = "copy.csv"\n')
    with pytest.raises(ProjectError, match="byte for byte"):
        again(project)


# ---------------------------------------------------------------- the key


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys" / ".survey-key"
    key = read_key(path)
    before = path.read_bytes()
    assert len(key) == 32
    assert read_key(path) == key
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [".survey-key"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / ".survey-key"
    read_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(mode)
    with pytest.raises(ResponsesError, match=r"chmod 600 \.survey-key"):
        read_key(path)


@pytest.mark.parametrize("text", ["", "\n", "ab" * 31, "abc", "zz" * 32, "é" * 64])
def test_a_key_that_is_not_whole_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / ".survey-key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(ResponsesError, match="put the key back") as caught:
        read_key(path)
    assert path.read_text(encoding="utf-8") == text
    assert not text.strip() or text.strip() not in str(caught.value)


def test_a_key_made_by_another_run_meanwhile_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".survey-key"
    exists = Path.exists
    other = "0f" * 32

    def not_yet(self: Path) -> bool:
        if self == path and not exists(path):
            path.write_text(other)
            path.chmod(0o600)
            return False
        return exists(self)

    monkeypatch.setattr(Path, "exists", not_yet)
    assert read_key(path) == bytes.fromhex(other)


def test_version_control_passes_over_key_and_answers(root: Path) -> None:
    names = (".survey-key", "data/processed/2024/respondents.csv", "reports/2024/index.html")
    command = ["git", "check-ignore", *names]
    try:
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        pytest.skip("git is not installed")
    if found.returncode == 128:
        pytest.skip("not a git work tree")
    assert found.stdout.split() == list(names)
