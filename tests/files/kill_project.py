"""The commands that are killed, and a small project with a person's files for them to work in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from survey.cli import main

__all__ = ["COMMANDS", "EDITED", "ONCE", "READ_ONLY", "SLOW", "make_bakers", "make_project"]

RAW = "data/raw/Survey_20190831120000.csv"
BAKERS = "--project bakers --out bakers/reports"
COMMANDS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "check": f"check {RAW} --html quality.html",
        "clean files": f"clean {RAW} --out cleaned",
        "clean": "clean --fresh",
        "clean formats": f"clean {RAW} --out cleaned --format parquet --format json",
        "clean key": f"clean {RAW} --out cleaned --layout by-heading --key other.key",
        "simulate": "simulate --edition 2020 --respondents 4 --out data/raw",
        "bind": "codebook bind 2024 team_size PeopleOperating",
        "frame": f"frame propose {RAW} --question deployment_tools --identified"
        " --out frames/mine.toml",
        "organizations": f"organizations propose {RAW} --identified --least 0 --out aliases.toml",
        "draft": "codebook draft other.csv --out other.toml",
        "key init": "key init --project other",
        "key backup": "key backup safe",
        "new-edition": f"new-edition 2026 {RAW} --accept-unreviewed",
        "init": "init --project new",
        "table": "table hypervisors --out hypervisors.csv",
        "table page": "table ovens --project bakers --out ovens-internal.html --internal",
        "table workbook": "table ovens --project bakers --out ovens-internal.xlsx --internal",
        "preview": "preview --project bakers",
        "report": f"report {BAKERS}",
        "report final": f"report {BAKERS} --edition 2031 --final",
        "report all": f"report {BAKERS} --edition all --compare bakers/old/2031",
        "quotes": "quotes quoted --cards cards",
        "full report": "report --edition 2019",
    }.items()
}
READ_ONLY: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "audit": "audit data/raw/notes.md",
        "claims": "claims bakers/old/2031",
        "codebook diff": "codebook diff 2018 2019",
        "codebook list": "codebook list",
        "codebook show": "codebook show team_size",
        "frame check": "frame check frames/mine.toml",
        "key check": "key check",
        "narrative": "narrative bakers/old/2031",
        "organizations check": "organizations check aliases.toml",
        "organizations may-be-named": f"organizations may-be-named {RAW} --identified",
        "progress": "progress field.csv",
        "quotes": "quotes bakers/old/2031",
    }.items()
}
SLOW = frozenset({"full report"})
ONCE = frozenset({"draft", "key init", "init", "table", "table page", "table workbook"})
"""What is there already refuses the second run of these."""
EDITED = frozenset({"survey.toml", "aliases.toml", "frames/mine.toml"})
_CARD = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">{text}</svg>\n'
_SURVEY = """\
# The settings of our survey. Äpfel und Öl.
title = "Our survey"   # a remark

[[exports]]
file = "data/raw/Survey_20190831120000.csv"
invented = true
"""
_ALIASES = """\
# Decided in a meeting.
[[distinct]]
names = ["Delta Data", "Delta Date"]
decided = 2024-09-01
"""
_FRAME = """\
# Mine.
[frame]
name = "mine"
questions = ["deployment_tools_other"]

[[codes]]
label = "Something of ours"
"""
_BAKERS = """\
title = "Bakery survey"
codebook = ["2030.toml", "2031.toml"]

[publisher]
name = "Guild of Bakers"
licence = "CC BY 4.0"

[[exports]]
file = "data/raw/2030.csv"
edition = "2030"
invented = true

[[exports]]
file = "data/raw/2031.csv"
edition = "2031"
invented = true
"""
_BAKERY = """\
[edition]
name = "{year}"
title = "Bakery survey {year}"

[layout]
family = "table"
respondent = "Who"

[vocabulary]
subject = "Sourdough"
respondent = "baker"
unit = "bakery"
units = "bakeries"
counted = "loaves"

[[questions]]
concept = "organization_name"
heading = "Company"
title = "Company"
kind = "organization"
unit = "respondent"

[[questions]]
concept = "ovens"
heading = "Ovens"
title = "Ovens in use"
kind = "multiple"
unit = "respondent"
choices = ["Wood", "Gas", "Electric", "Other"]

[[questions]]
concept = "stage"
heading = "Stage"
title = "Stage of the bakery"
kind = "single"
unit = "respondent"
choices = ["Planned", "Open"]
"""


def make_project(root: Path) -> None:
    """Make a project with files that a person wrote, in and beside what commands write."""
    from survey.synthetic import simulate

    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    made = simulate("2019", respondents=12, seed=5)
    (raw / "Survey_20190831120000.csv").write_bytes(made.by_heading)
    (root / "field.csv").write_bytes(simulate("2020", respondents=12, seed=6).by_heading)
    (raw / "notes.md").write_text("what the colleague said\n")
    (root / "survey.toml").write_text(_SURVEY, encoding="utf-8")
    (root / "aliases.toml").write_text(_ALIASES, encoding="utf-8")
    (root / "frames").mkdir()
    (root / "frames" / "mine.toml").write_text(_FRAME, encoding="utf-8")
    (root / "other.csv").write_text("Where do you bake?,Why?\nat home,fun\nat work,\n")
    make_bakers(root / "bakers")
    for folder in (root, root / "bakers"):
        (folder / ".survey-key").write_text("ab" * 32 + "\n")
        (folder / ".survey-key").chmod(0o600)
    _report(root / "bakers", root / "bakers" / "old")
    shutil.rmtree(root / "bakers" / "data" / "processed")
    _make_quotes(root / "quoted")
    for name in ("reports", "data/processed", "cleaned", "bakers/reports", "bakers/data/processed"):
        (root / name / "2019.old").mkdir(parents=True)
        (root / name / "2019.old" / "thesis.docx").write_text("years of work")
        (root / name / "notes.md").write_text("mine")


def _make_quotes(report: Path) -> None:
    """Make what a report has of its quotes: those of bakers say nothing that can be quoted."""
    (report / "quotes").mkdir(parents=True)
    claims = [{"name": name, "text": f"Bread {name}.", "said": True} for name in "abc"]
    record = {"title": "Bakery survey", "edition": "2031", "claims": claims}
    (report / "claims.json").write_text(json.dumps(record))
    for claim in claims:
        (report / "quotes" / f"{claim['name']}.svg").write_text(_CARD.format(**claim))


def make_bakers(root: Path) -> None:
    """Make a project of another survey: two questions, so that a report takes a moment."""
    (root / "data" / "raw").mkdir(parents=True)
    (root / "survey.toml").write_text(_BAKERS, encoding="utf-8")
    for year in (2030, 2031):
        (root / f"{year}.toml").write_text(_BAKERY.format(year=year), encoding="utf-8")
        text = "Who,Company,Ovens,Stage\n"
        for n in range(year % 100, 90):
            ovens, stage = "Wood;Gas" if n % 3 else "Electric", "Open" if n % 4 else ""
            text += f"{n},House {n},{ovens},{stage}\n"
        (root / "data" / "raw" / f"{year}.csv").write_text(text)


def _report(project: Path, out: Path) -> None:
    """Write the report that a later one is compared with."""
    made = CliRunner().invoke(main, ["report", "--project", str(project), "--out", str(out)])
    if made.exit_code:
        raise AssertionError(made.output)
